"""Keys that were changed: what a resource was called before, so that the engine knows it again and keeps its object."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

from oncall.model import Inventory
from oncall.resource import Resource


@dataclass(frozen=True, slots=True)
class KeyParts:
    """Where in a kind's keys, split at the slashes, the team stands, and whether one of its schedules comes next."""

    team: int = 0
    schedule: bool = False


def with_former_keys(
    inventory: Inventory, resources: Iterable[Resource], parts: Mapping[str, KeyParts]
) -> tuple[Resource, ...]:
    """Return the resources with the keys they had before; `parts` has the kinds whose keys name a team."""
    if not any(
        team.formerly or any(each.formerly for each in team.schedules.values()) for team in inventory.teams.values()
    ):
        return tuple(resources)
    return tuple(
        replace(each, formerly=_former(inventory, each.key, parts[each.kind])) if each.kind in parts else each
        for each in resources
    )


def _former(inventory: Inventory, key: str, parts: KeyParts) -> tuple[str, ...]:
    steps = key.split("/")
    if parts.team >= len(steps) or steps[parts.team] not in inventory.teams:
        return ()  # a server's own service: `server/<slug>`
    team = inventory.teams[steps[parts.team]]
    choices: list[tuple[str, ...]] = [(step,) for step in steps]
    choices[parts.team] += team.formerly
    place = parts.team + 1
    if parts.schedule and place < len(steps):
        schedule, at, zone = steps[place].partition("@")  # `team/schedule@zone`
        if schedule in team.schedules:
            choices[place] += tuple(f"{each}{at}{zone}" for each in team.schedules[schedule].formerly)
    return tuple("/".join(each) for each in product(*choices))[1:]
