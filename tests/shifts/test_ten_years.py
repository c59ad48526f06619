"""Ten years of every zone whose clocks do something of their own, and every change of theirs looked at closely."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oncall.model import Rotation
from oncall.shifts.lineups import rotation_spans
from oncall.shifts.timeline import Shift, shifts

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Europe/London",
    "Australia/Lord_Howe",  # half an hour
    "America/Santiago",  # midnight is missing
    "Africa/Casablanca",  # back for Ramadan
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "UTC",
    "Pacific/Apia",  # 30 December 2011 is missing
)
# Apia left out a day in 2011 and gave up summer time in 2021; Casablanca's Ramadan time is of both halves.
DECADES = {"early": (datetime(2007, 1, 1, tzinfo=UTC), datetime(2017, 1, 1, tzinfo=UTC))}
DECADES["late"] = (DECADES["early"][1], datetime(2027, 1, 1, tzinfo=UTC))
TURNS = (
    "1 hour",
    "6 hours",
    "8 hours",
    "12 hours",
    "5 hours",
    "7 hours",
    "36 hours",
    "1 day",
    "3 days",
    "1 week",
    "2 weeks",
    "1 month",
    "5 months",
)
HAND_OFFS = ("00:00", "01:30", "02:00", "09:00", "23:45")
MINUTE = timedelta(minutes=1)


def rotation(turn: str, at: str, since: str) -> Rotation:
    hand_off = f"Mon {at}" if "week" in turn else at
    words: dict[str, Any] = {"people": ["ana", "bo", "cy"], "turn": turn, "hand_off": hand_off, "since": since}
    return Rotation.model_validate(words)


def changes(zone: str) -> list[datetime]:
    """The UTC days, of both decades, on which the clocks of a zone are put forward or back."""
    place, at, found = ZoneInfo(zone), DECADES["early"][0], []
    while at < DECADES["late"][1]:
        if (at + timedelta(days=1)).astimezone(place).utcoffset() != at.astimezone(place).utcoffset():
            found.append(at)
        at += timedelta(days=1)
    return found


def test_the_changes_that_the_zones_are_here_for_are_among_them() -> None:
    counts = {zone: len(changes(zone)) for zone in ZONES}
    assert [zone for zone, count in counts.items() if count == 0] == ["Asia/Kolkata", "Asia/Kathmandu", "UTC"]
    assert counts["Europe/Berlin"] == counts["Europe/London"] == counts["America/New_York"] == 40
    assert counts["Africa/Casablanca"] > 40
    assert any(day.date().isoformat() == "2011-12-30" for day in changes("Pacific/Apia"))


@pytest.mark.parametrize("decade", DECADES)
@pytest.mark.parametrize("zone", ZONES)
def test_a_rota_around_the_clock_has_neither_gap_nor_overlap(zone: str, decade: str) -> None:
    start, end = DECADES[decade]
    for number, turn in enumerate(turn for turn in TURNS if turn not in ("1 hour", "6 hours", "7 hours")):
        at = HAND_OFFS[number % len(HAND_OFFS)]
        spans = rotation_spans(rotation(turn, at, "2006-10-02"), zone)
        drawn = list(shifts(spans, None, start, end))
        assert (drawn[0].start, drawn[-1].end) == (start, end), turn
        assert all(one.end == other.start for one, other in pairwise(drawn)), turn
        assert all(shift.start < shift.end for shift in drawn), turn
        holders = [shift.person for shift in drawn]
        if zone != "Pacific/Apia" and "hour" not in turn:  # nobody's turn is missing, nobody has two
            assert all(two == {"ana": "bo", "bo": "cy", "cy": "ana"}[one] for one, two in pairwise(holders)), turn


@pytest.mark.parametrize("zone", ZONES)
def test_around_every_change_the_shifts_are_what_a_watcher_of_the_clock_sees(
    zone: str, clockwatcher: SimpleNamespace
) -> None:
    days = changes(zone) or [datetime(2026, 6, 10, tzinfo=UTC)]
    for number, day in enumerate(days):
        start, end = day - timedelta(hours=3), day + timedelta(hours=27)
        turn, at = TURNS[number % len(TURNS)], HAND_OFFS[number % len(HAND_OFFS)]
        since = day - timedelta(days=2 + number % 5)
        found = rotation(turn, at, f"{since:%Y-%m}-{min(since.day, 28):02}")  # months keep to days they all have
        drawn = list(shifts(rotation_spans(found, zone), None, start, end))
        assert by_minute(drawn, start, end) == clockwatcher.holder_by_minute(found, zone, start, end), (day, turn)


def by_minute(found: list[Shift], start: datetime, end: datetime) -> list[str | None]:
    holders: list[str | None] = [None] * ((end - start) // MINUTE)
    for shift in found:
        for minute in range((shift.start - start) // MINUTE, (shift.end - start) // MINUTE):
            assert holders[minute] is None, "two shifts of one rotation at once"
            holders[minute] = shift.person
    return holders
