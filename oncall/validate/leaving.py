"""People who leave: nothing of theirs may lie after their last day (vendors.md, section 3)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from oncall.model import NOBODY
from oncall.model.escalation import PersonRef
from oncall.shifts.clock import LAST, instant_text, moment_end, moment_instant
from oncall.shifts.intervals import Intervals, merge, subtract
from oncall.shifts.lineups import rotation_spans
from oncall.shifts.timeline import shifts, turn_at
from oncall.validate.base import YEAR, Context, Fault, LineupPlace, Rule
from oncall.validate.dates import spans

_FAR = timedelta(days=20_000)  # no turn of anybody is farther away


def on_call_after_leaving(context: Context) -> Iterator[Fault]:
    """Find shifts, direct steps and covers of people after their last day."""
    inventory = context.inventory
    gone = {
        key: moment_end(person.until, inventory.person_zone(person))
        for key, person in inventory.people.items()
        if person.until is not None
    }
    if not gone:
        return
    yield from _shifts(context, gone)
    yield from _steps(context, gone)
    yield from _covers(context, gone)


def _shifts(context: Context, gone: dict[str, datetime]) -> Iterator[Fault]:
    for at in context.lineups:
        for person in dict.fromkeys(at.lineup.people):
            first = _first_shift(context, at, person, max(gone[person], context.now)) if person in gone else None
            if first is not None:
                when = instant_text(first, at.span.zone)
                yield Fault(
                    f"{_leaves(context, person)} and is on call from {when} in {at.name}",
                    (*at.path, "people", at.lineup.people.index(person)),
                    _way_out(context, at, person, gone[person]),
                )


def _way_out(context: Context, at: LineupPlace, person: str, gone: datetime) -> str:
    """Return the command that takes somebody out in time."""
    command = f"`oncall rota remove {at.name} {person} --by {context.inventory.people[person].until}"
    spans, by = rotation_spans(at.rotation, at.span.zone), max(gone, context.now)
    alone = [span for span in spans if (span.end or LAST) > by and not set(span.people) - {person, NOBODY}]
    if alone:
        return f"name somebody else in the line-up since {alone[0].since}, then {command}`"
    turn = turn_at(spans, by)
    if turn is not None and turn.person == person and turn.start <= context.now < turn.end:
        cover = next(each for span in spans for each in span.people if each not in (person, NOBODY))
        return f"{command} --cover {cover}`: the shift that runs now is theirs, and lasts longer"
    return f"{command}`"


def _first_shift(context: Context, at: LineupPlace, person: str, after: datetime) -> datetime | None:
    """Return when a person is first on call in a line-up that lasts beyond an instant, overrides looked at."""
    begin = max(after, at.span.start)
    days = {"hour": 1, "day": 1, "week": 7, "month": 31}[at.turn.unit] * at.turn.count
    round_length = min(timedelta(days=days * len(at.lineup.people)), _FAR)
    end = min(at.span.end or begin + _FAR, begin + 2 * round_length + YEAR)
    taken = _taken(context, at, person)
    for shift in shifts((at.span,), at.rotation.only, begin, end):
        left = subtract(((shift.start, shift.end),), taken) if shift.person == person else ()
        if left:
            return left[0][0]
    return None


def _taken(context: Context, at: LineupPlace, person: str) -> Intervals:
    """Return when overrides give a person's shifts of a schedule to somebody else."""
    inventory = context.inventory
    team = inventory.teams[at.team]
    zone = inventory.schedule_zone(team, team.schedules[at.schedule])
    return merge(
        (moment_instant(one.start, zone), moment_end(one.end, zone))
        for one in inventory.overrides
        if one.schedule == f"{at.team}/{at.schedule}" and one.person != person and one.instead_of in (None, person)
    )


def _steps(context: Context, gone: dict[str, datetime]) -> Iterator[Fault]:
    inventory = context.inventory
    for _, recipient, path in context.resolved():
        if isinstance(recipient, PersonRef) and recipient.person in gone:
            message = f"{_leaves(context, recipient.person)} and stands on this step for good"
            yield Fault(message, path, "name somebody else")
    for key, team in inventory.teams.items():
        paged = any(inventory.tiers[tier].manager_after is not None for tier in context.in_use[key])
        for place, member in enumerate(team.members if paged else ()):
            if member.role == "manager" and member.person in gone:
                message = f"{_leaves(context, member.person)} and is paged as manager for good"
                yield Fault(message, ("teams", key, "members", place), "make somebody else manager")


def _covers(context: Context, gone: dict[str, datetime]) -> Iterator[Fault]:
    inventory = context.inventory
    standing_in = [leave.cover for leave in inventory.leave] + [override.person for override in inventory.overrides]
    for person, span in zip(standing_in, spans(context), strict=False):  # maintenance comes last and has nobody
        end = moment_end(span.end.moment, span.end.zone)
        if person in gone and end > gone[person] and end > context.now:
            yield Fault(f"{_leaves(context, person)} and stands in until {span.end.moment}", span.end.path)


def cover_is_away(context: Context) -> Iterator[Fault]:
    """Nobody stands in for themselves."""
    for place, leave in enumerate(context.inventory.leave):
        if leave.cover == leave.person:
            yield Fault(
                f"`{leave.person}` is away and stands in for themselves", ("leave", place, "cover"), "name another"
            )


def _leaves(context: Context, person: str) -> str:
    return f"`{person}` leaves on {context.inventory.people[person].until}"


RULES = (
    Rule("on-call-after-leaving", "error", "Nobody is on call after their last day.", on_call_after_leaving),
    Rule("cover-is-away", "error", "Whoever covers a leave is somebody else.", cover_is_away),
)
