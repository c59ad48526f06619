"""PagerDuty's shift-based schedules (API v3): one event for each pattern of shifts, each in a rotation of its own.

The official plugin pairs rotations and events with the account's by their place in the list, and replaces an event in
force: it deletes it and makes another that is in force from now on. Four things follow:
- An event is alone in its rotation: two of one rotation may not be in force at one time.
- No event has an `effective_until`. One that is over could not be deleted (400), and a place in the list that
  once held it could never be used again. A line-up's end is the UNTIL of its rule instead.
- Every event is in force from long ago, which the service takes for now. The plugin would give one that replaces
  another another start than the program's, and then change it by a call that the service refuses.
- What ends last comes first: what is over falls off the end, and nothing changes its place.
https://developer.pagerduty.com/docs/schedules-v2-to-v3-upgrade and docs/choices.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from oncall.model import NOBODY
from oncall.resource import Ref, Value
from oncall.shifts.clock import to_wall
from oncall.shifts.lineups import LineupSpan
from oncall.targets.common import utc_text
from oncall.targets.pagerduty.kinds import SHIFT_SCHEDULE, user
from oncall.targets.pagerduty.lineup_patterns import patterns
from oncall.targets.pagerduty.recurrences import Pattern
from oncall.targets.vendor_schedules import RunningRotation, VendorSchedule

# https://developer.pagerduty.com/api-reference/ - V3 schedules
MAX_ROTATIONS = 10
ALWAYS = "2000-01-01T00:00:00Z"
_NO_END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Placed:
    """A pattern of a line-up of the rotation `source`, its event's name, and the place of its rotation there."""

    place: int
    source: str
    name: str
    pattern: Pattern

    @property
    def rotation(self) -> str:
        """The output of the schedule that is the id of its rotation."""
        return f"rotations[{self.place}].id"


def has_shifts(rotation: RunningRotation) -> bool:
    """Whether anybody ever takes a turn in it; the service knows no schedule without."""
    return any(patterns(span, rotation.rotation.only) for span in rotation.spans)


def placed(schedule: VendorSchedule) -> tuple[Placed, ...]:
    """Return what a schedule consists of, in the order of its rotations there."""
    spans = [(rotation, span) for rotation in schedule.rotations for span in reversed(rotation.spans)]
    spans.sort(key=lambda one: one[1].end or _NO_END, reverse=True)
    found = [
        (rotation.key, _name(rotation, span, number, len(all_)), pattern)
        for rotation, span in spans
        for all_ in (patterns(span, rotation.rotation.only),)
        for number, pattern in enumerate(all_, 1)
    ]
    return tuple(Placed(place, *one) for place, one in enumerate(found))


def rotations(schedule: VendorSchedule) -> tuple[Value, ...]:
    """Return the rotations as the SDK takes them."""
    return tuple({"events": (_event(one),)} for one in placed(schedule))


def zone_name(zone: str) -> str:
    """Return a zone as the official plugin keeps it: it takes the service's `Etc/UTC` for `UTC`, and would differ."""
    return "UTC" if zone == "Etc/UTC" else zone


def rotation_id(schedule: VendorSchedule, one: Placed) -> Ref:
    """Return the id of the rotation that a pattern has at the service."""
    return Ref(SHIFT_SCHEDULE, schedule.key, one.rotation)


def _name(rotation: RunningRotation, span: LineupSpan, number: int, of: int) -> str:
    """Return an event's name: `weekly from 2026-10-05 to 2026-12-07 09:00 (1 of 3)`.

    The end is a part of it so that an event which gets another end has another name too: the plugin says beforehand
    that the id of an event stays wherever nothing but its end changes, and then makes a new one.
    """
    parts = [rotation.key, f"from {span.begins}"]
    if span.end is not None:
        parts.append(f"to {to_wall(span.end, span.zone):%Y-%m-%d %H:%M}")
    if of > 1:
        parts.append(f"({number} of {of})")
    return " ".join(parts)


def _event(one: Placed) -> Value:
    pattern = one.pattern
    until = "" if pattern.until is None or "COUNT=" in pattern.rule else f";UNTIL={pattern.until:%Y%m%dT%H%M%SZ}"
    return {
        "name": one.name,
        "start_time": utc_text(pattern.first),
        "end_time": utc_text(pattern.first + pattern.length),
        "effective_since": ALWAYS,
        "recurrences": (f"RRULE:{pattern.rule}{until}",),
        "assignment_strategies": (
            {
                "type": "rotating_member_assignment_strategy",
                "shifts_per_member": pattern.turns,
                "members": tuple(_members(pattern)),
            },
        ),
    }


def _members(pattern: Pattern) -> Iterator[Value]:
    for person in pattern.members:
        if person == NOBODY:
            yield {"type": "empty_member"}
        else:
            yield {"type": "user_member", "user_id": user(person)}
