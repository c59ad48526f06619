"""Calls on business services."""

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import dependencies
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call, by_name
from sandbox.pagerduty.directory_models import BusinessService
from sandbox.pagerduty.errors import not_found
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.responses import API, Json

MAX_NAME = 255
MAX_DESCRIPTION = 1024


def listed(call: Call) -> Response:
    """GET /business_services."""
    return call.page("business_services", by_name(call.account.business_services.values()), _json)


def create(call: Call) -> Response:
    """POST /business_services: 200, as published."""
    account = call.account
    service = BusinessService(account.new_id(), "", None, None, None)
    _take(account, Fields(call.wrapped("business_service")), service, None)
    account.business_services[service.id] = service
    return json_answer({"business_service": _json(service)})


def read(call: Call) -> Response:
    """GET /business_services/{id}."""
    return json_answer({"business_service": _json(_found(call))})


def update(call: Call) -> Response:
    """PUT /business_services/{id}."""
    service = _found(call)
    _take(call.account, Fields(call.wrapped("business_service")), service, service.name)
    return read(call)


def delete(call: Call) -> Response:
    """DELETE /business_services/{id}: its dependencies go with it."""
    service = _found(call)
    del call.account.business_services[service.id]
    dependencies.forget(call.account, (dependencies.BUSINESS, service.id))
    return json_answer(None, 204)


def _found(call: Call) -> BusinessService:
    if call.path() not in call.account.business_services:
        raise not_found("Business Service")
    return call.account.business_services[call.path()]


def _take(account: Account, fields: Fields, service: BusinessService, old: str | None) -> None:
    name = fields.name(old, MAX_NAME)
    description = fields.text("description", service.description, MAX_DESCRIPTION)
    contact = fields.text("point_of_contact", service.point_of_contact, MAX_DESCRIPTION)
    # The provider sends an empty object where there is no team.
    sent = fields.raw("team")
    none = isinstance(sent, dict) and not sent.get("id")
    team = None if none else fields.reference("team", service.team, account.teams)
    fields.check()
    service.name, service.description, service.point_of_contact, service.team = name, description, contact, team


def _json(service: BusinessService) -> Json:
    team = {"id": service.team, "type": "team_reference", "self": f"{API}/teams/{service.team}"}
    return {
        "id": service.id,
        "type": "business_service",
        "summary": service.name,
        "self": f"{API}/business_services/{service.id}",
        "html_url": None,
        "name": service.name,
        "description": service.description,
        "point_of_contact": service.point_of_contact,
        "team": team if service.team else None,
    }
