"""Layers of a PagerDuty schedule: turns counted from a first hand-off, hours as restrictions.

https://support.pagerduty.com/main/docs/schedules and api-behaviour.md, section 6.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import gcd

from oncall.model import NOBODY
from oncall.model.words import DAY_MINUTES
from oncall.resource import Value
from oncall.shifts.clock import is_missing, to_instant
from oncall.shifts.lineups import LineupSpan
from oncall.targets.common import utc_text
from oncall.targets.hours import Hours, Span, hours_of
from oncall.targets.pagerduty.kinds import user
from oncall.targets.vendor_schedules import RunningRotation

HOUR_SECONDS = 3600
DAY_SECONDS = 24 * HOUR_SECONDS
# There are no calendar months among a layer's turns: the Reason `pagerduty-monthly-turn` says what becomes of them.
DAYS_OF_MONTH = 30
TURN_SECONDS = {
    "hour": HOUR_SECONDS,
    "day": DAY_SECONDS,
    "week": 7 * DAY_SECONDS,
    "month": DAYS_OF_MONTH * DAY_SECONDS,
}


def layers(rotation: RunningRotation) -> Iterator[dict[str, Value]]:
    """Give the layers of a rotation's line-ups, oldest first."""
    for span in rotation.spans:
        people = stand_ins(span.people)
        if not people:
            continue
        name = f"{rotation.key} from {span.begins}"
        if span.turn.unit == "hour" and span.turn.count < 24 and 24 % span.turn.count == 0:
            yield from _slots(rotation, span, people, name)
        else:
            hours = hours_of(rotation.rotation.only)
            yield _layer(name, span, span.first, TURN_SECONDS[span.turn.unit] * span.turn.count, people, hours)


def stand_ins(people: tuple[str, ...]) -> tuple[str, ...]:
    """Return the order with the next person in each slot that nobody has: a layer has no empty slots.

    The Reason `pagerduty-nobody-slot` says so. Nothing is returned where there is nobody at all.
    """
    if NOBODY not in people:
        return people
    around = [*people, *people]
    return tuple(
        next(person for person in around[place:] if person != NOBODY)
        for place in range(len(people))
        if any(person != NOBODY for person in people)
    )


def _slots(
    rotation: RunningRotation, span: LineupSpan, people: tuple[str, ...], name: str
) -> Iterator[dict[str, Value]]:
    """Give turns of n hours as 24/n layers of one slot a day each, with an order of their own.

    Hour turns are elapsed time at PagerDuty and would wander when the clocks change; day turns keep clock time.
    Slot i of day d belongs to turn d * 24/n + i.
    """
    length = span.turn.count * 60
    a_day = DAY_MINUTES // length
    for slot in range(a_day):
        wall = span.wall + timedelta(minutes=slot * length)
        hours = hours_of(rotation.rotation.only, Span(wall.hour * 60 + wall.minute, length))
        if hours is not None and not hours.spans:
            continue
        # Where the clocks jump over the first slot it can't give the others their clock time: count from a day before.
        early = 1 if slot and is_missing(wall, span.zone) else 0
        start = to_instant(wall - timedelta(days=early), span.zone) if slot else span.first
        if span.end is not None and start >= span.end:
            return
        cycle = range(len(people) // gcd(len(people), a_day))
        order = tuple(people[((day - early) * a_day + slot) % len(people)] for day in cycle)
        yield _layer(f"{name} {wall:%H:%M}", span, start, DAY_SECONDS, order, hours)


def _layer(
    name: str, span: LineupSpan, first: datetime, seconds: int, people: tuple[str, ...], hours: Hours | None
) -> dict[str, Value]:
    layer: dict[str, Value] = {
        "name": name,
        "start": utc_text(max(first, span.start)),
        "rotation_virtual_start": utc_text(first),
        "rotation_turn_length_seconds": seconds,
        "users": tuple(user(person) for person in people),
    }
    if span.end is not None:
        layer["end"] = utc_text(span.end)
    if hours is not None:
        layer["restrictions"] = tuple(_restriction(piece, hours.daily) for piece in hours.spans)
    return layer


def _restriction(span: Span, daily: bool) -> dict[str, Value]:
    day, minute = divmod(span.start, DAY_MINUTES)
    restriction: dict[str, Value] = {
        "type": "daily_restriction" if daily else "weekly_restriction",
        "start_time_of_day": f"{minute // 60:02}:{minute % 60:02}:00",
        "duration_seconds": span.minutes * 60,
    }
    if not daily:
        restriction["start_day_of_week"] = day + 1  # 1 is Monday
    return restriction
