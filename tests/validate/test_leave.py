"""Leave that leaves a shift uncovered, covers who can't, and one person in two places."""

from collections.abc import Callable
from typing import Any

import pytest

from oncall.errors import Finding

Find = Callable[..., list[Finding]]
WEEKLY = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}
PLATFORM = "teams/platform/schedules/primary"
EDGE = "teams/edge/schedules/days/rotations/daily"
DAY_OFF = {"person": "ana", "from": "2026-12-01", "to": "2026-12-02"}  # in ana's week, from Monday 30 November


def brief(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.severity, finding.rule, finding.message) for finding in findings]


def uncovered(when: str, person: str = "ana", still: str = " still") -> str:
    return f"`{person}` is away and{still} on call in `platform/primary` {when} (Europe/Berlin)"


def test_a_shift_of_somebody_away_is_told_to_the_minute_with_who_is_free(findings_with: Find) -> None:
    (found,) = findings_with({"leave": [DAY_OFF]})

    assert brief([found]) == [
        ("reason", "leave-uncovered", uncovered("Tue 2026-12-01 00:00 to Thu 2026-12-03 00:00")),
    ]
    assert found.path == ("leave", 0)
    assert found.hint == (
        "give a `cover`; free then: `bo` (672 h on call in the 13 weeks before), "
        "`dee` (0 h on call in the 13 weeks before)"
    )


@pytest.mark.parametrize(
    "edits",
    [
        {"leave": [{**DAY_OFF, "cover": "bo"}]},
        {"leave": [{**DAY_OFF, "cover": "bo", "schedule": "platform/primary"}]},
        {"leave": [{**DAY_OFF, "from": "2026-12-08", "to": "2026-12-13"}]},  # bo's week
        {"leave": [{**DAY_OFF, "from": "2026-11-16", "to": "2026-11-21 11:00"}]},  # over
        {
            "leave": [DAY_OFF],
            "overrides": [
                {"schedule": "platform/primary", "person": "bo", "from": "2026-12-01", "to": "2026-12-02"},
            ],
        },
        {
            "leave": [DAY_OFF],
            "swaps": [{"schedule": "platform/primary", "people": ["ana", "bo"], "turns": ["2026-11-30", "2026-12-07"]}],
        },
    ],
)
def test_what_somebody_else_has_by_then_is_covered(findings_with: Find, edits: dict[str, Any]) -> None:
    assert findings_with(edits) == []


def test_what_is_left_of_a_shift_is_found(findings_with: Find) -> None:
    override = {"schedule": "platform/primary", "person": "bo", "from": "2026-12-01", "to": "2026-12-01"}
    leave = {**DAY_OFF, "cover": "eli", "schedule": "edge/days"}

    assert brief(findings_with({"leave": [leave], "overrides": [override]})) == [
        ("reason", "leave-uncovered", uncovered("Wed 2026-12-02 00:00 to Thu 2026-12-03 00:00")),
    ]


def test_a_cover_who_is_away_too_is_told_at_their_leave(findings_with: Find) -> None:
    away = {"person": "bo", "from": "2026-12-02", "to": "2026-12-04"}
    (found,) = findings_with({"leave": [{**DAY_OFF, "cover": "bo"}, away]})

    when = "Wed 2026-12-02 00:00 to Thu 2026-12-03 00:00"
    assert found.message == uncovered(when, "bo", ", as they take the shifts of `ana`, still")
    assert found.path == ("leave", 1)


def test_whoever_is_not_free_is_not_proposed(findings_with: Find) -> None:
    edits = {
        "leave": [DAY_OFF, {"person": "bo", "from": "2026-12-02", "to": "2026-12-02"}],
        "teams/platform/members": ["ana", "bo", {"dee": "manager"}],
        "people/dee/until": "2026-12-01",
        "teams/platform/escalation": [{"notify": "primary"}],
        "tiers/internal": {"severity": "critical"},
    }
    (found,) = (finding for finding in findings_with(edits) if finding.rule == "leave-uncovered")

    assert found.hint == "nobody of the team is free then: swap turns, or put an override"


def test_one_of_two_on_call_may_be_away(findings_with: Find) -> None:
    edits = {
        "leave": [DAY_OFF],
        f"{PLATFORM}/rotations/other": {**WEEKLY, "people": ["bo", "ana"]},
    }

    assert [finding.severity for finding in findings_with(edits)] == ["notice"]


@pytest.mark.parametrize("place", ["accept", "people/ana/accept", "teams/platform/accept", f"{PLATFORM}/accept"])
def test_an_uncovered_leave_is_accepted(findings_with: Find, place: str) -> None:
    edits = {"leave": [DAY_OFF], place: [{"rule": "leave-uncovered", "why": "a quiet day"}]}

    assert [(finding.severity, finding.hint) for finding in findings_with(edits)] == [
        ("notice", "accepted: a quiet day")
    ]


def test_a_cover_on_call_elsewhere_is_told_of(findings_with: Find) -> None:
    edits = {
        "teams/platform/members": ["ana", "bo", "cy", {"dee": "manager"}],
        "leave": [{**DAY_OFF, "cover": "cy"}],  # cy has edge/days from 30 November on
    }

    assert brief(findings_with(edits)) == [
        (
            "notice",
            "cover-on-call-elsewhere",
            "`cy` covers `ana` in `platform/primary` while on call in `edge/days`: "
            "Tue 2026-12-01 00:00 to Thu 2026-12-03 00:00 (Europe/Berlin)",
        )
    ]


def test_one_person_in_two_schedules_is_told_of(findings_with: Find) -> None:
    edits = {
        "teams/platform/members": ["ana", "bo", "cy", {"dee": "manager"}],
        f"{PLATFORM}/rotations/weekly/people": ["bo", "cy"],
        EDGE: {**WEEKLY, "people": ["cy", "eli", "eli"]},
    }
    (found,) = findings_with(edits)

    # cy has every second week here, every third there: each sixth is both
    assert brief([found]) == [
        (
            "notice",
            "on-call-in-two-schedules",
            "`cy` is on call in `edge/days` and in `platform/primary` at once: "
            "Mon 2026-12-07 09:00 to Mon 2026-12-14 09:00, Mon 2027-01-18 09:00 to Mon 2027-01-25 09:00 "
            "(Europe/Berlin)",
        )
    ]
    for place in ("people/cy/accept", "teams/edge/accept", "teams/platform/schedules/primary/accept"):
        assert findings_with({**edits, place: [{"rule": found.rule, "why": "both are quiet"}]}) == []


SECOND = {
    "teams/platform/schedules/secondary": {"rotations": {"weekly": {**WEEKLY, "people": ["bo", "dee", "ana"]}}},
    "teams/platform/escalation": [{"notify": "primary"}, {"notify": "secondary", "after": "5m"}],
}


def test_a_step_that_tells_the_same_person_again_is_told_of(findings_with: Find) -> None:
    (found,) = findings_with(SECOND)

    # primary: ana, bo; secondary: bo, dee, ana - both bo in week 3 of 6, both ana in week 2
    assert (found.severity, found.rule, found.path) == (
        "notice",
        "same-person-twice",
        ("teams", "platform", "schedules", "secondary"),
    )
    assert found.message == (
        "the step at 5m of team `platform` tells nobody new while the same person is in `platform/primary` "
        "and in `platform/secondary`: `ana` Mon 2026-11-30 09:00 to Mon 2026-12-07 09:00, "
        "`bo` Mon 2026-12-07 09:00 to Mon 2026-12-14 09:00 (Europe/Berlin), and 2 more times in 13 weeks"
    )


@pytest.mark.parametrize(
    "edits",
    [
        # somebody else is told at that step
        {"teams/platform/escalation/1/notify": ["secondary", "dee"]},
        # the two never meet
        {"teams/platform/schedules/secondary/rotations/weekly/people": ["bo", "ana"]},
    ],
)
def test_a_step_that_tells_somebody_else_is_silent(findings_with: Find, edits: dict[str, Any]) -> None:
    assert findings_with({**SECOND, **edits}) == []


@pytest.mark.parametrize(("people", "count"), [(["ana", "bo", "dee"], 1), (["ana", "bo"], 0)])
def test_a_person_named_on_a_later_step_who_takes_turns(findings_with: Find, people: list[str], count: int) -> None:
    assert len(findings_with({f"{PLATFORM}/rotations/weekly/people": people})) == count
