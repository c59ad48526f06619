"""Whether events of one rotation overlap, which the service refuses.

The document says only that they may not. Users of the API saw two events refused whose times in force overlap though
their shifts never meet, so that is the sandbox's rule; a switch of the account goes by the shifts instead.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from sandbox.pagerduty.shift_models import ShiftEvent
from sandbox.pagerduty.shift_render import event_shifts

# Long enough for every weekday, month and leap day to meet every other.
_HORIZON = timedelta(days=400)


def overlapping(event: ShiftEvent, others: Sequence[ShiftEvent], *, by_window: bool) -> bool:
    """Return whether an event overlaps one of the others: by its time in force, or by its shifts."""
    return any(_in_force_together(event, other) and (by_window or _shifts_meet(event, other)) for other in others)


def _in_force_together(one: ShiftEvent, other: ShiftEvent) -> bool:
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)


def _shifts_meet(one: ShiftEvent, other: ShiftEvent) -> bool:
    since = max(one.since, other.since, one.start, other.start)
    until = since + _HORIZON
    times = {
        (shift.start, shift.end, event.id)
        for event in (one, other)
        for shift in event_shifts(event, since, until, wall_clock=False)
    }
    ordered = sorted(times)
    return any(later[0] < earlier[1] and later[2] != earlier[2] for earlier, later in pairwise(ordered))
