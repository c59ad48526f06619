"""Who holds a stored schedule: its versions joined in time, the overrides on top."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sandbox.pagerduty.models import Holder, Schedule
from sandbox.pagerduty.render import Span, layer_spans, merged, overlay

# A shift's own start and end are looked for in windows that double up to this, longer than the longest turn (365 d).
_WIDEST = timedelta(days=512)
_FIRST_LOOK = timedelta(days=8)
_PRESENT_LOOK = timedelta(days=32)


def final_spans(schedule: Schedule, since: datetime, until: datetime, *, wall_clock: bool) -> list[Span]:
    """Return who is on call in a window, in order and cut at its ends; each past moment as it was then."""
    spans: list[Span] = []
    for start, end, version in _segments(schedule, since, until):
        held: list[Span] = []
        for layer in schedule.versions[version].layers:
            zone = schedule.versions[version].time_zone
            held = overlay(held, layer_spans(layer, zone, start, end, wall_clock=wall_clock))
        spans.extend(held)
    return overlay(merged(spans), override_spans(schedule, since, until))


def one_layer_spans(
    schedule: Schedule, layer: str, since: datetime, until: datetime, *, wall_clock: bool
) -> list[Span]:
    """Return what one layer, by id, gave or gives in a window."""
    spans: list[Span] = []
    for start, end, number in _segments(schedule, since, until):
        version = schedule.versions[number]
        for one in version.layers:
            if one.id == layer:
                spans.extend(layer_spans(one, version.time_zone, start, end, wall_clock=wall_clock))
    return merged(spans)


def override_spans(schedule: Schedule, since: datetime, until: datetime) -> list[Span]:
    """Return the overrides in a window; of two at one time the later made wins."""
    spans: list[Span] = []
    for override in schedule.overrides:
        start, end = max(override.start, since), min(override.end, until)
        if start < end:
            spans = overlay(spans, [Span(start, end, override.user)])
    return spans


def on_call(schedule: Schedule, at: datetime, *, wall_clock: bool) -> Holder:
    """Return who is on call at an instant, and until when as far as a month's look tells."""
    if not schedule.present or not schedule.present.since <= at < schedule.present.known_until:
        edge = at + _PRESENT_LOOK
        spans = final_spans(schedule, at, edge, wall_clock=wall_clock)
        if spans and spans[0].start == at:
            schedule.present = Holder(at, spans[0].end, spans[0].user, spans[0].end if spans[0].end < edge else None)
        else:
            schedule.present = Holder(at, spans[0].start if spans else edge, None, None)
    return schedule.present


def shifts(schedule: Schedule, since: datetime, until: datetime, *, wall_clock: bool) -> Iterable[Span]:
    """Return the whole shifts that touch a window; for `since` = `until` the one at that instant."""
    first = _shift_at(schedule, since, wall_clock)
    if since >= until:
        return [first] if first else []
    inner = final_spans(schedule, since, until, wall_clock=wall_clock)
    last = _shift_at(schedule, inner[-1].start, wall_clock) if inner else None
    whole = [first if first and span.start == since else span for span in inner]
    if last and whole[-1].end == until:
        whole[-1] = last
    return whole


def _shift_at(schedule: Schedule, at: datetime, wall_clock: bool) -> Span | None:
    reach = _FIRST_LOOK
    while True:
        since, until = at - reach, at + reach
        spans = final_spans(schedule, since, until, wall_clock=wall_clock)
        span = next((one for one in spans if one.start <= at < one.end), None)
        if span is None or reach >= _WIDEST or (span.start > since and span.end < until):
            return span
        reach *= 2


def _segments(schedule: Schedule, since: datetime, until: datetime) -> Iterable[tuple[datetime, datetime, int]]:
    for number, version in enumerate(schedule.versions):
        later = schedule.versions[number + 1].since if number + 1 < len(schedule.versions) else until
        start, end = max(since, version.since), min(until, later)
        if start < end:
            yield start, end, number
