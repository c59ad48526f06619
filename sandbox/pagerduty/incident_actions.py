"""Calls that do something to a whole incident: snooze and merge."""

from collections.abc import Mapping

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import dispatch
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import PagerDutyError, invalid
from sandbox.pagerduty.history import log
from sandbox.pagerduty.incident_json import incident_json, incident_reference
from sandbox.pagerduty.incidents import requester

# The published document's bounds: seconds, and alerts of one incident.
MAX_SNOOZE = 604800
MAX_ALERTS = 1000


def snooze(call: Call) -> Response:
    """POST /incidents/{id}/snooze: it is triggered again after `duration` seconds."""
    account, incident = call.account, call.account.incident(call.path())
    agent = requester(call)
    seconds = call.json.get("duration") if isinstance(call.json, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 1 <= seconds <= MAX_SNOOZE:
        raise PagerDutyError(400, 1013, "Invalid Snooze Duration", f"Duration must be from 1 to {MAX_SNOOZE} seconds")
    if not incident.open:
        raise PagerDutyError(400, 1001, "Incident Already Resolved")
    dispatch.snooze(account, incident, seconds, agent)
    return json_answer({"incident": incident_json(account, incident, call.include)}, 201)


def merge(call: Call) -> Response:
    """PUT /incidents/{id}/merge: the alerts of the sources go to the target, and the sources are resolved."""
    account, target = call.account, call.account.incident(call.path())
    agent = requester(call)
    sent = call.json.get("source_incidents") if isinstance(call.json, dict) else None
    if not isinstance(sent, list) or not sent or not all(isinstance(one, Mapping) for one in sent):
        raise invalid("Source incidents must be an array, and not empty")
    if not target.open:
        raise invalid("The target incident must be open")
    sources = [account.incident(str(one.get("id"))) for one in sent]
    if target in sources or len({one.id for one in sources}) < len(sources):
        raise invalid("An incident can't be merged into itself, nor twice")
    if any(one.resolve_reason for one in sources):
        raise invalid("A source incident has been merged before")
    if len(target.alerts) + sum(len(one.alerts) for one in sources) > MAX_ALERTS:
        raise invalid(f"An incident can't have more than {MAX_ALERTS} alerts")
    for source in sources:
        target.alerts.extend(source.alerts)
        source.alerts = []
        source.resolve_reason = {"type": "merge_resolve_reason", "incident": incident_reference(target)}
        log(account, target, "merge", f"Merged with #{source.number}", agent, {"source": incident_reference(source)})
        dispatch.resolve(account, source, agent)
    return json_answer({"incident": incident_reference(target)})
