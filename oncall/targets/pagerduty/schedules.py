"""PagerDuty schedules, of layers or of shifts, and the overrides of both; each schedule has one zone.

A schedule of layers has one person at a time. Rotations of an inventory schedule add up, so those that ever overlap
get schedules of their own, all targeted by the step; the others of one zone share one. Shifts add up by themselves.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import combinations
from typing import Literal

from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.resource import Ref, Resource, Value
from oncall.shifts.coverage import ever_overlap
from oncall.targets.common import MANAGED, utc_text
from oncall.targets.overrides import Stint
from oncall.targets.pagerduty.kinds import OVERRIDE, SCHEDULE, SHIFT_SCHEDULE, team, user
from oncall.targets.pagerduty.layers import layers
from oncall.targets.pagerduty.names import schedule_name
from oncall.targets.pagerduty.shift_overrides import shift_overrides
from oncall.targets.pagerduty.shifts import has_shifts, rotations, zone_name
from oncall.targets.vendor_schedules import Schedules, VendorSchedule, by_zone, running_rotations


def vendor_schedules(inventory: Inventory, teams: Iterable[str], now: datetime) -> Schedules:
    """Return every schedule of the teams with the vendor's schedules it becomes; none where all rotations are over."""
    return {
        ref: _split(inventory, ref, now)
        for key in teams
        for ref in (ScheduleRef(key, schedule) for schedule in sorted(inventory.teams[key].schedules))
    }


def _split(inventory: Inventory, ref: ScheduleRef, now: datetime) -> tuple[VendorSchedule, ...]:
    if model_of(inventory, ref.team) == "shifts":
        shifting = (each for each in running_rotations(inventory, ref, now) if has_shifts(each))
        return by_zone(inventory, ref, SHIFT_SCHEDULE, shifting)
    # PagerDuty takes no schedule without a layer, and a rotation of nobody at all has none.
    running = (each for each in running_rotations(inventory, ref, now) if next(layers(each), None))
    adds_up = inventory.teams[ref.team].schedules[ref.schedule].overlap == "all"
    return by_zone(inventory, ref, SCHEDULE, running, _overlapping(inventory, ref) if adds_up else ())


def model_of(inventory: Inventory, team_key: str) -> Literal["layers", "shifts"]:
    """Return how a team's schedules are kept at PagerDuty."""
    extras = inventory.teams[team_key].pagerduty
    return "layers" if extras is None else extras.schedules


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
            one.kind,
            one.key,
            {
                "name": schedule_name(inventory, one),
                "description": MANAGED,
                "time_zone": one.zone,
                "teams": (team(one.team),),
                **_content(one),
            },
            one.team,
            after=memberships.get(one.team, ()),
        )
        for one in vendor
    ]


def _content(schedule: VendorSchedule) -> Mapping[str, Value]:
    if schedule.kind == SHIFT_SCHEDULE:
        return {"time_zone": zone_name(schedule.zone), "rotations": rotations(schedule)}
    return {"layers": tuple(layer for rotation in schedule.rotations for layer in layers(rotation))}


def overrides(found: Iterable[Stint]) -> list[Resource]:
    """Return the overrides; they are REST calls of our own provider, as the official plugin has none."""
    return [
        resource
        for one in found
        for resource in (shift_overrides(one) if one.schedule.kind == SHIFT_SCHEDULE else (_override(one),))
    ]


def _override(stint: Stint) -> Resource:
    properties: dict[str, Value] = {
        "schedule_id": Ref(SCHEDULE, stint.schedule.key),
        "user_id": user(stint.person),
        "start": utc_text(stint.start),
        "end": utc_text(stint.end),
    }
    return Resource(OVERRIDE, stint.key, properties, stint.schedule.team)
