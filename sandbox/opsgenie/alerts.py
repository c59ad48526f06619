"""Alerts: opening (one open alert an alias), acknowledging, closing, notes, their log.

Sources: docs.opsgenie.com/docs/alert-api, alerts-and-alert-fields; support.atlassian.com what-is-alert-de-duplication.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.criteria import Facts
from sandbox.opsgenie.errors import ApiError, invalid
from sandbox.opsgenie.fields import Fields, date_text
from sandbox.opsgenie.integrations import Integration
from sandbox.opsgenie.recipients import KINDS, Recipient, find_recipient

if TYPE_CHECKING:
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
# De-duplication goes on after it, the counter and its log lines do not.
MAX_COUNT = 100
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
    integration: Integration | None
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

    def team_ids(self) -> list[str]:
        """Return the teams among the responders."""
        return [each.id for each in self.responders if each.type == "team"]

    def facts(self, account: "Account") -> Facts:
        """Return what criteria look at."""
        content = self.content
        names = [account.name_of(each) for each in self.responders]
        return {
            "message": content.message,
            "alias": self.alias,
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
            "teams": [account.name_of(each) for each in self.responders if each.type == "team"],
        }

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
            "snoozed": False,
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


class Alerts:
    """All alerts of the account."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, Alert] = {}
        self._number = 0
        self._offset = 0

    def find(self, identifier: str, kind: str = "id") -> Alert | None:
        """Return an alert by id, tiny id or alias: the open one of an alias, else its newest."""
        if kind == "id":
            return self.by_id.get(identifier)
        if kind == "tiny":
            return next((each for each in self.by_id.values() if str(each.number) == identifier), None)
        found = [each for each in self.by_id.values() if each.alias == identifier]
        return next((each for each in found if each.open), found[-1] if found else None)

    def read_content(self, fields: Fields) -> AlertContent:
        """Return the content of a create request; 422 for what is wrong in it."""
        details = fields.table("details")
        if sum(len(name) + len(text) for name, text in details.items()) > DETAILS_LIMIT:
            raise _too_long("details", DETAILS_LIMIT)
        content = AlertContent(
            message=fields.text("message", required=True, limit=MESSAGE_LIMIT),
            alias=fields.text("alias", limit=ALIAS_LIMIT),
            description=fields.text("description", limit=DESCRIPTION_LIMIT),
            priority=fields.choice("priority", PRIORITIES, "P3"),
            tags=fields.texts("tags", limit=TAG_LIMIT, count=TAG_COUNT),
            actions=fields.texts("actions", limit=ACTION_LIMIT, count=ACTION_COUNT),
            details=details,
            entity=fields.text("entity", limit=ENTITY_LIMIT),
            source=fields.text("source", limit=SOURCE_LIMIT) or "127.0.0.1",
            user=fields.text("user", limit=USER_LIMIT),
            note=fields.text("note", limit=NOTE_LIMIT),
        )
        responders = fields.items("responders")
        if len(responders) > RESPONDER_COUNT:
            raise _too_long("responders", RESPONDER_COUNT)
        for each in responders:
            found = find_recipient(self._account, each, each.choice("type", KINDS))
            if found:
                content.responders.append(found)
            else:
                named = each.text("name") or each.text("username") or each.text("id")
                content.unknown.append(f"{each.raw['type']} {named}")
        return content

    def open(self, content: AlertContent, integration: Integration | None) -> Alert:
        """Open an alert and start paging, or count one more event in the open alert of its alias."""
        now = self._account.now()
        known = self.find(content.alias, "alias") if content.alias else None
        if known is not None and known.open:
            known.last_occurred_at = known.updated_at = now
            if known.count < MAX_COUNT:
                known.count += 1
                self.note_down(known, "repeated", f"Alert is de-duplicated, count {known.count}", content.user)
            return known
        self._number += 1
        alert_id = self._account.ids.uuid()
        alert = Alert(
            id=alert_id,
            number=self._number,
            content=content,
            alias=content.alias or alert_id,
            created_at=now,
            updated_at=now,
            last_occurred_at=now,
            integration=integration,
            responders=_responders(content, integration),
        )
        self.by_id[alert_id] = alert
        source = integration.name if integration else content.source
        self.note_down(alert, "opened", f"Alert is created by {source}", content.user)
        for each in content.unknown:
            self.note_down(alert, "ignored", f"Responder not found: {each}")
        if content.note:
            self.add_note(alert, content.note, content.user or source)
        self._account.pager.begin(alert, silent=bool(integration and integration.suppress_notifications))
        return alert

    def acknowledge(self, alert: Alert, by: str) -> None:
        """Acknowledge: the one who does becomes the owner; steps for the unacknowledged stop."""
        now = self._account.now()
        alert.acknowledged, alert.owner, alert.acknowledged_by = True, by, by
        alert.acknowledged_at = alert.acknowledged_at or now
        alert.updated_at = now
        self._acted(alert, by, "Acknowledge")
        self.note_down(alert, "acknowledged", f"Alert is acknowledged by {by}", by)
        self._account.pager.tell(alert, "acknowledged-alert", by)

    def unacknowledge(self, alert: Alert, by: str) -> None:
        """Take an acknowledgement back; steps still to come run again."""
        alert.acknowledged, alert.owner, alert.updated_at = False, "", self._account.now()
        self._acted(alert, by, "Un-acknowledge")
        self.note_down(alert, "unacknowledged", f"Alert is un-acknowledged by {by}", by)

    def close(self, alert: Alert, by: str) -> None:
        """Close: every step still to come is dropped, the alias is free for a new alert."""
        alert.open, alert.closed_by = False, by
        alert.closed_at = alert.updated_at = self._account.now()
        self._account.timers.cancel(alert.id)
        self._acted(alert, by, "Close")
        self.note_down(alert, "closed", f"Alert is closed by {by}", by)
        self._account.pager.tell(alert, "closed-alert", by)

    def close_by_system(self, alias: str, text: str) -> None:
        """Close the open alert of an alias, if there is one, with a note."""
        alert = self.find(alias, "alias")
        if alert is not None and alert.open:
            self.add_note(alert, text, "System")
            self.close(alert, "System")

    def delete(self, alert: Alert) -> None:
        """Remove an alert."""
        self._account.timers.cancel(alert.id)
        del self.by_id[alert.id]

    def add_note(self, alert: Alert, text: str, by: str) -> None:
        """Add a note."""
        now = self._account.now()
        alert.notes.append(Note(now, text, by, self._next_offset(now)))
        alert.updated_at = now
        self.note_down(alert, "noted", f"Note: {text}", by)
        self._account.pager.tell(alert, "add-note", by)

    def note_down(self, alert: Alert, what: str, text: str, by: str = "", kind: str = "system") -> None:
        """Add a line to an alert's log."""
        now = self._account.now()
        alert.log.append(LogEntry(now, what, text, kind, by or "System", self._next_offset(now)))

    def _acted(self, alert: Alert, by: str, method: str) -> None:
        for user_id, state in alert.recipients.items():
            if self._account.name_of(Recipient("user", user_id)) == by.casefold():
                state.state, state.method, state.updated_at = "action", method, self._account.now()

    def _next_offset(self, at: datetime) -> str:
        self._offset += 1
        return f"{int(at.timestamp() * 1000)}_{self._offset:09d}"


def _responders(content: AlertContent, integration: Integration | None) -> list[Recipient]:
    """Return whom an alert is for, each once: the integration's team and responders, then the payload's.

    A team named by both is one responder, so that one event pages once.
    """
    found: list[Recipient] = []
    if integration and integration.team_id:
        found.append(Recipient("team", integration.team_id))
    if integration:
        found.extend(integration.responders)
    if not (integration and integration.ignore_responders):
        found.extend(content.responders)
    return list(dict.fromkeys(found))


def _too_long(name: str, limit: int) -> ApiError:
    return invalid(name, f"is over the limit of {limit}")
