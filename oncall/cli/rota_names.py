"""What `oncall rota` is told: rotations by their path, people by key or address."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from oncall.answers.names import UnknownNameError, person_named
from oncall.edits.rota_orders import Add, Change, Order, Remove, Swap
from oncall.edits.rota_stage import RotationRef
from oncall.model import NOBODY, Inventory

_NEAR = 3


def rotation_named(inventory: Inventory, name: str) -> RotationRef:
    """Return the rotation `team/schedule/rotation`, or `team/schedule` where there is one in it.

    Raises UnknownNameError, with each near one by its shortest name.
    """
    known: dict[str, RotationRef] = {}
    for team_key, team in inventory.teams.items():
        for schedule_key, schedule in team.schedules.items():
            refs = [RotationRef(team_key, schedule_key, key) for key in schedule.rotations]
            if len(refs) == 1:
                known[f"{team_key}/{schedule_key}"] = refs[0]
            known |= {ref.name: ref for ref in refs}
    if name in known:
        return known[name]
    inside = [full for full in known if full.startswith(f"{name}/")]
    near = inside or get_close_matches(name[:200], known, n=_NEAR)
    shortest = {known[each]: min((short for short in known if known[short] == known[each]), key=len) for each in near}
    hint = (
        f"did you mean {' or '.join(f'`{each}`' for each in shortest.values())}?" if near else "team/schedule/rotation"
    )
    raise UnknownNameError(f"no rotation `{name[:200]}` ({hint})")


def with_keys(inventory: Inventory, change: Change) -> Change:
    """Return a change with its people by their keys. Raises UnknownNameError."""
    match change:
        case Add(person, after):
            return replace(change, person=person_named(inventory, person), after=after and _slot(inventory, after))
        case Remove(person):
            return Remove(person_named(inventory, person))
        case Swap(one, other):
            return Swap(_slot(inventory, one), _slot(inventory, other))
        case Order(people):
            return Order(tuple(_slot(inventory, person) for person in people))
        case _:
            return change


def _slot(inventory: Inventory, name: str) -> str:
    return name if name == NOBODY else person_named(inventory, name)
