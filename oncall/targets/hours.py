"""Weekly hours as a vendor's restriction needs them: merged, and told as hours of every day where they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from oncall.model import Window
from oncall.model.words import DAY_MINUTES, WEEK_MINUTES

Pieces = list[tuple[int, int]]
"""Stretches of a week, in minutes since Monday midnight: sorted, disjoint, none touching the next, none wrapping."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of wall-clock time that comes back: `start` in minutes since midnight (or Monday's), and its length."""

    start: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours that come back every day (`daily`), or every week. Sorted, apart from each other, never all the time."""

    daily: bool
    spans: tuple[Span, ...]

    def weekly(self) -> tuple[Span, ...]:
        """Return the spans as spans of the week; daily ones once for each day."""
        if not self.daily:
            return self.spans
        return tuple(Span(day * DAY_MINUTES + span.start, span.minutes) for day in range(7) for span in self.spans)


def hours_of(windows: Iterable[Window] | None, within: Span | None = None) -> Hours | None:
    """Return the hours of some windows, of those only what lies `within` the same stretch of every day.

    None means all the time; hours without a span mean never.
    """
    pieces = _pieces(windows) if windows is not None else [(0, WEEK_MINUTES)]
    if within is not None:
        pieces = _common(pieces, _pieces([Window(tuple(range(7)), within.start, within.minutes)]))
    if pieces == [(0, WEEK_MINUTES)]:
        return None
    days = [_of_day(pieces, day * DAY_MINUTES) for day in range(7)]
    if all(day == days[0] for day in days):
        return Hours(True, _joined(days[0], DAY_MINUTES))
    return Hours(False, _joined(pieces, WEEK_MINUTES))


def _pieces(windows: Iterable[Window]) -> Pieces:
    found: Pieces = []
    for window in windows:
        for day in window.days:
            start = day * DAY_MINUTES + window.start
            end = start + min(window.minutes, WEEK_MINUTES)
            found.append((start, min(end, WEEK_MINUTES)))
            if end > WEEK_MINUTES:
                found.append((0, end - WEEK_MINUTES))
    merged: Pieces = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _common(one: Pieces, other: Pieces) -> Pieces:
    overlaps = [(max(a, c), min(b, d)) for a, b in one for c, d in other]
    return sorted((start, end) for start, end in overlaps if start < end)


def _of_day(pieces: Pieces, midnight: int) -> Pieces:
    return [(a - midnight, b - midnight) for a, b in _common(pieces, [(midnight, midnight + DAY_MINUTES)])]


def _joined(pieces: Pieces, period: int) -> tuple[Span, ...]:
    """Return spans, the one that ends with the period joined to the one that starts with it."""
    if len(pieces) > 1 and pieces[0][0] == 0 and pieces[-1][1] == period:
        pieces = [*pieces[1:-1], (pieces[-1][0], period + pieces[0][1])]
    return tuple(Span(start, end - start) for start, end in pieces)
