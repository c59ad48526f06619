"""What audit records are about: the object a call is on, as it is, and which part of it; their filters and pages."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from starlette.responses import Response

from sandbox.pagerduty import schedules, shift_schedules
from sandbox.pagerduty.access import token_of
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import bad_range, invalid
from sandbox.pagerduty.layers import layer_json
from sandbox.pagerduty.responses import Json, policy_json, reference, service_json, team_json, user_json
from sandbox.pagerduty.rotations import rotation_json

Item = TypeVar("Item")

# https://developer.pagerduty.com/docs/audit-records-api: the last day unless said otherwise, 31 days at most.
DEFAULT_RANGE = timedelta(days=1)
MAX_RANGE = timedelta(days=31)
MAX_LIMIT = 100
ACTOR_TYPES = ("user_reference", "api_key_reference", "app_reference")
METHOD_TYPES = ("browser", "oauth", "api_token", "identity_provider", "other")
_PLAIN = ("id", "type", "summary", "self", "html_url", "status", "last_incident_timestamp")
_PARTS = re.compile(r"/(contact_methods|notification_rules|oncall_handoff_notification_rules|integrations|overrides)")


@dataclass(frozen=True)
class Subject:
    """An object at one moment: its reference, its fields as texts, its lists of references."""

    reference: Json
    fields: dict[str, str]
    references: dict[str, list[Json]]


def _user(account: Account, key: str) -> Json:
    return user_json(account, account.users[key])


def _team(account: Account, key: str) -> Json:
    team = account.teams[key]
    members = [reference(account, "user", user) for user in team.members]
    return team_json(team) | {"members": members, "member_roles": dict(team.members)}


def _policy(account: Account, key: str) -> Json:
    return policy_json(account, account.policies[key])


def _service(account: Account, key: str) -> Json:
    return service_json(account, account.services[key])


def _schedule(account: Account, key: str) -> Json:
    if key in account.shift_schedules:
        shifts = account.shift_schedules[key]
        rotations = [rotation_json(shifts, rotation) for rotation in shifts.rotations.values() if not rotation.deleted]
        return shift_schedules.head_json(account, shifts) | {"rotations": [str(rotations)]}
    schedule = account.schedules[key]
    layers = [layer_json(account, layer, schedule.time_zone) for layer in schedule.layers]
    overrides = [(one.id, one.start.isoformat(), one.end.isoformat(), one.user) for one in schedule.overrides]
    texts = {"schedule_layers": [json.dumps(layer) for layer in layers], "overrides": [str(one) for one in overrides]}
    return schedules.head_json(account, schedule) | texts


ROOTS: dict[str, tuple[str, str, Callable[[Account, str], Json]]] = {
    "users": ("user", "user", _user),
    "teams": ("team", "team", _team),
    "schedules": ("schedule", "schedule", _schedule),
    "escalation_policies": ("escalation_policy", "escalation_policy", _policy),
    "services": ("service", "service", _service),
}


def kind_of(path: str) -> str | None:
    """Return the audited kind that a path of the table is on: "users" for /users/{user}/contact_methods."""
    first = path.removeprefix("/v3").split("/")[1]
    return None if path.endswith(("/preview", "/change_tags")) or first not in ROOTS else first


def _held(account: Account, kind: str, key: str) -> bool:
    if kind == "schedules":
        return key in account.schedules or key in account.shift_schedules
    held: dict[str, Mapping[str, object]] = {
        "users": account.users,
        "teams": account.teams,
        "escalation_policies": account.policies,
        "services": account.services,
    }
    return key in held[kind]


def subject(call: Call, kind: str, path: str) -> Subject | None:
    """Return the object that a call of this path in the table is on, as it is now; None if there is none (yet)."""
    # The first name in the path is the object's, the others are its parts'.
    names = re.findall(r"{(\w+)}", path)
    return _subject(call.account, kind, call.path(names[0])) if names else None


def created(call: Call, kind: str, answer: Response) -> Subject | None:
    """Return the object that a call has made, which its answer names."""
    body = json.loads(bytes(answer.body)) if answer.body else {}
    made = body.get(ROOTS[kind][0], {}) if isinstance(body, dict) else {}
    return _subject(call.account, kind, str(made.get("id")))


def _subject(account: Account, kind: str, key: str) -> Subject | None:
    if not _held(account, kind, key):
        return None
    whole = ROOTS[kind][2](account, key)
    fields: dict[str, str] = {}
    references: dict[str, list[Json]] = {}
    for name, value in whole.items():
        if name in _PLAIN or value is None:
            continue
        if isinstance(value, list) and all(isinstance(one, dict) and "id" in one and "type" in one for one in value):
            references[name] = [one for one in value if isinstance(one, dict)]
        else:
            fields[name] = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    about = reference(account, ROOTS[kind][1], key)
    return Subject(about, fields, references)


def part(call: Call, kind: str, path: str, root: Json) -> Json | None:
    """Return the reference to the part of an object that a call is on (a contact method), or None for itself."""
    match = _PARTS.search(path)
    if match is None or kind not in ("users", "services", "schedules"):
        return None
    name = match[1].removesuffix("s")
    key = str(call.request.path_params.get("id", "")) if "{user}" in path or "{service}" in path else ""
    return {"id": key or root["id"], "type": f"{name}_reference", "summary": None, "self": None, "html_url": None}


def token_end(call: Call) -> str:
    """Return the last four characters of the call's token, all of it that a record may hold."""
    return token_of(call.request)[-4:]


def check_filters(actor_type: str | None, actor: str | None, method: str | None, token: str | None) -> None:
    """Raise the 400 for filters that are unknown, or that need another one."""
    if actor_type is not None and actor_type not in ACTOR_TYPES:
        raise invalid(f"actor_type must be one of: {', '.join(ACTOR_TYPES)}")
    if method is not None and method not in METHOD_TYPES:
        raise invalid(f"method_type must be one of: {', '.join(METHOD_TYPES)}")
    if actor is not None and actor_type is None:
        raise invalid("actor_id must be qualified by actor_type")
    if token is not None and method is None:
        raise invalid("method_truncated_token must be qualified by method_type")


def window(call: Call) -> tuple[datetime, datetime]:
    """Return since and until."""
    until = call.instant("until", call.account.core.clock.now())
    since = call.instant("since", until - DEFAULT_RANGE)
    if not since <= until <= since + MAX_RANGE:
        raise bad_range(f"until must lie after since, by {MAX_RANGE.days} days at most")
    return since, until


def after_cursor(call: Call, found: Sequence[Item]) -> tuple[Sequence[Item], int, str | None]:
    """Return the part that `cursor` and `limit` ask for, the limit, and the next cursor (None at the end)."""
    text = call.query("limit") or str(MAX_LIMIT)
    limit = min(int(text), MAX_LIMIT) if text.isascii() and text.isdigit() else 0
    if limit < 1:
        raise invalid("Limit must be a number from 1")
    cursor = call.query("cursor")
    try:
        # Counted from the oldest, so that records made meanwhile shift nothing.
        left = int(urlsafe_b64decode(cursor).decode()) if cursor else len(found)
    except ValueError:
        raise invalid("Cursor is invalid") from None
    rest = found[max(0, len(found) - left) :]
    more = len(rest) > limit
    return rest[:limit], limit, urlsafe_b64encode(str(len(rest) - limit).encode()).decode() if more else None
