"""Limits against somebody who looks at the clock every half hour, for random rotas."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oncall.errors import Finding, Spans
from oncall.model import Inventory
from oncall.shifts.rota import Rota
from oncall.validate import validate

STEP = timedelta(minutes=30)
BEFORE, AHEAD = timedelta(weeks=2), timedelta(weeks=13)
LIMITS = {"rest": "11h", "nights_in_a_row": 2, "hours_a_week": 40}
RULES = {"rest-too-short", "too-many-nights", "too-many-hours"}
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Santiago", "UTC")
HOURS = (
    None,
    "05:30-14:00",  # the end of a night
    "14:00-23:30",  # the beginning of one
    "Mon-Fri 21:00-07:00",
    ["Sat 10:00-16:00", "Mon-Wed 18:00-08:30"],
    "Fri 18:00 - Mon 09:00",
)


def rota_of(luck: random.Random, inventory_with: Callable[..., Inventory]) -> Inventory:
    edits: dict[str, Any] = {"teams/platform/limits": LIMITS}
    for person in ("ana", "bo", "dee"):
        edits[f"people/{person}/time_zone"] = luck.choice(ZONES)
    for schedule in ("primary", "secondary"):
        for rotation in ("a", "b")[: luck.randint(1, 2)]:
            edits[f"teams/platform/schedules/{schedule}/rotations/{rotation}"] = {
                "people": ["ana", *luck.choices(("ana", "bo", "dee", "nobody"), k=luck.randint(0, 2))],
                "turn": luck.choice(("12 hours", "8 hours", "1 day", "3 days")),
                "since": "2025-10-06",
                "hand_off": "00:00",
                "only": luck.choice(HOURS),
                "time_zone": luck.choice(ZONES),
            }
    weekly = {
        "people": ["ana", "bo"],
        "turn": "1 week",
        "hand_off": "Mon 09:00",
        "since": "2026-10-05",
        "until": "2026-10-12",
    }
    edits["teams/platform/schedules/primary/rotations/weekly"] = weekly
    return inventory_with(edits)


def watched(inventory: Inventory, person: str, now: datetime) -> set[datetime]:
    """The half hours, by their start, in which a person is on call anywhere."""
    rota, found = Rota(inventory), set()
    for ref in rota.schedules():
        for shift in rota.timeline(ref, now - BEFORE, now + AHEAD).shifts:
            at = shift.start
            while shift.person == person and at < shift.end:
                found.add(at)
                at += STEP
    return found


def stretches(times: list[datetime]) -> list[list[datetime]]:
    found: list[list[datetime]] = []
    for at in times:
        if found and at - found[-1][-1] == STEP:
            found[-1].append(at)
        else:
            found.append([at])
    return found


def short_rests(times: list[datetime], now: datetime) -> Spans:
    runs = stretches(times)
    rests = [(one[-1] + STEP, other[0]) for one, other in pairwise(runs)]
    return tuple(rest for rest in rests if rest[1] - rest[0] < timedelta(hours=11) and rest[1] > now)


def full_weeks(times: list[datetime], zone: ZoneInfo, now: datetime) -> set[date]:
    hours: dict[date, int] = {}
    for at in times:
        day = at.astimezone(zone).date()
        monday = day - timedelta(days=day.weekday())
        hours[monday] = hours.get(monday, 0) + 1
    today = now.astimezone(zone).date()
    running = today - timedelta(days=today.weekday())
    return {monday for monday, halves in hours.items() if halves > 80 and monday >= running}


def long_rows(times: list[datetime], zone: ZoneInfo, now: datetime) -> set[tuple[date, int]]:
    """The evening on which a row of more than two nights begins, and its length."""
    nights = set()
    for at in times:
        wall = at.astimezone(zone)
        if wall.hour == 23 or wall.hour < 6:
            nights.add((wall - timedelta(hours=6, minutes=30)).date())
    rows = []
    for night in sorted(nights):
        if rows and night - rows[-1][-1] == timedelta(days=1):
            rows[-1].append(night)
        else:
            rows.append([night])
    clock = now.astimezone(zone).replace(tzinfo=None)
    return {
        (row[0], len(row))
        for row in rows
        if len(row) > 2 and datetime.combine(row[-1] + timedelta(days=1), time(6)) > clock
    }


@pytest.mark.parametrize("seed", range(30))
def test_limits_are_what_a_watcher_of_the_clock_counts(seed: int, inventory_with: Callable[..., Inventory]) -> None:
    luck = random.Random(seed)
    inventory = rota_of(luck, inventory_with)
    now = datetime(2026, luck.choice((2, 10, 11)), 21, 12, tzinfo=UTC)
    found: dict[tuple[str, str], Finding] = {}
    for finding in validate(inventory, now):
        if finding.rule in RULES:
            found[finding.rule, finding.message.split("`")[1]] = finding

    assert found  # the limits are tight
    for person in ("ana", "bo", "dee"):
        zone = ZoneInfo(inventory.person_zone(inventory.people[person]))
        times = sorted(watched(inventory, person, now))

        def spans(rule: str, person: str = person) -> Spans:
            return found[rule, person].spans if (rule, person) in found else ()

        def evening(instant: datetime, zone: ZoneInfo = zone) -> date:
            return instant.astimezone(zone).date()

        assert spans("rest-too-short") == short_rests(times, now)
        assert {evening(start) for start, _ in spans("too-many-hours")} == full_weeks(times, zone, now)
        assert {
            (evening(start), (evening(end) - evening(start)).days) for start, end in spans("too-many-nights")
        } == long_rows(times, zone, now)
