"""What payroll needs: who was on call from when to when, of what kind each minute was, and why it was theirs.

A person's minutes are listed once: where several shifts run at the same time, the piece names the one whose schedule is
written first, and the schedules of the others in `also`. So a column of minutes sums to what is to be paid. Months
and days are those of the person's own clock, and so is where one piece ends and the next begins.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from oncall.answers.hours import Hours, Stretch, calendar, day_start, to_minute
from oncall.model.escalation import ScheduleRef
from oncall.shifts.rota import Rota
from oncall.shifts.timeline import Shift, Why

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody is on call for; `also` are the other schedules, `team/schedule`, in which they are at that time."""

    schedule: ScheduleRef
    rotation: str
    why: Why
    instead_of: str | None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Time on call of one person, day and kind, from one minute since 1970 (UTC) to another."""

    person: str
    stretch: Stretch
    duty: Duty

    @property
    def minutes(self) -> int:
        """How long it is."""
        return self.stretch.end - self.stretch.start


@dataclass(frozen=True, slots=True)
class PersonPay:
    """All pieces of one person in order of time, and their minutes by kind."""

    person: str
    pieces: tuple[Piece, ...]
    hours: Hours


@dataclass(frozen=True, slots=True)
class Pay:
    """The pay of all people from one day to another, both included, sorted by key; those with no time are left out."""

    first: date
    last: date
    people: tuple[PersonPay, ...]

    @property
    def minutes(self) -> int:
        """The minutes of everybody."""
        return sum(one.hours.total for one in self.people)


@dataclass(frozen=True, slots=True)
class _Held:
    """A shift, and the schedule it is of: the how-manieth of all."""

    order: int
    ref: ScheduleRef
    shift: Shift


def pay(rota: Rota, first: date, last: date, teams: Collection[str] | None = None) -> Pay:
    """Return what is to be paid from the first day to the last, in the schedules of these teams (None: of all)."""
    # Everywhere on earth the first day begins, and the last one ends, within a day of what UTC says.
    start = datetime.combine(first, time(0), UTC) - _DAY
    end = datetime.combine(last, time(0), UTC) + 2 * _DAY
    held: dict[str, list[_Held]] = defaultdict(list)
    for order, ref in enumerate(rota.schedules()):
        if teams is None or ref.team in teams:
            for shift in rota.timeline(ref, start, end).shifts:
                held[shift.person].append(_Held(order, ref, shift))
    found = []
    for person, shifts in sorted(held.items()):
        described = rota.inventory.people[person]
        zone = rota.inventory.person_zone(described)
        days = calendar(zone, described.holidays, start, end)
        opens, closes = to_minute(day_start(first, zone)), to_minute(day_start(last + _DAY, zone))
        pieces = tuple(
            Piece(person, stretch, duty)
            for since, until, duty in _once(shifts)
            if max(since, opens) < min(until, closes)
            for stretch in days.pieces(max(since, opens), min(until, closes))
        )
        if pieces:
            hours = days.hours((piece.stretch.start, piece.stretch.end) for piece in pieces)
            found.append(PersonPay(person, pieces, hours))
    return Pay(first, last, tuple(found))


def _once(held: Sequence[_Held]) -> Iterator[tuple[int, int, Duty]]:
    """Give the time of a person's shifts, each minute once, in order; it is cut where what they do changes."""
    begins: dict[int, list[_Held]] = defaultdict(list)
    ends: dict[int, list[_Held]] = defaultdict(list)
    for one in held:
        start, end = to_minute(one.shift.start), to_minute(one.shift.end)
        if start < end:
            begins[start].append(one)
            ends[end].append(one)
    running: list[_Held] = []
    since, duty = 0, None
    for at in sorted(begins.keys() | ends.keys()):
        for one in ends[at]:
            running.remove(one)
        running += begins[at]
        now = _duty(running)
        if now != duty:
            if duty is not None:
                yield since, at, duty
            since, duty = at, now


def _duty(running: Sequence[_Held]) -> Duty | None:
    if not running:
        return None
    first, *others = sorted(running, key=lambda one: (one.order, one.shift.rotation))
    also = dict.fromkeys(str(one.ref) for one in others if one.ref != first.ref)
    return Duty(first.ref, first.shift.rotation, first.shift.why, first.shift.instead_of, tuple(also))
