"""Calls on the alerts of an incident."""

from collections.abc import Mapping

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import dispatch
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import PagerDutyError, invalid, not_found
from sandbox.pagerduty.history import log
from sandbox.pagerduty.incident_json import alert_json
from sandbox.pagerduty.incidents import requester
from sandbox.pagerduty.models import Alert, Incident
from sandbox.pagerduty.responses import Json

MAX_BULK = 250


def listed(call: Call) -> Response:
    """GET /incidents/{id}/alerts, optionally by statuses[] and alert_key."""
    incident = call.account.incident(call.path())
    statuses, key = call.many("statuses"), call.query("alert_key")
    found = [
        alert
        for alert in incident.alerts
        if key in (None, alert.key) and (not statuses or ("resolved" if alert.resolved else "triggered") in statuses)
    ]
    return call.page("alerts", found, lambda alert: alert_json(call.account, incident, alert))


def read(call: Call) -> Response:
    """GET /incidents/{id}/alerts/{alert}."""
    incident = call.account.incident(call.path())
    return json_answer({"alert": alert_json(call.account, incident, _found(incident, call.path("alert")))})


def update(call: Call) -> Response:
    """PUT /incidents/{id}/alerts/{alert}: resolves the alert, or moves it to another incident."""
    account, incident = call.account, call.account.incident(call.path())
    agent = requester(call)
    alert = _found(incident, call.path("alert"))
    body = call.wrapped("alert")
    target = _target(account, alert, body)
    _apply(account, incident, alert, body, target, agent)
    return json_answer({"alert": alert_json(account, target or incident, alert)})


def update_many(call: Call) -> Response:
    """PUT /incidents/{id}/alerts: the same for several, all or none."""
    account, incident = call.account, call.account.incident(call.path())
    agent = requester(call)
    sent = call.json.get("alerts") if isinstance(call.json, dict) else None
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise invalid("alerts must be an array")
    if len(sent) > MAX_BULK:
        raise PagerDutyError(413, 2001, "Invalid Input Provided", f"At most {MAX_BULK} alerts at one time")
    found = [(_found(incident, str(one.get("id"))), one) for one in sent]
    targets = [_target(account, alert, body) for alert, body in found]
    for (alert, body), target in zip(found, targets, strict=True):
        _apply(account, incident, alert, body, target, agent)
    pairs = [(target or incident, alert) for (alert, _), target in zip(found, targets, strict=True)]
    return call.page("alerts", pairs, lambda pair: alert_json(account, *pair))


def _found(incident: Incident, key: str) -> Alert:
    for alert in incident.alerts:
        if alert.id == key:
            return alert
    raise not_found("Alert")


def _target(account: Account, alert: Alert, body: Json) -> Incident | None:
    status = body.get("status")
    if status not in (None, "resolved", "triggered") or (status == "triggered" and alert.resolved):
        raise PagerDutyError(400, 1003, "Invalid Status Provided")
    sent = body.get("incident")
    if sent is None:
        return None
    if not isinstance(sent, Mapping):
        raise invalid("Incident must be a reference")
    target = account.incident(str(sent.get("id")))
    if not target.open:
        raise invalid("The incident to move the alert to must be open")
    return target


def _apply(
    account: Account, incident: Incident, alert: Alert, body: Json, target: Incident | None, agent: Json
) -> None:
    if target is not None and target is not incident:
        incident.alerts.remove(alert)
        target.alerts.append(alert)
        log(account, target, "merge", f"An alert of #{incident.number} was moved here", agent)
    if body.get("status") == "resolved":
        dispatch.resolve_alert(account, target or incident, alert, agent)
