"""How findings say when and how long, and list names."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from oncall.shifts.clock import instant_text
from oncall.shifts.intervals import Interval

_SHOWN = 2


def spans_text(spans: Sequence[Interval], zone: str, shown: int = _SHOWN) -> str:
    """Return the first few stretches in a zone: `Mon 2026-12-07 09:00 to Mon 2026-12-14 09:00 (UTC) and 3 more`."""
    first = ", ".join(f"{instant_text(start, zone)} to {instant_text(end, zone)}" for start, end in spans[:shown])
    more = len(spans) - shown
    return f"{first} ({zone})" + (f" and {more} more time{'s' if more > 1 else ''}" if more > 0 else "")


def duration_text(span: timedelta) -> str:
    """Return a duration as it is typed: `90s`, `10m`, `2h`."""
    seconds = int(span.total_seconds())
    for size, unit in ((3600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def hours_text(span: timedelta) -> str:
    """Return a length in hours, minutes where there are some: `168 h`, `7 h 30 min`."""
    hours, rest = divmod(int(span.total_seconds()), 3600)
    return f"{hours} h" + (f" {rest // 60} min" if rest >= 60 else "")


def quoted(names: Iterable[str]) -> str:
    """Return keys as a list of people speak it: `` `ana`, `bo` and `cy` ``."""
    words = [f"`{name}`" for name in names]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
