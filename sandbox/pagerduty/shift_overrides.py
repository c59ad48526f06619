"""Calls on a shift-based schedule's overrides: each replaces one member in one rotation or one custom shift."""

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.custom_shifts import sent_list, times
from sandbox.pagerduty.errors import invalid, not_found
from sandbox.pagerduty.responses import API, WEB, Json
from sandbox.pagerduty.shift_fields import ShiftFields, fields_of, member_json, refused, schedule_of, shown, window_of
from sandbox.pagerduty.shift_models import ShiftOverride, ShiftSchedule


def listed(call: Call) -> Response:
    """GET /v3/schedules/{id}/overrides: those that touch since to until, which must both be given."""
    schedule = schedule_of(call)
    since, until = window_of(call)
    found = [one for one in schedule.overrides.values() if one.start < until and one.end > since]
    return call.page("overrides", found, lambda one: _json(call, schedule, one), total=False)


def create(call: Call) -> Response:
    """POST /v3/schedules/{id}/overrides: several at once, all or none."""
    schedule, account = schedule_of(call), call.account
    errors: dict[str, list[str]] = {}
    made = [_made(account, schedule, fields) for fields in sent_list(call, "overrides", errors)]
    if errors:
        raise refused(errors)
    schedule.overrides.update({override.id: override for override in made})
    return json_answer({"overrides": [_json(call, schedule, override) for override in made]}, 201)


def read(call: Call) -> Response:
    """GET /v3/schedules/{id}/overrides/{override}."""
    schedule, override = _found(call)
    return json_answer({"override": _json(call, schedule, override)})


def update(call: Call) -> Response:
    """PUT /v3/schedules/{id}/overrides/{override}: times and the overriding member; a past one is refused."""
    _, override = _found(call)
    account, fields = call.account, fields_of(call, "override")
    now = account.now()
    if override.end <= now:
        raise invalid("An override that has ended can't be changed")
    if override.start <= now and fields.has("start_time") and fields.time("start_time") != override.start:
        fields.note("start_time", "can't be changed once the override has started")
    start, end = times(fields, now, (override.start, override.end))
    has_member = fields.has("overriding_member")
    member = fields.member(account, "overriding_member") if has_member else override.overriding
    fields.check()
    override.start, override.end, override.overriding = start, end, member
    return read(call)


def delete(call: Call) -> Response:
    """DELETE /v3/schedules/{id}/overrides/{override}: a running one ends now, a past one is refused."""
    schedule, override = _found(call)
    now = call.account.now()
    if override.end <= now:
        raise invalid("An override that has ended can't be deleted")
    if override.start < now:
        override.end = now
    else:
        del schedule.overrides[override.id]
    return json_answer(None, 204)


def _found(call: Call) -> tuple[ShiftSchedule, ShiftOverride]:
    schedule = schedule_of(call)
    if call.path("override") not in schedule.overrides:
        raise not_found("Override")
    return schedule, schedule.overrides[call.path("override")]


def _made(account: Account, schedule: ShiftSchedule, fields: ShiftFields) -> ShiftOverride:
    fields.choice("type", ("override_shift",))
    rotation, shift = fields.raw("rotation_id"), fields.raw("custom_shift_id")
    if (rotation is None) == (shift is None):
        fields.note("rotation_id", "exactly one of rotation_id and custom_shift_id must be given")
    elif rotation is not None and (rotation not in schedule.rotations or schedule.rotations[rotation].deleted):
        fields.note("rotation_id", "rotation not found")
    elif shift is not None and shift not in schedule.custom_shifts:
        fields.note("custom_shift_id", "custom shift not found")
    start, end = times(fields, account.now())
    return ShiftOverride(
        id=account.core.ids.capitals("A", 26),
        rotation=rotation,
        custom_shift=shift,
        start=start,
        end=end,
        overridden=fields.member(account, "overridden_member"),
        overriding=fields.member(account, "overriding_member"),
    )


def _json(call: Call, schedule: ShiftSchedule, override: ShiftOverride) -> Json:
    of = {"rotation_id": override.rotation} if override.rotation else {"custom_shift_id": override.custom_shift}
    return {
        "id": override.id,
        "type": "override_shift",
        "self": f"{API}/v3/schedules/{schedule.id}/overrides/{override.id}",
        "html_url": f"{WEB}/schedules/{schedule.id}",
        **of,
        "start_time": shown(call, override.start, schedule.time_zone),
        "end_time": shown(call, override.end, schedule.time_zone),
        "overridden_member": member_json(override.overridden),
        "overriding_member": member_json(override.overriding),
    }
