"""How the schedules of an inventory fall into schedules of a vendor, each of which has one zone."""

from collections.abc import Collection, Iterable, Iterator
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

    `kind` is the kind of resource it is. `key` is `team/schedule` for those in the schedule's own zone,
    `team/schedule/rotation` for one that must be alone or is so in its zone, and `team/schedule@zone` for several of
    another zone. `part` tells it from its siblings in names; it is "" for the first of these.
    """

    kind: str
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
    inventory: Inventory, ref: ScheduleRef, kind: str, running: Iterable[RunningRotation], alone: Collection[str] = ()
) -> tuple[VendorSchedule, ...]:
    """Return the vendor schedules of an inventory schedule: one for each rotation `alone`, one a zone for the rest.

    Rotations that are over keep their place in the order of things, so that no schedule is made anew, nor renamed,
    because a date has passed (vendors.md, section 3). Without `running` rotations a vendor schedule is left out.
    """
    found = {rotation.key: rotation for rotation in running}
    made = []
    for key, part, group in _groups(inventory, ref, alone):
        rotations = tuple(found[name] for name in group if name in found)
        if rotations:
            zone = rotations[0].spans[0].zone
            made.append(VendorSchedule(kind, ref.team, ref.schedule, key, part, zone, rotations))
    return tuple(sorted(made, key=lambda one: one.key))


def _groups(
    inventory: Inventory, ref: ScheduleRef, alone: Collection[str]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give the key, the part and the rotations of each vendor schedule.

    Two keys never have one part: the engine makes the new before it deletes the old, and vendors refuse a name twice.
    """
    owner = inventory.teams[ref.team]
    schedule = owner.schedules[ref.schedule]
    base, own_zone = str(ref), inventory.schedule_zone(owner, schedule)
    zones: dict[str, tuple[str, ...]] = {}
    for name, rotation in schedule.rotations.items():
        zone = inventory.rotation_zone(owner, schedule, rotation)
        if name in alone:
            yield f"{base}/{name}", name, (name,)
        else:
            zones[zone] = (*zones.get(zone, ()), name)
    for zone, names in zones.items():
        if zone == own_zone:
            yield base, "", names
        elif len(names) == 1:
            yield f"{base}/{names[0]}", names[0], names
        else:
            yield f"{base}@{zone}", zone.rpartition("/")[2].replace("_", " "), names
