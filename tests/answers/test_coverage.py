"""Covered and required hours, against a watcher who looks every quarter of an hour; gaps judged as `check` does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oncall.answers.coverage import coverage_report, findings_of, length_of, share, windows_text
from oncall.errors import Finding
from oncall.model.teams import parse_required
from oncall.shifts.rota import Rota

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = {"people": ["ana", "bo"], "turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}
Acme = Callable[..., Rota]


def team(**words: object) -> dict[str, object]:
    return {"escalation": [{"notify": "primary"}], **words}


def only(hours: str) -> dict[str, object]:
    return {"schedules": {"primary": {"rotations": {"weekly": {**WEEK, "only": hours}}}}}


@pytest.mark.parametrize(
    ("zone", "hours", "required"),
    [
        ("Europe/Berlin", "09:00-17:00", "always"),
        ("America/New_York", "Mon-Fri 08:00-20:00", "Mon-Fri 07:30-21:00"),
        ("Australia/Lord_Howe", "Fri 18:00 - Mon 09:00", "Sat 00:00-24:00"),
        ("America/Santiago", "22:00-06:00", "00:00-12:00"),
    ],
)
def test_minutes_are_those_a_watcher_of_the_clock_counts(acme: Acme, zone: str, hours: str, required: str) -> None:
    words = team(time_zone=zone, coverage={"required": {"internal": required}}, **only(hours))
    (found,) = coverage_report(acme(words).inventory, NOW, 200).tiers

    def inside(wall: datetime, text: str) -> bool:
        minute = wall.weekday() * 1440 + wall.hour * 60 + wall.minute
        return any(
            (minute - day * 1440 - window.start) % 10080 < window.minutes
            for window in parse_required(text)
            for day in window.days
        )

    quarters = (NOW + n * timedelta(minutes=15) for n in range(200 * 24 * 4))
    walls = [quarter.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for quarter in quarters]
    wanted = [wall for wall in walls if inside(wall, required)]
    there = [wall for wall in wanted if inside(wall, hours)]
    meant = [wall for wall in walls if not inside(wall, required) and not inside(wall, hours)]

    assert (found.length, found.covered) == (len(wanted) * HOUR / 4, len(there) * HOUR / 4)
    assert length_of(found.open) == (len(wanted) - len(there)) * HOUR / 4
    assert length_of(found.meant) == len(meant) * HOUR / 4
    assert found.failed == (len(there) < len(wanted))


def test_what_is_accepted_is_told_apart(acme: Acme) -> None:
    accept = [
        {"rule": "coverage-gap", "daily": "17:00-20:00", "why": "the office answers"},
        {"rule": "coverage-gap", "daily": "06:00-09:00", "why": "so early"},
    ]
    words = team(coverage={"required": {"internal": "06:00-20:00"}, "accept": accept}, **only("09:00-17:00"))
    (found,) = coverage_report(acme(words).inventory, NOW, 10).tiers

    assert (found.length, found.covered) == (140 * HOUR, 80 * HOUR)
    assert (found.open, found.failed) == ((), False)
    assert [(each.why, length_of(each.gaps)) for each in found.accepted] == [
        ("the office answers; so early", 60 * HOUR)
    ]


def test_nothing_is_accepted_of_what_is_raised_to(acme: Acme) -> None:
    tiers = {
        "internal": {"severity": "critical"},
        "slow": {"severity": "medium", "raise_after": "30m", "raise_to": "critical"},
    }
    server = {"name": "M", "url": "https://m.example", "team": "platform", "tier": "slow"}
    words = team(
        coverage={"required": {"internal": "09:00-17:00"}, "accept": [{"rule": "coverage-gap", "why": "y"}]},
        **only("09:00-17:00"),
    )
    report = coverage_report(acme(words, tiers=tiers, servers={"maps": server}).inventory, NOW, 10)

    (critical, slow) = report.tiers
    assert (critical.raised_from, critical.failed, share(critical.covered, critical.length)) == ("slow", True, 33.33)
    assert (slow.required, slow.failed, share(slow.covered, slow.length)) == (None, False, 33.33)
    assert report.failed


def test_an_override_of_the_whole_schedule_fills_a_gap(acme: Acme) -> None:
    override = {"schedule": "platform/primary", "person": "bo", "from": "2026-11-22", "to": "2026-11-22"}
    found = coverage_report(acme(team(**only("09:00-17:00")), overrides=[override]).inventory, NOW, 10)

    assert found.schedules[0].covered == found.tiers[0].covered == (80 + 16) * HOUR


def test_a_schedule_on_no_step_is_reported_as_such(acme: Acme) -> None:
    words = team()
    words["schedules"] = {
        "primary": {"rotations": {"w": WEEK}},
        "spare": {"rotations": {"w": {**WEEK, "only": "09:00-21:00"}}},
    }
    primary, spare = coverage_report(acme(words).inventory, NOW, 10).schedules

    assert (primary.on_step, share(primary.covered, primary.length)) == (True, 100)
    assert (spare.on_step, share(spare.covered, spare.length)) == (False, 50)


@pytest.mark.parametrize(
    "text",
    ["always", "09:00-17:00", "Mon-Fri 08:00-24:00", "Sat 10:00-14:00", "Fri 18:00 - Mon 09:00", "Mon-Thu 18:00-09:00"],
)
def test_hours_are_shown_as_they_are_typed(text: str) -> None:
    assert windows_text(parse_required(text)) == text


def test_a_percentage_is_only_whole_where_nothing_is_missing() -> None:
    assert [share(covered, 90 * 24 * HOUR) for covered in (90 * 24 * HOUR, 90 * 24 * HOUR - HOUR / 60)] == [100, 99.99]


def test_findings_are_those_of_the_team(acme: Acme) -> None:
    inventory = acme().inventory
    found = [
        Finding("coverage-gap", "m", ("teams", "platform", "escalation")),
        Finding("coverage-gap", "m", ("teams", "edge", "escalation")),
        Finding(
            "leave-uncovered", "m", ("leave", 0), nouns=(("people", "ana"), ("teams", "edge", "schedules", "days"))
        ),
        Finding("never-woken", "m", ("people", "ana")),
        Finding("never-woken", "m", ("people", "cy")),
        Finding("unknown-tier", "m", ("teams", "platform")),
    ]

    assert findings_of(inventory, found, None) == found[:-1]
    assert findings_of(inventory, found, "platform") == [found[0], found[3]]
