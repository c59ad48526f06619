"""POST /incidents: an incident opened by hand, without an event.

https://developer.pagerduty.com/docs/incident-creation-api
"""

from collections.abc import Mapping

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import dispatch, paging, urgency
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import PagerDutyError, invalid
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.history import log
from sandbox.pagerduty.incident_changes import MAX_TITLE, assignees, priority_of
from sandbox.pagerduty.incident_json import incident_json
from sandbox.pagerduty.incidents import requester
from sandbox.pagerduty.models import Incident, Policy, Service
from sandbox.pagerduty.responses import Json

MAX_KEY = 255


def create(call: Call) -> Response:
    """POST /incidents: to the people given, the policy given, or the service's own policy."""
    account, agent = call.account, requester(call)
    body = call.wrapped("incident")
    service, users, policy = _checked(account, body)
    key = body.get("incident_key") or account.core.ids.key(32)
    position = None
    if not users:
        position = paging.next_held_position(account, policy, 0)
        if position is None:
            raise PagerDutyError(400, 1015, "Escalation Policy Has No User On Call")
    level = body.get("urgency") or urgency.of_service(service, None, account.now())
    incident = dispatch.new(account, service, policy, str(body["title"]), str(key), level, agent)
    incident.priority = priority_of(body)
    incident.body = _details(body)
    incident.conference_bridge = body.get("conference_bridge")
    log(account, incident, "trigger", f"Triggered by {agent['summary']} through the API", agent, _channel(incident))
    dispatch.start(account, incident, service)
    if position is None:
        _give(account, incident, users, agent)
    else:
        incident.position = position
        paging.page_level(account, incident, "assign", agent, tells="triggered")
    return json_answer({"incident": incident_json(account, incident, call.include)}, 201)


def _checked(account: Account, body: Json) -> tuple[Service, list[str], Policy]:
    fields = Fields(body)
    title = fields.text("title", None, MAX_TITLE)
    if not title or not title.strip():
        fields.refuse("Title can't be blank")
    service = fields.reference("service", None, account.services)
    if service is None:
        fields.refuse("Service can't be blank")
    fields.choice("urgency", "high", ("high", "low"))
    policy = fields.reference("escalation_policy", None, account.policies)
    key = fields.text("incident_key", None, MAX_KEY)
    users = assignees(body)
    if policy and users:
        fields.refuse("Only one of assignments and escalation_policy can be given")
    details = body.get("body")
    if details is not None and not (isinstance(details, Mapping) and isinstance(details.get("details", ""), str)):
        fields.refuse("Body details must be a string")
    fields.check()
    priority_of(body)
    if any(user not in account.users for user in users):
        raise PagerDutyError(400, 1007, "Assigned To User Not Found")
    found = account.services[str(service)]
    if any(key and one.key == key and one.service == found.id for one in account.open_incidents()):
        raise invalid("Open incident with matching dedup key already exists on this service")
    if why := dispatch.closed(account, found):
        raise invalid(f"No incident can be opened: {why}")
    return found, users, account.policies[policy or found.policy]


def _details(body: Json) -> Json | None:
    sent = body.get("body")
    return {"type": "incident_body", "details": sent.get("details")} if isinstance(sent, Mapping) else None


def _channel(incident: Incident) -> Json:
    return {"channel": {"type": "api", "summary": incident.title}, "event_details": {"description": incident.title}}


def _give(account: Account, incident: Incident, users: list[str], agent: Json) -> None:
    """Assign the incident to people; to its own creator means that they have it already and are told nothing."""
    incident.assigned_via = "direct_assignment"
    if users == [agent["id"]]:
        incident.assigned = {users[0]: account.now()}
        dispatch.acknowledge(account, incident, agent)
        return
    paging.assign(account, incident, users, "assign", agent, f"by {agent['summary']}", tells="triggered")
