"""Leave, swaps and overrides put into the text of an inventory, and taken out again.

Every function takes the files and the inventory they hold, whose references resolve, and keys that exist. It returns
the files with the exception in them (the same files where it is there already) and its number there; one that takes it
out, the number it had. Raises Refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from oncall.edits.moments import Moment, Period, moment_words, refuse_backwards
from oncall.edits.refusal import Refusal
from oncall.model import Inventory, Leave, Override, Swap
from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import moment_instant, to_wall
from oncall.shifts.rota import Rota
from oncall.shifts.swaps import swapped_turns
from oncall.shifts.timeline import Shift
from oncall.source.writer import Files, append, remove, set_value

T = TypeVar("T", Leave, Swap, Override)
_SHOWN = 5
_AHEAD = timedelta(days=400)  # in which the next turns of somebody are looked for


def leave_period(inventory: Inventory, leave: Leave) -> Period:
    """Return when somebody is away, by their own clock."""
    return Period(leave.start, leave.end, inventory.person_zone(inventory.people[leave.person]))


def override_period(inventory: Inventory, override: Override) -> Period:
    """Return when an override counts, by the schedule's clock."""
    return Period(override.start, override.end, Rota(inventory).zone(ScheduleRef.of(override.schedule)))


def add_leave(
    files: Files,
    inventory: Inventory,
    person: str,
    period: Period,
    cover: str | None = None,
    schedule: ScheduleRef | None = None,
    why: str | None = None,
) -> tuple[Files, int]:
    """Let a person be away, `period` being by their own clock; for the same time again, change cover and reason.

    `cover` stands in, in this one schedule only where one is named.
    """
    refuse_backwards(period)
    if cover == person:
        raise Refusal(f"`{person}` can't stand in for themselves; name somebody else as --cover")
    name = _name(schedule)
    new = {"person": person, **_span(period), "cover": cover, "schedule": name, "why": why}
    for number, leave in enumerate(inventory.leave):
        there = leave_period(inventory, leave)
        if leave.person != person or leave.schedule != name or not _overlap(there, period):
            continue
        if there.instants != period.instants:
            command = f"oncall leave {person} --from {_quoted(there.start)} --remove"
            raise Refusal(f"`{person}` is away {there} already; take that out first: {command}")
        for key, value, was in (("cover", cover, leave.cover), ("why", why, leave.why)):
            if value is not None and value != was:
                files = set_value(files, ("leave", number, key), value)
        return files, number
    return append(files, ("leave",), _given(new)), len(inventory.leave)


def remove_leave(
    files: Files,
    inventory: Inventory,
    person: str,
    start: Moment | None = None,
    end: Moment | None = None,
    schedule: ScheduleRef | None = None,
) -> tuple[Files, int]:
    """Take a leave out again: the person's only one, or the one that begins, ends or is in a schedule as given."""

    def fits(leave: Leave) -> bool:
        zone = leave_period(inventory, leave).zone
        ours = leave.person == person and (schedule is None or leave.schedule == _name(schedule))
        return ours and _same(leave.start, start, zone) and _same(leave.end, end, zone)

    def words(leave: Leave) -> str:
        return str(leave_period(inventory, leave))

    number = _the_one(inventory.leave, fits, f"leave of `{person}`", words)
    return remove(files, ("leave", number)), number


def add_swap(
    files: Files,
    inventory: Inventory,
    schedule: ScheduleRef,
    people: tuple[str, str],
    turns: tuple[Moment, Moment],
    why: str | None = None,
) -> tuple[Files, int]:
    """Let two people trade turns: the moments are in the first one's turn and in the second one's."""
    if people[0] == people[1]:
        raise Refusal(f"`{people[0]}` can't swap with themselves; name two people")
    words = [moment_words(moment) for moment in turns]
    new = {"schedule": _name(schedule), "people": list(people), "turns": words, "why": why}
    swap = Swap.model_validate(_given(new))
    rota = Rota(inventory)
    named = swapped_turns(swap, rota.spans(schedule), rota.zone(schedule))
    for person, moment, (_, turn) in zip(people, turns, named, strict=True):
        if turn is None:
            raise Refusal(_no_turn(rota, schedule, person, moment))
    for number, there in enumerate(inventory.swaps):
        if there.schedule != swap.schedule:
            continue
        theirs = swapped_turns(there, rota.spans(schedule), rota.zone(schedule))
        if set(theirs) == set(named):
            return files, number
        if set(theirs) & set(named):
            who = " and ".join(f"`{person}`" for person in there.people)
            raise Refusal(f"{who} have swapped one of these turns already; take that out first, with --remove")
    return append(files, ("swaps",), _given(new)), len(inventory.swaps)


def remove_swap(
    files: Files,
    inventory: Inventory,
    schedule: ScheduleRef,
    people: tuple[str, str],
    turns: tuple[Moment | None, Moment | None] = (None, None),
) -> tuple[Files, int]:
    """Take a swap out again: the only one of the two people there, or the one with the turns given."""
    zone = Rota(inventory).zone(schedule)

    def fits(swap: Swap) -> bool:
        if swap.schedule != _name(schedule) or set(swap.people) != set(people):
            return False
        asked = turns if swap.people == people else (turns[1], turns[0])
        return all(_same(moment, each, zone) for moment, each in zip(swap.turns, asked, strict=True))

    def words(swap: Swap) -> str:
        return " ".join(f"{who}@{moment_words(at)}" for who, at in zip(swap.people, swap.turns, strict=True))

    what = f"swap of `{people[0]}` and `{people[1]}` in {_name(schedule)}"
    number = _the_one(inventory.swaps, fits, what, words)
    return remove(files, ("swaps", number)), number


def add_override(
    files: Files,
    inventory: Inventory,
    schedule: ScheduleRef,
    person: str,
    period: Period,
    instead_of: str | None = None,
    why: str | None = None,
) -> tuple[Files, int]:
    """Let a person take a schedule, or only one person's shifts in it, `period` being by the schedule's clock."""
    refuse_backwards(period)
    if instead_of == person:
        raise Refusal(f"`{person}` can't take over from themselves; name somebody else as --instead-of")
    name = _name(schedule)
    new = {"schedule": name, "person": person, **_span(period), "instead_of": instead_of, "why": why}
    for number, there in enumerate(inventory.overrides):
        alike = (there.schedule, there.person, there.instead_of) == (name, person, instead_of)
        if alike and override_period(inventory, there).instants == period.instants:
            changed = why is not None and why != there.why
            return set_value(files, ("overrides", number, "why"), why) if changed else files, number
    if instead_of is not None:
        held = Rota(inventory).timeline(schedule, *period.instants).shifts
        if all(shift.person != instead_of for shift in held):
            holders = ", ".join(dict.fromkeys(f"`{shift.person}`" for shift in held)) or "nobody"
            raise Refusal(f"`{instead_of}` has no shift in {name} from {period}; on call then: {holders}")
    return append(files, ("overrides",), _given(new)), len(inventory.overrides)


def remove_override(
    files: Files,
    inventory: Inventory,
    schedule: ScheduleRef,
    person: str,
    start: Moment | None = None,
    end: Moment | None = None,
    instead_of: str | None = None,
) -> tuple[Files, int]:
    """Take an override out again: the person's only one in the schedule, or the one that is as given."""
    zone = Rota(inventory).zone(schedule)

    def fits(override: Override) -> bool:
        ours = (override.schedule, override.person) == (_name(schedule), person)
        named = instead_of is None or override.instead_of == instead_of
        return ours and named and _same(override.start, start, zone) and _same(override.end, end, zone)

    def words(override: Override) -> str:
        return str(override_period(inventory, override))

    number = _the_one(inventory.overrides, fits, f"override of {_name(schedule)} by `{person}`", words)
    return remove(files, ("overrides", number)), number


def _the_one(entries: Sequence[T], fits: Callable[[T], bool], what: str, words: Callable[[T], str]) -> int:
    found = [number for number, entry in enumerate(entries) if fits(entry)]
    if not found:
        raise Refusal(f"there is no such {what}")
    if len(found) > 1:
        some = "; ".join(words(entries[number]) for number in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise Refusal(f"there are {len(found)} entries: {what}; say which: {some}{more}")
    return found[0]


def _no_turn(rota: Rota, schedule: ScheduleRef, person: str, moment: Moment) -> str:
    """Say that a person has no turn at a moment, and when they have."""
    zone = rota.zone(schedule)
    at = moment_instant(moment, zone)
    message = f"`{person}` has no turn in {_name(schedule)} at {moment_words(moment)}"
    turns = _next_turns(rota, schedule, person, at)
    if not turns:
        return f"{message}, nor later"
    begin = ", ".join(f"{to_wall(turn.start, zone):%Y-%m-%d %H:%M}" for turn in turns)
    return f"{message}; later turns begin {begin} ({zone})"


def _next_turns(rota: Rota, schedule: ScheduleRef, person: str, at: datetime) -> list[Shift]:
    found: list[Shift] = []
    for key in rota.spans(schedule):
        found += [shift for shift in rota.rotation(schedule, key, at, at + _AHEAD) if shift.person == person]
    return sorted(found, key=attrgetter("start"))[:3]


def _overlap(one: Period, other: Period) -> bool:
    return one.instants[0] < other.instants[1] and other.instants[0] < one.instants[1]


def _same(there: Moment, asked: Moment | None, zone: str) -> bool:
    return asked is None or moment_instant(there, zone) == moment_instant(asked, zone)


def _span(period: Period) -> dict[str, str]:
    return {"from": moment_words(period.start), "to": moment_words(period.end)}


def _given(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None}


def _name(schedule: ScheduleRef | None) -> str | None:
    return str(schedule) if schedule is not None else None


def _quoted(moment: Moment) -> str:
    words = moment_words(moment)
    return f"'{words}'" if " " in words else words
