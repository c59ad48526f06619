"""Calls on event orchestrations and their integrations; each new one comes with an integration of its own.

https://developer.pagerduty.com/api-reference (/event_orchestrations). Their rules are in `orchestration_paths`.
"""

from dataclasses import dataclass, field
from datetime import datetime

from starlette.responses import Response

from sandbox.core import instant_text, json_answer
from sandbox.pagerduty.account import Account, taken
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import invalid, not_found
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.responses import API, Json

MAX_NAME = 255
MAX_DESCRIPTION = 1024
SORTABLE = ("name", "routes", "created_at")


@dataclass
class Orchestration:
    """A global orchestration; `integrations` maps ids to (label, routing key), `paths` kinds to stored paths."""

    id: str
    name: str
    description: str | None
    team: str | None
    created_at: datetime
    updated_at: datetime
    version: str
    integrations: dict[str, tuple[str, str]] = field(default_factory=dict)
    paths: dict[str, Json] = field(default_factory=dict)

    @property
    def routes(self) -> int:
        """How many services the router's rules name, each once."""
        rules = [rule for one in self.paths.get("router", {}).get("sets", []) for rule in one["rules"]]
        targets = {(rule.get("actions") or {}).get("route_to") for rule in rules}
        return len(targets - {None, "unrouted"})


def listed(call: Call) -> Response:
    """GET /event_orchestrations, by sort_by."""
    name, _, direction = (call.query("sort_by") or "name:asc").partition(":")
    if name not in SORTABLE or direction not in ("", "asc", "desc"):
        raise invalid(f"Sort by {name} is not possible")
    found = sorted(
        call.account.orchestrations.values(), key=lambda one: getattr(one, name), reverse=direction == "desc"
    )
    return call.page("orchestrations", found, _head)


def create(call: Call) -> Response:
    """POST /event_orchestrations."""
    account, now = call.account, call.account.now()
    one = Orchestration(account.core.ids.uuid(), "", None, None, now, now, "")
    _take(account, Fields(call.wrapped("orchestration")), one, None)
    _add_integration(account, one, f"{one.name} Default Integration")
    account.orchestrations[one.id] = one
    return json_answer({"orchestration": _json(one)}, 201)


def read(call: Call) -> Response:
    """GET /event_orchestrations/{id}."""
    return json_answer({"orchestration": _json(found(call))})


def update(call: Call) -> Response:
    """PUT /event_orchestrations/{id}."""
    one = found(call)
    _take(call.account, Fields(call.wrapped("orchestration")), one, one.name)
    return read(call)


def delete(call: Call) -> Response:
    """DELETE /event_orchestrations/{id}: its routing keys are unknown from then on."""
    del call.account.orchestrations[found(call).id]
    return json_answer(None, 204)


def integrations(call: Call) -> Response:
    """GET /event_orchestrations/{id}/integrations: all of them, without pages."""
    return _integrations(found(call))


def create_integration(call: Call) -> Response:
    """POST /event_orchestrations/{id}/integrations: with a new routing key, beginning R."""
    one = found(call)
    key = _add_integration(call.account, one, _label(call))
    return json_answer({"integration": _integration(one, key)}, 201)


def integration(call: Call) -> Response:
    """GET /event_orchestrations/{id}/integrations/{integration}."""
    one, key = _found_integration(call)
    return json_answer({"integration": _integration(one, key)})


def update_integration(call: Call) -> Response:
    """PUT /event_orchestrations/{id}/integrations/{integration}: the routing key stays."""
    one, key = _found_integration(call)
    one.integrations[key] = (_label(call), one.integrations[key][1])
    return integration(call)


def delete_integration(call: Call) -> Response:
    """DELETE /event_orchestrations/{id}/integrations/{integration}."""
    one, key = _found_integration(call)
    del one.integrations[key]
    return json_answer(None, 204)


def migrate(call: Call) -> Response:
    """POST /event_orchestrations/{id}/integrations/migration: an integration comes here with its routing key."""
    target = found(call)
    body = call.json if isinstance(call.json, dict) else {}
    source = call.account.orchestrations.get(str(body.get("source_id")))
    key = str(body.get("integration_id"))
    if source is None or body.get("source_type") != "orchestration" or key not in source.integrations:
        raise invalid("Source or integration not found")
    target.integrations[key] = source.integrations.pop(key)
    return _integrations(target)


def found(call: Call) -> Orchestration:
    """Return the orchestration of the path or raise the 404."""
    if call.path() not in call.account.orchestrations:
        raise not_found("Orchestration")
    one: Orchestration = call.account.orchestrations[call.path()]
    return one


def _take(account: Account, fields: Fields, one: Orchestration, old: str | None) -> None:
    name = fields.name(old, MAX_NAME)
    if taken(name, account.orchestrations.values(), one.id):
        fields.refuse("Name has already been taken")
    description = fields.text("description", one.description, MAX_DESCRIPTION)
    # The provider sends {"id": ""} or null where there is no team.
    sent = fields.raw("team", {"id": one.team})
    team = sent.get("id") if isinstance(sent, dict) else None
    if team and team not in account.teams:
        fields.refuse("Team not found")
    fields.check()
    one.name, one.description, one.team = name, description, team or None
    one.updated_at, one.version = account.now(), account.core.ids.key(32)


def _add_integration(account: Account, one: Orchestration, label: str) -> str:
    key = account.core.ids.uuid()
    one.integrations[key] = (label, account.core.ids.capitals("R", 32))
    return key


def _label(call: Call) -> str:
    label = call.wrapped("integration").get("label")
    if not isinstance(label, str) or not label.strip():
        raise invalid("Label can't be blank")
    return label


def _found_integration(call: Call) -> tuple[Orchestration, str]:
    one, key = found(call), call.path("integration")
    if key not in one.integrations:
        raise not_found("Integration")
    return one, key


def _integrations(one: Orchestration) -> Response:
    rows = [_integration(one, key) for key in one.integrations]
    return json_answer({"integrations": rows, "total": len(rows)})


def _integration(one: Orchestration, key: str) -> Json:
    label, routing_key = one.integrations[key]
    return {"id": key, "label": label, "parameters": {"routing_key": routing_key, "type": "global"}}


def _head(one: Orchestration) -> Json:
    team = {"id": one.team, "type": "team_reference", "self": f"{API}/teams/{one.team}"}
    return {
        "id": one.id,
        "self": f"{API}/event_orchestrations/{one.id}",
        "name": one.name,
        "description": one.description or "",
        "team": team if one.team else None,
        "routes": one.routes,
        "created_at": instant_text(one.created_at),
        "created_by": None,
        "updated_at": instant_text(one.updated_at),
        "updated_by": None,
        "version": one.version,
    }


def _json(one: Orchestration) -> Json:
    return _head(one) | {"integrations": [_integration(one, key) for key in one.integrations]}
