"""oncall:opsgenie:Rotation: who takes turns in a schedule, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from oncall.provider.diff import Change
from oncall.provider.fields import Field, Instant, Items, Problem, Text, Whole
from oncall.provider.kinds.base import Held, Values
from oncall.provider.kinds.named import ChildKind
from oncall.provider.kinds.recipients import recipient, recipient_of, recipient_problems
from oncall.provider.kinds.schedule import schedule_or_rotation
from oncall.provider.kinds.times import RESTRICTION, has_come, order_problems, restriction_of, restriction_problems
from oncall.provider.session import Call

# https://docs.opsgenie.com/docs/schedule-rotation-api#create-schedule-rotation: the server moves the start and end of
# a rotation to minute 0 or 30, so any other minute would page somebody at another time than the program says.
MINUTES = (0, 30)
# No request of that API is documented to take these away from a rotation.
CAN_NOT_BE_CLEARED = ("endDate", "timeRestriction")

_INSTANT = Instant(MINUTES, ": OpsGenie would move it")
PARTICIPANT = recipient(
    "Participant", ("user", "none", "team", "escalation"), "A place in the turn; none is nobody's turn."
)


class Rotation(ChildKind):
    """The order of participants is the order of turns."""

    token = "oncall:opsgenie:Rotation"  # noqa: S105 - a type token
    noun = "rotation"
    owner = ("/v2/schedules", "scheduleId")
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
        yield from restriction_problems(values.get("timeRestriction"))
        yield from order_problems(values, "startDate", "endDate")

    def diff(self, state: Values, inputs: Values) -> list[Change]:
        """An end or a restriction can't be taken away in place."""
        return [Change(each.path, each.kind, each.replace or _cleared(each)) for each in super().diff(state, inputs)]

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/schedule-rotation-api#create-schedule-rotation."""
        names = ("name", "startDate", "endDate", "type", "length", "participants", "timeRestriction")
        return {name: inputs[name] for name in names if name in inputs}

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """By name in the schedule. One with an end or a restriction that is no longer asked for makes room: it could
        not be brought to what is asked (see `diff`), and a delete of it did nothing if it was over.
        """
        found = super().find(call, inputs, fresh=fresh)
        if found is not None and any(found.get(name) and name not in inputs for name in CAN_NOT_BE_CLEARED):
            call.opsgenie.delete(f"{self.create_path(inputs)}/{found['id']}", **self.query())
            return None
        return found

    def read_again(self, call: Call, resource_id: str) -> tuple[Values | None, bool]:
        """The list of all schedules has their rotations."""
        return schedule_or_rotation(call, resource_id, lambda: self.fetch(call, resource_id))

    def read(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held | None:
        """One that is over is let go: the program asks for it no more, and the vendor keeps it as a record."""
        if is_over(state, call.now()):
            return None
        return super().read(call, resource_id, state, inputs)

    def remove(self, call: Call, resource_id: str, state: Values) -> None:
        """One that is over stays: it pages nobody, and is the record of who was on call."""
        if not is_over(state, call.now()):
            super().remove(call, resource_id, state)

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """Participants come with id and name both."""
        plain = {name: found.get(name) for name in ("name", "startDate", "endDate", "type", "length")}
        return plain | {
            "participants": [recipient_of(each) for each in found.get("participants") or []],
            "timeRestriction": restriction_of(found.get("timeRestriction")),
        }


def is_over(rotation: Mapping[str, Any], now: datetime) -> bool:
    """Whether a rotation (ours or the API's) has ended."""
    return has_come(rotation.get("endDate"), now)


def _cleared(change: Change) -> bool:
    return change.kind == "delete" and change.path in CAN_NOT_BE_CLEARED
