"""One alert: what it is made of, what became of it, and how the API writes it.

Source: docs.opsgenie.com/docs/alert-api, alerts-and-alert-fields (the limits); opsgenie-oas `Alert`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.criteria import Facts
from sandbox.opsgenie.fields import date_text
from sandbox.opsgenie.notification_actions import NotificationActions
from sandbox.opsgenie.recipients import Recipient

if TYPE_CHECKING:
    from sandbox.opsgenie.integrations import Integration
    from sandbox.opsgenie.models import Account

MESSAGE_LIMIT = 130
ALIAS_LIMIT = 512
DESCRIPTION_LIMIT = 15_000
TAG_LIMIT, TAG_COUNT = 50, 20
ACTION_LIMIT, ACTION_COUNT = 50, 10
ENTITY_LIMIT = 512
SOURCE_LIMIT = 100
USER_LIMIT = 100
NOTE_LIMIT = 25_000
DETAILS_LIMIT = 8_000
RESPONDER_COUNT = 50
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")


@dataclass
class AlertContent:
    """What a new alert is made of; `unknown` names responders that do not exist."""

    message: str
    alias: str = ""
    description: str = ""
    priority: str = "P3"
    tags: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    entity: str = ""
    source: str = ""
    user: str = ""
    note: str = ""
    responders: list[Recipient] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class LogEntry:
    """One line of an alert's log; `offset` places it, `what` is the sandbox's short word for the page."""

    at: datetime
    what: str
    text: str
    kind: str
    owner: str
    offset: str


@dataclass(frozen=True)
class Note:
    """One note on an alert."""

    at: datetime
    text: str
    owner: str
    offset: str


@dataclass(frozen=True)
class Notification:
    """One message to one user: `how` is push, email, sms or voice."""

    at: datetime
    user_id: str
    who: str
    how: str
    to: str
    why: str


@dataclass
class RecipientState:
    """What `alerts/{id}/recipients` tells of one user."""

    created_at: datetime
    updated_at: datetime
    state: str = "notactive"
    method: str = ""


@dataclass
class Alert:
    """One alert."""

    id: str
    number: int
    content: AlertContent
    alias: str
    created_at: datetime
    updated_at: datetime
    last_occurred_at: datetime
    integration: "Integration | None"
    responders: list[Recipient]
    count: int = 1
    open: bool = True
    acknowledged: bool = False
    owner: str = ""
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    closed_by: str = ""
    closed_at: datetime | None = None
    log: list[LogEntry] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    recipients: dict[str, RecipientState] = field(default_factory=dict)
    paged: set[tuple[str, datetime]] = field(default_factory=set)
    # What governs its notifications: the instant their times count from, when
    # each escalation (by id) began, and what keeps them back.
    paging_from: datetime | None = None
    escalations: dict[str, datetime] = field(default_factory=dict)
    silent: bool = False
    actions: NotificationActions | None = None
    occurrences: list[datetime] = field(default_factory=list)
    waits_for_repeats: bool = False
    snoozed_until: datetime | None = None

    def team_ids(self) -> list[str]:
        """Return the teams among the responders."""
        return [each.id for each in self.responders if each.type == "team"]

    def facts(self, account: "Account") -> Facts:
        """Return what criteria look at."""
        return facts_of(account, self.content, self.alias, self.responders)

    def wire(self, *, full: bool = True) -> dict[str, Any]:
        """Return the alert as the API writes it; lists leave out what only the single GET has."""
        content, integration = self.content, self.integration
        wire: dict[str, Any] = {
            "seen": self.acknowledged,
            "id": self.id,
            "tinyId": str(self.number),
            "alias": self.alias,
            "message": content.message,
            "status": "open" if self.open else "closed",
            "acknowledged": self.acknowledged,
            "isSeen": self.acknowledged,
            "tags": content.tags,
            "snoozed": self.snoozed_until is not None,
            "count": self.count,
            "lastOccurredAt": date_text(self.last_occurred_at),
            "createdAt": date_text(self.created_at),
            "updatedAt": date_text(self.updated_at),
            "source": content.source,
            "owner": self.owner,
            "priority": content.priority,
            "teams": [{"id": each} for each in self.team_ids()],
            "responders": [{"type": each.type, "id": each.id} for each in self.responders],
            "integration": {
                "id": integration.id if integration else "",
                "name": integration.name if integration else content.source,
                "type": integration.type if integration else content.source,
            },
            "report": self._report(),
        }
        if self.snoozed_until is not None:
            wire["snoozedUntil"] = date_text(self.snoozed_until)
        if full:
            wire |= {
                "actions": content.actions,
                "entity": content.entity,
                "description": content.description,
                "details": content.details,
            }
        return wire

    def _report(self) -> dict[str, Any]:
        report: dict[str, Any] = {}
        if self.acknowledged_at:
            report["ackTime"] = _millis(self.acknowledged_at - self.created_at)
            report["acknowledgedBy"] = self.acknowledged_by
        if self.closed_at:
            report["closeTime"] = _millis(self.closed_at - self.created_at)
            report["closedBy"] = self.closed_by
        return report


def _millis(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


def facts_of(account: "Account", content: AlertContent, alias: str, responders: list[Recipient]) -> Facts:
    """Return what criteria look at, of an alert or of one that is being made."""
    names = [account.name_of(each) for each in responders]
    return {
        "message": content.message,
        "alias": alias,
        "description": content.description,
        "source": content.source,
        "entity": content.entity,
        "tags": content.tags,
        "actions": content.actions,
        "extra-properties": content.details,
        "details": content.details,
        "priority": content.priority,
        "recipients": names,
        "responders": names,
        "teams": [account.name_of(each) for each in responders if each.type == "team"],
    }
