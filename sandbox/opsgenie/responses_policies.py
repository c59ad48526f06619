"""Calls about alert and notification policies; `teamId` in the query (or, for a create, the body) names the scope."""

from sandbox.opsgenie.errors import invalid
from sandbox.opsgenie.policies import ALERT, NOTIFICATION, Policy
from sandbox.opsgenie.responses import Answer, Call, created, deleted, updated


def list_alert_policies(call: Call) -> Answer:
    """GET /v2/policies/alert?teamId: the team's, without it the account's; in order."""
    return _list(call, ALERT)


def list_notification_policies(call: Call) -> Answer:
    """GET /v2/policies/notification?teamId: in order."""
    return _list(call, NOTIFICATION)


def create_policy(call: Call) -> Answer:
    """POST /v2/policies?teamId."""
    fields = call.fields()
    policy = call.account.policies.create(fields, _team(call, fields.text("teamId")))
    return created(call.account.policies.meta(policy))


def get_policy(call: Call) -> Answer:
    """GET /v2/policies/{policy}?teamId."""
    return Answer(call.account.policies.wire(_policy(call)))


def replace_policy(call: Call) -> Answer:
    """PUT /v2/policies/{policy}?teamId: the whole object; the Go SDK names an alert policy's team in no place but the
    path's query, so a body without `teamId` keeps it."""
    policy = call.account.policies.replace(_policy(call), call.fields())
    return updated(call.account.policies.meta(policy))


def delete_policy(call: Call) -> Answer:
    """DELETE /v2/policies/{policy}?teamId."""
    call.account.policies.all.remove(_policy(call))
    return deleted()


def enable_policy(call: Call) -> Answer:
    """POST /v2/policies/{policy}/enable?teamId."""
    _policy(call).enabled = True
    return Answer(result="Enabled")


def disable_policy(call: Call) -> Answer:
    """POST /v2/policies/{policy}/disable?teamId: alerts pass it over from now on."""
    _policy(call).enabled = False
    return Answer(result="Disabled")


def move_policy(call: Call) -> Answer:
    """POST /v2/policies/{policy}/change-order?teamId: {targetIndex} from 0, which the Go SDK leaves out."""
    call.account.policies.move(_policy(call), call.fields().number("targetIndex", 0))
    return Answer(result="Changed order")


def _list(call: Call, kind: str) -> Answer:
    policies, team_id = call.account.policies, _team(call)
    if kind == NOTIFICATION and team_id is None:
        raise invalid("teamId", "is required for notification policies")
    return Answer([policies.meta(each) for each in policies.scope(kind, team_id)])


def _policy(call: Call) -> Policy:
    return call.account.policies.find(call.path("policy"), _team(call))


def _team(call: Call, of_body: str = "") -> str | None:
    """Return the team a call names; a team's key always means its own."""
    team_id = call.query("teamId") or of_body or call.by.team_id
    if not team_id:
        return None
    call.reach(team_id)
    return call.account.teams.find(team_id).id
