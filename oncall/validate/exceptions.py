"""Swaps and overrides that are meant for somebody, and change something. What is past is left alone."""

from collections.abc import Iterator
from datetime import datetime

from oncall.errors import Path
from oncall.model import Override, Swap
from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import instant_text, moment_end, moment_instant
from oncall.shifts.intervals import Intervals, merge
from oncall.shifts.rota import Rota
from oncall.shifts.swaps import SwappedTurn, swapped_turns
from oncall.validate.base import Context, Fault, Rule, zone_of
from oncall.validate.words import spans_text

_TURNS_SHOWN = 3


def swap_of_nobody(context: Context) -> Iterator[Fault]:
    """Find swaps that name a turn which isn't that person's."""
    for number, swap, turns in _swaps(context):
        zone = zone_of(context.inventory, swap.schedule)
        for place, (person, moment, (_, turn)) in enumerate(zip(swap.people, swap.turns, turns, strict=True)):
            if turn is not None or moment_end(moment, zone) <= context.now:
                continue
            path: Path = ("swaps", number, "turns", place)
            message = f"`{person}` has no turn in `{swap.schedule}` on {moment}"
            yield Fault(message, path, _turns_of(context, ScheduleRef.of(swap.schedule), person, zone))


def swapped_twice(context: Context) -> Iterator[Fault]:
    """Find turns that two swaps speak of: only one of them can come true."""
    first: dict[tuple[str, str, datetime], int] = {}
    for number, swap, turns in _swaps(context):
        for place, (rotation, turn) in enumerate(turns):
            if turn is None:
                continue
            other = first.setdefault((swap.schedule, rotation, turn.start), number)
            if other != number:
                zone = zone_of(context.inventory, swap.schedule)
                message = f"`{turn.person}` swaps the turn from {instant_text(turn.start, zone)} ({zone}) twice"
                hint = f"the other is of `{'` and `'.join(context.inventory.swaps[other].people)}`; keep one of them"
                yield Fault(message, ("swaps", number, "turns", place), hint)


def override_of_nobody(context: Context) -> Iterator[Fault]:
    """Tell of overrides instead of somebody who holds nothing in that time."""
    for number, override, start, end in _overrides(context):
        if override.instead_of is not None:
            without, ref = _without(context, number), ScheduleRef.of(override.schedule)
            if override.instead_of not in _held(without, ref, start, end):
                zone = zone_of(context.inventory, override.schedule)
                when = spans_text(((start, end),), zone)
                message = f"`{override.instead_of}` is not on call in `{override.schedule}` {when}"
                hint = _turns_of(context, ref, override.instead_of, zone)
                yield Fault(
                    message, ("overrides", number, "instead_of"), hint, nouns=_nouns(ref), spans=((start, end),)
                )


def override_changes_nothing(context: Context) -> Iterator[Fault]:
    """Tell of overrides without which the same people would be on call."""
    for number, override, start, end in _overrides(context):
        without, ref = _without(context, number), ScheduleRef.of(override.schedule)
        before = _held(without, ref, start, end)
        if override.instead_of is not None and override.instead_of not in before:
            continue  # told of already
        if before == _held(context.held.rota, ref, start, end):
            message = f"the override changes nothing: `{override.person}` is on call in `{override.schedule}` anyway"
            if override.person not in before:
                message = f"the override changes nothing: others of `{override.schedule}` go before it"
            yield Fault(message, ("overrides", number), "this can go", nouns=_nouns(ref), spans=((start, end),))


def _swaps(context: Context) -> Iterator[tuple[int, Swap, tuple[SwappedTurn, SwappedTurn]]]:
    """Give the swaps of which at least one turn is yet to end."""
    for number, swap in enumerate(context.inventory.swaps):
        ref, zone = ScheduleRef.of(swap.schedule), zone_of(context.inventory, swap.schedule)
        turns = swapped_turns(swap, context.held.rota.spans(ref), zone)
        ends = [
            turn.end if turn is not None else moment_end(moment, zone)
            for (_, turn), moment in zip(turns, swap.turns, strict=True)
        ]
        if max(ends) > context.now:
            yield number, swap, turns


def _overrides(context: Context) -> Iterator[tuple[int, Override, datetime, datetime]]:
    """Give the overrides that aren't over, with what of them is within the year."""
    for number, override in enumerate(context.inventory.overrides):
        zone = zone_of(context.inventory, override.schedule)
        start = max(moment_instant(override.start, zone), context.now)
        end = min(moment_end(override.end, zone), context.year_end)
        if start < end:
            yield number, override, start, end


def _without(context: Context, number: int) -> Rota:
    """Return the rota without one of the overrides of its schedule, and without those of others."""
    inventory = context.inventory
    schedule = inventory.overrides[number].schedule
    others = [one for place, one in enumerate(inventory.overrides) if place != number and one.schedule == schedule]
    return Rota(inventory.model_copy(update={"overrides": tuple(others)}))


def _held(rota: Rota, ref: ScheduleRef, start: datetime, end: datetime) -> dict[str, Intervals]:
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for shift in rota.timeline(ref, start, end).shifts:
        found.setdefault(shift.person, []).append((shift.start, shift.end))
    return {person: merge(spans) for person, spans in found.items()}


def _turns_of(context: Context, ref: ScheduleRef, person: str, zone: str) -> str:
    """Return the next turns of somebody, as the way out."""
    starts = sorted(
        shift.start
        for rotation in context.held.rota.spans(ref)
        for shift in context.held.rota.rotation(ref, rotation, context.now, context.year_end)
        if shift.person == person
    )
    if not starts:
        return f"`{person}` takes no turns in it within a year"
    return f"the next turns of `{person}`: {', '.join(instant_text(start, zone) for start in starts[:_TURNS_SHOWN])}"


def _nouns(ref: ScheduleRef) -> tuple[Path, ...]:
    return (("teams", ref.team, "schedules", ref.schedule),)


RULES = (
    Rule("swap-of-nobody", "error", "Whoever swaps a turn has it.", swap_of_nobody, needs_names=True),
    Rule("swapped-twice", "error", "A turn is swapped once.", swapped_twice, needs_names=True),
    Rule(
        "override-of-nobody",
        "notice",
        "Whoever an override is `instead_of` is on call then.",
        override_of_nobody,
        needs_names=True,
    ),
    Rule(
        "override-changes-nothing",
        "notice",
        "An override puts somebody else on call.",
        override_changes_nothing,
        needs_names=True,
    ),
)
