"""oncall:pagerduty:MaintenanceWindow: services that are silent for a while.

The official plugin has this kind too; with it one that is over stands in every preview until it is deleted, and one
whose create was cut off is made twice, for windows have no names.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from oncall.clients.errors import NotFound, Refused
from oncall.clients.opsgenie import segment
from oncall.provider.diff import describe
from oncall.provider.faults import HalfwayError, ProviderError, Told
from oncall.provider.fields import Field, Instant, Items, Problem, Text, canonical_fields, instant_of
from oncall.provider.kinds.base import Held, Kind, Values
from oncall.provider.kinds.pagerduty_override import CLOCK_SKEW, NEVER_MADE
from oncall.provider.kinds.times import has_come, order_problems
from oncall.provider.session import Call

COLLECTION = "/maintenance_windows"
WRAPPER = "maintenance_window"
LONGEST_DESCRIPTION = 1024


class MaintenanceWindow(Kind):
    """https://developer.pagerduty.com/api-reference/ - Maintenance windows. Services, text and end tell one."""

    token = "oncall:pagerduty:MaintenanceWindow"  # noqa: S105 - a type token
    doc = "Services that open no incidents for a while."
    inputs = (
        Field("startTime", Instant(), "From when: ISO 8601 with a zone.", required=True, replace=True),
        Field("endTime", Instant(), "Until when.", required=True),
        Field("services", Items(Text(), ordered=False, fewest=1), "The services' ids.", required=True),
        Field("description", Text(LONGEST_DESCRIPTION), "What it is for.", required=True),
    )

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """An end after the start."""
        yield from order_problems(values, "startTime", "endTime")

    def create(self, call: Call, inputs: Values) -> Held:
        """Post, unless an interrupted run has; one that is over is recorded as it was asked for, and never made."""
        if has_come(inputs["endTime"], call.now()):
            return Held(NEVER_MADE, inputs, inputs)
        with Told(_label(inputs)):
            found = self._same(call, inputs, fresh=False)
            adopted = found is not None
            if found is None:
                answer, adopted = call.pagerduty.create(
                    COLLECTION, {WRAPPER: _body(inputs)}, lambda: self._same(call, inputs, fresh=True)
                )
                found = answer if adopted else _unwrapped(answer)
            call.ledger.claim(str(found["id"]), call.urn, adopted=adopted)
        return self._compared(call, found, inputs)

    def read(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held | None:
        """One that is over is let go: the program asks for it no more."""
        if has_come(state.get("endTime"), call.now()):
            return None
        with Told(_label(state)):
            answer = call.pagerduty.find(f"{COLLECTION}/{segment(resource_id)}")
        if answer is None:
            return None
        live = self._settled(_unwrapped(answer), inputs, call.now())
        return Held(resource_id, live, live)

    def update(self, call: Call, resource_id: str, state: Values, inputs: Values) -> Held:
        """Write, and compare with the answer. Of one that is over only the record changes."""
        if resource_id == NEVER_MADE or has_come(state.get("endTime"), call.now()):
            return self.create(call, inputs)
        with Told(_label(inputs)):
            try:
                answer = call.pagerduty.put(f"{COLLECTION}/{segment(resource_id)}", {WRAPPER: _body(inputs)})
            except NotFound as error:
                raise ProviderError(f"it is gone at the vendor ({error}): `pulumi refresh`, then run again") from error
            return self._compared(call, _unwrapped(answer), inputs)

    def delete(self, call: Call, resource_id: str, state: Values) -> None:
        """One that is over stays, one that runs is ended, one to come goes."""
        over = resource_id == NEVER_MADE or has_come(state.get("endTime"), call.now())
        if over or call.ledger.adopted(resource_id):
            return
        with Told(_label(state)):
            try:
                call.pagerduty.delete(f"{COLLECTION}/{segment(resource_id)}")
            except Refused:
                # 405: it has ended while the request was under way.
                if not has_come(state.get("endTime"), call.now() + CLOCK_SKEW):
                    raise

    def _compared(self, call: Call, found: Values, inputs: Values) -> Held:
        state = self._settled(found, inputs, call.now())
        difference = describe(self.inputs, state, inputs)
        if difference:
            said = f"{_label(inputs)}: PagerDuty changed or ignored {difference}"
            raise HalfwayError(said, str(found["id"]), state)
        return Held(str(found["id"]), state, inputs)

    def _settled(self, found: Values, inputs: Values, now: datetime) -> Values:
        """The API's window in our words, in the program's spelling where that means the same."""
        live = _live(found)
        same = {
            item.name: inputs[item.name]
            for item in self.inputs
            if inputs.get(item.name) is not None
            and canonical_fields((item,), inputs) == canonical_fields((item,), live)
        }
        asked, held = instant_of(inputs.get("startTime")), instant_of(live["startTime"])
        # A start in the past is moved to the moment of the request.
        if asked is not None and held is not None and asked < held <= now + CLOCK_SKEW:
            same["startTime"] = inputs["startTime"]
        return {name: value for name, value in {**live, **same}.items() if value is not None}

    def _same(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """One of the same services, text and end, among those that are not over."""

        def load() -> Iterator[tuple[str, str]]:
            rows = call.pagerduty.rows(COLLECTION, "maintenance_windows", filter="open")
            return ((self._key(_live(row)), str(row["id"])) for row in rows)

        wanted = self._key(inputs)
        known = dict(load()).get(wanted) if fresh else call.ledger.known(COLLECTION, wanted, load)
        answer = None if known is None else call.pagerduty.find(f"{COLLECTION}/{segment(known)}")
        return None if answer is None else _unwrapped(answer)

    def _key(self, inputs: Values) -> str:
        told_by = tuple(item for item in self.inputs if item.name != "startTime")
        return repr(sorted(canonical_fields(told_by, inputs).items()))


def _body(inputs: Values) -> Values:
    return {
        "type": WRAPPER,
        "start_time": inputs["startTime"],
        "end_time": inputs["endTime"],
        "description": inputs["description"],
        "services": [{"id": each, "type": "service_reference"} for each in inputs["services"]],
    }


def _live(found: Values) -> Values:
    return {
        "startTime": found.get("start_time"),
        "endTime": found.get("end_time"),
        "description": found.get("description"),
        "services": [str(each.get("id")) for each in found.get("services") or []],
    }


def _unwrapped(answer: Any) -> Values:
    found = answer.get(WRAPPER) if isinstance(answer, dict) else None
    if not isinstance(found, dict) or "id" not in found:
        raise ProviderError("PagerDuty's answer holds no maintenance window: run again")
    return found


def _label(inputs: Values) -> str:
    when = (
        f" from {inputs['startTime']} to {inputs['endTime']}" if "startTime" in inputs and "endTime" in inputs else ""
    )
    return f"maintenance window{when}"
