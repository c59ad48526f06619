"""Hours of the week in a zone as stretches of real time: wall-clock, over midnight, over clock changes."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from oncall.model import Window
from oncall.shifts.clock import to_instant, to_wall
from oncall.shifts.intervals import Intervals, intersect, merge

_LONGEST = timedelta(days=7)  # a window's length (oncall.model.words)
_DAY = timedelta(days=1)


@lru_cache(maxsize=1024)
def window_intervals(windows: tuple[Window, ...], zone: str, start: datetime, end: datetime) -> Intervals:
    """Return when the windows are open between two UTC instants, cut to them.

    Both ends of a window follow the clock rule of design decision 6, so a window inside a jumped hour is empty that day
    and windows that touch on paper touch in time.
    """
    first = to_wall(start, zone).date() - _LONGEST - _DAY
    days = (to_wall(end, zone).date() - first).days + 1
    midnight = datetime.combine(first, time(0))
    found = []
    for window in windows:
        opens, length = timedelta(minutes=window.start), timedelta(minutes=window.minutes)
        for n in range(days):
            if (first.weekday() + n) % 7 in window.days:
                wall = midnight + n * _DAY + opens
                found.append((to_instant(wall, zone), to_instant(wall + length, zone)))
    return intersect(merge(found), ((start, end),)) if start < end else ()


def is_open(windows: tuple[Window, ...], zone: str, instant: datetime) -> bool:
    """Whether one of the windows is open at an instant."""
    at = instant.astimezone(UTC)
    return bool(window_intervals.__wrapped__(windows, zone, at, at + timedelta(microseconds=1)))
