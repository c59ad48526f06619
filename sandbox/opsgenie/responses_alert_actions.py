"""Calls that write to alerts: taken (202) and processed, at once or a moment later.

The texts of outcomes are ours; that closing a closed alert fails is a switch. What a team's key may not reach does
not exist for its writes (inferred). A DELETE says who acts in its query, all others in the body.
"""

from collections.abc import Callable

from sandbox.opsgenie import alert_operations as operations
from sandbox.opsgenie.alert import (
    DESCRIPTION_LIMIT,
    DETAILS_LIMIT,
    MESSAGE_LIMIT,
    NOTE_LIMIT,
    PRIORITIES,
    TAG_COUNT,
    TAG_LIMIT,
    USER_LIMIT,
    Alert,
)
from sandbox.opsgenie.errors import invalid
from sandbox.opsgenie.integration_actions import receive
from sandbox.opsgenie.processing import Failed
from sandbox.opsgenie.recipients import KINDS as RECIPIENTS
from sandbox.opsgenie.recipients import find_recipient
from sandbox.opsgenie.responses import Answer, Call, accepted
from sandbox.opsgenie.responses_alerts import KINDS, reaches


def create_alert(call: Call) -> Answer:
    """POST /v2/alerts."""
    account = call.account
    content = account.alerts.read_content(call.fields())
    key = call.by

    def create() -> Alert:
        if account.integrations.in_maintenance(key):
            raise Failed("Integration is disabled by a maintenance")
        taken = receive(account, key, content)
        if taken is None:
            raise Failed("Integration's actions ignore the event")
        return account.alerts.open(taken, key)

    return accepted(account.processing.submit("Create", key, "Created alert", create))


def close_alert(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/close."""
    by, note = _by(call), _note(call)

    def close(alert: Alert) -> None:
        if not alert.open:
            if call.account.switches.closing_twice_fails:
                raise Failed("Alert is already closed")
            return
        if note:
            call.account.alerts.add_note(alert, note, by)
        call.account.alerts.close(alert, by)

    return _submit(call, "Close", "Closed alert", close)


def acknowledge_alert(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/acknowledge."""
    by, note = _by(call), _note(call)

    def acknowledge(alert: Alert) -> None:
        _refuse_closed(alert)
        if note:
            call.account.alerts.add_note(alert, note, by)
        call.account.alerts.acknowledge(alert, by)

    return _submit(call, "Acknowledge", "Acknowledged alert", acknowledge)


def unacknowledge_alert(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/unacknowledge."""
    by = _by(call)

    def unacknowledge(alert: Alert) -> None:
        _refuse_closed(alert)
        call.account.alerts.unacknowledge(alert, by)

    return _submit(call, "UnAcknowledge", "UnAcknowledged alert", unacknowledge)


def add_note(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/notes."""
    note, by = call.fields().text("note", required=True, limit=NOTE_LIMIT), _by(call)
    return _submit(call, "AddNote", "Added note", lambda alert: call.account.alerts.add_note(alert, note, by))


def add_tags(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/tags: tags over the limit are dropped."""
    tags, by = call.fields().texts("tags", limit=TAG_LIMIT, count=TAG_COUNT), _by(call)

    def add(alert: Alert) -> None:
        alert.content.tags = list(dict.fromkeys([*alert.content.tags, *tags]))[:TAG_COUNT]
        _changed(call, alert, f"Tags are added: {', '.join(tags)}", by, "AddTags", addedTags=",".join(tags))

    return _submit(call, "AddTags", "Added tags", add)


def add_details(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/details."""
    details, by = call.fields().table("details"), _by(call)
    if not details:
        raise invalid("details", "is required")

    def add(alert: Alert) -> None:
        merged = alert.content.details | details
        if sum(len(name) + len(text) for name, text in merged.items()) > DETAILS_LIMIT:
            raise Failed("Details are over their limit")
        alert.content.details = merged
        _changed(call, alert, f"Details are added: {', '.join(details)}", by, "AddDetails")

    return _submit(call, "AddDetails", "Added details", add)


def set_priority(call: Call) -> Answer:
    """PUT /v2/alerts/{identifier}/priority: nobody is paged anew."""
    priority, by = call.fields().choice("priority", PRIORITIES), _by(call)

    def change(alert: Alert) -> None:
        old, alert.content.priority = alert.content.priority, priority
        _changed(call, alert, f"Priority is now {priority}", by, "UpdatePriority", oldPriority=old)

    return _submit(call, "UpdatePriority", "Updated priority", change)


def set_message(call: Call) -> Answer:
    """PUT /v2/alerts/{identifier}/message."""
    message, by = call.fields().text("message", required=True, limit=MESSAGE_LIMIT), _by(call)

    def change(alert: Alert) -> None:
        alert.content.message = message
        _changed(call, alert, "Message is changed", by, "UpdateMessage")

    return _submit(call, "UpdateMessage", "Updated message", change)


def set_description(call: Call) -> Answer:
    """PUT /v2/alerts/{identifier}/description."""
    description, by = call.fields().text("description", required=True, limit=DESCRIPTION_LIMIT), _by(call)

    def change(alert: Alert) -> None:
        alert.content.description = description
        _changed(call, alert, "Description is changed", by, "UpdateDescription")

    return _submit(call, "UpdateDescription", "Updated description", change)


def snooze_alert(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/snooze: {endTime}, at most a week ahead."""
    until, by = call.fields().date("endTime"), _by(call)
    if not call.account.now() < until <= call.account.now() + operations.LONGEST_SNOOZE:
        raise invalid("endTime", "must lie in the coming seven days")
    return _act(call, "Snooze", "Snoozed alert", lambda alert: operations.snooze(call.account, alert, until, by))


def assign_alert(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/assign: {owner: {id or username}}."""
    owner, by = call.fields().inner("owner"), _by(call)
    if owner is None:
        raise invalid("owner", "is required")
    found = find_recipient(call.account, owner, "user")
    return _act(call, "Assign", "Assigned alert", lambda alert: operations.assign(call.account, alert, found, by))


def escalate_alert(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/escalate: {escalation: {id or name}}."""
    escalation, by = call.fields().inner("escalation"), _by(call)
    if escalation is None:
        raise invalid("escalation", "is required")
    to = find_recipient(call.account, escalation, "escalation")
    return _act(call, "Escalate", "Escalated to next", lambda alert: operations.escalate(call.account, alert, to, by))


def add_responder(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/responders: {responder: {type, id or name or username}}."""
    responder, by = call.fields().inner("responder"), _by(call)
    if responder is None:
        raise invalid("responder", "is required")
    found = find_recipient(call.account, responder, responder.choice("type", RECIPIENTS))
    return _act(
        call, "AddResponder", "Added responder", lambda alert: operations.respond(call.account, alert, found, by)
    )


def add_team(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/teams: {team: {id or name}}."""
    team, by = call.fields().inner("team"), _by(call)
    if team is None:
        raise invalid("team", "is required")
    found = find_recipient(call.account, team, "team")
    return _act(call, "AddTeam", "Added team", lambda alert: operations.respond(call.account, alert, found, by))


def remove_tags(call: Call) -> Answer:
    """DELETE /v2/alerts/{identifier}/tags?tags=a,b."""
    tags, by = _listed(call, "tags"), _by(call)
    return _act(call, "RemoveTags", "Removed tags", lambda alert: operations.remove_tags(call.account, alert, tags, by))


def remove_details(call: Call) -> Answer:
    """DELETE /v2/alerts/{identifier}/details?keys=a,b."""
    keys, by = _listed(call, "keys"), _by(call)
    return _act(
        call, "RemoveDetails", "Removed details", lambda a: operations.remove_details(call.account, a, keys, by)
    )


def run_action(call: Call) -> Answer:
    """POST /v2/alerts/{identifier}/actions/{action}: one of the alert's own actions."""
    name, by = call.path("action"), _by(call)
    return _act(
        call, "CustomAction", "Executed action", lambda alert: operations.run_action(call.account, alert, name, by)
    )


def delete_alert(call: Call) -> Answer:
    """DELETE /v2/alerts/{identifier}."""
    by = _by(call)
    return _submit(call, "Delete", "Deleted alert", lambda alert: call.account.alerts.delete(alert, by))


def _act(call: Call, action: str, done: str, change: Callable[[Alert], None]) -> Answer:
    """Submit an action on an open alert, with the note that may come with it."""
    by, note = _by(call), call.fields().text("note", limit=NOTE_LIMIT) or call.query("note")[:NOTE_LIMIT]

    def act(alert: Alert) -> None:
        _refuse_closed(alert)
        change(alert)
        if note:
            call.account.alerts.add_note(alert, note, by)

    return _submit(call, action, done, act)


def _listed(call: Call, name: str) -> list[str]:
    found = [each for each in call.query(name).split(",") if each]
    if not found:
        raise invalid(name, "is required")
    return found


def _submit(call: Call, action: str, done: str, change: Callable[[Alert], None]) -> Answer:
    identifier, kind = call.path("identifier"), call.kind(allowed=KINDS)

    def work() -> Alert:
        alert = call.account.alerts.find(identifier, kind)
        if alert is None or not reaches(call, alert):
            raise Failed("Alert does not exist")
        change(alert)
        return alert

    return accepted(call.account.processing.submit(action, call.by, done, work))


def _refuse_closed(alert: Alert) -> None:
    if not alert.open:
        raise Failed("Alert is closed")


def _changed(call: Call, alert: Alert, text: str, by: str, action: str, **extra: str) -> None:
    alert.updated_at = call.account.now()
    call.account.alerts.note_down(alert, "changed", text, by)
    call.account.webhooks.publish(alert, action, by, **extra)


def _by(call: Call) -> str:
    """Return who acts: `user` of the body or the query, else the integration."""
    return call.fields().text("user", limit=USER_LIMIT) or call.query("user")[:USER_LIMIT] or call.by.name


def _note(call: Call) -> str:
    return call.fields().text("note", limit=NOTE_LIMIT)
