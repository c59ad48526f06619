"""Maintenance windows: while one runs its services open no incidents, and events can't resolve those that are open.

https://support.pagerduty.com/main/docs/maintenance-windows; open incidents go on notifying meanwhile.
"""

from datetime import datetime

from starlette.responses import Response

from sandbox.core import instant_text, json_answer
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import PagerDutyError, invalid, not_found
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.models import Window
from sandbox.pagerduty.responses import Json, base, reference, references, service_json, teams_json, user_json
from sandbox.pagerduty.times import parse_time

MAX_DESCRIPTION = 1024
FILTERS = ("past", "future", "ongoing", "open", "all")


def forget_service(account: Account, service: str) -> None:
    """Take a deleted service out of all windows; one left without services goes."""
    for window in list(account.windows.values()):
        window.services = tuple(one for one in window.services if one != service)
        if not window.services:
            del account.windows[window.id]


def listed(call: Call) -> Response:
    """GET /maintenance_windows, by filter, service_ids[], team_ids[] and query."""
    account, now = call.account, call.account.now()
    state = call.query("filter") or "all"
    if state not in FILTERS:
        raise invalid(f"Filter must be one of: {', '.join(FILTERS)}")
    services, teams = set(call.many("service_ids")), set(call.many("team_ids"))
    found = [
        window
        for window in account.windows.values()
        if _is(window, state, now)
        and call.matches(window.description or "")
        and (not services or services.intersection(window.services))
        and (not teams or teams.intersection(_teams(account, window)))
    ]
    return call.page("maintenance_windows", found, lambda one: _json(call, one))


def _is(window: Window, state: str, now: datetime) -> bool:
    return {
        "past": window.end <= now,
        "future": window.start > now,
        "ongoing": window.start <= now < window.end,
        "open": window.end > now,
        "all": True,
    }[state]


def create(call: Call) -> Response:
    """POST /maintenance_windows: a start in the past is moved to now."""
    account = call.account
    fields = Fields(call.wrapped("maintenance_window"))
    start, end = _times(account, fields, None)
    services = fields.references("services", [], account.services)
    if not services and not fields.errors:
        fields.refuse("Services can't be empty")
    description = fields.text("description", None, MAX_DESCRIPTION)
    fields.check()
    user = call.requester()
    number = account.next_window
    account.next_window += 1
    window = Window(account.new_id(), number, start, end, description, tuple(services), user)
    account.windows[window.id] = window
    return json_answer({"maintenance_window": _json(call, window)}, 201)


def read(call: Call) -> Response:
    """GET /maintenance_windows/{id}."""
    return json_answer({"maintenance_window": _json(call, _found(call))})


def update(call: Call) -> Response:
    """PUT /maintenance_windows/{id}: an ended one is refused."""
    account, window = call.account, _found(call)
    if window.end <= account.now():
        raise invalid("The maintenance window has already ended")
    fields = Fields(call.wrapped("maintenance_window", bare=True))
    start, end = _times(account, fields, window)
    services = fields.references("services", list(window.services), account.services)
    if not services:
        fields.refuse("Services can't be empty")
    description = fields.text("description", window.description, MAX_DESCRIPTION)
    fields.check()
    window.start, window.end = start, end
    window.services, window.description = tuple(services), description
    return read(call)


def delete(call: Call) -> Response:
    """DELETE /maintenance_windows/{id}: one to come goes, a running one ends now, an ended one is a 405."""
    account, window = call.account, _found(call)
    now = account.now()
    if window.end <= now:
        raise PagerDutyError(405, 2015, "Invalid Operation", "The maintenance window has already ended")
    if window.start < now:
        window.end = now
    else:
        del account.windows[window.id]
    return json_answer(None, 204)


def _found(call: Call) -> Window:
    if call.path() not in call.account.windows:
        raise not_found("Maintenance Window")
    return call.account.windows[call.path()]


def _times(account: Account, fields: Fields, old: Window | None) -> tuple[datetime, datetime]:
    now = account.now()
    start, end = (old.start, old.end) if old else (now, now)
    try:
        start = parse_time(fields.raw("start_time")) if fields.has("start_time") or not old else start
        end = parse_time(fields.raw("end_time")) if fields.has("end_time") or not old else end
    except ValueError:
        fields.refuse("Start time and end time must be times with a zone")
        return start, end
    # One that has begun keeps its start, whatever is sent.
    start = old.start if old and old.start <= now else max(start, now)
    if end <= start:
        fields.refuse("End time must be after start time and in the future")
    return start, end


def _teams(account: Account, window: Window) -> list[str]:
    policies = [account.policies[account.services[key].policy] for key in window.services]
    return list(dict.fromkeys(team for policy in policies for team in policy.teams))


def _json(call: Call, window: Window) -> Json:
    account = call.account
    teams = _teams(account, window)
    path = f"/maintenance_windows/{window.id}"
    by: Json | None = None
    if window.created_by:
        whole = "users" in call.include and window.created_by in account.users
        by = (
            user_json(account, account.users[window.created_by])
            if whole
            else reference(account, "user", window.created_by)
        )
    return base("maintenance_window", window.id, window.description, path) | {
        "sequence_number": window.number,
        "start_time": instant_text(window.start),
        "end_time": instant_text(window.end),
        "description": window.description,
        "services": [service_json(account, account.services[key]) for key in window.services]
        if "services" in call.include
        else references(account, "service", window.services),
        "teams": teams_json(account, teams, call.include),
        "created_by": by,
    }
