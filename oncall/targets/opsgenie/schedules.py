"""OpsGenie schedules and rotations: rotations add up there too, but a schedule has one zone.

A line-up is a rotation of its own, with an end where the next one begins (vendors.md, section 2).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from oncall.model import NOBODY, Inventory, Turn
from oncall.model.escalation import ScheduleRef
from oncall.model.words import DAY_MINUTES, Unit
from oncall.resource import Ref, Resource, Value
from oncall.shifts.clock import to_wall
from oncall.shifts.lineups import LineupSpan, moment_text
from oncall.shifts.timeline import turn_number, turn_start
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
_DAY_IN_HOURS = Turn(24, "hour")


def vendor_schedules(inventory: Inventory, teams: Iterable[str], now: datetime) -> Schedules:
    """Return every schedule of the teams with the vendor's schedules it becomes; none where all rotations are over."""
    refs = (ScheduleRef(key, name) for key in teams for name in sorted(inventory.teams[key].schedules))
    return {ref: by_zone(inventory, ref, SCHEDULE, running_rotations(inventory, ref, now)) for ref in refs}


def schedules(
    inventory: Inventory, vendor: Iterable[VendorSchedule], memberships: Mapping[str, tuple[Ref, ...]]
) -> list[Resource]:
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
            after=memberships.get(one.team, ()),
        )
        for one in vendor
    ]


def rotations(inventory: Inventory, vendor: Iterable[VendorSchedule], now: datetime) -> list[Resource]:
    """Return the rotations of each line-up that are not over at `now`."""
    return sorted(
        (
            _rotation(inventory, one, rotation, span, piece)
            for one in vendor
            for rotation in one.rotations
            for span in rotation.spans
            for piece in pieces(span)
            if piece.end is None or piece.end > now
        ),
        key=lambda resource: resource.key,
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line-up that is a rotation of its own: turns are counted from its start."""

    begins: str
    start: datetime
    end: datetime | None
    people: tuple[str, ...]


def pieces(span: LineupSpan) -> tuple[Piece, ...]:
    """Return a line-up as the rotations it becomes: one, or two where it takes over within a turn.

    A rotation's first turn begins with it and is a full one, so what is left of a turn is a rotation of one person.
    """
    if span.start == span.first:
        return (Piece(span.begins, span.start, span.end, span.people),)
    number = turn_number(span, span.start)
    hand_off = turn_start(span, number + 1)
    rest = Piece(span.begins, span.start, min(hand_off, span.end or hand_off), (_holder(span, number),))
    if span.end is not None and span.end <= hand_off:
        return (rest,)
    people = tuple(_holder(span, number + 1 + place) for place in range(len(span.people)))
    return (rest, Piece(moment_text(hand_off, to_wall(hand_off, span.zone)), hand_off, span.end, people))


def _holder(span: LineupSpan, number: int) -> str:
    return span.people[number % len(span.people)]


def _rotation(
    inventory: Inventory, schedule: VendorSchedule, rotation: RunningRotation, span: LineupSpan, piece: Piece
) -> Resource:
    turn = Turn(1, "day") if span.turn == _DAY_IN_HOURS else span.turn  # both keep clock time, an hourly one does not
    unit, times = TURNS[turn.unit]
    properties: dict[str, Value] = {
        "schedule_id": Ref(SCHEDULE, schedule.key),
        "name": f"{rotation.key} from {piece.begins}",
        "start_date": utc_text(piece.start),
        "type": unit,
        "length": turn.count * times,
        "participants": tuple(_participant(inventory, person) for person in piece.people),
    }
    if piece.end is not None:
        properties["end_date"] = utc_text(piece.end)
    hours = hours_of(rotation.rotation.only)
    if hours is not None:
        properties["time_restriction"] = time_restriction(hours)
    key = _rotation_key(schedule, rotation, piece)
    return Resource(ROTATION, key, properties, schedule.team, after=made_users(inventory, piece.people))


def _rotation_key(schedule: VendorSchedule, rotation: RunningRotation, piece: Piece) -> str:
    return f"{schedule.team}/{schedule.schedule}/{rotation.key}/{piece.begins}"


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
    """Return the overrides: for all rotations of their schedule, or for the one whose holder is replaced."""
    return [_override(inventory, one) for one in found]


def alias_of(stint: Stint) -> str:
    """Return the name of an override within its schedule: a part of addresses, so it has no slash."""
    return stint.key.replace("/", " ")


def _override(inventory: Inventory, stint: Stint) -> Resource:
    properties: dict[str, Value] = {
        "schedule_id": Ref(SCHEDULE, stint.schedule.key),
        "alias": alias_of(stint),
        "username": username(inventory, stint.person),
        "start_date": utc_text(stint.start),
        "end_date": utc_text(stint.end),
    }
    if stint.rotation is not None and len(stint.schedule.rotations) > 1:
        properties["rotation_ids"] = tuple(Ref(ROTATION, key) for key in _rotations_of(stint))
    made = made_users(inventory, (stint.person,))
    return Resource(OVERRIDE, stint.key, properties, stint.schedule.team, after=made)


def _rotations_of(stint: Stint) -> Iterator[str]:
    """Give the keys of the vendor's rotations that are on call at some time of a stint."""
    for rotation in stint.schedule.rotations:
        for span in rotation.spans if rotation.key == stint.rotation else ():
            for piece in pieces(span):
                if piece.start < stint.end and (piece.end is None or stint.start < piece.end):
                    yield _rotation_key(stint.schedule, rotation, piece)
