"""Time restrictions of rotations, routing rules and notification rules: hours of the day, or spans of the week.

Hours are wall-clock hours in a zone. A window whose end is not after its start runs into the next day (or week);
equal start and end mean the whole day (or week) (inferred). Source: opsgenie-oas `TimeRestrictionInterval`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.opsgenie.errors import invalid
from sandbox.opsgenie.fields import Fields

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

TIME_OF_DAY = "time-of-day"
WEEKDAYS = "weekday-and-time-of-day"


def to_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) of a naive local time: an ambiguous one is its first occurrence, a missing one
    the first minute that exists after it."""
    early = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if early.astimezone(zone).replace(tzinfo=None) == local:
        return early
    # A missing time: the clocks jump somewhere between its two readings. Find where.
    low, high = local.replace(tzinfo=zone, fold=1).astimezone(UTC), early
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high


def to_local(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the naive wall-clock time of an instant in a zone."""
    return at.astimezone(zone).replace(tzinfo=None)


@dataclass(frozen=True)
class Window:
    """One span of a day or a week, in minutes since midnight (or since Monday's midnight)."""

    start: int
    end: int
    period: int

    def length(self) -> int:
        """Return the span's length in wall-clock minutes: 1 to a whole period."""
        return (self.end - self.start) % self.period or self.period

    def intervals(self, around: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """Give the instants [start, end) of the occurrences before, at and after an instant."""
        day = to_local(around, zone).date()
        if self.period == WEEK_MINUTES:
            day -= timedelta(days=day.weekday())
        for step in (-1, 0, 1):
            base = midnight(day + timedelta(minutes=step * self.period))
            start = base + timedelta(minutes=self.start)
            yield to_instant(start, zone), to_instant(start + timedelta(minutes=self.length()), zone)

    def wire(self) -> dict[str, Any]:
        """Return the span as the API writes it."""
        spans = {
            "startHour": self.start % DAY_MINUTES // 60,
            "startMin": self.start % 60,
            "endHour": self.end % DAY_MINUTES // 60,
            "endMin": self.end % 60,
        }
        if self.period == DAY_MINUTES:
            return spans
        return {"startDay": DAYS[self.start // DAY_MINUTES], "endDay": DAYS[self.end // DAY_MINUTES]} | spans


def midnight(day: date) -> datetime:
    """Return the naive midnight a day begins with."""
    return datetime.combine(day, time())


@dataclass(frozen=True)
class Restriction:
    """When something counts: inside any of its windows."""

    kind: str
    windows: tuple[Window, ...]

    def covers(self, at: datetime, zone: ZoneInfo) -> bool:
        """Tell whether an instant lies in one of the windows."""
        return any(start <= at < end for window in self.windows for start, end in window.intervals(at, zone))

    def next_edge(self, after: datetime, zone: ZoneInfo) -> datetime:
        """Return the first instant after `after` at which a window begins or ends."""
        edges = (edge for window in self.windows for span in window.intervals(after, zone) for edge in span)
        return min(edge for edge in edges if edge > after)

    def wire(self) -> dict[str, Any]:
        """Return the restriction as the API writes it."""
        if self.kind == TIME_OF_DAY:
            return {"type": self.kind, "restriction": self.windows[0].wire()}
        return {"type": self.kind, "restrictions": [window.wire() for window in self.windows]}


def read_restriction(fields: Fields | None) -> Restriction | None:
    """Return the time restriction of a request; None where there is none."""
    if fields is None:
        return None
    kind = fields.choice("type", (TIME_OF_DAY, WEEKDAYS))
    if kind == TIME_OF_DAY:
        inner = fields.inner("restriction")
        if inner is None:
            raise invalid(fields.name_of("restriction"), "is required")
        return Restriction(kind, (Window(_minutes(inner, "start"), _minutes(inner, "end"), DAY_MINUTES),))
    spans = fields.items("restrictions")
    if not spans:
        raise invalid(fields.name_of("restrictions"), "is required")
    return Restriction(
        kind,
        tuple(
            Window(
                DAYS.index(span.choice("startDay", DAYS)) * DAY_MINUTES + _minutes(span, "start"),
                DAYS.index(span.choice("endDay", DAYS)) * DAY_MINUTES + _minutes(span, "end"),
                WEEK_MINUTES,
            )
            for span in spans
        ),
    )


def _minutes(fields: Fields, edge: str) -> int:
    return fields.number(f"{edge}Hour", high=23) * 60 + fields.number(f"{edge}Min", 0, high=59)
