"""What a leave, swap or override means: who has whose shifts, and what nobody has any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from oncall.edits.exceptions import leave_period, override_period
from oncall.errors import Path
from oncall.model.escalation import ScheduleRef
from oncall.shifts.held import Held
from oncall.shifts.proposals import Proposal, proposals
from oncall.shifts.rota import Rota
from oncall.shifts.swaps import swapped_turns


@dataclass(frozen=True, slots=True)
class Taken:
    """A person on call in a schedule from `start` to `end` (UTC), instead of somebody; None: of nobody."""

    ref: ScheduleRef
    zone: str
    start: datetime
    end: datetime
    person: str
    instead_of: str | None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A shift that somebody on leave still has, cut to the leave, and who could take it, the best first."""

    ref: ScheduleRef
    zone: str
    start: datetime
    end: datetime
    person: str
    proposals: tuple[Proposal, ...]


def taken(rota: Rota, place: Path) -> tuple[Taken, ...]:
    """Return what an exception of the inventory, named by its path, gives to whom, in order of time."""
    found = [
        Taken(ref, rota.zone(ref), shift.start, shift.end, shift.person, shift.instead_of)
        for ref, start, end in _where(rota, place)
        for shift in rota.timeline(ref, start, end).shifts
        if shift.place == place
    ]
    return tuple(sorted(found, key=lambda one: (one.ref, one.start, one.end)))


def replaced(before: Rota, after: Rota, place: Path) -> tuple[Taken, ...]:
    """Return what an override, at this place after an edit, takes from those who had it `before`, or from nobody."""
    found: list[Taken] = []
    for one in taken(after, place):
        if one.instead_of is not None:
            found.append(one)
            continue
        timeline = before.timeline(one.ref, one.start, one.end)
        parts = [(shift.start, shift.end, shift.person) for shift in timeline.shifts if shift.person != one.person]
        gaps = [(start, end, None) for start, end in timeline.gaps]
        found += [Taken(one.ref, one.zone, start, end, one.person, who) for start, end, who in [*parts, *gaps]]
    return tuple(sorted(found, key=lambda one: (one.ref, one.start, one.end)))


def uncovered(rota: Rota, number: int, now: datetime) -> tuple[Uncovered, ...]:
    """Return the shifts still to come that somebody has in the time of their leave, by its number in the inventory."""
    leave = rota.inventory.leave[number]
    start, end = leave_period(rota.inventory, leave).instants
    held = Held(rota)
    absent = frozenset((leave.person,))
    found = []
    for one in held.shifts(leave.person, max(start, now), end) if end > now else ():
        if leave.schedule in (None, str(one.ref)):
            able = proposals(held, one.ref, one.shift.start, one.shift.end, absent)
            found.append(Uncovered(one.ref, rota.zone(one.ref), one.shift.start, one.shift.end, leave.person, able))
    return tuple(found)


def _where(rota: Rota, place: Path) -> list[tuple[ScheduleRef, datetime, datetime]]:
    """Return the schedules and the time in which an exception can change anything."""
    inventory, (noun, number) = rota.inventory, place
    if noun == "leave":
        leave = inventory.leave[int(number)]
        start, end = leave_period(inventory, leave).instants
        refs = Held(rota).schedules_of(leave.person) if leave.schedule is None else (ScheduleRef.of(leave.schedule),)
        return [(ref, start, end) for ref in refs]
    if noun == "overrides":
        override = inventory.overrides[int(number)]
        return [(ScheduleRef.of(override.schedule), *override_period(inventory, override).instants)]
    swap = inventory.swaps[int(number)]
    ref = ScheduleRef.of(swap.schedule)
    turns = swapped_turns(swap, rota.spans(ref), rota.zone(ref))
    return [(ref, turn.start, turn.end) for _, turn in turns if turn is not None]
