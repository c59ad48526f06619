"""PagerDuty users, teams and memberships."""

from collections.abc import Iterable
from datetime import datetime

from oncall.model import Inventory
from oncall.resource import Ref, Resource, Value
from oncall.targets.common import described, has_left
from oncall.targets.pagerduty.kinds import MEMBERSHIP, TEAM, USER, team, user


def users(inventory: Inventory, people: Iterable[str]) -> list[Resource]:
    """Return the people somebody refers to: found by e-mail, or made where the inventory manages them wholly."""
    return [_user(inventory, key) for key in sorted(people)]


def _user(inventory: Inventory, key: str) -> Resource:
    person = inventory.people[key]
    if inventory.manage_of(person) != "all":
        return Resource(USER, key, {"email": person.email}, lookup=True)
    properties: dict[str, Value] = {"name": person.name, "email": person.email, "description": described(None)}
    if person.time_zone:
        properties["time_zone"] = person.time_zone
    return Resource(USER, key, properties)


def teams(inventory: Inventory, keys: Iterable[str]) -> list[Resource]:
    """Return the teams themselves."""
    return [
        Resource(
            TEAM,
            key,
            {"name": inventory.teams[key].name, "description": described(inventory.teams[key].description)},
            key,
        )
        for key in keys
    ]


def memberships(inventory: Inventory, keys: Iterable[str], now: datetime) -> list[Resource]:
    """Return who belongs to the teams; somebody whose last day is over does not."""
    return [
        Resource(
            MEMBERSHIP,
            f"{key}/{member.person}",
            {"team_id": team(key), "user_id": user(member.person), "role": member.role},
            key,
        )
        for key in keys
        for member in sorted(inventory.teams[key].members, key=lambda member: member.person)
        if not has_left(inventory, member.person, now)
    ]


def memberships_of(resources: Iterable[Resource]) -> dict[str, tuple[Ref, ...]]:
    """Return the memberships by team.

    PagerDuty refuses to take somebody out of a team whose policies still reach them ("User cannot be removed as they
    belong to an escalation policy on this team", api-behaviour.md, 5): schedules and policies are made after the
    memberships and so are gone before them.
    """
    found: dict[str, list[Ref]] = {}
    for resource in resources:
        if resource.kind == MEMBERSHIP and resource.team:
            found.setdefault(resource.team, []).append(Ref(MEMBERSHIP, resource.key))
    return {key: tuple(refs) for key, refs in found.items()}
