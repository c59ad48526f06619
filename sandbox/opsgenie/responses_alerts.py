"""Calls about alerts: writes are taken (202) and processed, reads are answered.

The texts of outcomes are ours; that closing a closed alert fails is a switch. What a team's key may not reach does
not exist for its writes and is refused (403) for its reads (inferred).
"""

from collections.abc import Callable
from typing import Any

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
    LogEntry,
    Note,
)
from sandbox.opsgenie.alert_query import parse_query
from sandbox.opsgenie.errors import invalid, not_found
from sandbox.opsgenie.fields import date_text
from sandbox.opsgenie.processing import Failed
from sandbox.opsgenie.responses import Answer, Call, accepted

KINDS = ("id", "alias", "tiny")
SORT: dict[str, Callable[[Alert], Any]] = {
    "createdAt": lambda alert: alert.number,
    "updatedAt": lambda alert: alert.updated_at,
    "tinyId": lambda alert: alert.number,
    "alias": lambda alert: alert.alias,
    "message": lambda alert: alert.content.message,
    "status": lambda alert: alert.open,
    "acknowledged": lambda alert: alert.acknowledged,
    "count": lambda alert: alert.count,
    "lastOccurredAt": lambda alert: alert.last_occurred_at,
    "source": lambda alert: alert.content.source,
    "owner": lambda alert: alert.owner,
}


# --- reads ----------------------------------------------------------------------------------------------------------


def list_alerts(call: Call) -> Answer:
    """GET /v2/alerts?query&sort&order&limit&offset."""
    found = _search(call)
    found.sort(key=SORT[call.kind("sort", tuple(SORT))], reverse=call.kind("order", ("desc", "asc")) == "desc")
    page, paging = call.page([each.wire(full=False) for each in found], default=20)
    headers = {f"X-Paging-{name.capitalize()}": url for name, url in paging.items()}
    return Answer(page, extra={"paging": paging}, headers=headers)


def count_alerts(call: Call) -> Answer:
    """GET /v2/alerts/count?query."""
    return Answer({"count": len(_search(call))})


def get_alert(call: Call) -> Answer:
    """GET /v2/alerts/{identifier}?identifierType=id|alias|tiny."""
    return Answer(_readable(call).wire())


def get_request(call: Call) -> Answer:
    """GET /v2/alerts/requests/{request}: 404 RequestNotProcessed until it is processed."""
    return Answer(call.account.processing.outcome(call.path("request")).wire())


def list_recipients(call: Call) -> Answer:
    """GET /v2/alerts/{identifier}/recipients."""
    users = call.account.users.by_id
    return Answer(
        [
            {
                "user": {"id": user_id, "username": users[user_id].username if user_id in users else ""},
                "state": state.state,
                "method": state.method,
                "createdAt": date_text(state.created_at),
                "updatedAt": date_text(state.updated_at),
            }
            for user_id, state in _readable(call).recipients.items()
        ]
    )


def list_logs(call: Call) -> Answer:
    """GET /v2/alerts/{identifier}/logs?offset&direction&limit&order."""
    page, paging = _keyed(call, _readable(call).log)
    lines = [
        {"log": e.text, "type": e.kind, "owner": e.owner, "createdAt": date_text(e.at), "offset": e.offset}
        for e in page
        if isinstance(e, LogEntry)
    ]
    return Answer(lines, extra={"paging": paging})


def list_notes(call: Call) -> Answer:
    """GET /v2/alerts/{identifier}/notes?offset&direction&limit&order."""
    page, paging = _keyed(call, _readable(call).notes)
    notes = [{"note": e.text, "owner": e.owner, "createdAt": date_text(e.at), "offset": e.offset} for e in page]
    return Answer(notes, extra={"paging": paging})


def _search(call: Call) -> list[Alert]:
    test = parse_query(call.account, call.query("query"))
    return [each for each in call.account.alerts.by_id.values() if _reaches(call, each) and test(each)]


def _readable(call: Call) -> Alert:
    alert = call.account.alerts.find(call.path("identifier"), call.kind(allowed=KINDS))
    if alert is None:
        raise not_found("alert", call.path("identifier"))
    if not _reaches(call, alert):
        call.reach(None)
    return alert


def _reaches(call: Call, alert: Alert) -> bool:
    return call.by.team_id is None or call.by.team_id in alert.team_ids()


def _keyed(call: Call, entries: list[LogEntry] | list[Note]) -> tuple[list[LogEntry | Note], dict[str, str]]:
    """Return the part of a sub-list after (or before) the entry an offset key names, and its paging."""
    descending = call.kind("order", ("desc", "asc")) == "desc"
    backwards = call.kind("direction", ("next", "prev")) == "prev"
    limit, offset = call.number("limit", 20, low=1, high=100), call.query("offset")
    ordered: list[LogEntry | Note] = list(reversed(entries)) if descending else list(entries)
    if offset and backwards:
        before = [e for e in ordered if (e.offset > offset if descending else e.offset < offset)]
        page, rest = before[-limit:], True
    else:
        after = [e for e in ordered if not offset or (e.offset < offset if descending else e.offset > offset)]
        page, rest = after[:limit], len(after) > limit
    url = call.request.url.include_query_params(limit=limit, order="desc" if descending else "asc", direction="next")
    paging = {"first": str(url.remove_query_params("offset"))}
    if rest and page:
        paging["next"] = str(url.include_query_params(offset=page[-1].offset))
    return page, paging


# --- writes ---------------------------------------------------------------------------------------------------------


def create_alert(call: Call) -> Answer:
    """POST /v2/alerts."""
    account = call.account
    content = account.alerts.read_content(call.fields())
    key = call.by
    return accepted(
        account.processing.submit("Create", key, "Created alert", lambda: account.alerts.open(content, key))
    )


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
        _changed(call, alert, f"Tags are added: {', '.join(tags)}", by)

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
        _changed(call, alert, f"Details are added: {', '.join(details)}", by)

    return _submit(call, "AddDetails", "Added details", add)


def set_priority(call: Call) -> Answer:
    """PUT /v2/alerts/{identifier}/priority: nobody is paged anew."""
    priority, by = call.fields().choice("priority", PRIORITIES), _by(call)

    def change(alert: Alert) -> None:
        alert.content.priority = priority
        _changed(call, alert, f"Priority is now {priority}", by)

    return _submit(call, "UpdatePriority", "Updated priority", change)


def set_message(call: Call) -> Answer:
    """PUT /v2/alerts/{identifier}/message."""
    message, by = call.fields().text("message", required=True, limit=MESSAGE_LIMIT), _by(call)

    def change(alert: Alert) -> None:
        alert.content.message = message
        _changed(call, alert, "Message is changed", by)

    return _submit(call, "UpdateMessage", "Updated message", change)


def set_description(call: Call) -> Answer:
    """PUT /v2/alerts/{identifier}/description."""
    description, by = call.fields().text("description", required=True, limit=DESCRIPTION_LIMIT), _by(call)

    def change(alert: Alert) -> None:
        alert.content.description = description
        _changed(call, alert, "Description is changed", by)

    return _submit(call, "UpdateDescription", "Updated description", change)


def delete_alert(call: Call) -> Answer:
    """DELETE /v2/alerts/{identifier}."""
    return _submit(call, "Delete", "Deleted alert", call.account.alerts.delete)


def _submit(call: Call, action: str, done: str, change: Callable[[Alert], None]) -> Answer:
    identifier, kind = call.path("identifier"), call.kind(allowed=KINDS)

    def work() -> Alert:
        alert = call.account.alerts.find(identifier, kind)
        if alert is None or not _reaches(call, alert):
            raise Failed("Alert does not exist")
        change(alert)
        return alert

    return accepted(call.account.processing.submit(action, call.by, done, work))


def _refuse_closed(alert: Alert) -> None:
    if not alert.open:
        raise Failed("Alert is closed")


def _changed(call: Call, alert: Alert, text: str, by: str) -> None:
    alert.updated_at = call.account.now()
    call.account.alerts.note_down(alert, "changed", text, by)


def _by(call: Call) -> str:
    """Return who acts: the body's `user`, else the integration."""
    return call.fields().text("user", limit=USER_LIMIT) or call.by.name


def _note(call: Call) -> str:
    return call.fields().text("note", limit=NOTE_LIMIT)
