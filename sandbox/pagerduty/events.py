"""The Events API v2: POST /v2/enqueue and /v2/change/enqueue. The routing key in the body is the credential.

https://developer.pagerduty.com/docs/events-api-v2-overview; the texts of the refusals are those seen from it.
"""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import dispatch, event_routing
from sandbox.pagerduty.account import Account, Dropped
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import EventError
from sandbox.pagerduty.history import integration_agent
from sandbox.pagerduty.models import Incident, Integration
from sandbox.pagerduty.responses import Json
from sandbox.pagerduty.times import parse_time

# In bytes and characters: https://developer.pagerduty.com/docs/send-alert-event
MAX_BYTES = 512 * 1024
MAX_DEDUP_KEY = 255
MAX_SUMMARY = 1024
ROUTING_KEY_LENGTH = 32
ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "warning", "error", "info")
EVENT_TYPES = frozenset({"events_api_v2_inbound_integration", "generic_events_api_inbound_integration"})


def enqueue(call: Call) -> Response:
    """POST /v2/enqueue: 202 for every event that is well formed, whether or not it changes anything."""
    account, event = call.account, _event(call)
    errors = _key_errors(event.get("routing_key"))
    action, key = event.get("event_action"), event.get("dedup_key")
    if action not in ACTIONS:
        errors.append(f"'event_action' is invalid (must be one of the following: {_words(ACTIONS)})")
    if key is not None and (not isinstance(key, str) or len(key) > MAX_DEDUP_KEY):
        errors.append(f"'dedup_key' is invalid (must be a string of at most {MAX_DEDUP_KEY} characters)")
    if not key and action in ("acknowledge", "resolve"):
        errors.append("'dedup_key' is missing or blank")
    payload = event.get("payload")
    if action == "trigger":
        errors.extend(_payload_errors(payload))
    if errors:
        raise EventError(*errors)
    key = str(key) if key else account.core.ids.key(32)
    orchestrated = event_routing.orchestration_integration(account, str(event["routing_key"]))
    integration = None if orchestrated else _integration(account, str(event["routing_key"]))
    if orchestrated:
        _orchestrate(account, *orchestrated, str(action), key, event)
    elif integration is None:
        account.dropped.append(Dropped(account.now(), "no service", key, "the routing key is unknown"))
    elif action == "trigger":
        dispatch.trigger(account, integration, key, dict(payload or {}), event)
    else:
        _close(account, integration, str(action), key)
    return json_answer({"status": "success", "message": "Event processed", "dedup_key": key}, 202)


def _orchestrate(account: Account, orchestration: Any, integration: str, action: str, key: str, event: Json) -> None:
    """Take an event of an orchestration: a trigger goes by its rules, anything else to the alert it opened."""
    if action != "trigger":
        service = next((one.service for one in account.open_incidents() if _has(one, integration, key)), None)
        if service is None:
            account.dropped.append(Dropped(account.now(), orchestration.name, key, f"nothing open to {action}"))
        else:
            _close(account, event_routing.at_service(account, orchestration, integration, service), action, key)
        return
    payload = dict(event["payload"])
    where = event_routing.routed(account, orchestration, integration, payload)
    if where.integration is None or where.suppressed:
        why = "no rule routes it to a service" if where.integration is None else "the service's rules suppress it"
        account.dropped.append(Dropped(account.now(), orchestration.name, key, why))
        return
    dispatch.trigger(account, where.integration, key, payload | {"severity": where.severity}, event)


def _has(incident: Incident, integration: str, key: str) -> bool:
    return any(one.integration == integration and one.key == key and not one.resolved for one in incident.alerts)


def _close(account: Account, integration: Integration, action: str, key: str) -> None:
    service = account.services[integration.service]
    if account.in_maintenance(service.id):
        account.dropped.append(Dropped(account.now(), service.name, key, "the service is in maintenance"))
        return
    found = dispatch.open_alert(account, integration, key)
    if found is None:
        account.dropped.append(
            Dropped(account.now(), service.name, key, f"nothing open to {action} with this routing key")
        )
        return
    incident, alert = found
    agent = integration_agent(integration)
    if action == "acknowledge":
        dispatch.acknowledge(account, incident, agent)
    else:
        dispatch.resolve_alert(account, incident, alert, agent)


def change(call: Call) -> Response:
    """POST /v2/change/enqueue: checked and answered; change events never tell anybody."""
    event = _event(call)
    errors = _key_errors(event.get("routing_key"))
    payload = event.get("payload")
    if not isinstance(payload, Mapping) or not payload.get("summary"):
        errors.append("'payload.summary' is missing or blank")
    if errors:
        raise EventError(*errors)
    if event_routing.orchestration_integration(call.account, str(event["routing_key"])):
        raise EventError("'routing_key' of an event orchestration takes no change events")
    _integration(call.account, str(event["routing_key"]))
    return json_answer({"status": "success", "message": "Change event processed"}, 202)


def _event(call: Call) -> dict[str, Any]:
    if int(call.request.headers.get("content-length") or 0) > MAX_BYTES:
        raise EventError("Event is too large (maximum is 512 KB)", status=413)
    if not isinstance(call.json, dict):
        raise EventError("Event must be a JSON object")
    return call.json


def _integration(account: Account, key: str) -> Integration | None:
    found = account.integration_by_key(key)
    if found and found.type in EVENT_TYPES:
        return found
    # Whether the real service takes a well-formed key that nobody has is not settled: a switch, strict by default.
    if account.switches.unknown_routing_key_status != 202:
        raise EventError("'routing_key' is unknown", status=account.switches.unknown_routing_key_status)
    return None


def _key_errors(key: Any) -> list[str]:
    if not isinstance(key, str) or not key:
        return ["'routing_key' is missing or blank"]
    errors: list[str] = []
    if len(key) != ROUTING_KEY_LENGTH:
        errors.append(f"Length of 'routing_key' is incorrect (should be {ROUTING_KEY_LENGTH} characters)")
    if not (key.isascii() and key.isalnum()):
        errors.append("'routing_key' cannot contain non-alphanumeric characters.")
    return errors


def _payload_errors(payload: Any) -> list[str]:
    if not isinstance(payload, Mapping):
        return ["'payload' is missing or blank"]
    errors = [
        f"'payload.{name}' is missing or blank" for name in ("summary", "source", "severity") if not payload.get(name)
    ]
    if isinstance(payload.get("summary"), str) and len(payload["summary"]) > MAX_SUMMARY:
        errors.append(f"'payload.summary' is too long (maximum is {MAX_SUMMARY} characters)")
    if payload.get("severity") and payload["severity"] not in SEVERITIES:
        errors.append(f"'payload.severity' is invalid (must be one of the following: {_words(SEVERITIES)})")
    if payload.get("timestamp") is not None:
        try:
            parse_time(payload["timestamp"])
        except ValueError:
            errors.append("'payload.timestamp' is invalid (must be ISO 8601 with a zone)")
    return errors


def _words(words: tuple[str, ...]) -> str:
    quoted = [f"'{word}'" for word in words]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
