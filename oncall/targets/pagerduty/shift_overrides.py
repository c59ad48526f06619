"""Overrides of shift-based schedules: each puts one person in the place of another, in the shifts of one rotation.

Where nobody has a shift there is nobody to replace; a custom shift then puts the person beside all rotations.
https://developer.pagerduty.com/docs/schedules-v2-to-v3-upgrade (3. Create an override).
"""

from collections.abc import Iterator
from datetime import datetime

from oncall.model import NOBODY
from oncall.resource import Ref, Resource, Value
from oncall.shifts.intervals import Interval, merge, subtract
from oncall.targets.common import utc_text
from oncall.targets.overrides import Stint
from oncall.targets.pagerduty.kinds import CUSTOM_SHIFT, SHIFT_OVERRIDE, SHIFT_SCHEDULE, user
from oncall.targets.pagerduty.shifts import placed, rotation_id


def shift_overrides(stint: Stint) -> Iterator[Resource]:
    """Give what puts a stint's person on call: one override for each rotation and person, a custom shift for gaps.

    An override lasts no longer than the shifts it is about: with its rotation it must be over, for the service can't
    remove it any more once the rotation is gone.
    """
    schedule = stint.schedule
    held = []
    for one in placed(schedule):
        if stint.rotation not in (None, one.source):
            continue
        by_person: dict[str, list[Interval]] = {}
        for start, end, person in one.pattern.shifts(stint.start, stint.end):
            if person != NOBODY:
                by_person.setdefault(person, []).append((max(start, stint.start), min(end, stint.end)))
        for person, shifts in sorted(by_person.items()):
            held += shifts
            if person != stint.person:
                instead: dict[str, Value] = {
                    "rotation_id": rotation_id(schedule, one),
                    "overridden_user_id": user(person),
                }
                properties = {**_common(stint, shifts[0][0], shifts[-1][1]), **instead}
                yield Resource(SHIFT_OVERRIDE, f"{stint.key}/{one.name}/{person}", properties, schedule.team)
    if stint.rotation is None and subtract(((stint.start, stint.end),), merge(held)):
        yield Resource(CUSTOM_SHIFT, stint.key, _common(stint, stint.start, stint.end), schedule.team)


def _common(stint: Stint, start: datetime, end: datetime) -> dict[str, Value]:
    return {
        "schedule_id": Ref(SHIFT_SCHEDULE, stint.schedule.key),
        "user_id": user(stint.person),
        "start": utc_text(start),
        "end": utc_text(end),
    }
