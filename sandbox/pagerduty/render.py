"""Who holds a layered schedule when: PagerDuty's rotation arithmetic, on values only.

Turn number = floor((t - rotation_virtual_start) / turn length); turns of whole days keep their local clock time over
daylight changes; restrictions cut who shows without stopping the turns; the later layer wins; overrides win over all.
https://support.pagerduty.com/main/docs/schedules
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.pagerduty.times import instant, local

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Restriction:
    """A part of each day, or of each week from `weekday` (1 = Monday), on which a layer shows."""

    weekday: int | None
    start: timedelta
    length: timedelta


@dataclass(frozen=True)
class Layer:
    """One rotation of a schedule as it is stored."""

    id: str
    name: str
    start: datetime
    end: datetime | None
    virtual_start: datetime
    turn: timedelta
    users: tuple[str, ...]
    restrictions: tuple[Restriction, ...] = ()


@dataclass(frozen=True)
class Span:
    """One user's time on call, from `start` to before `end`."""

    start: datetime
    end: datetime
    user: str


def layer_spans(layer: Layer, zone: str, since: datetime, until: datetime, *, wall_clock: bool = True) -> list[Span]:
    """Return who a layer alone puts on call between two instants, in order, cut at them.

    `wall_clock` False counts every turn as elapsed time (nothing published says that odd zones do otherwise).
    """
    low = max(since, layer.start)
    high = until if layer.end is None else min(until, layer.end)
    if low >= high or not layer.users:
        return []
    spans: list[Span] = []
    turns = _turns(layer, zone, low, high, wall_clock)
    windows = _windows(layer.restrictions, zone, low, high)
    turn, window = next(turns, None), next(windows, None)
    while turn and window:
        start, end = max(turn.start, window[0]), min(turn.end, window[1])
        if start < end:
            spans.append(Span(start, end, turn.user))
        if turn.end <= window[1]:
            turn = next(turns, None)
        else:
            window = next(windows, None)
    return merged(spans)


def _turns(layer: Layer, zone: str, low: datetime, high: datetime, wall_clock: bool) -> Iterator[Span]:
    by_clock = wall_clock and layer.turn % DAY == timedelta(0)
    origin = local(layer.virtual_start, zone)

    def begin(number: int) -> datetime:
        if by_clock:
            return instant(origin + number * layer.turn, zone)
        return layer.virtual_start + number * layer.turn

    number = (local(low, zone) - origin) // layer.turn if by_clock else (low - layer.virtual_start) // layer.turn
    # The estimate by clock time can be a turn off where the clock jumps just then.
    while begin(number) > low:
        number -= 1
    while begin(number + 1) <= low:
        number += 1
    while (start := begin(number)) < high:
        user = layer.users[number % len(layer.users)]
        yield Span(max(start, low), min(begin(number + 1), high), user)
        number += 1


def _windows(
    restrictions: Sequence[Restriction], zone: str, low: datetime, high: datetime
) -> Iterator[tuple[datetime, datetime]]:
    if not restrictions:
        yield low, high
        return
    longest = max(restriction.length for restriction in restrictions)
    day = (local(low, zone) - longest).replace(hour=0, minute=0, second=0, microsecond=0) - DAY
    last = local(high, zone)
    found: list[tuple[datetime, datetime]] = []
    while day <= last:
        for one in restrictions:
            if one.weekday in (None, day.isoweekday()):
                start = instant(day + one.start, zone)
                end = instant(day + one.start + one.length, zone)
                if start < high and end > low:
                    found.append((start, end))
        day += DAY
    found.sort()
    if not found:
        return
    start, end = found[0]
    for later in found[1:]:
        if later[0] > end:
            yield start, end
            start = later[0]
        end = max(end, later[1])
    yield start, end


def overlay(under: Sequence[Span], over: Sequence[Span]) -> list[Span]:
    """Return `under` with `over` laid on top; both in order and free of overlaps in themselves."""
    result = list(over)
    first = 0
    for span in under:
        while first < len(over) and over[first].end <= span.start:
            first += 1
        start = span.start
        for number in range(first, len(over)):
            top = over[number]
            if top.start >= span.end:
                break
            if top.start > start:
                result.append(Span(start, top.start, span.user))
            start = top.end
        if start < span.end:
            result.append(Span(start, span.end, span.user))
    return merged(sorted(result, key=lambda one: one.start))


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, each joined to the one before where that is the same user without a gap."""
    result: list[Span] = []
    for span in spans:
        if result and result[-1].end == span.start and result[-1].user == span.user:
            result[-1] = Span(result[-1].start, span.end, span.user)
        else:
            result.append(span)
    return result


def coverage(spans: Sequence[Span], since: datetime, until: datetime) -> float:
    """Return the percentage of a window that has somebody on call."""
    held = sum(((span.end - span.start) for span in spans), timedelta(0))
    return round(100 * (held / (until - since)), 1) if until > since else 0.0
