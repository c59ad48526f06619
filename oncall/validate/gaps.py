"""When a page would reach nobody: which hours a team demands, what is missing of them, what it accepts of that."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oncall.errors import Path, Severity
from oncall.model import Accept, Window
from oncall.model.escalation import Level, Recipient, ScheduleRef, raised_tier
from oncall.model.teams import parse_required
from oncall.model.words import parse_window
from oncall.shifts.clock_changes import clock_gaps
from oncall.shifts.coverage import Pattern, schedule_patterns
from oncall.shifts.intervals import Intervals, intersect, subtract
from oncall.shifts.windows import window_intervals
from oncall.validate.base import Context
from oncall.validate.escalation import MUST_REACH, reaches_nobody
from oncall.validate.words import duration_text

COVERAGE_GAP, CLOCK_CHANGE_GAP = "coverage-gap", "clock-change-gap"
GAP_RULES = (COVERAGE_GAP, CLOCK_CHANGE_GAP)  # an accepted coverage-gap speaks of both
ALWAYS = parse_required("always")


@dataclass(frozen=True, slots=True)
class Gap:
    """When nobody is there whom `what` should reach; of `open` no `accept` speaks, `accepts` are those that do.

    `recipients` are those of whom somebody should be there.
    """

    rule: str
    team: str
    what: str
    path: Path
    severity: Severity
    gaps: Intervals
    open: Intervals
    accepts: tuple[tuple[Path, Accept], ...]
    recipients: tuple[Recipient, ...]


def coverage(context: Context) -> tuple[Gap, ...]:
    """Return all gaps of the next year but those of raises, each with what is accepted of it."""
    return tuple(gap for team in context.in_use for gap in _gaps_of(context, team))


def demanded(context: Context, team: str, tier: str) -> tuple[Window, ...] | None:
    """Return the hours, in the team's zone, in which a tier must reach somebody; None where no hours are demanded.

    Critical and high are demanded always, unless the team's `coverage` says otherwise; what is raised to, whatever it
    says.
    """
    if (team, tier) in context.once(raised):
        return ALWAYS
    said = context.inventory.teams[team].coverage.required.get(tier)
    if said is None and context.inventory.tiers[tier].severity in MUST_REACH:
        return ALWAYS
    return said


def demanded_time(context: Context, team: str, tier: str) -> Intervals:
    """Return the demanded hours of the next year; the whole of it where no hours are demanded."""
    windows = demanded(context, team, tier)
    if windows is None or windows == ALWAYS:
        return ((context.now, context.year_end),)
    zone = context.inventory.team_zone(context.inventory.teams[team])
    return window_intervals(windows, zone, context.now, context.year_end)


def raised(context: Context) -> dict[tuple[str, str], str]:
    """Return every team x tier that a raise pages, with the tier it is raised from."""
    found: dict[tuple[str, str], str] = {}
    for team, tiers in context.in_use.items():
        for tier in tiers:
            target = raised_tier(context.inventory, frozenset(tiers), tier)
            if target is not None:
                found.setdefault((team, target), tier)
    return found


def policy_gaps(context: Context, team: str, tier: str) -> Intervals:
    """Return when no step of a team x tier has anybody, in the year from now."""
    return context.gaps(context.recipients(team, tier))


def daily_hours(accept: Accept) -> tuple[Window, ...]:
    """Return the hours an `accept` is for; none where what is typed are no hours of a day."""
    try:
        return (parse_window(accept.daily),)
    except ValueError:
        return ()


def accepted_of(
    context: Context, team: str, rule: str, gaps: Intervals, recipients: Iterable[Recipient]
) -> tuple[Intervals, tuple[tuple[Path, Accept], ...]]:
    """Return what of the gaps the inventory doesn't accept, and the `accept`s that speak of the rest."""
    left = gaps
    accepts: list[tuple[Path, Accept]] = []
    for place, accept, zone in _accepts(context, team, recipients):
        if accept.rule not in (rule, COVERAGE_GAP):
            continue
        told = gaps
        if accept.daily is not None:
            told = intersect(gaps, window_intervals(daily_hours(accept), zone, context.now, context.year_end))
        if told:
            left = subtract(left, told)
            accepts.append((place, accept))
    return left, tuple(accepts)


def of_clocks(context: Context, recipients: Iterable[Recipient], gaps: Intervals) -> Intervals:
    """Return what of the gaps is there only because zones change their clocks on different dates."""
    if not gaps:
        return ()
    patterns: set[Pattern] = set()
    for ref in recipients:
        if isinstance(ref, ScheduleRef):
            schedule = context.inventory.teams[ref.team].schedules[ref.schedule]
            patterns.update(schedule_patterns(context.inventory, ref.team, schedule, context.now, context.year_end))
    return clock_gaps(frozenset(patterns), gaps, context.now, context.year_end)


def _gaps_of(context: Context, team: str) -> Iterator[Gap]:
    refused = {
        policy_gaps(context, team, tier) for tier in context.in_use[team] if (team, tier) in context.once(raised)
    }
    tiers_by_gaps: dict[tuple[Severity, bool, Intervals], list[str]] = {}
    first_by_gaps: dict[Intervals, tuple[Level, Level]] = {}
    for tier in context.in_use[team]:
        if reaches_nobody(context, team, tier):
            continue  # an empty policy, of which other rules speak
        windows, wanted = demanded(context, team, tier), demanded_time(context, team, tier)
        gaps = policy_gaps(context, team, tier)
        if gaps and gaps not in refused and (missing := intersect(gaps, wanted)):
            severity: Severity = "notice" if windows is None else "reason"
            tiers_by_gaps.setdefault((severity, windows not in (None, ALWAYS), missing), []).append(tier)
        levels = context.policy(team, tier).levels
        if context.inventory.tiers[tier].severity in MUST_REACH and len(levels) > 1:
            first = context.gaps(levels[0].recipients)
            if first and (late := intersect(subtract(first, gaps), wanted)):
                first_by_gaps.setdefault(late, (levels[0], levels[1]))
    for (severity, some_hours, gaps), tiers in tiers_by_gaps.items():
        recipients = tuple(dict.fromkeys(who for tier in tiers for who in context.recipients(team, tier)))
        what = f"outages of tier {' and '.join(f'`{tier}`' for tier in tiers)} reach nobody"
        what += " in hours that `required` names," if some_hours else ""
        yield from _judged(context, team, what, ("teams", team, "escalation"), severity, gaps, recipients)
    for gaps, (now, then) in first_by_gaps.items():
        what = f"the first step of team `{team}` reaches nobody until the next at {duration_text(then.after)},"
        yield from _judged(context, team, what, _place(team, now.recipients), "notice", gaps, now.recipients)


def _place(team: str, recipients: Iterable[Recipient]) -> Path:
    match tuple(recipients):
        case (ScheduleRef(owner, schedule),):
            return ("teams", owner, "schedules", schedule)
        case _:
            return ("teams", team, "escalation", 0)


def _judged(
    context: Context,
    team: str,
    what: str,
    path: Path,
    severity: Severity,
    gaps: Intervals,
    recipients: tuple[Recipient, ...],
) -> Iterator[Gap]:
    """Tell the gaps that only clocks make from the others, and take out of each what the inventory accepts."""
    clocks = of_clocks(context, recipients, gaps)
    for rule, found in ((COVERAGE_GAP, subtract(gaps, clocks)), (CLOCK_CHANGE_GAP, clocks)):
        if found:
            left, accepts = accepted_of(context, team, rule, found, recipients)
            yield Gap(rule, team, what, path, severity, found, left, accepts, recipients)


def _accepts(context: Context, team: str, recipients: Iterable[Recipient]) -> Iterator[tuple[Path, Accept, str]]:
    """Give the accepted gaps that may speak of these recipients, with the zone of their hours."""
    inventory = context.inventory
    schedules = {who for who in recipients if isinstance(who, ScheduleRef)}
    owner = inventory.teams[team]
    places: list[tuple[Path, Accept, str]] = [
        (("accept", n), accept, inventory.time_zone) for n, accept in enumerate(inventory.accept)
    ]
    for prefix, accepts in ((("accept",), owner.accept), (("coverage", "accept"), owner.coverage.accept)):
        for n, accept in enumerate(accepts):
            if accept.schedule is None:
                places.append((("teams", team, *prefix, n), accept, inventory.team_zone(owner)))
            elif ScheduleRef(team, accept.schedule) in schedules:
                zone = inventory.schedule_zone(owner, owner.schedules[accept.schedule])
                places.append((("teams", team, *prefix, n), accept, zone))
    for ref in sorted(schedules):
        schedule = inventory.teams[ref.team].schedules[ref.schedule]
        zone = inventory.schedule_zone(inventory.teams[ref.team], schedule)
        path: Path = ("teams", ref.team, "schedules", ref.schedule, "accept")
        places += [((*path, n), accept, zone) for n, accept in enumerate(schedule.accept)]
    yield from (place for place in places if place[1].rule in GAP_RULES)
