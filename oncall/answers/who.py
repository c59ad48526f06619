"""Who is on call in schedules at an instant, until when, and who is next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall.model.escalation import ScheduleRef
from oncall.shifts.rota import Rota
from oncall.shifts.timeline import Shift

# How far ahead the next change is looked for before there is taken to be none: most are within a week.
_REACHES = (timedelta(days=8), timedelta(days=45), timedelta(days=800))


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One schedule at an instant: who is on call (shifts begin at the instant), and the next change of people.

    `until` is when others are on call, or nobody; `next` are the shifts from then. None: nothing changes any more.
    """

    schedule: ScheduleRef
    zone: str
    now: tuple[Shift, ...]
    until: datetime | None
    next: tuple[Shift, ...]


def on_duty(rota: Rota, schedules: Iterable[ScheduleRef], instant: datetime) -> tuple[OnDuty, ...]:
    """Return who is on call in each of the schedules at an aware instant, and what changes next."""
    return tuple(_on_duty(rota, ref, instant) for ref in schedules)


def _on_duty(rota: Rota, ref: ScheduleRef, instant: datetime) -> OnDuty:
    now: tuple[Shift, ...] = ()
    for reach in _REACHES:
        shifts = rota.timeline(ref, instant, instant + reach).shifts
        now = _at(shifts, instant)
        people = {shift.person for shift in now}
        for edge in _edges(shifts, instant, instant + reach):
            then = _at(shifts, edge)
            if {shift.person for shift in then} != people:
                return OnDuty(ref, rota.zone(ref), now, edge, then)
    return OnDuty(ref, rota.zone(ref), now, None, ())


def _at(shifts: tuple[Shift, ...], instant: datetime) -> tuple[Shift, ...]:
    found: dict[str, Shift] = {}
    for shift in shifts:
        if shift.start > instant:
            break
        if instant < shift.end:
            found.setdefault(shift.person, shift)
    return tuple(found.values())


def _edges(shifts: tuple[Shift, ...], start: datetime, end: datetime) -> Iterator[datetime]:
    """Give the instants between two at which a shift begins or ends, in order."""
    found = {at for shift in shifts for at in (shift.start, shift.end)}
    yield from sorted(at for at in found if start < at < end)
