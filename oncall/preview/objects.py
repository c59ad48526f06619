"""The objects of a vendor that change, in words: no ids, no defaults, nothing of how the engine names them."""

import re
from collections.abc import Mapping

from oncall.plan import Change, FieldChange
from oncall.preview.model import EngineAction
from oncall.resource import Ref, Resource, Value

ACTIONS = {"create": "new", "update": "changed", "rekey": "renamed", "delete": "deleted"}
ENGINE_ACTIONS: Mapping[EngineAction, str] = {
    "create": "new",
    "update": "changed",
    "replace": "made anew",
    "delete": "deleted",
}
WORDS = {
    "layers": "turns",
    "participants": "people",
    "users": "people",
    "escalation_policy": "escalation",
    "rotation_turn_length_seconds": "turn length",
    "incident_urgency_rule": "urgency",
    "start_date": "start",
    "end_date": "end",
    "timezone": "time zone",
    "owner_team_id": "team",
    "team_id": "team",
    "user_id": "person",
    "username": "person",
    "schedule_id": "schedule",
    "num_loops": "repeats",
    "rules": "steps",
    "escalation_delay_in_minutes": "minutes until the next",
    "rotation_virtual_start": "turns counted from",
    "restrictions": "hours",
}
"""Words of the vendors' that say less than ours, and ours for them."""
# Marks of ours, and what follows from a name that is told anyway.
_SILENT = frozenset({"description", "alias"})
_LONGEST = 60
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):00Z")


def object_row(change: Change, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return a change as cells: what happens, to what, and how; `names` are what people are called, by key."""
    fields = [_field(each) for each in change.fields if each.name not in _SILENT]
    return (ACTIONS[change.action], title(change.resource, names), "; ".join(fields))


def title(resource: Resource, names: Mapping[str, str] | None = None) -> str:
    """Return a resource as people name it: `escalation policy Platform internal`."""
    word = noun(resource.kind)
    if word in ("service integration", "api integration"):
        return f"key of {keyed(resource)}"
    parts = [(names or {}).get(part, part) for part in resource.key.split("/")]
    if word == "schedule override":
        start = next((resource.properties[name] for name in ("start", "start_date") if name in resource.properties), "")
        return f"override of {'/'.join(parts[:2])} from {_plain(str(start))}: {parts[-1]}"
    name = resource.properties.get("name")
    if word == "rotation":
        return f"rotation of {'/'.join(parts[:2])}, {name}"
    return f"{word} {name if isinstance(name, str) else ', '.join(parts)}"


def noun(kind: str) -> str:
    """Return the word for a kind: `escalation policy` for `pagerduty:EscalationPolicy`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.partition(":")[2]).lower()


def keyed(resource: Resource) -> str:
    """Return what an integration's key pages: `data/internal`, a server, a team."""
    return resource.key.partition("/")[2].removeprefix("server/")


def _field(change: FieldChange) -> str:
    word = WORDS.get(change.name, change.name.replace("_", " "))
    before, after = _text(change.before), _text(change.after)
    if before is None or after is None or max(len(before), len(after)) > _LONGEST:
        return word
    return f"{word} {before} → {after}"


def _text(value: Value) -> str | None:
    """Return a plain value as text; None for what has a shape of its own."""
    match value:
        case None:
            return "none"
        case Ref():
            return value.key
        case bool():
            return "yes" if value else "no"
        case tuple() | Mapping():
            return None
        case _:
            return _plain(str(value))


def _plain(text: str) -> str:
    return _INSTANT.sub(r"\1 \2 UTC", text)
