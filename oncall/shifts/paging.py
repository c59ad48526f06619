"""Whom a team's escalation tells at an instant, step by step, and why them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall.model.escalation import PersonRef, Recipient, ScheduleRef, managers, policy, tiers_in_use
from oncall.shifts.rota import Rota
from oncall.shifts.timeline import Shift


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody whom a step tells: named by it (`schedule` is None), or on call in a schedule through a shift.

    `shift` is cut to a moment around the instant asked about; `Rota.shift_at` gives it whole.
    """

    person: str
    schedule: ScheduleRef | None = None
    shift: Shift | None = None


@dataclass(frozen=True, slots=True)
class StepOnCall:
    """One step, `after` the alert began: what it names, and the people behind that, each once (none: nobody is)."""

    after: timedelta
    recipients: tuple[Recipient, ...]
    people: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class ManagerStep:
    """The step a tier in use adds to its team's: the managers, `after` the alert began."""

    tier: str
    after: timedelta
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamOnCall:
    """A team's escalation at one instant: its own steps in order of time, and what each tier in use adds."""

    team: str
    steps: tuple[StepOnCall, ...]
    managers: tuple[ManagerStep, ...]


def on_call(rota: Rota, team: str, instant: datetime) -> TeamOnCall:
    """Return the people of each escalation step of a team, all as of one aware instant."""
    inventory = rota.inventory
    owner = inventory.teams[team]
    tiers = {tier: inventory.tiers[tier].manager_after for tier in tiers_in_use(inventory)[team]}
    bosses = managers(owner)
    return TeamOnCall(
        team,
        tuple(
            StepOnCall(level.after, level.recipients, people_behind(rota, level.recipients, instant))
            for level in policy(inventory, team).levels
        ),
        tuple(ManagerStep(tier, after, bosses) for tier, after in tiers.items() if after is not None and bosses),
    )


def people_behind(rota: Rota, recipients: tuple[Recipient, ...], instant: datetime) -> tuple[Told, ...]:
    """Return who is told through some recipients at an instant: each person once, by the first that leads to them."""
    found: dict[str, Told] = {}
    for who in recipients:
        if isinstance(who, PersonRef):
            found.setdefault(who.person, Told(who.person))
        else:
            for shift in rota.on_call(who, instant):
                found.setdefault(shift.person, Told(shift.person, who, shift))
    return tuple(found.values())
