"""Calls that read alerts. What a team's key may not reach is refused (403) for its reads (inferred)."""

from collections.abc import Callable
from typing import Any

from sandbox.opsgenie.alert import Alert, LogEntry, Note
from sandbox.opsgenie.alert_query import parse_query
from sandbox.opsgenie.errors import not_found
from sandbox.opsgenie.fields import date_text
from sandbox.opsgenie.responses import Answer, Call

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
    """GET /v2/alerts?query&searchIdentifier&sort&order&limit&offset: a saved search beats the query."""
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
    query = call.query("query")
    if identifier := call.query("searchIdentifier"):
        query = call.account.saved_searches.find(identifier, call.kind("searchIdentifierType")).query
    test = parse_query(call.account, query)
    return [each for each in call.account.alerts.by_id.values() if reaches(call, each) and test(each)]


def _readable(call: Call) -> Alert:
    alert = call.account.alerts.find(call.path("identifier"), call.kind(allowed=KINDS))
    if alert is None:
        raise not_found("alert", call.path("identifier"))
    if not reaches(call, alert):
        call.reach(None)
    return alert


def reaches(call: Call, alert: Alert) -> bool:
    """Tell whether the call's key may see an alert."""
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
