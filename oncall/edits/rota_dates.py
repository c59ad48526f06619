"""Where new line-ups may begin, and how an instant is written so that it is read back as exactly that one."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from oncall.model import HandOff, Turn
from oncall.shifts.clock import MIDNIGHT, is_ambiguous, is_missing, moment_instant, to_instant, to_wall
from oncall.shifts.lineups import LineupSpan
from oncall.shifts.timeline import keeps_wall_clock, turn_start, turn_wall

Moment = date | datetime
_MINUTE = timedelta(minutes=1)
_LAST_DAY_OF_ALL_MONTHS = 28
_REACH = 40  # days in which every hand-off of a week and a month comes by, the untypable ones of a clock change aside


def typed_instant(instant: datetime, zone: str) -> datetime:
    """Return an instant as it is typed in a zone: with its offset where the clocks show that time twice."""
    wall = to_wall(instant, zone)
    if not is_ambiguous(wall, zone):
        return wall
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
    return wall.replace(tzinfo=timezone(offset))


def typed_hand_off(wall: datetime, zone: str, hand_off: HandOff | None) -> Moment | None:
    """Return a hand-off, given by its nominal wall-clock time, as `since` is typed; None where it can't be.

    A date stands for its hand-off, also in an hour that the clocks jump over; a typed time may not lie there.
    """
    if wall.time() == (hand_off.at if hand_off else MIDNIGHT):
        return wall.date()
    return None if is_missing(wall, zone) else typed_instant(to_instant(wall, zone), zone)


def typed_elapsed(instant: datetime, zone: str, hand_off: HandOff | None) -> Moment:
    """Return a hand-off of turns that count elapsed hours as `since` is typed."""
    at = hand_off.at if hand_off else MIDNIGHT
    day = to_wall(instant, zone).date()
    return day if moment_instant(day, zone, at) == instant else typed_instant(instant, zone)


def since_of_turn(span: LineupSpan, number: int) -> tuple[Moment, HandOff | None] | None:
    """Return how turn `number` of a line-up is typed as `since` of one that goes on in its rhythm, with its hand-off.

    None where that can't be typed. The hand-off of elapsed hours moves along: it is only where counting began.
    """
    if keeps_wall_clock(span.turn):
        since = typed_hand_off(turn_wall(span, number), span.zone, span.hand_off)
        return None if since is None else (since, span.hand_off)
    instant = turn_start(span, number)
    hand_off = HandOff(to_wall(instant, span.zone).time()) if span.hand_off else None
    return typed_elapsed(instant, span.zone, hand_off), hand_off


def first_hand_off(turn: Turn, hand_off: HandOff | None, zone: str, at: datetime) -> datetime | None:
    """Return the nominal wall clock of the first hand-off of such turns from an instant on, one that can be typed."""
    found = (wall for wall in _hand_offs(turn, hand_off, zone, at, 1) if to_instant(wall, zone) >= at)
    return next(found, None)


def last_hand_off(turn: Turn, hand_off: HandOff | None, zone: str, at: datetime) -> datetime | None:
    """Return the nominal wall clock of the last hand-off of such turns up to an instant, one that can be typed."""
    found = (wall for wall in _hand_offs(turn, hand_off, zone, at, -1) if to_instant(wall, zone) <= at)
    return next(found, None)


def rounded_up(instant: datetime, minutes: int) -> datetime:
    """Return the next instant of a whole number of minutes within its hour (UTC), or this one."""
    start = instant.replace(minute=instant.minute // minutes * minutes, second=0, microsecond=0)
    return start if start == instant else start + minutes * _MINUTE


def _hand_offs(turn: Turn, hand_off: HandOff | None, zone: str, at: datetime, step: int) -> Iterator[datetime]:
    """Give hand-offs near an instant, from it on into the future (1) or the past (-1)."""
    clock = hand_off.at if hand_off else MIDNIGHT
    today = to_wall(at, zone).date()
    for days in range(-1, _REACH):
        day = today + step * days * timedelta(days=1)
        walls = list(_of_day(turn, hand_off, datetime.combine(day, clock)))
        yield from (
            wall for wall in sorted(walls, reverse=step < 0) if typed_hand_off(wall, zone, hand_off) is not None
        )


def _of_day(turn: Turn, hand_off: HandOff | None, wall: datetime) -> Iterator[datetime]:
    if turn.unit == "hour" and keeps_wall_clock(turn):
        midnight = datetime.combine(wall.date(), time(0))
        first = timedelta(minutes=(wall.hour * 60 + wall.minute) % (turn.count * 60))
        for number in range(24 // turn.count):
            yield midnight + first + number * timedelta(hours=turn.count)
    elif turn.unit == "week":
        if hand_off is not None and wall.weekday() == hand_off.weekday:
            yield wall
    elif turn.unit != "month" or wall.day <= _LAST_DAY_OF_ALL_MONTHS:
        yield wall
