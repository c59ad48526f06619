"""OpsGenie services: what a group of servers is to the people who use it."""

from collections.abc import Collection, Mapping

from oncall.model import Group, Inventory
from oncall.resource import Resource, Value
from oncall.targets.common import described
from oncall.targets.opsgenie.kinds import SERVICE, team

VISIBILITY: Mapping[str, str] = {"team": "TEAM_MEMBERS", "everybody": "OPSGENIE_USERS"}


def services(inventory: Inventory, keys: Collection[str]) -> list[Resource]:
    """Return a service for each group whose team is one of `keys`; a service belongs to a team there."""
    return [_service(key, group) for key, group in sorted(inventory.groups.items()) if group.team in keys]


def _service(key: str, group: Group) -> Resource:
    properties: dict[str, Value] = {
        "name": group.name,
        "team_id": team(group.team),
        "description": described(group.description),
    }
    if group.opsgenie is not None:
        if group.opsgenie.visible_to is not None:
            properties["visibility"] = VISIBILITY[group.opsgenie.visible_to]
        if group.opsgenie.tags:
            properties["tags"] = group.opsgenie.tags
    return Resource(SERVICE, key, properties, group.team)
