"""The values of the inventory as people write them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from pydantic import BaseModel

from oncall.model import HandOff, PageStep, Turn, Window
from oncall.model.words import DAY_MINUTES, DAYS


def duration_text(length: timedelta) -> str:
    """Return a duration as it is written: `5m`, `1h 30m`, `2d`."""
    seconds = int(length.total_seconds())
    parts = []
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0m"


def hours_text(length: timedelta) -> str:
    """Return a length in hours: `12 h`, `7.5 h`."""
    hours = length.total_seconds() / 3600
    return f"{hours:.0f} h" if hours == int(hours) else f"{hours:.1f} h"


def said(value: object) -> str:
    """Return a value of the model in the words of the file."""
    match value:
        case bool():
            return "yes" if value else "no"
        case timedelta():
            return duration_text(value)
        case Turn():
            return f"{value.count} {value.unit}{'s' if value.count > 1 else ''}"
        case HandOff():
            return f"{DAYS[value.weekday]} {value.at:%H:%M}" if value.weekday is not None else f"{value.at:%H:%M}"
        case PageStep():
            return f"{value.method} after {duration_text(value.after)}" if value.after else value.method
        case Window():
            return _window(value)
        case datetime():
            return value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case BaseModel():
            fields = type(value).model_fields
            told = [(name, getattr(value, name)) for name in fields if getattr(value, name) != fields[name].default]
            return ", ".join(f"{name.replace('_', ' ')} {said(one)}" for name, one in told if one not in (None, (), {}))
        case tuple() | list():
            return ", ".join(said(one) for one in value)
        case Mapping():
            return ", ".join(f"{name}: {said(one)}" for name, one in value.items())
        case _:
            return str(value)


def named(names: Sequence[str], most: int = 5) -> str:
    """Return names as people list them: `a, b and 3 more`."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"


def _window(window: Window) -> str:
    def clock(minute: int) -> str:
        return f"{minute // 60 % 24:02}:{minute % 60:02}"

    start, end = clock(window.start), clock(window.start + window.minutes)
    if window.minutes > DAY_MINUTES:
        last = DAYS[(window.days[0] + (window.start + window.minutes) // DAY_MINUTES) % 7]
        return f"{DAYS[window.days[0]]} {start} - {last} {end}"
    hours = f"{start}-{'24:00' if end == '00:00' else end}"
    days = window.days
    if len(days) == 7:
        return hours
    return f"{DAYS[days[0]]}-{DAYS[days[-1]]} {hours}" if len(days) > 1 else f"{DAYS[days[0]]} {hours}"
