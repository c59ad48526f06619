"""Inventory -> route table."""

import pytest

from oncall.bridge.config import Delivery, Raise, Target
from oncall.bridge.routes import bridge_config
from oncall.bridge.secrets import shard_keys
from oncall.model import Inventory

TIERS = {
    "internal": {"severity": "critical"},
    "author": {"severity": "high"},
    "thirdparty": {"severity": "medium", "raise_after": "30m", "raise_to": "critical"},
}


def team(name, *targets):
    return {"name": name, "pages_through": list(targets), "members": ["ana"], "escalation": [{"notify": "ana"}]}


def server(owner, tier, **more):
    return {"name": "A server", "url": "https://mcp.example/mcp", "team": owner, "tier": tier, **more}


def inventory_with(**changes):
    return Inventory.model_validate(
        {
            "organization": "Acme",
            "people": {"ana": {"name": "Ana", "email": "ana@acme.example"}},
            "tiers": TIERS,
            "teams": {
                "platform": team("Platform", "pagerduty"),
                "edge": team("Edge Team", "opsgenie"),
                "mover": team("Mover", "opsgenie", "pagerduty"),
                "idle": team("Idle", "pagerduty"),
            },
            "servers": {
                "weather-mcp": server("platform", "internal"),
                "maps-mcp": server("edge", "thirdparty"),
                "docs-mcp": server("mover", "author"),
                "own-mcp": server("platform", "author", own_service=True),
                "edge-own-mcp": server("edge", "thirdparty", own_service=True),
            },
            "bridge": {"fallback": "platform", "signature": "either"},
        }
        | changes
    )


@pytest.fixture
def inventory():
    return inventory_with()


def test_a_server_goes_through_its_team_and_tier(inventory):
    config = bridge_config(inventory)
    assert config.servers["weather-mcp"] == "platform/internal"
    assert config.routes["platform/internal"].deliveries == (
        Delivery(target="pagerduty", key="pagerduty/platform/internal"),
    )


def test_opsgenie_is_told_the_team_by_name(inventory):
    route = bridge_config(inventory).routes["edge/thirdparty"]
    assert route.deliveries == (Delivery(target="opsgenie", key="opsgenie/edge", responder="Edge Team"),)


def test_a_moving_team_keeps_its_targets_in_order(inventory):
    route = bridge_config(inventory).routes["mover/author"]
    assert [delivery.key for delivery in route.deliveries] == ["opsgenie/mover", "pagerduty/mover/author"]


def test_a_service_of_its_own_is_a_matter_of_pagerduty(inventory):
    config = bridge_config(inventory)
    assert config.servers["own-mcp"] == "platform/author/own-mcp"
    assert [delivery.key for delivery in config.routes["platform/author/own-mcp"].deliveries] == [
        "pagerduty/server/own-mcp"
    ]
    assert config.servers["edge-own-mcp"] == "edge/thirdparty"


def test_every_tier_is_in_use_for_the_fallback_and_none_for_an_idle_team(inventory):
    config = bridge_config(inventory)
    assert list(config.teams["platform"]) == ["internal", "author", "thirdparty"]
    assert "idle" not in config.teams


def test_a_raise_goes_to_the_teams_tier_of_that_severity(inventory):
    config = bridge_config(inventory)
    assert config.routes["edge/thirdparty"].raised == Raise(after_seconds=1800, route="edge/internal")
    assert config.routes["edge/internal"].raised is None
    assert config.teams["edge"] == {"internal": "edge/internal", "thirdparty": "edge/thirdparty"}


def test_the_notice_goes_where_a_team_is_told_most_quietly(inventory):
    config = bridge_config(inventory)
    assert config.routes["platform/internal"].notice == "platform/thirdparty"
    assert config.routes["mover/author"].notice == "mover/author"


def test_targets_are_those_in_use_in_their_regions(inventory):
    config = bridge_config(inventory, {"opsgenie": "eu"})
    assert config.targets == {
        "pagerduty": Target(vendor="pagerduty"),
        "opsgenie": Target(vendor="opsgenie", region="eu"),
    }
    assert config.targets["opsgenie"].host == "api.eu.opsgenie.com"


def test_settings_are_the_inventorys(inventory):
    config = bridge_config(inventory)
    assert (config.fallback, config.signature, config.tiers["author"]) == ("platform", "either", "high")


def test_key_slots_hold_every_key():
    names = [f"team-with-a-long-name-{number}" for number in range(500)]
    config = bridge_config(
        inventory_with(
            teams={name: team(name, "pagerduty") for name in [*names, "platform"]},
            servers={f"mcp-{name}": server(name, "thirdparty") for name in names},
        )
    )
    needed = shard_keys(dict.fromkeys(config.key_ids, "k" * 36))
    assert len(needed) <= config.key_slots <= len(needed) + 5
    assert bridge_config(inventory_with()).key_slots == 1


def test_what_a_raised_tier_is_raised_to_has_a_route_too():
    tiers = {
        "loud": {"severity": "critical"},
        "plain": {"severity": "high", "raise_after": "20m", "raise_to": "critical"},
        "quiet": {"severity": "medium", "raise_after": "30m", "raise_to": "high"},
    }
    config = bridge_config(inventory_with(tiers=tiers, servers={"maps-mcp": server("edge", "quiet")}))
    assert config.teams["edge"] == {"loud": "edge/loud", "plain": "edge/plain", "quiet": "edge/quiet"}
    assert config.routes["edge/quiet"].raised == Raise(after_seconds=1800, route="edge/plain")
    assert config.routes["edge/plain"].raised == Raise(after_seconds=1200, route="edge/loud")


def test_a_server_with_a_service_of_its_own_never_takes_the_route_of_a_team_called_server():
    teams = {"platform": team("Platform", "pagerduty"), "server": team("Server", "opsgenie")}
    servers = {"author": server("platform", "author", own_service=True), "maps-mcp": server("server", "author")}
    config = bridge_config(inventory_with(teams=teams, servers=servers))
    assert config.routes[config.servers["maps-mcp"]].team == "server"
    assert config.routes[config.servers["author"]].team == "platform"


def test_a_team_goes_by_its_keys_of_before_too():
    edge = {**team("Edge Team", "opsgenie", "pagerduty"), "formerly": ["rim"]}
    config = bridge_config(
        inventory_with(
            teams={"platform": team("Platform", "pagerduty"), "edge": edge},
            servers={"maps-mcp": server("edge", "internal"), "weather-mcp": server("platform", "internal")},
        )
    )

    assert config.teams["rim"] == config.teams["edge"]
    assert config.former_keys == {
        "opsgenie/rim": "opsgenie/edge",
        "pagerduty/rim/internal": "pagerduty/edge/internal",
    }
