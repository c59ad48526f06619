"""Calls on shift-based schedules (/v3/schedules) themselves; rotations, custom shifts and overrides are beside."""

from datetime import datetime, timedelta

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import shift_render
from sandbox.pagerduty.account import Account, has_target, taken
from sandbox.pagerduty.call import Call, by_name
from sandbox.pagerduty.errors import bad_range, invalid
from sandbox.pagerduty.responses import WEB, Json, base, reference, references
from sandbox.pagerduty.rotations import rotation_json
from sandbox.pagerduty.shift_fields import ShiftFields, check_early_access, fields_of, member_json, schedule_of, shown
from sandbox.pagerduty.shift_models import ShiftSchedule
from sandbox.pagerduty.shift_render import Assignment

# The V3 schemas of the published REST document: lengths in characters, list sizes of their own.
MAX_NAME = 255
MAX_DESCRIPTION = 1024
DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
DEFAULT_WINDOW = timedelta(days=14)
MAX_WINDOW = timedelta(days=366 * 2)


def listed(call: Call) -> Response:
    """GET /v3/schedules: references only, and no total."""
    check_early_access(call)
    teams = set(call.many("team_ids"))
    found = [
        schedule
        for schedule in call.account.shift_schedules.values()
        if call.matches(schedule.name) and (not teams or teams.intersection(schedule.teams))
    ]
    return call.page(
        "schedules",
        by_name(found),
        lambda one: reference(call.account, "schedule", one.id),
        default=DEFAULT_LIMIT,
        most=MAX_LIMIT,
        total=False,
    )


def create(call: Call) -> Response:
    """POST /v3/schedules: the schedule alone; rotations are added by calls of their own."""
    check_early_access(call)
    account, fields = call.account, fields_of(call, "schedule")
    schedule = ShiftSchedule(account.new_id(), "", "", None, [])
    _take(account, fields, schedule, new=True)
    account.shift_schedules[schedule.id] = schedule
    return _answer(call, schedule, 201)


def read(call: Call) -> Response:
    """GET /v3/schedules/{id}: rotations and events inline; `include[]=final_schedule` adds who is on call."""
    return _answer(call, schedule_of(call))


def update(call: Call) -> Response:
    """PUT /v3/schedules/{id}: name, zone, description, teams."""
    schedule = schedule_of(call)
    _take(call.account, fields_of(call, "schedule"), schedule, new=False)
    return _answer(call, schedule)


def delete(call: Call) -> Response:
    """DELETE /v3/schedules/{id}: refused while a policy, or an open incident's copy of one, targets it."""
    account, schedule = call.account, schedule_of(call)
    if account.policies_using("schedule", schedule.id):
        raise invalid("Schedule can't be deleted if it's being used by escalation policies")
    if any(has_target(incident.policy, "schedule", schedule.id) for incident in account.open_incidents()):
        raise invalid(
            "Schedule can't be deleted if it's being used by an escalation policy snapshot with open incidents"
        )
    del account.shift_schedules[schedule.id]
    return json_answer(None, 204)


def _take(account: Account, fields: ShiftFields, schedule: ShiftSchedule, *, new: bool) -> None:
    name = fields.text("name", None if new else schedule.name, MAX_NAME)
    zone = fields.zone("time_zone", None if new else schedule.time_zone)
    description = fields.text("description", schedule.description, MAX_DESCRIPTION, blank=True)
    teams = schedule.teams
    if fields.has("teams"):
        teams = [str(one.raw("id")) for one in fields.parts("teams")] if fields.raw("teams") else []
        if any(team not in account.teams for team in teams):
            fields.note("teams", "team not found")
    # The provider's client always sends an empty list; the document has no rotations in these bodies.
    if fields.raw("rotations"):
        fields.note("rotations", "are made by POST /v3/schedules/{id}/rotations")
    if taken(name, account.shift_schedules.values(), schedule.id):
        fields.note("name", "has already been taken")
    fields.check()
    schedule.name, schedule.time_zone, schedule.teams = name, zone, teams
    schedule.description = description or None


def _answer(call: Call, schedule: ShiftSchedule, status: int = 200) -> Response:
    account = call.account
    rotations = [rotation for rotation in schedule.rotations.values() if not rotation.deleted]
    answer = head_json(account, schedule) | {
        "rotations": [rotation_json(schedule, rotation) for rotation in rotations],
    }
    if "final_schedule" in call.include:
        answer["final_schedule"] = _final(call, schedule)
    return json_answer({"schedule": answer}, status)


def head_json(account: Account, schedule: ShiftSchedule) -> Json:
    """Return a schedule without its rotations."""
    policies = [policy.id for policy in account.policies_using("schedule", schedule.id)]
    return base("schedule_v3", schedule.id, schedule.name, f"/v3/schedules/{schedule.id}") | {
        "html_url": f"{WEB}/schedules/{schedule.id}",
        "name": schedule.name,
        "time_zone": schedule.time_zone,
        "description": schedule.description or "",
        "teams": references(account, "team", schedule.teams),
        "escalation_policies": references(account, "escalation_policy", policies),
        "users": references(account, "user", schedule.members(account.now())),
        "http_cal_url": f"{WEB}/private/{schedule.id.lower()}/feed",
        "web_cal_url": f"webcal{WEB.removeprefix('https')}/private/{schedule.id.lower()}/feed",
    }


def _final(call: Call, schedule: ShiftSchedule) -> Json:
    since, until = _window(call)
    found = shift_render.assignments(
        schedule,
        since,
        until,
        wall_clock=call.account.switches.shifts_by_wall_clock,
        whole=call.query("overflow") == "true",
    )
    return {
        "type": "final_schedule",
        "rendered_coverage_percentage": shift_render.covered(found, since, until),
        "computed_shift_assignments": [_assignment(call, schedule, one) for one in found],
    }


def _window(call: Call) -> tuple[datetime, datetime]:
    now = call.account.now()
    if call.query("since") is None and call.query("until") is not None:
        until = call.instant("until", now)
        return until - DEFAULT_WINDOW, until
    since = call.instant("since", now)
    until = call.instant("until", since + DEFAULT_WINDOW)
    if not since <= until <= since + MAX_WINDOW:
        raise bad_range("until must lie after since, by two years at most")
    return since, until


def _assignment(call: Call, schedule: ShiftSchedule, one: Assignment) -> Json:
    kind = "schedule_rotation" if one.rotation else "custom_shift"
    source = {"rotation_id": one.rotation, "shift_id": one.shift, "override_id": one.override}
    return {
        "type": "computed_shift_assignment",
        "start_time": shown(call, one.start, schedule.time_zone),
        "end_time": shown(call, one.end, schedule.time_zone),
        "member": member_json(one.member),
        "source": {"type": f"{kind}_override" if one.override else kind}
        | {name: value for name, value in source.items() if value},
    }
