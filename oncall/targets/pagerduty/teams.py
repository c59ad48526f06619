"""PagerDuty users, teams and memberships."""

from collections.abc import Collection, Iterable
from datetime import datetime

from oncall.model import Inventory
from oncall.resource import Resource, Value
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
    properties["time_zone"] = inventory.person_zone(person)
    if person.pagerduty is not None:
        given = {"role": person.pagerduty.role, "job_title": person.pagerduty.job_title}
        properties.update({name: value for name, value in given.items() if value is not None})
    return Resource(USER, key, properties)


def teams(inventory: Inventory, keys: Iterable[str]) -> list[Resource]:
    """Return the teams themselves, those that others are a part of first."""
    wanted = list(keys)
    found: dict[str, Resource] = {}
    for key in wanted:
        way = [key]
        while (parent := parent_of(inventory, way[-1], wanted)) is not None and parent not in (*way, *found):
            way.append(parent)
        for each in reversed(way):
            found.setdefault(each, _team(inventory, each, parent_of(inventory, each, wanted), found))
    return list(found.values())


def parent_of(inventory: Inventory, key: str, keys: Collection[str]) -> str | None:
    """Return the team that a team is a part of, if that is one of `keys`."""
    parent = inventory.teams[key].parent
    return parent if parent in keys else None


def _team(inventory: Inventory, key: str, parent: str | None, made: Collection[str]) -> Resource:
    noun = inventory.teams[key]
    properties: dict[str, Value] = {"name": noun.name, "description": described(noun.description)}
    if parent is not None and parent in made:  # in a circle, which is an error, somebody has to be first
        properties["parent"] = team(parent)
    if noun.pagerduty is not None and noun.pagerduty.default_role is not None:
        properties["default_role"] = noun.pagerduty.default_role
    return Resource(TEAM, key, properties, key)


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
