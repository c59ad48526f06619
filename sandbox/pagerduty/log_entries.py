"""Calls on log entries: one incident's, or the whole account's; newest first."""

from datetime import datetime

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import bad_range, invalid, not_found
from sandbox.pagerduty.incident_json import log_entry_json
from sandbox.pagerduty.models import Incident, LogEntry
from sandbox.pagerduty.responses import Json
from sandbox.pagerduty.times import zoned_text

Pair = tuple[Incident, LogEntry]


def of_incident(call: Call) -> Response:
    """GET /incidents/{id}/log_entries."""
    incident = call.account.incident(call.path())
    return _answer(call, [(incident, entry) for entry in incident.log])


def listed(call: Call) -> Response:
    """GET /log_entries, by since, until and team_ids[]."""
    teams = set(call.many("team_ids"))
    pairs = [
        (incident, entry)
        for incident in call.account.incidents.values()
        if not teams or teams.intersection(incident.policy.teams)
        for entry in incident.log
    ]
    pairs.sort(key=lambda pair: pair[1].at)
    return _answer(call, pairs)


def read(call: Call) -> Response:
    """GET /log_entries/{id}."""
    for incident in call.account.incidents.values():
        for entry in incident.log:
            if entry.id == call.path():
                return json_answer({"log_entry": _json(call, (incident, entry))})
    raise not_found("Log Entry")


def _answer(call: Call, pairs: list[Pair]) -> Response:
    low = datetime.min.replace(tzinfo=call.account.now().tzinfo)
    since, until = call.instant("since", low), call.instant("until", low.replace(year=9999))
    if until < since:
        raise bad_range("until must lie after since")
    # An overview leaves out who was told.
    hidden = {"notify"} if call.query("is_overview") == "true" else set()
    found = [pair for pair in reversed(pairs) if since <= pair[1].at <= until and pair[1].type not in hidden]
    return call.page("log_entries", found, lambda pair: _json(call, pair))


def _json(call: Call, pair: Pair) -> Json:
    answer = log_entry_json(call.account, *pair, call.include)
    zone = call.query("time_zone")
    if zone is not None:
        try:
            answer["created_at"] = zoned_text(pair[1].at, zone)
        except (KeyError, ValueError, OSError):
            raise invalid(f"Time zone {zone} is invalid") from None
    return answer
