"""How much of the time somebody must be there somebody is: by team and tier, and by schedule."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce

from oncall.errors import Finding
from oncall.model import Inventory, Window
from oncall.model.escalation import ScheduleRef
from oncall.model.people import Severity
from oncall.model.words import DAY_MINUTES, DAYS
from oncall.shifts.intervals import Interval, Intervals, intersect, merge, subtract
from oncall.validate import Context, coverage, exceptions, holidays, leave, limits, steps, twice
from oncall.validate.gaps import (
    ALWAYS,
    CLOCK_CHANGE_GAP,
    COVERAGE_GAP,
    accepted_of,
    demanded,
    demanded_time,
    of_clocks,
    policy_gaps,
    raised,
)

RULES: frozenset[str] = frozenset(
    rule.id for theme in (coverage, steps, leave, twice, limits, exceptions, holidays) for rule in theme.RULES
)
"""The rules of `check` that are about who is there when."""

MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class AcceptedGaps:
    """Gaps in required hours that the inventory lives with, and why."""

    gaps: Intervals
    why: str


@dataclass(frozen=True, slots=True)
class TierCoverage:
    """What a team has of the time in which a tier of it must reach somebody.

    `required` are the hours, in the team's zone; None where nothing is required of a tier, which is then measured
    against all hours. `open` are gaps of which no `accept` speaks, `meant` those outside the required hours.
    `raised_from` is a tier that is raised to this one, which must then answer at any hour.
    """

    team: str
    tier: str
    severity: Severity
    zone: str
    required: tuple[Window, ...] | None
    raised_from: str | None
    length: timedelta
    covered: timedelta
    open: Intervals
    accepted: tuple[AcceptedGaps, ...]
    meant: Intervals

    @property
    def failed(self) -> bool:
        """Whether required hours are left open."""
        return self.required is not None and bool(self.open)


@dataclass(frozen=True, slots=True)
class ScheduleCoverage:
    """What a schedule has of all the time; `on_step` tells whether an escalation in use looks at it."""

    ref: ScheduleRef
    zone: str
    length: timedelta
    covered: timedelta
    gaps: Intervals
    on_step: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The coverage of some teams from one instant to another."""

    start: datetime
    end: datetime
    tiers: tuple[TierCoverage, ...]
    schedules: tuple[ScheduleCoverage, ...]

    @property
    def failed(self) -> bool:
        """Whether required hours of any tier are left open."""
        return any(tier.failed for tier in self.tiers)


def coverage_report(
    inventory: Inventory, now: datetime, days: int = 90, teams: Collection[str] | None = None
) -> Report:
    """Return the coverage of teams (None: all) in the days from now, 366 at most.

    Turns and overrides of whole schedules count; who is on leave is another matter, told by `leave-uncovered`.
    The names of the inventory must resolve.
    """
    context = Context(inventory, now)
    span: Interval = (context.now, min(context.now + timedelta(days=days), context.year_end))
    chosen = [team for team in inventory.teams if teams is None or team in teams]
    tiers = tuple(_tier(context, team, tier, span) for team in chosen for tier in context.in_use[team])
    refs = [ScheduleRef(team, schedule) for team in chosen for schedule in inventory.teams[team].schedules]
    return Report(*span, tiers, tuple(_schedule(context, ref, span) for ref in refs))


def findings_of(inventory: Inventory, findings: Collection[Finding], team: str | None) -> list[Finding]:
    """Return the findings that are about who is there when; only those of one team, where it is named."""
    ours = [finding for finding in findings if finding.rule in RULES]
    return ours if team is None else [finding for finding in ours if _concerns(inventory, finding, team)]


def windows_text(windows: tuple[Window, ...] | None) -> str:
    """Return hours of the week as they are typed: `always`, `Mon-Fri 08:00-20:00`; `-` where there are none."""
    if windows is None:
        return "-"
    return "always" if windows == ALWAYS else ", ".join(map(_window_text, windows))


def share(covered: timedelta, length: timedelta) -> float:
    """Return how many percent of a length are covered, rounded down to a hundredth: 100 is all of it."""
    return 100.0 if not length else int(10_000 * covered / length) / 100


def length_of(spans: Intervals) -> timedelta:
    """Return how long stretches of time are together."""
    return sum((end - start for start, end in spans), timedelta(0))


def _tier(context: Context, team: str, tier: str, span: Interval) -> TierCoverage:
    inventory = context.inventory
    recipients = tuple(dict.fromkeys(context.recipients(team, tier)))
    wanted = intersect(demanded_time(context, team, tier), (span,))
    gaps = intersect(policy_gaps(context, team, tier), (span,))
    missing = intersect(gaps, wanted)
    origin = context.once(raised).get((team, tier))
    left, accepted = missing, []
    if origin is None:  # nothing accepts a gap of what is raised to
        clocks = intersect(of_clocks(context, recipients, policy_gaps(context, team, tier)), missing)
        parts = []
        for rule, found in ((COVERAGE_GAP, subtract(missing, clocks)), (CLOCK_CHANGE_GAP, clocks)):
            rest, accepts = accepted_of(context, team, rule, found, recipients)
            parts.append(rest)
            if taken := subtract(found, rest):
                accepted.append(AcceptedGaps(taken, "; ".join(dict.fromkeys(accept.why for _, accept in accepts))))
        left = reduce(lambda one, other: merge((*one, *other)), parts)
    length = length_of(wanted)
    return TierCoverage(
        team,
        tier,
        inventory.tiers[tier].severity,
        inventory.team_zone(inventory.teams[team]),
        demanded(context, team, tier),
        origin,
        length,
        length - length_of(missing),
        left,
        tuple(accepted),
        subtract(gaps, wanted),
    )


def _schedule(context: Context, ref: ScheduleRef, span: Interval) -> ScheduleCoverage:
    team = context.inventory.teams[ref.team]
    gaps = intersect(context.gaps((ref,)), (span,))
    length = span[1] - span[0]
    zone = context.inventory.schedule_zone(team, team.schedules[ref.schedule])
    return ScheduleCoverage(ref, zone, length, length - length_of(gaps), gaps, ref in context.paging)


def _concerns(inventory: Inventory, finding: Finding, team: str) -> bool:
    paths = (finding.path, *finding.nouns)
    if any(path[0] == "teams" for path in paths):
        return any(path[:2] == ("teams", team) for path in paths)
    members = {member.person for member in inventory.teams[team].members}
    return any(path[0] == "people" and path[1] in members for path in paths)


def _window_text(window: Window) -> str:
    end = window.start + window.minutes
    if window.minutes <= DAY_MINUTES:
        last = "24:00" if end == DAY_MINUTES else _clock(end % DAY_MINUTES)
        hours = f"{_clock(window.start)}-{last}"
        return hours if len(window.days) == len(DAYS) else f"{_days(window.days)} {hours}"
    until = DAYS[(window.days[0] + end // DAY_MINUTES) % len(DAYS)]
    return f"{DAYS[window.days[0]]} {_clock(window.start)} - {until} {_clock(end % DAY_MINUTES)}"


def _days(days: tuple[int, ...]) -> str:
    return DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]}-{DAYS[days[-1]]}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
