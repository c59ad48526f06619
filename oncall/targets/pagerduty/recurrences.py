"""Shifts that come back by one rule of RFC 5545, as the events of PagerDuty's shift-based schedules do.

The service keeps all times in UTC, so everything here is UTC; https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10.
An event can't be in force for only a part of a shift: shifts that time cuts are events of their own (`within`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ONCE = "FREQ=DAILY;COUNT=1"


@dataclass(frozen=True, slots=True)
class Every:
    """At each of some distances from the first shift, the first of which is none, and again after each `step`."""

    step: timedelta
    at: tuple[timedelta, ...] = (timedelta(0),)

    def starts(self, first: datetime, since: datetime, until: datetime) -> Iterator[tuple[int, datetime]]:
        """Give the starts from `since` to before `until`, numbered from 0 at the first of all."""
        round_ = max(0, (since - first) // self.step - 1)
        while first + round_ * self.step < until:
            for place, distance in enumerate(self.at):
                start = first + round_ * self.step + distance
                if since <= start < until:
                    yield round_ * len(self.at) + place, start
            round_ += 1


@dataclass(frozen=True, slots=True)
class MonthDays:
    """On some days of every so many months; a day that a month does not have is left out."""

    interval: int
    days: tuple[int, ...]

    def starts(self, first: datetime, since: datetime, until: datetime) -> Iterator[tuple[int, datetime]]:
        """Give the starts from `since` to before `until`; their numbers say nothing, for one member has them all."""
        start = first + max(0, (since - first) // DAY) * DAY
        while start < until:
            months = (start.year - first.year) * 12 + start.month - first.month
            if start >= since and months % self.interval == 0 and start.day in self.days:
                yield 0, start
            start += DAY


@dataclass(frozen=True, slots=True)
class Pattern:
    """Shifts of one length whose first is at `first`; members take `turns` of them in a row, in their order.

    `rule` says the same as `when` in the words of the standard; `until` is the last moment at which one may begin.
    """

    first: datetime
    length: timedelta
    when: Every | MonthDays
    rule: str
    members: tuple[str, ...]
    turns: int = 1
    until: datetime | None = None

    def shifts(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime, str]]:
        """Give start, end and member of the shifts that touch a stretch of time, whole."""
        last = until if self.until is None else min(until, self.until + timedelta(seconds=1))
        for number, start in self.when.starts(self.first, max(self.first, since - self.length), last):
            if start + self.length > since:
                yield start, start + self.length, self.members[number // self.turns % len(self.members)]

    def within(self, end: datetime | None) -> Iterator["Pattern"]:
        """Give the patterns of what lies before `end`: the whole shifts, and the one it cuts."""
        if end is None:
            yield self
            return
        last = end - self.length
        if last >= self.first:
            yield replace(self, until=last)
        for start, finish, member in self.shifts(end - timedelta(seconds=1), end):
            if finish > end > start:
                yield once(start, end, member)


def once(start: datetime, end: datetime, member: str) -> Pattern:
    """Return a single shift."""
    return Pattern(start, end - start, Every(DAY), ONCE, (member,), until=start)
