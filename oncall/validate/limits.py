"""What a team asks of its rotas: rest between shifts, nights in a row, hours a week.

Each person of a team that sets a limit is looked at over all schedules of all teams, in the next 13 weeks, after
swaps, leave, holidays and overrides. Days, nights and weeks are those of the person's own zone.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from oncall.errors import Path
from oncall.model import Limits
from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import NIGHT_BEGINS, NIGHT_ENDS, to_instant, to_wall
from oncall.shifts.intervals import Interval, Intervals, intersect, merge
from oncall.validate.base import Context, Fault, Rule
from oncall.validate.words import duration_text, hours_text, spans_text

_BEFORE = timedelta(weeks=2)  # how far back a week or a row of nights that still runs is looked at
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)

Find = Callable[[Context, str, str, Limits], Iterator[tuple[str, Intervals, str]]]


def rest_too_short(context: Context) -> Iterator[Fault]:
    """Find shifts that follow the one before sooner than the team's rest."""
    yield from _of_teams(context, "rest", _short_rests)


def too_many_nights(context: Context) -> Iterator[Fault]:
    """Find more nights in a row than the team's limit: nights are from 23:00 to 06:00, by the person's clock."""
    yield from _of_teams(context, "nights_in_a_row", _long_rows)


def too_many_hours(context: Context) -> Iterator[Fault]:
    """Find weeks, from Monday to Sunday by the person's clock, with more hours on call than the team's limit."""
    yield from _of_teams(context, "hours_a_week", _full_weeks)


def _of_teams(context: Context, word: str, find: Find) -> Iterator[Fault]:
    for key, team in context.inventory.teams.items():
        if getattr(team.limits, word) is None:
            continue
        for person in _people(context, key):
            zone = context.inventory.person_zone(context.inventory.people[person])
            for message, spans, hint in find(context, person, zone, team.limits):
                path: Path = ("teams", key, "limits", word)
                yield Fault(
                    f"{message}: {spans_text(spans, zone)}", path, hint, nouns=(("people", person),), spans=spans
                )


def _people(context: Context, team: str) -> list[str]:
    """Return whoever is on call for a team in the next 13 weeks."""
    people = {
        shift.person
        for schedule in context.inventory.teams[team].schedules
        for shift in context.held.schedule(ScheduleRef(team, schedule), context.now - _BEFORE, context.quarter_end)
        if shift.end > context.now
    }
    return sorted(people)


def _held(context: Context, person: str) -> Intervals:
    """Return when somebody is on call anywhere, from two weeks ago on; what overlaps or touches is one stretch."""
    shifts = context.held.shifts(person, context.now - _BEFORE, context.quarter_end)
    return merge((held.shift.start, held.shift.end) for held in shifts)


def _short_rests(context: Context, person: str, zone: str, limits: Limits) -> Iterator[tuple[str, Intervals, str]]:  # noqa: ARG001 - all three are asked alike
    least = limits.rest or timedelta(0)
    rests = tuple(
        (end, start)
        for (_, end), (start, _) in pairwise(_held(context, person))
        if start - end < least and start > context.now
    )
    if rests:
        message = f"`{person}` rests less than {duration_text(least)} between shifts"
        yield message, rests, "swap a turn, or give hours that leave more between them"


def _long_rows(context: Context, person: str, zone: str, limits: Limits) -> Iterator[tuple[str, Intervals, str]]:
    most = limits.nights_in_a_row or 0
    rows: list[list[Interval]] = []
    held = _held(context, person)
    for night in _nights(context, zone):
        if not intersect(held, (night,)):
            continue
        if rows and night[0] - rows[-1][-1][0] < _DAY * 1.5:
            rows[-1].append(night)
        else:
            rows.append([night])
    long = [row for row in rows if len(row) > most and row[-1][1] > context.now]
    if long:
        nights = max(map(len, long))
        message = f"`{person}` has {nights} nights in a row, where {most} are the limit"
        yield message, tuple((row[0][0], row[-1][1]) for row in long), "swap a turn, or make turns shorter"


def _full_weeks(context: Context, person: str, zone: str, limits: Limits) -> Iterator[tuple[str, Intervals, str]]:
    most = timedelta(hours=limits.hours_a_week or 0)
    full: list[tuple[timedelta, Interval]] = []
    held = _held(context, person)
    for week in _weeks(context, zone):
        hours = sum((end - start for start, end in intersect(held, (week,))), timedelta(0))
        if hours > most:
            full.append((hours, week))
    if full:
        hours = max(full)[0]
        message = f"`{person}` is on call up to {hours_text(hours)} a week, where {hours_text(most)} are the limit"
        yield message, tuple(week for _, week in full), "share the turn, or make turns shorter"


def _nights(context: Context, zone: str) -> Iterator[Interval]:
    day = to_wall(context.now - _BEFORE, zone).date()
    while (night := _night(day, zone))[0] < context.quarter_end:
        yield night
        day += _DAY


def _night(day: date, zone: str) -> Interval:
    begins, ends = datetime.combine(day, NIGHT_BEGINS), datetime.combine(day + _DAY, NIGHT_ENDS)
    return to_instant(begins, zone), to_instant(ends, zone)


def _weeks(context: Context, zone: str) -> Iterator[Interval]:
    """Give the weeks that lie in the next 13, the running one whole."""
    today = to_wall(context.now, zone).date()
    monday = datetime.combine(today - today.weekday() * _DAY, time(0))
    while (week := (to_instant(monday, zone), to_instant(monday + _WEEK, zone)))[0] < context.quarter_end:
        yield week
        monday += _WEEK


RULES = (
    Rule(
        "rest-too-short",
        "reason",
        "Between two shifts lies the rest that `limits` asks for.",
        rest_too_short,
        needs_names=True,
    ),
    Rule(
        "too-many-nights",
        "reason",
        "Nobody has more nights (23:00 to 06:00) in a row than `limits` allows.",
        too_many_nights,
        needs_names=True,
    ),
    Rule(
        "too-many-hours",
        "reason",
        "Nobody is on call for more hours from Monday to Sunday than `limits` allows.",
        too_many_hours,
        needs_names=True,
    ),
)
