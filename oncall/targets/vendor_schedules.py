"""How the schedules of an inventory fall into schedules of a vendor, each of which has one zone."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall.model import Inventory, Rotation
from oncall.model.escalation import ScheduleRef
from oncall.shifts.lineups import LineupSpan, rotation_spans


@dataclass(frozen=True, slots=True)
class RunningRotation:
    """A rotation with its line-ups that are not over, oldest first; there is at least one."""

    key: str
    rotation: Rotation
    spans: tuple[LineupSpan, ...]


@dataclass(frozen=True, slots=True)
class VendorSchedule:
    """A schedule at the vendor: rotations of one inventory schedule that share a zone.

    `key` is `team/schedule` for those in the schedule's own zone, `team/schedule@zone` for another zone, and
    `team/schedule/rotation` for a rotation that must be alone. `part` tells it from its siblings in names, "" where
    there are none.
    """

    team: str
    schedule: str
    key: str
    part: str
    zone: str
    rotations: tuple[RunningRotation, ...]


Schedules = dict[ScheduleRef, tuple[VendorSchedule, ...]]


def running_rotations(inventory: Inventory, ref: ScheduleRef, now: datetime) -> tuple[RunningRotation, ...]:
    """Return the rotations of a schedule that are not over, as written."""
    team = inventory.teams[ref.team]
    schedule = team.schedules[ref.schedule]
    found: list[RunningRotation] = []
    for key, rotation in schedule.rotations.items():
        spans = rotation_spans(rotation, inventory.rotation_zone(team, schedule, rotation))
        running = tuple(span for span in spans if is_running(span, now))
        if running:
            found.append(RunningRotation(key, rotation, running))
    return tuple(found)


def is_running(span: LineupSpan, now: datetime) -> bool:
    """Whether a line-up has a say now or later: it is not over, and was not replaced before it began."""
    return bool(span.people) and (span.end is None or (span.end > now and span.end > span.start))


def by_zone(
    inventory: Inventory, ref: ScheduleRef, running: Iterable[RunningRotation], alone: Collection[str] = ()
) -> tuple[VendorSchedule, ...]:
    """Return the vendor schedules of an inventory schedule: one for each rotation `alone`, one a zone for the rest.

    Rotations that are over keep their place in the order of things, so that no schedule is made anew, nor renamed,
    because a date has passed (vendors.md, section 3). Without `running` rotations a vendor schedule is left out.
    """
    owner = inventory.teams[ref.team]
    schedule = owner.schedules[ref.schedule]
    base, own_zone = f"{ref.team}/{ref.schedule}", inventory.schedule_zone(owner, schedule)
    groups: dict[str, list[str]] = {}
    for key, rotation in schedule.rotations.items():
        zone = inventory.rotation_zone(owner, schedule, rotation)
        shared = base if zone == own_zone else f"{base}@{zone}"
        groups.setdefault(f"{base}/{key}" if key in alone else shared, []).append(key)
    found = {rotation.key: rotation for rotation in running}
    parts = (
        (key, group, tuple(found[rotation] for rotation in group if rotation in found))
        for key, group in sorted(groups.items())
    )
    return tuple(
        VendorSchedule(
            ref.team,
            ref.schedule,
            key,
            _part(group, rotations[0].spans[0].zone) if len(groups) > 1 else "",
            rotations[0].spans[0].zone,
            rotations,
        )
        for key, group, rotations in parts
        if rotations
    )


def _part(group: Sequence[str], zone: str) -> str:
    """Return the rotation's key where there is one, else the city of the zone."""
    return group[0] if len(group) == 1 else zone.rpartition("/")[2].replace("_", " ")
