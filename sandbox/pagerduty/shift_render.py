"""Who holds a shift-based schedule when: events by their recurrence, overrides on their source, custom shifts beside.

https://developer.pagerduty.com/docs/schedules-v2-to-v3-upgrade. Shifts of several rotations stand beside each other.
Which member has a shift is counted from the event's first start, also where the event takes effect later.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sandbox.pagerduty.recurrence import starts
from sandbox.pagerduty.render import Span
from sandbox.pagerduty.shift_models import Member, ShiftEvent, ShiftOverride, ShiftSchedule
from sandbox.pagerduty.times import instant, local

# Starts are looked for up to the next multiple of this, so that one second's answer serves the next second's question.
_BLOCK = timedelta(days=64)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Assignment:
    """One member's time; the source is a rotation or a custom shift, and the override that changed it, if one did."""

    start: datetime
    end: datetime
    member: Member
    rotation: str | None = None
    shift: str | None = None
    override: str | None = None


def assignments(
    schedule: ShiftSchedule, since: datetime, until: datetime, *, wall_clock: bool, whole: bool = False
) -> list[Assignment]:
    """Return what touches a window, in order: cut at the window's ends, or `whole`.

    `wall_clock` lets recurrences follow a clock in the event's zone; False expands them in UTC, as times are kept.
    """
    found: list[Assignment] = []
    for rotation in schedule.rotations.values():
        changes = [one for one in schedule.overrides.values() if one.rotation == rotation.id]
        for event in (*rotation.past, *rotation.events.values()):
            own = [replace(one, rotation=rotation.id) for one in event_shifts(event, since, until, wall_clock)]
            found.extend(_changed(own, changes))
    for shift in schedule.custom_shifts.values():
        changes = [one for one in schedule.overrides.values() if one.custom_shift == shift.id]
        found.extend(_changed([Assignment(shift.start, shift.end, shift.member, shift=shift.id)], changes))
    found = [one for one in found if one.start < until and one.end > since]
    if not whole:
        found = [replace(one, start=max(one.start, since), end=min(one.end, until)) for one in found]
    return sorted(found, key=lambda one: (one.start, one.end))


def event_shifts(event: ShiftEvent, since: datetime, until: datetime, wall_clock: bool) -> Iterator[Assignment]:
    """Yield an event's shifts that touch a window, whole but for the event's own since and until."""
    zone = event.start_zone if wall_clock else "UTC"
    length = local(event.end, zone) - local(event.start, zone)
    edge = _EPOCH + ((until - _EPOCH) // _BLOCK + 1) * _BLOCK
    begins = starts(event.recurrence, event.start, zone, edge)
    # A shift that began before the window may still run; an hour is room for a change of clocks within it.
    first = bisect_left(begins, since - length - timedelta(hours=1))
    for number in range(first, len(begins)):
        begin = begins[number]
        if begin >= until:
            return
        end = instant(local(begin, zone) + length, zone)
        low, high = max(begin, event.since), end if event.until is None else min(end, event.until)
        if low < high and high > since:
            for member in _of_turn(event, number):
                yield Assignment(low, high, member)


def _of_turn(event: ShiftEvent, number: int) -> tuple[Member, ...]:
    if event.turns is None:
        return event.members
    return (event.members[number // event.turns % len(event.members)],)


def _changed(shifts: Iterable[Assignment], overrides: Iterable[ShiftOverride]) -> list[Assignment]:
    """Return shifts with overrides put in; of two at one time the later made wins."""
    found = list(shifts)
    for override in overrides:
        after: list[Assignment] = []
        for one in found:
            start, end = max(one.start, override.start), min(one.end, override.end)
            if one.member != override.overridden or start >= end:
                after.append(one)
                continue
            if one.start < start:
                after.append(replace(one, end=start))
            after.append(replace(one, start=start, end=end, member=override.overriding, override=override.id))
            if end < one.end:
                after.append(replace(one, start=end))
        found = after
    return found


def spans(found: Iterable[Assignment]) -> list[Span]:
    """Return the users' time in assignments, leaving out what is empty."""
    return [Span(one.start, one.end, one.member.user) for one in found if one.member.user]


def covered(found: Iterable[Assignment], since: datetime, until: datetime) -> float:
    """Return the percentage of a window in which at least one user is on call."""
    held, edge = timedelta(0), since
    for span in sorted(spans(found), key=lambda one: one.start):
        held += max(timedelta(0), span.end - max(span.start, edge))
        edge = max(edge, span.end)
    return round(100 * (held / (until - since)), 1) if until > since else 0.0
