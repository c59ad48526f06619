"""What a notification policy does to an alert's notifications: delay, suppress, de-duplicate, restart, close.

Pure. Hours of "until" are wall-clock hours of the account's zone. The Go SDK leaves zeros out and writes
`deduplicationActionAction` with `deduplicationType` inside; both spellings are taken and, inside, both are answered.
Shapes: opsgenie-oas `DelayAction`, `DeduplicationAction`, `AutoCloseAction`, `AutoRestartAction`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.opsgenie.durations import read_span, span_wire
from sandbox.opsgenie.errors import invalid
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.restrictions import DAYS, midnight, to_instant, to_local

FOR_DURATION = "for-duration"
# The days (Monday is 0) on which each kind of delay may end.
DELAY_DAYS: dict[str, frozenset[int]] = {
    "next-time": frozenset(range(7)),
    "next-weekday": frozenset(range(5)),
} | {f"next-{name}": frozenset({number}) for number, name in enumerate(DAYS)}
DELAYS = (FOR_DURATION, *DELAY_DAYS)
VALUE_BASED, FREQUENCY_BASED = "value-based", "frequency-based"
MOST_RESTARTS = 20  # ours; no document names one


@dataclass(frozen=True)
class Delay:
    """Notifications wait: so long, or until a wall-clock time on a day of the kind."""

    option: str
    span: timedelta = timedelta(0)
    hour: int = 0
    minute: int = 0

    def until(self, at: datetime, zone: ZoneInfo, *, may_end_today: bool = True) -> datetime:
        """Return when notifications of an alert opened at an instant may begin: always later than that instant."""
        if self.option == FOR_DURATION:
            return at + self.span
        today = to_local(at, zone).date()
        first = 0 if may_end_today or self.option == "next-time" else 1
        days = (today + timedelta(days=number) for number in range(first, 9 + first))
        ends = (
            to_instant(midnight(day) + timedelta(hours=self.hour, minutes=self.minute), zone)
            for day in days
            if day.weekday() in DELAY_DAYS[self.option]
        )
        return next(end for end in ends if end > at)

    def wire(self) -> dict[str, Any]:
        """Return the action as the API writes it."""
        if self.option == FOR_DURATION:
            return {"delayOption": self.option, "duration": span_wire(self.span)}
        return {"delayOption": self.option, "untilHour": self.hour, "untilMinute": self.minute}


@dataclass(frozen=True)
class Deduplication:
    """Notifications wait until the alert has come so often, in all or (frequency-based) within a span."""

    kind: str
    count: int
    span: timedelta = timedelta(0)

    def reached(self, occurrences: Sequence[datetime], now: datetime) -> bool:
        """Tell whether an alert that came at these instants has come often enough."""
        if self.kind == FREQUENCY_BASED:
            occurrences = [at for at in occurrences if at > now - self.span]
        return len(occurrences) >= self.count

    def wire(self) -> dict[str, Any]:
        """Return the action as the API writes it."""
        wire = {"deduplicationActionType": self.kind, "deduplicationType": self.kind, "count": self.count}
        return wire | ({"duration": span_wire(self.span)} if self.span else {})


@dataclass(frozen=True)
class Restart:
    """Notifications begin anew each time so long has passed, at most so often."""

    span: timedelta
    most: int

    def wire(self) -> dict[str, Any]:
        """Return the action as the API writes it."""
        return {"duration": span_wire(self.span), "maxRepeatCount": self.most}


@dataclass(frozen=True)
class NotificationActions:
    """All that one notification policy does."""

    suppress: bool = False
    delay: Delay | None = None
    deduplication: Deduplication | None = None
    restart: Restart | None = None
    close_after: timedelta | None = None

    def wire(self) -> dict[str, Any]:
        """Return the actions as the API writes them in a policy."""
        wire: dict[str, Any] = {"suppress": self.suppress}
        if self.delay:
            wire["delayAction"] = self.delay.wire()
        if self.deduplication:
            wire["deduplicationAction"] = self.deduplication.wire()
        if self.restart:
            wire["autoRestartAction"] = self.restart.wire()
        if self.close_after:
            wire["autoCloseAction"] = {"duration": span_wire(self.close_after)}
        return wire


def read_actions(fields: Fields) -> NotificationActions:
    """Return the actions of a policy's request; 422 for what contradicts itself."""
    suppress, delay = fields.flag("suppress", default=False), fields.inner("delayAction")
    if suppress and delay:
        raise invalid("suppress", "must not be true beside a delayAction")
    close, restart = fields.inner("autoCloseAction"), fields.inner("autoRestartAction")
    repeats = fields.inner("deduplicationAction") or fields.inner("deduplicationActionAction")
    return NotificationActions(
        suppress=suppress,
        delay=_read_delay(delay) if delay else None,
        deduplication=_read_deduplication(repeats) if repeats else None,
        restart=_read_restart(restart) if restart else None,
        close_after=read_span(close, "duration") if close else None,
    )


def _read_delay(fields: Fields) -> Delay:
    option = fields.choice("delayOption", DELAYS)
    if option == FOR_DURATION:
        return Delay(option, read_span(fields, "duration"))
    return Delay(option, hour=fields.number("untilHour", 0, high=23), minute=fields.number("untilMinute", 0, high=59))


def _read_deduplication(fields: Fields) -> Deduplication:
    name = "deduplicationActionType" if fields.has("deduplicationActionType") else "deduplicationType"
    kind = fields.choice(name, (VALUE_BASED, FREQUENCY_BASED))
    span = read_span(fields, "duration") if kind == FREQUENCY_BASED else timedelta(0)
    return Deduplication(kind, fields.number("count", low=2, high=100), span)


def _read_restart(fields: Fields) -> Restart:
    return Restart(read_span(fields, "duration"), fields.number("maxRepeatCount", low=1, high=MOST_RESTARTS))
