"""Calls on the rules of event orchestrations: router, unrouted and global path, and each service's own.

Rules are stored as sent and get ids where they bring none; events sent to an orchestration's key go by the router.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from starlette.responses import Response

from sandbox.core import instant_text, json_answer
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call, Handler
from sandbox.pagerduty.errors import invalid
from sandbox.pagerduty.orchestrations import found
from sandbox.pagerduty.responses import API, Json

START = "start"
UNROUTED = "unrouted"
EMPTY: dict[str, Json] = {
    "router": {"actions": {"route_to": UNROUTED}},
    UNROUTED: {"actions": {"suppress": True}},
    "global": {"actions": {}},
    "service": {"actions": {"suppress": False}},
}


def reader(kind: str) -> Handler:
    """Return the handler that reads one kind of path of an orchestration."""

    def read(call: Call) -> Response:
        """GET /event_orchestrations/{id}/{router|unrouted|global}."""
        one = found(call)
        return json_answer({"orchestration_path": one.paths.get(kind) or _empty(call.account, kind, one.id)})

    return read


def writer(kind: str) -> Handler:
    """Return the handler that replaces one kind of path of an orchestration."""

    def write(call: Call) -> Response:
        """PUT /event_orchestrations/{id}/{router|unrouted|global}: the whole path, an empty one to clear it."""
        one = found(call)
        path = _stored(call, kind, _empty(call.account, kind, one.id))
        if kind == "router":
            _check_targets(call.account, path)
        one.paths[kind] = path
        return json_answer({"orchestration_path": path})

    return write


def read_service(call: Call) -> Response:
    """GET /event_orchestrations/services/{service}."""
    service = call.account.service(call.path("service"))
    held = call.account.service_paths.get(service.id)
    return json_answer({"orchestration_path": held or _empty(call.account, "service", service.id)})


def write_service(call: Call) -> Response:
    """PUT /event_orchestrations/services/{service}."""
    service = call.account.service(call.path("service"))
    path = _stored(call, "service", _empty(call.account, "service", service.id))
    call.account.service_paths[service.id] = path
    return json_answer({"orchestration_path": path})


def read_active(call: Call) -> Response:
    """GET /event_orchestrations/services/{service}/active."""
    service = call.account.service(call.path("service"))
    return json_answer({"active": service.id in call.account.active_paths})


def write_active(call: Call) -> Response:
    """PUT /event_orchestrations/services/{service}/active."""
    service = call.account.service(call.path("service"))
    active = call.json.get("active") if isinstance(call.json, dict) else None
    if not isinstance(active, bool):
        raise invalid("active must be true or false")
    (call.account.active_paths.add if active else call.account.active_paths.discard)(service.id)
    return read_active(call)


def _empty(account: Account, kind: str, parent: str) -> Json:
    now = instant_text(account.now())
    above = "service" if kind == "service" else "event_orchestration"
    place = f"{API}/services/{parent}" if kind == "service" else f"{API}/event_orchestrations/{parent}"
    own = f"{API}/event_orchestrations/" + (f"services/{parent}" if kind == "service" else f"{parent}/{kind}")
    return {
        "type": kind,
        "parent": {"id": parent, "type": f"{above}_reference", "self": place},
        "self": own,
        "sets": [{"id": START, "rules": []}],
        "catch_all": deepcopy(EMPTY[kind]),
        "created_at": now,
        "created_by": None,
        "updated_at": now,
        "updated_by": None,
        "version": account.core.ids.key(32),
    }


def _stored(call: Call, kind: str, empty: Json) -> Json:
    body = call.wrapped("orchestration_path")
    sent = body.get("sets", [])
    if not isinstance(sent, list) or not all(isinstance(one, Mapping) for one in sent):
        raise invalid("Sets must be an array")
    sets: list[Json] = [{"id": one.get("id"), "rules": _rules(call.account, one)} for one in sent]
    if sets and sets[0]["id"] != START:
        raise invalid(f"The first set's id must be {START}")
    if len({one["id"] for one in sets}) < len(sets):
        raise invalid("Set ids must be unique")
    if kind == "router" and len(sets) > 1:
        raise invalid("A router has one set")
    catch_all = body.get("catch_all") or empty["catch_all"]
    if not isinstance(catch_all, Mapping):
        raise invalid("Catch all must be an object")
    actions = {name: value for name, value in (catch_all.get("actions") or {}).items() if value is not None}
    return empty | {"sets": sets or empty["sets"], "catch_all": {"actions": empty["catch_all"]["actions"] | actions}}


def _rules(account: Account, one: Mapping[str, Any]) -> list[Json]:
    rules = one.get("rules") or []
    if not isinstance(rules, list) or not all(isinstance(rule, Mapping) for rule in rules):
        raise invalid("Rules must be an array")
    found_rules: list[Json] = []
    for rule in rules:
        conditions = rule.get("conditions") or []
        if not all(isinstance(one, Mapping) and isinstance(one.get("expression"), str) for one in conditions):
            raise invalid("Conditions must have an expression")
        actions = {name: value for name, value in (rule.get("actions") or {}).items() if value is not None}
        found_rules.append(
            {
                "id": rule.get("id") or account.core.ids.key(8),
                "label": rule.get("label"),
                "conditions": list(conditions),
                "actions": actions,
                "disabled": bool(rule.get("disabled", False)),
            }
        )
    return found_rules


def _check_targets(account: Account, path: Json) -> None:
    rules = [rule for one in path["sets"] for rule in one["rules"]]
    targets = [rule["actions"].get("route_to") for rule in rules] + [path["catch_all"]["actions"].get("route_to")]
    if any(target not in (None, UNROUTED) and target not in account.services for target in targets):
        raise invalid("Route to must be the id of a service, or unrouted")


def forget_service(account: Account, service: str) -> None:
    """Drop the rules of a service that is deleted."""
    account.service_paths.pop(service, None)
    account.active_paths.discard(service)
