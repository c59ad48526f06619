"""Calls on extensions and on the schemas they are made by. Nothing is sent through them: v2 webhooks are history."""

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call, by_name
from sandbox.pagerduty.directory_models import Extension
from sandbox.pagerduty.errors import not_found
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.responses import Json, base, reference, service_json

MAX_NAME = 255
MAX_URL = 2048
SEND_TYPES = ("trigger", "acknowledge", "resolve", "delegate", "escalate", "unacknowledge", "assign")
SCHEMAS = {
    "PSCHEMA1": ("generic_v2_webhook", "Generic V2 Webhook"),
    "PSCHEMA2": ("slack", "Slack"),
    "PSCHEMA3": ("servicenow", "ServiceNow"),
}


def schemas(call: Call) -> Response:
    """GET /extension_schemas."""
    return call.page("extension_schemas", list(SCHEMAS), _schema_json)


def schema(call: Call) -> Response:
    """GET /extension_schemas/{id}."""
    if call.path() not in SCHEMAS:
        raise not_found("Extension Schema")
    return json_answer({"extension_schema": _schema_json(call.path())})


def listed(call: Call) -> Response:
    """GET /extensions, by query, extension_object_id and extension_schema_id."""
    service, kind = call.query("extension_object_id"), call.query("extension_schema_id")
    found = [
        one
        for one in call.account.extensions.values()
        if call.matches(one.name) and kind in (None, one.schema) and (service is None or service in one.services)
    ]
    return call.page("extensions", by_name(found), lambda one: _json(call, one))


def create(call: Call) -> Response:
    """POST /extensions."""
    account = call.account
    one = Extension(account.new_id(), "", "", [], None, None)
    _take(account, Fields(call.wrapped("extension", bare=True)), one, new=True)
    account.extensions[one.id] = one
    return json_answer({"extension": _json(call, one)}, 201)


def read(call: Call) -> Response:
    """GET /extensions/{id}."""
    return json_answer({"extension": _json(call, _found(call))})


def update(call: Call) -> Response:
    """PUT /extensions/{id}."""
    _take(call.account, Fields(call.wrapped("extension", bare=True)), _found(call), new=False)
    return read(call)


def delete(call: Call) -> Response:
    """DELETE /extensions/{id}."""
    del call.account.extensions[_found(call).id]
    return json_answer(None, 204)


def enable(call: Call) -> Response:
    """POST /extensions/{id}/enable: nothing here ever disables one."""
    return read(call)


def forget_service(account: Account, service: str) -> None:
    """Take a deleted service out of all extensions; one left without services goes."""
    for one in list(account.extensions.values()):
        one.services = [key for key in one.services if key != service]
        if not one.services:
            del account.extensions[one.id]


def _found(call: Call) -> Extension:
    if call.path() not in call.account.extensions:
        raise not_found("Extension")
    return call.account.extensions[call.path()]


def _take(account: Account, fields: Fields, one: Extension, *, new: bool) -> None:
    name = fields.name(None if new else one.name, MAX_NAME)
    kind = fields.reference("extension_schema", one.schema or None, SCHEMAS)
    if kind is None:
        fields.refuse("Extension schema can't be blank")
    services = fields.references("extension_objects", one.services, account.services)
    if not services:
        fields.refuse("Extension objects can't be empty")
    url = fields.text("endpoint_url", one.endpoint_url, MAX_URL)
    config = fields.raw("config", one.config)
    fields.check()
    one.name, one.schema, one.services, one.endpoint_url, one.config = name, str(kind), services, url, config


def _json(call: Call, one: Extension) -> Json:
    account = call.account
    whole = "extension_objects" in call.include
    key, label = one.schema, SCHEMAS[one.schema][1]
    return base("extension", one.id, one.name, f"/extensions/{one.id}") | {
        "html_url": None,
        "name": one.name,
        "endpoint_url": one.endpoint_url,
        "extension_objects": [
            service_json(account, account.services[service]) if whole else reference(account, "service", service)
            for service in one.services
        ],
        "extension_schema": _schema_json(key)
        if "extension_schemas" in call.include
        else base("extension_schema_reference", key, label, f"/extension_schemas/{key}") | {"html_url": None},
        "temporarily_disabled": False,
        "config": one.config,
    }


def _schema_json(key: str) -> Json:
    word, label = SCHEMAS[key]
    return base("extension_schema", key, label, f"/extension_schemas/{key}") | {
        "html_url": None,
        "key": word,
        "label": label,
        "description": "",
        "guide_url": "https://developer.pagerduty.com",
        "icon_url": "",
        "logo_url": "",
        "send_types": list(SEND_TYPES),
        "url": "",
    }
