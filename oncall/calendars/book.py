"""What calendars are made of: whole shifts, gaps, public holidays and clock changes of every schedule in a period.

A period is typed in days, and each schedule has those days in its own zone. Shifts stay whole at its edges: a shift
that is cut by the period would be another one tomorrow, and calendars would show it as new.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from oncall.calendars.words import Reason, reason
from oncall.drawing.days import clock_changes, midnight
from oncall.drawing.gaps import Gap, judged_gaps
from oncall.drawing.words import plain
from oncall.model.escalation import ScheduleRef
from oncall.shifts.intervals import Interval, intersect, merge
from oncall.shifts.rota import Holiday, Rota
from oncall.shifts.timeline import Shift
from oncall.validate.base import Context

_DAY, _INSTANT = timedelta(days=1), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, the last one included."""

    first: date
    last: date

    @classmethod
    def of_weeks(cls, day: date, weeks: int) -> "Period":
        """Return so many whole weeks, the first of them that of a day."""
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(weeks=weeks) - _DAY)

    def instants(self, zone: str) -> Interval:
        """Return the first instant of the period in a zone, and the first after it."""
        return midnight(self.first, zone), midnight(self.last + _DAY, zone)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The clocks of a zone are put forward or back at an instant; `rotation` where only its own clock is."""

    at: datetime
    text: str
    rotation: str | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A rotation, and the zone whose clock it follows."""

    key: str
    zone: str


@dataclass(frozen=True, slots=True)
class ScheduleBook:
    """A schedule in a period: whole shifts that touch it, in order, and what there is to say about it."""

    ref: ScheduleRef
    team: str
    name: str
    zone: str
    period: Period
    lanes: tuple[Lane, ...]
    shifts: tuple[Shift, ...]
    gaps: tuple[Gap, ...]
    holidays: dict[str, tuple[Holiday, ...]]
    clock_changes: tuple[ClockChange, ...]
    reasons: dict[Shift, Reason]

    @property
    def title(self) -> str:
        """The schedule as people say it: `Platform primary`."""
        return f"{self.team} {self.name}"


@dataclass(frozen=True, slots=True)
class TeamBook:
    """A team: its schedules, and the people its escalation tells without a schedule."""

    key: str
    name: str
    schedules: tuple[ScheduleBook, ...]
    direct: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything calendars are made of. `people` are the names by key, of all, in the order of the inventory."""

    organization: str
    zone: str
    period: Period
    people: dict[str, str]
    on_rotations: frozenset[str]
    teams: tuple[TeamBook, ...]

    @property
    def schedules(self) -> tuple[ScheduleBook, ...]:
        """The schedules of all teams, in the order of the inventory."""
        return tuple(schedule for team in self.teams for schedule in team.schedules)


def make_book(rota: Rota, period: Period, now: datetime, teams: Iterable[str] | None = None) -> Book:
    """Collect all that calendars of a period show; `now` is an aware instant. `teams` narrows it to some."""
    inventory = rota.inventory
    context = Context(inventory, now)
    chosen = inventory.teams if teams is None else {key: inventory.teams[key] for key in teams}
    books = []
    for key, team in chosen.items():
        schedules = tuple(_schedule_book(rota, context, ScheduleRef(key, name), period) for name in team.schedules)
        told = (name for step in team.escalation for name in step.notify)
        direct = tuple(dict.fromkeys(name for name in told if name in inventory.people and name not in team.schedules))
        books.append(TeamBook(key, plain(team.name), schedules, direct))
    people = {key: plain(person.name) for key, person in inventory.people.items()}
    turns = {
        person
        for ref in rota.schedules()
        for spans in rota.spans(ref).values()
        for span in spans
        for person in span.people
    }
    return Book(
        plain(inventory.organization),
        inventory.time_zone,
        period,
        people,
        frozenset(turns & people.keys()),
        tuple(books),
    )


def _schedule_book(rota: Rota, context: Context, ref: ScheduleRef, period: Period) -> ScheduleBook:
    inventory, zone = rota.inventory, rota.zone(ref)
    team = inventory.teams[ref.team]
    schedule = team.schedules[ref.schedule]
    start, end = period.instants(zone)
    timeline = rota.timeline(ref, start, end)
    shifts = _whole(rota, ref, timeline.shifts, start, end)
    holidays = {
        person: found
        for person in sorted({shift.person for shift in shifts})
        if (found := _while_on_call(rota, person, shifts, start, end))
    }
    lanes = tuple(
        Lane(key, inventory.rotation_zone(team, schedule, rotation)) for key, rotation in schedule.rotations.items()
    )
    changes = [ClockChange(at, text) for at, text in clock_changes(zone, start, end)]
    for lane in lanes:
        if lane.zone != zone:
            found_changes = clock_changes(lane.zone, start, end)
            changes += [ClockChange(at, f"{lane.zone}: {text}", lane.key) for at, text in found_changes]
    return ScheduleBook(
        ref,
        plain(team.name),
        plain(schedule.name or ref.schedule),
        zone,
        period,
        lanes,
        shifts,
        judged_gaps(context, ref, timeline.gaps, start, end),
        holidays,
        tuple(sorted(changes, key=lambda change: change.at)),
        {shift: why for shift in shifts if (why := reason(shift, inventory)) is not None},
    )


def _whole(rota: Rota, ref: ScheduleRef, cut: tuple[Shift, ...], start: datetime, end: datetime) -> tuple[Shift, ...]:
    """Return shifts that were cut to a period as they are without it."""
    found = [shift for shift in cut if start < shift.start and shift.end < end]
    if any(shift.start == start for shift in cut):
        found += rota.shift_at(ref, start)
    if any(shift.end == end for shift in cut):
        found += rota.shift_at(ref, end - _INSTANT)
    order = {shift.rotation: number for number, shift in enumerate(cut)}
    unique = dict.fromkeys(found)  # one that runs through all of the period is found from both ends
    return tuple(sorted(unique, key=lambda shift: (shift.start, order.get(shift.rotation, 0), shift.end, shift.person)))


def _while_on_call(
    rota: Rota, person: str, shifts: Iterable[Shift], start: datetime, end: datetime
) -> tuple[Holiday, ...]:
    own = merge((shift.start, shift.end) for shift in shifts if shift.person == person)
    return tuple(day for day in rota.public_holidays(person, start, end) if intersect(own, ((day[0], day[1]),)))
