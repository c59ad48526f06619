"""oncall:opsgenie:Schedule: a schedule of a team; its rotations are resources of their own."""

from __future__ import annotations

from collections.abc import Callable

from oncall.provider.fields import Field, Flag, Text
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.named import NamedKind
from oncall.provider.session import MARK, Call

# https://docs.opsgenie.com/docs/schedule-api#create-schedule; the name must differ from every team's name too
# (https://github.com/opsgenie/terraform-provider-opsgenie/issues/353).
NAME_LENGTH = 100


class Schedule(NamedKind):
    """Everything of a schedule can be changed in place, its owner too."""

    token = "oncall:opsgenie:Schedule"  # noqa: S105 - a type token
    noun = "schedule"
    collection = "/v2/schedules"
    marked = True
    doc = "A schedule of a team; its rotations are resources of their own. Imported by id or name."
    inputs = (
        Field("name", Text(NAME_LENGTH), "Unique in the account, and no team's name.", required=True),
        Field("description", Text(empty=True), "Says that it is managed, unless given.", default=MARK, absent=""),
        Field("timezone", Text(), "IANA zone.", required=True),
        Field("enabled", Flag(), "Whether it counts.", default=True),
        Field("ownerTeamId", Text(), "The team it belongs to.", required=True),
    )

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/schedule-api#create-schedule."""
        plain = {name: inputs[name] for name in ("name", "description", "timezone", "enabled")}
        return plain | {"ownerTeam": {"id": inputs["ownerTeamId"]}}

    def read_again(self, call: Call, resource_id: str) -> tuple[Values | None, bool]:
        """The list of all schedules."""
        return schedule_or_rotation(call, resource_id, lambda: self.fetch(call, resource_id))

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """The owner comes as an object."""
        plain = {name: found.get(name) for name in ("name", "description", "timezone", "enabled")}
        return plain | {"ownerTeamId": (found.get("ownerTeam") or {}).get("id")}


def schedule_or_rotation(
    call: Call, resource_id: str, alone: Callable[[], Values | None]
) -> tuple[Values | None, bool]:
    """A schedule, or by "scheduleId/rotationId" a rotation, after a write: both are in one list.

    https://docs.opsgenie.com/docs/schedule-api#list-schedules
    """

    def everything() -> dict[str, Values]:
        rows = call.opsgenie.rows(Schedule.collection, expand="rotation")
        own = {str(row["id"]): row for row in rows}
        return own | {f"{row['id']}/{each['id']}": each for row in rows for each in row.get("rotations") or []}

    return call.ledger.reads.read(Schedule.collection, resource_id, alone, everything)
