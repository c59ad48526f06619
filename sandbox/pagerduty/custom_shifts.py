"""Calls on a shift-based schedule's custom shifts: single shifts beside its rotations."""

from datetime import datetime

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import invalid, not_found
from sandbox.pagerduty.responses import API, WEB, Json
from sandbox.pagerduty.shift_fields import ShiftFields, fields_of, member_json, refused, schedule_of, shown, window_of
from sandbox.pagerduty.shift_models import CustomShift, Member, ShiftSchedule


def listed(call: Call) -> Response:
    """GET /v3/schedules/{id}/custom_shifts: those that touch since to until, which must both be given."""
    schedule = schedule_of(call)
    since, until = window_of(call)
    whole = call.query("overflow") == "true"
    found = [one for one in schedule.custom_shifts.values() if one.start < until and one.end > since]
    if not whole:
        found = [
            CustomShift(one.id, max(one.start, since), min(one.end, until), one.assignment, one.member) for one in found
        ]
    return call.page("custom_shifts", found, lambda one: _json(call, schedule, one), total=False)


def create(call: Call) -> Response:
    """POST /v3/schedules/{id}/custom_shifts: several at once, all or none."""
    schedule, account = schedule_of(call), call.account
    errors: dict[str, list[str]] = {}
    made = [_made(account, fields) for fields in sent_list(call, "custom_shifts", errors)]
    if errors:
        raise refused(errors)
    schedule.custom_shifts.update({shift.id: shift for shift in made})
    return json_answer({"custom_shifts": [_json(call, schedule, shift) for shift in made]}, 201)


def read(call: Call) -> Response:
    """GET /v3/schedules/{id}/custom_shifts/{shift}."""
    schedule, shift = _found(call)
    return json_answer({"custom_shift": _json(call, schedule, shift)})


def update(call: Call) -> Response:
    """PUT /v3/schedules/{id}/custom_shifts/{shift}: one that has begun may only end at another time."""
    _, shift = _found(call)
    account, fields = call.account, fields_of(call, "custom_shift")
    now = account.now()
    if shift.end <= now:
        raise invalid("A custom shift that has ended can't be changed")
    if shift.start <= now and (fields.has("start_time") or fields.has("assignments")):
        raise invalid("Only end_time of a custom shift that has started can be changed")
    start, end = times(fields, now, (shift.start, shift.end))
    member = _member(account, fields) if fields.has("assignments") else shift.member
    fields.check()
    shift.start, shift.end, shift.member = start, end, member
    return read(call)


def delete(call: Call) -> Response:
    """DELETE /v3/schedules/{id}/custom_shifts/{shift}: a running one ends now, an ended one is refused."""
    schedule, shift = _found(call)
    now = call.account.now()
    if shift.end <= now:
        raise invalid("A custom shift that has ended can't be deleted")
    if shift.start < now:
        shift.end = now
    else:
        del schedule.custom_shifts[shift.id]
    return json_answer(None, 204)


def _found(call: Call) -> tuple[ShiftSchedule, CustomShift]:
    schedule = schedule_of(call)
    if call.path("shift") not in schedule.custom_shifts:
        raise not_found("Custom Shift")
    return schedule, schedule.custom_shifts[call.path("shift")]


def sent_list(call: Call, name: str, errors: dict[str, list[str]]) -> list[ShiftFields]:
    """Return the fields of each object in the body's list, or raise the 400 for a body without one."""
    sent = call.json.get(name) if isinstance(call.json, dict) else None
    if not isinstance(sent, list) or not sent or not all(isinstance(one, dict) for one in sent):
        raise refused({name: ["must be a list of objects, and not empty"]})
    return [ShiftFields(one, f"{name}[{number}]", errors) for number, one in enumerate(sent)]


def times(
    fields: ShiftFields, now: datetime, old: tuple[datetime, datetime] | None = None
) -> tuple[datetime, datetime]:
    """Return start_time and end_time, noting what is not in order or wholly past."""
    start = fields.time("start_time", old[0] if old else None)
    end = fields.time("end_time", old[1] if old else None)
    if end <= start:
        fields.note("end_time", "must be after start_time")
    elif end <= now:
        fields.note("end_time", "must be in the future")
    return start, end


def _made(account: Account, fields: ShiftFields) -> CustomShift:
    fields.choice("type", ("custom_shift",))
    start, end = times(fields, account.now())
    member = _member(account, fields)
    ids = account.core.ids
    return CustomShift(ids.capitals("A", 26), start, end, ids.capitals("A", 26), member)


def _member(account: Account, fields: ShiftFields) -> Member:
    sent = fields.parts("assignments")
    if len(sent) != 1:
        fields.note("assignments", "must hold exactly one assignment")
        return Member(None)
    sent[0].choice("type", ("shift_assignment",))
    return sent[0].member(account, "member")


def _json(call: Call, schedule: ShiftSchedule, shift: CustomShift) -> Json:
    assignment = {"id": shift.assignment, "type": "shift_assignment", "member": member_json(shift.member)}
    return {
        "id": shift.id,
        "type": "custom_shift",
        "self": f"{API}/v3/schedules/{schedule.id}/custom_shifts/{shift.id}",
        "html_url": f"{WEB}/schedules/{schedule.id}",
        "start_time": shown(call, shift.start, schedule.time_zone),
        "end_time": shown(call, shift.end, schedule.time_zone),
        "assignments": [assignment],
    }
