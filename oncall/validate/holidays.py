"""Public holidays: who is on call on one of theirs, and covers that don't come about."""

from collections.abc import Iterator
from datetime import datetime

from oncall.errors import Path, Spans
from oncall.model import HolidayCover, Team
from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import moment_end, to_wall
from oncall.shifts.rota import Holiday
from oncall.shifts.timeline import Shift
from oncall.validate.base import Context, Fault, Rule
from oncall.validate.words import quoted


def holiday_cover_without_horizon(context: Context) -> Iterator[Fault]:
    """Find covers of holidays in a file that doesn't say up to when they are made."""
    if context.inventory.horizon is None:
        for key, team in context.inventory.teams.items():
            if isinstance(team.on_holidays, HolidayCover):
                message = "covers of holidays have no end of their own, and the file names no `horizon`"
                hint = "give `horizon: YYYY-MM-DD`, the last day up to which they are made"
                yield Fault(message, ("teams", key, "on_holidays"), hint)


def on_call_on_holiday(context: Context) -> Iterator[Fault]:
    """Tell who is on call on a public holiday of theirs, in teams that want these listed."""
    for ref, _ in _schedules(context, "list"):
        days: dict[str, dict[datetime, Holiday]] = {}
        for shift in context.held.schedule(ref, context.now, context.quarter_end):
            for day in context.held.rota.public_holidays(shift.person, shift.start, shift.end):
                days.setdefault(shift.person, {})[day[0]] = day
        for person, found in sorted(days.items()):
            message = f"`{person}` is on call in `{ref}` on {_days_text(context, person, found)}"
            path: Path = ("teams", ref.team, "schedules", ref.schedule)
            yield Fault(message, path, "public holidays of theirs", nouns=(("people", person),), spans=_days(found))


def holiday_uncovered(context: Context) -> Iterator[Fault]:
    """Find turns on a public holiday of whoever has them, where the rotation that is to cover has nobody either."""
    horizon = context.inventory.horizon
    if horizon is None:
        return
    last = min(moment_end(horizon, context.inventory.time_zone), context.quarter_end)
    for ref, team in _schedules(context, "cover"):
        if last <= context.now or not isinstance(team.on_holidays, HolidayCover):
            continue
        cover = team.on_holidays
        days: dict[str, dict[datetime, Holiday]] = {}
        stand_ins: dict[str, set[str]] = {}
        for shift in context.held.schedule(ref, context.now, last):
            if shift.why != "turn":
                continue  # what people have agreed on stays
            for day in context.held.rota.public_holidays(shift.person, shift.start, shift.end):
                days.setdefault(shift.person, {})[day[0]] = day
                stand_ins.setdefault(shift.person, set()).update(_there(context, ref, cover, shift, day))
        for person, found in sorted(days.items()):
            others = sorted(stand_ins[person] - {person})
            why = f"{quoted(others)} of `{cover.cover}` {'have' if len(others) > 1 else 'has'} a holiday too"
            why = why if others else f"`{cover.cover}` has nobody else then"
            message = (
                f"`{person}` is on call in `{ref}` on {_days_text(context, person, found)}, "
                f"public holidays of theirs: {why}"
            )
            path: Path = ("teams", ref.team, "schedules", ref.schedule)
            yield Fault(
                message,
                path,
                "swap the turn, put an override, or accept it",
                nouns=(("people", person),),
                spans=_days(found),
            )


def _schedules(context: Context, policy: str) -> Iterator[tuple[ScheduleRef, Team]]:
    """Give the schedules on steps of teams that list or cover holidays."""
    for key, team in context.inventory.teams.items():
        kind = "cover" if isinstance(team.on_holidays, HolidayCover) else team.on_holidays
        if kind == policy:
            refs = (ScheduleRef(key, schedule) for schedule in team.schedules)
            yield from ((ref, team) for ref in refs if ref in context.paging)


def _there(context: Context, ref: ScheduleRef, cover: HolidayCover, shift: Shift, day: Holiday) -> set[str]:
    """Return who holds the covering rotation in what a shift has of a day."""
    start, end = max(shift.start, day[0]), min(shift.end, day[1])
    return {
        other.person
        for other in context.held.schedule(ScheduleRef(ref.team, cover.schedule), start, end)
        if other.rotation == cover.rotation
    }


def _days(days: dict[datetime, Holiday]) -> Spans:
    return tuple((start, end) for start, end, _ in sorted(days.values()))


def _days_text(context: Context, person: str, days: dict[datetime, Holiday]) -> str:
    """`2026-12-25 (Christmas Day) and 2026-12-26 (Second Day of Christmas)`: the days in the person's zone."""
    zone = context.inventory.person_zone(context.inventory.people[person])
    words = [f"{to_wall(start, zone):%Y-%m-%d} ({name})" for start, (_, _, name) in sorted(days.items())]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


RULES = (
    Rule(
        "holiday-cover-without-horizon",
        "error",
        "Where holidays are covered, the file says up to which date.",
        holiday_cover_without_horizon,
    ),
    Rule(
        "on-call-on-holiday",
        "notice",
        "In a team that lists them: nobody is on call on a public holiday of theirs in the next 13 weeks.",
        on_call_on_holiday,
        needs_names=True,
    ),
    Rule(
        "holiday-uncovered",
        "reason",
        "In a team that covers them: somebody else has the turns of the next 13 weeks that fall on a holiday.",
        holiday_uncovered,
        needs_names=True,
    ),
)
