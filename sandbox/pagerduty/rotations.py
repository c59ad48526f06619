"""Calls on the rotations of a shift-based schedule and on their events.

https://developer.pagerduty.com/api-reference (/v3/schedules/{id}/rotations): what an event may still change depends on
whether it is past, running or to come; starts in the past are moved to now.
"""

from dataclasses import replace
from datetime import datetime

from starlette.responses import Response

from sandbox.core import instant_text, json_answer
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import invalid, not_found
from sandbox.pagerduty.recurrence import parsed
from sandbox.pagerduty.responses import API, WEB, Json
from sandbox.pagerduty.shift_fields import ShiftFields, fields_of, member_json, member_of, schedule_of
from sandbox.pagerduty.shift_models import Rotation, ShiftEvent, ShiftSchedule
from sandbox.pagerduty.shift_overlaps import overlapping

MAX_ROTATIONS = 10
MAX_EVENTS = 5
MAX_NAME = 255
ROTATING = "rotating_member_assignment_strategy"
EVERY = "every_member_assignment_strategy"


def listed(call: Call) -> Response:
    """GET /v3/schedules/{id}/rotations."""
    schedule = schedule_of(call)
    found = [rotation for rotation in schedule.rotations.values() if not rotation.deleted]
    return call.page("rotations", found, lambda one: rotation_json(schedule, one), total=False)


def create(call: Call) -> Response:
    """POST /v3/schedules/{id}/rotations: an empty one; the body must be empty."""
    schedule = schedule_of(call)
    if call.json:
        raise invalid("A rotation has no fields: the body must be empty")
    if sum(not rotation.deleted for rotation in schedule.rotations.values()) >= MAX_ROTATIONS:
        raise invalid(f"A schedule has at most {MAX_ROTATIONS} rotations")
    rotation = Rotation(_long_id(call.account))
    schedule.rotations[rotation.id] = rotation
    return json_answer({"rotation": rotation_json(schedule, rotation)}, 201)


def read(call: Call) -> Response:
    """GET /v3/schedules/{id}/rotations/{rotation}."""
    schedule, rotation = _rotation(call)
    return json_answer({"rotation": rotation_json(schedule, rotation)})


def delete(call: Call) -> Response:
    """DELETE /v3/schedules/{id}/rotations/{rotation}: its running event ends now, those to come go."""
    _, rotation = _rotation(call)
    for event in list(rotation.events.values()):
        _remove(call.account, rotation, event)
    rotation.deleted = True
    return json_answer(None, 204)


def events(call: Call) -> Response:
    """GET /v3/schedules/{id}/rotations/{rotation}/events."""
    schedule, rotation = _rotation(call)
    return call.page(
        "events", list(rotation.events.values()), lambda one: event_json(schedule, rotation, one), total=False
    )


def create_event(call: Call) -> Response:
    """POST /v3/schedules/{id}/rotations/{rotation}/events."""
    schedule, rotation = _rotation(call)
    account, now = call.account, call.account.now()
    if sum(event.until is None or event.until > now for event in rotation.events.values()) >= MAX_EVENTS:
        raise invalid(f"A rotation has at most {MAX_EVENTS} events")
    event = _event(account, fields_of(call, "event"), None)
    _check_overlaps(account, rotation, event)
    rotation.events[event.id] = event
    return json_answer({"event": event_json(schedule, rotation, event)}, 201)


def event(call: Call) -> Response:
    """GET /v3/schedules/{id}/rotations/{rotation}/events/{event}."""
    schedule, rotation = _rotation(call)
    return json_answer({"event": event_json(schedule, rotation, _found(rotation, call.path("event")))})


def update_event(call: Call) -> Response:
    """PUT .../events/{event}: a running one may only change its end, a past one nothing."""
    schedule, rotation = _rotation(call)
    account, old, fields = call.account, _found(rotation, call.path("event")), fields_of(call, "event")
    now = account.now()
    if old.until is not None and old.until <= now:
        raise invalid("A past event can't be changed")
    # Clients decide by the machine's clock whether an event runs: one that lies ahead by it may still be edited.
    if old.since <= account.stamp():
        others = sorted(name for name in _EVENT_FIELDS if fields.has(name))
        if others:
            for name in others:
                fields.note(name, "can't be changed while the event is active")
            fields.check()
    new = _event(account, fields, old)
    _check_overlaps(account, rotation, new)
    if old.since <= now and replace(new, until=old.until) != old:
        rotation.past.append(replace(old, until=now))
    rotation.events[old.id] = new
    return json_answer({"event": event_json(schedule, rotation, new)})


_EVENT_FIELDS = ("name", "start_time", "end_time", "effective_since", "recurrence", "assignment_strategy")


def delete_event(call: Call) -> Response:
    """DELETE .../events/{event}: what it has given stays in the rendered past; a past one is refused."""
    _, rotation = _rotation(call)
    old = _found(rotation, call.path("event"))
    if old.until is not None and old.until <= call.account.now():
        raise invalid("A past event can't be deleted")
    _remove(call.account, rotation, old)
    return json_answer(None, 204)


def _remove(account: Account, rotation: Rotation, event: ShiftEvent) -> None:
    now = account.now()
    if event.since < now:
        rotation.past.append(replace(event, until=min(now, event.until or now)))
    del rotation.events[event.id]


def _rotation(call: Call) -> tuple[ShiftSchedule, Rotation]:
    schedule = schedule_of(call)
    rotation = schedule.rotations.get(call.path("rotation"))
    if rotation is None or rotation.deleted:
        raise not_found("Rotation")
    return schedule, rotation


def _found(rotation: Rotation, key: str) -> ShiftEvent:
    if key not in rotation.events:
        raise not_found("Event")
    return rotation.events[key]


def _long_id(account: Account) -> str:
    return account.core.ids.capitals("A", 26)


def _event(account: Account, fields: ShiftFields, old: ShiftEvent | None) -> ShiftEvent:
    start, start_zone = _clock(fields, "start_time", (old.start, old.start_zone) if old else None)
    end, end_zone = _clock(fields, "end_time", (old.end, old.end_zone) if old else None)
    if end <= start:
        fields.note("end_time", "must be after start_time")
    now = account.now()
    since = max(fields.time("effective_since"), now) if fields.has("effective_since") or not old else old.since
    until = old.until if old else None
    if fields.has("effective_until"):
        until = fields.time("effective_until") if fields.raw("effective_until") is not None else None
    if until is not None and until <= since:
        fields.note("effective_until", "must be after effective_since")
    recurrence = _recurrence(fields, old)
    turns, members = (old.turns, old.members) if old else (1, ())
    if fields.has("assignment_strategy") or not old:
        strategy = fields.part("assignment_strategy")
        rotating = strategy.choice("type", (ROTATING, EVERY)) == ROTATING
        turns = _turns(strategy) if rotating else None
        members = tuple(member_of(account, one) for one in strategy.parts("members"))
        if not members:
            strategy.note("members", "can't be empty")
    name = fields.text("name", old.name if old else None, MAX_NAME)
    fields.check()
    key = old.id if old else _long_id(account)
    return ShiftEvent(key, name, start, end, start_zone, end_zone, since, until, recurrence, turns, members)


def _clock(fields: ShiftFields, name: str, old: tuple[datetime, str] | None) -> tuple[datetime, str]:
    if old and not fields.has(name):
        return old
    part = fields.part(name)
    return part.time("date_time"), part.zone("time_zone")


def _turns(strategy: ShiftFields) -> int:
    turns = strategy.raw("shifts_per_member")
    if isinstance(turns, bool) or not isinstance(turns, int) or turns < 1:
        strategy.note("shifts_per_member", "must be a whole number from 1")
        return 1
    return turns


def _recurrence(fields: ShiftFields, old: ShiftEvent | None) -> tuple[str, ...]:
    if old and not fields.has("recurrence"):
        return old.recurrence
    sent = fields.raw("recurrence")
    texts = tuple(sent) if isinstance(sent, list) and all(isinstance(one, str) for one in sent) else ()
    try:
        parsed(texts)
    except ValueError as error:
        fields.note("recurrence", str(error))
    return texts


def _check_overlaps(account: Account, rotation: Rotation, event: ShiftEvent) -> None:
    now = account.now()
    others = [one for one in rotation.events.values() if one.id != event.id and (one.until is None or one.until > now)]
    if overlapping(event, others, by_window=account.switches.events_overlap_by_window):
        raise invalid("Events within a rotation cannot overlap")


def rotation_json(schedule: ShiftSchedule, rotation: Rotation) -> Json:
    """Return a rotation with its events inline."""
    return {
        "id": rotation.id,
        "type": "schedule_rotation",
        "self": f"{API}/v3/schedules/{schedule.id}/rotations/{rotation.id}",
        "html_url": f"{WEB}/schedules/{schedule.id}",
        "events": [event_json(schedule, rotation, event) for event in rotation.events.values()],
    }


def event_json(schedule: ShiftSchedule, rotation: Rotation, event: ShiftEvent) -> Json:
    """Return an event: its times in UTC whatever they were sent in, zones beside them."""
    strategy: Json = {"type": EVERY if event.turns is None else ROTATING}
    if event.turns is not None:
        strategy["shifts_per_member"] = event.turns
    return {
        "id": event.id,
        "type": "schedule_event",
        "self": f"{API}/v3/schedules/{schedule.id}/rotations/{rotation.id}/events/{event.id}",
        "html_url": f"{WEB}/schedules/{schedule.id}",
        "name": event.name,
        "start_time": {"date_time": instant_text(event.start), "time_zone": event.start_zone},
        "end_time": {"date_time": instant_text(event.end), "time_zone": event.end_zone},
        "effective_since": instant_text(event.since),
        "effective_until": instant_text(event.until) if event.until else None,
        "recurrence": list(event.recurrence),
        "assignment_strategy": strategy | {"members": [member_json(member) for member in event.members]},
    }
