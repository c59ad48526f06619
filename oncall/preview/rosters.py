"""Rotations whose line-ups or times were edited: what differs, and the first instant at which it shows."""

from collections.abc import Iterator
from datetime import datetime

from oncall.model import Inventory, Rotation
from oncall.model.escalation import ScheduleRef
from oncall.preview.model import RosterEdit
from oncall.preview.pairs import person_pairs, schedule_pairs
from oncall.preview.shifts import FAR, differences, renamed, schedule_title
from oncall.preview.words import said
from oncall.shifts.lineups import LineupSpan
from oncall.shifts.rota import Rota
from oncall.shifts.timeline import turn_at

# The words of a rotation that say when its turns change hands, besides who takes them and since when.
_WORDS = ("turn", "hand_off", "only", "until")


def roster_edits(base: Rota | None, head: Rota | None, now: datetime) -> tuple[RosterEdit, ...]:
    """Return the rotations that are on both sides and whose line-ups differ, with the first instant of each change."""
    if base is None or head is None:
        return ()
    people = person_pairs(base.inventory, head.inventory)
    found: list[RosterEdit] = []
    for ref, was in schedule_pairs(base.inventory, head.inventory).items():
        mine = base.inventory.teams[was.team].schedules[was.schedule].rotations
        theirs = head.inventory.teams[ref.team].schedules[ref.schedule].rotations
        for key, rotation in theirs.items():
            if key not in mine or (mine[key] == rotation and base.spans(was)[key] == head.spans(ref)[key]):
                continue
            before, after = base.rotation(was, key, now, now + FAR), head.rotation(ref, key, now, now + FAR)
            first = next((start for start, *_ in differences(renamed(before, people), after)), None)
            turn = turn_at(base.spans(was)[key], now)
            lineup = tuple(people.get(person, person) for person in mine[key].people)
            words = [*_words(mine[key], rotation), *_zones(base.spans(was)[key][-1], head.spans(ref)[key][-1])]
            if not words and mine[key].people == rotation.people:
                words += _since(mine[key], rotation)
            found.append(
                RosterEdit(
                    ref,
                    key,
                    _title(head.inventory, ref, key),
                    head.zone(ref),
                    lineup,
                    rotation.people,
                    first,
                    turn.end if turn is not None else None,
                    rotation.rollout == "now",
                    tuple(words),
                )
            )
    return tuple(found)


def _title(inventory: Inventory, ref: ScheduleRef, key: str) -> str:
    alone = len(inventory.teams[ref.team].schedules[ref.schedule].rotations) == 1
    return schedule_title(inventory, ref) if alone else f"{schedule_title(inventory, ref)}, {key}"


def _words(before: Rotation, after: Rotation) -> Iterator[tuple[str, str | None, str | None]]:
    for word in _WORDS:
        was, now = getattr(before, word), getattr(after, word)
        if was != now:
            yield word.replace("_", "-" if word == "hand_off" else " "), _text(was), _text(now)


def _zones(before: LineupSpan, after: LineupSpan) -> Iterator[tuple[str, str | None, str | None]]:
    if before.zone != after.zone:
        yield "time zone", before.zone, after.zone


def _since(before: Rotation, after: Rotation) -> Iterator[tuple[str, str | None, str | None]]:
    if before.since != after.since:
        yield "since", said(before.since), said(after.since)


def _text(value: object) -> str | None:
    return None if value is None else said(value)
