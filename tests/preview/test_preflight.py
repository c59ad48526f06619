"""What would fail an apply is told beforehand, with the way out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oncall.cli.load import check_inventory
from oncall.model import Inventory
from oncall.model.extras import PagerDutyPerson
from oncall.plan import diff
from oncall.preview.preflight import RULES, at_opsgenie, at_pagerduty
from oncall.preview.preflight_users import Deleted
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


def replace_people(key: str, **words: Any) -> Inventory:
    """The sample with other words of a person."""
    person = INVENTORY.people[key].model_copy(update=words)
    return INVENTORY.model_copy(update={"people": {**INVENTORY.people, key: person}})


def pagerduty(
    lists: dict[str, list[dict[str, Any]]],
    *,
    gone: tuple[str, ...] = (),
    new: bool = False,
    deleted: dict[str, Deleted] | None = None,
    inventory: Inventory = INVENTORY,
) -> list[Any]:
    """The obstacles to the sample: where it is `new` there, or with the objects of some keys gone from it."""
    wanted = PAGERDUTY.desired(inventory, NOW)
    left = tuple(each for each in wanted if each.key not in gone)
    given = {"/users": people(), "/abilities": ABILITIES} | lists
    before = existing_at_pagerduty(wanted, given, NOW)
    after = existing_at_pagerduty(left, given, NOW)
    return list(at_pagerduty(inventory, diff(() if new else wanted, left), before, left, after, given, deleted))


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


def stub(key: str, name: str) -> dict[str, Any]:
    """What PagerDuty shows of a user who was deleted while on call."""
    return {"id": key, "type": "user_reference", "summary": name, "self": None, "deleted_at": "2026-11-13T09:30:00Z"}


def test_a_user_who_was_deleted_is_told_apart_from_one_who_never_was() -> None:
    ana = stub("U-ana", "Ana Petrova")
    rule = {"targets": [ana, stub("U-x", "Somebody Else")]}
    lists: dict[str, list[dict[str, Any]]] = {
        "/users": people(ana=None, bo=None),
        "/schedules": [{"id": "S1", "name": "Platform primary", "users": [ana]}],
        "/schedules/S1": [{"name": "Platform primary", "schedule_layers": [{"users": [{"user": ana}]}]}],
        "/escalation_policies": [{"id": "P1", "name": "Edge internal", "escalation_rules": [rule]}],
    }

    gone, missing = pagerduty(lists)

    assert (gone.rule, gone.stops, missing.rule) == ("user-deactivated", True, "user-missing")
    assert gone.message == (
        "Ana Petrova's user was deactivated: PagerDuty deleted it on 2026-11-13, and it still stands in "
        "schedule Platform primary, escalation policy Edge internal"
    )
    assert gone.way_out == "take them out of the turns, or invite ana@acme.example again, which makes a new user"


def test_audit_records_tell_of_deleted_users_who_stand_nowhere() -> None:
    lists = {"/users": people(ana=None, bo=None)}
    at = datetime(2026, 11, 20, 8, tzinfo=UTC)

    gone, missing = pagerduty(lists, deleted={"Ana Petrova": Deleted(at, "Okta"), "Somebody Else": Deleted(None)})

    assert gone.message.endswith("was deactivated: PagerDuty deleted it on 2026-11-20 by Okta")
    assert missing.rule == "user-missing"


def test_a_user_of_ours_who_was_deleted_would_be_invited_again() -> None:
    managed = replace_people("bo", manage="all")
    found = pagerduty({"/users": people(bo=None)}, deleted={"Bo Lind": Deleted(None)}, inventory=managed)

    assert [(each.rule, each.stops) for each in found] == [("user-deactivated", False)]
    assert "`pulumi up` makes them a new user" in found[0].way_out
    assert pagerduty({"/users": people(bo=None)}, inventory=managed) == []


@pytest.mark.parametrize("role", ["read_only_user", "read_only_limited_user"])
def test_a_stakeholder_cannot_be_on_call(role: str) -> None:
    (found,) = pagerduty({"/users": people(bo={"role": role, "contact_methods": []})})

    assert (found.rule, found.stops) == ("user-stakeholder", True)
    assert "Bo Lind is a stakeholder" in found.message
    mended = replace_people("bo", manage="all", pagerduty=PagerDutyPerson(role="limited_user"))
    assert pagerduty({"/users": people(bo={"role": role})}, inventory=mended) == []  # `up` gives them that role first


def test_an_invitation_that_was_not_accepted_is_told_and_stops_nothing() -> None:
    found = pagerduty({"/users": people(bo={"role": "user", "invitation_sent": True}, ana={"invitation_sent": False})})

    assert [(each.rule, each.stops) for each in found] == [("user-invited", False)]
    assert found[0].message == "Bo Lind has not accepted the invitation to PagerDuty yet"


def test_a_name_that_somebody_else_has_is_told_where_the_object_is_to_be_made() -> None:
    team = {"/teams": [{"id": "T1", "name": "platform", "description": "ours since 2019"}]}

    (found,) = pagerduty(team, new=True)

    assert (found.rule, found.way_out) == (
        "name-taken",
        "rename it there or here, or take T1 over with the `pulumi import` that `pulumi up` then prints",
    )
    assert pagerduty(team) == []  # ours already, and its description was edited


@pytest.mark.parametrize("ability", ["teams", "urgencies", "service_support_hours"])
def test_what_the_plan_lacks_is_told(ability: str) -> None:
    (found,) = pagerduty({"/abilities": [each for each in ABILITIES if each["name"] != ability]})

    assert (found.rule, found.stops) == ("plan-lacks", True)


def test_what_opsgenie_would_not_do_as_meant() -> None:
    wanted = OPSGENIE.desired(INVENTORY, NOW)
    users = [{"id": f"U-{key}", "username": each.email} for key, each in INVENTORY.people.items() if key != "fay"]
    odd = {"U-jo": {"blocked": True}, "U-kim": {"role": {"name": "Stakeholder"}}, "U-ana": {"verified": False}}
    users = [each | odd.get(each["id"], {"verified": True}) for each in users]
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
        ("user-stakeholder", False),
        ("user-invited", False),
        ("default-objects", False),
    }
    assert {each.rule for each in found} <= set(RULES)
