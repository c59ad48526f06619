"""What departs from the turns (swaps, leave, holidays, overrides), as overrides of the vendor's schedules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import moment_instant, to_instant, to_wall
from oncall.shifts.lineups import moment_text
from oncall.shifts.rota import Rota
from oncall.shifts.timeline import Shift, shifts
from oncall.targets.vendor_schedules import RunningRotation, Schedules, VendorSchedule


@dataclass(frozen=True, slots=True)
class Stint:
    """One person on call in a vendor schedule from `start` to `end` (UTC), whoever's turn it is.

    `rotation` is the one whose holder they replace; None where they take the schedule as a whole. `key` is made of
    the schedule's, of the rotation, of when it begins by the schedule's clock, and of the person.
    """

    key: str
    schedule: VendorSchedule
    person: str
    start: datetime
    end: datetime
    rotation: str | None = None


def stints(inventory: Inventory, vendor: Schedules, now: datetime) -> tuple[Stint, ...]:
    """Return what is not over of everything that departs from the turns, by key."""
    rota = Rota(inventory)
    found: dict[str, Stint] = {}
    for ref, parts in vendor.items():
        if parts:
            for stint in _stints(rota, ref, parts, now):
                found.setdefault(stint.key, stint)
    return tuple(found[key] for key in sorted(found))


def _stints(rota: Rota, ref: ScheduleRef, parts: tuple[VendorSchedule, ...], now: datetime) -> Iterator[Stint]:
    homes = {rotation.key: part for part in parts for rotation in part.rotations}
    for shift in rota.exceptional(ref, now):
        if not shift.rotation:
            yield from _whole(rota, ref, parts, shift)
        elif shift.rotation in homes:
            begins = _begins(shift.start, shift.start, rota.zone(ref))
            key = f"{ref}/{shift.rotation}/{begins}/{shift.person}"
            home = homes[shift.rotation]
            yield Stint(key, home, shift.person, shift.start, shift.end, shift.rotation)


def _whole(rota: Rota, ref: ScheduleRef, parts: tuple[VendorSchedule, ...], shift: Shift) -> Iterator[Stint]:
    """Give the stints of an override of a whole schedule.

    Where a schedule became several, the person takes those whose holders they replace; where nobody holds any in all
    that time, the first.
    """
    override = rota.inventory.overrides[int(shift.place[-1])]
    zone = rota.zone(ref)
    begins = _begins(override.start, moment_instant(override.start, zone), zone)
    for part in _replaced(parts, shift.start, shift.end):
        yield Stint(f"{part.key}/{begins}/{shift.person}", part, shift.person, shift.start, shift.end)


def _begins(typed: date | datetime, instant: datetime, zone: str) -> str:
    """Return when a stint begins as a part of its key: no two instants of a moment with a time read alike."""
    wall = to_wall(instant, zone)
    seconds = f"{wall:%S}" if wall.second else ""
    return moment_text(typed, wall) + seconds + ("-again" if to_instant(wall, zone) != instant else "")


def _replaced(parts: tuple[VendorSchedule, ...], start: datetime, end: datetime) -> tuple[VendorSchedule, ...]:
    held = tuple(part for part in parts if any(_holds(rotation, start, end) for rotation in part.rotations))
    return held or parts[:1]


def _holds(rotation: RunningRotation, start: datetime, end: datetime) -> bool:
    return next(shifts(rotation.spans, rotation.rotation.only, start, end), None) is not None
