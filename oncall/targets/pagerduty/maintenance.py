"""PagerDuty maintenance windows, on request: they silence whole services and drop what comes in meanwhile."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from oncall.model import Inventory
from oncall.model.escalation import raised_tier
from oncall.resource import Ref, Resource
from oncall.targets.common import utc_text
from oncall.targets.maintenance import Carried, carried_by, windows
from oncall.targets.pagerduty.kinds import SERVICE, WINDOW


def maintenance_windows(
    inventory: Inventory, tiers: Mapping[str, Sequence[str]], made: Iterable[Resource], now: datetime
) -> list[Resource]:
    """Return the windows asked for, over those of the `made` services that only servers in maintenance use."""
    known = {service.key for service in made}
    carried = {key: slugs for key, slugs in carried_services(inventory, tiers).items() if key in known}
    return [
        Resource(
            WINDOW,
            one.key,
            {
                "start_time": utc_text(one.start),
                "end_time": utc_text(one.end),
                "description": one.description,
                "services": tuple(Ref(SERVICE, key) for key in one.entries),
            },
        )
        for one in windows(inventory, carried, now)
    ]


def carried_services(inventory: Inventory, tiers: Mapping[str, Sequence[str]]) -> Carried:
    """Return which servers page through which service, raises and unknown servers counted."""
    watch = inventory.bridge.watch
    open_to_all = [f"{inventory.bridge.fallback}/{tier}" for tier in tiers.get(inventory.bridge.fallback, ())]
    if watch is not None:
        open_to_all += [f"{watch.team}/{tier}" for tier in tiers.get(watch.team, ())[:1]]  # the most severe
    return carried_by(_entries(inventory, tiers), open_to_all)


def _entries(inventory: Inventory, tiers: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for slug, server in inventory.servers.items():
        if server.team not in tiers:
            continue
        yield f"server/{slug}" if server.own_service else f"{server.team}/{server.tier}", slug
        own, seen = frozenset(tiers[server.team]), {server.tier}
        tier = raised_tier(inventory, own, server.tier)
        while tier is not None and tier not in seen:
            yield f"{server.team}/{tier}", slug
            seen.add(tier)
            tier = raised_tier(inventory, own, tier)
