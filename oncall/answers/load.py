"""Who carries how much: hours by kind, shifts, hand-offs, nights and weekends of every person, and how even it is.

A person's minutes are counted once, however many schedules they are on call in at that time; what comes to more is
`double`. So the minutes of all shifts are the minutes of all people and their double ones, to the minute.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from oncall.answers.balance import Balance, balance
from oncall.answers.hours import Hours, Span, calendar, count, join, to_minute, touched
from oncall.model.escalation import ScheduleRef
from oncall.shifts.rota import Rota
from oncall.shifts.timeline import Shift


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """What one person carries.

    `double` are the minutes of shifts beyond the first where several run at once. A shift is time on call in one
    schedule without a break; a hand-off one that begins the moment somebody else's ends there. `nights` are those of
    which some is on call, `days_in_a_row` the most days one after another on which there is some, `longest` the longest
    time without a break, in minutes. Days are those of the person's zone. `short_rests` are breaks shorter than the
    `limits` of a team they are on call for ask, the longest rest if several do; None where none does.
    """

    person: str
    hours: Hours
    double: int
    shifts: int
    hand_offs: int
    nights: int
    weekends: int
    days_in_a_row: int
    longest: int
    short_rests: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """How a schedule, or a team (`schedule` is None), shares out its time: the minutes of each person, most first."""

    team: str
    schedule: str | None
    minutes: tuple[tuple[str, int], ...]
    balance: Balance | None


@dataclass(frozen=True, slots=True)
class Load:
    """What everybody carries between two instants: people with most hours first, schedules and teams as written."""

    start: datetime
    end: datetime
    people: tuple[PersonLoad, ...]
    schedules: tuple[Share, ...]
    teams: tuple[Share, ...]

    @property
    def person_minutes(self) -> int:
        """The minutes of all people, each counted once."""
        return sum(one.hours.total for one in self.people)

    @property
    def double(self) -> int:
        """The minutes that some shifts have besides."""
        return sum(one.double for one in self.people)


@dataclass(slots=True)
class _Carried:
    """What is collected of one person, schedule by schedule."""

    spans: list[Span] = field(default_factory=list)
    shifts: int = 0
    hand_offs: int = 0
    rest: timedelta | None = None


def load(rota: Rota, start: datetime, end: datetime, teams: Collection[str] | None = None) -> Load:
    """Return what people carry between two aware instants, in the schedules of these teams (None: of all)."""
    carried: dict[str, _Carried] = defaultdict(_Carried)
    schedules, by_team = [], []
    for team in rota.inventory.teams:
        if teams is not None and team not in teams:
            continue
        together: dict[str, list[Span]] = defaultdict(list)
        rest = rota.inventory.teams[team].limits.rest
        for schedule in rota.inventory.teams[team].schedules:
            held = _held(rota.timeline(ScheduleRef(team, schedule), start, end).shifts)
            stretches = {person: join(spans) for person, spans in held.items()}
            ends = {last for spans in stretches.values() for _, last in spans}
            for person, spans in stretches.items():
                one = carried[person]
                one.spans += held[person]
                one.shifts += len(spans)
                one.rest = max(filter(None, (one.rest, rest)), default=None)
                one.hand_offs += sum(first in ends for first, _ in spans)  # own stretches never touch
                together[person] += spans
            schedules.append(_share(team, schedule, {person: count(spans) for person, spans in stretches.items()}))
        by_team.append(_share(team, None, {person: count(join(spans)) for person, spans in together.items()}))
    people = (_person(rota, key, one, start, end) for key, one in carried.items())
    most_first = sorted(people, key=lambda one: (-one.hours.total, one.person))
    return Load(start, end, tuple(most_first), tuple(schedules), tuple(by_team))


def _held(shifts: Iterable[Shift]) -> dict[str, list[Span]]:
    """Return the spans of every person; those of shifts shorter than it takes to fill a minute are left out."""
    held: dict[str, list[Span]] = defaultdict(list)
    for shift in shifts:
        start, end = to_minute(shift.start), to_minute(shift.end)
        if start < end:
            held[shift.person].append((start, end))
    return held


def _share(team: str, schedule: str | None, minutes: dict[str, int]) -> Share:
    most_first = sorted(minutes.items(), key=lambda one: (-one[1], one[0]))
    return Share(team, schedule, tuple(most_first), balance(minutes))


def _person(rota: Rota, key: str, carried: _Carried, start: datetime, end: datetime) -> PersonLoad:
    person = rota.inventory.people[key]
    days = calendar(rota.inventory.person_zone(person), person.holidays, start, end)
    spans = join(carried.spans)
    hours = days.hours(spans)
    return PersonLoad(
        key,
        hours,
        count(carried.spans) - hours.total,
        carried.shifts,
        carried.hand_offs,
        count(touched(days.nights, spans)),
        count(touched(days.weekends, spans)),
        _longest(touched(days.days, spans)),
        _longest(spans),
        None if carried.rest is None else _shorter(spans, carried.rest),
    )


def _shorter(spans: Sequence[Span], rest: timedelta) -> int:
    """Return how many breaks are shorter than a rest."""
    return sum(timedelta(minutes=after[0] - before[1]) < rest for before, after in pairwise(spans))


def _longest(spans: Sequence[Span]) -> int:
    return max((end - start for start, end in spans), default=0)
