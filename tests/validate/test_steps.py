"""What stands on steps that page: when it is told of, and when it is not."""

from collections.abc import Callable
from typing import Any

import pytest

from oncall.errors import Finding

Find = Callable[..., list[Finding]]
ROTATION = "teams/platform/schedules/primary/rotations/weekly"
WEEKLY = {"turn": "1 week", "hand_off": "Mon 09:00"}


def said(findings: list[Finding], rule: str) -> list[str]:
    return [finding.message for finding in findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("rotation", "messages"),
    [
        ({**WEEKLY, "people": ["ana", "nobody"], "since": "2026-10-05"}, 1),
        # about to make room for two
        (
            {
                **WEEKLY,
                "people": ["ana", "bo"],
                "since": "2027-02-15",
                "before": {"people": ["ana"], "since": "2026-10-05"},
            },
            0,
        ),
        # alone for more than 13 weeks
        (
            {
                **WEEKLY,
                "people": ["ana", "bo"],
                "since": "2027-02-22",
                "before": {"people": ["ana"], "since": "2026-10-05"},
            },
            1,
        ),
        # the line-up on its way is of one person
        (
            {
                **WEEKLY,
                "people": ["ana"],
                "since": "2027-02-15",
                "before": {"people": ["ana", "bo"], "since": "2026-10-05"},
            },
            1,
        ),
        # over
        ({**WEEKLY, "people": ["ana"], "since": "2026-10-05", "until": "2026-11-20"}, 0),
    ],
)
def test_a_line_up_of_one_person_that_stays_is_told_of(
    findings_with: Find, rotation: dict[str, Any], messages: int
) -> None:
    assert (
        said(findings_with({ROTATION: rotation}), "single-person")
        == ["`ana` is alone in platform/primary/weekly: there is nobody to hand over to"] * messages
    )


def test_one_person_where_no_step_looks_is_nobodys_worry(findings_with: Find) -> None:
    spare = {**WEEKLY, "people": ["ana"], "since": "2026-10-05"}
    assert findings_with({"teams/platform/schedules/spare": {"rotations": {"weekly": spare}}}) == []


def test_one_person_is_accepted_on_the_person_or_the_schedule(findings_with: Find) -> None:
    accept = [{"rule": "single-person", "why": "it is theirs"}]
    for place in ("people/ana/accept", "teams/platform/schedules/primary/accept", "teams/platform/accept", "accept"):
        assert findings_with({f"{ROTATION}/people": ["ana"], place: accept}) == []


@pytest.mark.parametrize(
    ("until", "messages"),
    [
        (
            "2026-12-24",
            ["`platform/primary` ends Fri 2026-12-25 00:00 (Europe/Berlin), and nobody is on call in it after that"],
        ),
        (
            "2026-11-20 12:00",
            ["`platform/primary` ended Fri 2026-11-20 12:00 (Europe/Berlin), and nobody is on call in it after that"],
        ),
        ("2027-11-30", []),  # more than a year away
    ],
)
def test_a_schedule_that_ends_says_when(findings_with: Find, until: str, messages: list[str]) -> None:
    assert said(findings_with({f"{ROTATION}/until": until}), "schedule-ends") == messages


def test_a_schedule_goes_on_while_one_of_its_rotations_does(findings_with: Find) -> None:
    other = {**WEEKLY, "people": ["ana", "bo"], "since": "2026-12-14"}
    edits = {f"{ROTATION}/until": "2026-12-14 09:00", "teams/platform/schedules/primary/rotations/later": other}
    assert findings_with(edits) == []


@pytest.mark.parametrize(
    ("person", "messages"),
    [
        ({"phone": None}, []),  # to be called: another rule's affair
        ({"phone": None, "pages": {"critical": ["push"]}, "device": "Ana's phone"}, []),
        (
            {"phone": None, "pages": {"critical": ["push"]}},
            ["`ana` is told of critical and high by push, and has neither a phone nor a device"],
        ),
        ({"pages": {"critical": ["push"]}}, []),
        (
            {"pages": {"critical": ["email"], "high": ["email"]}},
            ["`ana` is told of critical and high by e-mail alone, which wakes nobody"],
        ),
        ({"pages": {"critical": [], "high": []}}, []),  # nothing is known
    ],
)
def test_people_whom_nothing_would_wake(findings_with: Find, person: dict[str, Any], messages: list[str]) -> None:
    edits = {f"people/ana/{key}": value for key, value in person.items()}
    assert said(findings_with(edits), "never-woken") == messages
