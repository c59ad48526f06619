"""Managed people who have rules already, and what groups and silences: made once, lost from the state, found again."""

import json
from collections import Counter
from typing import Any

import httpx
import pytest

from benchmarks.kill_up import TOKEN, recover
from tests.e2e.conftest import Stack

pytestmark = pytest.mark.e2e

PEOPLE = {
    "ana": {"name": "Ana Petrova", "email": "ana@acme.example", "phone": "+49 30 5550101", "manage": "rules"},
    "bo": {"name": "Bo Lind", "email": "bo@acme.example", "phone": "+46 8 5550102", "manage": "rules"},
    "nia": {"name": "Nia Cole", "email": "nia@acme.example", "manage": "all", "pages": {"critical": ["email"]}},
}
WEEKLY = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05", "people": ["ana", "bo"]}
TEAM = {
    "name": "Web",
    "pages_through": "pagerduty",
    "members": ["ana", "bo", "nia"],
    "tags": ["core", "money"],
    "schedules": {"primary": {"rotations": {"weekly": WEEKLY}}},
    "escalation": [{"notify": "primary"}, {"notify": "nia", "after": "10m"}],
}
SHOP = {"name": "Shop", "url": "https://shop.acme.example/mcp", "team": "web", "tier": "internal", "own_service": True}
# The e-mail at once is what PagerDuty gives every user by itself.
INVENTORY: dict[str, Any] = {
    "organization": "Acme",
    "people": PEOPLE,
    "pages": {"critical": ["email", "call after 5m"], "medium": ["email"]},
    "tiers": {"internal": {"severity": "critical"}, "minor": {"severity": "medium"}},
    "teams": {"web": TEAM},
    "servers": {"shop-mcp": SHOP, "docs-mcp": {**SHOP, "name": "Docs", "tier": "minor", "own_service": False}},
    "groups": {"shop": {"name": "The shop", "servers": ["shop-mcp"], "team": "web"}},
    "maintenance": [
        {"servers": ["shop-mcp"], "from": "2096-12-01 22:00", "to": "2096-12-01 23:00", "vendor_window": True}
    ],
    "bridge": {"fallback": "web"},
    "accept": [
        {"rule": "low-urgency-never-escalates", "why": "e-mail only"},
    ],
}
LOST = (
    "MaintenanceWindow",
    "Tag",
    "TagAssignment",
    "BusinessService",
    "ServiceDependency",
    "ContactMethod",
    "NotificationRule",
)


def held(stack: Stack) -> Counter[str]:
    """What the account holds of these kinds, each as often as it is there."""

    def rows(path: str, name: str) -> list[dict[str, Any]]:
        answer = httpx.get(stack.sandbox.pagerduty + path, headers=TOKEN, trust_env=False).raise_for_status()
        return list(answer.json()[name])

    found = [f"window {each['description']}" for each in rows("/maintenance_windows", "maintenance_windows")]
    found += [f"tag {each['label']}" for each in rows("/tags", "tags")]
    for each in rows("/business_services", "business_services"):
        supports = rows(f"/service_dependencies/business_services/{each['id']}", "relationships")
        found += [f"business service {each['name']}", *(f"dependency of {each['name']}" for _ in supports)]
    for each in rows("/teams", "teams"):
        found += [f"{each['name']} has {tag['label']}" for tag in rows(f"/teams/{each['id']}/tags", "tags")]
    for user in rows("/users", "users"):
        methods = rows(f"/users/{user['id']}/contact_methods", "contact_methods")
        names = {each["id"]: f"{each['type']} {each['label']}" for each in methods}
        found += [f"{user['name']} {name}" for name in names.values()]
        for rule in rows(f"/users/{user['id']}/notification_rules", "notification_rules"):
            method = names[rule["contact_method"]["id"]]
            found.append(f"{user['name']} {rule['urgency']} {rule['start_delay_in_minutes']} {method}")
    return Counter(found)


@pytest.fixture(scope="module")
def before(stack: Stack) -> Counter[str]:
    return held(stack)


@pytest.fixture(scope="module")
def made(stack: Stack, before: Counter[str]) -> Counter[str]:
    stack.inventory.write_text(json.dumps(INVENTORY))
    stack.engine.up()
    return held(stack)


def test_rules_that_are_there_are_taken_over(stack: Stack, before: Counter[str], made: Counter[str]) -> None:
    theirs = "Ana Petrova high 0 email_contact_method Default"

    assert (before[theirs], made[theirs]) == (1, 1)
    assert made["Ana Petrova high 5 phone_contact_method Managed from the inventory"] == 1
    assert before - made == Counter()


def test_nothing_is_left_to_be_done_before_and_after_a_refresh(stack: Stack, made: Counter[str]) -> None:
    previewed, refreshed = stack.engine.preview().changes, stack.engine.refresh().changes

    assert (previewed, refreshed, stack.engine.preview().changes) == (0, 0, 0)


def test_what_the_state_lost_is_found_again(stack: Stack, made: Counter[str]) -> None:
    # Behind the engine's back: `pulumi stack import` would forget creates that are under way.
    file = next((stack.home / "state").rglob("stacks/**/sandbox.json"))
    checkpoint = json.loads(file.read_text())
    latest = checkpoint["checkpoint"]["latest"]
    lost = [each for each in latest["resources"] if each["type"].rpartition(":")[2] in LOST]
    gone = {each["urn"] for each in lost}
    latest["resources"] = [
        {**each, "dependencies": [urn for urn in each.get("dependencies") or () if urn not in gone]}
        for each in latest["resources"]
        if each["urn"] not in gone
    ]
    latest["pending_operations"] = [
        {"type": "creating", "resource": {name: text for name, text in each.items() if name != "id"}} for each in lost
    ]
    file.write_text(json.dumps(checkpoint))
    engine = stack.engine

    said = recover(engine)
    summary = engine.up()

    assert {each["kind"] for each in said["found"]} == {
        "pagerduty:Tag",
        "pagerduty:BusinessService",
    }
    assert said["not_looked_for"] == []
    assert held(stack) == made
    assert set(summary.counts) <= {"created", "updated", "unchanged"}
    assert engine.preview().changes == 0


def test_what_was_there_before_outlives_it_all(stack: Stack, before: Counter[str], made: Counter[str]) -> None:
    stack.engine.destroy()

    assert before - held(stack) == Counter()
