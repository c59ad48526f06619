"""Calls about schedules, rotations, overrides, and who is on call."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.opsgenie.fields import parse_date
from sandbox.opsgenie.oncall import next_on_call_wire, on_call_wire, timeline_wire
from sandbox.opsgenie.rendering import Rotation
from sandbox.opsgenie.responses import Answer, Call, created, deleted, updated
from sandbox.opsgenie.schedules import Schedule

SCHEDULE_KIND = "scheduleIdentifierType"
UNITS = {"weeks": 7, "days": 1, "months": 31}
MOST_DAYS = 366


def _schedule(call: Call, kind: str = "identifierType") -> Schedule:
    schedule = call.account.schedules.find(call.path("identifier"), call.kind(kind))
    call.reach(schedule.team_id)
    return schedule


def _mine(call: Call) -> list[Schedule]:
    return [each for each in call.account.schedules.by_id.values() if call.by.team_id in (None, each.team_id)]


def list_schedules(call: Call) -> Answer:
    """GET /v2/schedules?expand=rotation."""
    expand = "rotation" in call.query("expand").split(",")
    wire = [call.account.schedules.wire(each, rotations=expand) for each in _mine(call)]
    return Answer(wire, extra={"expandable": ["rotation"]})


def create_schedule(call: Call) -> Answer:
    """POST /v2/schedules."""
    fields = call.fields()
    return created(call.account.schedules.create(fields, call.owner(fields)).meta())


def get_schedule(call: Call) -> Answer:
    """GET /v2/schedules/{identifier}: with its rotations."""
    return Answer(call.account.schedules.wire(_schedule(call)))


def update_schedule(call: Call) -> Answer:
    """PATCH /v2/schedules/{identifier}."""
    schedule, fields = _schedule(call), call.fields()
    call.account.schedules.update(schedule, fields, call.owner(fields, schedule.team_id))
    return updated(schedule.meta())


def delete_schedule(call: Call) -> Answer:
    """DELETE /v2/schedules/{identifier}."""
    call.account.schedules.delete(_schedule(call))
    return deleted()


# --- rotations ------------------------------------------------------------------------------------------------------


def list_rotations(call: Call) -> Answer:
    """GET /v2/schedules/{identifier}/rotations."""
    return Answer([call.account.schedules.rotation_wire(each) for each in _schedule(call, SCHEDULE_KIND).rotations])


def create_rotation(call: Call) -> Answer:
    """POST /v2/schedules/{identifier}/rotations."""
    rotation = call.account.schedules.add_rotation(_schedule(call, SCHEDULE_KIND), call.fields())
    return created({"id": rotation.id, "name": rotation.name})


def get_rotation(call: Call) -> Answer:
    """GET /v2/schedules/{identifier}/rotations/{rotation}."""
    schedule, rotation = _rotation(call)
    return Answer({"_parent": schedule.meta()} | call.account.schedules.rotation_wire(rotation))


def update_rotation(call: Call) -> Answer:
    """PATCH /v2/schedules/{identifier}/rotations/{rotation}."""
    schedule, rotation = _rotation(call)
    changed = call.account.schedules.update_rotation(schedule, rotation, call.fields())
    return updated({"id": changed.id, "name": changed.name})


def delete_rotation(call: Call) -> Answer:
    """DELETE /v2/schedules/{identifier}/rotations/{rotation}."""
    schedule, rotation = _rotation(call)
    schedule.rotations.remove(rotation)
    return deleted()


def _rotation(call: Call) -> tuple[Schedule, Rotation]:
    schedule = _schedule(call, SCHEDULE_KIND)
    return schedule, call.account.schedules.find_rotation(schedule, call.path("rotation"))


# --- overrides ------------------------------------------------------------------------------------------------------


def list_overrides(call: Call) -> Answer:
    """GET /v2/schedules/{identifier}/overrides."""
    schedule = _schedule(call, SCHEDULE_KIND)
    return Answer([call.account.schedules.override_wire(schedule, each) for each in schedule.overrides])


def create_override(call: Call) -> Answer:
    """POST /v2/schedules/{identifier}/overrides."""
    override = call.account.schedules.add_override(_schedule(call, SCHEDULE_KIND), call.fields())
    return created({"alias": override.alias})


def get_override(call: Call) -> Answer:
    """GET /v2/schedules/{identifier}/overrides/{alias}."""
    schedule = _schedule(call, SCHEDULE_KIND)
    override = call.account.schedules.find_override(schedule, call.path("alias"))
    return Answer(call.account.schedules.override_wire(schedule, override))


def replace_override(call: Call) -> Answer:
    """PUT /v2/schedules/{identifier}/overrides/{alias}."""
    schedule = _schedule(call, SCHEDULE_KIND)
    override = call.account.schedules.find_override(schedule, call.path("alias"))
    call.account.schedules.replace_override(schedule, override, call.fields())
    return updated({"alias": override.alias})


def delete_override(call: Call) -> Answer:
    """DELETE /v2/schedules/{identifier}/overrides/{alias}."""
    schedule = _schedule(call, SCHEDULE_KIND)
    schedule.overrides.remove(call.account.schedules.find_override(schedule, call.path("alias")))
    return deleted()


# --- who is on call -------------------------------------------------------------------------------------------------


def list_on_calls(call: Call) -> Answer:
    """GET /v2/schedules/on-calls?flat&date: of every schedule."""
    at, flat = _date(call), call.flag("flat")
    return Answer([on_call_wire(call.account, each, at, flat=flat) for each in _mine(call)])


def get_on_calls(call: Call) -> Answer:
    """GET /v2/schedules/{identifier}/on-calls?flat&date."""
    return Answer(on_call_wire(call.account, _schedule(call, SCHEDULE_KIND), _date(call), flat=call.flag("flat")))


def get_next_on_calls(call: Call) -> Answer:
    """GET /v2/schedules/{identifier}/next-on-calls?flat&date."""
    return Answer(next_on_call_wire(call.account, _schedule(call, SCHEDULE_KIND), _date(call), flat=call.flag("flat")))


def get_timeline(call: Call) -> Answer:
    """GET /v2/schedules/{identifier}/timeline?interval&intervalUnit&date&expand: a year at most."""
    unit = UNITS[call.kind("intervalUnit", tuple(UNITS))]
    start = _date(call)
    end = start + timedelta(days=call.number("interval", 1, low=1, high=MOST_DAYS // unit) * unit)
    expand = {each.strip() for each in call.query("expand").split(",")}
    wire: dict[str, Any] = timeline_wire(call.account, _schedule(call), start, end, expand)
    return Answer(wire, extra={"expandable": ["base", "forwarding", "override"]})


def _date(call: Call) -> datetime:
    text = call.query("date")
    return parse_date(text).astimezone(UTC) if text else call.account.now()
