"""Calls about escalations, integrations and heartbeats."""

from typing import Any

from sandbox.opsgenie.errors import ApiError
from sandbox.opsgenie.escalations import Escalation
from sandbox.opsgenie.heartbeats import Heartbeat
from sandbox.opsgenie.integration_actions import add_action, categorized, replace_actions
from sandbox.opsgenie.integrations import Integration
from sandbox.opsgenie.responses import Answer, Call, created, deleted, updated

# --- escalations ----------------------------------------------------------------------------------------------------


def list_escalations(call: Call) -> Answer:
    """GET /v2/escalations."""
    escalations = call.account.escalations
    return Answer(
        [escalations.wire(each) for each in escalations.by_id.values() if call.by.team_id in (None, each.team_id)]
    )


def create_escalation(call: Call) -> Answer:
    """POST /v2/escalations."""
    fields = call.fields()
    return created(_escalation_reference(call.account.escalations.create(fields, call.owner(fields))))


def get_escalation(call: Call) -> Answer:
    """GET /v2/escalations/{identifier}?identifierType=id|name."""
    return Answer(call.account.escalations.wire(_escalation(call)))


def update_escalation(call: Call) -> Answer:
    """PATCH /v2/escalations/{identifier}."""
    escalation, fields = _escalation(call), call.fields()
    call.account.escalations.update(escalation, fields, call.owner(fields, escalation.team_id))
    return updated(_escalation_reference(escalation))


def delete_escalation(call: Call) -> Answer:
    """DELETE /v2/escalations/{identifier}."""
    call.account.escalations.delete(_escalation(call))
    return deleted()


def _escalation(call: Call) -> Escalation:
    escalation = call.account.escalations.find(call.path("identifier"), call.kind())
    call.reach(escalation.team_id)
    return escalation


def _escalation_reference(escalation: Escalation) -> dict[str, Any]:
    return {"id": escalation.id, "name": escalation.name}


# --- integrations ---------------------------------------------------------------------------------------------------


def list_integrations(call: Call) -> Answer:
    """GET /v2/integrations?type&teamId&teamName; a team's key sees its own and may not filter by team."""
    team_id = call.query("teamId")
    if name := call.query("teamName"):
        team_id = call.account.teams.find(name, "name").id
    if call.by.team_id is not None:
        if team_id:
            raise ApiError(422, "teamId and teamName are not allowed with a team's key")
        team_id = call.by.team_id
    kind = call.query("type")
    return Answer(
        [
            each.meta()
            for each in call.account.integrations.by_id.values()
            if (not team_id or each.team_id == team_id) and (not kind or each.type == kind)
        ]
    )


def create_integration(call: Call) -> Answer:
    """POST /v2/integrations: the only answer with the key, or with the address of an e-mail integration."""
    fields = call.fields()
    integration = call.account.integrations.create(fields, call.owner(fields))
    return created(integration.meta() | integration.reached())


def get_integration(call: Call) -> Answer:
    """GET /v2/integrations/{identifier}."""
    return Answer(call.account.integrations.wire(_integration(call)))


def replace_integration(call: Call) -> Answer:
    """PUT /v2/integrations/{identifier}: the whole object; its team stays where none is named."""
    integration, fields = _integration(call), call.fields()
    kept = integration.team_id if call.account.switches.put_keeps_owner else None
    call.account.integrations.replace(integration, fields, call.owner(fields, kept))
    return updated(integration.meta())


def delete_integration(call: Call) -> Answer:
    """DELETE /v2/integrations/{identifier}."""
    call.account.integrations.delete(_integration(call))
    return deleted()


def enable_integration(call: Call) -> Answer:
    """POST /v2/integrations/{identifier}/enable."""
    integration = _integration(call)
    integration.enabled = True
    return Answer(integration.meta(), "Enabled", 201)


def disable_integration(call: Call) -> Answer:
    """POST /v2/integrations/{identifier}/disable: its key is refused from now on."""
    integration = _integration(call)
    integration.enabled = False
    return Answer(integration.meta(), "Disabled", 201)


def authenticate_integration(call: Call) -> Answer:
    """POST /v2/integrations/authenticate: whether the key is one of an integration of the type given."""
    if call.fields().text("type", required=True) != call.by.type:
        raise ApiError(422, "The key does not belong to an integration of this type")
    return Answer({"name": call.by.name, "type": call.by.type}, "Authenticated")


def list_actions(call: Call) -> Answer:
    """GET /v2/integrations/{identifier}/actions: all of them by type."""
    return Answer(categorized(_integration(call)))


def create_action(call: Call) -> Answer:
    """POST /v2/integrations/{identifier}/actions: one more."""
    integration = _integration(call)
    add_action(call.account, integration, call.fields())
    return created(categorized(integration))


def replace_all_actions(call: Call) -> Answer:
    """PUT /v2/integrations/{identifier}/actions: all of them."""
    integration = _integration(call)
    replace_actions(call.account, integration, call.fields())
    return updated(categorized(integration))


def _integration(call: Call) -> Integration:
    integration = call.account.integrations.find(call.path("identifier"))
    call.reach(integration.team_id)
    return integration


# --- heartbeats -----------------------------------------------------------------------------------------------------


def list_heartbeats(call: Call) -> Answer:
    """GET /v2/heartbeats: under `data.heartbeats`."""
    heartbeats = call.account.heartbeats
    mine = [each for each in heartbeats.by_name.values() if call.by.team_id in (None, each.team_id)]
    return Answer({"heartbeats": [heartbeats.wire(each) for each in mine]})


def create_heartbeat(call: Call) -> Answer:
    """POST /v2/heartbeats."""
    fields = call.fields()
    return created(_heartbeat_meta(call.account.heartbeats.create(fields, call.owner(fields))))


def get_heartbeat(call: Call) -> Answer:
    """GET /v2/heartbeats/{name}."""
    return Answer(call.account.heartbeats.wire(_heartbeat(call)))


def update_heartbeat(call: Call) -> Answer:
    """PATCH /v2/heartbeats/{name}."""
    heartbeat, fields = _heartbeat(call), call.fields()
    call.account.heartbeats.update(heartbeat, fields, call.owner(fields, heartbeat.team_id))
    return updated(_heartbeat_meta(heartbeat))


def delete_heartbeat(call: Call) -> Answer:
    """DELETE /v2/heartbeats/{name}."""
    call.account.heartbeats.delete(_heartbeat(call))
    return deleted()


def enable_heartbeat(call: Call) -> Answer:
    """POST /v2/heartbeats/{name}/enable."""
    heartbeat = _heartbeat(call)
    call.account.heartbeats.switch(heartbeat, enabled=True)
    return Answer(_heartbeat_meta(heartbeat), "Enabled")


def disable_heartbeat(call: Call) -> Answer:
    """POST /v2/heartbeats/{name}/disable."""
    heartbeat = _heartbeat(call)
    call.account.heartbeats.switch(heartbeat, enabled=False)
    return Answer(_heartbeat_meta(heartbeat), "Disabled")


def ping(call: Call) -> Answer:
    """GET, POST, PUT or PATCH /v2/heartbeats/{name}/ping: 202 also for a name nobody knows."""
    call.account.heartbeats.ping(call.path("name"))
    return Answer(result="PONG - Heartbeat received", status=202)


def _heartbeat(call: Call) -> Heartbeat:
    heartbeat = call.account.heartbeats.find(call.path("name"))
    call.reach(heartbeat.team_id)
    return heartbeat


def _heartbeat_meta(heartbeat: Heartbeat) -> dict[str, Any]:
    return {"name": heartbeat.name, "enabled": heartbeat.enabled, "expired": heartbeat.expired}
