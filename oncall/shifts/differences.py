"""Who has what somebody else had: two timelines of one rotation laid over each other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from oncall.shifts.timeline import Shift


@dataclass(frozen=True, slots=True)
class Displaced:
    """From `start` to `end` (UTC, half-open) `after` is on call instead of `before`; None is nobody."""

    start: datetime
    end: datetime
    before: str | None
    after: str | None


def differences(before: Iterable[Shift], after: Iterable[Shift]) -> tuple[Displaced, ...]:
    """Return where two timelines of a rotation differ, in order; each is sorted and has one person at a time."""
    return tuple(one for one in side_by_side(before, after) if one.before != one.after)


def side_by_side(before: Iterable[Shift], after: Iterable[Shift]) -> tuple[Displaced, ...]:
    """Return two timelines of a rotation as stretches in which neither changes, those of nobody at all left out."""
    found: list[Displaced] = []
    for one in _pieces(list(before), list(after)):
        last = found[-1] if found else None
        if last is not None and last.end == one.start and (last.before, last.after) == (one.before, one.after):
            found[-1] = Displaced(last.start, one.end, one.before, one.after)
        elif one.before is not None or one.after is not None:
            found.append(one)
    return tuple(found)


def _pieces(before: list[Shift], after: list[Shift]) -> Iterator[Displaced]:
    edges = sorted({edge for shift in (*before, *after) for edge in (shift.start, shift.end)})
    i = j = 0
    for start, end in pairwise(edges):
        while i < len(before) and before[i].end <= start:
            i += 1
        while j < len(after) and after[j].end <= start:
            j += 1
        old = before[i].person if i < len(before) and before[i].start <= start else None
        new = after[j].person if j < len(after) and after[j].start <= start else None
        yield Displaced(start, end, old, new)
