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

from oncall.model import NOBODY, Inventory, Rotation, Turn, Window
from oncall.shifts.clock import LAST, to_instant, to_wall
from oncall.shifts.lineups import LineupSpan, lineup_spans, rotation_spans
from oncall.shifts.windows import is_open, window_intervals


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """One person on call from `start` to `end` (UTC, half-open)."""

    start: datetime
    end: datetime
    person: str


def keeps_wall_clock(turn: Turn) -> bool:
    """Whether turns of this kind change hands at the same clock times all year."""
    return turn.unit != "hour" or 24 % turn.count == 0


def turn_start(span: LineupSpan, number: int) -> datetime:
    """Return the UTC instant at which turn `number` (0 is the first) of a line-up begins."""
    turn = span.turn
    if not keeps_wall_clock(turn):
        return span.first + number * turn.count * timedelta(hours=1)
    if turn.unit == "month":
        return to_instant(_add_months(span.wall, number * turn.count), span.zone)
    return to_instant(span.wall + number * _length(turn), span.zone)


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


def shifts(
    spans: Iterable[LineupSpan], only: tuple[Window, ...] | None, start: datetime, end: datetime
) -> Iterator[Shift]:
    """Yield the shifts of a rotation between two UTC instants, cut to them and to the hours of `only`, in order.

    Nobody-slots yield nothing. Neither overrides nor leave are applied.
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
                    yield Shift(at, until, person)
                else:
                    opened = bisect_right(hours, at, lo=opened, key=itemgetter(1))  # the first that ends after `at`
                    closed = bisect_left(hours, until, lo=opened, key=itemgetter(0))  # the first that opens too late
                    for first, last in hours[opened:closed]:
                        yield Shift(max(first, at), min(last, until), person)
            at, number = until, number + 1


def rotation_timeline(
    inventory: Inventory, team: str, schedule: str, rotation: str, start: datetime, end: datetime
) -> tuple[Shift, ...]:
    """Return the shifts of one rotation, named by its keys, between two instants."""
    spans = lineup_spans(inventory, team, schedule, rotation)
    only = inventory.teams[team].schedules[schedule].rotations[rotation].only
    return tuple(shifts(spans, only, start.astimezone(UTC), end.astimezone(UTC)))


def holder(rotation: Rotation, zone: str, instant: datetime) -> str | None:
    """Return who holds a rotation at an instant; None outside its hours, in a nobody-slot and outside its life."""
    at = instant.astimezone(UTC)
    for span in rotation_spans(rotation, zone):
        if span.start <= at and (span.end is None or at < span.end) and span.people:
            person = span.people[turn_number(span, at) % len(span.people)]
            if person == NOBODY or (rotation.only is not None and not is_open(rotation.only, zone, at)):
                return None
            return person
    return None


def on_call(inventory: Inventory, team: str, schedule: str, instant: datetime) -> tuple[str, ...]:
    """Return the people on call in a schedule at an instant, each once, in the order of its rotations.

    Rotations add up unless the schedule says `overlap: last_wins`: then the last-written one that has somebody counts.
    """
    owner = inventory.teams[team]
    found = owner.schedules[schedule]
    holders = [
        person
        for rotation in found.rotations.values()
        if (person := holder(rotation, inventory.rotation_zone(owner, found, rotation), instant)) is not None
    ]
    return tuple(holders[-1:]) if found.overlap == "last_wins" else tuple(dict.fromkeys(holders))


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
