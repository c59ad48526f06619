"""OpsGenie services: what a group of servers is to the people who use it."""

from collections.abc import Collection

from oncall.model import Inventory
from oncall.resource import Resource
from oncall.targets.common import described
from oncall.targets.opsgenie.kinds import SERVICE, team


def services(inventory: Inventory, keys: Collection[str]) -> list[Resource]:
    """Return a service for each group whose team is one of `keys`; a service belongs to a team there."""
    return [
        Resource(
            SERVICE,
            key,
            {"name": group.name, "team_id": team(group.team), "description": described(group.description)},
            group.team,
        )
        for key, group in sorted(inventory.groups.items())
        if group.team in keys
    ]
