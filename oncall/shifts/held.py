"""What a person holds, over all schedules."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from oncall.model import NOBODY, HolidayCover
from oncall.model.escalation import ScheduleRef
from oncall.shifts.intervals import merge
from oncall.shifts.rota import Rota
from oncall.shifts.timeline import Shift


@dataclass(frozen=True, slots=True)
class HeldShift:
    """A shift and the schedule it is of."""

    ref: ScheduleRef
    shift: Shift


class Held:
    """The shifts of people of one inventory whose references resolve, in every schedule. Make one and reuse it."""

    def __init__(self, rota: Rota) -> None:
        self.rota = rota
        self._shifts: dict[tuple[ScheduleRef, datetime, datetime], tuple[Shift, ...]] = {}

    def schedules_of(self, person: str) -> tuple[ScheduleRef, ...]:
        """Return the schedules in which a person may ever be on call: by turn, swap, override or as a cover."""
        return tuple(sorted(self._schedules.get(person, ())))

    def shifts(self, person: str, start: datetime, end: datetime) -> tuple[HeldShift, ...]:
        """Return what a person holds between two aware instants, cut to them, by start and schedule."""
        found = [
            HeldShift(ref, shift)
            for ref in self.schedules_of(person)
            for shift in self.schedule(ref, start, end)
            if shift.person == person
        ]
        return tuple(sorted(found, key=lambda held: (held.shift.start, held.shift.end, held.ref)))

    def hours(self, person: str, start: datetime, end: datetime) -> timedelta:
        """Return how long a person is on call between two aware instants; what overlaps counts once."""
        shifts = merge((held.shift.start, held.shift.end) for held in self.shifts(person, start, end))
        return sum((last - first for first, last in shifts), timedelta(0))

    def schedule(self, ref: ScheduleRef, start: datetime, end: datetime) -> tuple[Shift, ...]:
        """Return the shifts of a schedule between two aware instants, everything applied."""
        key = (ref, start.astimezone(UTC), end.astimezone(UTC))
        if key not in self._shifts:
            self._shifts[key] = self.rota.timeline(*key).shifts
        return self._shifts[key]

    @cached_property
    def _schedules(self) -> dict[str, set[ScheduleRef]]:
        inventory = self.rota.inventory
        found: dict[str, set[ScheduleRef]] = defaultdict(set)
        for ref in self.rota.schedules():
            for spans in self.rota.spans(ref).values():
                for person in {person for span in spans for person in span.people} - {NOBODY}:
                    found[person].add(ref)
        for override in inventory.overrides:
            found[override.person].add(ScheduleRef.of(override.schedule))
        for swap in inventory.swaps:
            for person in swap.people:
                found[person].add(ScheduleRef.of(swap.schedule))
        by_turn = {person: set(refs) for person, refs in found.items()}
        for leave in inventory.leave:
            if leave.cover is not None:
                only = {ScheduleRef.of(leave.schedule)} if leave.schedule is not None else None
                there = by_turn.get(leave.person, set())
                found[leave.cover] |= there if only is None else there & only
        for key, team in inventory.teams.items():
            if isinstance(team.on_holidays, HolidayCover):
                stand_ins = self.rota.spans(ScheduleRef(key, team.on_holidays.schedule))[team.on_holidays.rotation]
                people = {person for span in stand_ins for person in span.people} - {NOBODY}
                covers = {leave.cover for leave in inventory.leave if leave.person in people and leave.cover}
                for person in people | covers:
                    found[person] |= {ScheduleRef(key, schedule) for schedule in team.schedules}
        return found
