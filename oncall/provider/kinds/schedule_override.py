"""oncall:opsgenie:ScheduleOverride: somebody else than the rotation says, for a while.

What is over is a record of who was on call: it is neither made again nor deleted nor changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from oncall.clients.errors import NotFound
from oncall.provider.fields import Field, Instant, Items, Problem, Text
from oncall.provider.kinds.base import Held, Values
from oncall.provider.kinds.named import ChildKind
from oncall.provider.kinds.recipients import OWN_ID
from oncall.provider.kinds.times import has_come, order_problems, text_of
from oncall.provider.session import Call

# https://docs.opsgenie.com/docs/schedule-override-api#create-schedule-override
ALIAS_LENGTH = 512


class ScheduleOverride(ChildKind):
    """The alias is ours to give, so whoever made an override by hand never has one of ours."""

    token = "oncall:opsgenie:ScheduleOverride"  # noqa: S105 - a type token
    noun = "override"
    parent = "scheduleId"
    doc = 'Somebody else than the rotation says, for a while. Its id is "scheduleId/alias".'
    inputs = (
        Field("scheduleId", Text(), "The schedule.", required=True, replace=True),
        Field(
            "alias",
            Text(ALIAS_LENGTH, r"[^/]+", "a name without slashes"),
            "Its name within the schedule.",
            required=True,
            replace=True,
        ),
        Field("username", Text(any_case=True), "E-mail address of who is on call.", required=True),
        Field("startDate", Instant(), "From when: ISO 8601 with a zone.", required=True),
        Field("endDate", Instant(), "Until when.", required=True),
        Field("rotationIds", Items(OWN_ID, ordered=False), "The rotations it is for; all if not given.", absent=[]),
    )

    def label(self, inputs: Values) -> str:
        """By its alias."""
        return f'{self.noun} "{inputs.get("alias") or inputs.get("name", "")}"'

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """An end after the start."""
        yield from order_problems(values, "startDate", "endDate")

    def under(self, parent_id: str) -> str:
        """A schedule's overrides."""
        return f"/v2/schedules/{parent_id}/overrides"

    def query(self) -> dict[str, str]:
        """Schedules by id, not by name."""
        return {"scheduleIdentifierType": "id"}

    def id_of(self, found: Values, inputs: Values) -> str:
        """ "scheduleId/alias"."""
        return f"{inputs[self.parent]}/{found.get('alias') or inputs['alias']}"

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/schedule-override-api#update-schedule-override."""
        rotations = [{"id": OWN_ID.canonical(each)} for each in inputs.get("rotationIds") or []]
        return {
            "user": {"type": "user", "username": inputs["username"]},
            "startDate": inputs["startDate"],
            "endDate": inputs["endDate"],
            "rotations": rotations,
        }

    def first_body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/schedule-override-api#create-schedule-override."""
        body = self.body(inputs) | {"alias": inputs["alias"]}
        return {name: value for name, value in body.items() if value != []}

    def write(self, call: Call, resource_id: str, inputs: Values) -> None:
        """Replace it: this is the one child of a schedule without a PATCH."""
        call.opsgenie.put(self.path(resource_id), self.body(inputs), **self.query())

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """Whoever is on call comes as a recipient, rotations with their names."""
        plain = {name: found.get(name) for name in ("alias", "startDate", "endDate")}
        rotations = [each.get("id") for each in found.get("rotations") or []]
        return plain | {"username": (found.get("user") or {}).get("username"), "rotationIds": rotations}

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """By alias."""
        schedule, alias = inputs["scheduleId"], inputs["alias"]
        if not fresh and call.ledger.made(schedule):
            return None

        def load() -> Iterator[tuple[str, str]]:
            rows = call.opsgenie.rows(self.under(schedule), **self.query())
            return ((str(row.get("alias")), str(row.get("alias"))) for row in rows)

        known = alias if fresh else call.ledger.known(self.under(schedule), alias, load)
        return None if known is None else self.fetch(call, f"{schedule}/{alias}")

    # What is over

    def create(self, call: Call, inputs: Values) -> Held:
        """One that is over is recorded as it was asked for, and never made."""
        if has_come(inputs["endDate"], call.now()):
            return Held(self.id_of({}, inputs), inputs, inputs)
        return super().create(call, inputs)

    def read(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held | None:
        """One that is over is let go: the program asks for it no more, whatever the vendor has kept of it."""
        if has_come(state.get("endDate"), call.now()):
            return None
        return super().read(call, resource_id, state, inputs)

    def update(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held:
        """Of one that was and stays over only the record changes."""
        now = call.now()
        if has_come(state.get("endDate"), now):
            return Held(resource_id, inputs, inputs) if has_come(inputs["endDate"], now) else self.create(call, inputs)
        return super().update(call, resource_id, state, inputs)

    def remove(self, call: Call, resource_id: str, state: Values) -> None:
        """One that is over stays, one that runs ends now, one to come goes."""
        now = call.now()
        if has_come(state.get("endDate"), now):
            return
        if not has_come(state.get("startDate"), now):
            super().remove(call, resource_id, state)
            return
        try:
            self.write(call, resource_id, {**state, "endDate": text_of(now)})
        except NotFound:
            return
