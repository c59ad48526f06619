"""Calls about users, teams with their members, and routing rules."""

from typing import Any

from sandbox.opsgenie.errors import forbidden
from sandbox.opsgenie.recipients import Recipient
from sandbox.opsgenie.responses import Answer, Call, created, deleted, updated
from sandbox.opsgenie.routing import RoutingRule
from sandbox.opsgenie.teams import Team
from sandbox.opsgenie.users import User

TEAM_KIND = "teamIdentifierType"


def _whole_account(call: Call) -> None:
    if call.by.team_id is not None:
        raise forbidden("this key reaches only its own team's objects")


# --- users ----------------------------------------------------------------------------------------------------------


def list_users(call: Call) -> Answer:
    """GET /v2/users: `query` may be `username:...` or a part of a name."""
    users = sorted(call.account.users.by_id.values(), key=lambda user: user.username)
    wanted = call.query("query").casefold()
    if wanted:
        field, colon, value = wanted.partition(":")
        value = (value if colon else field).strip().strip('"')
        users = [each for each in users if value in each.username or (not colon and value in each.full_name.casefold())]
    if call.query("order") == "desc":
        users.reverse()
    page, paging = call.page([each.wire() for each in users], default=100)
    return Answer(page, extra={"totalCount": len(users), "paging": paging})


def create_user(call: Call) -> Answer:
    """POST /v2/users."""
    _whole_account(call)
    return created(_user_reference(call.account.users.create(call.fields())))


def get_user(call: Call) -> Answer:
    """GET /v2/users/{identifier}?expand=contact."""
    user = _user(call)
    wire = user.wire()
    if "contact" in call.query("expand").split(","):
        wire["userContacts"] = [
            {"id": each.id, "contactMethod": each.method, "to": each.to, "enabled": each.enabled}
            for each in user.contacts
        ]
    return Answer(wire, extra={"expandable": ["contact"]})


def update_user(call: Call) -> Answer:
    """PATCH /v2/users/{identifier}."""
    _whole_account(call)
    user = _user(call)
    call.account.users.update(user, call.fields())
    return updated(_user_reference(user))


def delete_user(call: Call) -> Answer:
    """DELETE /v2/users/{identifier}."""
    _whole_account(call)
    call.account.users.delete(_user(call))
    return deleted()


def list_user_teams(call: Call) -> Answer:
    """GET /v2/users/{identifier}/teams."""
    user, teams = _user(call), call.account.teams
    own = [each for each in teams.by_id.values() if any(m.user_id == user.id for m in each.members)]
    return Answer([teams.reference(each.id) for each in own])


def list_user_schedules(call: Call) -> Answer:
    """GET /v2/users/{identifier}/schedules: those with a rotation that names the user."""
    wanted = Recipient("user", _user(call).id)
    schedules = call.account.schedules.by_id.values()
    return Answer([each.meta() for each in schedules if any(wanted in r.participants for r in each.rotations)])


def list_user_escalations(call: Call) -> Answer:
    """GET /v2/users/{identifier}/escalations: those with a rule that names the user."""
    wanted = Recipient("user", _user(call).id)
    escalations = call.account.escalations.by_id.values()
    return Answer(
        [{"id": e.id, "name": e.name} for e in escalations if any(rule.recipient == wanted for rule in e.rules)]
    )


def _user(call: Call) -> User:
    return call.account.users.find(call.path("identifier"))


def _user_reference(user: User) -> dict[str, Any]:
    return {"id": user.id, "name": user.full_name}


# --- teams ----------------------------------------------------------------------------------------------------------


def list_teams(call: Call) -> Answer:
    """GET /v2/teams: without members; a team's key sees its own."""
    teams = call.account.teams
    mine = [each for each in teams.by_id.values() if call.by.team_id in (None, each.id)]
    return Answer([teams.wire(each, members=False) for each in mine], extra={"expandable": ["member"]})


def create_team(call: Call) -> Answer:
    """POST /v2/teams."""
    _whole_account(call)
    team = call.account.teams.create(call.fields())
    _log(call, team, f"Team {team.name} is created")
    return created(_team_reference(team))


def get_team(call: Call) -> Answer:
    """GET /v2/teams/{identifier}?identifierType=id|name."""
    return Answer(call.account.teams.wire(_team(call)))


def update_team(call: Call) -> Answer:
    """PATCH /v2/teams/{identifier}."""
    team = _team(call)
    call.account.teams.update(team, call.fields())
    _log(call, team, f"Team {team.name} is changed")
    return updated(_team_reference(team))


def delete_team(call: Call) -> Answer:
    """DELETE /v2/teams/{identifier}: with all it owns."""
    call.account.teams.delete(_team(call))
    return deleted()


def add_member(call: Call) -> Answer:
    """POST /v2/teams/{identifier}/members."""
    team = _team(call, TEAM_KIND)
    call.account.teams.add_member(team, call.fields())
    _log(call, team, "A member is added")
    return Answer(_team_reference(team), "Added")


def remove_member(call: Call) -> Answer:
    """DELETE /v2/teams/{identifier}/members/{member}."""
    team = _team(call, TEAM_KIND)
    call.account.teams.remove_member(team, call.path("member"))
    _log(call, team, f"Member {call.path('member')} is removed")
    return Answer(_team_reference(team), "Removed")


def list_logs(call: Call) -> Answer:
    """GET /v2/teams/{identifier}/logs?limit&order&offset: newest first; `offset` is the key of the last line seen."""
    descending = call.kind("order", ("desc", "asc")) == "desc"
    log, limit, offset = _team(call).log, call.number("limit", 100, low=1, high=100), call.query("offset")
    lines = list(reversed(log)) if descending else list(log)
    if offset:
        lines = [each for each in lines if (each.offset < offset if descending else each.offset > offset)]
    page = lines[:limit]
    return Answer({"offset": page[-1].offset if page else offset, "logs": [each.wire() for each in page]})


def _log(call: Call, team: Team, text: str) -> None:
    call.account.teams.note_down(team, text, call.by.name)


def _team(call: Call, kind: str = "identifierType") -> Team:
    team = call.account.teams.find(call.path("identifier"), call.kind(kind))
    call.reach(team.id)
    return team


def _team_reference(team: Team) -> dict[str, Any]:
    return {"id": team.id, "name": team.name}


# --- routing rules --------------------------------------------------------------------------------------------------


def list_rules(call: Call) -> Answer:
    """GET /v2/teams/{identifier}/routing-rules: in order."""
    team = _team(call, TEAM_KIND)
    return Answer([call.account.routing.wire(team, rule) for rule in team.rules])


def create_rule(call: Call) -> Answer:
    """POST /v2/teams/{identifier}/routing-rules."""
    team = _team(call, TEAM_KIND)
    rule = call.account.routing.create(team, call.fields())
    _log(call, team, f"Routing rule {rule.name} is added")
    return created(_rule_reference(rule))


def get_rule(call: Call) -> Answer:
    """GET /v2/teams/{identifier}/routing-rules/{rule}."""
    team, rule = _rule(call)
    return Answer(call.account.routing.wire(team, rule))


def update_rule(call: Call) -> Answer:
    """PATCH /v2/teams/{identifier}/routing-rules/{rule}."""
    team, rule = _rule(call)
    call.account.routing.update(rule, call.fields())
    _log(call, team, f"Routing rule {rule.name} is changed")
    return updated(_rule_reference(rule))


def delete_rule(call: Call) -> Answer:
    """DELETE /v2/teams/{identifier}/routing-rules/{rule}."""
    team, rule = _rule(call)
    call.account.routing.delete(team, rule)
    _log(call, team, f"Routing rule {rule.name} is removed")
    return deleted()


def move_rule(call: Call) -> Answer:
    """POST /v2/teams/{identifier}/routing-rules/{rule}/change-order."""
    team, rule = _rule(call)
    call.account.routing.move(team, rule, call.fields().number("order"))
    return Answer(_rule_reference(rule), "Changed Order")


def _rule(call: Call) -> tuple[Team, RoutingRule]:
    team = _team(call, TEAM_KIND)
    return team, call.account.routing.find(team, call.path("rule"))


def _rule_reference(rule: RoutingRule) -> dict[str, Any]:
    return {"id": rule.id, "name": rule.name}
