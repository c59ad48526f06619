"""Calls on incidents: lists, reads, changes. Opening by hand, alerts, notes and history are beside."""

from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import incident_changes
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import PagerDutyError, bad_range, invalid
from sandbox.pagerduty.incident_json import incident_json
from sandbox.pagerduty.models import Incident
from sandbox.pagerduty.responses import Json, reference

# https://developer.pagerduty.com/api-reference (GET /incidents): the last month unless said otherwise, six at most.
DEFAULT_RANGE = timedelta(days=30)
MAX_RANGE = timedelta(days=184)
MAX_BULK = 250
SORTABLE = ("incident_number", "created_at", "urgency", "resolved_at")


def listed(call: Call) -> Response:
    """GET /incidents."""
    now = call.account.now()
    until = call.instant("until", now + timedelta(days=1))
    since = call.instant("since", min(now, until) - DEFAULT_RANGE)
    everything = call.query("date_range") == "all"
    if not everything and not since <= until <= since + MAX_RANGE:
        raise bad_range("until must lie after since, by six months at most")
    found = [
        incident
        for incident in call.account.incidents.values()
        if (everything or since <= incident.created_at < until) and _wanted(call, incident)
    ]
    for part in reversed((call.query("sort_by") or "incident_number:asc").split(",")):
        field, _, direction = part.partition(":")
        if field not in SORTABLE or direction not in ("", "asc", "desc"):
            raise invalid(f"Sort by {part} is not possible")
        found.sort(key=lambda incident, field=field: _sort_key(incident, field), reverse=direction == "desc")  # type: ignore[misc]
    return call.page("incidents", found, lambda incident: _json(call, incident))


def _wanted(call: Call, incident: Incident) -> bool:
    filters: dict[str, set[str]] = {
        "statuses": {incident.status},
        "urgencies": {incident.urgency},
        "service_ids": {incident.service},
        "team_ids": set(incident.policy.teams),
        "user_ids": set(incident.assigned),
    }
    key = call.query("incident_key")
    return key in (None, incident.key) and all(
        not call.many(name) or values.intersection(call.many(name)) for name, values in filters.items()
    )


def _sort_key(incident: Incident, field: str) -> Any:
    match field:
        case "urgency":
            return incident.urgency
        case "resolved_at":
            return incident.resolved_at or datetime.max.replace(tzinfo=incident.created_at.tzinfo)
        case _:
            return incident.number


def read(call: Call) -> Response:
    """GET /incidents/{id}, by id or number."""
    return json_answer({"incident": _json(call, call.account.incident(call.path()))})


def update(call: Call) -> Response:
    """PUT /incidents/{id}: status, people, policy, level, urgency, priority, title; From names who does it."""
    account, incident = call.account, call.account.incident(call.path())
    agent = requester(call)
    body = call.wrapped("incident")
    incident_changes.check(account, incident, body)
    incident_changes.apply(account, incident, body, agent)
    return read(call)


def update_many(call: Call) -> Response:
    """PUT /incidents: the same for several, all or none."""
    account, agent = call.account, requester(call)
    sent = call.json.get("incidents") if isinstance(call.json, dict) else None
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise invalid("incidents must be an array")
    if len(sent) > MAX_BULK:
        raise PagerDutyError(413, 2001, "Invalid Input Provided", f"At most {MAX_BULK} incidents at one time")
    found = [(account.incident(str(one.get("id"))), one) for one in sent]
    for incident, body in found:
        incident_changes.check(account, incident, body)
    for incident, body in found:
        incident_changes.apply(account, incident, body, agent)
    return call.page("incidents", [one[0] for one in found], lambda incident: _json(call, incident))


def requester(call: Call) -> Json:
    """Return the user whose e-mail the From header gives; it is mandatory on incidents with an account's key."""
    if not call.request.headers.get("from"):
        raise invalid("From header is required")
    user = call.requester()
    if user is None:
        raise PagerDutyError(400, 1008, "Requester User Not Found")
    return reference(call.account, "user", user)


def _json(call: Call, incident: Incident) -> Json:
    return incident_json(call.account, incident, call.include)
