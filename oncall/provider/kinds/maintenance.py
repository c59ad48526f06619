"""oncall:opsgenie:Maintenance: integrations or policies switched for a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from oncall.clients.errors import NotFound
from oncall.provider.convert import UNKNOWN
from oncall.provider.diff import Change
from oncall.provider.fields import Field, Instant, Items, Problem, Record, Text, canonical_fields
from oncall.provider.kinds.base import Held, Values
from oncall.provider.kinds.opsgenie import OpsgenieKind
from oncall.provider.kinds.recipients import OWN_ID
from oncall.provider.kinds.times import has_come, order_problems
from oncall.provider.session import Call

# https://docs.opsgenie.com/docs/maintenance-api#create-maintenance
DESCRIPTION_LENGTH = 10_000
SCHEDULE = "schedule"
TYPES = (SCHEDULE, "for-5-minutes", "for-30-minutes", "for-1-hour", "indefinitely")
STATES = ("enabled", "disabled")
NEVER_MADE = "never-made"
"""The id of one that was over before it could be made: nobody can be spared by it any more."""

TIME = Record(
    "oncall:opsgenie:MaintenanceTime",
    "When a maintenance is.",
    (
        Field("type", Text(choices=TYPES), "schedule: from startDate to endDate; all others: from now.", required=True),
        Field("startDate", Instant(), "From when: ISO 8601 with a zone; for schedule."),
        Field("endDate", Instant(), "Until when; for schedule."),
    ),
)
RULE = Record(
    "oncall:opsgenie:MaintenanceRule",
    "What is switched.",
    (
        Field("state", Text(choices=STATES), "An integration can only be disabled.", default="disabled"),
        Field(
            "entity",
            Record(
                "oncall:opsgenie:MaintenanceEntity",
                "An integration or a policy.",
                (
                    Field("id", OWN_ID, "Its own id, or the id of its resource.", required=True),
                    Field("type", Text(choices=("integration", "policy")), "Which of the two.", required=True),
                ),
            ),
            "What is switched.",
            required=True,
        ),
    ),
)


class Maintenance(OpsgenieKind):
    """Of one that runs nothing can be changed, so it is ended and another one is made; one that is over stays."""

    token = "oncall:opsgenie:Maintenance"  # noqa: S105 - a type token
    noun = "maintenance"
    collection = "/v1/maintenance"
    doc = "Integrations or policies switched for a while. Imported by id."
    inputs = (
        Field(
            "description",
            Text(DESCRIPTION_LENGTH),
            "What it is for; with its time it tells one from another.",
            required=True,
        ),
        Field("time", TIME, "When it is.", required=True),
        Field("rules", Items(RULE, ordered=False, fewest=1), "What is switched.", required=True),
    )

    def label(self, inputs: Values) -> str:
        """By its description."""
        return f'{self.noun} "{inputs.get("description") or inputs.get("name", "")}"'

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """Dates for a schedule and for nothing else; integrations are only ever disabled."""
        time = values["time"]
        if isinstance(time, dict) and time["type"] is not UNKNOWN:
            for name in ("startDate", "endDate"):
                if (time.get(name) is None) == (time["type"] == SCHEDULE):
                    words = "is required" if time["type"] == SCHEDULE else "is not allowed"
                    yield Problem(f"time.{name}", f"{words} for type {time['type']}")
            yield from order_problems(time, "startDate", "endDate", "time.")
        for index, rule in enumerate(values["rules"] if isinstance(values["rules"], list) else []):
            entity = rule["entity"] if isinstance(rule, dict) else None
            if isinstance(entity, dict) and entity["type"] == "integration" and rule["state"] == "enabled":
                yield Problem(f"rules[{index}].state", "an integration can only be disabled")

    def diff(self, state: Values, inputs: Values) -> list[Change]:
        """Once it has begun, any change takes another one."""
        running = _began(state.get("time") or {}, datetime.now(UTC))
        return [Change(each.path, each.kind, each.replace or running) for each in super().diff(state, inputs)]

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/maintenance-api#create-maintenance."""
        rules = [
            {"state": rule["state"], "entity": {**rule["entity"], "id": OWN_ID.canonical(rule["entity"]["id"])}}
            for rule in inputs["rules"]
        ]
        return {"description": inputs["description"], "time": inputs["time"], "rules": rules}

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """The dates of a duration are the vendor's."""
        time = found.get("time") or {}
        names = ("type", "startDate", "endDate") if time.get("type") == SCHEDULE else ("type",)
        return {
            "description": found.get("description"),
            "time": {name: time.get(name) for name in names},
            "rules": [_rule_of(row) for row in found.get("rules") or []],
        }

    def owner_differs(self, found: Values, inputs: Values) -> bool:  # noqa: ARG002
        """It belongs to nobody."""
        return False

    def fetch(self, call: Call, resource_id: str) -> Values | None:
        """One that somebody has cancelled is gone: it can't be taken up again."""
        found = super().fetch(call, resource_id)
        return None if found is None or found.get("status") == "cancelled" else found

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """By description and time, among those that are not over."""
        wanted = _key(inputs)

        def load() -> Iterator[tuple[str, str]]:
            rows = call.opsgenie.rows(self.collection, type="non-expired")
            return ((_key(row), str(row["id"])) for row in rows)

        known = dict(load()).get(wanted) if fresh else call.ledger.known(self.collection, wanted, load)
        return None if known is None else self.fetch(call, known)

    def create(self, call: Call, inputs: Values) -> Held:
        """One that is over is recorded as it was asked for, and never made."""
        if has_come(inputs["time"].get("endDate"), call.now()):
            return Held(NEVER_MADE, inputs, inputs)
        return super().create(call, inputs)

    def after_create(
        self,
        call: Call,
        resource_id: str,
        inputs: Values,
        answer: Values,  # noqa: ARG002
        *,
        adopted: bool,
    ) -> None:
        """One that was found and runs can't be written to: the comparison shows whether it is what was asked for."""
        if adopted and not _began(inputs["time"], call.now()):
            self.write(call, resource_id, inputs)

    def read(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held | None:
        """One that is over is let go: the program asks for it no more, whatever the vendor has kept of it."""
        if has_come((state.get("time") or {}).get("endDate"), call.now()):
            return None
        return super().read(call, resource_id, state, inputs)

    def write(self, call: Call, resource_id: str, inputs: Values) -> None:
        """https://docs.opsgenie.com/docs/maintenance-api#update-maintenance."""
        call.opsgenie.put(self.path(resource_id), self.body(inputs))

    def remove(self, call: Call, resource_id: str, state: Values) -> None:
        """One that is over stays, one that runs is ended, one to come goes."""
        time = state.get("time") or {}
        if resource_id == NEVER_MADE or has_come(time.get("endDate"), call.now()):
            return
        found = self.fetch(call, resource_id)
        if found is None or found.get("status") == "past":
            return
        if found.get("status") == "active":
            try:
                call.opsgenie.act(f"{self.path(resource_id)}/cancel")
            except NotFound:
                return
        else:
            super().remove(call, resource_id, state)


def _began(time: Values, now: datetime) -> bool:
    """Whether a maintenance has begun; all but a scheduled one begin when they are made."""
    return time.get("type") != SCHEDULE or has_come(time.get("startDate"), now)


def _key(maintenance: Values) -> str:
    time = maintenance.get("time") or {}
    names = [item for item in TIME.fields if item.name == "type" or time.get("type") == SCHEDULE]
    return f"{maintenance.get('description')} {canonical_fields(tuple(names), time)}"


def _rule_of(found: Values) -> Values:
    entity = found.get("entity") or {}
    return {"state": found.get("state"), "entity": {"id": entity.get("id"), "type": entity.get("type")}}
