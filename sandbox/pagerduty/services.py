"""Calls on services and their integrations."""

import re
from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import (
    dependencies,
    dispatch,
    extensions,
    maintenance,
    orchestration_paths,
    webhook_events,
)
from sandbox.pagerduty.account import Account, taken
from sandbox.pagerduty.call import Call, by_name
from sandbox.pagerduty.errors import not_found
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.models import Integration, Service
from sandbox.pagerduty.responses import VENDORS, Json, integration_json, service_json
from sandbox.pagerduty.times import zone_of

MAX_NAME = 255
MAX_DESCRIPTION = 1024
# The service's own defaults, in seconds; null switches either off.
DEFAULT_ACKNOWLEDGEMENT_TIMEOUT = 1800
DEFAULT_AUTO_RESOLVE_TIMEOUT = 14400
URGENCIES = ("high", "low", "severity_based")
INTEGRATION_TYPES = frozenset(
    f"{kind}_inbound_integration"
    for kind in (
        "events_api_v2",
        "generic_events_api",
        "generic_email",
        "event_transformer_api",
        "aws_cloudwatch",
        "keynote",
        "nagios",
        "pingdom",
        "sql_monitor",
    )
)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d")


def listed(call: Call) -> Response:
    """GET /services."""
    teams = set(call.many("team_ids"))
    name = call.query("name")
    found = [
        service
        for service in call.account.services.values()
        if call.matches(service.name)
        and name in (None, service.name)
        and (not teams or teams.intersection(call.account.policies[service.policy].teams))
    ]
    return call.page("services", call.by_name(found), lambda service: service_json(call.account, service, call.include))


def create(call: Call) -> Response:
    """POST /services."""
    account = call.account
    values = _fields(account, call.wrapped("service"), None)
    service = Service(id=account.new_id(), created_at=account.now(), **values)
    account.services[service.id] = service
    webhook_events.of_service(account, "service.created", service)
    return json_answer({"service": service_json(account, service)}, 201)


def read(call: Call) -> Response:
    """GET /services/{id}."""
    return json_answer({"service": service_json(call.account, call.account.service(call.path()), call.include)})


def update(call: Call) -> Response:
    """PUT /services/{id}; open low-urgency incidents are raised by the new hours."""
    account, service = call.account, call.account.service(call.path())
    for name, value in _fields(account, call.wrapped("service"), service).items():
        setattr(service, name, value)
    for incident in account.open_incidents():
        if incident.service == service.id:
            dispatch.schedule_raise(account, incident, service)
    webhook_events.of_service(account, "service.updated", service)
    return read(call)


def delete(call: Call) -> Response:
    """DELETE /services/{id}; its incidents go with it."""
    account, service = call.account, call.account.service(call.path())
    for incident in [one for one in account.incidents.values() if one.service == service.id]:
        dispatch.forget(account, incident)
    webhook_events.of_service(account, "service.deleted", service)
    maintenance.forget_service(account, service.id)
    extensions.forget_service(account, service.id)
    orchestration_paths.forget_service(account, service.id)
    dependencies.forget(account, (dependencies.TECHNICAL, service.id))
    del account.services[service.id]
    return json_answer(None, 204)


def _fields(account: Account, body: Json, old: Service | None) -> Json:
    fields = Fields(body)
    before: Json = {field.name: getattr(old, field.name) for field in fields_of(Service)} if old else {}
    rule = fields.raw("incident_urgency_rule", before.get("urgency_rule")) or {"type": "constant", "urgency": "high"}
    hours = fields.raw("support_hours", before.get("support_hours"))
    actions = fields.raw("scheduled_actions", before.get("scheduled_actions")) or []
    # The provider sends [null] where there is none, and its client can't read a null back.
    actions = [one for one in actions if one is not None] if isinstance(actions, list) else [actions]
    _check_urgency(fields, rule, hours, actions)
    values: Json = {
        "name": fields.name(before.get("name"), MAX_NAME),
        "description": fields.text("description", before.get("description"), MAX_DESCRIPTION),
        "policy": fields.reference("escalation_policy", before.get("policy"), account.policies),
        "acknowledgement_timeout": fields.seconds(
            "acknowledgement_timeout", before.get("acknowledgement_timeout", DEFAULT_ACKNOWLEDGEMENT_TIMEOUT)
        ),
        "auto_resolve_timeout": fields.seconds(
            "auto_resolve_timeout", before.get("auto_resolve_timeout", DEFAULT_AUTO_RESOLVE_TIMEOUT)
        ),
        "urgency_rule": rule,
        "support_hours": hours,
        "scheduled_actions": actions,
        "alert_creation": fields.choice(
            "alert_creation",
            before.get("alert_creation", "create_alerts_and_incidents"),
            ("create_alerts_and_incidents", "create_incidents"),
        ),
        "alert_grouping_parameters": fields.raw("alert_grouping_parameters", before.get("alert_grouping_parameters")),
        "auto_pause": fields.raw("auto_pause_notifications_parameters", before.get("auto_pause")),
        "response_play": fields.raw("response_play", before.get("response_play")),
        "disabled": fields.raw("status", "disabled" if before.get("disabled") else "active") == "disabled",
    }
    if values["policy"] is None:
        fields.refuse("Escalation policy can't be blank")
    if taken(values["name"], account.services.values(), old.id if old else None):
        fields.refuse("Name has already been taken")
    fields.check()
    return values


def _check_urgency(fields: Fields, rule: Any, hours: Any, actions: list[Any]) -> None:
    parts = [rule]
    if isinstance(rule, Mapping) and rule.get("type") == "use_support_hours":
        parts = [rule.get("during_support_hours"), rule.get("outside_support_hours")]
        if not hours:
            fields.refuse("Support hours can't be blank with use_support_hours")
    for part in parts:
        if not isinstance(part, Mapping) or part.get("type") != "constant" or part.get("urgency") not in URGENCIES:
            fields.refuse("Incident urgency rule is invalid")
    if hours is not None and not _hours_are_right(hours):
        fields.refuse("Support hours are invalid")
    for action in actions:
        if not _action_is_right(action):
            fields.refuse("Scheduled actions are invalid")
        elif not hours:
            fields.refuse("Scheduled actions need support hours")


def _hours_are_right(hours: Any) -> bool:
    if not isinstance(hours, Mapping) or hours.get("type") != "fixed_time_per_day":
        return False
    days = hours.get("days_of_week")
    clocks = all(_CLOCK.fullmatch(str(hours.get(name))) for name in ("start_time", "end_time"))
    try:
        zone_of(str(hours.get("time_zone")))
    except (KeyError, ValueError, OSError):
        return False
    return clocks and isinstance(days, list) and bool(days) and all(day in range(1, 8) for day in days)


def _action_is_right(action: Any) -> bool:
    at = action.get("at") if isinstance(action, Mapping) else None
    if not isinstance(at, Mapping):
        return False
    named = at.get("type") == "named_time" and at.get("name") in ("support_hours_start", "support_hours_end")
    return named and action.get("type") == "urgency_change" and action.get("to_urgency") == "high"


def integrations(call: Call) -> Response:
    """GET /services/{service}/integrations."""
    service = call.account.service(call.path("service"))
    found = by_name(service.integrations.values())
    return call.page("integrations", found, lambda one: integration_json(call.account, one))


def create_integration(call: Call) -> Response:
    """POST /services/{service}/integrations: with a new key of 32 letters and digits."""
    account, service = call.account, call.account.service(call.path("service"))
    body = call.wrapped("integration")
    fields = Fields(body)
    kind = fields.choice("type", "", INTEGRATION_TYPES)
    name = fields.text("name", None, MAX_NAME) or kind.removesuffix("_inbound_integration")
    vendor = fields.reference("vendor", None, VENDORS)
    fields.check()
    email = str(body.get("integration_email") or f"{account.core.ids.key(8)}@sandbox.pagerduty.com")
    integration = Integration(
        id=account.new_id(),
        name=name,
        type=kind,
        service=service.id,
        key=account.core.ids.key(32),
        created_at=account.now(),
        vendor=vendor,
        email=email if "email" in kind else None,
    )
    service.integrations[integration.id] = integration
    return json_answer({"integration": integration_json(account, integration)}, 201)


def integration(call: Call) -> Response:
    """GET /services/{service}/integrations/{id}."""
    return json_answer({"integration": integration_json(call.account, _integration(call)[1])})


def update_integration(call: Call) -> Response:
    """PUT /services/{service}/integrations/{id}: the key stays."""
    _, one = _integration(call)
    fields = Fields(call.wrapped("integration", bare=True))
    name = fields.text("name", one.name, MAX_NAME)
    vendor = fields.reference("vendor", one.vendor, VENDORS)
    fields.check()
    one.name, one.vendor = name or one.name, vendor
    return integration(call)


def delete_integration(call: Call) -> Response:
    """DELETE /services/{service}/integrations/{id}: its key is unknown from then on."""
    service, one = _integration(call)
    del service.integrations[one.id]
    return json_answer(None, 204)


def _integration(call: Call) -> tuple[Service, Integration]:
    service = call.account.service(call.path("service"))
    if call.path() not in service.integrations:
        raise not_found("Integration")
    return service, service.integrations[call.path()]
