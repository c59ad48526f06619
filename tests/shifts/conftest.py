"""An independent, naive idea of time for the tests: a person looking at the wall clock minute by minute."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from oncall.model import Inventory, Rotation

MINUTE = timedelta(minutes=1)
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Santiago",
    "Europe/London",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Apia",
    "UTC",
)
# Days on which, in one of these zones, something happens to the clocks; and one quiet day.
DAYS = (
    "2011-12-30",
    "2026-02-15",
    "2026-03-08",
    "2026-03-22",
    "2026-03-29",
    "2026-04-04",
    "2026-06-10",
    "2026-09-06",
    "2026-10-03",
    "2026-10-25",
    "2026-11-01",
)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def minutes(start: datetime, end: datetime, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """Every minute, with the latest time the wall clock has shown so far.

    That is decision 6 in its plainest form: something typed for 02:30 happens when a clock first shows 02:30 or later.
    """
    place, at = ZoneInfo(zone), start - timedelta(hours=30)
    shown = at.astimezone(place).replace(tzinfo=None)
    while at < end:
        shown = max(shown, at.astimezone(place).replace(tzinfo=None))
        if at >= start:
            yield at, shown
        at += MINUTE


def in_windows(windows: Any, shown: datetime) -> bool:
    """Whether the clock stands inside a window that opened on one of the last eight days."""
    if windows is None:
        return True
    midnight = shown.replace(hour=0, minute=0, second=0)
    for window in windows:
        for back in range(8):
            day = midnight - timedelta(days=back)
            opened = day + timedelta(minutes=window.start)
            if day.weekday() in window.days and opened <= shown < opened + timedelta(minutes=window.minutes):
                return True
    return False


def holder_by_minute(rotation: Rotation, zone: str, start: datetime, end: datetime) -> list[str | None]:
    """Who holds a rotation in each minute, by looking at the clock and counting turns one by one."""
    lineups: list[Any] = [rotation]
    while lineups[-1].before is not None:
        lineups.append(lineups[-1].before)
    first_turns = []
    for lineup in lineups:
        hand_off = lineup.hand_off or rotation.hand_off
        since = lineup.since
        if not isinstance(since, datetime):
            since = datetime(since.year, since.month, since.day, hand_off.at.hour, hand_off.at.minute)  # noqa: DTZ001
        first_turns.append(since)
    until = rotation.until
    if until is not None and not isinstance(until, datetime):
        until = datetime(until.year, until.month, until.day) + timedelta(days=1)  # noqa: DTZ001
    found: list[str | None] = []
    began: dict[datetime, datetime] = {}
    for at, shown in minutes(start, end, zone):
        running = [n for n, first in enumerate(first_turns) if first <= shown]
        if not running or (until is not None and shown >= until) or not in_windows(rotation.only, shown):
            found.append(None)
            continue
        lineup, first = lineups[running[0]], first_turns[running[0]]
        turn = lineup.turn or rotation.turn
        if turn.unit == "hour" and 24 % turn.count:
            if first not in began:
                began[first] = next(
                    m for m, s in minutes(_utc(first) - timedelta(days=2), at + MINUTE, zone) if s >= first
                )
            number = (at - began[first]) // timedelta(hours=turn.count)
        else:
            number = 0
            while later(first, turn, number + 1) <= shown:
                number += 1
        person = lineup.people[number % len(lineup.people)]
        found.append(None if person == "nobody" else person)
    return found


def later(first: datetime, turn: Any, number: int) -> datetime:
    if turn.unit == "month":
        months = first.month - 1 + number * turn.count
        return first.replace(year=first.year + months // 12, month=months % 12 + 1)
    return first + number * turn.count * timedelta(**{f"{turn.unit}s": 1})


def _utc(wall: datetime) -> datetime:
    return wall.replace(tzinfo=UTC)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def a_window(draw: st.DrawFn) -> str:
    start, end = draw(st.lists(st.integers(0, 95).map(lambda n: 15 * n), min_size=2, max_size=2, unique=True))
    day, last = draw(st.sampled_from(_WEEKDAYS)), draw(st.sampled_from(_WEEKDAYS))
    shape = draw(st.sampled_from(("daily", "days", "span")))
    if shape == "daily":
        return f"{_clock(start)}-{_clock(end)}"
    if shape == "days":
        return f"{day}-{last} {_clock(start)}-{_clock(end)}"
    return f"{day} {_clock(start)} - {last} {_clock(end)}"


@st.composite
def a_rotation(draw: st.DrawFn, *, around: str, back: int = 25, until: bool = False) -> Rotation:
    """A rotation whose line-ups begin up to `back` days before a day; `until` gives it an end shortly after."""
    middle = datetime.fromisoformat(around)
    people = st.lists(st.sampled_from(("ana", "bo", "cy", "dee", "nobody")), min_size=1, max_size=4)
    turn = st.sampled_from(
        (
            "1 day",
            "2 days",
            "1 week",
            "2 weeks",
            "1 month",
            "1 hour",
            "6 hours",
            "8 hours",
            "12 hours",
            "24 hours",
            "5 hours",
            "36 hours",
        )
    )
    hand_off = st.integers(0, 47).map(lambda n: _clock(30 * n))
    count = draw(st.integers(1, 3))
    begins = sorted(draw(st.lists(st.integers(-4, back), min_size=count, max_size=count, unique=True)))
    lineups: list[dict[str, Any]] = [
        {"people": draw(people), "since": (middle - timedelta(days=days)).date().isoformat()} for days in begins
    ]
    for lineup in lineups:
        if lineup is lineups[0] or draw(st.booleans()):
            lineup |= {"turn": draw(turn), "hand_off": draw(hand_off)}
        lineup["since"] = min(lineup["since"], lineup["since"][:8] + "28")  # month turns keep to days 1 to 28
    for newer, older in pairwise(lineups):
        if older["since"] < newer["since"]:
            newer["before"] = older
        else:
            break
    found = lineups[0]
    if draw(st.booleans()):
        found["only"] = draw(st.lists(a_window(), min_size=1, max_size=3))
    if until or draw(st.booleans()):
        found["until"] = (middle + timedelta(days=draw(st.integers(-2, 4)))).date().isoformat()
    return Rotation.model_validate(found)


@pytest.fixture(scope="session")
def clockwatcher() -> SimpleNamespace:
    """The naive computations and the strategies of random rotations, for the test modules of this folder."""
    return SimpleNamespace(
        DAYS=DAYS,
        ZONES=ZONES,
        a_rotation=a_rotation,
        a_window=a_window,
        holder_by_minute=holder_by_minute,
        in_windows=in_windows,
        minutes=minutes,
    )


@pytest.fixture(scope="session")
def inventory_of() -> Callable[..., Inventory]:
    """Make an inventory of one team `edge` with one schedule `sun` from rotations, in a zone."""

    def make(zone: str, rotations: dict[str, Any], more: dict[str, Any] | None = None, **schedule: Any) -> Inventory:
        people = {key: {"name": key, "email": f"{key}@acme.example"} for key in ("ana", "bo", "cy", "dee")}
        more = more or {}
        people |= more.get("people", {})
        sun = {"rotations": rotations, **schedule}
        edge = {
            "name": "Edge",
            "pages_through": "pagerduty",
            "members": list(people),
            "schedules": {"sun": sun},
            "escalation": [{"notify": "sun"}],
            **more.get("team", {}),
        }
        return Inventory.model_validate(
            {
                "organization": "Acme",
                "time_zone": zone,
                "people": people,
                "tiers": {"internal": {"severity": "critical"}},
                "teams": {"edge": edge},
                "servers": {},
                "bridge": {"fallback": "edge"},
                **more.get("nouns", {}),
            }
        )

    return make
