"""Calls on webhook subscriptions (v3). The secret is told once, by the answer to the create."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import webhook_events
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import invalid, not_found
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.responses import Json
from sandbox.pagerduty.webhook_events import EVENT_TYPES
from sandbox.pagerduty.webhook_models import Subscription

MAX_DESCRIPTION = 1024
FILTER_TYPES = ("account_reference", "service_reference", "team_reference")
REDACTED = "-- redacted --"


def listed(call: Call) -> Response:
    """GET /webhook_subscriptions, by filter_type and filter_id."""
    kind, key = call.query("filter_type"), call.query("filter_id")
    if kind in ("service", "team") and key is None:
        raise invalid("filter_id is required with filter_type service or team")
    found = [
        one
        for one in call.account.subscriptions.values()
        if kind in (None, one.filter_type.removesuffix("_reference")) and key in (None, one.filter_id)
    ]
    return call.page("webhook_subscriptions", found, lambda one: _json(call.account, one))


def create(call: Call) -> Response:
    """POST /webhook_subscriptions: 200, and the only answer that tells the secret."""
    account = call.account
    fields = Fields(call.wrapped("webhook_subscription"))
    url, headers = _method(fields)
    events, (filter_type, filter_id) = _events(fields), _filter(account, fields)
    description = fields.text("description", None, MAX_DESCRIPTION)
    active = _active(fields, True)
    fields.check()
    subscription = Subscription(
        id=account.new_id(),
        delivery_id=account.new_id(),
        url=url,
        headers=headers,
        description=description,
        events=events,
        filter_type=filter_type,
        filter_id=filter_id,
        secret=account.core.ids.key(64),
        active=active,
    )
    account.subscriptions[subscription.id] = subscription
    answer = _json(account, subscription)
    answer["delivery_method"]["secret"] = subscription.secret
    answer["delivery_method"]["custom_headers"] = [{"name": key, "value": headers[key]} for key in headers]
    return json_answer({"webhook_subscription": answer})


def read(call: Call) -> Response:
    """GET /webhook_subscriptions/{id}."""
    return json_answer({"webhook_subscription": _json(call.account, _found(call))})


def update(call: Call) -> Response:
    """PUT /webhook_subscriptions/{id}: all but the delivery method, which can't be changed and is passed over."""
    account, one = call.account, _found(call)
    fields = Fields(call.wrapped("webhook_subscription"))
    events = _events(fields) if fields.has("events") else one.events
    kind = _filter(account, fields) if fields.has("filter") else (one.filter_type, one.filter_id)
    description, active = fields.text("description", one.description, MAX_DESCRIPTION), _active(fields, one.active)
    fields.check()
    one.events, (one.filter_type, one.filter_id) = events, kind
    one.description, one.active = description, active
    return read(call)


def delete(call: Call) -> Response:
    """DELETE /webhook_subscriptions/{id}: what waits for it is not sent any more."""
    del call.account.subscriptions[_found(call).id]
    return json_answer(None, 204)


def enable(call: Call) -> Response:
    """POST /webhook_subscriptions/{id}/enable: ends a temporary disablement."""
    one = _found(call)
    one.disabled_until, one.drops = None, 0
    return read(call)


def ping(call: Call) -> Response:
    """POST /webhook_subscriptions/{id}/ping: sends pagey.ping."""
    webhook_events.ping(call.account, _found(call))
    return json_answer(None, 202)


def _found(call: Call) -> Subscription:
    if call.path() not in call.account.subscriptions:
        raise not_found("Webhook Subscription")
    return call.account.subscriptions[call.path()]


def _method(fields: Fields) -> tuple[str, dict[str, str]]:
    method = fields.raw("delivery_method")
    if not isinstance(method, Mapping) or method.get("type") != "http_delivery_method":
        fields.refuse("Delivery method must be an http_delivery_method")
        return "", {}
    url = str(method.get("url") or "")
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        right = False
    if not right:
        fields.refuse("Delivery method url must be an http or https URL")
    headers: dict[str, str] = {}
    for one in method.get("custom_headers") or []:
        name = one.get("name") if isinstance(one, Mapping) else None
        value = one.get("value") if isinstance(one, Mapping) else None
        if not isinstance(name, str) or not isinstance(value, str) or not name or name in headers:
            fields.refuse("Custom headers must have names, each once, and values")
        elif not (name + value).isascii() or not (name + value).isprintable():
            fields.refuse("Custom headers must be of printable ASCII")
        else:
            headers[name] = value
    return url, headers


def _events(fields: Fields) -> tuple[str, ...]:
    sent = fields.raw("events")
    if not isinstance(sent, list) or not sent:
        fields.refuse("Events can't be empty")
        return ()
    unknown = [str(one) for one in sent if one not in EVENT_TYPES]
    if unknown:
        fields.refuse(f"Events are not known: {', '.join(unknown)}")
    return tuple(str(one) for one in sent)


def _filter(account: Account, fields: Fields) -> tuple[str, str | None]:
    sent = fields.raw("filter")
    kind = sent.get("type") if isinstance(sent, Mapping) else None
    key = sent.get("id") if isinstance(sent, Mapping) else None
    if kind not in FILTER_TYPES:
        fields.refuse(f"Filter type must be one of: {', '.join(FILTER_TYPES)}")
        return "account_reference", None
    if kind == "account_reference":
        return kind, None
    if key not in (account.services if kind == "service_reference" else account.teams):
        fields.refuse(f"Filter {kind.removesuffix('_reference')} not found")
    return str(kind), str(key)


def _active(fields: Fields, old: bool) -> bool:
    value = fields.raw("active", old)
    if not isinstance(value, bool):
        fields.refuse("Active must be true or false")
        return old
    return value


def _json(account: Account, one: Subscription) -> Json:
    where: Json = {"type": one.filter_type} | ({"id": one.filter_id} if one.filter_id else {})
    return {
        "id": one.id,
        "type": "webhook_subscription",
        "active": one.active,
        "description": one.description,
        "delivery_method": {
            "id": one.delivery_id,
            "type": "http_delivery_method",
            "url": one.url,
            "secret": None,
            "temporarily_disabled": one.disabled(account.now()),
            "custom_headers": [{"name": name, "value": REDACTED} for name in one.headers],
        },
        "events": list(one.events),
        "filter": where,
        "oauth_client": None,
    }
