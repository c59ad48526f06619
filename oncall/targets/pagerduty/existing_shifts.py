"""What a PagerDuty account holds of shift-based schedules (API v3), in the words of `desired`."""

import re
from collections.abc import Mapping
from datetime import datetime

from oncall.resource import Ref, Value
from oncall.targets.common import utc_text
from oncall.targets.existing import Lists, Matching, Properties, Row, instant, part, parts, plain, text
from oncall.targets.pagerduty.kinds import CUSTOM_SHIFT, SHIFT_OVERRIDE, SHIFT_SCHEDULE, TEAM, USER
from oncall.targets.pagerduty.shifts import ALWAYS, zone_name

_PLACE = re.compile(r"rotations\[(\d+)\]\.id")


def shift_schedules(found: Matching, lists: Lists, now: datetime) -> None:
    """Match shift-based schedules by name, their overrides and custom shifts by what they say."""
    whole = [row for path, rows in lists.items() if re.fullmatch("/v3/schedules/[^/]+", path) for row in rows]
    known = {text(row, "id") for row in whole}
    heads = [row for row in lists["/v3/schedules"] if text(row, "id") not in known]

    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        given = wanted.get("rotations")
        ours = given if isinstance(given, tuple) else ()
        rotations = [_rotation(found, each, now) for each in parts(row, "rotations")]
        return {
            "name": text(row, "name"),
            "description": text(row, "description"),
            "time_zone": zone_name(text(row, "time_zone")),
            "teams": tuple(found.ref(TEAM, team) for team in parts(row, "teams")),
            "rotations": tuple(
                _without_past(each, now) for each in rotations if _without_past(each, now) or each in ours
            ),
        }

    found.named(SHIFT_SCHEDULE, whole, read)
    found.count(SHIFT_SCHEDULE, len(heads))
    by_id = {text(row, "id"): row for row in whole}
    for kind, name in ((SHIFT_OVERRIDE, "overrides"), (CUSTOM_SHIFT, "custom_shifts")):
        found.kinds.add(kind)
        taken: set[str] = set()
        for resource in found.of(kind):
            schedule = found.id_of(resource.properties["schedule_id"])
            for row in lists.get(f"/v3/schedules/{schedule}/{name}", ()):
                if text(row, "id") not in taken and _says(
                    found, row, resource.properties, by_id.get(schedule, {}), now
                ):
                    taken.add(text(row, "id"))
                    found.place(resource, row, resource.properties)
                    break


def _rotation(found: Matching, row: Row, now: datetime) -> Mapping[str, Value]:
    return {"events": tuple(_event(found, each, now) for each in parts(row, "events"))}


def _without_past(rotation: Mapping[str, Value], now: datetime) -> Value:
    """Return a rotation, None where all its events are over."""
    events = rotation["events"]
    return rotation if isinstance(events, tuple) and any(not _is_over(each, now) for each in events) else None


def _is_over(event: Value, now: datetime) -> bool:
    if not isinstance(event, Mapping):
        return False
    end = instant(event.get("effective_until"))
    return end is not None and end <= now


def _event(found: Matching, row: Row, now: datetime) -> Value:
    since, until = instant(row.get("effective_since")), instant(row.get("effective_until"))
    strategy = part(row, "assignment_strategy")
    recurrences = row.get("recurrence")
    event: dict[str, Value] = {
        "name": text(row, "name"),
        "start_time": _time(row.get("start_time")),
        "end_time": _time(row.get("end_time")),
        # The service takes a past one for the moment it was made: from now on they mean the same.
        "effective_since": ALWAYS if since is None or since <= now else utc_text(since),
        "recurrences": plain(recurrences) if isinstance(recurrences, list) else (),
        "assignment_strategies": (
            {
                "type": text(strategy, "type"),
                "shifts_per_member": plain(strategy.get("shifts_per_member")),
                "members": tuple(_member(found, each) for each in parts(strategy, "members")),
            },
        ),
    }
    return event | ({"effective_until": utc_text(until)} if until is not None else {})


def _time(value: object) -> Value:
    at = instant(value.get("date_time") if isinstance(value, Mapping) else value)
    return utc_text(at) if at is not None else None


def _member(found: Matching, row: Row) -> Value:
    if text(row, "type") == "empty_member":
        return {"type": "empty_member"}
    return {"type": text(row, "type"), "user_id": found.ref(USER, {"id": text(row, "user_id")})}


def _says(found: Matching, row: Row, wanted: Properties, schedule: Row, now: datetime) -> bool:
    """Whether an override or custom shift is the wanted one; a past start was moved to when it was made."""
    start, begins = instant(row.get("start_time")), instant(wanted["start"])
    if instant(row.get("end_time")) != instant(wanted["end"]) or start is None or begins is None:
        return False
    if start != begins and not begins < start <= now:
        return False
    if "overridden_user_id" in wanted:
        people = (part(row, "overridden_member"), part(row, "overriding_member"))
        ours = (wanted["overridden_user_id"], wanted["user_id"])
        same = all(text(each, "user_id") == found.id_of(ref) for each, ref in zip(people, ours, strict=True))
        return same and text(row, "rotation_id") == _rotation_id(schedule, wanted["rotation_id"])
    assignments = parts(row, "assignments")
    return any(text(part(each, "member"), "user_id") == found.id_of(wanted["user_id"]) for each in assignments)


def _rotation_id(schedule: Row, ref: Value) -> str:
    place = _PLACE.fullmatch(ref.field) if isinstance(ref, Ref) else None
    rotations = parts(schedule, "rotations")
    number = int(place[1]) if place else -1
    return text(rotations[number], "id") if 0 <= number < len(rotations) else ""
