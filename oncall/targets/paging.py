"""What becomes of an alert at a vendor while nobody answers: who is told at which instant, and how.

Each vendor computes it from the same objects it is given by `desired`; the sandbox's own escalation is the judge.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall.model import Inventory, PageStep, Severity, Window
from oncall.model.escalation import PersonRef, Recipient, ScheduleRef
from oncall.shifts.clock import LAST
from oncall.shifts.paging import Told
from oncall.shifts.windows import is_open, window_intervals
from oncall.targets.telling import Way

_LONGEST_CLOSED = timedelta(days=9)  # weekly hours open within a week, clock changes included
Levels = Sequence[tuple[int, tuple[Recipient, ...]]]
"""Who is told how many minutes after the alert began."""


@dataclass(frozen=True, slots=True)
class PagedPerson:
    """Somebody who is told, why them, and in which ways, counted from the moment of the page.

    `by_profile`: their user at the vendor is not ours; the ways are the inventory's wish, their profile decides.
    """

    told: Told
    ways: tuple[PageStep, ...]
    by_profile: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One moment at which people are told, in pass `turn` (0 is the first) through the escalation.

    Without people nobody was behind the `recipients` then. `passed_over` are those of steps that had nobody and were
    left out at once. `again` marks people who have the alert already and are told more loudly; `one_of` that only
    one of the people is told, whose turn it is.
    """

    at: datetime
    turn: int
    level: str
    recipients: tuple[Recipient, ...]
    people: tuple[PagedPerson, ...]
    passed_over: tuple[Recipient, ...] = ()
    again: bool = False
    one_of: bool = False


@dataclass(frozen=True, slots=True)
class Paged:
    """An alert at one vendor: the `level` it comes in at in the vendor's words, and every page until the last.

    `held_until` is when it begins to be told, or to be told loudly, if not at once. `problem` says why nobody hears of
    it at all; then there are no pages.
    """

    level: str
    pages: tuple[Page, ...]
    held_until: datetime | None = None
    problem: str = ""


def next_opening(windows: tuple[Window, ...], zone: str, instant: datetime) -> datetime | None:
    """Return when weekly hours open next, None where they are open at the instant or never open."""
    if is_open(windows, zone, instant):
        return None
    opens = window_intervals(windows, zone, instant, min(instant + _LONGEST_CLOSED, LAST))
    return opens[0][0] if opens else None


def levels_known(levels: Levels, schedules: Collection[ScheduleRef]) -> list[tuple[int, tuple[Recipient, ...]]]:
    """Return the levels with those recipients the vendor knows: people, and schedules it has."""
    found = ((minute, tuple(who for who in told if _known(who, schedules))) for minute, told in levels)
    return [(minute, told) for minute, told in found if told]


def schedule_owners(levels: Levels) -> set[str]:
    """Return the teams whose schedules are told."""
    return {who.team for _, told in levels for who in told if isinstance(who, ScheduleRef)}


def wished(inventory: Inventory, told: Told, severity: Severity) -> PagedPerson:
    """Return a person whose user is not ours, with the ways the inventory has for them."""
    steps = inventory.pages_of(inventory.people[told.person], severity)
    return PagedPerson(told, tuple(sorted(steps, key=lambda step: step.after)), by_profile=True)


def given(told: Told, ways: Sequence[Way]) -> PagedPerson:
    """Return a person whose rules are ours, with the ways the vendor was given."""
    return PagedPerson(told, tuple(PageStep(way.method, timedelta(minutes=way.minute)) for way in ways), False)


def _known(who: Recipient, schedules: Collection[ScheduleRef]) -> bool:
    return isinstance(who, PersonRef) or who in schedules
