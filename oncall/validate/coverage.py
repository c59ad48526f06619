"""Somebody must be there: whom a raise pages at every instant, others in the hours that are demanded."""

from collections.abc import Iterator
from datetime import timedelta

from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import instant_text, to_wall
from oncall.shifts.coverage import rotation_patterns
from oncall.shifts.intervals import Interval, Intervals
from oncall.shifts.windows import window_intervals
from oncall.validate.base import Context, Fault, Rule
from oncall.validate.escalation import MUST_REACH, reaches_nobody
from oncall.validate.gaps import CLOCK_CHANGE_GAP, COVERAGE_GAP, Gap, coverage, policy_gaps, raised

_SAME_RUN = timedelta(days=8)  # gaps that come back sooner belong to the same weeks


def raise_gap(context: Context) -> Iterator[Fault]:
    """Find times of the next year at which a raised page would reach nobody; nothing accepts these."""
    for (team, tier), origin in context.once(raised).items():
        gaps = policy_gaps(context, team, tier)
        # an empty policy is said to be so, not to have gaps
        empty = context.inventory.tiers[tier].severity in MUST_REACH and reaches_nobody(context, team, tier)
        if gaps and not empty:
            yield Fault(
                f"outages of tier `{origin}` are raised to `{tier}` at any hour, and nobody is on call "
                + spelled(context, team, gaps),
                ("teams", team, "escalation"),
                "let a step name a person, or a schedule around the clock",
                spans=gaps,
            )


def coverage_gap(context: Context) -> Iterator[Fault]:
    """Find times of the next year at which a page would reach nobody, or its first step nobody."""
    for found in context.once(coverage):
        if found.rule == COVERAGE_GAP:
            hint = "accept it under the team's `coverage`, or let a step name a person"
            yield from _told(found, spelled(context, found.team, found.open or found.gaps), hint)


def clock_change_gap(context: Context) -> Iterator[Fault]:
    """Find gaps that open between regions only in the weeks in which their clocks stand otherwise than usual."""
    for found in context.once(coverage):
        if found.rule == CLOCK_CHANGE_GAP:
            gaps = found.open or found.gaps
            why, way_out = _between(context, found, max(gaps, key=lambda gap: (gap[1] - gap[0], -gap[0].timestamp())))
            when = f"{spelled(context, found.team, gaps)}, in the weeks of {_weeks(context, found.team, gaps)}{why}"
            yield from _told(found, when, f"{way_out}accept it under the team's `coverage`")


def required_unused(context: Context) -> Iterator[Fault]:
    """Tell of hours demanded for tiers that a team has no escalation for."""
    for key, team in context.inventory.teams.items():
        for tier in team.coverage.required:
            if tier in context.inventory.tiers and tier not in context.in_use[key]:
                message = f"no server pages team `{key}` as tier `{tier}`"
                yield Fault(message, ("teams", key, "coverage", "required", tier), "this can go")


def spelled(context: Context, team: str, gaps: Intervals) -> str:
    """Return the first gap in the team's zone, and how many follow within the year."""
    zone = context.inventory.team_zone(context.inventory.teams[team])
    (start, end), more = gaps[0], len(gaps) - 1
    begins = "from now" if start <= context.now else f"from {instant_text(start, zone)}"
    ends = "on" if end >= context.year_end else f"to {instant_text(end, zone)}"
    again = f", and {more} more {'time' if more == 1 else 'times'} within a year" if more else ""
    return f"{begins} {ends} ({zone}){again}"


def _told(found: Gap, when: str, hint: str) -> Iterator[Fault]:
    if found.open:
        yield Fault(f"{found.what} {when}", found.path, hint, found.severity, spans=found.open)
    elif found.accepts and found.severity == "reason":
        why = "; ".join(dict.fromkeys(accept.why for _, accept in found.accepts))
        yield Fault(f"{found.what} {when}", found.path, f"accepted: {why}", "notice", spans=found.gaps)


def _weeks(context: Context, team: str, gaps: Intervals) -> str:
    """Return from which day to which the gaps come back: `2027-03-14 to 2027-03-27 and 2027-10-31 to 2027-11-06`."""
    zone = context.inventory.team_zone(context.inventory.teams[team])
    runs: list[Interval] = []
    for start, end in gaps:
        if runs and start - runs[-1][1] <= _SAME_RUN:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    days = [(to_wall(start, zone), to_wall(end - timedelta(seconds=1), zone)) for start, end in runs]
    return " and ".join(f"{first:%Y-%m-%d} to {last:%Y-%m-%d}" for first, last in days)


def _between(context: Context, found: Gap, gap: Interval) -> tuple[str, str]:
    """Return whose hours leave a gap open, with their zones, and what would close it."""
    inventory = context.inventory
    before: list[tuple[str, str]] = []
    after: list[tuple[str, str]] = []
    for ref in found.recipients:
        if not isinstance(ref, ScheduleRef):
            continue
        team = inventory.teams[ref.team]
        for key, rotation in team.schedules[ref.schedule].rotations.items():
            zone = inventory.rotation_zone(team, team.schedules[ref.schedule], rotation)
            if rotation.only is None or not rotation_patterns(rotation, zone, *gap):
                continue
            hours = window_intervals(rotation.only, zone, context.now, context.year_end)
            before += [(key, zone)] if any(end == gap[0] for _, end in hours) else []
            after += [(key, zone)] if any(start == gap[1] for start, _ in hours) else []
    words, ways = [], []
    for key, zone in before[:1]:
        words.append(f"`{key}` ends at {to_wall(gap[0], zone):%H:%M} ({zone})")
        ways.append(f"let `{key}` go on to {to_wall(gap[1], zone):%H:%M}")
    for key, zone in after[:1]:
        words.append(f"`{key}` begins at {to_wall(gap[1], zone):%H:%M} ({zone})")
        ways.append(f"let `{key}` begin at {to_wall(gap[0], zone):%H:%M}")
    because = "; zones change their clocks on different dates"
    return because + (f": {' and '.join(words)}" if words else ""), "".join(f"{way}, or " for way in ways)


RULES = (
    Rule("required-unused", "notice", "Hours are required of tiers that the team is paged for.", required_unused),
    Rule("raise-gap", "error", "A raised page reaches someone at every instant of the next 366 days.", raise_gap),
    Rule(
        COVERAGE_GAP,
        "reason",
        "Critical and high reach someone at every instant, or in the hours that `required` names, in which medium and "
        "low do too; a notice for medium and low without such hours, and for a late first step.",
        coverage_gap,
    ),
    Rule(
        CLOCK_CHANGE_GAP,
        "reason",
        "The same, where it fails only in some weeks, as zones change their clocks on different dates.",
        clock_change_gap,
    ),
)
