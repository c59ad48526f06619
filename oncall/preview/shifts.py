"""Whose shifts change: two timelines of each schedule, side by side."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice, pairwise

from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.preview.model import HoursChange, RosterEdit, ShiftChange
from oncall.preview.paging import team_pairs
from oncall.shifts.rota import Rota
from oncall.shifts.timeline import Shift, turn_at

# How far ahead the first change of a roster edit is looked for: beyond every round of a usual rotation.
FAR = timedelta(days=400)
_NOBODY: tuple[str, ...] = ()


def pairs(base: Rota | None, head: Rota | None) -> dict[ScheduleRef, ScheduleRef]:
    """Return the schedules of the base by those of the head that they became; keys of before (`formerly`) count."""
    if base is None or head is None:
        return {}
    found: dict[ScheduleRef, ScheduleRef] = {}
    for key, was in team_pairs(base.inventory, head.inventory).items():
        there = base.inventory.teams[was].schedules
        for name, schedule in head.inventory.teams[key].schedules.items():
            before = next((each for each in (name, *schedule.formerly) if each in there), None)
            if before is not None:
                found[ScheduleRef(key, name)] = ScheduleRef(was, before)
    return found


def schedule_title(inventory: Inventory, ref: ScheduleRef) -> str:
    """Return what people call a schedule: its own name, else the team's and its key."""
    team = inventory.teams[ref.team]
    return team.schedules[ref.schedule].name or f"{team.name} {ref.schedule}"


def shift_changes(base: Rota | None, head: Rota | None, start: datetime, end: datetime) -> tuple[ShiftChange, ...]:
    """Return who holds what differently between two instants, soonest first."""
    found = [one for sides in _changed(base, head) for one in _changes(base, head, *sides, start, end)]
    return tuple(sorted(found, key=lambda one: (one.start, one.ref)))


def later_changes(
    base: Rota | None, head: Rota | None, told: Iterable[ShiftChange], start: datetime
) -> tuple[ShiftChange, ...]:
    """Return the first change after `start` of each schedule that has none among those told already."""
    known = {one.ref for one in told}
    found = []
    for was, ref in _changed(base, head):
        if (ref or was) not in known:
            found += list(islice(_changes(base, head, was, ref, start, start + FAR), 1))
    return tuple(sorted(found, key=lambda one: (one.start, one.ref)))


def _changed(base: Rota | None, head: Rota | None) -> Iterator[tuple[ScheduleRef | None, ScheduleRef | None]]:
    """Give the schedules, as they were and as they are called now, that may be different."""
    same = pairs(base, head)
    for ref in head.schedules() if head is not None else ():
        was = same.get(ref)
        if was is None or base is None or head is None or not _alike(base, was, head, ref):
            yield was, ref
    for ref in sorted(set(base.schedules() if base is not None else ()) - set(same.values())):
        yield ref, None


def _alike(base: Rota, was: ScheduleRef, head: Rota, ref: ScheduleRef) -> bool:
    """Whether two schedules are the same in all that their timelines are made of; this spares most of the work."""
    one, other = base.inventory, head.inventory
    mine, theirs = one.teams[was.team], other.teams[ref.team]
    return (
        was == ref
        and mine.schedules[was.schedule] == theirs.schedules[ref.schedule]
        and mine.on_holidays == theirs.on_holidays
        and (one.time_zone, mine.time_zone) == (other.time_zone, theirs.time_zone)
        and (one.leave, one.swaps, one.overrides) == (other.leave, other.swaps, other.overrides)
        and one.horizon == other.horizon
        and (mine.on_holidays in ("ignore", "list") or mine.schedules == theirs.schedules)
        and all(_days(one, key) == _days(other, key) for key in _standing(base, was))
    )


def _standing(rota: Rota, ref: ScheduleRef) -> set[str]:
    return {person for spans in rota.spans(ref).values() for span in spans for person in span.people} & set(
        rota.inventory.people
    )


def _days(inventory: Inventory, person: str) -> tuple[str | None, str] | None:
    """Return what a person's days are read by: the holidays and the zone."""
    found = inventory.people.get(person)
    return (found.holidays, inventory.person_zone(found)) if found is not None else None


def _changes(
    base: Rota | None,
    head: Rota | None,
    was: ScheduleRef | None,
    ref: ScheduleRef | None,
    start: datetime,
    end: datetime,
) -> Iterator[ShiftChange]:
    before = base.timeline(was, start, end).shifts if base is not None and was is not None else ()
    after = head.timeline(ref, start, end).shifts if head is not None and ref is not None else ()
    if head is not None and ref is not None:
        place, title, zone = ref, schedule_title(head.inventory, ref), head.zone(ref)
    elif base is not None and was is not None:
        place, title, zone = was, schedule_title(base.inventory, was), base.zone(was)
    else:
        return
    for first, last, held, holds in differences(before, after):
        yield ShiftChange(place, title, zone, first, last, held, holds)


def differences(
    before: Iterable[Shift], after: Iterable[Shift]
) -> Iterator[tuple[datetime, datetime, tuple[str, ...], tuple[str, ...]]]:
    """Give the stretches that two timelines give to different people; neighbours that differ alike are one."""
    pending: tuple[datetime, datetime, tuple[str, ...], tuple[str, ...]] | None = None
    for first, last, held, holds in _side_by_side(before, after):
        if set(held) == set(holds):
            continue
        if pending is not None and pending[1] == first and pending[2:] == (held, holds):
            pending = (pending[0], last, held, holds)
            continue
        if pending is not None:
            yield pending
        pending = (first, last, held, holds)
    if pending is not None:
        yield pending


def _side_by_side(
    before: Iterable[Shift], after: Iterable[Shift]
) -> Iterator[tuple[datetime, datetime, tuple[str, ...], tuple[str, ...]]]:
    events: dict[datetime, list[tuple[int, bool, Shift]]] = defaultdict(list)
    for side, some in enumerate((before, after)):
        for shift in some:
            events[shift.start].append((side, True, shift))
            events[shift.end].append((side, False, shift))
    running: tuple[list[Shift], list[Shift]] = ([], [])
    instants = sorted(events)
    for at, until in pairwise(instants):
        for side, begins, shift in events[at]:
            if begins:
                running[side].append(shift)
            else:
                running[side].remove(shift)
        held, holds = (tuple(dict.fromkeys(shift.person for shift in some)) for some in running)
        yield at, until, held, holds


def hours_changes(changes: Iterable[ShiftChange]) -> tuple[HoursChange, ...]:
    """Return what people give away and take over of the changed stretches, whoever takes most first."""
    found: dict[str, list[timedelta]] = {}
    for one in changes:
        for person in {*one.before, *one.after}:
            hours = found.setdefault(person, [timedelta(0), timedelta(0)])
            length = one.end - one.start
            if person in one.before and person not in one.after:
                hours[0] += length
            elif person in one.after and person not in one.before:
                hours[1] += length
    changed = (HoursChange(person, lost, won) for person, (lost, won) in found.items() if lost or won)
    return tuple(sorted(changed, key=lambda one: (one.lost - one.won, one.person)))


def roster_edits(base: Rota | None, head: Rota | None, now: datetime) -> tuple[RosterEdit, ...]:
    """Return the rotations that are on both sides and whose line-ups differ, with the first instant of each change."""
    found: list[RosterEdit] = []
    if base is None or head is None:
        return ()
    for ref, was in pairs(base, head).items():
        mine = base.inventory.teams[was.team].schedules[was.schedule].rotations
        theirs = head.inventory.teams[ref.team].schedules[ref.schedule].rotations
        for key, rotation in theirs.items():
            if key not in mine or (mine[key] == rotation and base.spans(was)[key] == head.spans(ref)[key]):
                continue
            before, after = base.rotation(was, key, now, now + FAR), head.rotation(ref, key, now, now + FAR)
            first = next((start for start, *_ in differences(before, after)), None)
            turn = turn_at(base.spans(was)[key], now)
            title = f"{schedule_title(head.inventory, ref)}, {key}"
            zone = head.spans(ref)[key][-1].zone
            found.append(
                RosterEdit(
                    ref,
                    key,
                    title,
                    zone,
                    mine[key].people,
                    rotation.people,
                    first,
                    turn.end if turn is not None else None,
                    rotation.rollout == "now",
                )
            )
    return tuple(found)
