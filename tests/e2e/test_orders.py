"""Changes of an organisation, each done by one `up`: what refers to a thing lets go of it before it leaves."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.kill_up import held
from oncall.cli.load import load_inventory
from oncall.model import Inventory
from oncall.preview.compute import preview
from oncall.preview.engine_steps import compare, steps_of
from oncall.preview.model import Side
from tests.e2e.conftest import Stack

pytestmark = pytest.mark.e2e

WEEKLY = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}
REFUSALS = range(400, 500)


def team(name: str, vendor: str, people: list[str], manager: str, also: str | None = None) -> dict[str, Any]:
    """A team with one rotation, and somebody who is told next by name."""
    return {
        "name": name,
        "pages_through": vendor,
        "members": [*people, {manager: "manager"}],
        "schedules": {"primary": {"rotations": {"weekly": {"people": people, **WEEKLY}}}},
        "escalation": [{"notify": "primary"}, {"notify": also or people[-1], "after": "5m"}],
    }


def server(name: str, team: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "url": f"https://{name.lower()}.acme.example/mcp",
        "team": team,
        "tier": "internal",
        **more,
    }


OWN = {"own_service": True, "accept": [{"rule": "opsgenie-own-service", "why": "while the team is there"}]}
PING = {"heartbeat": {"ping_every": "1m", "alert_after": "5m"}}
PEOPLE = {"ana": "Ana Petrova", "bo": "Bo Lind", "cy": "Cy Okafor", "dee": "Dee Ruiz", "eve": "Eve Sato"}
OURS = {
    "eve": {"manage": "all", "pages": {"critical": ["email"], "high": ["email"]}}
}  # her users at the vendors are made, and go with her


def inventory(teams: dict[str, Any], servers: dict[str, Any], people: str = "ana bo cy dee eve") -> dict[str, Any]:
    return {
        "organization": "Acme",
        "time_zone": "Europe/Berlin",
        "people": {
            key: {"name": PEOPLE[key], "email": f"{key}@acme.example", **OURS.get(key, {})} for key in people.split()
        },
        "pages": {"critical": ["push"], "high": ["push"], "medium": ["email"]},
        "tiers": {"internal": {"severity": "critical", "manager_after": "10m"}},
        "teams": teams,
        "servers": servers,
        "bridge": {"fallback": "web"},
    }


WEB = team("Web", "pagerduty", ["ana", "eve", "bo"], "dee")
DATA = team("Data", "opsgenie", ["cy", "bo", "eve"], "dee")
SERVERS = {
    "shop-mcp": server("Shop", "web"),
    "docs-mcp": server("Docs", "web", **OWN),
    "query-mcp": server("Query", "data", **PING),
    "lake-mcp": server("Lake", "data", **PING),
}
NO_BO = {
    "web": team("Web", "pagerduty", ["ana", "cy"], "dee"),
    "data": team("Data", "opsgenie", ["cy", "ana"], "dee"),
}
RENAMED = {"web": {**NO_BO["web"], "name": "Storefront"}, "data": {**NO_BO["data"], "name": "Insight"}}
SPLIT = {
    **RENAMED,
    "web": team("Storefront", "pagerduty", ["ana"], "dee"),
    "api": team("Interfaces", "pagerduty", ["cy", "dee"], "ana"),
    "data": team("Insight", "opsgenie", ["cy"], "dee"),
    "lake": team("Lakes", "opsgenie", ["ana", "dee"], "cy"),
}
SPLIT_SERVERS = SERVERS | {
    "docs-mcp": server("Docs", "api", **OWN),
    "lake-mcp": server("Lake", "lake", **PING),
}
SWAPPED = {
    "web": {**RENAMED["web"], "pages_through": "opsgenie"},
    "data": {**RENAMED["data"], "pages_through": "pagerduty"},
}
REKEYED = {
    "web": {**RENAMED["web"], "name": "Counter"},
    "insight": {**RENAMED["data"], "name": "Foresight"},
}
REKEYED_SERVERS = SERVERS | {
    "query-mcp": server("Query", "insight", **PING),
    "lake-mcp": server("Lake", "insight", **PING),
}
FEW = "ana cy dee"

# In this order, on one stack: every change starts from what the one before it left.
CHANGES = {
    "a person leaves": inventory(NO_BO, SERVERS, FEW),
    "teams are renamed": inventory(RENAMED, SERVERS, FEW),
    "a team gets another key and another name": inventory(REKEYED, REKEYED_SERVERS, FEW),
    "it gets its old ones back": inventory(RENAMED, SERVERS, FEW),
    "teams are split": inventory(SPLIT, SPLIT_SERVERS, FEW),
    "teams are merged": inventory(RENAMED, SERVERS, FEW),
    "teams change places at the vendors": inventory(SWAPPED, SERVERS, FEW),
    "teams go back": inventory(RENAMED, SERVERS, FEW),
    "a team is deleted": inventory({"web": RENAMED["web"]}, {"shop-mcp": SERVERS["shop-mcp"]}, FEW),
}


@pytest.fixture(scope="module")
def made(stack: Stack) -> Stack:
    stack.inventory.write_text(json.dumps(inventory({"web": WEB, "data": DATA}, SERVERS)))
    stack.engine.up()
    return stack


def side(stack: Stack) -> Inventory:
    return load_inventory(stack.inventory, datetime.now(UTC))


def assert_the_engine_agrees(stack: Stack, base: Inventory, head: Inventory) -> None:
    """Our preview of the edit and the engine's name the same objects."""
    found = preview(Side(base), Side(head), datetime.now(UTC))
    options = ("--stack", stack.engine.stack, "--config-file", str(stack.engine.config_file))
    run = compare(found, base, head, steps_of(json.loads(stack.engine.run("preview", "--json", *options))))
    assert run.counts
    assert run.differences == ()


def assert_memberships_go_last(calls: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Nobody leaves a team or the account while a rotation or a policy may still name them; return where both were
    asked, of teams and of accounts.
    """
    teams, accounts = (r"/teams/\w+/users/\w+|/v2/teams/[^/]+/members/[^/]+", r"/users/\w+|/v2/users/[^/]+")
    names = re.compile(
        r"/schedules/\w+|/escalation_policies/\w+|/v2/schedules/[^/]+/rotations/[^/]+|/v2/escalations/[^/]+"
    )
    asked = set()
    for vendor in ("pagerduty", "opsgenie"):
        of_vendor = [each for each in calls if each["vendor"] == vendor]
        changed = [
            each["seq"] for each in of_vendor if each["method"] in ("PUT", "PATCH") and names.fullmatch(each["path"])
        ]
        for what in (teams, accounts):
            left = [
                each["seq"] for each in of_vendor if each["method"] == "DELETE" and re.fullmatch(what, each["path"])
            ]
            if left and changed:
                assert max(changed) < min(left)
                asked.add((vendor, what))
    return asked


@pytest.mark.parametrize("change", CHANGES)
def test_one_up_does_it_without_a_refusal(made: Stack, change: str) -> None:
    was = side(made)
    made.inventory.write_text(json.dumps(CHANGES[change]))
    assert_the_engine_agrees(made, was, side(made))
    before = len(made.sandbox.journal())

    made.engine.up()

    calls = made.sandbox.journal()[before:]
    refused = [
        f"{call['method']} {call['path']} {call['status']}"
        for call in calls
        if call["method"] != "GET" and call["status"] in REFUSALS
    ]
    assert refused == []
    asked = assert_memberships_go_last(calls)
    assert len(asked) == 4 or change != "a person leaves"  # both vendors, teams and accounts
    assert made.engine.preview().changes == 0


def test_what_is_left_is_what_the_last_inventory_says(made: Stack) -> None:
    left = {each for each in held(made.sandbox) if each.split()[0] in ("teams", "services") or "opsgenie" in each}

    assert left == {"teams Storefront", "services Storefront internal", "opsgenie integrations Default API"}
