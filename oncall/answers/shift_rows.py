"""Shifts as rows: who has which schedule from when to when and why, and the gaps between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oncall.model import TargetName
from oncall.model.escalation import ScheduleRef
from oncall.shifts.intervals import subtract
from oncall.shifts.rota import Rota
from oncall.shifts.timeline import Shift

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Foreign:
    """An override that somebody made by hand at a vendor, of the `whole` schedule or of a part that it has there.

    `person` is a key, or None for somebody the inventory doesn't know; `who` is what the vendor calls them.
    """

    schedule: ScheduleRef
    start: datetime
    end: datetime
    person: str | None
    who: str
    vendor: TargetName
    whole: bool = True


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A stretch of a schedule (UTC, half-open): a shift, a foreign override, or (neither) a gap."""

    schedule: ScheduleRef
    zone: str
    start: datetime
    end: datetime
    shift: Shift | None = None
    foreign: Foreign | None = None


def shift_rows(
    rota: Rota,
    schedules: Iterable[ScheduleRef],
    start: datetime,
    end: datetime,
    person: str | None = None,
    foreign: Sequence[Foreign] = (),
) -> tuple[ShiftRow, ...]:
    """Return the shifts that touch two aware instants, whole, and the gaps between those; by start within a schedule.

    Of one `person` only their shifts, of all schedules by start. A foreign override that takes the whole of its
    schedule cuts what lies under it.
    """
    rows = [row for ref in schedules for row in _rows(rota, ref, start, end, foreign)]
    if person is None:
        return tuple(rows)
    own = (row for row in rows if person in (row.shift and row.shift.person, row.foreign and row.foreign.person))
    return tuple(sorted(own, key=lambda row: (row.start, row.schedule)))


def _rows(rota: Rota, ref: ScheduleRef, start: datetime, end: datetime, foreign: Sequence[Foreign]) -> list[ShiftRow]:
    zone, timeline = rota.zone(ref), rota.timeline(ref, start, end)
    by_hand = [one for one in foreign if one.schedule == ref and one.start < end and start < one.end]
    taken = tuple(sorted((one.start, one.end) for one in by_hand if one.whole))
    rows = [
        ShiftRow(ref, zone, begins, ends, replace(shift, start=begins, end=ends))
        for shift in _whole(rota, ref, timeline.shifts, start, end)
        for begins, ends in subtract(((shift.start, shift.end),), taken)
    ]
    rows += [ShiftRow(ref, zone, begins, ends) for gap in timeline.gaps for begins, ends in subtract((gap,), taken)]
    rows += [ShiftRow(ref, zone, one.start, one.end, foreign=one) for one in by_hand]
    return sorted(rows, key=lambda row: row.start)


def _whole(rota: Rota, ref: ScheduleRef, shifts: tuple[Shift, ...], start: datetime, end: datetime) -> list[Shift]:
    """Return shifts with the first and last ones as they are beyond the two instants."""
    around = {start: rota.shift_at(ref, start), end: rota.shift_at(ref, end - _INSTANT)} if start < end else {}

    def same(shift: Shift, at: datetime) -> Shift:
        key = (shift.person, shift.rotation, shift.why, shift.place)
        return next((one for one in around[at] if (one.person, one.rotation, one.why, one.place) == key), shift)

    found = []
    for shift in shifts:
        first = same(shift, start).start if shift.start == start else shift.start
        last = same(shift, end).end if shift.end == end else shift.end
        found.append(replace(shift, start=first, end=last))
    return found
