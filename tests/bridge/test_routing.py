"""Who is paged: the inventory's entry, the payload's team and tier, the fallback; and that a route is pinned."""

import pytest

from oncall.bridge.config import Delivery, Route
from oncall.bridge.render import routes_document

pytestmark = pytest.mark.worker


@pytest.fixture(scope="module")
def table(config_of):
    return routes_document(config_of())


def routed(call, table, **event):
    found = call("route", "routeOf", table, {"slug": "any-mcp", "team": None, "tier": None, "tags": []} | event)
    return found["route"], found["reason"], found["mismatch"]


def test_the_inventory_decides_for_its_own_servers(call, table):
    assert routed(call, table, slug="weather-mcp") == ("platform/internal", "server", [])


def test_the_inventory_wins_over_the_payload_and_the_difference_is_named(call, table):
    found = routed(call, table, slug="weather-mcp", team="edge", tier="thirdparty")
    words = ["team-differs-from-inventory", "tier-differs-from-inventory"]
    assert found == ("platform/internal", "server", words)


def test_a_server_may_have_a_service_of_its_own(call, table):
    assert routed(call, table, slug="own-mcp") == ("server/own-mcp", "server", [])


def test_an_unlisted_server_goes_to_its_owner_team_by_tier(call, table):
    assert routed(call, table, team="edge", tier="internal") == ("edge/internal", "team", [])


@pytest.mark.parametrize(
    "tags, tier",
    [
        (["eu", "internal"], "internal"),
        (["claimed"], "author"),
        (["author"], "author"),
        (["claimed", "internal"], "internal"),
        (["eu"], "thirdparty"),
        ([], "thirdparty"),
    ],
)
def test_without_a_tier_the_tags_tell_it(call, table, tags, tier):
    assert routed(call, table, team="platform", tags=tags) == (f"platform/{tier}", "team", [])


def test_a_tier_beats_the_tags(call, table):
    found = routed(call, table, team="platform", tier="author", tags=["internal"])
    assert found == ("platform/author", "team", [])


def test_a_tier_not_in_use_takes_the_next_more_severe_one(call, table):
    assert routed(call, table, team="edge", tier="author") == ("edge/internal", "team", ["tier-not-in-use"])


def test_a_team_without_a_more_severe_tier_takes_its_most_severe_one(call, table):
    assert routed(call, table, team="mover", tier="internal") == ("mover/author", "team", ["tier-not-in-use"])


def test_a_misspelt_tier_does_not_become_the_quietest(call, table):
    found = routed(call, table, team="platform", tier="internl")
    assert found == ("platform/internal", "team", ["unknown-tier", "tier-not-in-use"])


def test_a_misspelt_tier_with_a_telling_tag_takes_the_tag(call, table):
    found = routed(call, table, team="platform", tier="internl", tags=["claimed"])
    assert found == ("platform/author", "team", ["unknown-tier"])


@pytest.mark.parametrize("team", ["nobody", "__proto__", "constructor"])
def test_an_unknown_team_falls_to_the_fallback_at_the_tier_computed(call, table, team):
    assert routed(call, table, team=team, tier="author") == ("platform/author", "fallback", ["unknown-team"])


def test_a_server_nobody_knows_falls_to_the_fallback(call, table):
    assert routed(call, table) == ("platform/thirdparty", "fallback", ["unknown-server"])


def test_the_usual_tiers_keep_their_severity_where_the_inventory_has_others(call, config_of):
    config = config_of(
        tiers={"loud": "critical", "calm": "low"},
        routes={
            f"platform/{tier}": Route(
                team="platform",
                tier=tier,
                severity=severity,
                deliveries=(Delivery(target="pagerduty", key=f"k/{tier}"),),
            )
            for tier, severity in (("loud", "critical"), ("calm", "low"))
        },
        teams={"platform": {"loud": "platform/loud", "calm": "platform/calm"}},
        servers={},
    )
    table = routes_document(config)
    assert routed(call, table, team="platform", tier="thirdparty")[0] == "platform/loud"
    assert routed(call, table, team="platform", tier="calm")[0] == "platform/calm"


def test_the_legs_of_a_route_are_its_targets_in_order_and_then_the_fallback(call, table):
    legs = call("route", "legsOf", table, "mover/author", None)
    places = [(leg["key_id"], leg["responder"], leg["severity"], leg["note"]) for leg in legs]
    assert places == [
        ("pagerduty/mover/author", None, "high", None),
        ("opsgenie/mover", "Mover", "high", None),
        ("pagerduty/platform/author", None, "high", "fallback-after-refusal"),
    ]


def test_the_fallback_team_has_no_second_leg_to_itself(call, table):
    assert len(call("route", "legsOf", table, "platform/internal", None)) == 1


# ---------------------------------------------------------------- in the running bridge


def test_an_unknown_server_pages_the_fallback_and_says_so(bridge, vendors, slug, key):
    bridge.send("triggered", slug)
    assert vendors.open_keys(slug) == [(key("pagerduty/platform/thirdparty"), f"alivemcp-{slug}")]
    details = vendors.about(slug)[0].body["payload"]["custom_details"]
    assert details["routing"] == "fallback: unknown-server"
    assert '"level":"warn","event":"opened","incident":"' + slug in bridge.log()


def test_new_incidents_of_a_moving_team_go_to_the_first_target_only(bridge, vendors, slug, key):
    bridge.trigger(slug, server_owner_team="mover", server_tier="author")
    assert vendors.open_keys(slug) == [(key("pagerduty/mover/author"), f"alivemcp-{slug}")]
    bridge.resolve(slug)
    assert [call.key for call in vendors.about(slug)] == [key("pagerduty/mover/author")] * 2


def test_a_recovery_reaches_the_place_pinned_at_the_trigger(new_bridge, vendors, config_of, slug, key):
    bridge = new_bridge()
    bridge.trigger(slug, server_owner_team="mover", server_tier="author")
    # The cut-over: the targets swap places, and the server becomes another team's.
    before = config_of()
    mover = before.routes["mover/author"]
    swapped = mover.model_copy(update={"deliveries": mover.deliveries[::-1]})
    bridge.deploy(config_of(routes=before.routes | {"mover/author": swapped}, servers={slug: "edge/internal"}))
    assert bridge.resolve(slug) == "closed"
    assert [(call.action, call.key) for call in vendors.about(slug)] == [
        ("trigger", key("pagerduty/mover/author")),
        ("resolve", key("pagerduty/mover/author")),
    ]
    # The next outage takes the new route.
    bridge.trigger(slug, server_owner_team="mover", server_tier="author")
    assert vendors.open_keys(slug) == [(key("opsgenie/edge"), f"alivemcp-{slug}")]


def test_eu_accounts_have_hosts_of_their_own(new_bridge, vendors, config_of, slug):
    targets = {name: target.model_copy(update={"region": "eu"}) for name, target in config_of().targets.items()}
    bridge = new_bridge(config_of(targets=targets))
    bridge.trigger(slug)
    bridge.trigger(f"{slug}-edge", server_owner_team="edge")
    assert vendors.about(slug)[0].host == "events.eu.pagerduty.com"
    assert vendors.about(f"{slug}-edge")[0].host == "api.eu.opsgenie.com"
