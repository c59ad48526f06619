"""What PagerDuty's shift-based schedules can't hold: clock time where clocks change, long line-ups, many patterns."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations

from oncall.errors import Finding, Path
from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import next_change
from oncall.shifts.coverage import ever_overlap
from oncall.targets.checks import RunningLineup
from oncall.targets.hours import hours_of
from oncall.targets.pagerduty.lineup_patterns import MAX_MEMBERS, keeps_months, patterns
from oncall.targets.pagerduty.shifts import MAX_ROTATIONS, placed
from oncall.targets.vendor_schedules import VendorSchedule

# Long enough for every rule of the zones' data: what is agreed on now changes clocks every year, or never again.
LOOK_AHEAD = timedelta(days=366 * 20)
LAYERS = "`pagerduty: {schedules: layers}` on the team"

SHIFT_RULES: Mapping[str, str] = {
    "pagerduty-shifts-clock-changes": "Schedules kept as shifts are in zones whose clocks change no more.",
    "pagerduty-shifts-last-wins": "Rotations of a schedule kept as shifts add up.",
    "pagerduty-shifts-members": "A line-up kept as shifts has 20 turns a round at most.",
    "pagerduty-shifts-rotations": "A schedule kept as shifts needs no more than 10 patterns of shifts.",
}


def shift_findings(
    inventory: Inventory,
    ref: ScheduleRef,
    parts: Sequence[VendorSchedule],
    lineups: Sequence[RunningLineup],
    now: datetime,
) -> Iterator[Finding]:
    """Give the faults of a schedule that is kept as shifts; `parts` are the vendor's schedules that it becomes."""
    yield from _clock_changes(lineups, now)
    yield from _last_wins(inventory, ref)
    for lineup in lineups:
        yield from _months(lineup)
        yield from _members(lineup)
    yield from _rotations(ref, parts)


def _clock_changes(lineups: Sequence[RunningLineup], now: datetime) -> Iterator[Finding]:
    seen: set[str] = set()
    for lineup in lineups:
        zone = lineup.span.zone
        ahead = next_change(zone, now, now + LOOK_AHEAD)
        change = ahead or next_change(zone, lineup.span.first, now)
        if change is None or zone in seen:
            continue
        seen.add(zone)
        message = (
            f"PagerDuty keeps shifts in UTC, and the clocks of {zone} {'change' if ahead else 'changed'} on "
            f"{change:%Y-%m-%d}: turns would change hands at other times from then on"
        )
        hint = f"{LAYERS} keeps clock time" + ("" if ahead else "; so does a line-up that begins after that day")
        yield Finding("pagerduty-shifts-clock-changes", message, lineup.rotation_path, "reason", hint)


def _last_wins(inventory: Inventory, ref: ScheduleRef) -> Iterator[Finding]:
    schedule = inventory.teams[ref.team].schedules[ref.schedule]
    if schedule.overlap != "last_wins":
        return
    for one, other in combinations(schedule.rotations, 2):
        if ever_overlap(inventory, ref.team, ref.schedule, one, other):
            path: Path = ("teams", ref.team, "schedules", ref.schedule, "overlap")
            message = f"PagerDuty's shifts add up: both {one} and {other} would be on call where they overlap"
            yield Finding("pagerduty-shifts-last-wins", message, path, "reason", f"{LAYERS} lets the later one win")
            return


def _months(lineup: RunningLineup) -> Iterator[Finding]:
    span = lineup.span
    if span.turn.unit != "month" or (keeps_months(span) and hours_of(lineup.rotation.only) is None):
        return
    message = (
        "PagerDuty's shifts hold turns of months only all day, and from a day 1 to 28 that is the same in UTC; "
        f"these would change hands every {30 * span.turn.count} days"
    )
    yield Finding("pagerduty-monthly-turn", message, lineup.place_of("turn"), "reason", "`4 weeks` keeps the weekday")


def _members(lineup: RunningLineup) -> Iterator[Finding]:
    most = max((len(one.members) for one in patterns(lineup.span, lineup.rotation.only)), default=0)
    if most > MAX_MEMBERS:
        message = f"PagerDuty's shifts take {MAX_MEMBERS} turns a round; these come back after {most}"
        yield Finding("pagerduty-shifts-members", message, (*lineup.path, "people"), hint=f"{LAYERS} takes them")


def _rotations(ref: ScheduleRef, parts: Sequence[VendorSchedule]) -> Iterator[Finding]:
    for part in parts:
        needed = len(placed(part))
        if needed > MAX_ROTATIONS:
            names = ", ".join(rotation.key for rotation in part.rotations)
            message = (
                f"PagerDuty's schedules of shifts have {MAX_ROTATIONS} rotations at most, one for each pattern of "
                f"shifts; {names} would need {needed}"
            )
            path: Path = ("teams", ref.team, "schedules", ref.schedule)
            hint = f"{LAYERS} needs none; fewer hours, people of monthly turns or line-ups in flight need less"
            yield Finding("pagerduty-shifts-rotations", message, path, hint=hint)
