"""Calls on schedules of layers (v1) and their overrides."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import layers, rota
from sandbox.pagerduty.account import NO_STAKEHOLDERS, Account, has_target, taken
from sandbox.pagerduty.call import Call, by_name
from sandbox.pagerduty.errors import PagerDutyError, bad_range, invalid
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.models import Override, Schedule, Version
from sandbox.pagerduty.render import Layer, Span, coverage
from sandbox.pagerduty.responses import Json, base, reference, references, user_json
from sandbox.pagerduty.times import parse_time, zone_of, zoned_text

# Lengths in characters: https://support.pagerduty.com/main/docs/schedule-basics
MAX_NAME = 255
MAX_DESCRIPTION = 1024
# Where only one of since and until is given, the other lies two weeks away.
DEFAULT_WINDOW = timedelta(days=14)
MAX_WINDOW = timedelta(days=366 * 2)


def listed(call: Call) -> Response:
    """GET /schedules: without layers."""
    teams = set(call.many("team_ids"))
    found = [
        schedule
        for schedule in call.account.schedules.values()
        if call.matches(schedule.name) and (not teams or teams.intersection(schedule.teams))
    ]
    return call.page("schedules", by_name(found), lambda schedule: head_json(call.account, schedule))


def create(call: Call) -> Response:
    """POST /schedules."""
    account = call.account
    body = call.wrapped("schedule")
    fields, values = _fields(account, body, None)
    new = layers.submitted(account, body, fields)
    fields.check()
    version = Version(account.now(), new, values["time_zone"])
    schedule = Schedule(id=account.new_id(), versions=[version], **values)
    account.schedules[schedule.id] = schedule
    return _answer(call, schedule, 201)


def preview(call: Call) -> Response:
    """POST /schedules/preview: renders a schedule without storing it."""
    account = call.account
    body = call.wrapped("schedule")
    fields = Fields(body)
    zone = _zone(fields, "UTC")
    new = layers.submitted(account, _without_ids(body), fields)
    fields.check()
    name = str(body.get("name") or "Preview")
    schedule = Schedule("PREVIEW", name, zone, None, [], [Version(account.now(), new, zone)])
    return _answer(call, schedule)


def _without_ids(body: Json) -> Json:
    """Return a schedule with layers that have no ids: one that is stored already may be shown with its changes."""
    sent = body.get("schedule_layers")
    if not isinstance(sent, list):
        return body
    bare = [one | {"id": None} if isinstance(one, dict) else one for one in sent]
    return body | {"schedule_layers": bare}


def read(call: Call) -> Response:
    """GET /schedules/{id}: rendered only where since or until is given."""
    return _answer(call, call.account.schedule(call.path()))


def update(call: Call) -> Response:
    """PUT /schedules/{id}: layers are matched by id, and what has been stays as it was."""
    account, schedule = call.account, call.account.schedule(call.path())
    body = call.wrapped("schedule")
    fields, values = _fields(account, body, schedule)
    new = schedule.layers
    if "schedule_layers" in body:
        new = layers.replaced(account, schedule.layers, body, fields)
    fields.check()
    for name, value in values.items():
        setattr(schedule, name, value)
    now = account.now()
    # A clock that was moved back must not leave a version that begins after this one.
    earlier = [version for version in schedule.versions if version.since < now]
    schedule.versions = [*earlier, Version(now, new, schedule.time_zone)]
    schedule.present = None
    return _answer(call, schedule)


def delete(call: Call) -> Response:
    """DELETE /schedules/{id}: refused while a policy, or an open incident's copy of one, targets it."""
    account, schedule = call.account, call.account.schedule(call.path())
    if account.policies_using("schedule", schedule.id):
        raise invalid("Schedule can't be deleted if it's being used by escalation policies")
    if any(has_target(incident.policy, "schedule", schedule.id) for incident in account.open_incidents()):
        raise invalid(
            "Schedule can't be deleted if it's being used by an escalation policy snapshot with open incidents"
        )
    del account.schedules[schedule.id]
    return json_answer(None, 204)


def users(call: Call) -> Response:
    """GET /schedules/{id}/users: who is on call in a window."""
    schedule = call.account.schedule(call.path())
    since, until = _window(call) or (call.account.now(), call.account.now() + DEFAULT_WINDOW)
    held = _final(call.account, schedule, since, until)
    keys = dict.fromkeys(span.user for span in held)
    return json_answer(
        {"users": [user_json(call.account, call.account.users[key]) for key in keys if key in call.account.users]}
    )


def overrides(call: Call) -> Response:
    """GET /schedules/{id}/overrides: those that touch since to until, which must both be given."""
    schedule = call.account.schedule(call.path())
    if call.query("since") is None or call.query("until") is None:
        raise bad_range("since and until are needed")
    since, until = _window(call) or (call.account.now(), call.account.now())
    found = [one for one in schedule.overrides if one.start < until and one.end > since]
    return call.page("overrides", found, lambda one: _override_json(call.account, schedule, one))


def create_overrides(call: Call) -> Response:
    """POST /schedules/{id}/overrides: a list of results; or, for the old single form, the one override."""
    account, schedule = call.account, call.account.schedule(call.path())
    sent = call.json.get("overrides") if isinstance(call.json, dict) else None
    if not isinstance(sent, list):
        override, errors = _override(account, call.wrapped("override"))
        if override is None:
            raise PagerDutyError(400, 4004, "Invalid Override", *errors)
        schedule.overrides.append(override)
        schedule.present = None
        return json_answer({"override": _override_json(account, schedule, override)}, 201)
    results: list[Json] = []
    for one in sent:
        override, errors = _override(account, one if isinstance(one, dict) else {})
        if override is None:
            results.append({"status": 400, "errors": errors, "override": one})
            continue
        schedule.overrides.append(override)
        results.append({"status": 201, "override": _override_json(account, schedule, override)})
    schedule.present = None
    return json_answer(results, 201)


def delete_override(call: Call) -> Response:
    """DELETE /schedules/{id}/overrides/{override}: a past one is refused, a running one ends now, a future one goes."""
    schedule = call.account.schedule(call.path())
    override = next((one for one in schedule.overrides if one.id == call.path("override")), None)
    if override is None:
        raise PagerDutyError(404, 4004, "Override Not Found")
    now = call.account.now()
    if override.end <= now:
        raise PagerDutyError(400, 4004, "Invalid Override", "Override is in the past")
    schedule.present = None
    if override.start < now:
        override.end = now
        return json_answer({"override": _override_json(call.account, schedule, override)})
    schedule.overrides.remove(override)
    return json_answer(None, 204)


def _override(account: Account, body: Json) -> tuple[Override | None, list[str]]:
    fields = Fields(body)
    user = fields.reference("user", None, account.users)
    if user is None:
        fields.refuse("User can't be blank")
    elif account.stakeholder(user):
        fields.refuse(NO_STAKEHOLDERS)
    try:
        start, end = parse_time(body.get("start")), parse_time(body.get("end"))
    except ValueError:
        return None, [*fields.errors, "Start and end must be times"]
    if end <= start:
        fields.refuse("Override must end after its start")
    elif end <= account.now():
        fields.refuse("Override is in the past")
    if fields.errors or user is None:
        return None, fields.errors
    return Override(account.new_id("Q"), max(start, account.now()), end, user), []


def _override_json(account: Account, schedule: Schedule, override: Override) -> Json:
    return {
        "id": override.id,
        "start": zoned_text(override.start, schedule.time_zone),
        "end": zoned_text(override.end, schedule.time_zone),
        "user": reference(account, "user", override.user),
    }


def _fields(account: Account, body: Json, old: Schedule | None) -> tuple[Fields, Json]:
    fields = Fields(body)
    values: Json = {
        "name": fields.name(old.name if old else None, MAX_NAME),
        "description": fields.text("description", old.description if old else None, MAX_DESCRIPTION),
        "time_zone": _zone(fields, old.time_zone if old else None),
        "teams": fields.references("teams", old.teams if old else [], account.teams),
    }
    if taken(values["name"], account.schedules.values(), old.id if old else None):
        fields.refuse("Name has already been taken")
    return fields, values


def _zone(fields: Fields, old: str | None) -> str:
    name = fields.raw("time_zone", old)
    try:
        return zone_of(name).key if isinstance(name, str) else _no_zone(fields)
    except (KeyError, ValueError, OSError):
        return _no_zone(fields)


def _no_zone(fields: Fields) -> str:
    fields.refuse("Time zone is invalid")
    return "UTC"


def _window(call: Call) -> tuple[datetime, datetime] | None:
    if call.query("since") is None and call.query("until") is None:
        return None
    now = call.account.now()
    if call.query("since") is None:
        until = call.instant("until", now)
        since = until - DEFAULT_WINDOW
    else:
        since = call.instant("since", now)
        until = call.instant("until", since + DEFAULT_WINDOW)
    if not since <= until <= since + MAX_WINDOW:
        raise bad_range("until must lie after since, by two years at most")
    return since, until


def _final(account: Account, schedule: Schedule, since: datetime, until: datetime) -> list[Span]:
    return rota.final_spans(schedule, since, until, wall_clock=account.switches.wall_clock_turns)


def head_json(account: Account, schedule: Schedule) -> Json:
    """Return a schedule without its layers."""
    policies = [policy.id for policy in account.policies_using("schedule", schedule.id)]
    present = dict.fromkeys(user for layer in schedule.layers for user in layer.users)
    return base("schedule", schedule.id, schedule.name, f"/schedules/{schedule.id}") | {
        "name": schedule.name,
        "time_zone": schedule.time_zone,
        "description": schedule.description,
        "escalation_policies": references(account, "escalation_policy", policies),
        "users": references(account, "user", present),
        "teams": references(account, "team", schedule.teams),
    }


def _answer(call: Call, schedule: Schedule, status: int = 200) -> Response:
    account, window = call.account, _window(call)
    wall_clock = account.switches.wall_clock_turns
    overflow = call.query("overflow") == "true"

    def part(spans: Sequence[Span]) -> Json:
        if window is None:
            return {"rendered_schedule_entries": [], "rendered_coverage_percentage": None}
        return {
            "rendered_schedule_entries": [_entry(account, schedule, span) for span in spans],
            "rendered_coverage_percentage": coverage(spans, *window),
        }

    def one_layer(layer: Layer) -> Json:
        spans = rota.one_layer_spans(schedule, layer.id, *window, wall_clock=wall_clock) if window else []
        return layers.layer_json(account, layer, schedule.time_zone) | part(spans)

    final = _final(account, schedule, *window) if window else []
    if window and overflow:
        final = list(rota.shifts(schedule, *window, wall_clock=wall_clock))
    replaced = rota.override_spans(schedule, *window) if window else []
    body = head_json(account, schedule) | {
        # The web app numbers layers from the bottom, and so the API lists them: the last submitted first.
        "schedule_layers": [one_layer(layer) for layer in reversed(schedule.layers)],
        "overrides_subschedule": {"name": "Overrides"} | part(replaced),
        "final_schedule": {"name": "Final Schedule"} | part(final),
        "next_oncall_for_user": None,
    }
    return json_answer({"schedule": body}, status)


def _entry(account: Account, schedule: Schedule, span: Span) -> Json:
    digest = sha256(f"{schedule.id} {span.start} {span.user}".encode()).hexdigest()
    return {
        "id": f"Q{digest[:13].upper()}",
        "start": zoned_text(span.start, schedule.time_zone),
        "end": zoned_text(span.end, schedule.time_zone),
        "user": reference(account, "user", span.user),
    }
