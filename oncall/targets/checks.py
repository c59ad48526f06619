"""Checks that every target makes in its own words: names, whole minutes, schedules elsewhere, turns of months."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall.errors import Finding, Path
from oncall.model import Inventory, Lineup, Rotation, TargetName
from oncall.model.escalation import ScheduleRef, resolve
from oncall.shifts.lineups import LineupSpan, rotation_spans
from oncall.targets.common import MINUTE
from oncall.targets.vendor_schedules import is_running

TITLES: Mapping[TargetName, str] = {"pagerduty": "PagerDuty", "opsgenie": "OpsGenie", "jsm": "Jira Service Management"}


def shared_rules(target: TargetName) -> dict[str, str]:
    """Return the rules every target checks, under its own ids."""
    title = TITLES[target]
    return {
        f"{target}-name-taken": f"Objects of one kind have different names at {title}.",
        f"{target}-name-length": f"Names are as short as {title} wants them.",
        f"{target}-name-characters": f"Names have only characters that {title} takes.",
        f"{target}-step-seconds": f"Steps and repeats are whole minutes, as {title} counts.",
        f"{target}-schedule-missing": f"Steps of a team at {title} tell schedules that are there too.",
        f"{target}-empty-policy": f"Every tier in use tells somebody; {title} takes no empty policy.",
        f"{target}-monthly-turn": f"Turns are no months, which {title} doesn't have.",
    }


@dataclass(frozen=True, slots=True)
class Named:
    """A name an object will have at the vendor, and where it comes from. Objects of one `kind` share their names."""

    kind: str
    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class RunningLineup:
    """A line-up that is not over, with its place in the data and that of its rotation."""

    span: LineupSpan
    lineup: Rotation | Lineup
    path: Path
    rotation: Rotation
    rotation_path: Path

    def place_of(self, field: str) -> Path:
        """Return where a word of the line-up stands: its own, else the one it has from the rotation."""
        own = getattr(self.lineup, field) is not None
        return (*self.path, field) if own else (*self.rotation_path, field)


def running_lineups(inventory: Inventory, ref: ScheduleRef, now: datetime) -> Iterator[RunningLineup]:
    """Give the line-ups of a schedule that are not over, of each rotation the newest first."""
    team = inventory.teams[ref.team]
    schedule = team.schedules[ref.schedule]
    for key, rotation in schedule.rotations.items():
        path: Path = ("teams", ref.team, "schedules", ref.schedule, "rotations", key)
        place = path
        lineup: Rotation | Lineup | None = rotation
        for span in reversed(rotation_spans(rotation, inventory.rotation_zone(team, schedule, rotation))):
            assert lineup is not None  # noqa: S101 - there is a span for each line-up
            if is_running(span, now):
                yield RunningLineup(span, lineup, place, rotation, path)
            lineup, place = lineup.before, (*place, "before")


def taken_names(target: TargetName, named: Iterable[Named]) -> list[Finding]:
    """Find names that two objects of one kind would share; vendors compare them without regard to case."""
    found: list[Finding] = []
    first: dict[tuple[str, str], Named] = {}
    for one in named:
        other = first.setdefault((one.kind, one.name.casefold()), one)
        if other is not one:
            message = f"{TITLES[target]} would have two {one.kind}s called {one.name!r}"
            where = "/".join(str(part) for part in other.path)
            found.append(Finding(f"{target}-name-taken", message, one.path, hint=f"the other comes from {where}"))
    return found


def long_names(target: TargetName, named: Iterable[Named], limits: Mapping[str, int]) -> list[Finding]:
    """Find names longer than the vendor takes for their kind."""
    return [
        Finding(
            f"{target}-name-length",
            f"the {one.kind} {one.name[:60]!r}... would have a name of {len(one.name)} characters; "
            f"{TITLES[target]} takes {limits[one.kind]}",
            one.path,
        )
        for one in named
        if one.kind in limits and len(one.name) > limits[one.kind]
    ]


def broken_minutes(inventory: Inventory, target: TargetName, tiers: Mapping[str, Sequence[str]]) -> list[Finding]:
    """Find times of escalations that are no whole minutes; they are rounded up."""
    times: dict[Path, timedelta] = {}
    for key, used in tiers.items():
        team = inventory.teams[key]
        for place, step in enumerate(team.escalation):
            times["teams", key, "escalation", place, "after"] = step.after
        if team.repeat.after is not None:
            times["teams", key, "repeat", "after"] = team.repeat.after
        for tier in used:
            after = inventory.tiers[tier].manager_after
            if after is not None:
                times["tiers", tier, "manager_after"] = after
    return [
        Finding(
            f"{target}-step-seconds",
            f"{TITLES[target]} counts whole minutes: {after.total_seconds():.0f} s become {-(-after // MINUTE)} min",
            path,
            "reason",
        )
        for path, after in times.items()
        if after % MINUTE
    ]


def schedules_elsewhere(inventory: Inventory, target: TargetName, teams: Iterable[str]) -> list[Finding]:
    """Find steps that tell a schedule of a team which has none at this target."""
    found: list[Finding] = []
    for key in teams:
        for place, step in enumerate(inventory.teams[key].escalation):
            for word, name in enumerate(step.notify):
                who = resolve(inventory, key, name)
                if isinstance(who, ScheduleRef) and target not in inventory.teams[who.team].pages_through:
                    message = f"{name} is not at {TITLES[target]}, where team {key} pages"
                    hint = f"team {who.team} pages through {', '.join(inventory.teams[who.team].pages_through)}"
                    path: Path = ("teams", key, "escalation", place, "notify", word)
                    found.append(Finding(f"{target}-schedule-missing", message, path, hint=hint))
    return found


def empty_policies(inventory: Inventory, target: TargetName, team: str, missing: Iterable[str]) -> list[Finding]:
    """Find the tiers of a team whose policy the vendor would refuse, for it tells nobody.

    Only medium and low ones: for the others `oncall.validate` says so, whatever the target.
    """
    return [
        Finding(
            f"{target}-empty-policy",
            f"team {team} has nobody to tell for tier {tier}; {TITLES[target]} takes no policy without a recipient",
            ("teams", team, "escalation"),
        )
        for tier in missing
        if inventory.tiers[tier].severity in ("medium", "low")
    ]


def monthly_turns(target: TargetName, lineups: Iterable[RunningLineup]) -> list[Finding]:
    """Find turns of months, which no vendor has: they become turns of 30 days."""
    return [
        Finding(
            f"{target}-monthly-turn",
            f"{TITLES[target]} has no turns of months; these would change hands every {30 * one.span.turn.count} days",
            path,
            "reason",
            "weeks keep the weekday: `4 weeks`",
        )
        for path, one in {one.place_of("turn"): one for one in lineups if one.span.turn.unit == "month"}.items()
    ]
