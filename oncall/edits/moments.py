"""Moments and stretches of time as people type them: in the zone they belong to, dates with both days included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from oncall.edits.refusal import Refusal
from oncall.shifts.clock import moment_end, moment_instant

Moment = date | datetime


@dataclass(frozen=True, slots=True)
class Period:
    """From one typed moment to another in a zone; a date as the end includes its day, a time does not."""

    start: Moment
    end: Moment
    zone: str

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """The first instant and the first one after it, in UTC."""
        return moment_instant(self.start, self.zone), moment_end(self.end, self.zone)

    def __str__(self) -> str:
        return f"{moment_words(self.start)} to {moment_words(self.end)}"


def moment_words(moment: Moment) -> str:
    """Return a moment as it stands in the file: `2026-12-24`, `2026-12-24 09:00`, with an offset where it has one."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.isoformat(" ", "seconds" if moment.second else "minutes")


def refuse_backwards(period: Period) -> None:
    """Refuse a period that does not end after it begins."""
    start, end = period.instants
    if end <= start:
        begin, finish = moment_words(period.start), moment_words(period.end)
        raise Refusal(f"it has to end after it begins, and {finish} is not after {begin}")
