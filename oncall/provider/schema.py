"""The package schema, from the declarations of the kinds: what engine, `pulumi import` and SDK generators read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from oncall.clients import pagerduty
from oncall.clients.opsgenie import DEFAULT_URL
from oncall.provider.fields import Dictionary, Field, Items, Record, Type
from oncall.provider.kinds import KINDS
from oncall.provider.kinds.base import Kind

NAME = "oncall"
VERSION = "0.1.0"

CONFIG: dict[str, dict[str, Any]] = {
    "opsgenieApiKey": {
        "type": "string",
        "description": "A key of OpsGenie's API key management with configuration access; else OPSGENIE_API_KEY.",
        "secret": True,
    },
    "opsgenieApiUrl": {
        "type": "string",
        "description": f"The API's address: {DEFAULT_URL} by default, https://api.eu.opsgenie.com in the EU.",
        "default": DEFAULT_URL,
    },
    "pagerdutyToken": {
        "type": "string",
        "description": "A PagerDuty API access key that may write; else PAGERDUTY_TOKEN.",
        "secret": True,
    },
    "pagerdutyApiUrl": {
        "type": "string",
        "description": f"The API's address: {pagerduty.DEFAULT_URL} by default, {pagerduty.EU_URL} in the EU.",
        "default": pagerduty.DEFAULT_URL,
    },
}


def package_schema() -> dict[str, Any]:
    """The schema as data; https://www.pulumi.com/docs/iac/extending-pulumi/schema/."""
    records = {record.name: record for kind in KINDS for record in _records(item.type for item in _fields(kind))}
    return {
        "name": NAME,
        "version": VERSION,
        "description": "OpsGenie, PagerDuty's overrides and the alert bridge, as the on-call inventory wants them.",
        "config": {"variables": CONFIG},
        "provider": {"inputProperties": CONFIG, "properties": CONFIG},
        "types": {name: _object(record.doc, record.fields) for name, record in sorted(records.items())},
        "resources": {kind.token: _resource(kind) for kind in KINDS},
    }


def package_schema_text() -> str:
    """The schema as JSON text."""
    return json.dumps(package_schema(), indent=2) + "\n"


def _fields(kind: Kind) -> tuple[Field, ...]:
    return (*kind.inputs, *kind.outputs)


def _resource(kind: Kind) -> dict[str, Any]:
    # An output that is an input as well (a secret that is made if none is given) stands once, as the output.
    held = {item.name: item for item in _fields(kind)}
    always = [item.name for item in held.values() if item.required or item.default is not None]
    return {
        "description": kind.doc,
        "properties": {item.name: _property(item) for item in held.values()},
        "required": always,
        "inputProperties": {item.name: _property(item) for item in kind.inputs},
        "requiredInputs": [item.name for item in kind.inputs if item.required],
    }


def _object(doc: str, fields: Iterable[Field]) -> dict[str, Any]:
    fields = tuple(fields)
    return {
        "type": "object",
        "description": doc,
        "properties": {item.name: _property(item) for item in fields},
        "required": [item.name for item in fields if item.required],
    }


def _property(item: Field) -> dict[str, Any]:
    shown = {**item.type.schema(), "description": item.doc}
    if isinstance(item.default, str | int):
        shown["default"] = item.default
    if item.secret:
        shown["secret"] = True
    if item.replace:
        shown["willReplaceOnChanges"] = True
    return shown


def _records(types: Iterable[Type]) -> Iterator[Record]:
    for kind in types:
        if isinstance(kind, Record):
            yield kind
            yield from _records(item.type for item in kind.fields)
        elif isinstance(kind, Items | Dictionary):
            yield from _records([kind.of])
