"""Days in a row: where on them an instant is, when they begin, when the clocks change.

All days of a row are equally wide, also those of 23 or 25 hours.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from oncall.drawing.words import clock_text
from oncall.shifts.clock import MIDNIGHT, to_instant, to_wall

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Grid:
    """A row of days in a zone."""

    days: tuple[date, ...]
    zone: str

    @cached_property
    def edges(self) -> tuple[datetime, ...]:
        """The instants between the days, with both ends."""
        return tuple(midnight(day, self.zone) for day in (*self.days, self.days[-1] + timedelta(days=1)))

    @property
    def start(self) -> datetime:
        """The first instant."""
        return self.edges[0]

    @property
    def end(self) -> datetime:
        """The first instant after the last day."""
        return self.edges[-1]

    def place(self, instant: datetime) -> float:
        """Return where an instant is, in percent of the width; outside, the nearer end."""
        number = min(max(bisect_right(self.edges, instant) - 1, 0), len(self.days) - 1)
        start, end = self.edges[number], self.edges[number + 1]
        part = (instant - start) / (end - start) if end > start else 0.0
        return (number + min(max(part, 0.0), 1.0)) / len(self.days) * 100

    def shows(self, start: datetime, end: datetime) -> bool:
        """Whether any of a stretch of time is on the row."""
        return start < self.end and self.start < end


@dataclass(frozen=True, slots=True)
class Band:
    """Where on a chart something goes: pixels from the top, and how high it is."""

    top: float
    height: float


def midnight(day: date, zone: str) -> datetime:
    """Return the instant at which a day begins in a zone."""
    return to_instant(datetime.combine(day, MIDNIGHT), zone)


def clock_changes(zone: str, start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """Return when the clocks of a zone are changed between two instants, each with a sentence about it."""
    found = []
    at = start
    while at < end:
        after = min(at + _DAY, end)
        if _offset(at, zone) != _offset(after, zone):
            low, high = at, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if _offset(middle, zone) == _offset(at, zone) else (low, middle)
            change = datetime.fromtimestamp(round(high.timestamp()), UTC)
            before = to_wall(change - timedelta(seconds=1), zone) + timedelta(seconds=1)
            later = to_wall(change, zone)
            way = "forward" if later > before else "back"
            found.append((change, f"clocks go {way} {clock_text(before)}→{clock_text(later)}"))
        at = after
    return found


def _offset(instant: datetime, zone: str) -> timedelta:
    return to_wall(instant, zone) - instant.astimezone(UTC).replace(tzinfo=None)
