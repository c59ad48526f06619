"""Swaps, overrides and public holidays: for somebody, and to some effect."""

from collections.abc import Callable
from typing import Any

import pytest

from oncall.errors import Finding

Find = Callable[..., list[Finding]]
PRIMARY = "platform/primary"  # ana from 16 November on, bo from 23, ana from 30, ...


def brief(findings: list[Finding]) -> list[tuple[str, str, str, str]]:
    return [(finding.severity, finding.rule, finding.message, "/".join(map(str, finding.path))) for finding in findings]


def swap(first: str, second: str, people: tuple[str, str] = ("ana", "bo")) -> dict[str, Any]:
    return {"schedule": PRIMARY, "people": list(people), "turns": [first, second]}


def override(person: str, first: str, last: str, **more: str) -> dict[str, Any]:
    return {"schedule": PRIMARY, "person": person, "from": first, "to": last, **more}


@pytest.mark.parametrize(
    "swaps",
    [
        [swap("2026-11-30", "2026-12-07")],
        [swap("2026-12-02 10:00", "2026-12-07")],
        [swap("2026-10-05", "2026-10-05")],  # past, whatever it was
        [swap("2026-11-20", "2026-12-07")],  # the running turn
        [swap("2026-11-30", "2026-12-07"), swap("2026-12-14", "2026-12-21")],
    ],
)
def test_swaps_of_turns_that_people_have_are_silent(findings_with: Find, swaps: list[dict[str, Any]]) -> None:
    assert findings_with({"swaps": swaps}) == []


def test_a_swap_of_a_turn_that_is_not_theirs(findings_with: Find) -> None:
    (found,) = findings_with({"swaps": [swap("2026-11-24", "2026-12-07")]})

    assert brief([found]) == [
        ("error", "swap-of-nobody", "`ana` has no turn in `platform/primary` on 2026-11-24", "swaps/0/turns/0")
    ]
    # the running turn comes first, from now on
    assert found.hint == ("the next turns of `ana`: Sat 2026-11-21 13:00, Mon 2026-11-30 09:00, Mon 2026-12-14 09:00")


def test_a_swap_with_somebody_who_takes_no_turns(findings_with: Find) -> None:
    (found,) = findings_with({"swaps": [swap("2026-11-30", "2026-12-07", ("ana", "dee"))]})

    assert (found.rule, found.path) == ("swap-of-nobody", ("swaps", 0, "turns", 1))
    assert found.hint == "`dee` takes no turns in it within a year"


def test_two_swaps_of_one_turn(findings_with: Find) -> None:
    (found,) = findings_with({"swaps": [swap("2026-11-30", "2026-12-07"), swap("2026-12-14", "2026-12-09 12:00")]})

    assert brief([found]) == [
        (
            "error",
            "swapped-twice",
            "`bo` swaps the turn from Mon 2026-12-07 09:00 (Europe/Berlin) twice",
            "swaps/1/turns/1",
        )
    ]
    assert found.hint == "the other is of `ana` and `bo`; keep one of them"


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (
            override("ana", "2026-12-01", "2026-12-02"),
            "the override changes nothing: `ana` is on call in `platform/primary` anyway",
        ),
        (
            override("ana", "2026-12-01", "2026-12-02", instead_of="ana"),
            "the override changes nothing: `ana` is on call in `platform/primary` anyway",
        ),
    ],
)
def test_an_override_that_changes_nothing(findings_with: Find, found: dict[str, Any], message: str) -> None:
    assert brief(findings_with({"overrides": [found]})) == [
        ("notice", "override-changes-nothing", message, "overrides/0")
    ]


def test_an_override_under_another_changes_nothing(findings_with: Find) -> None:
    whole = override("dee", "2026-12-01", "2026-12-02")
    part = override("bo", "2026-12-02", "2026-12-02", instead_of="ana")
    found = findings_with({"overrides": [whole, part]})

    assert [(finding.rule, finding.path) for finding in found] == [
        ("override-of-nobody", ("overrides", 1, "instead_of"))
    ]


def test_an_override_instead_of_somebody_who_is_not_on_call(findings_with: Find) -> None:
    (found,) = findings_with({"overrides": [override("dee", "2026-12-01", "2026-12-02", instead_of="bo")]})

    assert brief([found]) == [
        (
            "notice",
            "override-of-nobody",
            "`bo` is not on call in `platform/primary` Tue 2026-12-01 00:00 to Thu 2026-12-03 00:00 (Europe/Berlin)",
            "overrides/0/instead_of",
        )
    ]
    assert found.hint == ("the next turns of `bo`: Mon 2026-11-23 09:00, Mon 2026-12-07 09:00, Mon 2026-12-21 09:00")


@pytest.mark.parametrize(
    "found",
    [
        override("bo", "2026-12-01", "2026-12-01"),
        override("bo", "2026-12-01", "2026-12-07", instead_of="ana"),
        override("ana", "2026-12-01", "2026-12-07 10:00"),  # an hour of bo's turn
        override("ana", "2026-11-17", "2026-11-18"),  # past
    ],
)
def test_an_override_that_changes_something_is_silent(findings_with: Find, found: dict[str, Any]) -> None:
    assert findings_with({"overrides": [found]}) == []


def test_overrides_overlap_where_they_take_the_same_persons_shifts(findings_with: Find) -> None:
    first = override("bo", "2026-12-01", "2026-12-02", instead_of="ana")
    second = override("dee", "2026-12-02", "2026-12-03", instead_of="ana")
    (found,) = (one for one in findings_with({"overrides": [first, second]}) if one.severity == "error")

    assert brief([found]) == [
        (
            "error",
            "overrides-overlap",
            "`ana`'s shifts in `platform/primary` are taken by `bo` until Thu 2026-12-03 00:00 already",
            "overrides/1/from",
        )
    ]


HOLIDAYS = "teams/platform/on_holidays"
COVER = {
    "people/ana/holidays": "DE-BE",
    "horizon": "2027-12-31",
    "teams/platform/schedules/spare": {
        "rotations": {"daily": {"people": ["dee"], "turn": "1 day", "since": "2026-10-05"}}
    },
    HOLIDAYS: {"cover": "spare/daily"},
}
DAYS = {"people/ana/holidays": "DE-BE", "people/bo/holidays": "SE"}


def test_holidays_on_call_are_listed_where_the_team_wants_them(findings_with: Find) -> None:
    found = findings_with({**DAYS, HOLIDAYS: "list"})

    # ana has the weeks from 28 December and from 11 January, bo those from 21 December and from 4 January
    assert [(one.severity, one.rule, one.message) for one in found] == [
        ("notice", "on-call-on-holiday", "`ana` is on call in `platform/primary` on 2027-01-01 (New Year's Day)"),
        (
            "notice",
            "on-call-on-holiday",
            "`bo` is on call in `platform/primary` on 2026-12-25 (Christmas Day), "
            "2026-12-26 (Second Day of Christmas) and 2027-01-06 (Epiphany)",
        ),
    ]


def test_holidays_are_ignored_unless_a_team_says_otherwise(findings_with: Find) -> None:
    assert findings_with(DAYS) == []


def test_a_covered_holiday_is_silent(findings_with: Find) -> None:
    assert findings_with(COVER) == []


def test_a_holiday_of_the_cover_too_is_a_reason(findings_with: Find) -> None:
    assert [(one.severity, one.rule, one.message) for one in findings_with({**COVER, "people/dee/holidays": "SE"})] == [
        (
            "reason",
            "holiday-uncovered",
            "`ana` is on call in `platform/primary` on 2027-01-01 (New Year's Day), "
            "public holidays of theirs: `dee` of `spare/daily` has a holiday too",
        )
    ]


def test_nobody_in_the_covering_rotation(findings_with: Find) -> None:
    edits = {**COVER, HOLIDAYS: {"cover": "primary/weekly"}}

    assert [(one.rule, one.message) for one in findings_with(edits)] == [
        (
            "holiday-uncovered",
            "`ana` is on call in `platform/primary` on 2027-01-01 (New Year's Day), "
            "public holidays of theirs: `primary/weekly` has nobody else then",
        )
    ]


def test_a_cover_of_holidays_who_is_away_is_found(findings_with: Find) -> None:
    leave = {"person": "dee", "from": "2027-01-01", "to": "2027-01-03"}
    found = [one for one in findings_with({**COVER, "leave": [leave]}) if "primary" in one.message]

    assert [(one.severity, one.rule, one.message) for one in found] == [
        (
            "reason",
            "leave-uncovered",
            "`dee` is away and, as they take the shifts of `ana`, still on call in `platform/primary` "
            "Fri 2027-01-01 00:00 to Sat 2027-01-02 00:00 (Europe/Berlin)",
        )
    ]


def test_covers_of_holidays_need_an_end(findings_with: Find) -> None:
    assert [(one.severity, one.rule, one.path) for one in findings_with({**COVER, "horizon": None})] == [
        ("error", "holiday-cover-without-horizon", ("teams", "platform", "on_holidays"))
    ]
