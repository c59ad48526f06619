"""The layers of a schedule at PagerDuty in the words of `desired`.

The service moves a past start of a new layer to the moment it was made, writes times by the schedule's clock, and goes
on listing layers that are over (api-behaviour.md, section 6).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from oncall.resource import Ref, Value
from oncall.shifts.clock import to_wall
from oncall.targets.common import utc_text
from oncall.targets.existing import Properties, Row, instant, part, parts, plain, text
from oncall.targets.pagerduty.layers import DAY_SECONDS

People = Callable[[Row], Ref]


def layers_of(schedule: Row, wanted: Properties, now: datetime, people: People) -> tuple[Value, ...]:
    """Return the layers that are not over, oldest first: the service lists them the other way round."""
    running = [row for row in reversed(parts(schedule, "schedule_layers")) if not _is_over(row, now)]
    given = wanted.get("layers")
    ours = [each for each in given if isinstance(each, Mapping)] if isinstance(given, tuple) else []
    named = {str(each.get("name")): each for each in ours}
    zone = wanted.get("time_zone")
    return tuple(_layer(row, named.get(text(row, "name"), {}), now, people, zone) for row in running)


def _is_over(row: Row, now: datetime) -> bool:
    end, start = instant(row.get("end")), instant(row.get("start"))
    return end is not None and (end <= now or (start is not None and end <= start))


def _layer(row: Row, wanted: Mapping[str, Value], now: datetime, people: People, zone: Value) -> dict[str, Value]:
    layer: dict[str, Value] = {
        "name": text(row, "name"),
        "start": _start(row, wanted, now),
        "rotation_virtual_start": _virtual_start(row, wanted, zone),
        "rotation_turn_length_seconds": plain(row.get("rotation_turn_length_seconds")),
        "users": tuple(people(part(each, "user")) for each in parts(row, "users")),
    }
    if (end := instant(row.get("end"))) is not None:
        layer["end"] = utc_text(end)
    if restrictions := parts(row, "restrictions"):
        layer["restrictions"] = _restrictions(restrictions, wanted.get("restrictions"))
    return layer


def _start(row: Row, wanted: Mapping[str, Value], now: datetime) -> Value:
    """Return the start; any two that are past mean the same from now on."""
    start, ours = instant(row.get("start")), instant(wanted.get("start"))
    if start is not None and ours is not None and (start == ours or max(start, ours) <= now):
        return wanted["start"]
    return utc_text(start) if start is not None else None


def _virtual_start(row: Row, wanted: Mapping[str, Value], zone: Value) -> Value:
    """Return from when turns are counted; a whole number of rounds later is the same, by the clock of the zone."""
    start, ours = instant(row.get("rotation_virtual_start")), instant(wanted.get("rotation_virtual_start"))
    if start is None:
        return None
    seconds, count = row.get("rotation_turn_length_seconds"), len(parts(row, "users"))
    if ours is not None and isinstance(seconds, int) and seconds > 0 and count:
        apart = start - ours
        if seconds % DAY_SECONDS == 0 and isinstance(zone, str):
            apart = to_wall(start, zone) - to_wall(ours, zone)
        if apart % timedelta(seconds=seconds * count) == timedelta(0):
            return wanted["rotation_virtual_start"]
    return utc_text(start)


def _restrictions(rows: list[Row], wanted: Value) -> Value:
    """Return the hours; in which order they are written means nothing."""
    names = ("type", "start_time_of_day", "duration_seconds", "start_day_of_week")
    live = tuple({name: plain(row[name]) for name in names if row.get(name) is not None} for row in rows)
    if isinstance(wanted, tuple) and sorted(map(_key, live)) == sorted(map(_key, wanted)):
        return wanted
    return live


def _key(restriction: Value) -> str:
    return repr(sorted(restriction.items())) if isinstance(restriction, Mapping) else repr(restriction)
