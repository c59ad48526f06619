"""Hours a team demands, gaps it means, gaps that only clocks make, gaps that an override fills."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from oncall.errors import Finding
from oncall.model.words import parse_window
from oncall.shifts.clock_changes import clock_gaps
from oncall.shifts.coverage import Pattern
from oncall.shifts.intervals import intersect, subtract
from oncall.shifts.windows import window_intervals

Find = Callable[..., list[Finding]]
DAILY = "teams/edge/schedules/days/rotations/daily"
REQUIRED = "teams/edge/coverage/required"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
YEAR = timedelta(days=366)
WEEKLY = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}
REGIONS = {
    "teams/edge/time_zone": "UTC",
    "teams/edge/schedules/days/rotations": {
        "west": {**WEEKLY, "people": ["cy", "eli"], "only": "09:00-21:00", "time_zone": "America/New_York"},
        "east": {**WEEKLY, "people": ["cy", "eli"], "only": "03:00-15:00", "time_zone": "Europe/Berlin"},
    },
}


def brief(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.severity, finding.rule, finding.message) for finding in findings]


@pytest.mark.parametrize(
    ("hours", "rules"),
    [
        ({"author": "Mon-Fri 10:00-16:00"}, []),
        ({"author": "09:00-17:00"}, []),
        ({"author": "always"}, ["coverage-gap"]),
        ({"author": "09:00-17:01"}, ["coverage-gap"]),
        ({"internal": "09:00-17:00"}, ["required-unused", "coverage-gap"]),
    ],
)
def test_only_gaps_in_demanded_hours_are_found(findings_with: Find, hours: dict[str, str], rules: list[str]) -> None:
    assert [found.rule for found in findings_with({f"{DAILY}/only": "09:00-17:00", REQUIRED: hours})] == rules


def test_a_gap_in_demanded_hours_is_told_to_the_minute(findings_with: Find) -> None:
    edits = {f"{DAILY}/only": "09:00-17:00", REQUIRED: {"author": "Mon-Fri 08:30-17:00"}}

    assert brief(findings_with(edits)) == [
        (
            "reason",
            "coverage-gap",
            "outages of tier `author` reach nobody in hours that `required` names, "
            "from Mon 2026-11-23 08:30 to Mon 2026-11-23 09:00 (Europe/Berlin), and 260 more times within a year",
        )
    ]


def test_hours_demanded_for_a_medium_tier_are_a_reason(findings_with: Find) -> None:
    edits = {
        "servers/maps-mcp/tier": "rest",
        "tiers/rest": {"severity": "low"},
        f"{DAILY}/only": "09:00-17:00",
        REQUIRED: {"rest": "08:00-17:00"},
    }

    assert [finding.severity for finding in findings_with(edits)] == ["reason"]


def test_what_is_raised_to_answers_always_whatever_is_demanded(findings_with: Find) -> None:
    edits = {
        "servers/maps-mcp/tier": "thirdparty",
        "tiers/internal": {"severity": "critical"},
        f"{DAILY}/only": "09:00-17:00",
        REQUIRED: {"internal": "09:00-17:00", "thirdparty": "09:00-17:00"},
    }

    assert [finding.rule for finding in findings_with(edits)] == ["raise-gap"]


def test_an_override_of_a_whole_schedule_fills_a_gap(findings_with: Find) -> None:
    override = {"schedule": "edge/days", "person": "eli", "from": "2026-11-21", "to": "2026-11-22 09:00"}
    edits = {f"{DAILY}/only": "09:00-17:00", "overrides": [override]}

    (found,) = findings_with(edits)
    assert found.message.startswith("outages of tier `author` reach nobody from Sun 2026-11-22 17:00 to Mon 2026-11-23")
    (found,) = findings_with({**edits, "overrides": [{**override, "instead_of": "cy"}]})
    assert found.message.startswith("outages of tier `author` reach nobody from Sat 2026-11-21 17:00")


def test_a_gap_that_only_clocks_make_says_which_weeks_whose_hours_and_what_closes_it(findings_with: Find) -> None:
    (found,) = findings_with(copy.deepcopy(REGIONS))

    assert (found.severity, found.rule) == ("reason", "clock-change-gap")
    assert found.message == (
        "outages of tier `author` reach nobody from Mon 2027-03-15 01:00 to Mon 2027-03-15 02:00 (UTC), "
        "and 20 more times within a year, in the weeks of 2027-03-15 to 2027-03-27 and 2027-10-31 to 2027-11-07; "
        "zones change their clocks on different dates: "
        "`west` ends at 21:00 (America/New_York) and `east` begins at 03:00 (Europe/Berlin)"
    )
    assert found.hint == (
        "let `west` go on to 22:00, or let `east` begin at 02:00, or accept it under the team's `coverage`"
    )


@pytest.mark.parametrize("change", [{"west/only": "09:00-22:00"}, {"east/only": "02:00-15:00"}])
def test_either_way_out_closes_it(findings_with: Find, change: dict[str, str]) -> None:
    rotations = {f"teams/edge/schedules/days/rotations/{key}": only for key, only in change.items()}

    assert findings_with({**copy.deepcopy(REGIONS), **rotations}) == []


@pytest.mark.parametrize("rule", ["clock-change-gap", "coverage-gap"])
def test_a_gap_of_the_clocks_is_accepted_under_either_name(findings_with: Find, rule: str) -> None:
    accept = {"rule": rule, "why": "the office answers"}
    (found,) = findings_with({**copy.deepcopy(REGIONS), "teams/edge/coverage/accept": [accept]})

    assert (found.severity, found.rule, found.hint) == ("notice", "clock-change-gap", "accepted: the office answers")


def test_a_gap_of_all_year_is_told_apart_from_the_hours_that_clocks_add(findings_with: Find) -> None:
    edits = {**copy.deepcopy(REGIONS), "teams/edge/schedules/days/rotations/west/only": "09:00-20:00"}

    assert [found.rule for found in findings_with(edits)] == ["coverage-gap", "clock-change-gap"]


def pattern(hours: str, zone: str) -> Pattern:
    return Pattern(NOW, NOW + YEAR, (parse_window(hours),), zone)


def uncovered(patterns: list[Pattern]) -> tuple[tuple[datetime, datetime], ...]:
    left = ((NOW, NOW + YEAR),)
    for each in patterns:
        assert each.only is not None
        left = subtract(left, window_intervals(each.only, each.zone, NOW, NOW + YEAR))
    return left


@pytest.mark.parametrize(
    ("patterns", "hours"),
    [
        # three regions: from March to November New York ends an hour before Singapore begins
        (
            [("08:00-16:00", "Asia/Singapore"), ("09:00-17:00", "Europe/Berlin"), ("11:00-19:00", "America/New_York")],
            238,
        ),
        # one that changes twice a year and one that never does: 149 days of winter in this year
        ([("00:00-12:00", "Asia/Kolkata"), ("07:30-19:30", "Europe/London")], 149),
        # both change, on the same dates
        ([("09:00-20:00", "Europe/Berlin"), ("20:00-08:00", "Europe/London")], 0),
        # half an hour more in 184 days of summer
        ([("00:00-12:00", "Australia/Lord_Howe"), ("02:00-14:00", "UTC")], 92),
        # only working days, so that every week has a gap
        ([("Mon-Fri 09:00-21:00", "Europe/Berlin"), ("Mon-Fri 15:00-03:00", "America/New_York")], 15),
    ],
)
def test_what_clocks_add_to_gaps(patterns: list[tuple[str, str]], hours: float) -> None:
    found = [pattern(*each) for each in patterns]
    gaps = uncovered(found)
    clocks = clock_gaps(frozenset(found), gaps, NOW, NOW + YEAR)

    assert intersect(clocks, gaps) == clocks
    assert sum(((end - start) for start, end in clocks), timedelta(0)) == timedelta(hours=hours)
