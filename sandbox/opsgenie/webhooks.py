"""Outgoing webhooks: which integrations are told of what happens to an alert, in which words, how often it is tried.

An account-wide integration is told of every alert, a team's of its team's; for the integrations of a team that is
added to an alert the action is "Create" (docs.opsgenie.com/v1.0/docs/outgoing-integration-triggers-for-team-routings).
Payload: docs.opsgenie.com/docs/marid-alert-action-data; details and description only with Create and own actions, cut
to 1,000 characters (docs.opsgenie.com/v1.0/docs/webhook-integration). When and how often a failed post is tried again
no document says: switches.
"""

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sandbox.core import instant_text
from sandbox.opsgenie.courier import Courier, Outcome, Post
from sandbox.opsgenie.outgoing import Outgoing

if TYPE_CHECKING:
    from sandbox.opsgenie.alert import Alert
    from sandbox.opsgenie.integrations import Integration
    from sandbox.opsgenie.models import Account

CREATE = "Create"
ADD_TEAM = "AddTeam"
CUT_TO = 1_000
KEPT_DELIVERIES = 1_000


@dataclass
class Delivery:
    """One webhook: its tries so far, and whether it is pending, delivered, failed or kept back."""

    at: datetime
    integration: str
    action: str
    alert_id: str
    url: str
    body: bytes
    headers: dict[str, str] = field(repr=False)
    tries: list[str] = field(default_factory=list)
    state: str = "pending"

    def wire(self) -> dict[str, Any]:
        """Return what the sandbox's state shows."""
        shown = {"at": instant_text(self.at), "integration": self.integration, "action": self.action}
        return shown | {"about": self.alert_id, "url": self.url, "state": self.state, "tries": list(self.tries)}


class Webhooks:
    """The outgoing webhooks of the account."""

    def __init__(self, account: "Account", courier: Courier) -> None:
        self._account, self._courier = account, courier
        self.deliveries: deque[Delivery] = deque(maxlen=KEPT_DELIVERIES)
        # Filled by the courier's thread, emptied by ours: a deque's ends may be used from both.
        self._outcomes: deque[tuple[Delivery, Outcome]] = deque()

    def publish(self, alert: "Alert", action: str, by: str, *, new_team: str = "", **extra: Any) -> None:
        """Tell every integration that is meant; `extra` goes into the payload's alert, `new_team` is the id of a team
        that has just been added."""
        for integration in list(self._account.integrations.by_id.values()):
            outgoing = integration.outgoing
            if outgoing is None or not self._is_meant(integration, outgoing, alert):
                continue
            word = CREATE if new_team and integration.team_id == new_team else action
            body = json.dumps(self._payload(alert, word, by, integration, outgoing, extra), ensure_ascii=False)
            delivery = Delivery(
                at=self._account.now(),
                integration=integration.name,
                action=word,
                alert_id=alert.id,
                url=outgoing.url,
                body=body.encode(),
                headers={"content-type": "application/json"} | outgoing.headers,
            )
            self.deliveries.append(delivery)
            if outgoing.on_loopback() or self._account.switches.webhooks_anywhere:
                self._send(delivery)
            else:
                delivery.state = "kept back"
                delivery.tries.append("not sent: the address is not on loopback")

    def settle(self) -> None:
        """Take note of what became of the posts, and set the next try of those that failed."""
        while self._outcomes:
            delivery, (status, why) = self._outcomes.popleft()
            delivery.tries.append(f"{instant_text(self._account.now())} {status or why}")
            switches = self._account.switches
            if status is not None and status < 300:
                delivery.state = "delivered"
            elif _is_final(status) or len(delivery.tries) >= switches.webhook_tries:
                delivery.state = "failed"
            else:
                due = self._account.now() + timedelta(seconds=switches.webhook_retry_after)
                self._account.timers.at(due, partial(self._send, delivery), "webhooks")

    def _send(self, delivery: Delivery) -> None:
        def done(outcome: Outcome) -> None:
            self._outcomes.append((delivery, outcome))

        self._courier.post(Post(delivery.url, delivery.body, done, delivery.headers))

    def _is_meant(self, integration: "Integration", outgoing: Outgoing, alert: "Alert") -> bool:
        ours = integration.team_id is None or integration.team_id in alert.team_ids()
        on = integration.enabled and not self._account.integrations.in_maintenance(integration)
        return on and ours and outgoing.criteria.match(alert.facts(self._account))

    def _payload(
        self,
        alert: "Alert",
        action: str,
        by: str,
        integration: "Integration",
        outgoing: Outgoing,
        extra: dict[str, Any],
    ) -> dict[str, Any]:
        user = next((each for each in self._account.users.by_id.values() if each.username == by.casefold()), None)
        content = alert.content
        about: dict[str, Any] = {
            "alertId": alert.id,
            "message": content.message,
            "tags": content.tags,
            "tinyId": str(alert.number),
            "entity": content.entity,
            "alias": alert.alias,
            "createdAt": int(alert.created_at.timestamp() * 1_000),
            "updatedAt": int(alert.updated_at.timestamp() * 1_000) * 1_000_000,
            "username": by,
            "userId": user.id if user else "",
            "priority": content.priority,
            "source": content.source,
            "teams": alert.team_ids(),
            "recipients": list(alert.recipients),
        }
        if action == CREATE or action in content.actions:
            if outgoing.with_description:
                about["description"] = content.description[:CUT_TO]
            if outgoing.with_details:
                about["details"] = {name: text[:CUT_TO] for name, text in content.details.items()}
        return {
            "action": action,
            "alert": about | extra,
            "source": {"name": "" if user else by, "type": "web" if user else "API"},
            "integrationName": integration.name,
            "integrationId": integration.id,
            "integrationType": integration.type,
        }


def _is_final(status: int | None) -> bool:
    """Tell whether an answer refuses for good: a 4xx but for 408 and 429; a redirect, which is not followed."""
    return status is not None and 300 <= status < 500 and status not in (408, 429)
