"""Inventory -> BridgeConfig: which key pages for which server, team and tier."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import get_args

from oncall.bridge.config import BridgeConfig, Delivery, Raise, Region, Route, Target, Vendor
from oncall.bridge.secrets import shard_keys
from oncall.model import Inventory, Team
from oncall.model.escalation import raised_tier, tiers_in_use

VENDORS: tuple[Vendor, ...] = get_args(Vendor)

# At least as long as any key: PagerDuty's integration keys have 32 characters, OpsGenie's 36.
_ANY_KEY = "k" * 40


def pagerduty_key_id(team: str, tier: str) -> str:
    """Return the key id of a team x tier service's integration."""
    return f"pagerduty/{team}/{tier}"


def server_key_id(slug: str) -> str:
    """Return the key id of the PagerDuty service that a server has to itself."""
    return f"pagerduty/server/{slug}"


def opsgenie_key_id(team: str) -> str:
    """Return the key id of a team's OpsGenie integration."""
    return f"opsgenie/{team}"


def bridge_config(
    inventory: Inventory, regions: Mapping[Vendor, Region] | None = None, name: str = "alivemcp-bridge"
) -> BridgeConfig:
    """Return the route table of a checked inventory.

    `regions` are the vendor accounts' (us where not named), `name` is the Worker's at Cloudflare.
    """
    in_use = tiers_in_use(inventory)
    teams = {
        team: {tier: f"{team}/{tier}" for tier in inventory.tiers if tier in tiers}
        for team, tiers in in_use.items()
        if tiers
    }
    routes = {
        teams[team][tier]: _route(inventory, team, tier, in_use[team])
        for team, tiers in teams.items()
        for tier in tiers
    }
    servers: dict[str, str] = {}
    for slug, server in inventory.servers.items():
        servers[slug] = teams[server.team][server.tier]
        if server.own_service and "pagerduty" in inventory.teams[server.team].pages_through:
            # Two slashes: no team x tier is called so, whatever the team's key.
            servers[slug] = f"{server.team}/{server.tier}/{slug}"
            routes[servers[slug]] = _route(inventory, server.team, server.tier, in_use[server.team], slug)
    used = {delivery.target for route in routes.values() for delivery in route.deliveries}
    key_ids = {delivery.key for route in routes.values() for delivery in route.deliveries}
    former_keys = _former_keys(inventory, teams, key_ids)
    return BridgeConfig(
        name=name,
        targets={
            vendor: Target(vendor=vendor, region=(regions or {}).get(vendor, "us"))
            for vendor in VENDORS
            if vendor in used
        },
        tiers={key: tier.severity for key, tier in inventory.tiers.items()},
        routes=routes,
        teams=teams | _former_teams(inventory, teams),
        servers=servers,
        fallback=inventory.bridge.fallback,
        signature=inventory.bridge.signature,
        former_keys=former_keys,
        key_slots=len(shard_keys(dict.fromkeys(key_ids | former_keys.keys(), _ANY_KEY))),
    )


def _former_teams(inventory: Inventory, teams: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return the teams by the keys they had before: AliveMCP may go by one for a while."""
    return {former: tiers for key, tiers in teams.items() for former in inventory.teams[key].formerly}


def _former_keys(
    inventory: Inventory, teams: Mapping[str, Mapping[str, str]], key_ids: Collection[str]
) -> dict[str, str]:
    """Return key ids of before with those of now: an incident that is open goes by the ids of its beginning."""
    found: dict[str, str] = {}
    for key, tiers in teams.items():
        for former in inventory.teams[key].formerly:
            found[opsgenie_key_id(former)] = opsgenie_key_id(key)
            found |= {pagerduty_key_id(former, tier): pagerduty_key_id(key, tier) for tier in tiers}
    return {former: key_id for former, key_id in found.items() if key_id in key_ids and former not in key_ids}


def _route(
    inventory: Inventory, team_key: str, tier_key: str, in_use: tuple[str, ...], own_service: str | None = None
) -> Route:
    team, tier = inventory.teams[team_key], inventory.tiers[tier_key]
    raised = raised_tier(inventory, frozenset(in_use), tier_key)
    return Route(
        team=team_key,
        tier=tier_key,
        severity=tier.severity,
        deliveries=_deliveries(team, team_key, tier_key, own_service),
        raised=None
        if raised is None or tier.raise_after is None
        else Raise(after_seconds=tier.raise_after // timedelta(seconds=1), route=f"{team_key}/{raised}"),
        notice=f"{team_key}/{in_use[-1]}",  # most severe first: the last is the quietest
    )


def _deliveries(team: Team, team_key: str, tier_key: str, own_service: str | None) -> tuple[Delivery, ...]:
    found: list[Delivery] = []
    for vendor in team.pages_through:
        if vendor == "pagerduty":
            key = pagerduty_key_id(team_key, tier_key) if own_service is None else server_key_id(own_service)
            found.append(Delivery(target=vendor, key=key))
        elif vendor == "opsgenie":
            found.append(Delivery(target=vendor, key=opsgenie_key_id(team_key), responder=team.name))
    return tuple(found)
