"""How alerts come into OpsGenie: an API integration per team, and heartbeats that alert when they fall silent."""

from collections.abc import Iterable
from datetime import timedelta

from oncall.model import Inventory, Severity
from oncall.resource import Resource, Value
from oncall.targets.common import MANAGED, whole_minutes
from oncall.targets.opsgenie.kinds import HEARTBEAT, INTEGRATION, PRIORITY, team
from oncall.targets.opsgenie.names import integration_name

# https://docs.opsgenie.com/docs/heartbeat-api
MESSAGE_LENGTH = 130
TAGS = ("alivemcp", "heartbeat")


def integrations(inventory: Inventory, keys: Iterable[str]) -> list[Resource]:
    """Return the integrations of the teams; a resource's key is the id under which the bridge knows the API key."""
    return [
        Resource(
            INTEGRATION,
            f"opsgenie/{key}",
            {"name": integration_name(inventory, key), "owner_team_id": team(key), **_extras(inventory, key)},
            key,
        )
        for key in keys
    ]


def _extras(inventory: Inventory, key: str) -> dict[str, Value]:
    extras = inventory.teams[key].opsgenie
    return {"suppress_notifications": True} if extras is not None and extras.suppress_notifications else {}


def heartbeats(inventory: Inventory, keys: Iterable[str]) -> list[Resource]:
    """Return the heartbeats of the teams' servers, and the bridge's own where one of the teams watches it.

    While a team is moving it pages through its first target only: at the other one its heartbeats exist, switched off.
    """
    known = frozenset(keys)
    found = [
        _heartbeat(
            inventory,
            slug,
            server.team,
            server.heartbeat.alert_after,
            f"{server.name}: no heartbeat",
            inventory.tiers[server.tier].severity,
        )
        for slug, server in inventory.servers.items()
        if server.heartbeat is not None and server.team in known
    ]
    watch = inventory.bridge.watch
    if watch is not None and watch.team in known:
        message = "Alerts have stopped: the AliveMCP bridge is silent"
        found.append(_heartbeat(inventory, watch.name, watch.team, watch.alert_after, message, "critical"))
    return sorted(found, key=lambda resource: resource.key)


def _heartbeat(
    inventory: Inventory, name: str, team_key: str, after: timedelta, message: str, severity: Severity
) -> Resource:
    return Resource(
        HEARTBEAT,
        name,
        {
            "name": name,
            "description": MANAGED,
            "interval": max(1, whole_minutes(after)),
            "interval_unit": "minutes",
            "enabled": inventory.teams[team_key].pages_through[0] == "opsgenie",
            "owner_team_id": team(team_key),
            "alert_message": message[:MESSAGE_LENGTH],
            "alert_tags": TAGS,
            "alert_priority": PRIORITY[severity],
        },
        team_key,
    )
