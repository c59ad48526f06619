"""Answers of the vendors in the words of `desired`: what means the same, and what is no answer at all."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.plan import diff
from oncall.targets import OPSGENIE, PAGERDUTY
from oncall.targets.existing import Matching, in_any_order, instant, is_ours
from oncall.targets.opsgenie.existing import existing as existing_at_opsgenie
from oncall.targets.pagerduty.existing import existing as existing_at_pagerduty

MARK = "Managed from the inventory"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PAGERDUTY_LISTS = (
    "/users",
    "/teams",
    "/schedules",
    "/v3/schedules",
    "/escalation_policies",
    "/services",
    "/maintenance_windows",
    "/tags",
    "/business_services",
    "/webhook_subscriptions",
)
OPSGENIE_LISTS = (
    "/v2/users",
    "/v2/teams",
    "/v2/schedules",
    "/v2/escalations",
    "/v2/integrations",
    "/v2/heartbeats",
    "/v1/services",
    "/v1/maintenance",
)


def schedule(**layer: Any) -> dict[str, Any]:
    """The schedule of `acme` as PagerDuty would show it, with other words in its one layer."""
    users = [{"user": {"id": f"U-{key}"}} for key in ("ana", "bo")]
    shown = {
        "name": "weekly from 2026-10-05",
        "start": "2026-11-20T10:00:00+01:00",  # when it was made
        "end": None,
        "rotation_virtual_start": "2026-10-05T09:00:00+02:00",
        "rotation_turn_length_seconds": 604800,
        "users": users,
        "restrictions": [],
    }
    past = {**shown, "name": "long ago", "end": "2026-11-01T00:00:00Z"}
    return {
        "id": "S1",
        "name": "Platform primary",
        "description": MARK,
        "time_zone": "Europe/Berlin",
        "teams": [{"id": "T1"}],
        "schedule_layers": [shown | layer, past],
    }


def differing(acme: Any, row: dict[str, Any]) -> list[str]:
    wanted = PAGERDUTY.desired(acme(), NOW)
    lists = {
        "/users": [{"id": f"U-{key}", "email": f"{key}@acme.example"} for key in ("ana", "bo", "cy", "dee")],
        "/teams": [{"id": "T1", "name": "Platform", "description": MARK}],
        "/schedules": [row],
        f"/schedules/{row['id']}": [row],
    }
    found = existing_at_pagerduty(wanted, lists, NOW)
    ours = [each for each in wanted if each.kind == "pagerduty:Schedule"]
    theirs = [each for each in found.resources if each.kind == "pagerduty:Schedule"]
    return [field.name for change in diff(ours, theirs) for field in change.fields]


def test_a_layer_that_began_when_it_was_made_is_the_one_asked_for(acme) -> None:
    assert differing(acme, schedule()) == []


@pytest.mark.parametrize("weeks_later", ["2026-10-19T09:00:00+02:00", "2026-11-02T09:00:00+01:00"])
def test_turns_may_be_counted_from_a_whole_number_of_rounds_later_by_the_clock(acme, weeks_later: str) -> None:
    assert differing(acme, schedule(rotation_virtual_start=weeks_later)) == []


@pytest.mark.parametrize(
    "words",
    [
        {"rotation_virtual_start": "2026-10-12T09:00:00+02:00"},  # one turn later: the other's week
        {"start": "2026-11-30T09:00:00+01:00"},
        {"end": "2026-12-24T09:00:00+01:00"},
        {"users": [{"user": {"id": "U-bo"}}, {"user": {"id": "U-ana"}}]},
        {"rotation_turn_length_seconds": 86400},
        {"restrictions": [{"type": "daily_restriction", "start_time_of_day": "08:00:00", "duration_seconds": 3600}]},
    ],
)
def test_what_pages_somebody_else_differs(acme, words: dict[str, Any]) -> None:
    assert differing(acme, schedule(**words)) == ["layers"]


def test_an_object_of_ours_under_another_name_was_renamed_and_a_foreign_one_is_counted(acme) -> None:
    wanted = PAGERDUTY.desired(acme(), NOW)
    rows = [
        {"id": "T1", "name": "Platform (old)", "description": MARK},
        {"id": "T2", "name": "Somebody else's", "description": "theirs"},
    ]

    found = existing_at_pagerduty(wanted, {"/teams": rows}, NOW)

    (team,) = found.resources
    assert (team.key, team.properties["name"]) == ("platform", "Platform (old)")
    assert found.foreign == {"pagerduty:Team": 1}


def test_a_mark_is_ours_with_and_without_whose_it_is() -> None:
    assert is_ours({"description": f"The site - {MARK}"})
    assert is_ours({"description": f"{MARK} (edge/sun)"})
    assert not is_ours({"description": f"{MARK}, once"})
    assert not is_ours({"description": None})


def test_lists_of_any_order_are_the_wanted_one_only_where_they_hold_the_same() -> None:
    assert in_any_order(("b", "a"), ("a", "b")) == ("a", "b")
    assert in_any_order(("b", "b"), ("a", "b")) == ("b", "b")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["ana@acme.example", "T1", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "user", "type", "rules", "targets"]), inner, max_size=4)
    ),
    max_leaves=8,
)
WORDS = (
    "id name description members schedule_layers escalation_rules rules rotations integrations support_hours repeat "
    "ownerTeam notify services teams username"
)
ROW = st.dictionaries(st.sampled_from(WORDS.split()), JSON)


@given(rows=st.lists(ROW | st.just({"id": "T1", "name": "Platform", "description": MARK}), max_size=3))
def test_answers_that_are_none_break_nothing(acme, rows: list[dict[str, Any]]) -> None:
    for paths, target, existing in (
        (PAGERDUTY_LISTS, PAGERDUTY, existing_at_pagerduty),
        (OPSGENIE_LISTS, OPSGENIE, existing_at_opsgenie),
    ):
        wanted = target.desired(acme(), NOW)
        found = existing(wanted, dict.fromkeys(paths, rows), NOW)

        assert {each.kind for each in found.resources} <= found.kinds


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2026-13-01T00:00:00Z", "2026-11-21", 5, None]
)
def test_a_time_in_an_answer_that_is_no_instant_is_none(text: object) -> None:
    assert instant(text) is None


def test_what_is_left_of_a_deleted_user_is_not_called_like_the_new_one() -> None:
    found = Matching(())
    found.keys["pagerduty:User", "P2"] = "ana"
    stub = {"id": "P1", "summary": "Ana Petrova", "deleted_at": "2026-11-13T09:30:00Z"}

    assert found.ref("pagerduty:User", stub).key == "Ana Petrova (deactivated)"
    assert found.ref("pagerduty:User", {"id": "P3", "summary": "Zed", "deleted_at": None}).key == "Zed"
    assert found.ref("pagerduty:User", {"id": "P2", "summary": "Ana Petrova"}).key == "ana"
