"""When a schedule has nobody, and whether that is as its team wants it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from oncall.drawing.words import plain
from oncall.model.escalation import ScheduleRef
from oncall.shifts.intervals import Intervals, intersect, merge, subtract
from oncall.shifts.windows import window_intervals
from oncall.validate.base import Context
from oncall.validate.gaps import GAP_RULES, daily_hours, demanded


@dataclass(frozen=True, slots=True)
class Gap:
    """When nobody is on call; `accepted` says why that is as it should be, None where it isn't."""

    start: datetime
    end: datetime
    accepted: str | None = None


def judged_gaps(context: Context, ref: ScheduleRef, gaps: Intervals, start: datetime, end: datetime) -> tuple[Gap, ...]:
    """Tell the gaps that are nobody's wish from those that are accepted, or in hours that nobody demands."""
    left, found = gaps, []
    for times, why in _intended(context, ref, start, end):
        found += [Gap(*part, why) for part in intersect(left, times)]
        left = subtract(left, times)
    return tuple(sorted([*found, *(Gap(*part) for part in left)], key=lambda gap: gap.start))


def _intended(context: Context, ref: ScheduleRef, start: datetime, end: datetime) -> Iterator[tuple[Intervals, str]]:
    """Give the times at which a schedule may have nobody, each with the reason."""
    inventory = context.inventory
    team = inventory.teams[ref.team]
    schedule = team.schedules[ref.schedule]
    team_zone, own_zone = inventory.team_zone(team), inventory.schedule_zone(team, schedule)
    accepts = [(accept, inventory.time_zone) for accept in inventory.accept]
    accepts += [
        (accept, own_zone if accept.schedule else team_zone)
        for accept in (*team.accept, *team.coverage.accept)
        if accept.schedule in (None, ref.schedule)
    ]
    accepts += [(accept, own_zone) for accept in schedule.accept]
    for accept, zone in accepts:
        if accept.rule in GAP_RULES:
            whole = accept.daily is None
            times = ((start, end),) if whole else window_intervals(daily_hours(accept), zone, start, end)
            yield times, plain(accept.why)
    windows = [demanded(context, ref.team, tier) for tier in context.in_use[ref.team]]
    wanted = merge(
        part for some in windows if some is not None for part in window_intervals(some, team_zone, start, end)
    )
    if wanted:
        yield subtract(((start, end),), wanted), "not in the hours the team requires"
