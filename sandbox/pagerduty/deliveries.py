"""Getting webhook messages to their subscriptions: signed, in order, retried by the account's clock.

https://developer.pagerduty.com/docs/webhooks-behavior. Only how long they retry is published (48 hours), not the waits:
here one minute, then twice as long each time, four hours at most.
"""

import hmac
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from sandbox.pagerduty.account import Account
from sandbox.pagerduty.webhook_models import Delivery, Subscription

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
RETRY_FOR = timedelta(hours=48)
MAX_DROPS = 3
DISABLED_FOR = timedelta(hours=24)
MAX_BYTES = 256 * 1024
MAX_QUEUE = 4000
# The page shows the latest; older ones are forgotten.
MAX_KEPT = 1000
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def enqueue(account: Account, subscription: Subscription, kind: str, about: str, body: bytes) -> None:
    """Put a message at the end of a subscription's queue, and send it if it is the first."""
    now = account.now()
    delivery = Delivery(account.core.ids.uuid(), subscription.id, kind, about, body, now)
    account.deliveries.append(delivery)
    del account.deliveries[:-MAX_KEPT]
    if subscription.disabled(now):
        delivery.outcome = "dropped: the subscription is temporarily disabled"
    elif len(body) > MAX_BYTES:
        delivery.outcome = f"dropped: larger than {MAX_BYTES} bytes"
    elif len(subscription.queue) >= MAX_QUEUE:
        delivery.outcome = f"dropped: {MAX_QUEUE} messages are waiting"
    elif not account.switches.webhooks_leave_loopback and urlsplit(subscription.url).hostname not in LOOPBACK:
        delivery.outcome = "held back: the sandbox sends to loopback addresses only"
    else:
        subscription.queue.append(delivery)
        if len(subscription.queue) == 1:
            _try(account, subscription)


def signature(secret: str, body: bytes) -> str:
    """Return the value of X-PagerDuty-Signature for a body."""
    return f"v1={hmac.new(secret.encode(), body, sha256).hexdigest()}"


def _try(account: Account, subscription: Subscription) -> None:
    """Send the first message of a queue; one attempt of a subscription is under way at a time."""
    delivery = subscription.queue[0]
    delivery.tried += 1
    delivery.first_tried = delivery.first_tried or account.now()
    headers = {
        "content-type": "application/json",
        "user-agent": "PagerDuty-Webhook/V3.0",
        "x-pagerduty-signature": signature(subscription.secret, delivery.body),
        "x-webhook-id": delivery.id,
        "x-webhook-subscription": subscription.id,
    }
    account.courier.send(delivery.id, subscription.url, headers | subscription.headers, delivery.body)
    collect(account)


def collect(account: Account) -> None:
    """Take what came of attempts: delivered, given up, or to be tried again."""
    for key, status, fault in account.courier.results():
        for subscription in account.subscriptions.values():
            if subscription.queue and subscription.queue[0].id == key:
                _settle(account, subscription, status, fault)
                break


def _settle(account: Account, subscription: Subscription, status: int | None, fault: str) -> None:
    delivery = subscription.queue[0]
    if status is not None and 200 <= status < 300:
        delivery.outcome = f"delivered: {status}"
        subscription.drops = 0
    elif _passing(status, fault) and account.now() - (delivery.first_tried or delivery.made_at) < RETRY_FOR:
        wait = min(FIRST_WAIT * 2 ** (delivery.tried - 1), LONGEST_WAIT)
        delivery.outcome = f"to be tried again: {status or fault}"
        account.timers.at(account.now() + wait, lambda: _again(account, subscription, delivery))
        return
    else:
        delivery.outcome = f"dropped: {status or fault}"
        subscription.drops += 1
    subscription.queue.popleft()
    if subscription.drops >= MAX_DROPS:
        subscription.drops, subscription.disabled_until = 0, account.now() + DISABLED_FOR
        for waiting in subscription.queue:
            waiting.outcome = "dropped: the subscription is temporarily disabled"
        subscription.queue.clear()
    if subscription.queue:
        _try(account, subscription)


def _passing(status: int | None, fault: str) -> bool:
    """Return whether a failure is one they retry: no answer (except for TLS faults), 429, 5xx."""
    return status >= 500 or status == 429 if status is not None else fault != "tls"


def _again(account: Account, subscription: Subscription, delivery: Delivery) -> None:
    deleted = account.subscriptions.get(subscription.id) is not subscription
    if not deleted and subscription.queue and subscription.queue[0] is delivery:
        _try(account, subscription)
