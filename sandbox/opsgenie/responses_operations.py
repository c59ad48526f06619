"""Calls about maintenance, services and forwarding rules."""

from typing import Any

from sandbox.opsgenie.errors import forbidden
from sandbox.opsgenie.forwarding_rules import ForwardingRule
from sandbox.opsgenie.maintenance import INTEGRATION, LISTS, Maintenance
from sandbox.opsgenie.responses import Answer, Call, created, deleted, updated
from sandbox.opsgenie.services import Service

# --- maintenance ----------------------------------------------------------------------------------------------------


def list_maintenances(call: Call) -> Answer:
    """GET /v1/maintenance?type=all|past|non-expired."""
    maintenances = call.account.maintenances
    found = maintenances.listed(call.kind("type", LISTS))
    return Answer([maintenances.meta(each) for each in found if _reaches(call, each)])


def create_maintenance(call: Call) -> Answer:
    """POST /v1/maintenance."""
    maintenances = call.account.maintenances
    maintenance = maintenances.create(call.fields())
    if not _reaches(call, maintenance):
        del maintenances.by_id[maintenance.id]
        raise forbidden("this key reaches only its own team's objects")
    return created(maintenances.meta(maintenance))


def get_maintenance(call: Call) -> Answer:
    """GET /v1/maintenance/{identifier}."""
    return Answer(call.account.maintenances.wire(_maintenance(call)))


def replace_maintenance(call: Call) -> Answer:
    """PUT /v1/maintenance/{identifier}: a planned one."""
    maintenances = call.account.maintenances
    return updated(maintenances.meta(maintenances.replace(_maintenance(call), call.fields())))


def change_maintenance_end(call: Call) -> Answer:
    """POST /v1/maintenance/{identifier}/change-end-date: {endDate} (not in the API's description; the Go SDK's)."""
    maintenance = _maintenance(call)
    call.account.maintenances.change_end(maintenance, call.fields())
    return updated(call.account.maintenances.meta(maintenance))


def cancel_maintenance(call: Call) -> Answer:
    """POST /v1/maintenance/{identifier}/cancel."""
    call.account.maintenances.cancel(_maintenance(call))
    return Answer(result="Cancelled")


def delete_maintenance(call: Call) -> Answer:
    """DELETE /v1/maintenance/{identifier}: what it disabled is as before."""
    del call.account.maintenances.by_id[_maintenance(call).id]
    return deleted()


def _maintenance(call: Call) -> Maintenance:
    maintenance = call.account.maintenances.find(call.path("identifier"))
    if not _reaches(call, maintenance):
        raise forbidden("this key reaches only its own team's objects")
    return maintenance


def _reaches(call: Call, maintenance: Maintenance) -> bool:
    """Tell whether all that a maintenance is about belongs to the team of a team's key."""
    if call.by.team_id is None:
        return True
    owners = {each.id: each.team_id for each in call.account.policies.all}
    integrations = {each.id: each.team_id for each in call.account.integrations.by_id.values()}
    found = [(integrations if rule.kind == INTEGRATION else owners).get(rule.id) for rule in maintenance.rules]
    return all(each == call.by.team_id for each in found)


# --- services -------------------------------------------------------------------------------------------------------


def list_services(call: Call) -> Answer:
    """GET /v1/services?limit&offset: in the order of names."""
    mine = [each for each in call.account.services.by_id.values() if call.by.team_id in (None, each.team_id)]
    mine.sort(key=lambda each: each.name)
    page, paging = call.page([each.wire() for each in mine], default=100, sort="name")
    return Answer(page, extra={"paging": paging})


def create_service(call: Call) -> Answer:
    """POST /v1/services."""
    fields = call.fields()
    call.reach(fields.text("teamId", required=True))
    return created(_service_reference(call.account.services.create(fields)))


def get_service(call: Call) -> Answer:
    """GET /v1/services/{identifier}."""
    return Answer(_service(call).wire())


def update_service(call: Call) -> Answer:
    """PATCH /v1/services/{identifier}."""
    service = _service(call)
    call.account.services.update(service, call.fields())
    return updated(_service_reference(service))


def delete_service(call: Call) -> Answer:
    """DELETE /v1/services/{identifier}."""
    del call.account.services.by_id[_service(call).id]
    return deleted()


def _service(call: Call) -> Service:
    service = call.account.services.find(call.path("identifier"))
    call.reach(service.team_id)
    return service


def _service_reference(service: Service) -> dict[str, Any]:
    return {"id": service.id, "name": service.name}


# --- forwarding rules -----------------------------------------------------------------------------------------------


def list_forwarding_rules(call: Call) -> Answer:
    """GET /v2/forwarding-rules."""
    rules = call.account.forwarding_rules
    return Answer([rules.wire(each) for each in rules.by_id.values()])


def list_user_forwarding_rules(call: Call) -> Answer:
    """GET /v2/users/{identifier}/forwarding-rules: those that forward the user's notifications."""
    rules, user = call.account.forwarding_rules, call.account.users.find(call.path("identifier"))
    return Answer([rules.wire(each) for each in rules.by_id.values() if each.from_user == user.id])


def create_forwarding_rule(call: Call) -> Answer:
    """POST /v2/forwarding-rules."""
    call.reach(None)
    return created(call.account.forwarding_rules.create(call.fields()).meta())


def get_forwarding_rule(call: Call) -> Answer:
    """GET /v2/forwarding-rules/{identifier}?identifierType=id|alias."""
    return Answer(call.account.forwarding_rules.wire(_forwarding_rule(call)))


def replace_forwarding_rule(call: Call) -> Answer:
    """PUT /v2/forwarding-rules/{identifier}."""
    call.reach(None)
    return updated(call.account.forwarding_rules.replace(_forwarding_rule(call), call.fields()).meta())


def delete_forwarding_rule(call: Call) -> Answer:
    """DELETE /v2/forwarding-rules/{identifier}."""
    call.reach(None)
    del call.account.forwarding_rules.by_id[_forwarding_rule(call).id]
    return deleted()


def _forwarding_rule(call: Call) -> ForwardingRule:
    return call.account.forwarding_rules.find(call.path("identifier"), call.kind(allowed=("id", "alias")))
