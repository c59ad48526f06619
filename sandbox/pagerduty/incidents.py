"""Calls on incidents, their alerts and their history."""

from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import dispatch
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import PagerDutyError, invalid, not_found
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.models import Incident
from sandbox.pagerduty.responses import Json, alert_json, incident_json, log_entry_json, reference

# https://developer.pagerduty.com/api-reference (GET /incidents): the last month unless said otherwise.
DEFAULT_RANGE = timedelta(days=30)
MAX_BULK = 250
STATUSES = ("triggered", "acknowledged", "resolved")


def listed(call: Call) -> Response:
    """GET /incidents."""
    now = call.account.now()
    since, until = call.instant("since", now - DEFAULT_RANGE), call.instant("until", now + timedelta(days=1))
    everything = call.query("date_range") == "all"
    found = [
        incident
        for incident in call.account.incidents.values()
        if (everything or since <= incident.created_at < until) and _wanted(call, incident)
    ]
    field, _, direction = (call.query("sort_by") or "incident_number:asc").partition(":")
    if field not in ("incident_number", "created_at", "urgency", "resolved_at"):
        raise invalid(f"Sort by {field} is not possible")
    found.sort(key=lambda incident: _sort_key(incident, field), reverse=direction == "desc")
    return call.page("incidents", found, lambda incident: _json(call.account, incident))


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
            return incident.urgency, incident.number
        case "resolved_at":
            return (incident.resolved_at or datetime.max.replace(tzinfo=incident.created_at.tzinfo)), incident.number
        case _:
            return incident.number


def read(call: Call) -> Response:
    """GET /incidents/{id}, by id or number."""
    return json_answer({"incident": _json(call.account, call.account.incident(call.path()))})


def update(call: Call) -> Response:
    """PUT /incidents/{id}: status, assignments, escalation_level, urgency, title; From names who does it."""
    account, incident = call.account, call.account.incident(call.path())
    agent = _requester(call)
    body = call.wrapped("incident")
    _check(account, incident, body)
    _apply(account, incident, body, agent)
    return read(call)


def update_many(call: Call) -> Response:
    """PUT /incidents: the same for several, all or none."""
    account, agent = call.account, _requester(call)
    sent = call.json.get("incidents") if isinstance(call.json, dict) else None
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise invalid("incidents must be an array")
    if len(sent) > MAX_BULK:
        raise PagerDutyError(413, 2001, "Invalid Input Provided", f"At most {MAX_BULK} incidents at one time")
    found = [(account.incident(str(one.get("id"))), one) for one in sent]
    for incident, body in found:
        _check(account, incident, body)
    for incident, body in found:
        _apply(account, incident, body, agent)
    return call.page("incidents", [one[0] for one in found], lambda incident: _json(account, incident))


def _requester(call: Call) -> Json:
    """Return the user whose e-mail the From header gives; it is mandatory on incidents with an account's key."""
    email = call.request.headers.get("from")
    if not email:
        raise invalid("From header is required")
    for user in call.account.users.values():
        if user.email.casefold() == email.strip().casefold():
            return reference(call.account, "user", user.id)
    raise PagerDutyError(400, 1008, "Requester User Not Found")


def _check(account: Account, incident: Incident, body: Json) -> None:
    status = body.get("status", incident.status)
    if status not in STATUSES:
        raise PagerDutyError(400, 1003, "Invalid Status Provided")
    if not incident.open:
        raise PagerDutyError(400, 1001, "Incident Already Resolved")
    if "status" in body and status == incident.status == "acknowledged":
        raise PagerDutyError(400, 1002, "Incident Already Acknowledged")
    level = body.get("escalation_level")
    if level is not None:
        if incident.urgency == "low" or level not in range(1, len(incident.policy.rules) + 1):
            raise PagerDutyError(400, 1006, "Cannot Escalate")
        if not dispatch.held_users(account, incident.policy, level - 1, take_turn=False):
            raise PagerDutyError(400, 1015, "Escalation Policy Has No User On Call")
    if any(user not in account.users for user in _assignees(body)):
        raise PagerDutyError(400, 1007, "Assigned To User Not Found")
    fields = Fields(body)
    fields.choice("urgency", incident.urgency, ("high", "low"))
    fields.text("title", incident.title, 1024)
    fields.check()


def _assignees(body: Json) -> list[str]:
    return [str((one.get("assignee") or {}).get("id")) for one in body.get("assignments") or []]


def _apply(account: Account, incident: Incident, body: Json, agent: Json) -> None:
    incident.title = str(body.get("title") or incident.title)
    if "urgency" in body:
        dispatch.set_urgency(account, incident, str(body["urgency"]), agent)
    if body.get("escalation_level") is not None:
        dispatch.escalate_to(account, incident, int(body["escalation_level"]), agent)
    if _assignees(body):
        dispatch.reassign(account, incident, _assignees(body), agent)
    if body.get("status") == "acknowledged":
        dispatch.acknowledge(account, incident, agent)
    if body.get("status") == "resolved":
        dispatch.resolve(account, incident, agent)


def alerts(call: Call) -> Response:
    """GET /incidents/{id}/alerts, optionally by statuses[] and alert_key."""
    incident = call.account.incident(call.path())
    statuses, key = call.many("statuses"), call.query("alert_key")
    found = [
        alert
        for alert in incident.alerts
        if key in (None, alert.key) and (not statuses or ("resolved" if alert.resolved else "triggered") in statuses)
    ]
    return call.page("alerts", found, lambda alert: alert_json(call.account, incident, alert))


def alert(call: Call) -> Response:
    """GET /incidents/{id}/alerts/{alert}."""
    incident = call.account.incident(call.path())
    for one in incident.alerts:
        if one.id == call.path("alert"):
            return json_answer({"alert": alert_json(call.account, incident, one)})
    raise not_found("Alert")


def log_entries(call: Call) -> Response:
    """GET /incidents/{id}/log_entries: newest first; is_overview leaves out who was told."""
    incident = call.account.incident(call.path())
    hidden = {"notify"} if call.query("is_overview") == "true" else set()
    entries = [entry for entry in reversed(incident.log) if entry.type not in hidden]
    return call.page("log_entries", entries, lambda entry: log_entry_json(call.account, incident, entry))


def _json(account: Account, incident: Incident) -> Json:
    return incident_json(account, incident, dispatch.pending_actions(account, incident))
