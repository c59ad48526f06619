"""oncall:opsgenie:Rotation: who takes turns in a schedule, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oncall.provider.convert import UNKNOWN
from oncall.provider.diff import Change
from oncall.provider.fields import Field, Instant, Items, Problem, Record, Text, Whole
from oncall.provider.kinds.base import ChildKind, Values
from oncall.provider.kinds.recipients import recipient, recipient_of, recipient_problems

# https://docs.opsgenie.com/docs/schedule-rotation-api#create-schedule-rotation: the server moves the start and end of
# a rotation to minute 0 or 30, so any other minute would page somebody at another time than the program says.
MINUTES = (0, 30)
MOST_RESTRICTIONS = 15
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_INSTANT = Instant(MINUTES, ": OpsGenie would move it")
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
    "When a rotation counts: hours of every day, or spans of the week.",
    (
        Field("type", Text(choices=("time-of-day", "weekday-and-time-of-day")), "Which of the two.", required=True),
        Field("restriction", _DAY, "For time-of-day."),
        Field("restrictions", Items(_WEEK, ordered=False, most=MOST_RESTRICTIONS), "For weekday-and-time-of-day."),
    ),
)
PARTICIPANT = recipient(
    "Participant", ("user", "none", "team", "escalation"), "A place in the turn; none is nobody's turn."
)


class Rotation(ChildKind):
    """The order of participants is the order of turns."""

    token = "oncall:opsgenie:Rotation"  # noqa: S105 - a type token
    noun = "rotation"
    parent = "scheduleId"
    doc = 'A rotation of a schedule. Its id is "scheduleId/rotationId".'
    inputs = (
        Field("scheduleId", Text(), "The schedule it belongs to.", required=True, replace=True),
        Field("name", Text(), "Its name within the schedule.", required=True),
        Field("startDate", _INSTANT, "The first hand-off: ISO 8601 with a zone.", required=True),
        Field("endDate", _INSTANT, "When it ends, if ever."),
        Field("type", Text(choices=("daily", "weekly", "hourly")), "The unit of a turn.", required=True),
        Field("length", Whole(1), "How many units a turn takes.", default=1),
        Field("participants", Items(PARTICIPANT, fewest=1), "Who takes turns, in this order.", required=True),
        Field("timeRestriction", RESTRICTION, "When it counts; always if not given."),
    )

    def under(self, parent_id: str) -> str:
        """A schedule's rotations."""
        return f"/v2/schedules/{parent_id}/rotations"

    def query(self) -> dict[str, str]:
        """Schedules by id, not by name."""
        return {"scheduleIdentifierType": "id"}

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """Participants named as their type asks, one form of restriction, an end after the start."""
        if isinstance(values["participants"], list):
            for index, each in enumerate(values["participants"]):
                yield from recipient_problems(each, f"participants[{index}]")
        yield from _restriction_problems(values.get("timeRestriction"))
        start, end = (_INSTANT.canonical(values.get(name)) for name in ("startDate", "endDate"))
        if isinstance(start, str) and isinstance(end, str) and end <= start:
            yield Problem("endDate", f"{values['endDate']!r} must be after startDate {values['startDate']!r}")

    def diff(self, state: Values, inputs: Values) -> list[Change]:
        """An end or a restriction can't be taken away in place: no request of the API is documented to clear one."""
        return [Change(each.path, each.kind, each.replace or _cleared(each)) for each in super().diff(state, inputs)]

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/schedule-rotation-api#create-schedule-rotation."""
        names = ("name", "startDate", "endDate", "type", "length", "participants", "timeRestriction")
        return {name: inputs[name] for name in names if name in inputs}

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """Participants come with id and name both."""
        plain = {name: found.get(name) for name in ("name", "startDate", "endDate", "type", "length")}
        return plain | {
            "participants": [recipient_of(each) for each in found.get("participants") or []],
            "timeRestriction": _restriction_of(found.get("timeRestriction")),
        }


def _cleared(change: Change) -> bool:
    return change.kind == "delete" and change.path in ("endDate", "timeRestriction")


def _restriction_problems(value: Any) -> Iterator[Problem]:
    if not isinstance(value, Mapping) or value.get("type") is UNKNOWN:
        return
    wanted, other = "restriction", "restrictions"
    if value["type"] != "time-of-day":
        wanted, other = other, wanted
    if not value.get(wanted):
        yield Problem(f"timeRestriction.{wanted}", f"is required for type {value['type']}")
    if value.get(other):
        yield Problem(f"timeRestriction.{other}", f"is not allowed for type {value['type']}")


def _restriction_of(found: Any) -> Values | None:
    if not found:
        return None
    names = {"time-of-day": "restriction"}
    name = names.get(found.get("type"), "restrictions")
    return {"type": found.get("type"), name: found.get(name)}
