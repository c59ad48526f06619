"""oncall:pagerduty:ScheduleOverride: somebody else than the layers say, for a while. No Pulumi plugin has this kind.

What is over is a record of who was on call: it is neither made again nor deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from oncall.clients.errors import ClientError, Refused
from oncall.clients.opsgenie import segment
from oncall.provider.diff import describe
from oncall.provider.faults import HalfwayError, ProviderError
from oncall.provider.fields import Field, Instant, Problem, Text, instant_of
from oncall.provider.kinds.base import Held, Kind, Values
from oncall.provider.kinds.opsgenie import Told
from oncall.provider.kinds.times import has_come, order_problems, text_of
from oncall.provider.session import Call

NEVER_MADE = "never-made"
"""The id of one that was over before it could be made: PagerDuty takes none in the past."""
IMPORT_WINDOW = timedelta(days=365)
"""How far around now an override that is imported is looked for: the API has no other way than lists of a window."""
# A start in the past is moved to the moment of the request; the two clocks may differ a little.
CLOCK_SKEW = timedelta(minutes=5)


class ScheduleOverride(Kind):
    """https://developer.pagerduty.com/api-reference/: overrides can be made and removed, not changed."""

    token = "oncall:pagerduty:ScheduleOverride"  # noqa: S105 - a type token
    doc = 'Somebody else than the layers say, for a while. Its id is "scheduleId/overrideId".'
    inputs = (
        Field("scheduleId", Text(), "The schedule.", required=True, replace=True),
        Field("start", Instant(), "From when: ISO 8601 with a zone.", required=True, replace=True),
        Field("end", Instant(), "Until when.", required=True, replace=True),
        Field("userId", Text(), "Who is on call.", required=True, replace=True),
    )

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """An end after the start."""
        yield from order_problems(values, "start", "end")

    def create(self, call: Call, inputs: Values) -> Held:
        """Post, unless an interrupted run has; one that is over is recorded as it was asked for, and never made."""
        if has_come(inputs["end"], call.now()):
            return Held(f"{inputs['scheduleId']}/{NEVER_MADE}", inputs, inputs)
        with Told(_label(inputs)):
            found = self._same(call, inputs)
            adopted = found is not None
            if found is None:
                found, adopted = self._post(call, inputs)
            resource_id = f"{inputs['scheduleId']}/{found['id']}"
            call.ledger.claim(resource_id, call.urn, adopted=adopted)
        state = _state(found, inputs, call.now())
        difference = describe(self.inputs, state, inputs)
        if difference:
            raise HalfwayError(f"{_label(inputs)}: PagerDuty changed or ignored {difference}", resource_id, state)
        return Held(resource_id, state, inputs)

    def read(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held | None:
        """From the list of its window; one that is over stays in the state, whatever the vendor has kept of it."""
        now = call.now()
        if has_come(state.get("end"), now):
            return Held(resource_id, state, inputs)
        schedule, own = _split(resource_id)
        since, until = text_of(now - IMPORT_WINDOW), text_of(now + IMPORT_WINDOW)
        with Told(_label(state or {"scheduleId": schedule})):
            rows = self._rows(call, schedule, state.get("start") or since, state.get("end") or until)
            found = next((row for row in rows if row.get("id") == own), None)
        if found is None:
            return None
        live = _state(found, inputs or {"scheduleId": schedule}, now)
        return Held(resource_id, live, live)

    def update(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held:  # noqa: ARG002
        """Nothing of it can be changed: only another spelling of the same instants comes here."""
        return Held(resource_id, inputs, inputs)

    def delete(self, call: Call, resource_id: str, state: Values) -> None:
        """One that is over stays; of one that runs PagerDuty keeps what has been; one to come goes."""
        schedule, own = _split(resource_id)
        if own == NEVER_MADE or has_come(state.get("end"), call.now()) or call.ledger.adopted(resource_id):
            return
        with Told(_label(state)):
            try:
                call.pagerduty.delete(f"{_under(schedule)}/{segment(own)}")
            except Refused:
                # It may have ended while the request was under way: "You cannot remove a past override."
                if not has_come(state.get("end"), call.now() + CLOCK_SKEW):
                    raise

    def _post(self, call: Call, inputs: Values) -> tuple[Values, bool]:
        override = {
            "start": inputs["start"],
            "end": inputs["end"],
            "user": {"id": inputs["userId"], "type": "user_reference"},
        }
        path = _under(inputs["scheduleId"])
        answer, again = call.pagerduty.create(path, {"overrides": [override]}, lambda: self._same(call, inputs))
        return (answer, True) if again else (_made(answer), False)

    def _same(self, call: Call, inputs: Values) -> Values | None:
        """One of the same person and interval."""
        now = call.now()
        rows = self._rows(call, inputs["scheduleId"], inputs["start"], inputs["end"])
        asked = {name: inputs[name] for name in ("scheduleId", "start", "end", "userId")}
        return next((row for row in rows if not describe(self.inputs, _state(row, inputs, now), asked)), None)

    def _rows(self, call: Call, schedule: str, since: str, until: str) -> list[Values]:
        return call.pagerduty.rows(_under(schedule), "overrides", since=since, until=until)


def _under(schedule: str) -> str:
    return f"/schedules/{segment(schedule)}/overrides"


def _split(resource_id: str) -> tuple[str, str]:
    schedule, slash, own = resource_id.partition("/")
    if not (schedule and slash and own) or "/" in own:
        raise ProviderError(f'"{resource_id}" is no id of an override: it must be scheduleId/overrideId')
    return schedule, own


def _label(inputs: Values) -> str:
    when = f" from {inputs['start']} to {inputs['end']}" if "start" in inputs and "end" in inputs else ""
    return f'override{when} of schedule "{inputs.get("scheduleId", "")}"'


def _state(found: Values, inputs: Values, now: datetime) -> Values:
    """The API's override in our words, in the program's spelling where that means the same."""
    live = {
        "scheduleId": inputs["scheduleId"],
        "start": found.get("start"),
        "end": found.get("end"),
        "userId": (found.get("user") or {}).get("id"),
    }
    for name in ("start", "end"):
        if inputs.get(name) and instant_of(live[name]) == instant_of(inputs[name]):
            live[name] = inputs[name]
    asked, held = instant_of(inputs.get("start")), instant_of(live["start"])
    if asked is not None and held is not None and asked < held <= now + CLOCK_SKEW and asked <= now:
        live["start"] = inputs["start"]
    return live


def _made(answer: Any) -> Values:
    """The override of an answer to a POST, which has a status of its own for each."""
    result = answer[0] if isinstance(answer, list) and answer else {}
    override = result.get("override") if isinstance(result, dict) else None
    if not isinstance(override, dict):
        raise ProviderError("PagerDuty's answer holds no override: run again")
    if "id" not in override:
        said = ". ".join(map(str, result.get("errors") or ["no reason given"]))
        error: ClientError = Refused("PagerDuty", said, status=int(result.get("status") or 400))
        raise error
    return override
