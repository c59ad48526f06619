"""oncall:pagerduty:ScheduleOverride: somebody else than the layers say, for a while. No Pulumi plugin has such kinds.

What is over is a record of who was on call: it is neither made again nor deleted.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from oncall.clients.errors import ClientError, Refused
from oncall.clients.opsgenie import segment
from oncall.provider.diff import describe
from oncall.provider.faults import HalfwayError, ProviderError, Told
from oncall.provider.fields import Field, Instant, Problem, Text, instant_of
from oncall.provider.kinds.base import Held, Kind, Values
from oncall.provider.kinds.times import has_come, order_problems, text_of
from oncall.provider.session import Call

NEVER_MADE = "never-made"
"""The id of one that was over before it could be made: PagerDuty takes none in the past."""
IMPORT_WINDOW = timedelta(days=365)
"""How far around now an override that is imported is looked for: the API has no other way than lists of a window."""
# A start in the past is moved to the moment of the request; the two clocks may differ a little.
CLOCK_SKEW = timedelta(minutes=5)


TIMES = (
    Field("start", Instant(), "From when: ISO 8601 with a zone.", required=True, replace=True),
    Field("end", Instant(), "Until when.", required=True, replace=True),
)


class TimeOnCall(Kind):
    """A stretch of time for which somebody is on call beside a schedule's own order.

    Such can be made and removed, not changed. Subclasses say where the account keeps them, and in which words.
    """

    rows_name: str
    noun: str

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """An end after the start."""
        yield from order_problems(values, "start", "end")

    @abstractmethod
    def under(self, schedule: str) -> str:
        """The path of a schedule's objects of this kind."""

    @abstractmethod
    def row(self, inputs: Values) -> Values:
        """The object in the API's words."""

    @abstractmethod
    def words(self, row: Values) -> Values:
        """What an object of the API says, in the program's names but for the schedule."""

    @abstractmethod
    def fetch(self, call: Call, schedule: str, own: str, state: Values) -> Values | None:
        """The object by its id, None where it is gone."""

    def made(self, answer: Any) -> Values:
        """The object of an answer to a POST of one."""
        rows = answer.get(self.rows_name) if isinstance(answer, dict) else None
        if not rows or not isinstance(rows[0], dict):
            raise ProviderError(f"PagerDuty's answer holds no {self.noun}: run again")
        found: Values = rows[0]
        return found

    def left_alone(self, call: Call, state: Values) -> bool:
        """Whether the account may refuse to delete it for good, because it has no say any more."""
        # It may have ended while the request was under way: "You cannot remove a past override."
        return has_come(state.get("end"), call.now() + CLOCK_SKEW)

    def create(self, call: Call, inputs: Values) -> Held:
        """Post, unless an interrupted run has; one that is over is recorded as it was asked for, and never made."""
        if has_come(inputs["end"], call.now()):
            return Held(f"{inputs['scheduleId']}/{NEVER_MADE}", inputs, inputs)
        with Told(self._label(inputs)):
            found = self._same(call, inputs)
            adopted = found is not None
            if found is None:
                answer, again = call.pagerduty.create(
                    self.under(inputs["scheduleId"]),
                    {self.rows_name: [self.row(inputs)]},
                    lambda: self._same(call, inputs),
                )
                found, adopted = (answer, True) if again else (self.made(answer), False)
            resource_id = f"{inputs['scheduleId']}/{found['id']}"
            call.ledger.claim(resource_id, call.urn, adopted=adopted)
        state = self._state(found, inputs, call.now())
        difference = describe(self.inputs, state, inputs)
        if difference:
            raise HalfwayError(f"{self._label(inputs)}: PagerDuty changed or ignored {difference}", resource_id, state)
        return Held(resource_id, state, inputs)

    def read(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held | None:
        """As the account has it; one that is over is let go: the program asks for it no more."""
        if has_come(state.get("end"), call.now()):
            return None
        schedule, own = _split(resource_id, self.noun)
        with Told(self._label(state or {"scheduleId": schedule})):
            found = self.fetch(call, schedule, own, state)
        if found is None:
            return None
        live = self._state(found, inputs or {"scheduleId": schedule}, call.now())
        return Held(resource_id, live, live)

    def update(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held:  # noqa: ARG002
        """Nothing of it can be changed: only another spelling of the same instants comes here."""
        return Held(resource_id, inputs, inputs)

    def delete(self, call: Call, resource_id: str, state: Values) -> None:
        """One that is over stays; of one that runs PagerDuty keeps what has been; one to come goes."""
        schedule, own = _split(resource_id, self.noun)
        if own == NEVER_MADE or has_come(state.get("end"), call.now()) or call.ledger.adopted(resource_id):
            return
        with Told(self._label(state)):
            try:
                call.pagerduty.delete(f"{self.under(schedule)}/{segment(own)}")
            except Refused:
                if not self.left_alone(call, state):
                    raise

    def rows(self, call: Call, schedule: str, since: str, until: str) -> list[Values]:
        """Those that touch a stretch of time."""
        return call.pagerduty.rows(self.under(schedule), self.rows_name, since=since, until=until)

    def _same(self, call: Call, inputs: Values) -> Values | None:
        """One of the same people and interval."""
        now = call.now()
        rows = self.rows(call, inputs["scheduleId"], inputs["start"], inputs["end"])
        return next((row for row in rows if not describe(self.inputs, self._state(row, inputs, now), inputs)), None)

    def _state(self, found: Values, inputs: Values, now: datetime) -> Values:
        """The API's object in our words, in the program's spelling where that means the same."""
        live = {"scheduleId": inputs["scheduleId"], **self.words(found)}
        for name in ("start", "end"):
            if inputs.get(name) and instant_of(live[name]) == instant_of(inputs[name]):
                live[name] = inputs[name]
        asked, held = instant_of(inputs.get("start")), instant_of(live["start"])
        if asked is not None and held is not None and asked < held <= now + CLOCK_SKEW and asked <= now:
            live["start"] = inputs["start"]
        return live

    def _label(self, inputs: Values) -> str:
        when = f" from {inputs['start']} to {inputs['end']}" if "start" in inputs and "end" in inputs else ""
        return f'{self.noun}{when} of schedule "{inputs.get("scheduleId", "")}"'


class ScheduleOverride(TimeOnCall):
    """https://developer.pagerduty.com/api-reference/: the override of a schedule of layers."""

    token = "oncall:pagerduty:ScheduleOverride"  # noqa: S105 - a type token
    doc = 'Somebody else than the layers say, for a while. Its id is "scheduleId/overrideId".'
    inputs = (
        Field("scheduleId", Text(), "The schedule.", required=True, replace=True),
        *TIMES,
        Field("userId", Text(), "Who is on call.", required=True, replace=True),
    )
    rows_name = "overrides"
    noun = "override"

    def under(self, schedule: str) -> str:
        """Below the schedule."""
        return f"/schedules/{segment(schedule)}/overrides"

    def row(self, inputs: Values) -> Values:
        """A user for a while."""
        user = {"id": inputs["userId"], "type": "user_reference"}
        return {"start": inputs["start"], "end": inputs["end"], "user": user}

    def words(self, row: Values) -> Values:
        """Times and user."""
        return {"start": row.get("start"), "end": row.get("end"), "userId": (row.get("user") or {}).get("id")}

    def fetch(self, call: Call, schedule: str, own: str, state: Values) -> Values | None:
        """From the list of its window: no call gives a single one."""
        since, until = text_of(call.now() - IMPORT_WINDOW), text_of(call.now() + IMPORT_WINDOW)
        rows = self.rows(call, schedule, state.get("start") or since, state.get("end") or until)
        return next((row for row in rows if row.get("id") == own), None)

    def made(self, answer: Any) -> Values:
        """Each override of a POST has a status of its own."""
        result = answer[0] if isinstance(answer, list) and answer else {}
        override = result.get("override") if isinstance(result, dict) else None
        if not isinstance(override, dict):
            raise ProviderError("PagerDuty's answer holds no override: run again")
        if "id" not in override:
            said = ". ".join(map(str, result.get("errors") or ["no reason given"]))
            error: ClientError = Refused("PagerDuty", said, status=int(result.get("status") or 400))
            raise error
        return override


def _split(resource_id: str, noun: str) -> tuple[str, str]:
    schedule, slash, own = resource_id.partition("/")
    if not (schedule and slash and own) or "/" in own:
        article = "an" if noun[0] in "aeiou" else "a"
        own_id = f"{noun.split()[-1]}Id"
        raise ProviderError(f'"{resource_id}" is no id of {article} {noun}: it must be scheduleId/{own_id}')
    return schedule, own
