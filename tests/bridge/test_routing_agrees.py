"""The route that `oncall` tells is the one the bridge takes."""

from itertools import product

import pytest

from oncall.answers.route import Claim, Router
from oncall.bridge.render import routes_document
from oncall.bridge.routes import bridge_config
from oncall.model import Inventory

pytestmark = pytest.mark.worker

SLUGS = ("auth", "maps", "unheard-of")
TEAMS = (None, "platform", "old-edge", "edge", "idle", "strangers", "constructor")
TIERS = (None, "internal", "author", "other", "misspelt")
TAGS = ((), ("eu", "claimed"), ("internal",))
WEEK = {"people": ["ana"], "turn": "1 week", "since": "2026-10-05"}


def team(name, **words):
    schedules = {"all": {"rotations": {"weekly": WEEK}}}
    return {"name": name, "members": ["ana"], "schedules": schedules, "escalation": [{"notify": "all"}], **words}


def server(**words):
    return {"name": "A server", "url": "https://x.example", **words}


@pytest.fixture(scope="module")
def inventory():
    return Inventory.model_validate(
        {
            "organization": "Acme",
            "people": {"ana": {"name": "Ana", "email": "ana@acme.example"}},
            "tiers": {
                "other": {"severity": "high"},
                "internal": {"severity": "critical"},
                "author": {"severity": "high"},
                "thirdparty": {"severity": "medium", "raise_after": "30m", "raise_to": "critical"},
            },
            "teams": {
                "platform": team("Platform", pages_through="pagerduty"),
                "edge": team("Edge", pages_through=["opsgenie", "pagerduty"], formerly=["old-edge"]),
                "idle": team("Idle", pages_through="opsgenie"),
            },
            "servers": {
                "auth": server(team="platform", tier="internal", own_service=True),
                "maps": server(team="edge", tier="thirdparty"),
                "docs": server(team="edge", tier="other"),
            },
            "bridge": {"fallback": "platform"},
        }
    )


def test_whatever_a_webhook_claims(call, inventory):
    table, router = routes_document(bridge_config(inventory)), Router(inventory)
    for slug, team, tier, tags in product(SLUGS, TEAMS, TIERS, TAGS):
        found = call("route", "routeOf", table, {"slug": slug, "team": team, "tier": tier, "tags": list(tags)})
        route = table["routes"][found["route"]]
        told = router.route(slug, Claim(team, tier, tags))

        asked = (slug, team, tier, tags)
        assert (told.team, told.tier, told.severity) == (route["team"], route["tier"], route["severity"]), asked
        assert (told.reason, list(told.mismatch)) == (found["reason"], found["mismatch"]), asked
        legs = call("route", "legsOf", table, found["route"], None)
        assert [(leg.vendor, leg.team, leg.tier) for leg in told.legs] == [
            (leg["target"], leg["team"], leg["tier"]) for leg in legs
        ], asked
        assert [leg.own_service for leg in told.legs] == [f"server/{slug}" in leg["key_id"] for leg in legs], asked
