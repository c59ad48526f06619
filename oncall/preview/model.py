"""What a preview says, as values; every form it is shown in is made from these."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from oncall.errors import Problem
from oncall.model import Inventory, Leave, Override, Severity, Swap, TargetName
from oncall.model.escalation import ScheduleRef
from oncall.plan import Change
from oncall.plan.diff import Action
from oncall.shifts.intervals import Intervals

EngineAction = Literal["create", "update", "replace", "delete"]
Topic = Literal["telling", "tier", "heartbeat", "maintenance", "bridge", "other"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two inventories: None where there is none, or none of good shape; what is wrong with it.

    `moved` are errors of the edit, not of an inventory: running shifts that it moves without saying so. Problems may
    stand without their lines, which take a second reading of the files to find: `locate` gives them.
    """

    inventory: Inventory | None
    problems: tuple[Problem, ...] = ()
    moved: tuple[Problem, ...] = ()
    locate: Callable[[Problem], Problem] = lambda problem: problem

    @property
    def stopped_by(self) -> tuple[Problem, ...]:
        """The problems that stop `pulumi up`."""
        return tuple(problem for problem in self.problems if problem.severity != "notice")


@dataclass(frozen=True, slots=True)
class ShiftChange:
    """A stretch of a schedule (UTC, half-open) that other people hold; none before or after is a gap.

    It begins within the time looked at and ends when people or their difference do; `goes_on` where no end is near.
    `made_by` are the leave, swaps and overrides that the edit brings or takes away and that make it; `reason` says so
    in words. `schedule` is whether the schedule itself is there on both sides.
    """

    ref: ScheduleRef
    name: str
    zone: str
    start: datetime
    end: datetime
    before: tuple[str, ...]
    after: tuple[str, ...]
    goes_on: bool = False
    schedule: Literal["stays", "new", "gone"] = "stays"
    reason: str = ""
    made_by: tuple[Leave | Swap | Override, ...] = ()


@dataclass(frozen=True, slots=True)
class HoursChange:
    """How much time on call a person gives away and takes over within the time looked at."""

    person: str
    lost: timedelta
    won: timedelta


@dataclass(frozen=True, slots=True)
class RosterEdit:
    """A rotation whose line-ups were edited: who takes turns in the end, and the first instant at which it shows.

    `words` are the other words of it that differ, each with both values as text (None where there is none).
    `first_change` is None where nobody is on call differently for years. `hand_off` is the end of the shift that runs
    at the time of the preview; an edit that shows before it moves a running shift.
    """

    ref: ScheduleRef
    rotation: str
    name: str
    zone: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    first_change: datetime | None
    hand_off: datetime | None
    rollout_now: bool
    words: tuple[tuple[str, str | None, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Where a server's outages go: the team, how severe they are, which vendors page, in their order."""

    team: str
    team_name: str
    tier: str
    severity: Severity
    vendors: tuple[TargetName, ...]
    own_service: bool


@dataclass(frozen=True, slots=True)
class RouteChange:
    """A server that is new, gone, or goes elsewhere; `hands` is whether another team answers for it."""

    server: str
    name: str
    before: Route | None
    after: Route | None
    hands: bool = False


@dataclass(frozen=True, slots=True)
class EscalationChange:
    """A team's escalation for some tiers, as sentences; None where there is none on that side."""

    team: str
    team_name: str
    tiers: tuple[str, ...]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class CoverageChange:
    """When a page of a team x tier reaches nobody any more (`lost`), or somebody again (`won`)."""

    team: str
    team_name: str
    tier: str
    severity: Severity
    lost: Intervals
    won: Intervals


@dataclass(frozen=True, slots=True)
class SettingChange:
    """Any other word of the inventory that differs: of which thing, which word, and both values as text.

    `topic` is what it means to whoever is paged; a thing that is new or gone as a whole has no word.
    """

    topic: Topic
    thing: str
    word: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Stop:
    """Something the guard stops: the rule, what is so big about the change, and the reason where it was accepted."""

    rule: str
    message: str
    accepted: str | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """An object that an account has otherwise than the inventory says: `change` goes from the inventory to the account.

    `link` is where to look at it. `who` changed it last and `at` which instant, where the vendor tells.
    """

    vendor: TargetName
    change: Change
    link: str = ""
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ByHand:
    """An override that somebody made by hand at a vendor, in a schedule of ours; `who` is on call by it.

    `person` is their key, None for somebody the inventory doesn't know; `whole` is whether nobody else is on call then.
    """

    vendor: TargetName
    ref: ScheduleRef
    name: str
    zone: str
    start: datetime
    end: datetime
    who: str
    person: str | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What an account would refuse, or would not do as meant: the rule, about what, and the way out.

    `stops`: `pulumi up` would fail there.
    """

    rule: str
    vendor: TargetName
    message: str
    way_out: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Live:
    """What the accounts in `asked` say. `foreign` counts their objects that aren't ours, by kind; `notes` say what
    could not be read. Those in `unasked` are needed too, and there was no token for them.
    """

    asked: tuple[TargetName, ...]
    drift: tuple[Drift, ...] = ()
    by_hand: tuple[ByHand, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    foreign: Mapping[TargetName, Mapping[str, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    unasked: tuple[TargetName, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineDifference:
    """An object of which the edit says one thing and the engine another; None where one of them leaves it alone."""

    vendor: TargetName
    title: str
    edit: Action | None
    engine: EngineAction | None
    why: str


@dataclass(frozen=True, slots=True)
class EngineRun:
    """What the engine would do on a stack: how many objects of each vendor, by action; where that is not what the edit
    means; and what it would delete and make anew, by vendor and title.
    """

    counts: Mapping[TargetName, Mapping[EngineAction, int]]
    differences: tuple[EngineDifference, ...] = ()
    made_anew: tuple[tuple[TargetName, str], ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether it changes what the edit changes, and nothing else."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything an edit means. Instants are UTC; people, teams and schedules go by key, `names` has their names.

    `shifts` are those that begin between `start` and `end`; `later` is the first change after them of each schedule
    that concerns somebody else. `from_nothing` is whether there is no base.
    """

    start: datetime
    end: datetime
    organization: str
    zone: str
    verdict: str
    shifts: tuple[ShiftChange, ...] = ()
    later: tuple[ShiftChange, ...] = ()
    hours: tuple[HoursChange, ...] = ()
    edits: tuple[RosterEdit, ...] = ()
    coverage: tuple[CoverageChange, ...] = ()
    new_problems: tuple[Problem, ...] = ()
    fixed_problems: tuple[Problem, ...] = ()
    routes: tuple[RouteChange, ...] = ()
    escalations: tuple[EscalationChange, ...] = ()
    settings: tuple[SettingChange, ...] = ()
    objects: Mapping[TargetName, tuple[Change, ...]] = field(default_factory=dict)
    stops: tuple[Stop, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    from_nothing: bool = False
    usable: bool = True
    live: Live | None = None
    engine: EngineRun | None = None

    @property
    def empty(self) -> bool:
        """Whether the edit means nothing at all."""
        people = (self.shifts, self.later, self.edits, self.coverage, self.routes, self.escalations)
        return not any((*people, self.settings, self.new_problems, self.fixed_problems, *self.objects.values()))

    @property
    def exit_code(self) -> int:
        """0 nothing, 2 changes (at an account too), 1 the inventory can't be used, its edit is an error or an account
        would refuse it, 3 stopped by the guard.
        """
        if not self.usable or any(problem.severity == "error" for problem in self.new_problems):
            return 1
        if self.live is not None and any(one.stops for one in self.live.obstacles):
            return 1
        if any(stop.accepted is None for stop in self.stops):
            return 3
        drifted = self.live is not None and (self.live.drift or self.live.obstacles)
        return 2 if drifted or not self.empty else 0
