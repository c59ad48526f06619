"""PagerDuty schedules (layers): one person at a time in each, and one zone.

Rotations of an inventory schedule add up, so those that ever overlap get schedules of their own, all targeted by the
step; the others of one zone share one (vendors.md, section 2).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import combinations

from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.resource import Ref, Resource
from oncall.shifts.coverage import ever_overlap
from oncall.targets.common import MANAGED, utc_text
from oncall.targets.overrides import Stint
from oncall.targets.pagerduty.kinds import OVERRIDE, SCHEDULE, team, user
from oncall.targets.pagerduty.layers import layers
from oncall.targets.pagerduty.names import schedule_name
from oncall.targets.vendor_schedules import Schedules, VendorSchedule, by_zone, running_rotations


def vendor_schedules(inventory: Inventory, teams: Iterable[str], now: datetime) -> Schedules:
    """Return every schedule of the teams with the vendor's schedules it becomes; none where all rotations are over."""
    return {
        ref: _split(inventory, ref, now)
        for key in teams
        for ref in (ScheduleRef(key, schedule) for schedule in sorted(inventory.teams[key].schedules))
    }


def _split(inventory: Inventory, ref: ScheduleRef, now: datetime) -> tuple[VendorSchedule, ...]:
    # PagerDuty takes no schedule without a layer, and a rotation of nobody at all has none.
    running = (each for each in running_rotations(inventory, ref, now) if next(layers(each), None))
    adds_up = inventory.teams[ref.team].schedules[ref.schedule].overlap == "all"
    return by_zone(inventory, ref, running, _overlapping(inventory, ref) if adds_up else ())


def _overlapping(inventory: Inventory, ref: ScheduleRef) -> frozenset[str]:
    """Return the rotations that ever overlap another of the same zone; other zones are other schedules anyway."""
    owner = inventory.teams[ref.team]
    schedule = owner.schedules[ref.schedule]
    return frozenset(
        key
        for one, other in combinations(schedule.rotations, 2)
        if inventory.rotation_zone(owner, schedule, schedule.rotations[one])
        == inventory.rotation_zone(owner, schedule, schedule.rotations[other])
        and ever_overlap(inventory, ref.team, ref.schedule, one, other)
        for key in (one, other)
    )


def schedules(
    inventory: Inventory, vendor: Iterable[VendorSchedule], memberships: Mapping[str, tuple[Ref, ...]]
) -> list[Resource]:
    """Return the schedules; layers come in the order of the file, so that of two the later written wins."""
    return [
        Resource(
            SCHEDULE,
            one.key,
            {
                "name": schedule_name(inventory, one),
                "description": MANAGED,
                "time_zone": one.zone,
                "teams": (team(one.team),),
                "layers": tuple(layer for rotation in one.rotations for layer in layers(rotation)),
            },
            one.team,
            after=memberships.get(one.team, ()),
        )
        for one in vendor
    ]


def overrides(found: Iterable[Stint]) -> list[Resource]:
    """Return the overrides; they are REST calls of our own provider, as the official plugin has none."""
    return [
        Resource(
            OVERRIDE,
            one.key,
            {
                "schedule_id": Ref(SCHEDULE, one.schedule.key),
                "user_id": user(one.person),
                "start": utc_text(one.start),
                "end": utc_text(one.end),
            },
            one.schedule.team,
        )
        for one in found
    ]
