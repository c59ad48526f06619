"""What the inventory accepts, and what it can't."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from oncall.errors import Finding
from oncall.model import Inventory
from oncall.validate import RULE_IDS, validate

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAILY = "teams/edge/schedules/days/rotations/daily"
SAME = {
    "teams/edge/schedules/days/rotations/other": {
        "people": ["cy", "eli"],
        "turn": "1 week",
        "hand_off": "Mon 09:00",
        "since": "2026-10-05",
    }
}
Find = Callable[..., list[Finding]]


def brief(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.severity, finding.rule, finding.hint) for finding in findings]


def gap(**fields: str) -> dict[str, str]:
    return {"rule": "coverage-gap", "why": "nobody minds", **fields}


ACCEPTED = [("notice", "coverage-gap", "accepted: nobody minds")]
LEFT = [("reason", "coverage-gap", "accept it under the team's `coverage`, or let a step name a person")]


@pytest.mark.parametrize(
    "place",
    ["accept", "teams/edge/accept", "teams/edge/coverage/accept", "teams/edge/schedules/days/accept"],
)
def test_an_accepted_reason_becomes_a_notice_that_says_why(findings_with: Find, place: str) -> None:
    assert brief(findings_with({f"{DAILY}/only": "09:00-17:00", place: [gap()]})) == ACCEPTED


@pytest.mark.parametrize(
    ("accepts", "findings"),
    [
        ([gap(schedule="days")], ACCEPTED),
        ([gap(daily="17:00-09:00")], ACCEPTED),
        ([gap(daily="12:00-09:30")], ACCEPTED),
        ([gap(daily="18:00-09:00")], LEFT),
        ([gap(daily="17:00-00:00"), gap(daily="00:00-09:00")], ACCEPTED),
    ],
)
def test_an_accepted_gap_may_be_narrowed(
    findings_with: Find, accepts: list[dict[str, str]], findings: list[tuple[str, str, str]]
) -> None:
    edits = {f"{DAILY}/only": "09:00-17:00", "teams/edge/coverage/accept": accepts}

    assert brief(findings_with(edits)) == findings


def test_only_what_is_left_of_a_gap_is_told(findings_with: Find) -> None:
    edits = {f"{DAILY}/only": "09:00-17:00", "teams/edge/accept": [gap(daily="18:00-09:00")]}

    assert findings_with(edits)[0].message == (
        "outages of tier `author` reach nobody from Sat 2026-11-21 17:00 to Sat 2026-11-21 18:00 (Europe/Berlin), "
        "and 365 more times within a year"
    )


def test_an_accepted_notice_vanishes(findings_with: Find) -> None:
    accept = [{"rule": "duplicate-rotation", "why": "on the move"}]

    assert brief(findings_with({**SAME, "teams/edge/schedules/days/accept": accept})) == []


def test_another_schedules_finding_is_not_accepted(findings_with: Find) -> None:
    accept = [{"rule": "duplicate-rotation", "why": "on the move", "schedule": "days"}]

    assert [rule for _, rule, _ in brief(findings_with({**SAME, "teams/edge/accept": accept}))] == []
    assert [rule for _, rule, _ in brief(findings_with({**SAME, "teams/platform/accept": accept}))] == [
        "unknown-schedule",
        "duplicate-rotation",
        "accept-unused",
    ]


def test_an_error_is_not_accepted(findings_with: Find) -> None:
    accept = [{"rule": "duplicate-team-name", "why": "who cares"}]

    assert brief(findings_with({"teams/edge/name": "Platform", "accept": accept})) == [
        ("error", "duplicate-team-name", ""),
        ("error", "cannot-accept", ""),
    ]


def test_a_raised_page_must_reach_someone_whatever_is_accepted(findings_with: Find) -> None:
    edits = {
        "servers/maps-mcp/tier": "thirdparty",
        "tiers/internal": {"severity": "critical"},
        f"{DAILY}/only": "09:00-17:00",
        "accept": [{"rule": "raise-gap", "why": "asleep"}],
        "teams/edge/coverage/accept": [gap()],
    }

    assert [(severity, rule) for severity, rule, _ in brief(findings_with(edits))][:2] == [
        ("error", "raise-gap"),
        ("error", "cannot-accept"),
    ]


def test_a_person_accepts_what_is_found_of_them(inventory_with: Callable[[dict[str, Any]], Inventory]) -> None:
    def audit(inventory: Inventory, now: datetime) -> list[Finding]:
        return [Finding("vendor-push", "no app", ("people", "ana"), "reason")]

    inventory = inventory_with({"people/ana/accept": [{"rule": "vendor-push", "why": "soon"}]})
    found = validate(inventory, NOW, (audit,), ("vendor-push",))
    assert brief(found) == [("notice", "vendor-push", "accepted: soon")]


@pytest.mark.parametrize("daily", ["99:00-10:00", "10:00-10:00"])
def test_hours_that_are_none_are_refused(findings_with: Find, daily: str) -> None:
    edits = {f"{DAILY}/only": "09:00-17:00", "teams/edge/accept": [gap(daily=daily)]}

    assert [rule for _, rule, _ in brief(findings_with(edits))] == ["coverage-gap", "accept-unused", "accept-scope"]


def audit(inventory: Inventory, now: datetime) -> list[Finding]:
    return [Finding("vendor-turn", "the vendor has no such turn", ("teams", "edge", "schedules", "days"), "reason")]


def audited(inventory: Inventory, rules: tuple[str, ...] = ("vendor-turn",)) -> list[tuple[str, str, str]]:
    return brief(validate(inventory, NOW, (audit,), rules))


def test_what_a_target_finds_is_judged_with_the_rest(inventory_with: Callable[[dict[str, Any]], Inventory]) -> None:
    accept = {"teams/edge/accept": [{"rule": "vendor-turn", "why": "rarely matters"}]}

    assert [audited(inventory_with(edits)) for edits in ({}, accept)] == [
        [("reason", "vendor-turn", "")],
        [("notice", "vendor-turn", "accepted: rarely matters")],
    ]


def test_targets_are_not_asked_about_a_wrong_inventory(inventory_with: Callable[[dict[str, Any]], Inventory]) -> None:
    wrong = inventory_with({"servers/maps-mcp/team": "x", "teams/edge/accept": [{"rule": "vendor-turn", "why": "y"}]})

    assert [rule for _, rule, _ in audited(wrong)] == ["unknown-team"]


def test_accepting_a_rule_that_nobody_has_is_an_error_once_all_are_known(
    inventory_with: Callable[[dict[str, Any]], Inventory],
) -> None:
    inventory = inventory_with({"accept": [{"rule": "vendor-turns", "why": "y"}]})

    assert audited(inventory)[1:] == [("error", "unknown-rule", "did you mean `vendor-turn`?")]
    assert validate(inventory, NOW) == []


def test_rule_ids_are_kebab_case_and_each_has_one_rule() -> None:
    assert sorted(RULE_IDS) == sorted({rule.lower().replace("_", "-") for rule in RULE_IDS})
