"""Random rotations and random edits, and an idea of time of its own: turns laid out one after the other.

Nothing here comes from `oncall.shifts`. Walls become instants by looking at what a clock of the zone shows.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from random import Random
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oncall.model import Inventory, Rotation

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "UTC",
    "Pacific/Apia",
)
PEOPLE = ("ana", "bo", "cy", "dee", "eve", "fay", "gil", "hal")
# Days on which, in one of these zones, something happens to the clocks; and quiet ones.
DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        "2026-02-15",  # Casablanca, before Ramadan
        "2026-03-08",
        "2026-03-22",
        "2026-03-29",
        "2026-04-04",
        "2026-04-05",
        "2026-09-06",
        "2026-10-04",
        "2026-10-25",
        "2026-11-01",
        "2026-06-10",
        "2026-11-21",
    )
)
TURNS = (
    *("1 hour", "8 hours", "12 hours", "24 hours", "7 hours", "36 hours", "50 hours"),
    *("1 day", "2 days", "3 days", "10 days"),
    *("1 week", "1 week", "2 weeks", "3 weeks"),
    *("1 month", "2 months"),
)
HOURS = (
    "08:00-20:00",
    "20:00-08:00",
    "02:15-02:45",
    "Mon-Fri 09:00-17:30",
    "Fri 18:00 - Mon 09:00",
    ["00:00-03:00", "12:00-15:00"],
)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ONE_DAY = timedelta(days=1)

Pieces = list[tuple[datetime, datetime, str]]


@lru_cache(maxsize=100_000)
def when(wall: datetime, zone: str) -> datetime:
    """The first instant at which a clock of the zone shows this time, or jumps over it."""
    place = ZoneInfo(zone)
    for _ in range(26 * 60):
        instant = wall.replace(tzinfo=place).astimezone(UTC)
        if instant.astimezone(place).replace(tzinfo=None, fold=0) == wall:
            return instant
        wall = wall.replace(second=0) + timedelta(minutes=1)
    raise AssertionError(wall)


def lineups_of(rotation: Rotation) -> list[Any]:
    """The line-ups, newest first, each with the turn and hand-off that count."""
    found, lineup = [], rotation
    while lineup is not None:
        turn, hand_off = lineup.turn or rotation.turn, lineup.hand_off or rotation.hand_off
        found.append(SimpleNamespace(lineup=lineup, turn=turn, at=hand_off.at if hand_off else time(0)))
        lineup = lineup.before
    return found


def moment(typed: Any, zone: str, at: time = time(0)) -> datetime:
    if not isinstance(typed, datetime):
        return when(datetime.combine(typed, at), zone)
    return typed.astimezone(UTC) if typed.tzinfo else when(typed, zone)


def turns(one: Any, zone: str, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, str]]:
    """The turns of a line-up by itself that touch a period, counted from its first hand-off."""
    since, people = one.lineup.since, one.lineup.people
    first = moment(since, zone, one.at)
    length = {"hour": timedelta(hours=1), "day": ONE_DAY, "week": 7 * ONE_DAY, "month": 31 * ONE_DAY}[one.turn.unit]
    number = max(0, int((start - first) / (length * one.turn.count)) - 3)
    while True:
        begins, ends = (_turn(one, first, zone, number + more) for more in (0, 1))
        if begins >= end:
            return
        if begins < ends and ends > start:
            yield begins, ends, people[number % len(people)]
        number += 1


def _turn(one: Any, first: datetime, zone: str, number: int) -> datetime:
    count, since = one.turn.count * number, one.lineup.since
    if one.turn.unit == "hour" and 24 % one.turn.count:
        return first + count * timedelta(hours=1)
    wall = datetime.combine(since, one.at) if not isinstance(since, datetime) else since
    if wall.tzinfo is not None:
        wall = wall.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    if one.turn.unit == "month":
        months = wall.month - 1 + count
        return when(wall.replace(year=wall.year + months // 12, month=months % 12 + 1), zone)
    return when(wall + count * {"hour": timedelta(hours=1), "day": ONE_DAY, "week": 7 * ONE_DAY}[one.turn.unit], zone)


def lives(rotation: Rotation, zone: str) -> list[tuple[datetime, datetime, Any]]:
    """From when to when each line-up is on call, newest first."""
    far = datetime(2100, 1, 1, tzinfo=UTC)
    end = far
    if rotation.until is not None:
        until = rotation.until
        end = moment(until if isinstance(until, datetime) else until + ONE_DAY, zone)
    found = []
    for one in lineups_of(rotation):
        start = moment(one.lineup.since, zone, one.at)
        if one.lineup.takes_over is not None:
            start = max(start, moment(one.lineup.takes_over, zone))
        found.append((start, end, one))
        end = min(start, end)
    return found


def held_turns(rotation: Rotation, zone: str, start: datetime, end: datetime) -> Pieces:
    """Whose turn it is, hours and nobody-slots not looked at, cut to line-ups and period."""
    found = [
        (max(begins, first, start), min(ends, last, end), person)
        for first, last, one in lives(rotation, zone)
        if max(first, start) < min(last, end)
        for begins, ends, person in turns(one, zone, max(first, start), min(last, end))
    ]
    return sorted(piece for piece in found if piece[0] < piece[1])


def open_hours(windows: Any, zone: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    if windows is None:
        return [(start, end)]
    found = []
    day = start.date() - 9 * ONE_DAY
    while day <= end.date() + 2 * ONE_DAY:
        for window in windows:
            if day.weekday() in window.days:
                opens = datetime.combine(day, time(0)) + timedelta(minutes=window.start)
                found.append((when(opens, zone), when(opens + timedelta(minutes=window.minutes), zone)))
        day += ONE_DAY
    merged: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(found):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return [(max(a, start), min(b, end)) for a, b in merged if max(a, start) < min(b, end)]


def held(rotation: Rotation, zone: str, start: datetime, end: datetime) -> Pieces:
    """Who is on call, in hours only, without nobody."""
    hours = open_hours(rotation.only, zone, start, end)
    ends = [closes for _, closes in hours]
    found = []
    for begins, finishes, person in held_turns(rotation, zone, start, end):
        if person == "nobody":
            continue
        for opens, closes in hours[bisect_right(ends, begins) :]:
            if opens >= finishes:
                break
            found.append((max(begins, opens), min(finishes, closes), person))
    return found


def changes(before: Pieces, after: Pieces) -> list[tuple[datetime, datetime, str | None, str | None]]:
    """Where two lists of pieces differ, by asking both at every edge of either."""
    edges = sorted({edge for piece in (*before, *after) for edge in piece[:2]})
    found: list[tuple[datetime, datetime, str | None, str | None]] = []
    starts = [[piece[0] for piece in pieces] for pieces in (before, after)]
    for begin, end in pairwise(edges):
        who = []
        for pieces, begins in zip((before, after), starts, strict=True):
            place = bisect_right(begins, begin) - 1
            who.append(pieces[place][2] if place >= 0 and pieces[place][1] > begin else None)
        if who[0] != who[1]:
            if found and found[-1][1] == begin and list(found[-1][2:]) == who:
                found[-1] = (found[-1][0], end, who[0], who[1])
            else:
                found.append((begin, end, who[0], who[1]))
    return found


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def timing(dice: Random) -> dict[str, str]:
    """A turn with a hand-off that fits it."""
    turn, at = dice.choice(TURNS), _clock(30 * dice.randrange(48))
    if "week" in turn:
        return {"turn": turn, "hand_off": f"{dice.choice(WEEKDAYS)} {at}"}
    return {"turn": turn} | ({"hand_off": at} if dice.random() < 0.5 else {})


def first_day(day: date, words: dict[str, str]) -> date:
    """The first day from there on which such turns may begin."""
    if "week" in words["turn"]:
        return day + (WEEKDAYS.index(words["hand_off"][:3]) - day.weekday()) % 7 * ONE_DAY
    return min(day, day.replace(day=28))


def some_people(dice: Random) -> list[str]:
    """One to six people; some now and then with several places, or with places that are nobody's."""
    count = dice.randint(1, 6)
    if dice.random() < 0.75:
        return dice.sample(PEOPLE[:6], count)
    return [dice.choice(PEOPLE[:6]), *(dice.choice((*PEOPLE[:5], "nobody")) for _ in range(count - 1))]


def rotations(dice: Random, around: date) -> dict[str, Any]:
    """A rotation in the words of the file, some of whose line-ups may still be waiting."""
    ages = sorted(dice.sample(range(-40, 150), dice.choice((1, 1, 1, 2, 2, 3))))
    newest = timing(dice)
    chain: list[dict[str, Any]] = []
    for age in ages:
        words = timing(dice) if chain and dice.random() < 0.5 else {}
        since = first_day(around - age * ONE_DAY, words or newest)
        lineup = {"people": some_people(dice), **(words if chain else newest), "since": since.isoformat()}
        if chain and lineup["since"] >= chain[-1]["since"]:
            break
        if chain:
            chain[-1]["before"] = lineup
        chain.append(lineup)
    if dice.random() < 0.3:
        chain[0]["only"] = dice.choice(HOURS)
    if dice.random() < 0.1:
        chain[0]["until"] = (around + dice.randint(20, 90) * ONE_DAY).isoformat()
    return chain[0]


def acme(zone: str, rotation: Any, target: str = "pagerduty") -> dict[str, Any]:
    """An inventory in the words of the file with one rotation `edge/sun/all`."""
    return {
        "organization": "Acme",
        "time_zone": zone,
        "people": {
            key: {"name": key.title(), "email": f"{key}@acme.example", "phone": "+49 30 5550101"} for key in PEOPLE
        },
        "tiers": {"internal": {"severity": "critical"}},
        "teams": {
            "edge": {
                "name": "Edge",
                "pages_through": target,
                "members": list(PEOPLE),
                "schedules": {"sun": {"rotations": {"all": rotation}}},
                "escalation": [{"notify": "sun"}, {"notify": "hal", "after": "5m"}],
            }
        },
        "servers": {},
        "bridge": {"fallback": "edge"},
    }


NAIVE = SimpleNamespace(
    DAYS=DAYS,
    HOURS=HOURS,
    PEOPLE=PEOPLE,
    ZONES=ZONES,
    turn_of=_turn,
    **{
        function.__name__: function
        for function in (
            acme,
            changes,
            first_day,
            held,
            held_turns,
            lives,
            moment,
            rotations,
            some_people,
            timing,
            turns,
        )
    },
)


@pytest.fixture(scope="session")
def naive() -> SimpleNamespace:
    """The naive idea of time, and the dice."""
    return NAIVE


@pytest.fixture(scope="session")
def acme_with() -> Callable[..., Inventory]:
    """An inventory with one rotation `edge/sun/all`, given in the words of the file."""

    def make(rotation: Any, zone: str = "Europe/Berlin", **more: Any) -> Inventory:
        return Inventory.model_validate(acme(zone, rotation) | more)

    return make
