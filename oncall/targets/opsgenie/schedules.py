"""OpsGenie schedules and rotations: rotations add up there too, but a schedule has one zone.

A line-up is a rotation of its own, with an end where the next one begins (vendors.md, section 2).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from oncall.model import NOBODY, Inventory
from oncall.model.escalation import ScheduleRef
from oncall.model.words import DAY_MINUTES, Unit
from oncall.resource import Ref, Resource, Value
from oncall.shifts.lineups import LineupSpan
from oncall.targets.common import MANAGED, utc_text
from oncall.targets.hours import Hours, Span, hours_of
from oncall.targets.opsgenie.kinds import OVERRIDE, ROTATION, SCHEDULE, made_users, team, username
from oncall.targets.opsgenie.names import schedule_name
from oncall.targets.overrides import Stint
from oncall.targets.vendor_schedules import RunningRotation, Schedules, VendorSchedule, by_zone, running_rotations

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# There are no calendar months: the Reason `opsgenie-monthly-turn` says what becomes of them.
TURNS: Mapping[Unit, tuple[str, int]] = {
    "hour": ("hourly", 1),
    "day": ("daily", 1),
    "week": ("weekly", 1),
    "month": ("daily", 30),
}


def vendor_schedules(inventory: Inventory, teams: Iterable[str], now: datetime) -> Schedules:
    """Return every schedule of the teams with the vendor's schedules it becomes; none where all rotations are over."""
    refs = (ScheduleRef(key, name) for key in teams for name in sorted(inventory.teams[key].schedules))
    return {ref: by_zone(inventory, ref, running_rotations(inventory, ref, now)) for ref in refs}


def schedules(inventory: Inventory, vendor: Iterable[VendorSchedule]) -> list[Resource]:
    """Return the schedules, without their rotations."""
    return [
        Resource(
            SCHEDULE,
            one.key,
            {
                "name": schedule_name(inventory, one),
                "description": MANAGED,
                "timezone": one.zone,
                "owner_team_id": team(one.team),
            },
            one.team,
        )
        for one in vendor
    ]


def rotations(inventory: Inventory, vendor: Iterable[VendorSchedule]) -> list[Resource]:
    """Return a rotation for each line-up that is not over."""
    return sorted(
        (
            _rotation(inventory, one, rotation, span)
            for one in vendor
            for rotation in one.rotations
            for span in rotation.spans
        ),
        key=lambda resource: resource.key,
    )


def _rotation(inventory: Inventory, schedule: VendorSchedule, rotation: RunningRotation, span: LineupSpan) -> Resource:
    since = span.begins
    unit, times = TURNS[span.turn.unit]
    properties: dict[str, Value] = {
        "schedule_id": Ref(SCHEDULE, schedule.key),
        "name": f"{rotation.key} from {since}",
        "start_date": utc_text(span.start),
        "type": unit,
        "length": span.turn.count * times,
        "participants": tuple(_participant(inventory, person) for person in span.people),
    }
    if span.end is not None:
        properties["end_date"] = utc_text(span.end)
    hours = hours_of(rotation.rotation.only)
    if hours is not None:
        properties["time_restriction"] = time_restriction(hours)
    key = f"{schedule.team}/{schedule.schedule}/{rotation.key}/{since}"
    return Resource(ROTATION, key, properties, schedule.team, after=made_users(inventory, span.people))


def _participant(inventory: Inventory, person: str) -> Value:
    return {"type": "none"} if person == NOBODY else {"type": "user", "username": username(inventory, person)}


def time_restriction(hours: Hours) -> Value:
    """Return hours as the API has them: one stretch of every day, or stretches of the week."""
    if hours.daily and len(hours.spans) == 1:
        return {"type": "time-of-day", "restriction": _clocks(hours.spans[0])}
    return {
        "type": "weekday-and-time-of-day",
        "restrictions": tuple(
            {"startDay": _day(span.start), "endDay": _day(span.start + span.minutes), **_clocks(span)}
            for span in hours.weekly()
        ),
    }


def _clocks(span: Span) -> dict[str, Value]:
    start, end = span.start % DAY_MINUTES, (span.start + span.minutes) % DAY_MINUTES
    return {"startHour": start // 60, "startMin": start % 60, "endHour": end // 60, "endMin": end % 60}


def _day(minute: int) -> str:
    return DAYS[minute // DAY_MINUTES % 7]


def overrides(inventory: Inventory, found: Iterable[Stint]) -> list[Resource]:
    """Return the overrides, each for all rotations of its schedule."""
    return [
        Resource(
            OVERRIDE,
            one.key,
            {
                "schedule_id": Ref(SCHEDULE, one.schedule.key),
                "alias": one.key.replace("/", " "),  # an alias is a part of addresses and has no slash
                "username": username(inventory, one.person),
                "start_date": utc_text(one.start),
                "end_date": utc_text(one.end),
            },
            one.schedule.team,
            after=made_users(inventory, (one.person,)),
        )
        for one in found
    ]
