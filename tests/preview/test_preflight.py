"""What would fail an apply is told beforehand, with the way out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oncall.cli.load import check_inventory
from oncall.plan import diff
from oncall.preview.preflight import RULES, at_opsgenie, at_pagerduty
from oncall.targets import OPSGENIE, PAGERDUTY
from oncall.targets.opsgenie.existing import existing as existing_at_opsgenie
from oncall.targets.pagerduty.existing import existing as existing_at_pagerduty

SAMPLE = Path(__file__).resolve().parents[2] / "inventory.yaml"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
INVENTORY = check_inventory(SAMPLE, NOW).inventory
ABILITIES = [{"name": name} for name in ("teams", "urgencies", "service_support_hours")]
MARK = "Managed from the inventory"


def people(**more: Any) -> list[dict[str, Any]]:
    contact = {"id": "C", "type": "email_contact_method"}
    return [
        {"id": f"U-{key}", "email": person.email, "name": person.name, "contact_methods": [contact]} | more.get(key, {})
        for key, person in INVENTORY.people.items()
        if more.get(key, {}) is not None
    ]


def pagerduty(lists: dict[str, list[dict[str, Any]]], *, gone: tuple[str, ...] = (), new: bool = False) -> list[Any]:
    """The obstacles to the sample: where it is `new` there, or with the objects of some keys gone from it."""
    wanted = PAGERDUTY.desired(INVENTORY, NOW)
    left = tuple(each for each in wanted if each.key not in gone)
    given = {"/users": people(), "/abilities": ABILITIES} | lists
    before = existing_at_pagerduty(wanted, given, NOW)
    after = existing_at_pagerduty(left, given, NOW)
    return list(at_pagerduty(INVENTORY, diff(() if new else wanted, left), before, left, after, given))


def test_an_account_that_has_what_is_needed_stands_in_no_way() -> None:
    assert pagerduty({}) == []


def test_a_policy_held_by_an_open_incident_is_told_with_its_link() -> None:
    policy = {"id": "P1", "name": "Data internal", "description": MARK}
    link = "https://acme.pagerduty.com/incidents/Q1"
    incident = {
        "incident_number": 12,
        "title": "Maps is down",
        "html_url": link,
        "escalation_policy": {"id": "P1"},
    }

    (found,) = pagerduty({"/escalation_policies": [policy], "/incidents": [incident]}, gone=("data/internal",))

    assert (found.rule, found.stops) == ("open-incidents", True)
    assert found.message.endswith(f"through it: #12 Maps is down {link}")


def test_a_schedule_held_through_its_policy_is_told_too() -> None:
    rule = {"targets": [{"id": "S1", "type": "schedule_reference"}]}
    lists: dict[str, list[dict[str, Any]]] = {
        "/schedules": [{"id": "S1", "name": "Data primary", "description": MARK}],
        "/escalation_policies": [{"id": "P1", "name": "Another's", "escalation_rules": [rule]}],
        "/incidents": [{"title": "Maps is down", "escalation_policy": {"id": "P1"}}],
    }

    assert [each.rule for each in pagerduty(lists, gone=("data/primary",))] == ["open-incidents"]
    assert pagerduty(lists) == []


def test_somebody_whom_a_foreign_policy_of_the_team_tells_cannot_leave_it() -> None:
    rule = {"targets": [{"id": "U-olu", "type": "user_reference"}]}
    policy = {"id": "P9", "name": "By hand", "teams": [{"id": "T1"}], "escalation_rules": [rule]}
    member = {"user": {"id": "U-olu"}, "role": "responder"}
    lists = {
        "/teams": [{"id": "T1", "name": "Data", "description": MARK}],
        "/teams/T1/members": [member],
        "/escalation_policies": [policy],
    }

    (found,) = pagerduty(lists, gone=("data/olu",))

    assert (found.rule, found.way_out) == ("still-on-call", "take them out of that policy there first")


def test_users_that_are_missing_or_cannot_be_told() -> None:
    found = pagerduty({"/users": people(ana=None, bo={"contact_methods": []})})

    assert [(each.rule, each.stops) for each in found] == [("user-missing", True), ("user-unreachable", False)]
    assert found[0].message == "Ana Petrova has no user with the address ana@acme.example"


def test_a_name_that_somebody_else_has_is_told_where_the_object_is_to_be_made() -> None:
    team = {"/teams": [{"id": "T1", "name": "platform", "description": "ours since 2019"}]}

    (found,) = pagerduty(team, new=True)

    assert (found.rule, found.way_out) == (
        "name-taken",
        "rename it there or here, or take it over: `pulumi import` of T1",
    )
    assert pagerduty(team) == []  # ours already, and its description was edited


@pytest.mark.parametrize("ability", ["teams", "urgencies", "service_support_hours"])
def test_what_the_plan_lacks_is_told(ability: str) -> None:
    (found,) = pagerduty({"/abilities": [each for each in ABILITIES if each["name"] != ability]})

    assert (found.rule, found.stops) == ("plan-lacks", True)


def test_what_opsgenie_would_not_do_as_meant() -> None:
    wanted = OPSGENIE.desired(INVENTORY, NOW)
    users = [{"id": f"U-{key}", "username": each.email} for key, each in INVENTORY.people.items() if key != "fay"]
    users = [each | ({"blocked": True} if each["id"] == "U-jo" else {}) for each in users]
    lists = {
        "/v2/users": users,
        "/v2/teams": [{"id": "T1", "name": "Edge", "description": f"{MARK} (edge)"}],
        "/v2/schedules": [{"id": "S1", "name": "Edge_schedule"}],
        "/v2/escalations": [{"id": "E1", "name": "Edge_escalation"}],
    }
    there = existing_at_opsgenie(wanted, lists, NOW)

    found = at_opsgenie(INVENTORY, (), wanted, there, lists)

    assert {(each.rule, each.stops) for each in found} == {
        ("user-missing", True),
        ("user-blocked", False),
        ("default-objects", False),
    }
    assert {each.rule for each in found} <= set(RULES)
