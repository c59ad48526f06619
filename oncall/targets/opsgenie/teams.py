"""OpsGenie users and teams. People are named by e-mail; only those the inventory manages wholly are made."""

from collections.abc import Iterable
from datetime import datetime

from oncall.model import Inventory
from oncall.resource import Resource, Value
from oncall.targets.common import described, has_left
from oncall.targets.opsgenie.kinds import MEMBER, TEAM, USER, made_users, team, username


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
    if person.opsgenie is not None:
        given = {"role": person.opsgenie.role, "locale": person.opsgenie.locale}
        properties.update({name: value for name, value in given.items() if value is not None})
    return Resource(USER, key, properties)


def teams(inventory: Inventory, keys: Iterable[str]) -> list[Resource]:
    """Return the teams."""
    return [
        Resource(
            TEAM,
            key,
            {"name": inventory.teams[key].name, "description": described(inventory.teams[key].description)},
            key,
        )
        for key in keys
    ]


def members(inventory: Inventory, keys: Iterable[str], now: datetime) -> list[Resource]:
    """Return who belongs to the teams, managers as admins; somebody whose last day is over does not."""
    return [
        Resource(
            MEMBER,
            f"{key}/{member.person}",
            {
                "team_id": team(key),
                "username": username(inventory, member.person),
                "role": "admin" if member.role == "manager" else "user",
            },
            key,
            after=made_users(inventory, (member.person,)),
        )
        for key in keys
        for member in sorted(inventory.teams[key].members, key=lambda member: member.person)
        if not has_left(inventory, member.person, now)
    ]
