"""Whose turn it is: the shifts of a rotation between two instants, and who is on call at one.

Turns count from the first hand-off of their line-up. Day, week and month turns, and hour turns that divide a day, keep
wall-clock time over clock changes; other hour turns are elapsed time (design decision 6).
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Literal

from oncall.errors import Path
from oncall.model import NOBODY, Turn, Window
from oncall.shifts.clock import LAST, to_instant, to_wall
from oncall.shifts.lineups import LineupSpan
from oncall.shifts.windows import window_intervals

Why = Literal["turn", "swap", "leave", "holiday", "override"]


@dataclass(frozen=True, slots=True)
class Shift:
    """One person on call from `start` to `end` (UTC, half-open).

    In a schedule's timeline a shift also says of which `rotation` it is ("" where an override takes the whole
    schedule) and `why` the person has it: where not by turn, `instead_of` whom, and the `place` of the exception.
    """

    start: datetime
    end: datetime
    person: str
    rotation: str = ""
    why: Why = "turn"
    instead_of: str | None = None
    place: Path = ()


@dataclass(frozen=True, slots=True)
class Turned:
    """A whole turn of a line-up: its number (0 is the first) and whose it is; the hours of `only` are not applied."""

    number: int
    start: datetime
    end: datetime
    person: str


def keeps_wall_clock(turn: Turn) -> bool:
    """Whether turns of this kind change hands at the same clock times all year."""
    return turn.unit != "hour" or 24 % turn.count == 0


def turn_start(span: LineupSpan, number: int) -> datetime:
    """Return the UTC instant at which turn `number` (0 is the first) of a line-up begins."""
    if not keeps_wall_clock(span.turn):
        return span.first + number * span.turn.count * timedelta(hours=1)
    return to_instant(turn_wall(span, number), span.zone)


def turn_wall(span: LineupSpan, number: int) -> datetime:
    """Return the naive wall-clock time at which a turn that keeps it begins; the clocks may jump over it."""
    if span.turn.unit == "month":
        return _add_months(span.wall, number * span.turn.count)
    return span.wall + number * _length(span.turn)


def turn_number(span: LineupSpan, instant: datetime) -> int:
    """Return the number of the turn that runs at an instant not before the line-up's first hand-off."""
    instant = min(instant, LAST - timedelta(seconds=1))  # clocks end there, and no turn begins later
    elapsed = to_wall(instant, span.zone) - span.wall if keeps_wall_clock(span.turn) else instant - span.first
    number = max(0, elapsed // _length(span.turn))
    while number > 0 and turn_start(span, number) > instant:
        number -= 1
    while turn_start(span, number + 1) <= instant:
        number += 1
    return number


def turn_at(spans: Iterable[LineupSpan], instant: datetime) -> Turned | None:
    """Return the turn that runs at an instant, cut to its line-up; None outside the rotation's life."""
    at = instant.astimezone(UTC)
    for span in spans:
        if span.start <= at < (span.end or LAST) and span.people:
            number = turn_number(span, at)
            start, end = max(turn_start(span, number), span.start), min(turn_start(span, number + 1), span.end or LAST)
            return Turned(number, start, end, span.people[number % len(span.people)])
    return None


def shifts(
    spans: Iterable[LineupSpan],
    only: tuple[Window, ...] | None,
    start: datetime,
    end: datetime,
    rotation: str = "",
) -> Iterator[Shift]:
    """Yield the shifts of a rotation between two UTC instants, cut to them and to the hours of `only`, in order.

    Nobody-slots yield nothing. Exceptions are not applied: `oncall.shifts.rota` does that.
    """
    for span in spans:
        begin, finish = max(start, span.start), min(end, span.end or end, LAST)
        if begin >= finish or not span.people:
            continue
        hours = None if only is None else window_intervals(only, span.zone, start, end)
        number, at, opened = turn_number(span, begin), begin, 0
        while at < finish:
            until = min(turn_start(span, number + 1), finish)
            person = span.people[number % len(span.people)]
            if at < until and person != NOBODY:
                if hours is None:
                    yield Shift(at, until, person, rotation)
                else:
                    opened = bisect_right(hours, at, lo=opened, key=itemgetter(1))  # the first that ends after `at`
                    closed = bisect_left(hours, until, lo=opened, key=itemgetter(0))  # the first that opens too late
                    for first, last in hours[opened:closed]:
                        yield Shift(max(first, at), min(last, until), person, rotation)
            at, number = until, number + 1


def _length(turn: Turn) -> timedelta:
    """Return how long a turn lasts on the wall clock, at most: a month may be shorter."""
    match turn.unit:
        case "hour":
            return timedelta(hours=turn.count)
        case "day":
            return timedelta(days=turn.count)
        case "week":
            return timedelta(weeks=turn.count)
        case "month":
            return timedelta(days=31 * turn.count)


def _add_months(wall: datetime, months: int) -> datetime:
    """Return the same day of a later month, or its last day where it has no such day."""
    years, month = divmod(wall.month - 1 + months, 12)
    year, month = wall.year + years, month + 1
    return wall.replace(year=year, month=month, day=min(wall.day, monthrange(year, month)[1]))
