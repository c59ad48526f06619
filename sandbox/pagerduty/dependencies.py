"""Calls on service dependencies: which service supports which, technical or business."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.directory_models import Dependency
from sandbox.pagerduty.errors import invalid, not_found
from sandbox.pagerduty.responses import Json

BUSINESS, TECHNICAL = "business_service", "technical_service"
# Requests name a technical service by any of these; answers always say technical_service_reference.
_KINDS = {"service": TECHNICAL, "technical_service": TECHNICAL, "business_service": BUSINESS}


def of_business(call: Call) -> Response:
    """GET /service_dependencies/business_services/{id}."""
    if call.path() not in call.account.business_services:
        raise not_found("Business Service")
    return _of(call, (BUSINESS, call.path()))


def of_technical(call: Call) -> Response:
    """GET /service_dependencies/technical_services/{id}."""
    return _of(call, (TECHNICAL, call.account.service(call.path()).id))


def associate(call: Call) -> Response:
    """POST /service_dependencies/associate: several at once; one that is there already is answered as it is."""
    account = call.account
    found = [_pair(account, one) for one in _sent(call)]
    for pair in found:
        if _existing(account, pair) is None:
            one = Dependency(account.core.ids.capitals("D", 16), *pair)
            account.dependencies[one.id] = one
    return _answer([held for pair in found if (held := _existing(account, pair))])


def disassociate(call: Call) -> Response:
    """POST /service_dependencies/disassociate."""
    account = call.account
    found = [_existing(account, _pair(account, row)) for row in _sent(call)]
    there = [one for one in found if one is not None]
    if len(there) < len(found):
        raise not_found("Service Dependency")
    for one in there:
        account.dependencies.pop(one.id, None)
    return _answer(there)


def forget(account: Account, service: tuple[str, str]) -> None:
    """Drop the dependencies of a service that is deleted."""
    account.dependencies = {
        key: one for key, one in account.dependencies.items() if service not in (one.supporting, one.dependent)
    }


def _of(call: Call, service: tuple[str, str]) -> Response:
    found = [one for one in call.account.dependencies.values() if service in (one.supporting, one.dependent)]
    return _answer(found)


def _answer(found: list[Dependency]) -> Response:
    return json_answer({"relationships": [_json(one) for one in found]})


def _sent(call: Call) -> list[Mapping[str, Any]]:
    sent = call.json.get("relationships") if isinstance(call.json, dict) else None
    if not isinstance(sent, list) or not sent or not all(isinstance(one, Mapping) for one in sent):
        raise invalid("Relationships must be an array, and not empty")
    return sent


def _pair(account: Account, sent: Mapping[str, Any]) -> tuple[tuple[str, str], tuple[str, str]]:
    supporting = _service(account, sent.get("supporting_service"))
    dependent = _service(account, sent.get("dependent_service"))
    if supporting == dependent:
        raise invalid("A service can't depend on itself")
    return supporting, dependent


def _service(account: Account, sent: Any) -> tuple[str, str]:
    if not isinstance(sent, Mapping):
        raise invalid("Supporting service and dependent service must be references")
    kind = _KINDS.get(str(sent.get("type")).removesuffix("_reference"))
    if kind is None:
        raise invalid(f"Type {sent.get('type')} is not a type of service")
    key = str(sent.get("id"))
    if key not in (account.business_services if kind == BUSINESS else account.services):
        raise not_found("Service")
    return kind, key


def _existing(account: Account, pair: tuple[tuple[str, str], tuple[str, str]]) -> Dependency | None:
    return next((one for one in account.dependencies.values() if (one.supporting, one.dependent) == pair), None)


def _json(one: Dependency) -> Json:
    return {
        "id": one.id,
        "type": "service_dependency",
        "supporting_service": {"id": one.supporting[1], "type": f"{one.supporting[0]}_reference"},
        "dependent_service": {"id": one.dependent[1], "type": f"{one.dependent[0]}_reference"},
    }
