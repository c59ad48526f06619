"""What is past and can go from an inventory: it changes nothing of who is paged, from now on.

Each thing that goes is held against this: the same objects at every vendor, the same timelines, no new error or Reason.
A line-up that is over but still decides what a vendor's schedule is called stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from oncall.edits.exceptions import leave_period, override_period
from oncall.edits.moments import Period
from oncall.errors import InventoryError, Path
from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.model.load import load
from oncall.shifts.clock import moment_end, to_wall
from oncall.shifts.lineups import LineupSpan
from oncall.shifts.rota import Rota
from oncall.shifts.swaps import SwappedTurn, swapped_turns
from oncall.shifts.timeline import turn_at
from oncall.source import Document, read
from oncall.source.writer import Files, remove
from oncall.targets import TARGETS
from oncall.validate import validate

# Timelines are compared this far: what is past can only have a say in what has begun.
_AHEAD = timedelta(weeks=13)


@dataclass(frozen=True, slots=True)
class Past:
    """Something that is over, by its path, in words for people."""

    path: Path
    words: str


@dataclass(frozen=True, slots=True)
class Tidied:
    """The files without what was past; `kept` is over too, but has a say in what there is at a vendor."""

    files: Files
    dropped: tuple[Past, ...]
    kept: tuple[Past, ...]


def tidy(files: Files, inventory: Inventory, now: datetime, over_by: datetime | None = None) -> Tidied:
    """Drop what is past at an aware instant `now` from an inventory whose references resolve.

    With `over_by`, an earlier instant, only what was over by then.

    That is: leave, swaps, overrides and maintenance that are over; line-ups that were replaced, unless a swap still to
    come speaks of them; `rollout: now` of line-ups that have run for a turn; people who have left and stand nowhere.
    """
    by = now if over_by is None else min(now, over_by)
    found = tuple(_past(inventory, by))
    harmless = _Harmless(files, inventory, now)
    dropped = harmless.of(found)
    left = remove(files, *(one.path for one in dropped))
    document = _read(left)
    gone = tuple(_gone(document, load(document), by))
    harmless = _Harmless(left, load(document), now)
    dropped_people = harmless.of(gone)
    left = remove(left, *(one.path for one in dropped_people))
    kept = tuple(one for one in (*found, *gone) if one not in dropped and one not in dropped_people)
    return Tidied(left, (*dropped, *dropped_people), kept)


@dataclass(frozen=True, slots=True)
class _Harmless:
    """Finds those of some past things whose going changes nothing."""

    files: Files
    inventory: Inventory
    now: datetime

    def of(self, found: Sequence[Past]) -> tuple[Past, ...]:
        """All of them where that is harmless, else as many as are, found by halves."""
        if not found:
            return ()
        return self._more((), tuple(found), partial(self._changes_nothing, self._facts(self.inventory)))

    def _more(
        self, good: tuple[Past, ...], rest: tuple[Past, ...], harmless: Callable[[Sequence[Past]], bool]
    ) -> tuple[Past, ...]:
        if not rest or harmless((*good, *rest)):
            return (*good, *rest)
        if len(rest) == 1:
            return good
        half = len(rest) // 2
        return self._more(self._more(good, rest[:half], harmless), rest[half:], harmless)

    def _changes_nothing(self, before: tuple[Any, ...], some: Sequence[Past]) -> bool:
        try:
            after = load(_read(remove(self.files, *(one.path for one in some))))
        except InventoryError:
            return False
        *facts, faults = self._facts(after)
        *known, allowed = before
        return facts == known and faults <= allowed

    def _facts(self, inventory: Inventory) -> tuple[Any, ...]:
        rota, end = Rota(inventory), self.now + _AHEAD
        held = [
            [
                (shift.start, shift.end, shift.person, shift.rotation)
                for shift in rota.timeline(ref, self.now, end).shifts
            ]
            for ref in rota.schedules()
        ]
        faults = {(one.rule, one.message) for one in validate(inventory, self.now) if one.severity != "notice"}
        return [target.desired(inventory, self.now) for target in TARGETS], held, faults


def _past(inventory: Inventory, now: datetime) -> Iterator[Past]:
    for number, leave in enumerate(inventory.leave):
        if _over(period := leave_period(inventory, leave), now):
            yield Past(("leave", number), f"leave of {leave.person}, {period}")
    rota = Rota(inventory)
    coming: list[SwappedTurn] = []
    for number, swap in enumerate(inventory.swaps):
        ref = ScheduleRef.of(swap.schedule)
        turns = swapped_turns(swap, rota.spans(ref), rota.zone(ref))
        if all(turn is not None and turn.end <= now for _, turn in turns):
            words = f"swap of {swap.people[0]} and {swap.people[1]} in {swap.schedule}"
            yield Past(("swaps", number), words)
        else:
            coming += [(f"{swap.schedule}/{key}", turn) for key, turn in turns]
    for number, override in enumerate(inventory.overrides):
        if _over(period := override_period(inventory, override), now):
            yield Past(("overrides", number), f"{override.person} in {override.schedule}, {period}")
    for number, maintenance in enumerate(inventory.maintenance):
        if _over(period := Period(maintenance.start, maintenance.end, inventory.time_zone), now):
            yield Past(("maintenance", number), f"maintenance of {', '.join(maintenance.servers)}, {period}")
    for ref in rota.schedules():
        for key, spans in rota.spans(ref).items():
            yield from _past_lineups(ref, key, spans, coming, inventory, now)


def _past_lineups(
    ref: ScheduleRef,
    key: str,
    spans: tuple[LineupSpan, ...],
    coming: Sequence[SwappedTurn],
    inventory: Inventory,
    now: datetime,
) -> Iterator[Past]:
    name = f"{ref}/{key}"
    path: Path = ("teams", ref.team, "schedules", ref.schedule, "rotations", key)
    lineup: Any = inventory.teams[ref.team].schedules[ref.schedule].rotations[key]
    spoken_of = [turn.start for there, turn in coming if there == name and turn is not None]
    for number, span in enumerate(reversed(spans)):
        end = span.end
        if number and end is not None and end <= now and not any(start < end for start in spoken_of):
            yield Past(path, f"the line-up of {name} until {to_wall(end, span.zone):%Y-%m-%d %H:%M}")
            return  # with all that are older
        if lineup.rollout is not None and span.start <= now:
            first = turn_at((span,), span.start)
            if first is not None and first.end <= now:
                yield Past((*path, "rollout"), f"`rollout: now` of {name}, which has been rolled out")
        lineup, path = lineup.before, (*path, "before")


def _gone(document: Document, inventory: Inventory, now: datetime) -> Iterator[Past]:
    """Give those who have left and whose key is nowhere else in the inventory."""
    left = {
        key: person.until
        for key, person in inventory.people.items()
        if person.until is not None and moment_end(person.until, inventory.person_zone(person)) <= now
    }
    if left:
        words = set(_words({noun: value for noun, value in document.data.items() if noun != "people"}))
        for key, until in left.items():
            if key not in words:
                yield Past(("people", key), f"{inventory.people[key].name} ({key}), with us until {until}")


def _words(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data
        for value in data.values():
            yield from _words(value)
    elif isinstance(data, list):
        for value in data:
            yield from _words(value)
    elif isinstance(data, str):
        yield data


def _over(period: Period, now: datetime) -> bool:
    return period.instants[1] <= now


def _read(files: Files) -> Document:
    return read([(name, text.encode()) for name, text in files])
