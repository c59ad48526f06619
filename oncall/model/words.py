"""The small language of times in the inventory: durations, turns, hand-offs, windows of the week, moments.

Each word has one parser that takes what the file says and returns a frozen value or raises ValueError with a sentence
that tells what is allowed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, WithJsonSchema

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES

_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_CLOCK_OR_24 = rf"(?:{_CLOCK}|24:00)"
_DAY = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_DURATION = re.compile(r"(\d{1,5})\s*(s|m|h|d)")
_TURN = re.compile(r"(\d{1,3})\s*(hour|day|week|month)s?")
_HAND_OFF = re.compile(rf"(?:{_DAY} )?{_CLOCK}")
_WINDOW = re.compile(rf"(?:{_DAY}(?:-{_DAY})? )?{_CLOCK}-({_CLOCK_OR_24})")
_SPAN = re.compile(rf"{_DAY} {_CLOCK}\s*-\s*{_DAY} ({_CLOCK_OR_24})")
_PAGE = re.compile(r"(push|call|sms|email)(?: after (\d{1,3}\s*[smhd]))?")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

Unit = Literal["hour", "day", "week", "month"]
Method = Literal["push", "call", "sms", "email"]


@dataclass(frozen=True, slots=True)
class Turn:
    """How long one person is on call before the next: `1 week`, `12 hours`."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class HandOff:
    """The clock time (and, for weeks, the weekday; Monday is 0) at which turns change hands."""

    at: time
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of wall-clock time that comes back every week.

    From `start` on each of `days` (Monday is 0) for `minutes`; a window may run over midnight, or over several days.
    """

    days: tuple[int, ...]
    start: int  # minutes since midnight
    minutes: int  # length; 1 to 7 days


@dataclass(frozen=True, slots=True)
class PageStep:
    """One way of telling a person, and how long after the page reached them."""

    method: Method
    after: timedelta = timedelta(0)


def parse_duration(value: object) -> timedelta:
    """Read `90s`, `5m`, `2h` or `1d`."""
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a duration is a number with s, m, h or d, like 5m")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def parse_turn(value: object) -> Turn:
    """Read `1 week`, `2 days`, `12 hours` or `1 month`."""
    found = _TURN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or int(found[1]) == 0:
        raise ValueError("a turn is a number of hours, days, weeks or months, like `1 week`")
    unit: Unit = found[2]  # type: ignore[assignment]  # the pattern holds the four units
    return Turn(int(found[1]), unit)


def parse_hand_off(value: object) -> HandOff:
    """Read `Mon 09:00` (weeks) or `09:00`."""
    found = _HAND_OFF.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a hand-off is a clock time with a weekday for weekly turns, like `Mon 09:00` or `09:00`")
    return HandOff(time(int(found[2]), int(found[3])), DAYS.index(found[1]) if found[1] else None)


def parse_clock(value: object) -> time:
    """Read `09:00`."""
    found = re.fullmatch(_CLOCK, value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a time of day is written HH:MM, like 09:00")
    return time(int(found[1]), int(found[2]))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:5])


def parse_window(value: object) -> Window:
    """Read `09:00-17:00`, `Mon-Fri 09:00-18:00`, `Sat 10:00-14:00` or `Fri 18:00 - Mon 09:00`."""
    text = value.strip() if isinstance(value, str) else ""
    if found := _WINDOW.fullmatch(text):
        first, last = found[1], found[2]
        days = tuple(range(7)) if first is None else _day_range(DAYS.index(first), DAYS.index(last or first))
        start, end = _minutes(f"{found[3]}:{found[4]}"), _minutes(found[5])
        if start == end:
            raise ValueError("a window that starts and ends at the same time is empty; leave it out for all day")
        return Window(days, start, (end - start) % DAY_MINUTES or DAY_MINUTES)
    if found := _SPAN.fullmatch(text):
        start_day, end_day = DAYS.index(found[1]), DAYS.index(found[4])
        start, end = _minutes(f"{found[2]}:{found[3]}"), _minutes(found[5])
        length = ((end_day - start_day) * DAY_MINUTES + end - start) % WEEK_MINUTES
        if length == 0:
            raise ValueError("a window that covers the whole week restricts nothing; leave it out")
        return Window((start_day,), start, length)
    raise ValueError(
        "hours are written like `09:00-17:00`, `Mon-Fri 09:00-18:00` or `Fri 18:00 - Mon 09:00` (weekdays as Mon..Sun)"
    )


def _day_range(first: int, last: int) -> tuple[int, ...]:
    return tuple((first + n) % 7 for n in range((last - first) % 7 + 1))


def parse_windows(value: object) -> tuple[Window, ...]:
    """Read one window or a list of them."""
    parts = value if isinstance(value, list) else [value]
    if not parts:
        raise ValueError("an empty list of hours would mean never; leave it out for all day")
    return tuple(parse_window(part) for part in parts)


def parse_page_step(value: object) -> PageStep:
    """Read `push` or `call after 5m`."""
    found = _PAGE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a way of telling is push, call, sms or email, with `after 5m` for a later one")
    method: Method = found[1]  # type: ignore[assignment]  # the pattern holds the four methods
    return PageStep(method, parse_duration(found[2]) if found[2] else timedelta(0))


def parse_day(value: object) -> date:
    """Read `2026-12-07`."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
        return date.fromisoformat(value.strip())
    raise ValueError("a date is written YYYY-MM-DD, like 2026-12-07")


def parse_moment(value: object) -> date | datetime:
    """Read a date, or a date with a time: `2026-12-24 09:00`, with `Z` or `+01:00` where the zone is not the usual."""
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?", text):
        return datetime.fromisoformat(text)  # naive on purpose: it is in the zone of the schedule or person
    raise ValueError("a moment is written `2026-12-24` or `2026-12-24 09:00`")


def parse_percent(value: object) -> float:
    """Read `30%` as 0.3."""
    found = re.fullmatch(r"(\d{1,3})%", value.strip()) if isinstance(value, str) else None
    if found is None or int(found[1]) > 100:
        raise ValueError("a share is written as a percentage, like 30%")
    return int(found[1]) / 100


def _word(parser: Callable[[object], Any], description: str, *examples: str) -> tuple[Any, ...]:
    schema = {"type": "string", "description": description, "examples": list(examples)}
    return PlainValidator(parser), WithJsonSchema(schema)


Duration = Annotated[timedelta, *_word(parse_duration, "A duration.", "5m", "2h")]
TurnWord = Annotated[Turn, *_word(parse_turn, "How long one person is on call.", "1 week", "12 hours")]
HandOffWord = Annotated[HandOff, *_word(parse_hand_off, "When turns change hands.", "Mon 09:00", "09:00")]
Clock = Annotated[time, *_word(parse_clock, "A time of day.", "09:00")]
WindowsWord = Annotated[
    tuple[Window, ...],
    PlainValidator(parse_windows),
    WithJsonSchema(
        {
            "description": "Only in these hours of the week.",
            "examples": ["09:00-17:00", "Mon-Fri 09:00-18:00", "Fri 18:00 - Mon 09:00"],
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ],
        }
    ),
]
PageStepWord = Annotated[PageStep, *_word(parse_page_step, "A way of telling a person.", "push", "call after 5m")]
Day = Annotated[date, *_word(parse_day, "A date.", "2026-12-07")]
Moment = Annotated[date | datetime, *_word(parse_moment, "A date, or date and time.", "2026-12-24 09:00")]
Percent = Annotated[float, *_word(parse_percent, "A percentage.", "30%")]
