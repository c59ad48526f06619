"""What a team asks of its rotas: rest, nights in a row, hours a week; over all schedules, by the person's clock."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from oncall.errors import Finding

Find = Callable[..., list[Finding]]
ROTATION = "teams/platform/schedules/primary/rotations/weekly"
LIMITS = "teams/platform/limits"
BERLIN = "(Europe/Berlin)"


def brief(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.severity, finding.rule, finding.message) for finding in findings]


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def test_a_team_without_limits_hears_nothing(findings_with: Find) -> None:
    assert findings_with({f"{ROTATION}/only": "00:00-24:00"}) == []


def test_hours_are_those_of_the_week_of_the_calendar(findings_with: Find) -> None:
    found = findings_with({f"{LIMITS}/hours_a_week": 60})

    # the running week counts from its Monday on; a turn ends on Monday at 09:00: 159 of its hours are in one week
    assert brief(found) == [
        (
            "reason",
            "too-many-hours",
            f"`{person}` is on call up to 159 h a week, where 60 h are the limit: {weeks} {BERLIN} and 5 more times",
        )
        for person, weeks in (
            ("ana", "Mon 2026-11-16 00:00 to Mon 2026-11-23 00:00, Mon 2026-11-30 00:00 to Mon 2026-12-07 00:00"),
            ("bo", "Mon 2026-11-23 00:00 to Mon 2026-11-30 00:00, Mon 2026-12-07 00:00 to Mon 2026-12-14 00:00"),
        )
    ]
    assert found[0].path == ("teams", "platform", "limits", "hours_a_week")


@pytest.mark.parametrize(("limit", "found"), [(158, ["too-many-hours"] * 2), (159, [])])
def test_the_limit_itself_is_allowed(findings_with: Find, limit: int, found: list[str]) -> None:
    assert rules(findings_with({f"{LIMITS}/hours_a_week": limit})) == found


def test_a_week_in_which_clocks_change_is_as_long_as_it_is(findings_with: Find) -> None:
    alone = {f"{ROTATION}/people": ["ana"], "accept": [{"rule": "single-person", "why": "it is theirs"}]}
    (found,) = findings_with({**alone, f"{LIMITS}/hours_a_week": 167}, datetime(2027, 3, 16, tzinfo=UTC))

    # 168 hours in each week but the one that ends on 28 March, which has 167
    assert found.message == (
        "`ana` is on call up to 168 h a week, where 167 h are the limit: Mon 2027-03-15 00:00 to Mon 2027-03-22 00:00, "
        f"Mon 2027-03-29 00:00 to Mon 2027-04-05 00:00 {BERLIN} and 10 more times"
    )


def test_hours_of_two_schedules_count_once_where_they_overlap(findings_with: Find) -> None:
    both = {
        "teams/edge/members": ["cy", "eli", "ana"],
        "teams/edge/schedules/days/rotations/daily": {
            "people": ["ana", "cy"],
            "turn": "1 week",
            "hand_off": "Mon 09:00",
            "since": "2026-10-05",
            "only": "09:00-17:00",
        },
        "teams/edge/accept": [{"rule": "coverage-gap", "why": "y"}, {"rule": "on-call-in-two-schedules", "why": "y"}],
    }
    found = findings_with({**both, "teams/edge/limits/hours_a_week": 100})

    # cy has 56 hours a week; ana's week in edge is also hers in platform
    assert [finding.message[:66] for finding in found if finding.rule == "too-many-hours"] == [
        "`ana` is on call up to 159 h a week, where 100 h are the limit: Mo"
    ]


@pytest.mark.parametrize(("limit", "count"), [(6, 2), (7, 0)])
def test_nights_in_a_row(findings_with: Find, limit: int, count: int) -> None:
    assert rules(findings_with({f"{LIMITS}/nights_in_a_row": limit})) == ["too-many-nights"] * count


def test_a_row_of_nights_is_told_from_the_first_to_the_last(findings_with: Find) -> None:
    (found, _) = findings_with({f"{LIMITS}/nights_in_a_row": 6})

    assert found.message == (
        "`ana` has 7 nights in a row, where 6 are the limit: Mon 2026-11-16 23:00 to Mon 2026-11-23 06:00, "
        f"Mon 2026-11-30 23:00 to Mon 2026-12-07 06:00 {BERLIN} and 5 more times"
    )


@pytest.mark.parametrize(
    ("zone", "only", "count"),
    [
        ("Europe/Berlin", "06:00-23:00", 0),
        ("Europe/Berlin", "05:59-23:00", 2),
        ("Europe/Berlin", "06:00-23:01", 2),
        ("Asia/Singapore", "09:00-16:00", 0),  # 16:00 to 23:00 there
        ("Asia/Singapore", "09:00-17:00", 1),  # ana's nights begin at 16:00 in Berlin, bo's later
    ],
)
def test_nights_are_those_of_the_persons_own_zone(findings_with: Find, zone: str, only: str, count: int) -> None:
    edits = {
        f"{ROTATION}/only": only,
        "people/ana/time_zone": zone,
        f"{LIMITS}/nights_in_a_row": 1,
        "accept": [{"rule": "coverage-gap", "why": "y"}],
    }
    assert rules(findings_with(edits)) == ["too-many-nights"] * count


@pytest.mark.parametrize(
    ("only", "rest", "count"),
    [
        ("08:00-22:00", "11h", 2),
        ("08:00-21:00", "11h", 0),
        ("00:00-24:00", "6d", 0),
        ("00:00-24:00", "8d", 2),
    ],
)
def test_rest_between_shifts(findings_with: Find, only: str, rest: str, count: int) -> None:
    edits = {f"{ROTATION}/only": only, f"{LIMITS}/rest": rest, "accept": [{"rule": "coverage-gap", "why": "y"}]}
    found = [finding.rule for finding in findings_with(edits) if finding.rule != "accept-unused"]
    assert found == ["rest-too-short"] * count


def test_a_short_rest_is_told_to_the_minute(findings_with: Find) -> None:
    edits = {f"{ROTATION}/only": "08:00-22:00", f"{LIMITS}/rest": "11h"}
    edits["accept"] = [{"rule": "coverage-gap", "why": "y"}]

    assert findings_with(edits)[0].message == (
        "`ana` rests less than 11h between shifts: Sat 2026-11-21 22:00 to Sun 2026-11-22 08:00, "
        f"Sun 2026-11-22 22:00 to Mon 2026-11-23 08:00 {BERLIN} and 42 more times"
    )


def test_swaps_and_overrides_count(findings_with: Find) -> None:
    override = {"schedule": "platform/primary", "person": "dee", "from": "2026-11-30 09:00", "to": "2026-12-07 09:00"}
    swap: dict[str, Any] = {"schedule": "platform/primary", "people": ["ana", "bo"]}
    swap["turns"] = ["2026-12-14", "2026-12-21"]
    found = findings_with({f"{LIMITS}/nights_in_a_row": 8, "overrides": [override], "swaps": [swap]})

    # bo has the weeks from 7 and 14 December, ana those from 21 and 28
    assert [(finding.rule, finding.message) for finding in found] == [
        ("too-many-nights", f"`{person}` has 14 nights in a row, where 8 are the limit: {when} {BERLIN}")
        for person, when in (
            ("ana", "Mon 2026-12-21 23:00 to Mon 2027-01-04 06:00"),
            ("bo", "Mon 2026-12-07 23:00 to Mon 2026-12-21 06:00"),
        )
    ]


@pytest.mark.parametrize("place", ["people/ana/accept", "teams/platform/accept", "accept"])
def test_a_limit_is_lived_with_for_a_person_or_a_team(findings_with: Find, place: str) -> None:
    edits = {f"{LIMITS}/hours_a_week": 60, place: [{"rule": "too-many-hours", "why": "a quiet service"}]}
    left = [finding.severity for finding in findings_with(edits)]
    assert left == (["notice", "reason"] if place.startswith("people") else ["notice", "notice"])
