"""Schedules of API v3: a schedule, its rotations and their events are made, changed and removed one by one.

Rotations and events are paired with the account's by position. See
https://developer.pagerduty.com/docs/schedules-v2-to-v3-upgrade-guide (early access: a header of its own).
"""

from typing import Any, Final

from sandbox.plugin.api import Again, Half
from sandbox.plugin.codecs import references
from sandbox.plugin.common import NAME, TEXT
from sandbox.plugin.errors import PluginError
from sandbox.plugin.fields import Field
from sandbox.plugin.handler import Handler, Kind, Tries
from sandbox.plugin.instants import parse_instant, same_instant
from sandbox.plugin.rules import one_of, time_zone
from sandbox.plugin.values import Value, Values

ROTATING: Final = "rotating_member_assignment_strategy"
_CREATED: Final = 201


class Schedulev2Handler(Handler):
    """POST the schedule empty, then each rotation, then each of its events; the state is what the answers say."""

    async def create(self, values: Values) -> tuple[str, Values]:
        """Makes the schedule; where a part of it fails, the rest is taken back with one DELETE."""
        again = self.kind.tries.create
        answer = await self.send("POST", self.kind.collection, self._outside(values), again=again, wanted=_CREATED)
        resource_id = str(self.unwrap(answer)["id"])
        path = self.item(resource_id, values)
        try:
            rotations = [await self._make_rotation(path, values, new) for new in values.get("rotations") or []]
        except PluginError as fault:
            try:
                await self.send("DELETE", path)
            except PluginError as second:
                raise PluginError(f"{fault} (and schedule {resource_id} is left behind: {second})") from fault
            raise
        return resource_id, {"description": "", **values, "rotations": rotations}

    def _outside(self, values: Values) -> Values:
        body = {key: value for key, value in self.body(values).items() if key != "rotations"}
        return {self.kind.wrapper: {**body, "rotations": []}}

    async def _make_rotation(self, schedule: str, values: Values, new: Values) -> Values:
        path = f"{schedule}/rotations"
        answer = await self.send("POST", path, {}, again=self.kind.tries.create, wanted=_CREATED)
        resource_id = answer["rotation"]["id"]
        events = [
            await self._make_event(f"{path}/{resource_id}", values, event, event["effectiveSince"])
            for event in new.get("events") or []
        ]
        return {"id": resource_id, "events": events}

    async def _make_event(self, rotation: str, values: Values, event: Values, since: str) -> Values:
        body = {"event": event_body({**event, "effectiveSince": since}, values["timeZone"])}
        answer = await self.send("POST", f"{rotation}/events", body, again=self.kind.tries.create, wanted=_CREATED)
        return _as_planned(event_state(answer["event"]), event)

    async def update(self, resource_id: str, old: Values, planned: Values) -> Values:
        """A PUT for what is the schedule's own, then what differs below it."""
        path = self.item(resource_id, planned)
        if any(old.get(key) != planned.get(key) for key in ("name", "timeZone", "description", "teams")):
            await self.send("PUT", path, self._outside(planned), again=self.kind.tries.update)
        before, wanted = old.get("rotations") or [], planned.get("rotations") or []
        rotations = [
            {"id": was["id"], "events": await self._update_events(f"{path}/rotations/{was['id']}", planned, was, new)}
            for was, new in zip(before, wanted, strict=False)
        ]
        for extra in before[len(wanted) :]:
            await self.remove(f"{path}/rotations/{extra['id']}", self.kind.tries.delete)
        rotations += [await self._make_rotation(path, planned, new) for new in wanted[len(before) :]]
        return {**planned, "rotations": rotations}

    async def _update_events(self, rotation: str, values: Values, was: Values, new: Values) -> list[Values]:
        before, wanted = was.get("events") or [], new.get("events") or []
        events = [
            await self._update_event(rotation, values, old, event) for old, event in zip(before, wanted, strict=False)
        ]
        for extra in before[len(wanted) :]:
            await self.remove(f"{rotation}/events/{extra['id']}", self.kind.tries.delete)
        return events + [
            await self._make_event(rotation, values, event, event["effectiveSince"]) for event in wanted[len(before) :]
        ]

    async def _update_event(self, rotation: str, values: Values, old: Values, event: Values) -> Values:
        """A future event is changed; one in force is replaced from now on, for the API changes no such event."""
        if _same_event(old, event):
            return old
        path = f"{rotation}/events/{old['id']}"
        if self._in_force(old):
            await self.remove(path, self.kind.tries.delete)
            return await self._make_event(rotation, values, event, f"{self.now():%Y-%m-%dT%H:%M:%SZ}")
        body = {"event": event_body(event, values["timeZone"])}
        answer = await self.send("PUT", path, body, again=self.kind.tries.update)
        return _as_planned(event_state(answer["event"]), event)

    def _in_force(self, event: Values) -> bool:
        try:
            return self.now() > parse_instant(event["effectiveSince"])
        except ValueError:
            return False

    async def fetch(self, resource_id: str, prior: Values, again: Again) -> Values:
        """The schedule; rotations that come without their events are read one by one."""
        path = self.item(resource_id, prior)
        raw = self.unwrap(await self.send("GET", path, again=again))
        rotations = raw.get("rotations") or []
        if not any(rotation.get("events") for rotation in rotations):
            answers = [await self.send("GET", f"{path}/rotations/{rotation['id']}") for rotation in rotations]
            rotations = [answer["rotation"] for answer in answers]
        zone = "UTC" if raw.get("time_zone") == "Etc/UTC" else raw.get("time_zone")
        read = self.state({**raw, "time_zone": zone, "rotations": None}, prior)
        known = prior.get("rotations") or []
        states = [_rotation_state(rotation, _at(known, index)) for index, rotation in enumerate(rotations)]
        teams = {} if read.get("teams") else {"teams": None}
        return {key: value for key, value in {**read, **teams, "rotations": states}.items() if value is not None}


def event_body(event: Values, zone: str) -> Values:
    """An event as the API takes it; its times stand in the schedule's zone."""
    strategy: Values = {"type": "", "members": None}
    for given in event.get("assignmentStrategies") or []:
        shifts = given.get("shiftsPerMember") or (1 if given["type"] == ROTATING else None)
        members = [
            {"type": one["type"], **({"user_id": one["userId"]} if one.get("userId") else {})}
            for one in given.get("members") or []
        ]
        strategy = {
            "type": given["type"],
            **({"shifts_per_member": shifts} if shifts else {}),
            "members": members or None,
        }
        break
    return {
        "name": event["name"],
        "start_time": {"date_time": event["startTime"], "time_zone": zone},
        "end_time": {"date_time": event["endTime"], "time_zone": zone},
        "effective_since": event["effectiveSince"],
        "effective_until": event.get("effectiveUntil") or None,
        "recurrence": event["recurrences"],
        "assignment_strategy": strategy,
    }


def event_state(raw: Values) -> Values:
    """The state an event of an answer means."""
    strategies = [_strategy_state(one) for one in [raw.get("assignment_strategy") or {}] if one.get("type")]
    return {
        "id": raw["id"],
        "name": raw["name"],
        "startTime": raw["start_time"]["date_time"],
        "endTime": raw["end_time"]["date_time"],
        "effectiveSince": raw["effective_since"],
        **({"effectiveUntil": raw["effective_until"]} if raw.get("effective_until") else {}),
        "recurrences": raw.get("recurrence") or [],
        "assignmentStrategies": strategies,
    }


def _strategy_state(raw: Values) -> Values:
    members = [
        {"type": one["type"], **({"userId": one["user_id"]} if one.get("user_id") else {})}
        for one in raw.get("members") or []
    ]
    shifts = {"shiftsPerMember": raw["shifts_per_member"]} if raw.get("shifts_per_member") else {}
    return {"type": raw["type"], **shifts, "members": members}


def _as_planned(state: Values, planned: Values) -> Values:
    """What the API moves or fills in by itself stays as the program has it, or every plan would show it."""
    kept = {**state, "effectiveSince": planned["effectiveSince"]}
    strategies = [dict(one) for one in kept["assignmentStrategies"]]
    for one, wanted in zip(strategies, planned.get("assignmentStrategies") or [], strict=False):
        one.pop("shiftsPerMember", None)
        if wanted.get("shiftsPerMember") is not None:
            one["shiftsPerMember"] = wanted["shiftsPerMember"]
    return {**kept, "assignmentStrategies": strategies}


def _rotation_state(raw: Values, known: Values) -> Values:
    events = []
    for index, event in enumerate(raw.get("events") or []):
        state, before = event_state(event), _at(known.get("events") or [], index)
        for key in ("startTime", "endTime"):
            if same_instant(before.get(key) or "", state[key]):
                state[key] = before[key]
        if before.get("effectiveSince"):
            state["effectiveSince"] = before["effectiveSince"]
        strategy = _at(before.get("assignmentStrategies") or [], 0)
        if strategy and state["assignmentStrategies"] and not strategy.get("shiftsPerMember"):
            state["assignmentStrategies"][0].pop("shiftsPerMember", None)
        events.append(state)
    return {"id": raw["id"], "events": events}


def _at(items: list[Any], index: int) -> Values:
    return items[index] if index < len(items) else {}


def _same_event(old: Values, new: Values) -> bool:
    times = all(same_instant(old[key], new[key]) for key in ("startTime", "endTime"))
    apart = ("id", "startTime", "endTime")
    return times and _without(old, apart) == _without(new, apart)


def _without(event: Values, keys: tuple[str, ...]) -> dict[str, Value]:
    return {key: value for key, value in event.items() if key not in keys and value not in (None, "", [])}


SCHEDULEV2: Final = Kind(
    token="pagerduty:index/schedulev2:Schedulev2",  # noqa: S106 (a type, no secret)
    half=Half.FRAMEWORK,
    collection="/v3/schedules",
    wrapper="schedule",
    handler=Schedulev2Handler,
    headers={"Accept": "application/json", "X-Early-Access": "flexible-schedules-early-access"},
    absence_is_deletion=True,
    tries=Tries(
        create=Again.ALL_BUT_BAD_REQUEST,
        update=Again.ALL_BUT_BAD_REQUEST,
        delete=Again.ALL_BUT_BAD_OR_MISSING,
    ),
    fields=(
        NAME,
        Field("timeZone", required=True, rule=time_zone),
        Field("description", computed=True, codec=TEXT),
        Field("teams", "strings", codec=references("team_reference")),
        Field(
            "rotations",
            "object",
            many=True,
            fields=(
                Field("id", output=True),
                Field(
                    "events",
                    "object",
                    many=True,
                    fields=(
                        Field("id", output=True),
                        Field("name", required=True),
                        Field("startTime", required=True),
                        Field("endTime", required=True),
                        Field("effectiveSince", required=True),
                        Field("effectiveUntil"),
                        Field("recurrences", "strings", required=True),
                        Field(
                            "assignmentStrategies",
                            "object",
                            many=True,
                            fields=(
                                Field("type", required=True, rule=one_of(ROTATING, "every_member_assignment_strategy")),
                                Field("shiftsPerMember", "integer"),
                                Field(
                                    "members",
                                    "object",
                                    many=True,
                                    fields=(
                                        Field("type", required=True, rule=one_of("user_member", "empty_member")),
                                        Field("userId"),
                                    ),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    ),
)
