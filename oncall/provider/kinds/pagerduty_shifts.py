"""oncall:pagerduty:ShiftOverride and CustomShift: who else is on call for a while in a shift-based schedule.

https://developer.pagerduty.com/docs/schedules-v2-to-v3-upgrade (3. Create an override). What is over is a record of
who was on call: it is neither made again nor deleted.
"""

from __future__ import annotations

from typing import Any

from oncall.clients.opsgenie import segment
from oncall.clients.pagerduty import SHIFTS
from oncall.provider.fields import Field, Text
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.pagerduty_override import TIMES, TimeOnCall
from oncall.provider.session import Call


def _member(user: str) -> Values:
    return {"type": "user_member", "user_id": user}


def _user(member: Any) -> Any:
    return member.get("user_id") if isinstance(member, dict) else None


class _OfShifts(TimeOnCall):
    """What both kinds share: each can be read by its id, and lists cut at their window unless told otherwise."""

    def under(self, schedule: str) -> str:
        """Below the schedule."""
        return f"{SHIFTS}/{segment(schedule)}/{self.rows_name}"

    def fetch(self, call: Call, schedule: str, own: str, state: Values) -> Values | None:  # noqa: ARG002
        """By its id."""
        answer = call.pagerduty.find(f"{self.under(schedule)}/{segment(own)}")
        found = answer.get(self.rows_name.removesuffix("s")) if answer else None
        return found if isinstance(found, dict) else None

    def rows(self, call: Call, schedule: str, since: str, until: str) -> list[Values]:
        """Whole ones: one that was cut to the window would look like one of just that time."""
        path = self.under(schedule)
        return call.pagerduty.rows(path, self.rows_name, since=since, until=until, overflow="true")


class ShiftOverride(_OfShifts):
    """One person in the place of another, in the shifts that come from one rotation."""

    token = "oncall:pagerduty:ShiftOverride"  # noqa: S105 - a type token
    doc = 'One person in the place of another in a rotation of shifts. Its id is "scheduleId/overrideId".'
    inputs = (
        Field("scheduleId", Text(), "The schedule.", required=True, replace=True),
        Field("rotationId", Text(), "The rotation whose shifts it is about.", required=True, replace=True),
        *TIMES,
        Field("overriddenUserId", Text(), "Who would be on call.", required=True, replace=True),
        Field("userId", Text(), "Who is instead.", required=True, replace=True),
    )
    rows_name = "overrides"
    noun = "override"

    def row(self, inputs: Values) -> Values:
        """Both members and the rotation."""
        return {
            "type": "override_shift",
            "rotation_id": inputs["rotationId"],
            "start_time": inputs["start"],
            "end_time": inputs["end"],
            "overridden_member": _member(inputs["overriddenUserId"]),
            "overriding_member": _member(inputs["userId"]),
        }

    def words(self, row: Values) -> Values:
        """Rotation, times and both users."""
        return {
            "rotationId": row.get("rotation_id"),
            "start": row.get("start_time"),
            "end": row.get("end_time"),
            "overriddenUserId": _user(row.get("overridden_member")),
            "userId": _user(row.get("overriding_member")),
        }

    def left_alone(self, call: Call, state: Values) -> bool:
        """As any, or its rotation is gone: then there is nobody whom it replaces, and no call removes it any more."""
        if super().left_alone(call, state):
            return True
        schedule, rotation = segment(state["scheduleId"]), segment(state["rotationId"])
        return call.pagerduty.find(f"{SHIFTS}/{schedule}/rotations/{rotation}") is None


class CustomShift(_OfShifts):
    """A single shift beside all rotations of a schedule."""

    token = "oncall:pagerduty:CustomShift"  # noqa: S105 - a type token
    doc = 'A single shift beside the rotations of a schedule. Its id is "scheduleId/shiftId".'
    inputs = (
        Field("scheduleId", Text(), "The schedule.", required=True, replace=True),
        *TIMES,
        Field("userId", Text(), "Who is on call.", required=True, replace=True),
    )
    rows_name = "custom_shifts"
    noun = "custom shift"

    def row(self, inputs: Values) -> Values:
        """A shift has exactly one assignment."""
        return {
            "type": "custom_shift",
            "start_time": inputs["start"],
            "end_time": inputs["end"],
            "assignments": [{"type": "shift_assignment", "member": _member(inputs["userId"])}],
        }

    def words(self, row: Values) -> Values:
        """Times and the one user."""
        (assignment, *_) = row.get("assignments") or [{}]
        return {"start": row.get("start_time"), "end": row.get("end_time"), "userId": _user(assignment.get("member"))}
