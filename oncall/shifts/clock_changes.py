"""Gaps that are there only in some weeks of a year, because zones change their clocks on different dates.

Between two clock changes hours come back each week, so a week is a row of minutes, kept here as the bits of a number.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from oncall.model import Window
from oncall.model.words import WEEK_MINUTES
from oncall.shifts.coverage import Pattern
from oncall.shifts.intervals import Intervals, intersect, merge

_MINUTE, _WEEK = timedelta(minutes=1), timedelta(weeks=1)
_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
_ALL = (1 << WEEK_MINUTES) - 1


@lru_cache(maxsize=1024)
def clock_gaps(patterns: frozenset[Pattern], gaps: Intervals, start: datetime, end: datetime) -> Intervals:
    """Return the parts of the gaps that would not be there, stood the clocks of the zones as at another time.

    `gaps` are those that the patterns leave between two UTC instants; empty where no zone's clocks move against
    another's. Where hours leave a gap by every standing of the clocks, only what is beyond the smallest counts.
    """
    zones = sorted({pattern.zone for pattern in patterns if pattern.only is not None})
    if len(zones) < 2 or not gaps:
        return ()
    standings = _standings(tuple(zones), start, end)
    if len({_against_each_other(offsets) for _, offsets in standings}) < 2:
        return ()
    edges = {edge for pattern in patterns for edge in (pattern.start, pattern.end)}
    found: list[tuple[datetime, datetime]] = []
    for (begin, offsets), (finish, _) in pairwise([*standings, (end, ())]):
        inner = [begin, *sorted(edge for edge in edges if begin < edge < finish), finish]
        for at, until in pairwise(inner):
            there = intersect(gaps, ((at, until),))
            if not there:
                continue
            hours = tuple(
                sorted(
                    ((pattern.only, zones.index(pattern.zone)) for pattern in patterns if _runs(pattern, at)),
                    key=repr,
                )
            )
            others = tuple(dict.fromkeys(each for _, each in standings))
            found += intersect(there, tuple(_weekly(_beyond(hours, offsets, others), at, until)))
    return merge(found)


def _runs(pattern: Pattern, instant: datetime) -> bool:
    return pattern.only is not None and pattern.start <= instant < pattern.end


@lru_cache(maxsize=1024)
def _standings(zones: tuple[str, ...], start: datetime, end: datetime) -> tuple[tuple[datetime, tuple[int, ...]], ...]:
    """Return from when on the clocks of the zones are so many minutes ahead of UTC, in order."""
    found = [(start, tuple(_offset(zone, start) for zone in zones))]
    changes = {change for zone in zones for change in _changes(zone, start, end)}
    found += [(change, tuple(_offset(zone, change) for zone in zones)) for change in sorted(changes)]
    return tuple(found)


@lru_cache(maxsize=256)
def _changes(zone: str, start: datetime, end: datetime) -> tuple[datetime, ...]:
    """Return when the clocks of a zone change between two instants, to the minute."""
    found = []
    at, step = start, timedelta(days=1)
    while at < end:
        after = min(at + step, end)
        if _offset(zone, at) != _offset(zone, after):
            low, high = at, after
            while high - low > _MINUTE:
                middle = low + (high - low) / 2
                low, high = (low, middle) if _offset(zone, middle) != _offset(zone, at) else (middle, high)
            found.append(high.replace(second=0, microsecond=0))
        at = after
    return tuple(found)


@lru_cache(maxsize=65536)
def _offset(zone: str, instant: datetime) -> int:
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
    return int((offset or timedelta(0)) / _MINUTE)


def _against_each_other(offsets: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(offset - offsets[0] for offset in offsets)


@lru_cache(maxsize=1024)
def _beyond(
    hours: tuple[tuple[tuple[Window, ...], int], ...], offsets: tuple[int, ...], others: tuple[tuple[int, ...], ...]
) -> int:
    """Return the minutes of the week (UTC) without anybody, but those that the kindest standing of the clocks has too.

    Which minutes are the same is a matter of whose clock is looked at: the zone by which fewest are left is.
    """
    gap = _gap(hours, offsets)
    kindest = min(others, key=lambda each: _gap(hours, each).bit_count())
    least = _gap(hours, kindest)
    if least.bit_count() >= gap.bit_count():
        return 0
    left = [gap & ~_turned(least, kindest[n] - offsets[n]) for n in range(len(offsets))]
    return min(left, key=int.bit_count)


def _gap(hours: Iterable[tuple[tuple[Window, ...], int]], offsets: tuple[int, ...]) -> int:
    """Return the minutes of the week (UTC) that are in none of the hours, by clocks so far ahead of UTC."""
    covered = 0
    for windows, zone in hours:
        for window in windows:
            length = (1 << window.minutes) - 1
            for day in window.days:
                covered |= _turned(length, day * 24 * 60 + window.start - offsets[zone])
    return _ALL & ~covered


def _turned(minutes: int, by: int) -> int:
    """Return minutes of the week moved on by so many, round its end."""
    moved = minutes << (by % WEEK_MINUTES)
    return (moved | moved >> WEEK_MINUTES) & _ALL


def _weekly(minutes: int, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give these minutes of every week between two instants as stretches of time, in order."""
    stretches = []
    at = 0
    while minutes >> at:
        rest = minutes >> at
        at += (rest & -rest).bit_length() - 1
        length = (~(minutes >> at) & ((minutes >> at) + 1)).bit_length() - 1
        stretches.append((at, at + length))
        at += length
    week = _MONDAY + (start - _MONDAY) // _WEEK * _WEEK
    while stretches and week < end:
        yield from ((week + first * _MINUTE, week + last * _MINUTE) for first, last in stretches)
        week += _WEEK
