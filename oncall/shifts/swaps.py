"""The turns that a swap names."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from oncall.model import Swap
from oncall.shifts.clock import moment_end, moment_instant
from oncall.shifts.lineups import LineupSpan
from oncall.shifts.timeline import Turned, turn_at

SwappedTurn = tuple[str, Turned | None]
"""The key of a rotation and the turn there; ("", None) where the person has no such turn."""


def swapped_turns(
    swap: Swap, rotations: Mapping[str, tuple[LineupSpan, ...]], zone: str
) -> tuple[SwappedTurn, SwappedTurn]:
    """Return the turns of the first and of the second person, found in the rotations of a schedule in this zone."""
    first, second = (
        _turn(person, moment, rotations, zone) for person, moment in zip(swap.people, swap.turns, strict=True)
    )
    return first, second


def _turn(
    person: str, moment: date | datetime, rotations: Mapping[str, tuple[LineupSpan, ...]], zone: str
) -> SwappedTurn:
    at = moment_instant(moment, zone)
    end = at + timedelta(microseconds=1) if isinstance(moment, datetime) else moment_end(moment, zone)
    running: SwappedTurn = ("", None)
    for key, spans in rotations.items():
        turn = turn_at(spans, at)
        if turn is not None and turn.person == person:
            if turn.start == at:
                return key, turn
            running = running if running[1] is not None else (key, turn)
        while turn is None or turn.end < end:
            later = _next(spans, turn.end if turn is not None else at, end)
            if later is None:
                break
            if later.person == person:
                return key, later
            turn = later
    return running


def _next(spans: tuple[LineupSpan, ...], after: datetime, end: datetime) -> Turned | None:
    """Return the first turn that begins from `after` on and before `end`."""
    found = turn_at(spans, after)
    if found is not None and found.start >= after:
        return found
    starts = sorted(span.start for span in spans if after <= span.start < end)
    return turn_at(spans, starts[0]) if starts else None
