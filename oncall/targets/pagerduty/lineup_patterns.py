"""What a line-up is as recurring shifts: its turns, those of months, or its hours shared out among the turns.

The service counts in UTC, so a line-up's clock is the one that its zone has at the first hand-off; the Reason
`pagerduty-shifts-clock-changes` says where that goes wrong.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import reduce
from itertools import groupby
from math import gcd, lcm

from oncall.model import NOBODY, Window
from oncall.shifts.clock import to_wall
from oncall.shifts.lineups import LineupSpan
from oncall.shifts.timeline import turn_number, turn_start
from oncall.targets.hours import Hours, hours_of
from oncall.targets.pagerduty.recurrences import DAY, WEEKDAYS, Every, MonthDays, Pattern, once

# https://developer.pagerduty.com/api-reference/ - assignment_strategy.members, maxItems
MAX_MEMBERS = 20
WEEK = 7 * DAY
# As with layers, what can't be a turn of months is one of so many days: the Reason `pagerduty-monthly-turn` says so.
DAYS_OF_MONTH = 30
LAST_DAY_OF_EVERY_MONTH = 28
UNITS = {"hour": timedelta(hours=1), "day": DAY, "week": WEEK, "month": DAYS_OF_MONTH * DAY}
FREQUENCIES = {"hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "DAILY"}


def patterns(span: LineupSpan, only: tuple[Window, ...] | None) -> tuple[Pattern, ...]:
    """Return the shifts of a line-up in the time in which it counts; nothing for turns that nobody takes."""
    number = turn_number(span, span.start)
    begun = turn_start(span, number) < span.start
    head = turn_start(span, number + 1) if begun else span.start
    people = _from(span.people, number + begun)
    hours = hours_of(only)
    found: list[Pattern] = []
    if begun:
        end = head if span.end is None else min(head, span.end)
        found += _rest_of_turn(span, hours, end, span.people[number % len(span.people)])
    if span.end is None or head < span.end:
        found += [part for one in _turns(span, hours, head, people) for part in one.within(span.end)]
    return tuple(one for one in found if set(one.members) != {NOBODY})


def keeps_months(span: LineupSpan) -> bool:
    """Whether turns of months that go on all day can be told: from a day every month has, the same day in UTC."""
    return span.wall.day <= LAST_DAY_OF_EVERY_MONTH and span.first.date() == span.wall.date()


def _from(people: tuple[str, ...], turn: int) -> tuple[str, ...]:
    place = turn % len(people)
    return people[place:] + people[:place]


def _turns(span: LineupSpan, hours: Hours | None, head: datetime, people: tuple[str, ...]) -> Iterator[Pattern]:
    """Give the patterns of endless turns that begin at a hand-off, `head`."""
    turn = span.turn
    length = turn.count * UNITS[turn.unit]
    if hours is not None:
        for group in _groups(hours, head, span.zone, length):
            yield from _shared_out(group, head, people, length, _period(hours), span.zone)
    elif turn.unit == "month" and keeps_months(span):
        yield from _months(turn.count, head, people)
    else:
        times = turn.count * (DAYS_OF_MONTH if turn.unit == "month" else 1)
        yield Pattern(head, length, Every(length), _rule(FREQUENCIES[turn.unit], times), people)


def _rest_of_turn(span: LineupSpan, hours: Hours | None, end: datetime, person: str) -> Iterator[Pattern]:
    """Give what is left of the turn within which a line-up takes over."""
    if hours is None:
        yield once(span.start, end, person)
        return
    step = _period(hours)
    for group in _groups(hours, span.start, span.zone, step):
        for one in _shared_out(group, span.start, (person,), step, step, span.zone):
            yield from one.within(end)


def _period(hours: Hours) -> timedelta:
    return DAY if hours.daily else WEEK


def _rule(frequency: str, interval: int, *parts: str) -> str:
    return ";".join((f"FREQ={frequency}", *((f"INTERVAL={interval}",) if interval > 1 else ()), *parts))


def _months(count: int, head: datetime, people: tuple[str, ...]) -> Iterator[Pattern]:
    """Give turns of months as days, for each turn of a round its own: months differ in length, and shifts do not.

    A turn that begins within a month also has the first days of the month in which it ends.
    """
    if len(people) == 1:
        yield Pattern(head, DAY, Every(DAY), _rule("DAILY", 1), people)
        return
    interval = count * len(people)
    for place, person in enumerate(people):
        for month in range(count + (head.day > 1)):
            days = range(head.day if month == 0 else 1, head.day if month == count else 32)
            years, index = divmod(head.month - 1 + place * count + month, 12)
            first = head.replace(year=head.year + years, month=index + 1, day=days[0])
            listed = ",".join(map(str, days))
            yield Pattern(
                first,
                DAY,
                MonthDays(interval, tuple(days)),
                _rule("MONTHLY", interval, f"BYMONTHDAY={listed}"),
                (person,),
            )


Piece = tuple[timedelta, timedelta]
"""How long after the hand-off it begins, and how long it lasts."""


def _groups(hours: Hours, head: datetime, zone: str, length: timedelta) -> list[list[Piece]]:
    """Return the stretches in which hours are open, counted from a hand-off, alike ones of several days together.

    They are cut wherever turns of that length may change hands, so that each is within one turn whenever it comes.
    """
    step = _period(hours)
    wall = to_wall(head, zone)
    phase = wall - datetime.combine(wall, time(0)) + (timedelta(0) if hours.daily else wall.weekday() * DAY)
    cut = timedelta(seconds=gcd(int(length.total_seconds()), int(step.total_seconds())))
    pieces: list[Piece] = []
    for span in hours.spans:
        begin = (timedelta(minutes=span.start) - phase) % step
        end = begin + timedelta(minutes=span.minutes)
        while begin < end:
            edge = min(end, (begin // cut + 1) * cut)
            pieces.append((begin % step, edge - begin))
            begin = edge
    pieces.sort(key=lambda piece: (piece[0] % DAY, piece[1], piece[0]))
    return [list(group) for _, group in groupby(pieces, key=lambda piece: (piece[0] % DAY, piece[1]))]


def _shared_out(
    group: Sequence[Piece], head: datetime, people: tuple[str, ...], turn: timedelta, step: timedelta, zone: str
) -> Iterator[Pattern]:
    """Give the patterns of alike pieces: one for all where twenty members suffice for it, else one for each day."""
    first, length = head + group[0][0], group[0][1]
    members, turns = _members([begin for begin, _ in group], people, turn, step)
    if step == DAY or len(group) == 1:
        yield Pattern(first, length, Every(step), _rule("DAILY" if step == DAY else "WEEKLY", 1), members, turns)
    elif len(members) <= MAX_MEMBERS and all(_day_is_one(head + begin, zone) for begin, _ in group):
        days = ",".join(WEEKDAYS[day] for day in sorted((head + begin).weekday() for begin, _ in group))
        every = Every(step, tuple(begin - group[0][0] for begin, _ in group))
        yield Pattern(first, length, every, _rule("WEEKLY", 1, f"BYDAY={days}"), members, turns)
    else:
        for piece in group:
            yield from _shared_out((piece,), head, people, turn, step, zone)


def _day_is_one(instant: datetime, zone: str) -> bool:
    """Whether a shift begins on one weekday in UTC and in the zone, so that it does not matter whose BYDAY means."""
    return instant.weekday() == to_wall(instant, zone).weekday()


def _members(
    begins: Sequence[timedelta], people: tuple[str, ...], turn: timedelta, step: timedelta
) -> tuple[tuple[str, ...], int]:
    """Return who has the shifts that begin so long after the hand-off and again after each step, and how many in a row.

    The shortest order that comes back for ever.
    """
    whole = lcm(int(step.total_seconds()), int(turn.total_seconds()) * len(people)) // int(step.total_seconds())
    order = [people[(begin + around * step) // turn % len(people)] for around in range(whole) for begin in begins]
    turns = reduce(gcd, (len(list(row)) for _, row in groupby(order)))
    if len(set(order)) == 1:
        turns = 1
    members = order[::turns]
    size = next(
        size
        for size in range(1, len(members) + 1)
        if len(members) % size == 0 and members == members[:size] * (len(members) // size)
    )
    return tuple(members[:size]), turns
