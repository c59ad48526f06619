"""Wall clocks and instants: what a time written in a zone means, also where clocks are put forward or back.

Design decision 6: a missing hour moves to its first existing minute, an ambiguous one is its first occurrence. Only
a *typed* instant of these two kinds is refused, by `oncall.validate`.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)
# The night of German and British working-time law (ArbZG, section 2; Working Time Regulations 1998, regulation 2).
NIGHT_BEGINS, NIGHT_ENDS = time(23), time(6)
# Computations stay inside these walls so that no typed year can overflow them; `validate` refuses what is beyond.
FIRST_WALL = datetime(1970, 1, 2)  # noqa: DTZ001 - a wall clock has no zone
LAST_WALL = datetime(2200, 1, 1)  # noqa: DTZ001
FIRST = FIRST_WALL.replace(tzinfo=UTC)
LAST = LAST_WALL.replace(tzinfo=UTC) - timedelta(days=2)  # in no zone does the last wall come before it


@lru_cache(maxsize=8192)  # the same few hand-offs are asked for by every line-up of every team
def to_instant(wall: datetime, zone: str) -> datetime:
    """Return the UTC instant of a naive wall-clock time in a zone.

    A missing wall time becomes the moment the clocks jump, an ambiguous one the first of the two instants.
    """
    zoned = _clamped(wall).replace(tzinfo=ZoneInfo(zone), fold=0)
    instant = zoned.astimezone(UTC)
    if instant.astimezone(zoned.tzinfo).replace(tzinfo=None, fold=0) == zoned.replace(tzinfo=None):
        return instant
    # PEP 495: in a gap, fold=1 reads the wall by the offset after the jump, which lands before it, and fold=0 after it.
    return _jump(zoned.replace(fold=1).astimezone(UTC), instant, zone)


def to_wall(instant: datetime, zone: str) -> datetime:
    """Return the naive wall-clock time of an aware instant in a zone."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def is_missing(wall: datetime, zone: str) -> bool:
    """Whether the clocks of the zone jump over this naive wall-clock time."""
    return to_wall(to_instant(wall, zone), zone) != _clamped(wall)


def is_ambiguous(wall: datetime, zone: str) -> bool:
    """Whether the clocks of the zone show this naive wall-clock time twice."""
    zoned = _clamped(wall).replace(tzinfo=ZoneInfo(zone))
    return zoned.replace(fold=0).utcoffset() != zoned.replace(fold=1).utcoffset() and not is_missing(wall, zone)


def moment_wall(moment: date | datetime, zone: str, default_time: time = MIDNIGHT) -> datetime:
    """Return the naive wall-clock time of a typed moment; a date is read at `default_time`, an aware one converted."""
    if not isinstance(moment, datetime):
        return _clamped(datetime.combine(moment, default_time))
    if moment.tzinfo is None:
        return _clamped(moment)
    return to_wall(_clamped_instant(moment), zone)


def moment_instant(moment: date | datetime, zone: str, default_time: time = MIDNIGHT) -> datetime:
    """Return the UTC instant of a typed moment; a date is read at `default_time` in the zone."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return _clamped_instant(moment)
    return to_instant(moment_wall(moment, zone, default_time), zone)


def moment_end(moment: date | datetime, zone: str) -> datetime:
    """Return the UTC instant at which a typed end is over: dates are inclusive, times exclusive (vendors.md, 3)."""
    if isinstance(moment, datetime):
        return moment_instant(moment, zone)
    return to_instant(datetime.combine(moment, MIDNIGHT) + timedelta(days=1), zone) if moment < date.max else LAST


def instant_text(instant: datetime, zone: str, *, seconds: bool = False) -> str:
    """Return an instant as people of a zone read it: `Mon 2026-12-07 09:00`.

    With its offset where the clock shows that time twice; with seconds where there are any, or always.
    """
    wall = to_wall(instant, zone)
    text = f"{wall:%a %Y-%m-%d %H:%M:%S}" if seconds or wall.second else f"{wall:%a %Y-%m-%d %H:%M}"
    return f"{text} {instant.astimezone(ZoneInfo(zone)):%z}" if is_ambiguous(wall, zone) else text


@lru_cache(maxsize=512)
def next_change(zone: str, start: datetime, end: datetime) -> datetime | None:
    """Return the first instant between two at which the clocks of a zone change, None where they don't.

    Looked for week by week: two changes within one week that undo each other are not seen.
    """
    place = ZoneInfo(zone)
    at = start
    while at < end:
        following = min(at + timedelta(weeks=1), end)
        if at.astimezone(place).utcoffset() != following.astimezone(place).utcoffset():
            return _jump(at, following, zone)
        at = following
    return None


def _clamped(wall: datetime) -> datetime:
    return min(max(wall, FIRST_WALL), LAST_WALL)


def _clamped_instant(moment: datetime) -> datetime:
    return min(max(moment, FIRST), LAST).astimezone(UTC)


@lru_cache(maxsize=4096)
def _jump(before: datetime, after: datetime, zone: str) -> datetime:
    """Return the instant between the two at which the offset of the zone changes, to the second."""
    place = ZoneInfo(zone)
    offset = before.astimezone(place).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(place).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)
