"""Calls on teams and their members."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import tags
from sandbox.pagerduty.account import STAKEHOLDER_ROLES, Account, taken
from sandbox.pagerduty.call import Call, by_name
from sandbox.pagerduty.errors import PagerDutyError, invalid, not_found
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.models import Policy, Schedule, Team
from sandbox.pagerduty.responses import reference, team_json, user_json
from sandbox.pagerduty.shift_models import ShiftSchedule

# Lengths in characters: the Team schema of the published REST document.
MAX_NAME = 100
MAX_DESCRIPTION = 1024
MEMBER_ROLES = ("observer", "responder", "manager")


def listed(call: Call) -> Response:
    """GET /teams."""
    found = [team for team in call.account.teams.values() if call.matches(team.name)]
    return call.page("teams", by_name(found), team_json)


def create(call: Call) -> Response:
    """POST /teams."""
    team = Team(id=call.account.new_id(), **_fields(call.account, call.wrapped("team", bare=True), None))
    call.account.teams[team.id] = team
    return json_answer({"team": team_json(team)}, 201)


def read(call: Call) -> Response:
    """GET /teams/{id}."""
    return json_answer({"team": team_json(call.account.team(call.path()))})


def update(call: Call) -> Response:
    """PUT /teams/{id}."""
    team = call.account.team(call.path())
    for name, value in _fields(call.account, call.wrapped("team", bare=True), team).items():
        setattr(team, name, value)
    return read(call)


def delete(call: Call) -> Response:
    """DELETE /teams/{id}: refused while schedules, policies (and so services) or sub-teams are the team's."""
    account, team = call.account, call.account.team(call.path())
    kinds: dict[str, Sequence[Policy | Schedule | ShiftSchedule | Team]] = {
        "escalation policies": [policy for policy in account.policies.values() if team.id in policy.teams],
        "schedules": [
            *(schedule for schedule in account.schedules.values() if team.id in schedule.teams),
            *(schedule for schedule in account.shift_schedules.values() if team.id in schedule.teams),
        ],
        "sub-teams": [other for other in account.teams.values() if other.parent == team.id],
    }
    left = [f"Team has {kind}: {', '.join(one.name for one in objects)}" for kind, objects in kinds.items() if objects]
    if left:
        raise PagerDutyError(400, 6006, "Team has existing associations", *left)
    del account.teams[team.id]
    tags.forget(account, "teams", team.id)
    return json_answer(None, 204)


def _fields(account: Account, body: dict[str, Any], old: Team | None) -> dict[str, Any]:
    fields = Fields(body)
    others = {key for key in account.teams if old is None or key != old.id}
    values = {
        "name": fields.name(old.name if old else None, MAX_NAME),
        "description": fields.text("description", old.description if old else None, MAX_DESCRIPTION),
        "parent": fields.reference("parent", old.parent if old else None, others),
        "default_role": fields.choice("default_role", old.default_role if old else "manager", (*MEMBER_ROLES, "none")),
    }
    if taken(str(values["name"]), account.teams.values(), old.id if old else None):
        fields.refuse("Name has already been taken")
    fields.check()
    return values


def members(call: Call) -> Response:
    """GET /teams/{id}/members."""
    team = call.account.team(call.path())

    def row(member: tuple[str, str]) -> dict[str, Any]:
        whole = "users" in call.include
        user = user_json(call.account, call.account.users[member[0]]) if whole else None
        return {"user": user or reference(call.account, "user", member[0]), "role": member[1]}

    return call.page("members", list(team.members.items()), row)


def put_member(call: Call) -> Response:
    """PUT /teams/{id}/users/{user}: 204; the body's role, manager without one."""
    team, user = call.account.team(call.path()), call.account.user(call.path("user"))
    if user.role in STAKEHOLDER_ROLES:
        raise invalid("A read only user can't be added to a team")
    fields = Fields(call.json if isinstance(call.json, dict) else {})
    role = fields.choice("role", team.members.get(user.id, "manager"), MEMBER_ROLES)
    fields.check()
    team.members[user.id] = role
    return json_answer(None, 204)


def delete_member(call: Call) -> Response:
    """DELETE /teams/{id}/users/{user}: refused while the user is on a policy of the team, be it by a schedule."""
    account, team, user = call.account, call.account.team(call.path()), call.account.user(call.path("user"))
    if user.id not in team.members:
        raise not_found("User")
    targets = {("user", user.id)} | {("schedule", schedule.id) for schedule in account.schedules_with(user.id)}
    policies = [policy for policy in account.policies.values() if team.id in policy.teams]
    if any(targets.intersection(rule.targets) for policy in policies for rule in policy.rules):
        raise invalid("User cannot be removed as they belong to an escalation policy on this team")
    del team.members[user.id]
    return json_answer(None, 204)


def put_policy(call: Call) -> Response:
    """PUT /teams/{id}/escalation_policies/{policy}: gives the policy to the team."""
    team, policy = call.account.team(call.path()), call.account.policy(call.path("policy"))
    call.account.policies[policy.id] = replace(policy, teams=(team.id,))
    return json_answer(None, 204)


def delete_policy(call: Call) -> Response:
    """DELETE /teams/{id}/escalation_policies/{policy}: takes the policy from the team."""
    team, policy = call.account.team(call.path()), call.account.policy(call.path("policy"))
    if team.id not in policy.teams:
        raise not_found("Escalation Policy")
    call.account.policies[policy.id] = replace(policy, teams=())
    return json_answer(None, 204)
