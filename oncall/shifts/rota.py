"""Who is really on call: the turns of a schedule with its swaps, leave, holidays and overrides applied, in this order.

Overrides beat leave cover, which beats rotations (vendors.md, section 2). A swap trades turns before anybody's leave is
looked at, and public holidays move only what is held by turn: what people have agreed on stays as agreed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from operator import attrgetter

from oncall.errors import Path
from oncall.model import NOBODY, HolidayCover, Inventory, Leave, Override
from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import MIDNIGHT, moment_end, moment_instant, to_instant, to_wall
from oncall.shifts.holidays import public_holidays
from oncall.shifts.intervals import Intervals, merge, subtract
from oncall.shifts.lineups import LineupSpan, rotation_spans
from oncall.shifts.swaps import swapped_turns
from oncall.shifts.timeline import Shift, Why, shifts

_INSTANT = timedelta(microseconds=1)
_DAY = timedelta(days=1)
# How far around an instant its shift is looked for before it is taken to have no end: turns last up to 999 months.
_REACHES = (timedelta(days=8), timedelta(days=45), timedelta(days=800))


@dataclass(frozen=True, slots=True)
class Timeline:
    """A schedule between two instants: who is on call when, and when nobody is.

    `shifts` are sorted by their start; of those that begin together the rotation written first comes first.
    """

    shifts: tuple[Shift, ...]
    gaps: Intervals


@dataclass(frozen=True, slots=True)
class Absence:
    """A leave as real time (UTC, half-open), with its place in the data."""

    start: datetime
    end: datetime
    leave: Leave
    place: Path


Holiday = tuple[datetime, datetime, str]
"""A public holiday: the first instant of the day, the first after it, and its name."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """`by` takes the shifts that `person` holds from `start` to `end`; in one rotation, or in all of a schedule."""

    start: datetime
    end: datetime
    person: str
    by: str
    why: Why
    place: Path
    rotation: str | None = None


class Rota:
    """All timelines of one inventory whose references resolve. It keeps what it has computed: make one and reuse it."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._spans: dict[ScheduleRef, dict[str, tuple[LineupSpan, ...]]] = {}
        self._swaps: dict[ScheduleRef, tuple[Replacement, ...]] = {}

    def schedules(self) -> tuple[ScheduleRef, ...]:
        """Return every schedule, as written."""
        teams = self.inventory.teams.items()
        return tuple(ScheduleRef(key, schedule) for key, team in teams for schedule in team.schedules)

    def zone(self, ref: ScheduleRef) -> str:
        """Return the IANA zone of a schedule."""
        team = self.inventory.teams[ref.team]
        return self.inventory.schedule_zone(team, team.schedules[ref.schedule])

    def spans(self, ref: ScheduleRef) -> dict[str, tuple[LineupSpan, ...]]:
        """Return the line-ups of each rotation of a schedule, oldest first."""
        if ref not in self._spans:
            team = self.inventory.teams[ref.team]
            schedule = team.schedules[ref.schedule]
            self._spans[ref] = {
                key: rotation_spans(rotation, self.inventory.rotation_zone(team, schedule, rotation))
                for key, rotation in schedule.rotations.items()
            }
        return self._spans[ref]

    def rotation(self, ref: ScheduleRef, key: str, start: datetime, end: datetime) -> tuple[Shift, ...]:
        """Return the shifts of one rotation between two instants, by turn alone."""
        only = self.inventory.teams[ref.team].schedules[ref.schedule].rotations[key].only
        return tuple(shifts(self.spans(ref)[key], only, start.astimezone(UTC), end.astimezone(UTC), key))

    def timeline(self, ref: ScheduleRef, start: datetime, end: datetime) -> Timeline:
        """Return a schedule between two aware instants, everything applied; shifts are cut to them."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        held = self._with_overrides(ref, self._with_holidays(ref, self._agreed(ref, start, end)), start, end)
        taken = merge((shift.start, shift.end) for shift in held)
        return Timeline(tuple(held), subtract(((start, end),), taken) if start < end else ())

    def on_call(self, ref: ScheduleRef, instant: datetime) -> tuple[Shift, ...]:
        """Return who is on call in a schedule at an instant, each person once; the shifts are cut to a moment."""
        found: dict[str, Shift] = {}
        for shift in self.timeline(ref, instant, instant + _INSTANT).shifts:
            found.setdefault(shift.person, shift)
        return tuple(found.values())

    def shift_at(self, ref: ScheduleRef, instant: datetime) -> tuple[Shift, ...]:
        """Return the shifts around an instant, whole: a turn that lasts for years is cut some two years away."""
        found: tuple[Shift, ...] = ()
        for reach in _REACHES:
            start, end = instant - reach, instant + reach
            around = self.timeline(ref, start, end).shifts
            found = tuple(shift for shift in around if shift.start <= instant < shift.end)
            if all(start < shift.start and shift.end < end for shift in found):
                break
        return found

    def exceptional(self, ref: ScheduleRef, now: datetime) -> tuple[Shift, ...]:
        """Return the shifts of a schedule that are not by turn and end after `now`, whole, by their start.

        What begins and ends it depends on the data alone, not on `now`.
        """
        spans = [(start, end) for start, end in self._exceptions(ref) if end > now]
        if not spans:
            return ()
        found = self.timeline(ref, min(start for start, _ in spans), max(end for _, end in spans)).shifts
        return tuple(shift for shift in found if shift.why != "turn" and shift.end > now)

    def away(self, person: str, start: datetime, end: datetime) -> tuple[Absence, ...]:
        """Return the leave of a person between two instants, whole."""
        return tuple(one for one in self._absences.get(person, ()) if one.start < end and start < one.end)

    def public_holidays(self, person: str, start: datetime, end: datetime) -> tuple[Holiday, ...]:
        """Return a person's public holidays between two instants, as whole days of their zone."""
        found = self.inventory.people[person]
        if found.holidays is None:
            return ()
        zone = self.inventory.person_zone(found)
        first, last = to_wall(start, zone).date() - _DAY, to_wall(end, zone).date() + _DAY
        days = (
            (
                to_instant(datetime.combine(day, MIDNIGHT), zone),
                to_instant(datetime.combine(day + _DAY, MIDNIGHT), zone),
                name,
            )
            for day, name in public_holidays(found.holidays, first, last)
        )
        return tuple(day for day in days if day[0] < end and start < day[1])

    def _exceptions(self, ref: ScheduleRef) -> Iterator[tuple[datetime, datetime]]:
        """Give the stretches of time in which a schedule may be held by somebody whose turn it isn't."""
        name = str(ref)
        here = {person for spans in self.spans(ref).values() for span in spans for person in span.people}
        here.update(person for swap in self.inventory.swaps if swap.schedule == name for person in swap.people)
        for person in sorted(here & self._absences.keys()):
            for one in self._absences[person]:
                if one.leave.cover is not None and one.leave.schedule in (None, name):
                    yield one.start, one.end
        for swap in self._swaps_of(ref):
            yield swap.start, swap.end
        for number in self._overrides.get(name, ()):
            yield self._override_span(ref, self.inventory.overrides[number])
        if isinstance(self.inventory.teams[ref.team].on_holidays, HolidayCover) and self.inventory.horizon is not None:
            last = moment_end(self.inventory.horizon, self.inventory.time_zone)
            for person in sorted(here - {NOBODY}):
                first = min(span.start for spans in self.spans(ref).values() for span in spans)
                yield from ((begin, end) for begin, end, _ in self.public_holidays(person, first, last))

    def _override_span(self, ref: ScheduleRef, override: Override) -> tuple[datetime, datetime]:
        zone = self.zone(ref)
        return moment_instant(override.start, zone), moment_end(override.end, zone)

    @cached_property
    def _overrides(self) -> dict[str, list[int]]:
        """The places of the overrides of each schedule."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, override in enumerate(self.inventory.overrides):
            found[override.schedule].append(number)
        return found

    @cached_property
    def _absences(self) -> dict[str, tuple[Absence, ...]]:
        found: dict[str, list[Absence]] = defaultdict(list)
        for number, leave in enumerate(self.inventory.leave):
            zone = self.inventory.person_zone(self.inventory.people[leave.person])
            start, end = moment_instant(leave.start, zone), moment_end(leave.end, zone)
            found[leave.person].append(Absence(start, end, leave, ("leave", number)))
        return {person: tuple(sorted(some, key=attrgetter("start"))) for person, some in found.items()}

    def _turns(self, ref: ScheduleRef, start: datetime, end: datetime) -> list[Shift]:
        rotations = {key: self.rotation(ref, key, start, end) for key in self.spans(ref)}
        if self.inventory.teams[ref.team].schedules[ref.schedule].overlap == "last_wins":
            return _last_wins(rotations.values())
        return _sorted(shift for some in rotations.values() for shift in some)

    def _agreed(self, ref: ScheduleRef, start: datetime, end: datetime) -> list[Shift]:
        """Return the shifts with swaps and leave applied."""
        held = _replaced(self._turns(ref, start, end), self._swaps_of(ref))
        people = {shift.person for shift in held}
        name = str(ref)
        covers = [
            Replacement(one.start, one.end, person, one.leave.cover, "leave", one.place)
            for person in people & self._absences.keys()
            for one in self._absences[person]
            if one.leave.cover is not None and one.leave.schedule in (None, name)
        ]
        return _replaced(held, covers)

    def _swaps_of(self, ref: ScheduleRef) -> tuple[Replacement, ...]:
        if ref not in self._swaps:
            found = []
            for number, swap in enumerate(self.inventory.swaps):
                if swap.schedule != str(ref):
                    continue
                turns = swapped_turns(swap, self.spans(ref), self.zone(ref))
                for (key, turn), by in zip(turns, reversed(swap.people), strict=True):
                    if turn is not None:
                        place = ("swaps", number)
                        found.append(Replacement(turn.start, turn.end, turn.person, by, "swap", place, key))
            self._swaps[ref] = tuple(found)
        return self._swaps[ref]

    def _with_holidays(self, ref: ScheduleRef, held: list[Shift]) -> list[Shift]:
        """Let the team's rotation for holidays take what people hold by turn on public holidays of theirs."""
        cover, horizon = self.inventory.teams[ref.team].on_holidays, self.inventory.horizon
        if not isinstance(cover, HolidayCover) or horizon is None or not held:
            return held
        last = moment_end(horizon, self.inventory.time_zone)
        start, end = held[0].start, min(max(shift.end for shift in held), last)
        if start >= end:
            return held
        stand_ins = [
            shift
            for shift in self._agreed(ScheduleRef(ref.team, cover.schedule), start, end)
            if shift.rotation == cover.rotation
        ]
        place: Path = ("teams", ref.team, "on_holidays")
        found = []
        for person in sorted({shift.person for shift in held if shift.why == "turn"}):
            for begins, ends, _ in self.public_holidays(person, start, end):
                for shift in stand_ins:
                    first, until = max(begins, shift.start), min(ends, shift.end, last)
                    if first >= until or shift.person == person:
                        continue
                    if not self.public_holidays(shift.person, first, until):
                        found.append(Replacement(first, until, person, shift.person, "holiday", place))
        by_turn = [shift for shift in held if shift.why == "turn"]
        return _sorted([*_replaced(by_turn, found), *(shift for shift in held if shift.why != "turn")])

    def _with_overrides(self, ref: ScheduleRef, held: list[Shift], start: datetime, end: datetime) -> list[Shift]:
        parts: list[Replacement] = []
        whole: list[Shift] = []
        for number in self._overrides.get(str(ref), ()):
            override = self.inventory.overrides[number]
            first, last = self._override_span(ref, override)
            place: Path = ("overrides", number)
            if override.instead_of is not None:
                parts.append(Replacement(first, last, override.instead_of, override.person, "override", place))
            elif max(first, start) < min(last, end):
                whole.append(Shift(max(first, start), min(last, end), override.person, "", "override", None, place))
        held = _replaced(held, parts) if parts else held
        if not whole:
            return held
        taken = merge((shift.start, shift.end) for shift in whole)
        left = [
            replace(shift, start=first, end=last)
            for shift in held
            for first, last in subtract(((shift.start, shift.end),), taken)
        ]
        return _sorted([*left, *whole])


def _replaced(held: Sequence[Shift], replacements: Iterable[Replacement]) -> list[Shift]:
    """Return shifts with some replacements applied at once: nobody is replaced twice, the first to begin counts."""
    by_person: dict[str, list[Replacement]] = defaultdict(list)
    for one in sorted(replacements, key=attrgetter("start")):
        by_person[one.person].append(one)
    if not by_person:
        return list(held)
    found: list[Shift] = []
    for shift in held:
        at = shift.start
        for one in by_person.get(shift.person, ()):
            first, last = max(one.start, at), min(one.end, shift.end)
            if first >= last or one.by == shift.person or one.rotation not in (None, shift.rotation):
                continue
            if at < first:
                found.append(replace(shift, start=at, end=first))
            was = shift.instead_of or shift.person
            found.append(Shift(first, last, one.by, shift.rotation, one.why, was, one.place))
            at = last
        if at < shift.end:
            found.append(replace(shift, start=at) if at > shift.start else shift)
    return _sorted(found)


def _last_wins(rotations: Iterable[Sequence[Shift]]) -> list[Shift]:
    """Return the shifts of rotations of which the later one wins where two have somebody."""
    found: list[Shift] = []
    taken: Intervals = ()
    for some in reversed(list(rotations)):
        for shift in some:
            for first, last in subtract(((shift.start, shift.end),), taken):
                found.append(replace(shift, start=first, end=last))
        taken = merge([*taken, *((shift.start, shift.end) for shift in some)])
    return _sorted(found)


def _sorted(found: Iterable[Shift]) -> list[Shift]:
    """Return shifts by their start; those of the same start keep their order, which is that of the rotations."""
    return sorted(found, key=attrgetter("start"))
