"""Hours of the day and of the week, durations, and whether something is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from oncall.provider.convert import UNKNOWN, has_unknown
from oncall.provider.fields import Field, Items, Problem, Record, Text, Whole, instant_of

# https://docs.opsgenie.com/docs/schedule-rotation-api#create-schedule-rotation
MOST_RESTRICTIONS = 15
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}
"""Minutes of each unit of a duration."""

_HOURS = (
    Field("startHour", Whole(0, 23), "0 to 23.", required=True),
    Field("startMin", Whole(0, 59), "0 to 59.", default=0),
    Field("endHour", Whole(0, 23), "0 to 23.", required=True),
    Field("endMin", Whole(0, 59), "0 to 59.", default=0),
)
_DAY = Record("oncall:opsgenie:TimeOfDay", "Hours of every day, in the schedule's zone.", _HOURS)
_WEEK = Record(
    "oncall:opsgenie:WeekdayTime",
    "A span of the week, in the schedule's zone.",
    (
        Field("startDay", Text(choices=DAYS), "The weekday it begins.", required=True),
        Field("endDay", Text(choices=DAYS), "The weekday it ends.", required=True),
        *_HOURS,
    ),
)
RESTRICTION = Record(
    "oncall:opsgenie:TimeRestriction",
    "When a rotation, rule or policy counts: hours of every day, or spans of the week.",
    (
        Field("type", Text(choices=("time-of-day", "weekday-and-time-of-day")), "Which of the two.", required=True),
        Field("restriction", _DAY, "For time-of-day."),
        Field("restrictions", Items(_WEEK, ordered=False, most=MOST_RESTRICTIONS), "For weekday-and-time-of-day."),
    ),
)


def restriction_problems(value: Any, path: str = "timeRestriction") -> Iterator[Problem]:
    """The form that the type does not have, or none at all."""
    if not isinstance(value, Mapping) or value.get("type") is UNKNOWN:
        return
    wanted, other = "restriction", "restrictions"
    if value["type"] != "time-of-day":
        wanted, other = other, wanted
    if not value.get(wanted):
        yield Problem(f"{path}.{wanted}", f"is required for type {value['type']}")
    if value.get(other):
        yield Problem(f"{path}.{other}", f"is not allowed for type {value['type']}")


def restriction_of(found: Any) -> dict[str, Any] | None:
    """From the API's words, which may hold both forms."""
    if not found:
        return None
    name = "restriction" if found.get("type") == "time-of-day" else "restrictions"
    return {"type": found.get("type"), name: found.get(name)}


@dataclass(frozen=True, slots=True)
class DurationType(Record):
    """An amount of a unit; 60 minutes and 1 hour are the same."""

    def canonical(self, value: Any) -> Any:
        """In minutes."""
        if not isinstance(value, Mapping) or has_unknown(value) or not isinstance(value.get("timeAmount"), int):
            return value
        return {"timeAmount": minutes_of(value), "timeUnit": "minutes"}


DURATION = DurationType(
    "oncall:opsgenie:Duration",
    "A length of time.",
    (
        Field("timeAmount", Whole(0), "How many.", required=True),
        Field("timeUnit", Text(choices=tuple(MINUTES)), "minutes, hours or days.", default="minutes"),
    ),
)


def minutes_of(duration: Mapping[str, Any]) -> int:
    """A duration in minutes; the API writes some units in the singular."""
    unit = str(duration.get("timeUnit") or "minutes").lower()
    amount = int(duration.get("timeAmount") or 0)
    return amount * MINUTES.get(unit if unit.endswith("s") else f"{unit}s", 1)


def duration_of(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """From the API's words."""
    if not found:
        return None
    unit = str(found.get("timeUnit") or "minutes").lower()
    return {"timeAmount": found.get("timeAmount", 0), "timeUnit": unit if unit.endswith("s") else f"{unit}s"}


def has_come(value: Any, now: datetime) -> bool:
    """Whether an instant (ISO 8601 with a zone) lies at `now` or before; what is no instant never comes."""
    moment = instant_of(value)
    return moment is not None and moment <= now


def text_of(moment: datetime) -> str:
    """An instant as the APIs write it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def order_problems(values: Mapping[str, Any], start: str, end: str, path: str = "") -> Iterator[Problem]:
    """An end that does not lie after its start; `start` and `end` are the names in `values`."""
    first, last = instant_of(values.get(start)), instant_of(values.get(end))
    if first is not None and last is not None and last <= first:
        yield Problem(f"{path}{end}", f"{values[end]!r} must be after {start} {values[start]!r}")
