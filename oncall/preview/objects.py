"""The objects of a vendor that change, in words: no ids, no defaults, nothing of how the engine names them."""

import re
from collections.abc import Mapping

from oncall.plan import Change, FieldChange
from oncall.resource import Ref, Resource, Value

ACTIONS = {"create": "new", "update": "changed", "rekey": "renamed", "delete": "deleted"}
# Words of the vendors' that say less than ours.
_WORDS = {
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
}
_LONGEST = 60


def object_row(change: Change) -> tuple[str, ...]:
    """Return a change as cells: what happens, to what, and how."""
    return (ACTIONS[change.action], title(change.resource), "; ".join(_field(each) for each in change.fields))


def title(resource: Resource) -> str:
    """Return a resource as people name it: `escalation policy Platform internal`."""
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", resource.kind.partition(":")[2]).lower()
    name = resource.properties.get("name")
    return f"{noun} {name if isinstance(name, str) else resource.key}"


def _field(change: FieldChange) -> str:
    word = _WORDS.get(change.name, change.name.replace("_", " "))
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
            return str(value)
