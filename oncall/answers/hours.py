"""What an hour on call counts as: weekday, night, weekend or public holiday, by the clock of the person who has it.

Every minute is of exactly one kind. A public holiday of the person's own beats the weekend (Saturday and Sunday), which
beats the night (23:00-06:00, as in the rule `too-many-nights`), and what is left is weekday.

Times are whole minutes since 1970 (UTC), so that sums are exact: an instant with seconds counts from the minute in
which it falls, at both of the shifts that meet there.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import Literal

from oncall.shifts.clock import MIDNIGHT, NIGHT_BEGINS, NIGHT_ENDS, to_instant, to_wall
from oncall.shifts.holidays import public_holidays

Kind = Literal["weekday", "night", "weekend", "holiday"]
KINDS: tuple[Kind, ...] = ("weekday", "night", "weekend", "holiday")
Span = tuple[int, int]
"""From one minute to another, half-open."""

_DAY = timedelta(days=1)


def to_minute(instant: datetime) -> int:
    """Return the minute in which an aware instant falls."""
    return int(instant.timestamp() // 60)


def from_minute(minute: int) -> datetime:
    """Return the UTC instant at which a minute begins."""
    return datetime.fromtimestamp(60 * minute, UTC)


def join(spans: Iterable[Span]) -> list[Span]:
    """Return the union of spans in any order; touching ones become one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return joined


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes on call, by kind."""

    weekday: int = 0
    night: int = 0
    weekend: int = 0
    holiday: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.weekday + self.night + self.weekend + self.holiday


@dataclass(frozen=True, slots=True)
class Stretch:
    """Minutes of one day that are of one kind; `holiday` is the name of the day, where it has one."""

    start: int
    end: int
    day: date
    kind: Kind
    holiday: str = ""


class Calendar:
    """The days of one zone, with the holidays of one country or region, from one day to another (both included)."""

    def __init__(self, zone: str, holidays: str | None, first: date, last: date) -> None:
        names = dict(public_holidays(holidays, first, last)) if holidays else {}
        days = [first + n * _DAY for n in range((last - first).days + 1)]
        self.stretches = tuple(stretch for day in days for stretch in _stretches(day, zone, names.get(day)))
        # A day that a zone has skipped, as Apia did 2011-12-30, has no stretch and is no day.
        self.days = _spans(days, zone, MIDNIGHT, MIDNIGHT, 1)
        self.nights = _spans([first - _DAY, *days], zone, NIGHT_BEGINS, NIGHT_ENDS, 1)
        self.weekends = _spans(
            [day for day in [first - _DAY, *days] if day.weekday() == 5], zone, MIDNIGHT, MIDNIGHT, 2
        )
        self._starts = [stretch.start for stretch in self.stretches]
        # Minutes of each kind before a stretch begins: the hours of a span are then a difference, however long it is.
        self._before = [
            (0, *accumulate(stretch.end - stretch.start if stretch.kind == kind else 0 for stretch in self.stretches))
            for kind in KINDS
        ]

    def hours(self, spans: Iterable[Span]) -> Hours:
        """Return the minutes of disjoint spans by kind; all must lie inside the calendar."""
        sums = [0, 0, 0, 0]
        for start, end in spans:
            for sign, minute in ((-1, start), (1, end)):
                at = bisect_right(self._starts, minute) - 1
                for n, before in enumerate(self._before):
                    sums[n] += sign * before[at]
                sums[KINDS.index(self.stretches[at].kind)] += sign * (minute - self.stretches[at].start)
        return Hours(*sums)

    def pieces(self, start: int, end: int) -> Iterator[Stretch]:
        """Give a span cut where the day or the kind changes; it must lie inside the calendar."""
        at = bisect_right(self._starts, start) - 1
        while at < len(self.stretches) and self.stretches[at].start < end:
            whole = self.stretches[at]
            yield Stretch(max(start, whole.start), min(end, whole.end), whole.day, whole.kind, whole.holiday)
            at += 1


def touched(places: Sequence[Span], spans: Iterable[Span]) -> list[Span]:
    """Return which of sorted, disjoint places the spans touch, as spans of their numbers."""
    return join(
        (bisect_right(places, start, key=itemgetter(1)), bisect_left(places, end, key=itemgetter(0)))
        for start, end in spans
    )


def count(spans: Iterable[Span]) -> int:
    """Return how much disjoint spans come to."""
    return sum(end - start for start, end in spans)


@lru_cache(maxsize=512)  # people share zones and regions
def calendar(zone: str, holidays: str | None, start: datetime, end: datetime) -> Calendar:
    """Return the calendar of all days that a period between two UTC instants touches, and one more on both sides."""
    return Calendar(zone, holidays, to_wall(start, zone).date() - _DAY, to_wall(end, zone).date() + _DAY)


def day_start(day: date, zone: str) -> datetime:
    """Return the UTC instant at which a day begins in a zone."""
    return to_instant(datetime.combine(day, MIDNIGHT), zone)


def _minute(day: date, at: time, zone: str) -> int:
    return to_minute(to_instant(datetime.combine(day, at), zone))


def _stretches(day: date, zone: str, holiday: str | None) -> Iterator[Stretch]:
    midnight, next_midnight = _minute(day, MIDNIGHT, zone), _minute(day + _DAY, MIDNIGHT, zone)
    parts: list[tuple[int, int, Kind]]
    if holiday is not None:
        parts = [(midnight, next_midnight, "holiday")]
    elif day.weekday() >= 5:
        parts = [(midnight, next_midnight, "weekend")]
    else:
        morning, evening = _minute(day, NIGHT_ENDS, zone), _minute(day, NIGHT_BEGINS, zone)
        parts = [(midnight, morning, "night"), (morning, evening, "weekday"), (evening, next_midnight, "night")]
    for start, end, kind in parts:
        if start < end:
            yield Stretch(start, end, day, kind, holiday or "")


def _spans(days: Iterable[date], zone: str, opens: time, closes: time, length: int) -> tuple[Span, ...]:
    """Return, for each day, from one time of it to another `length` days later; empty ones are left out."""
    spans = ((_minute(day, opens, zone), _minute(day + length * _DAY, closes, zone)) for day in days)
    return tuple((start, end) for start, end in spans if start < end)
