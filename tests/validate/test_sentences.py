"""What people read: the sentence, and the nearest known key or what is allowed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from oncall.errors import Finding

Find = Callable[..., list[Finding]]
ROTATION = "teams/platform/schedules/primary/rotations/weekly"
ALONE = [{"rule": "single-person", "why": "it is theirs"}]
DAILY = "teams/edge/schedules/days/rotations/daily"


def said(findings: list[Finding]) -> list[str]:
    return [f"{finding.message} ({finding.hint})" if finding.hint else finding.message for finding in findings]


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        ({"servers/maps-mcp/team": "egde"}, "no team `egde` (did you mean `edge`?)"),
        ({"servers/maps-mcp/tier": "gold"}, "no tier `gold` (known: author, internal, thirdparty)"),
        (
            {f"{ROTATION}/since": "2026-10-07"},
            "the first turn would begin Wed 2026-10-07 09:00, which is no hand-off "
            "(hand-offs are Mon 09:00; `2026-10-12` is the first one from there)",
        ),
        (
            {"overrides": [{"schedule": "edge/days", "person": "cy", "from": "2027-03-28 02:30", "to": "2027-03-29"}]},
            "2027-03-28 02:30 does not exist in Europe/Berlin: the clocks jump over it "
            "(the next time that does is `2027-03-28 03:00`)",
        ),
        (
            {"maintenance": [{"servers": ["maps-mcp"], "from": "2026-10-24", "to": "2026-10-25 02:30"}]},
            "2026-10-25 02:30 comes twice in Europe/Berlin: the clocks are put back "
            "(say which: `2026-10-25 02:30+02:00` or `2026-10-25 02:30+01:00`)",
        ),
        (
            {"people/ana/until": "2027-01-04"},
            "`ana` leaves on 2027-01-04 and is on call from Mon 2027-01-11 09:00 in platform/primary/weekly "
            "(`oncall rota remove platform/primary/weekly ana --by 2027-01-04`)",
        ),
        (
            {f"{DAILY}/only": "09:00-17:00"},
            "outages of tier `author` reach nobody from Sat 2026-11-21 17:00 to Sun 2026-11-22 09:00 (Europe/Berlin), "
            "and 365 more times within a year (accept it under the team's `coverage`, or let a step name a person)",
        ),
        (
            {f"{DAILY}/until": "2026-12-24"},
            "outages of tier `author` reach nobody from Fri 2026-12-25 00:00 on (Europe/Berlin) "
            "(accept it under the team's `coverage`, or let a step name a person)",
        ),
        (
            {f"{ROTATION}/only": "Mon-Sat 00:00-24:00"},
            "the first step of team `platform` reaches nobody until the next at 5m, "
            "from Sun 2026-11-22 00:00 to Mon 2026-11-23 00:00 (Europe/Berlin), and 52 more times within a year "
            "(accept it under the team's `coverage`, or let a step name a person)",
        ),
        (
            {
                "servers/maps-mcp/tier": "thirdparty",
                "tiers/internal": {"severity": "critical"},
                DAILY: {
                    "people": ["cy", "nobody"],
                    "turn": "1 week",
                    "hand_off": "Mon 09:00",
                    "since": "2026-11-16",
                    "until": "2026-11-30",
                },
            },
            "outages of tier `thirdparty` are raised to `internal` at any hour, and nobody is on call "
            "from Mon 2026-11-23 09:00 to Mon 2026-11-30 09:00 (Europe/Berlin), and 1 more time within a year "
            "(let a step name a person, or a schedule around the clock)",
        ),
        (
            {"teams/platform/repeat": {"times": 1, "after": "10m"}},
            "repeating after 10m is not later than the manager's step at 10m of tier `internal` "
            "(times count from when the alert began)",
        ),
        (
            {"horizon": "2026-11-20"},
            "the horizon 2026-11-20 is past: nothing endless is made after it (move it on)",
        ),
        (
            {"servers/maps-mcp/tier": "rest", "tiers/rest": {"severity": "low"}, "teams/edge/pages_through": "jsm"},
            "Jira Service Management is not available yet (use pagerduty or opsgenie)",
        ),
    ],
)
def test_the_sentence_says_what_and_what_instead(findings_with: Find, edits: dict[str, Any], sentence: str) -> None:
    assert said(findings_with(edits))[0] == sentence


def test_suggested_ways_to_write_an_ambiguous_time_are_accepted(findings_with: Find) -> None:
    ends = ("2026-10-25 02:30+02:00", "2026-10-25 02:30+01:00")
    maintenance = [{"servers": ["maps-mcp"], "from": "2026-10-24", "to": end} for end in ends]

    assert findings_with({"maintenance": maintenance}) == []


@pytest.mark.parametrize(
    ("edits", "severity"),
    [
        ({"people/ana/phone": None}, "notice"),
        ({"people/ana/phone": None, "people/ana/manage": "rules"}, "error"),
        ({"servers/maps-mcp/name": "Weather"}, "notice"),
        ({"servers/maps-mcp/name": "Weather", "servers/maps-mcp/own_service": True}, "notice"),
        (
            {
                "servers/maps-mcp/name": "Weather",
                "servers/maps-mcp/own_service": True,
                "servers/weather-mcp/own_service": True,
            },
            "error",
        ),
        ({f"{DAILY}/only": "09:00-17:00"}, "reason"),
        ({f"{DAILY}/only": "09:00-17:00", "servers/maps-mcp/tier": "r", "tiers/r": {"severity": "low"}}, "notice"),
        ({f"{ROTATION}/only": "09:00-17:00"}, "notice"),
    ],
)
def test_how_bad_a_finding_is(findings_with: Find, edits: dict[str, Any], severity: str) -> None:
    assert [finding.severity for finding in findings_with(edits)] == [severity]


def test_whoever_leaves_after_their_last_turn_is_not_found(findings_with: Find) -> None:
    rotation = {
        "people": ["bo"],
        "turn": "1 week",
        "hand_off": "Mon 09:00",
        "since": "2027-01-04",
        "before": {"people": ["ana", "bo"], "since": "2026-12-14", "before": {"people": ["bo"], "since": "2026-10-05"}},
    }

    # ana's turns are the weeks from 14 and from 28 December; the last ends in the morning of 4 January
    assert [
        findings_with({ROTATION: rotation, "people/ana/until": day, "accept": ALONE})
        for day in ("2027-01-04", "2026-12-31")
    ] == [
        [],
        [
            Finding(
                "on-call-after-leaving",
                "`ana` leaves on 2026-12-31 and is on call from Fri 2027-01-01 00:00 in platform/primary/weekly",
                (*ROTATION.split("/"), "before", "people", 0),
                hint="`oncall rota remove platform/primary/weekly ana --by 2026-12-31`",
            )
        ],
    ]


def test_shifts_of_the_past_keep_nobody_from_having_left(findings_with: Find) -> None:
    rotation = {
        "people": ["bo"],
        "turn": "1 week",
        "hand_off": "Mon 09:00",
        "since": "2026-11-16",
        "before": {"people": ["ana", "bo"], "since": "2026-10-05"},
    }

    assert findings_with({ROTATION: rotation, "people/ana/until": "2026-10-31", "accept": ALONE}) == []


def test_a_cover_after_the_last_day_is_found(findings_with: Find) -> None:
    leave = {"person": "bo", "from": "2026-12-20", "to": "2027-01-02", "cover": "dee"}
    edits = {
        "leave": [leave],
        "people/dee/until": "2026-12-31",
        "teams/platform/escalation": [{"notify": "primary"}],
        "teams/platform/members": ["ana", {"bo": "manager"}, "dee"],
    }

    assert said(findings_with(edits)) == ["`dee` leaves on 2026-12-31 and stands in until 2027-01-02"]


def test_the_horizon_is_told_of_sixty_days_before(findings_with: Find) -> None:
    instants = (datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2026, 11, 2, 12, tzinfo=UTC))

    assert [len(findings_with({"horizon": "2027-01-01"}, now)) for now in instants] == [0, 1]


def test_times_are_read_in_the_zone_they_belong_to(findings_with: Find, missing: type) -> None:
    leave = {
        "person": "ana",
        "from": "2027-03-28 02:30",
        "to": "2027-03-30",
        "cover": "dee",
    }  # missing in Berlin, not in New York

    assert findings_with({"leave": [leave], "people/ana/time_zone": "America/New_York"}) == []
