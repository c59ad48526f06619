"""What upstream refuses before any request: value rules for the table of kinds."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.plugin.fields import Rule
from sandbox.plugin.instants import parse_instant
from sandbox.plugin.values import Value


def one_of(*allowed: str) -> Rule:
    """The value must be one of these texts."""

    def check(value: Value) -> str | None:
        return None if value in allowed else f"{value!r} is none of {', '.join(allowed)}"

    return check


def between(low: int, high: int) -> Rule:
    """The value must be a number from low to high, both included."""

    def check(value: Value) -> str | None:
        if isinstance(value, int) and low <= value <= high:
            return None
        return f"{value!r} is not between {low} and {high}"

    return check


def full_minute(value: Value) -> str | None:
    """The value must be an RFC 3339 time with zero seconds."""
    try:
        instant = parse_instant(value)
    except ValueError as error:
        return str(error)
    return None if instant.second == 0 else f"{value!r} is not a full minute"


def clock_time(value: Value) -> str | None:
    """The value must be a time of day, HH:MM:SS."""
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d", str(value)):
        return None
    return f"{value!r} is not of the form 00:00:00"


def time_zone(value: Value) -> str | None:
    """The value must be the name of a time zone."""
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError):
        return f"{value!r} is not a time zone"
    return None
