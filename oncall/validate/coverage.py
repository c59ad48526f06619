"""Somebody must be there: whom a raise pages at every instant, critical and high whenever it isn't accepted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oncall.errors import Path, Severity
from oncall.model import Accept, Window
from oncall.model.escalation import Level, Recipient, ScheduleRef, raised_tier
from oncall.model.words import parse_window
from oncall.shifts.intervals import Intervals, intersect, subtract
from oncall.shifts.windows import window_intervals
from oncall.validate.base import Context, Fault, Rule, clock_text
from oncall.validate.escalation import MUST_REACH, duration_text, reaches_nobody

COVERAGE_GAP = "coverage-gap"


@dataclass(frozen=True, slots=True)
class Gap:
    """When nobody is there whom `what` should reach; of `open` no `accept` speaks, `accepts` are those that do."""

    team: str
    what: str
    path: Path
    severity: Severity
    gaps: Intervals
    open: Intervals
    accepts: tuple[tuple[Path, Accept], ...]


def raise_gap(context: Context) -> Iterator[Fault]:
    """Find times of the next year at which a raised page would reach nobody; nothing accepts these."""
    for (team, tier), raised in context.once(_raised).items():
        gaps = _policy_gaps(context, team, tier)
        # an empty policy is said to be so, not to have gaps
        empty = context.inventory.tiers[tier].severity in MUST_REACH and reaches_nobody(context, team, tier)
        if gaps and not empty:
            yield Fault(
                f"outages of tier `{raised}` are raised to `{tier}` at any hour, and nobody is on call "
                + _spelled(context, team, gaps),
                ("teams", team, "escalation"),
                "let a step name a person, or a schedule around the clock",
            )


def coverage_gap(context: Context) -> Iterator[Fault]:
    """Find times of the next year at which a page would reach nobody, or its first step nobody."""
    for found in context.once(coverage):
        if found.open:
            hint = "accept it under the team's `coverage`, or let a step name a person"
            yield Fault(f"{found.what} {_spelled(context, found.team, found.open)}", found.path, hint, found.severity)
        elif found.accepts and found.severity == "reason":
            why = "; ".join(dict.fromkeys(accept.why for _, accept in found.accepts))
            message = f"{found.what} {_spelled(context, found.team, found.gaps)}"
            yield Fault(message, found.path, f"accepted: {why}", "notice")


def coverage(context: Context) -> tuple[Gap, ...]:
    """Return all gaps of the next year but those of raises, each with what is accepted of it."""
    return tuple(gap for team in context.in_use for gap in _gaps_of(context, team))


def daily_hours(accept: Accept) -> tuple[Window, ...]:
    """Return the hours an `accept` is for; none where what is typed are no hours of a day."""
    try:
        return (parse_window(accept.daily),)
    except ValueError:
        return ()


def _gaps_of(context: Context, team: str) -> Iterator[Gap]:
    raised = context.once(_raised)
    refused = {_policy_gaps(context, team, tier) for tier in context.in_use[team] if (team, tier) in raised}
    tiers_by_gaps: dict[tuple[Severity, Intervals], list[str]] = {}
    first_by_gaps: dict[Intervals, tuple[Level, Level]] = {}
    for tier in context.in_use[team]:
        must = context.inventory.tiers[tier].severity in MUST_REACH
        if reaches_nobody(context, team, tier):
            continue  # an empty policy, of which other rules speak
        gaps = _policy_gaps(context, team, tier)
        if gaps and gaps not in refused:
            tiers_by_gaps.setdefault(("reason" if must else "notice", gaps), []).append(tier)
        levels = context.policy(team, tier).levels
        if must and len(levels) > 1:
            first = context.gaps(levels[0].recipients)
            if first and (late := subtract(first, gaps)):
                first_by_gaps.setdefault(late, (levels[0], levels[1]))
    for (severity, gaps), tiers in tiers_by_gaps.items():
        recipients = tuple(who for tier in tiers for who in context.recipients(team, tier))
        what = f"outages of tier {' and '.join(f'`{tier}`' for tier in tiers)} reach nobody"
        yield _judged(context, team, what, ("teams", team, "escalation"), severity, gaps, recipients)
    for gaps, (now, then) in first_by_gaps.items():
        what = f"the first step of team `{team}` reaches nobody until the next at {duration_text(then.after)},"
        yield _judged(context, team, what, _place(team, now.recipients), "notice", gaps, now.recipients)


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
    recipients: Iterable[Recipient],
) -> Gap:
    """Take out of a gap what the inventory accepts."""
    left = gaps
    accepts: list[tuple[Path, Accept]] = []
    for place, accept, zone in _accepts(context, team, recipients):
        told = gaps
        if accept.daily is not None:
            hours = window_intervals(daily_hours(accept), zone, context.now, context.year_end)
            told = intersect(gaps, hours)
        if told:
            left = subtract(left, told)
            accepts.append((place, accept))
    return Gap(team, what, path, severity, gaps, left, tuple(accepts))


def _accepts(context: Context, team: str, recipients: Iterable[Recipient]) -> Iterator[tuple[Path, Accept, str]]:
    """Give the accepted coverage gaps that may speak of these recipients, with the zone of their hours."""
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
    yield from (place for place in places if place[1].rule == COVERAGE_GAP)


def _raised(context: Context) -> dict[tuple[str, str], str]:
    """Return every team x tier that a raise pages, with the tier it is raised from."""
    found: dict[tuple[str, str], str] = {}
    for team, tiers in context.in_use.items():
        for tier in tiers:
            target = raised_tier(context.inventory, frozenset(tiers), tier)
            if target is not None:
                found.setdefault((team, target), tier)
    return found


def _policy_gaps(context: Context, team: str, tier: str) -> Intervals:
    return context.gaps(context.recipients(team, tier))


def _spelled(context: Context, team: str, gaps: Intervals) -> str:
    """Return the first gap in the team's zone, and how many follow within the year."""
    zone = context.inventory.team_zone(context.inventory.teams[team])
    (start, end), more = gaps[0], len(gaps) - 1
    begins = "from now" if start <= context.now else f"from {clock_text(start, zone)}"
    ends = "on" if end >= context.year_end else f"to {clock_text(end, zone)}"
    again = f", and {more} more {'time' if more == 1 else 'times'} within a year" if more else ""
    return f"{begins} {ends} ({zone}){again}"


RULES = (
    Rule("raise-gap", "error", "A raised page reaches someone at every instant of the next 366 days.", raise_gap),
    Rule(
        COVERAGE_GAP,
        "reason",
        "Critical and high reach someone at every instant; a notice for medium, low and a late first step.",
        coverage_gap,
    ),
)
