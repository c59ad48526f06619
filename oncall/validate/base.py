"""What a validation rule is, and what all rules share: one inventory at one instant, walked once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cached_property
from typing import Any, TypeVar

from oncall.errors import Finding, Path, Severity, Spans
from oncall.model import NOBODY, Inventory, Lineup, Rotation, Schedule, Turn
from oncall.model.escalation import PersonRef, Policy, Recipient, ScheduleRef, policy, resolve, tiers_in_use
from oncall.shifts.clock import moment_end, moment_instant
from oncall.shifts.coverage import recipients_gaps
from oncall.shifts.held import Held
from oncall.shifts.intervals import Interval, Intervals, merge, subtract
from oncall.shifts.lineups import LineupSpan, rotation_spans
from oncall.shifts.rota import Rota

T = TypeVar("T")
YEAR = timedelta(days=366)  # how far ahead somebody must be there (vendors.md, section 1: raise)
LOOK_AHEAD = timedelta(weeks=13)  # how far ahead people's own burdens are looked at
_COMPARISONS = 100_000  # names compared in all; a file full of unknown names must not take minutes
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found: one sentence, the path of the value, and a hint. `severity` where it isn't the rule's.

    `nouns` are others that it is about as well, which may accept it; `spans` are all times at which it is so.
    """

    message: str
    path: Path
    hint: str = ""
    severity: Severity | None = None
    nouns: tuple[Path, ...] = ()
    spans: Spans = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A check with its kebab-case id, how bad what it finds is, and what it is about in one sentence.

    `check` must live with an inventory whose references don't resolve, as other rules say so; unless it `needs_names`:
    then it is asked only where all of them do.
    """

    id: str
    severity: Severity
    about: str
    check: Callable[[Context], Iterable[Fault]]
    needs_names: bool = False

    def findings(self, context: Context) -> Iterator[Finding]:
        """Give what the rule finds, under its id."""
        if self.needs_names and not context.names_resolve:
            return
        for fault in self.check(context):
            severity = fault.severity or self.severity
            yield Finding(self.id, fault.message, fault.path, severity, fault.hint, fault.nouns, fault.spans)


@dataclass(frozen=True, slots=True)
class LineupPlace:
    """A line-up with the keys, path and span it has in the inventory; `newest` is the rotation's own."""

    team: str
    schedule: str
    key: str
    rotation: Rotation
    lineup: Rotation | Lineup
    span: LineupSpan
    path: Path

    @property
    def newest(self) -> bool:
        """Whether this is the rotation's own line-up, not one before it."""
        return self.lineup is self.rotation

    @property
    def name(self) -> str:
        """The rotation as commands name it."""
        return f"{self.team}/{self.schedule}/{self.key}"

    @property
    def turn(self) -> Turn:
        """The turn that counts, its own or the rotation's."""
        return self.span.turn


class Context:
    """One inventory at one instant, with what several rules need computed once."""

    def __init__(self, inventory: Inventory, now: datetime) -> None:
        self.inventory = inventory
        self.now = now
        self.year_end = now + YEAR
        self.quarter_end = now + LOOK_AHEAD
        self.names_resolve = True  # until the rules of names have found otherwise
        self._compared = 0
        self._policies: dict[tuple[str, str], Policy] = {}
        self._gaps: dict[tuple[Recipient, ...], Intervals] = {}
        self._once: dict[Callable[[Context], Any], Any] = {}

    def once(self, compute: Callable[[Context], T]) -> T:
        """Return what a function of the context gives, computed the first time only."""
        if compute not in self._once:
            self._once[compute] = compute(self)
        found: T = self._once[compute]
        return found

    @cached_property
    def in_use(self) -> Mapping[str, tuple[str, ...]]:
        """The tiers in use of every team, most severe first."""
        return tiers_in_use(self.inventory)

    @cached_property
    def lineups(self) -> tuple[LineupPlace, ...]:
        """Every line-up, of each rotation the newest first."""
        found: list[LineupPlace] = []
        for team_key, team in self.inventory.teams.items():
            for schedule_key, schedule in team.schedules.items():
                for key, rotation in schedule.rotations.items():
                    zone = self.inventory.rotation_zone(team, schedule, rotation)
                    path: Path = ("teams", team_key, "schedules", schedule_key, "rotations", key)
                    lineup: Rotation | Lineup | None = rotation
                    for span in reversed(rotation_spans(rotation, zone)):
                        if lineup is not None:
                            found.append(LineupPlace(team_key, schedule_key, key, rotation, lineup, span, path))
                            lineup, path = lineup.before, (*path, "before")
        return tuple(found)

    def policy(self, team: str, tier: str) -> Policy:
        """Return the escalation of a team x tier."""
        key = (team, tier)
        if key not in self._policies:
            self._policies[key] = policy(self.inventory, team, tier)
        return self._policies[key]

    def gaps(self, recipients: tuple[Recipient, ...]) -> Intervals:
        """Return when none of these has anybody, in the year from now: neither a turn nor a whole override."""
        if recipients not in self._gaps:
            gaps = recipients_gaps(self.inventory, recipients, self.now, self.year_end)
            if gaps and self.filled:
                filled = [
                    part for who in recipients if isinstance(who, ScheduleRef) for part in self.filled.get(who, ())
                ]
                gaps = subtract(gaps, merge(filled))
            self._gaps[recipients] = gaps
        return self._gaps[recipients]

    @cached_property
    def held(self) -> Held:
        """What people hold over all schedules, where all names resolve."""
        return Held(Rota(self.inventory))

    @cached_property
    def paging(self) -> frozenset[ScheduleRef]:
        """The schedules on steps of escalations in use."""
        recipients = {
            who for team, tiers in self.in_use.items() for tier in tiers for who in self.recipients(team, tier)
        }
        return frozenset(who for who in recipients if isinstance(who, ScheduleRef))

    @cached_property
    def filled(self) -> Mapping[ScheduleRef, Intervals]:
        """When somebody takes a whole schedule, turns or none, by an override."""
        found: dict[ScheduleRef, list[Interval]] = {}
        for override in self.inventory.overrides:
            if override.instead_of is None:
                zone = zone_of(self.inventory, override.schedule)
                taken = (moment_instant(override.start, zone), moment_end(override.end, zone))
                found.setdefault(ScheduleRef.of(override.schedule), []).append(taken)
        return {ref: merge(taken) for ref, taken in found.items()}

    def recipients(self, team: str, tier: str) -> tuple[Recipient, ...]:
        """Return everybody a team x tier tells, of all steps."""
        return tuple(who for level in self.policy(team, tier).levels for who in level.recipients)

    def steps(self) -> Iterator[tuple[str, str, Path]]:
        """Give the words of all steps: team, what is written, its path."""
        for team, found in self.inventory.teams.items():
            for number, step in enumerate(found.escalation):
                for place, name in enumerate(step.notify):
                    yield team, name, ("teams", team, "escalation", number, "notify", place)

    def people_of(self, recipient: Recipient) -> frozenset[str]:
        """Return the people who can be told through a step's recipient, at any time."""
        if isinstance(recipient, PersonRef):
            return frozenset((recipient.person,))
        return standing(self.inventory.teams[recipient.team].schedules[recipient.schedule])

    @cached_property
    def told(self) -> Mapping[str, frozenset[str]]:
        """The people whom some escalation in use can reach, each with the severities they hear of."""
        severities: dict[str, set[str]] = {}
        for team, tiers in self.in_use.items():
            for tier in tiers:
                for recipient in self.recipients(team, tier):
                    for person in self.people_of(recipient):
                        severities.setdefault(person, set()).add(self.inventory.tiers[tier].severity)
        return {person: frozenset(found) for person, found in severities.items()}

    def resolved(self) -> Iterator[tuple[str, Recipient, Path]]:
        """Give what the words of all steps mean, unknown ones left out."""
        for team, name, path in self.steps():
            recipient = resolve(self.inventory, team, name)
            if recipient is not None:
                yield team, recipient, path

    def hint(self, name: str, known: Iterable[str]) -> str:
        """Return the nearest known key, or what there is."""
        keys = list(known)
        self._compared += len(keys)
        near = get_close_matches(name, keys, n=1) if self._compared <= _COMPARISONS else []
        if near:
            return f"did you mean `{near[0]}`?"
        if not keys:
            return "there is none yet"
        more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
        return f"known: {', '.join(sorted(keys)[:_SHOWN])}{more}"


def standing(schedule: Schedule) -> frozenset[str]:
    """Return everybody in any line-up of a schedule."""
    people: set[str] = set()
    for rotation in schedule.rotations.values():
        lineup: Rotation | Lineup | None = rotation
        while lineup is not None:
            people.update(lineup.people)
            lineup = lineup.before
    return frozenset(people - {NOBODY})


def zone_of(inventory: Inventory, name: str) -> str:
    """Return the zone of a schedule written `team/schedule`; the organisation's where there is none such."""
    team = inventory.teams.get(name.partition("/")[0])
    schedule = team.schedules.get(name.partition("/")[2]) if team else None
    return inventory.schedule_zone(team, schedule) if team and schedule else inventory.time_zone
