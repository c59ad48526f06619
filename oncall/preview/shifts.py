"""Whose shifts change: two timelines of each schedule, side by side."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice, pairwise
from typing import Literal

from oncall.model import HolidayCover, Inventory, Leave, Override, Swap
from oncall.model.escalation import ScheduleRef
from oncall.preview.model import HoursChange, ShiftChange
from oncall.preview.pairs import person_pairs, schedule_pairs
from oncall.shifts.rota import Rota
from oncall.shifts.timeline import Shift

# How far ahead the first change of a schedule is looked for: beyond every round of a usual rotation.
FAR = timedelta(days=400)
# How far beyond the time looked at the end of a change is looked for that begins in it: a month's turn.
TAIL = timedelta(days=35)
Stretch = tuple[datetime, datetime, tuple[Shift, ...], tuple[Shift, ...]]
"""A stretch of time, and the shifts that two timelines have throughout it."""


def schedule_title(inventory: Inventory, ref: ScheduleRef) -> str:
    """Return what people call a schedule: its own name, else the team's and its key."""
    team = inventory.teams[ref.team]
    return team.schedules[ref.schedule].name or f"{team.name} {ref.schedule}"


def shift_changes(base: Rota | None, head: Rota | None, start: datetime, end: datetime) -> tuple[ShiftChange, ...]:
    """Return who holds what differently between two instants, soonest first."""
    found: list[ShiftChange] = []
    for was, ref in _changed(base, head):
        for one in _changes(base, head, was, ref, start, end + TAIL):
            if one.start >= end:
                break
            found.append(one)
    return tuple(sorted(found, key=lambda one: (one.start, one.ref)))


def later_changes(
    base: Rota | None, head: Rota | None, told: Iterable[ShiftChange], start: datetime
) -> tuple[ShiftChange, ...]:
    """Return the first change after `start` of each schedule that concerns somebody not told there already."""
    known: dict[ScheduleRef | None, set[str]] = defaultdict(set)
    whole = set()
    for one in told:
        known[one.ref] |= {*one.before, *one.after}
        if one.schedule != "stays":
            whole.add(one.ref)
    found: list[ShiftChange] = []
    for was, ref in _changed(base, head):
        place = ref or was
        if place not in whole:
            later = _changes(base, head, was, ref, start, start + FAR)
            found += islice((one for one in later if ({*one.before} ^ {*one.after}) - known[place]), 1)
    return tuple(sorted(found, key=lambda one: (one.start, one.ref)))


def hours_changes(changes: Iterable[ShiftChange], end: datetime) -> tuple[HoursChange, ...]:
    """Return what people give away and take over of the changed stretches until `end`, whoever takes most first."""
    found: dict[str, list[timedelta]] = {}
    for one in changes:
        length = min(one.end, end) - one.start
        for person in {*one.before} ^ {*one.after}:
            hours = found.setdefault(person, [timedelta(0), timedelta(0)])
            hours[person in one.after] += length
    changed = (HoursChange(person, lost, won) for person, (lost, won) in found.items())
    return tuple(sorted(changed, key=lambda one: (one.lost - one.won, one.person)))


def differences(before: Iterable[Shift], after: Iterable[Shift]) -> Iterator[Stretch]:
    """Give the stretches that two timelines give to different people, neither changing meanwhile."""
    for one in _side_by_side(before, after):
        if {shift.person for shift in one[2]} != {shift.person for shift in one[3]}:
            yield one


def renamed(shifts: Iterable[Shift], people: dict[str, str]) -> list[Shift]:
    """Return shifts with people by the keys that they have in the head."""
    if not people:
        return list(shifts)
    return [replace(shift, person=people.get(shift.person, shift.person)) for shift in shifts]


def _changed(base: Rota | None, head: Rota | None) -> Iterator[tuple[ScheduleRef | None, ScheduleRef | None]]:
    """Give the schedules, as they were and as they are called now, that may be different."""
    same = schedule_pairs(*_inventories(base, head))
    other = _other_days(base.inventory, head.inventory) if base is not None and head is not None else frozenset()
    for ref in head.schedules() if head is not None else ():
        was = same.get(ref)
        if was is None or base is None or head is None or not _alike(base, was, head, ref, other):
            yield was, ref
    for ref in sorted(set(base.schedules() if base is not None else ()) - set(same.values())):
        yield ref, None


def _inventories(*sides: Rota | None) -> Iterator[Inventory | None]:
    return (side.inventory if side is not None else None for side in sides)


def _alike(base: Rota, was: ScheduleRef, head: Rota, ref: ScheduleRef, other: frozenset[str]) -> bool:
    """Whether two schedules are the same in all that their timelines are made of; this spares most of the work."""
    one, two = base.inventory, head.inventory
    mine, theirs = one.teams[was.team], two.teams[ref.team]
    covered = isinstance(mine.on_holidays, HolidayCover)
    return (
        was == ref
        and mine.schedules[was.schedule] == theirs.schedules[ref.schedule]
        and mine.on_holidays == theirs.on_holidays
        and (one.time_zone, mine.time_zone) == (two.time_zone, theirs.time_zone)
        and (one.leave, one.swaps, one.overrides) == (two.leave, two.swaps, two.overrides)
        and (not covered or (mine.schedules == theirs.schedules and one.horizon == two.horizon))
        and not (other and (covered or other & _standing(base, was)))
    )


def _standing(rota: Rota, ref: ScheduleRef) -> set[str]:
    """Return whoever takes turns in a schedule, or swapped some."""
    turns = {person for spans in rota.spans(ref).values() for span in spans for person in span.people}
    return turns | {person for swap in rota.inventory.swaps for person in swap.people}


def _other_days(base: Inventory, head: Inventory) -> frozenset[str]:
    """Return the people whose days begin at other hours now, or who have other public holidays."""

    def days(inventory: Inventory, person: str) -> tuple[str | None, str] | None:
        found = inventory.people.get(person)
        return (found.holidays, inventory.person_zone(found)) if found is not None else None

    return frozenset(key for key in base.people if days(base, key) != days(head, key))


def _changes(
    base: Rota | None,
    head: Rota | None,
    was: ScheduleRef | None,
    ref: ScheduleRef | None,
    start: datetime,
    end: datetime,
) -> Iterator[ShiftChange]:
    """Give the changes of one schedule; neighbours of the same people for the same reason are one."""
    pending: ShiftChange | None = None
    people = person_pairs(*_inventories(base, head))
    before = renamed(base.timeline(was, start, end).shifts, people) if base is not None and was is not None else []
    after = head.timeline(ref, start, end).shifts if head is not None and ref is not None else ()
    if head is not None and ref is not None:
        place, title, zone = ref, schedule_title(head.inventory, ref), head.zone(ref)
    elif base is not None and was is not None:
        place, title, zone = was, schedule_title(base.inventory, was), base.zone(was)
    else:
        return
    schedule: Literal["stays", "new", "gone"] = "new" if was is None else "gone" if ref is None else "stays"
    for first, last, held, holds in differences(before, after):
        made_by, reason = _reason(base, head, held, holds)
        sides = (_people(held), _people(holds))
        on = last == end
        if (
            pending is not None
            and pending.end == first
            and (pending.before, pending.after, pending.made_by) == (*sides, made_by)
        ):
            pending = replace(pending, end=last, goes_on=on)
            continue
        if pending is not None:
            yield pending
        pending = ShiftChange(place, title, zone, first, last, *sides, on, schedule, reason, made_by)
    if pending is not None:
        yield pending


def _people(shifts: Iterable[Shift]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(shift.person for shift in shifts))


def _reason(
    base: Rota | None, head: Rota | None, held: Sequence[Shift], holds: Sequence[Shift]
) -> tuple[tuple[Leave | Swap | Override, ...], str]:
    """Return the exceptions that the edit brings or takes away and that make this change, and the first in words."""
    if base is None or head is None:
        return (), ""
    come = [_exception(head.inventory, shift) for shift in holds]
    gone = [_exception(base.inventory, shift) for shift in held]
    new = [one for one in come if one is not None and one not in gone and not _stands(base.inventory, one)]
    old = [one for one in gone if one is not None and one not in come and not _stands(head.inventory, one)]
    made_by = tuple(one for one in (*new, *old) if not isinstance(one, HolidayCover))
    if not new and not old:
        return (), ""
    first = (new or old)[0]
    word = "public holiday" if isinstance(first, HolidayCover) else type(first).__name__.lower()
    text = word if new else f"no {word} any more"
    said = getattr(first, "why", None)
    return made_by, f"{text}: {said}" if said else text


def _exception(inventory: Inventory, shift: Shift) -> Leave | Swap | Override | HolidayCover | None:
    """Return what a shift that is not by turn comes from."""
    match shift.place:
        case ("leave", int(number)):
            return inventory.leave[number]
        case ("swaps", int(number)):
            return inventory.swaps[number]
        case ("overrides", int(number)):
            return inventory.overrides[number]
        case ("teams", str(team), "on_holidays"):
            found = inventory.teams[team].on_holidays
            return found if isinstance(found, HolidayCover) else None
    return None


def _stands(inventory: Inventory, one: Leave | Swap | Override | HolidayCover) -> bool:
    match one:
        case Leave():
            return one in inventory.leave
        case Swap():
            return one in inventory.swaps
        case Override():
            return one in inventory.overrides
        case HolidayCover():
            return any(team.on_holidays == one for team in inventory.teams.values())


def _side_by_side(before: Iterable[Shift], after: Iterable[Shift]) -> Iterator[Stretch]:
    events: dict[datetime, list[tuple[int, bool, Shift]]] = defaultdict(list)
    for side, some in enumerate((before, after)):
        for shift in some:
            events[shift.start].append((side, True, shift))
            events[shift.end].append((side, False, shift))
    running: tuple[list[Shift], list[Shift]] = ([], [])
    for at, until in pairwise(sorted(events)):
        for side, begins, shift in events[at]:
            if begins:
                running[side].append(shift)
            else:
                running[side].remove(shift)
        yield at, until, tuple(running[0]), tuple(running[1])
