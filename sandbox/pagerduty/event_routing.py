"""Where an event goes that was sent to an event orchestration's key: by the router's rules, then the service's own.

https://developer.pagerduty.com/docs/event-orchestration. Of conditions this knows `matches`, `matches part`,
`matches regex` and `exists`, joined by `and` or `or`; a condition it can't read matches nothing. Of a service's actions
it knows suppress and severity.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.pagerduty.account import Account
from sandbox.pagerduty.models import Integration
from sandbox.pagerduty.orchestration_paths import EMPTY, UNROUTED
from sandbox.pagerduty.responses import Json

_TEST = re.compile(r"event\.([\w.]+) (?:matches (part |regex )?'((?:[^'\\]|\\.)*)'|(exists))")


@dataclass(frozen=True)
class Routed:
    """What became of an event: the service it reaches (None: none), its severity, whether it is suppressed."""

    integration: Integration | None
    severity: str
    suppressed: bool = False


def orchestration_integration(account: Account, key: str) -> tuple[Any, str] | None:
    """Return the orchestration with this routing key and the id of its integration, or None."""
    for one in account.orchestrations.values():
        for integration, (_, routing_key) in one.integrations.items():
            if routing_key == key:
                return one, integration
    return None


def routed(account: Account, orchestration: Any, integration: str, payload: Json) -> Routed:
    """Return where a trigger goes, and what its service's rules make of it."""
    severity = str(payload.get("severity"))
    target = _actions(orchestration.paths.get("router"), payload, EMPTY["router"]).get("route_to")
    if target is None or target == UNROUTED or target not in account.services:
        return Routed(None, severity)
    actions: Json = {}
    if target in account.active_paths:
        actions = _actions(account.service_paths.get(target), payload, EMPTY["service"])
    severity = str(actions.get("severity") or severity)
    return Routed(at_service(account, orchestration, integration, target), severity, actions.get("suppress") is True)


def at_service(account: Account, orchestration: Any, integration: str, service: str) -> Integration:
    """Return the orchestration's integration as one of a service."""
    label, key = orchestration.integrations[integration]
    kind = "events_api_v2_inbound_integration"
    return Integration(integration, label, kind, service, key, account.now())


def _actions(path: Json | None, payload: Json, empty: Json) -> Json:
    """Return the actions of the first rule that matches, followed into further sets, else those for all others."""
    sets = {one["id"]: one["rules"] for one in (path or {}).get("sets", [])}
    actions: Json = {}
    name: Any = "start"
    # A set is gone through once at most, so that sets which point at each other end.
    while name in sets:
        rules = sets.pop(name)
        rule = next((one for one in rules if not one["disabled"] and _matches(one["conditions"], payload)), None)
        if rule is None:
            break
        actions |= rule["actions"]
        name = rule["actions"].get("route_to")
    return actions or dict((path or {}).get("catch_all", empty)["actions"])


def _matches(conditions: list[Mapping[str, Any]], payload: Json) -> bool:
    """Return whether any of the conditions holds; a rule without conditions always matches."""
    return not conditions or any(_holds(str(one["expression"]), payload) for one in conditions)


def _holds(expression: str, payload: Json) -> bool:
    choices = re.split(r"\s+or\s+", expression)
    return any(all(_test(part.strip(), payload) for part in re.split(r"\s+and\s+", choice)) for choice in choices)


def _test(text: str, payload: Json) -> bool:
    match = _TEST.fullmatch(text)
    if match is None:
        return False
    value: Any = payload
    for name in match[1].split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if match[4] or value is None:
        return match[4] is not None and value is not None
    wanted = match[3].replace("\\'", "'")
    match match[2]:
        case "part ":
            return wanted in str(value)
        case "regex ":
            return _found(wanted, str(value))
        case _:
            return wanted == str(value)


def _found(pattern: str, value: str) -> bool:
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return False
