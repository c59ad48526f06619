"""Overrides: one person takes a schedule for a while, in each of the vendor's schedules it became."""

from dataclasses import dataclass
from datetime import datetime

from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import moment_end, moment_instant, moment_wall
from oncall.shifts.lineups import moment_text
from oncall.shifts.timeline import shifts
from oncall.targets.vendor_schedules import RunningRotation, Schedules, VendorSchedule


@dataclass(frozen=True, slots=True)
class Stint:
    """One person on call in a vendor schedule from `start` to `end` (UTC), whoever's turn it is.

    `key` is made of the vendor schedule's, of when it begins by the schedule's clock, and of the person.
    """

    key: str
    schedule: VendorSchedule
    person: str
    start: datetime
    end: datetime


def stints(inventory: Inventory, vendor: Schedules, now: datetime) -> tuple[Stint, ...]:
    """Return the overrides that are not over, by key.

    Where a schedule became several, the person takes those whose holders they replace; where nobody holds any in all
    that time, the first.
    """
    found: dict[str, Stint] = {}
    for override in inventory.overrides:
        team_key, _, schedule_key = override.schedule.partition("/")
        ref = ScheduleRef(team_key, schedule_key)
        if ref not in vendor:
            continue
        owner = inventory.teams[team_key]
        zone = inventory.schedule_zone(owner, owner.schedules[schedule_key])
        start, end = moment_instant(override.start, zone), moment_end(override.end, zone)
        if end <= max(start, now):
            continue
        since = moment_text(override.start, moment_wall(override.start, zone))
        for part in _replaced(vendor[ref], start, end):
            key = f"{part.key}/{since}/{override.person}"
            found.setdefault(key, Stint(key, part, override.person, start, end))
    return tuple(found[key] for key in sorted(found))


def _replaced(parts: tuple[VendorSchedule, ...], start: datetime, end: datetime) -> tuple[VendorSchedule, ...]:
    held = tuple(part for part in parts if any(_holds(rotation, start, end) for rotation in part.rotations))
    return held or parts[:1]


def _holds(rotation: RunningRotation, start: datetime, end: datetime) -> bool:
    return next(shifts(rotation.spans, rotation.rotation.only, start, end), None) is not None
