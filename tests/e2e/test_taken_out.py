"""Words that are taken out of the inventory: one `up`, and either the setting is gone or nothing is tried for ever."""

import json
from typing import Any

import httpx
import pytest

from benchmarks.kill_up import GENIE, TOKEN
from tests.e2e.conftest import Stack

pytestmark = pytest.mark.e2e

PERSON = {"name": "Zoe Park", "email": "zoe@acme.example", "manage": "all", "pages": {"critical": ["email"]}}
TEAM = {"members": ["zoe"], "escalation": [{"notify": "zoe"}]}
PARENT = {"name": "All", "pages_through": "pagerduty", **TEAM}
WEB = {"name": "Web", "pages_through": "pagerduty", **TEAM}
DATA = {"name": "Data", "pages_through": "opsgenie", **TEAM}
SERVER = {"name": "Shop", "url": "https://shop.acme.example/mcp", "team": "web", "tier": "internal"}
GROUP = {"name": "The shop", "servers": ["shop-mcp"], "team": "web"}
REPORTS = {"name": "Reports", "servers": ["query-mcp"], "team": "data"}
BARE: dict[str, Any] = {
    "organization": "Acme",
    "people": {"zoe": PERSON},
    "tiers": {"internal": {"severity": "critical"}},
    "teams": {"all": PARENT, "web": WEB, "data": DATA},
    "servers": {"shop-mcp": SERVER, "query-mcp": {**SERVER, "name": "Query", "team": "data"}},
    "groups": {"shop": GROUP, "reports": REPORTS},
    "bridge": {"fallback": "web"},
}
WORDS = {
    "default_role": "responder",
    "auto_pause": "5m",
    "acknowledgement_timeout": "30m",
    "alert_grouping": {"type": "time", "window": "5m"},
    "round_robin": True,
}
INSTEAD = {"default_role": "manager", "auto_pause": "off", "round_robin": False}
GIVEN = {
    **BARE,
    "people": {"zoe": {**PERSON, "pagerduty": {"job_title": "SRE"}, "opsgenie": {"locale": "en_GB"}}},
    "teams": {
        "all": PARENT,
        "web": {**WEB, "description": "The shop.", "tags": ["eu"], "parent": "all", "pagerduty": WORDS},
        "data": {**DATA, "opsgenie": {"reset_states": True}},
    },
    "groups": {
        "shop": {**GROUP, "description": "All of it", "pagerduty": {"point_of_contact": "desk"}},
        "reports": {**REPORTS, "opsgenie": {"visible_to": "everybody", "tags": ["eu"]}},
    },
}


@pytest.fixture(scope="module")
def made(stack: Stack) -> Stack:
    stack.inventory.write_text(json.dumps(GIVEN))
    stack.engine.up()
    return stack


def rows(stack: Stack, path: str, name: str) -> list[dict[str, Any]]:
    url = f"{stack.sandbox.pagerduty}{path}"
    return list(httpx.get(url, headers=TOKEN, trust_env=False).raise_for_status().json()[name])


def row(stack: Stack, path: str, name: str, called: str) -> dict[str, Any]:
    (found,) = [each for each in rows(stack, path, name) if each["name"] == called]
    return found


def settings(stack: Stack) -> dict[str, Any]:
    """What the account has of them; the grouping's type is enough."""
    team, service = row(stack, "/teams", "teams", "Web"), row(stack, "/services", "services", "Web internal")
    policy = row(stack, "/escalation_policies", "escalation_policies", "Web internal")
    return {
        "parent": (team["parent"] or {}).get("id") is not None,
        "default_role": team["default_role"],
        "auto_pause": service["auto_pause_notifications_parameters"]["timeout"],
        "acknowledgement_timeout": service["acknowledgement_timeout"],
        "alert_grouping": service["alert_grouping_parameters"]["type"],
        "round_robin": policy["escalation_rules"][0]["escalation_rule_assignment_strategy"]["type"],
        "job_title": row(stack, "/users", "users", "Zoe Park")["job_title"],
        "point_of_contact": row(stack, "/business_services", "business_services", "The shop")["point_of_contact"],
    }


def up(stack: Stack, inventory: dict[str, Any]) -> None:
    stack.inventory.write_text(json.dumps(inventory))
    stack.engine.up()
    assert stack.engine.preview().changes == 0
    assert stack.engine.refresh().changes == 0
    assert stack.engine.preview().changes == 0


def test_what_is_written_instead_gets_there(made: Stack) -> None:
    before = settings(made)
    web = {**GIVEN["teams"]["web"], "pagerduty": {**WORDS, **INSTEAD}}

    up(made, {**GIVEN, "teams": {**GIVEN["teams"], "web": web}})

    after = settings(made)
    assert (before["default_role"], after["default_role"]) == ("responder", "manager")
    assert (before["auto_pause"], after["auto_pause"]) == (300, None)
    assert (before["round_robin"], after["round_robin"]) == ("round_robin", "assign_to_everyone")


def test_taken_out_nothing_is_tried_for_ever(made: Stack) -> None:
    up(made, GIVEN)

    up(made, BARE)

    assert settings(made) == {
        "parent": False,
        "acknowledgement_timeout": None,
        # These stay, as `oncall preview` says.
        "default_role": "responder",
        "auto_pause": 300,
        "alert_grouping": "time",
        "round_robin": "round_robin",
        "job_title": "SRE",
        "point_of_contact": "desk",
    }


def test_a_team_that_others_are_a_part_of_can_go(made: Stack) -> None:
    up(made, GIVEN)

    up(made, {**BARE, "teams": {"web": WEB, "data": DATA}})

    assert [each["name"] for each in rows(made, "/teams", "teams")] == ["Web"]
    users = httpx.get(f"{made.sandbox.opsgenie}/v2/users/zoe@acme.example", headers=GENIE, trust_env=False)
    assert users.json()["data"]["locale"] == "en_GB"
