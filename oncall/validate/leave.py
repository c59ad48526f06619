"""Leave: nobody who is away holds a shift, and whoever covers is not on call elsewhere meanwhile."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from oncall.errors import Path, Severity
from oncall.model.escalation import ScheduleRef
from oncall.shifts.held import HeldShift
from oncall.shifts.intervals import Intervals, merge, subtract
from oncall.shifts.proposals import Proposal, proposals
from oncall.shifts.rota import Absence
from oncall.validate.base import Context, Fault, Rule
from oncall.validate.words import hours_text, quoted, spans_text

_NAMED = 3  # people proposed


def leave_uncovered(context: Context) -> Iterator[Fault]:
    """Find shifts of people on leave, after swaps, covers and overrides; with who could take them.

    A notice where somebody else is on call in the schedule all the while, or where no step tells it.
    """
    for absence, start, end in _absences(context):
        by_schedule: dict[ScheduleRef, list[HeldShift]] = {}
        for held in context.held.shifts(absence.leave.person, start, end):
            by_schedule.setdefault(held.ref, []).append(held)
        for ref, shifts in by_schedule.items():
            spans = merge((held.shift.start, held.shift.end) for held in shifts)
            zone = context.held.rota.zone(ref)
            message = f"{_who(absence, shifts)} on call in `{ref}` {spans_text(spans, zone)}"
            hint = _way_out(context, absence, ref, spans)
            severity: Severity = "notice" if _others_there(context, ref, absence, spans) else "reason"
            yield Fault(message, absence.place, hint, severity, _nouns(absence.leave.person, ref), spans)


def cover_on_call_elsewhere(context: Context) -> Iterator[Fault]:
    """Tell of people who cover a leave while they are on call in another schedule."""
    for absence, start, end in _absences(context):
        cover = absence.leave.cover
        if cover is None or cover == absence.leave.person:
            continue
        shifts = context.held.shifts(cover, start, end)
        covering = [held for held in shifts if held.shift.why == "leave" and held.shift.place == absence.place]
        clashes: dict[tuple[ScheduleRef, ScheduleRef], list[tuple[datetime, datetime]]] = {}
        for held in covering:
            for other in shifts:
                first, last = max(held.shift.start, other.shift.start), min(held.shift.end, other.shift.end)
                if other.ref != held.ref and first < last:
                    clashes.setdefault((held.ref, other.ref), []).append((first, last))
        for (ref, other_ref), spans in clashes.items():
            when = spans_text(merged := merge(spans), context.held.rota.zone(ref))
            message = f"`{cover}` covers `{absence.leave.person}` in `{ref}` while on call in `{other_ref}`: {when}"
            hint = f"name another cover; with `schedule: {ref}` a cover is for that schedule only"
            yield Fault(message, (*absence.place, "cover"), hint, nouns=_nouns(cover, ref), spans=merged)


def _absences(context: Context) -> Iterator[tuple[Absence, datetime, datetime]]:
    """Give the leave that runs or comes within the year, with what of it is still to come."""
    for person in dict.fromkeys(leave.person for leave in context.inventory.leave):
        for absence in context.held.rota.away(person, context.now, context.year_end):
            start, end = max(absence.start, context.now), min(absence.end, context.year_end)
            if start < end:
                yield absence, start, end


def _who(absence: Absence, shifts: Sequence[HeldShift]) -> str:
    """Return who is away and why they hold the shifts: `ana` is away and, as cover of `bo`, still."""
    held_for = sorted({held.shift.instead_of for held in shifts if held.shift.instead_of is not None})
    covering = f", as they take the shifts of {quoted(held_for)}," if held_for else ""
    return f"`{absence.leave.person}` is away and{covering} still"


def _way_out(context: Context, absence: Absence, ref: ScheduleRef, spans: Intervals) -> str:
    person = frozenset((absence.leave.person,))
    free = [proposals(context.held, ref, start, end, person) for start, end in spans]
    for_all = [one for one in free[0] if all(one.person in {each.person for each in found} for found in free[1:])]
    if for_all:
        named = ", ".join(_proposal_text(one) for one in for_all[:_NAMED])
        return f"give a `cover`; free {'then' if len(spans) == 1 else 'all the while'}: {named}"
    if any(free):
        number = next(n for n, found in enumerate(free) if found)
        named = ", ".join(_proposal_text(one) for one in free[number][:_NAMED])
        when = spans_text(spans[number : number + 1], context.held.rota.zone(ref))
        return f"nobody of the team is free all the while; {when}: {named}"
    return "nobody of the team is free then: swap turns, or put an override"


def _proposal_text(one: Proposal) -> str:
    holiday = f", on {one.holiday}" if one.holiday is not None else ""
    return f"`{one.person}` ({hours_text(one.carried)} on call in the 13 weeks before{holiday})"


def _others_there(context: Context, ref: ScheduleRef, absence: Absence, spans: Intervals) -> bool:
    if ref not in context.paging:
        return True
    start, end = spans[0][0], spans[-1][1]
    others = merge(
        (shift.start, shift.end)
        for shift in context.held.schedule(ref, start, end)
        if shift.person != absence.leave.person
    )
    return not subtract(spans, others)


def _nouns(person: str, ref: ScheduleRef) -> tuple[Path, ...]:
    return ("people", person), ("teams", ref.team, "schedules", ref.schedule)


RULES = (
    Rule(
        "leave-uncovered",
        "reason",
        "Nobody on leave holds a shift; a notice where somebody else is on call in the schedule too.",
        leave_uncovered,
        needs_names=True,
    ),
    Rule(
        "cover-on-call-elsewhere",
        "notice",
        "Whoever covers a leave is not on call in another schedule meanwhile.",
        cover_on_call_elsewhere,
        needs_names=True,
    ),
)
