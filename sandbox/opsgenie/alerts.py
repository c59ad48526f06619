"""All alerts: opening (one open alert an alias), acknowledging, closing, notes, their log.

Sources: docs.opsgenie.com/docs/alert-api; support.atlassian.com what-is-alert-de-duplication.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from sandbox.opsgenie.alert import (
    ACTION_COUNT,
    ACTION_LIMIT,
    ALIAS_LIMIT,
    DESCRIPTION_LIMIT,
    DETAILS_LIMIT,
    ENTITY_LIMIT,
    MESSAGE_LIMIT,
    NOTE_LIMIT,
    PRIORITIES,
    RESPONDER_COUNT,
    SOURCE_LIMIT,
    TAG_COUNT,
    TAG_LIMIT,
    USER_LIMIT,
    Alert,
    AlertContent,
    LogEntry,
    Note,
)
from sandbox.opsgenie.errors import ApiError, invalid
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.integrations import Integration
from sandbox.opsgenie.recipients import KINDS, Recipient, find_recipient

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

# De-duplication goes on after it, the counter and its log lines do not.
MAX_COUNT = 100


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
        """Open an alert and start paging, or count one more event in the open alert of its alias. Alert policies
        change it before either (inferred: the alias they give is the one that counts)."""
        account, now = self._account, self._account.now()
        content, responders, applied = account.policies.enrich(content, _responders(content, integration), integration)
        known = self.find(content.alias, "alias") if content.alias else None
        if known is not None and known.open:
            self._repeat(known, content.user)
            return known
        self._number += 1
        alert_id = account.ids.uuid()
        alert = Alert(
            id=alert_id,
            number=self._number,
            content=content,
            alias=content.alias or alert_id,
            created_at=now,
            updated_at=now,
            last_occurred_at=now,
            integration=integration,
            responders=responders,
            occurrences=[now],
        )
        self.by_id[alert_id] = alert
        source = integration.name if integration else content.source
        self.note_down(alert, "opened", f"Alert is created by {source}", content.user)
        for name in applied:
            self.note_down(alert, "policy", f"Alert policy {name} is applied")
        for each in content.unknown:
            self.note_down(alert, "ignored", f"Responder not found: {each}")
        if content.note:
            self.add_note(alert, content.note, content.user or source)
        account.webhooks.publish(alert, "Create", content.user or source)
        account.notifier.opened(alert, silent=bool(integration and integration.suppress_notifications))
        return alert

    def _repeat(self, alert: Alert, by: str) -> None:
        now = self._account.now()
        alert.last_occurred_at = alert.updated_at = now
        alert.occurrences = [*alert.occurrences, now][-MAX_COUNT:]
        if alert.count < MAX_COUNT:
            alert.count += 1
            self.note_down(alert, "repeated", f"Alert is de-duplicated, count {alert.count}", by)
        self._account.notifier.repeated(alert)

    def acknowledge(self, alert: Alert, by: str) -> None:
        """Acknowledge: the one who does becomes the owner; steps for the unacknowledged stop."""
        now = self._account.now()
        alert.acknowledged, alert.owner, alert.acknowledged_by = True, by, by
        alert.acknowledged_at = alert.acknowledged_at or now
        alert.updated_at = now
        self._account.notifier.end_snooze(alert)
        self._acted(alert, by, "Acknowledge")
        self.note_down(alert, "acknowledged", f"Alert is acknowledged by {by}", by)
        self._account.pager.tell(alert, "acknowledged-alert", by)
        self._account.webhooks.publish(alert, "Acknowledge", by)

    def unacknowledge(self, alert: Alert, by: str) -> None:
        """Take an acknowledgement back; steps still to come run again."""
        alert.acknowledged, alert.owner, alert.updated_at = False, "", self._account.now()
        self._acted(alert, by, "Un-acknowledge")
        self.note_down(alert, "unacknowledged", f"Alert is un-acknowledged by {by}", by)
        self._account.webhooks.publish(alert, "UnAcknowledge", by)

    def close(self, alert: Alert, by: str) -> None:
        """Close: every step still to come is dropped, the alias is free for a new alert."""
        alert.open, alert.closed_by = False, by
        alert.closed_at = alert.updated_at = self._account.now()
        self._account.notifier.drop(alert)
        self._acted(alert, by, "Close")
        self.note_down(alert, "closed", f"Alert is closed by {by}", by)
        self._account.pager.tell(alert, "closed-alert", by)
        self._account.webhooks.publish(alert, "Close", by)

    def close_by_system(self, alias: str, text: str) -> None:
        """Close the open alert of an alias, if there is one, with a note."""
        alert = self.find(alias, "alias")
        if alert is not None and alert.open:
            self.add_note(alert, text, "System")
            self.close(alert, "System")

    def delete(self, alert: Alert, by: str) -> None:
        """Remove an alert."""
        self._account.notifier.drop(alert)
        del self.by_id[alert.id]
        self._account.webhooks.publish(alert, "Delete", by)

    def add_note(self, alert: Alert, text: str, by: str) -> None:
        """Add a note."""
        now = self._account.now()
        alert.notes.append(Note(now, text, by, self._next_offset(now)))
        alert.updated_at = now
        self.note_down(alert, "noted", f"Note: {text}", by)
        self._account.pager.tell(alert, "add-note", by)
        self._account.webhooks.publish(alert, "AddNote", by, note=text)

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
