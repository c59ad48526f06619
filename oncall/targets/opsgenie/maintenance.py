"""OpsGenie maintenance, on request: a team's integration is switched off, and with it all that comes in through it."""

from collections.abc import Iterable
from datetime import datetime

from oncall.model import Inventory
from oncall.resource import Ref, Resource
from oncall.targets.common import utc_text
from oncall.targets.maintenance import Carried, carried_by, windows
from oncall.targets.opsgenie.kinds import INTEGRATION, MAINTENANCE


def maintenance(inventory: Inventory, keys: Iterable[str], now: datetime) -> list[Resource]:
    """Return the maintenance asked for, of the integrations of teams all of whose servers are in it."""
    return [
        Resource(
            MAINTENANCE,
            one.key,
            {
                "description": one.description,
                "time": {"type": "schedule", "startDate": utc_text(one.start), "endDate": utc_text(one.end)},
                "rules": tuple(
                    {"state": "disabled", "entity": {"id": Ref(INTEGRATION, key), "type": "integration"}}
                    for key in one.entries
                ),
            },
        )
        for one in windows(inventory, carried_integrations(inventory, keys), now)
    ]


def carried_integrations(inventory: Inventory, keys: Iterable[str]) -> Carried:
    """Return which servers alert through which team's integration, unknown servers counted."""
    known = frozenset(keys)
    watch = inventory.bridge.watch
    open_teams = {inventory.bridge.fallback, *((watch.team,) if watch is not None else ())}
    entries = [(f"opsgenie/{one.team}", slug) for slug, one in inventory.servers.items() if one.team in known]
    return carried_by(entries, [f"opsgenie/{key}" for key in sorted(open_teams & known)])
