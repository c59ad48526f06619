"""What strips are drawn from: each schedule that changes with its shifts before and after, side by side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oncall.drawing.days import clock_changes, midnight
from oncall.drawing.gaps import Gap, judged_gaps
from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.preview.model import ByHand, Preview, ShiftChange
from oncall.preview.pairs import person_pairs, schedule_pairs
from oncall.preview.shifts import differences, renamed
from oncall.shifts.clock import to_wall
from oncall.shifts.rota import Rota
from oncall.shifts.timeline import Shift
from oncall.validate.base import Context

LONGEST = timedelta(weeks=8)
"""So much time fits on a strip that can still be read."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One side of a schedule: its shifts and gaps, cut to the picture."""

    shifts: tuple[Shift, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A schedule that changes, between two UTC instants; a side on which there is no such schedule is None.

    `changes` are all that differ, `first` the instant at which the first of them begins. One in which nothing does
    (`first` is None) is drawn for what was made `by_hand`.
    """

    ref: ScheduleRef
    name: str
    zone: str
    start: datetime
    end: datetime
    first: datetime | None
    now: datetime
    before: Lane | None
    after: Lane | None
    changes: tuple[ShiftChange, ...]
    clock_changes: tuple[tuple[datetime, str], ...]
    by_hand: tuple[ByHand, ...] = ()

    @property
    def people(self) -> frozenset[str]:
        """Everybody who is on it."""
        sides = (side for side in (self.before, self.after) if side is not None)
        shifts = {shift.person for side in sides for shift in side.shifts}
        return frozenset(shifts | {one.person for one in self.by_hand if one.person is not None})


def pictures(preview: Preview, base: Inventory | None, head: Inventory) -> tuple[Picture, ...]:
    """Return a picture of each schedule that the preview of these inventories says changes, soonest first, and then of
    those that stay as they are and have overrides made by hand.
    """
    before, after = (Rota(base) if base is not None else None), Rota(head)
    was, people = schedule_pairs(base, head), person_pairs(base, head)
    contexts = (Context(base, preview.start) if base is not None else None, Context(head, preview.start))
    known = frozenset(after.schedules())
    firsts: dict[ScheduleRef, ShiftChange] = {}
    for change in (*preview.shifts, *preview.later):
        firsts.setdefault(change.ref, change)
    by_hand: dict[ScheduleRef, list[ByHand]] = {}
    for one in preview.live.by_hand if preview.live is not None else ():
        by_hand.setdefault(one.ref, []).append(one)
    changing = frozenset(firsts)
    for ref, some in by_hand.items():
        start = max(min(one.start for one in some), preview.start)
        firsts.setdefault(ref, ShiftChange(ref, some[0].name, some[0].zone, start, some[0].end, (), ()))
    found = []
    for ref, change in firsts.items():
        start, end = _span(change, preview)
        here = ref if ref in known else None
        there = was.get(ref, ref if here is None else None)
        mine = _lane(before, contexts[0], there, start, end, people)
        theirs = _lane(after, contexts[1], here, start, end, {})
        changes = tuple(_changes(change, mine, theirs))
        zones = [*(_zones(after, here) if here is not None else ()), *(_zones(before, there) if there else ())]
        clocks = tuple(_clocks(change.zone, zones, start, end))
        found.append(
            Picture(
                ref,
                change.name,
                change.zone,
                start,
                end,
                change.start if ref in changing else None,
                preview.start,
                mine,
                theirs,
                changes,
                clocks,
                tuple(one for one in by_hand.get(ref, ()) if one.start < end and start < one.end),
            )
        )
    return tuple(found)


def _span(change: ShiftChange, preview: Preview) -> tuple[datetime, datetime]:
    """Return what is drawn: from now on, or from a week before the first change where that is too far away."""
    length = min(preview.end - preview.start, LONGEST)
    if change.start < preview.start + length:
        return preview.start, preview.start + length
    day = to_wall(change.start, change.zone).date()
    start = midnight(day - timedelta(days=day.weekday() + 7), change.zone)
    return start, start + max(length, timedelta(weeks=3))


def _zones(rota: Rota | None, ref: ScheduleRef) -> Iterator[str]:
    """Give the zones whose clocks the rotations of a schedule follow."""
    return (span.zone for spans in rota.spans(ref).values() for span in spans) if rota is not None else iter(())


def _clocks(zone: str, others: Iterable[str], start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """Return when clocks are changed: the schedule's, and those of its rotations with the zone's name."""
    found = clock_changes(zone, start, end)
    for other in dict.fromkeys(others):
        if other != zone:
            found += [(at, f"{other}: {text}") for at, text in clock_changes(other, start, end)]
    return sorted(found)


def _changes(like: ShiftChange, before: Lane | None, after: Lane | None) -> Iterator[ShiftChange]:
    """Give the stretches that two sides give to different people; neighbours of the same people are one."""
    pending: ShiftChange | None = None
    for start, end, *sides in differences(*(side.shifts if side is not None else () for side in (before, after))):
        held, holds = (tuple(dict.fromkeys(shift.person for shift in side)) for side in sides)
        if pending is not None and (pending.end, pending.before, pending.after) == (start, held, holds):
            pending = replace(pending, end=end)
            continue
        if pending is not None:
            yield pending
        pending = ShiftChange(like.ref, like.name, like.zone, start, end, held, holds)
    if pending is not None:
        yield pending


def _lane(
    rota: Rota | None,
    context: Context | None,
    ref: ScheduleRef | None,
    start: datetime,
    end: datetime,
    people: dict[str, str],
) -> Lane | None:
    if rota is None or context is None or ref is None:
        return None
    timeline = rota.timeline(ref, start, end)
    return Lane(tuple(renamed(timeline.shifts, people)), judged_gaps(context, ref, timeline.gaps, start, end))
