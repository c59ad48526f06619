"""Calls about the incident rules of services, and about incident templates."""

from sandbox.opsgenie.incident_settings import make_rule, replace_rule
from sandbox.opsgenie.responses import Answer, Call, created, deleted, updated
from sandbox.opsgenie.services import Service

# --- incident rules -------------------------------------------------------------------------------------------------


def list_rules(call: Call) -> Answer:
    """GET /v1/services/{identifier}/incident-rules: in order."""
    return Answer([each.wire(i) for i, each in enumerate(_service(call).rules)])


def create_rule(call: Call) -> Answer:
    """POST /v1/services/{identifier}/incident-rules."""
    service = _service(call)
    rule = make_rule(call.account, call.fields())
    service.rules.append(rule)
    return created({"id": rule.id})


def replace_service_rule(call: Call) -> Answer:
    """PUT /v1/services/{identifier}/incident-rules/{rule}: the whole rule."""
    rule = call.account.services.find_rule(_service(call), call.path("rule"))
    replace_rule(rule, call.fields())
    return updated({"id": rule.id})


def delete_rule(call: Call) -> Answer:
    """DELETE /v1/services/{identifier}/incident-rules/{rule}."""
    service = _service(call)
    service.rules.remove(call.account.services.find_rule(service, call.path("rule")))
    return deleted()


def _service(call: Call) -> Service:
    service = call.account.services.find(call.path("identifier"))
    call.reach(service.team_id)
    return service


# --- incident templates ---------------------------------------------------------------------------------------------


def list_templates(call: Call) -> Answer:
    """GET /v1/incident-templates?limit&offset&order: under `data.incidentTemplates`."""
    templates = [each.wire() for each in call.account.incident_templates.by_id.values()]
    if call.query("order") == "desc":
        templates.reverse()
    page, paging = call.page(templates, default=100)
    return Answer({"incidentTemplates": page}, extra={"paging": paging})


def create_template(call: Call) -> Answer:
    """POST /v1/incident-templates."""
    call.reach(None)
    return created({"id": call.account.incident_templates.create(call.fields()).id})


def replace_template(call: Call) -> Answer:
    """PUT /v1/incident-templates/{identifier}: the whole template."""
    call.reach(None)
    template = call.account.incident_templates.find(call.path("identifier"))
    call.account.incident_templates.replace(template, call.fields())
    return updated({"id": template.id})


def delete_template(call: Call) -> Answer:
    """DELETE /v1/incident-templates/{identifier}."""
    call.reach(None)
    del call.account.incident_templates.by_id[call.account.incident_templates.find(call.path("identifier")).id]
    return deleted()
