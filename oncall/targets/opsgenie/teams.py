"""OpsGenie users and teams. People are named by e-mail; only those the inventory manages wholly are made."""

from collections.abc import Iterable
from datetime import datetime

from oncall.model import Inventory
from oncall.resource import Resource, Value
from oncall.targets.common import described, has_left
from oncall.targets.opsgenie.kinds import TEAM, USER, made_users, username


def users(inventory: Inventory, people: Iterable[str]) -> list[Resource]:
    """Return the users that are ours among some people."""
    return [_user(inventory, ref.key) for ref in made_users(inventory, people)]


def _user(inventory: Inventory, key: str) -> Resource:
    person = inventory.people[key]
    properties: dict[str, Value] = {
        "username": person.email,
        "full_name": person.name,
        "time_zone": inventory.person_zone(person),
    }
    if person.opsgenie is not None and person.opsgenie.role is not None:
        properties["role"] = person.opsgenie.role
    return Resource(USER, key, properties)


def members(inventory: Inventory, team: str, now: datetime) -> list[tuple[str, str]]:
    """Return the people of a team with their roles, by person; somebody whose last day is over is not of it."""
    return sorted(
        (member.person, "admin" if member.role == "manager" else "user")
        for member in inventory.teams[team].members
        if not has_left(inventory, member.person, now)
    )


def teams(inventory: Inventory, keys: Iterable[str], now: datetime) -> list[Resource]:
    """Return the teams with their members."""
    return [_team(inventory, key, members(inventory, key, now)) for key in keys]


def _team(inventory: Inventory, key: str, people: list[tuple[str, str]]) -> Resource:
    properties: dict[str, Value] = {
        "name": inventory.teams[key].name,
        "description": described(inventory.teams[key].description),
        "members": tuple({"username": username(inventory, person), "role": role} for person, role in people),
    }
    return Resource(TEAM, key, properties, key, after=made_users(inventory, (person for person, _ in people)))
