"""What a team x tier means: which are in use, who is told when, how often it repeats (vendors.md, section 1)."""

from dataclasses import dataclass
from datetime import timedelta

from oncall.model.inventory import Inventory
from oncall.model.people import SEVERITIES
from oncall.model.teams import Team
from oncall.model.tiers import Tier

DEFAULT_REPEAT_GAP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, order=True)
class ScheduleRef:
    """A schedule, named by its team and its key there; as text `team/schedule`."""

    team: str
    schedule: str

    @classmethod
    def of(cls, name: str) -> "ScheduleRef":
        """Return the schedule that is written `team/schedule`."""
        team, _, schedule = name.partition("/")
        return cls(team, schedule)

    def __str__(self) -> str:
        return f"{self.team}/{self.schedule}"


@dataclass(frozen=True, slots=True, order=True)
class PersonRef:
    """A person, by key."""

    person: str


Recipient = ScheduleRef | PersonRef


@dataclass(frozen=True, slots=True)
class Level:
    """Everybody who is told `after` this much time since the alert began."""

    after: timedelta
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The escalation of a team x tier; it starts over `times` times, `repeat_after` the alert began."""

    levels: tuple[Level, ...]
    times: int
    repeat_after: timedelta


def severity_rank(tier: Tier) -> int:
    """Return 0 for the most severe."""
    return SEVERITIES.index(tier.severity)


def managers(team: Team) -> tuple[str, ...]:
    """Return the keys of the team's managers, in the order they are written."""
    return tuple(member.person for member in team.members if member.role == "manager")


def resolve(inventory: Inventory, team_key: str, name: str) -> Recipient | None:
    """Return what a step's word means: the team's schedule, another team's (`team/schedule`), or a person."""
    if "/" in name:
        other, _, schedule = name.partition("/")
        found = inventory.teams.get(other)
        return ScheduleRef(other, schedule) if found and schedule in found.schedules else None
    if name in inventory.teams[team_key].schedules:
        return ScheduleRef(team_key, name)
    return PersonRef(name) if name in inventory.people else None


def policy(inventory: Inventory, team_key: str, tier_key: str | None = None) -> Policy:
    """Return the team's steps with the manager step of a tier (None: of none), merged where they fall on one moment."""
    team = inventory.teams[team_key]
    tier = inventory.tiers[tier_key] if tier_key is not None else None
    steps: dict[timedelta, list[Recipient]] = {}
    for step in team.escalation:
        for name in step.notify:
            recipient = resolve(inventory, team_key, name)
            if recipient is not None:
                steps.setdefault(step.after, []).append(recipient)
    if tier is not None and tier.manager_after is not None:
        steps.setdefault(tier.manager_after, []).extend(PersonRef(person) for person in managers(team))
    levels = tuple(Level(after, tuple(dict.fromkeys(steps[after]))) for after in sorted(steps) if steps[after])
    last = levels[-1].after if levels else timedelta(0)
    return Policy(levels, team.repeat.times, team.repeat.after or last + DEFAULT_REPEAT_GAP)


def raised_tier(inventory: Inventory, own: frozenset[str], tier_key: str) -> str | None:
    """Return the tier a raise pages as: the team's tier of that severity, else the first in the file, else None."""
    severity = inventory.tiers[tier_key].raise_to
    if severity is None:
        return None
    fitting = [key for key, tier in inventory.tiers.items() if tier.severity == severity]
    return next((key for key in fitting if key in own), fitting[0] if fitting else None)


def tiers_in_use(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    """Return, for every team, the tiers it has an escalation for, most severe first (file order among equals).

    In use are the tiers of the team's servers, what those are raised to, every tier for the fallback team, and the
    first critical tier for the watch team.
    """
    used: dict[str, set[str]] = {key: set() for key in inventory.teams}
    for server in inventory.servers.values():
        if server.team in used and server.tier in inventory.tiers:
            used[server.team].add(server.tier)
    if inventory.bridge.fallback in used:
        used[inventory.bridge.fallback].update(inventory.tiers)
    watch = inventory.bridge.watch
    critical = next((key for key, tier in inventory.tiers.items() if tier.severity == "critical"), None)
    if watch is not None and watch.team in used and critical is not None:
        used[watch.team].add(critical)
    order = {key: (severity_rank(tier), place) for place, (key, tier) in enumerate(inventory.tiers.items())}
    for tiers in used.values():
        waiting = list(tiers)
        while waiting:  # what a tier is raised to may itself be raised
            raised = raised_tier(inventory, frozenset(tiers), waiting.pop())
            if raised is not None and raised not in tiers:
                tiers.add(raised)
                waiting.append(raised)
    return {team: tuple(sorted(tiers, key=order.__getitem__)) for team, tiers in used.items()}
