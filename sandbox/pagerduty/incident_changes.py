"""What a PUT may change of an incident: everything is checked first, then done.

The codes of the refusals: https://developer.pagerduty.com/docs/errors (1001 to 1020).
"""

from collections.abc import Mapping
from typing import Any

from sandbox.pagerduty import dispatch, paging
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.errors import PagerDutyError, invalid
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.history import log
from sandbox.pagerduty.models import Incident
from sandbox.pagerduty.responses import PRIORITIES, Json

STATUSES = ("triggered", "acknowledged", "resolved")
MAX_TITLE = 1024


def check(account: Account, incident: Incident, body: Json) -> None:
    """Raise the refusal of a change that can't be made."""
    status = body.get("status", incident.status)
    if status not in STATUSES:
        raise PagerDutyError(400, 1003, "Invalid Status Provided")
    if not incident.open and status == "resolved":
        raise PagerDutyError(400, 1001, "Incident Already Resolved")
    if "status" in body and status == incident.status == "acknowledged":
        raise PagerDutyError(400, 1002, "Incident Already Acknowledged")
    level = body.get("escalation_level")
    if level is not None:
        if incident.urgency == "low" or level not in range(1, len(incident.policy.rules) + 1):
            raise PagerDutyError(400, 1006, "Cannot Escalate")
        if not paging.held_users(account, incident.policy, level - 1, take_turn=False):
            raise PagerDutyError(400, 1015, "Escalation Policy Has No User On Call")
    if any(user not in account.users for user in assignees(body)):
        raise PagerDutyError(400, 1007, "Assigned To User Not Found")
    if _policy(account, body) and assignees(body):
        raise invalid("Only one of assignments and escalation_policy can be given")
    priority_of(body)
    fields = Fields(body)
    fields.choice("urgency", incident.urgency, ("high", "low"))
    fields.text("title", incident.title, MAX_TITLE)
    fields.check()


def apply(account: Account, incident: Incident, body: Json, agent: Json) -> None:
    """Make a change that has been checked."""
    if not incident.open:
        dispatch.reopen(account, incident, str(body["status"]), agent)
    incident.title = str(body.get("title") or incident.title)
    if "conference_bridge" in body:
        incident.conference_bridge = body["conference_bridge"]
    if "priority" in body:
        _set_priority(account, incident, priority_of(body), agent)
    if "urgency" in body:
        dispatch.set_urgency(account, incident, str(body["urgency"]), agent)
    policy = _policy(account, body)
    if policy:
        position = paging.next_held_position(account, account.policies[policy], 0)
        paging.delegate(account, incident, account.policies[policy], position or 0, agent)
    if body.get("escalation_level") is not None:
        paging.escalate_to(account, incident, int(body["escalation_level"]), agent)
    if assignees(body):
        paging.reassign(account, incident, assignees(body), agent)
    if body.get("status") == "acknowledged":
        dispatch.acknowledge(account, incident, agent)
    if body.get("status") == "resolved":
        note = body.get("resolution")
        dispatch.resolve(account, incident, agent, note if isinstance(note, str) else None)


def assignees(body: Mapping[str, Any]) -> list[str]:
    """Return the ids of the users that a body assigns."""
    return [str((one.get("assignee") or {}).get("id")) for one in body.get("assignments") or []]


def _policy(account: Account, body: Json) -> str | None:
    """Return the id of the policy that the incident is to go to, raising where nobody is on call on it."""
    fields = Fields(body)
    key = fields.reference("escalation_policy", None, account.policies)
    fields.check()
    if key and paging.next_held_position(account, account.policies[key], 0) is None:
        raise PagerDutyError(400, 1015, "Escalation Policy Has No User On Call")
    return key


def priority_of(body: Mapping[str, Any]) -> str | None:
    """Return the id of the priority that a body gives, by id or by name; null takes it away."""
    sent = body.get("priority")
    if sent is None:
        return None
    wanted = sent.get("id") if isinstance(sent, Mapping) else sent
    for key, name in PRIORITIES.items():
        if wanted in (key, name):
            return key
    raise invalid("Priority not found")


def _set_priority(account: Account, incident: Incident, priority: str | None, agent: Json) -> None:
    if priority == incident.priority:
        return
    incident.priority = priority
    name = PRIORITIES[priority] if priority else "none"
    log(account, incident, "priority_change", f"Priority changed to {name}", agent, tells="priority_updated")
