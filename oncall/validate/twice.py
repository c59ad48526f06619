"""The same person in two places at once: on two steps of one escalation, or in two schedules."""

from collections.abc import Iterator
from itertools import combinations

from oncall.errors import Path
from oncall.model import Team
from oncall.model.escalation import Level, PersonRef, ScheduleRef
from oncall.shifts.clock import instant_text
from oncall.shifts.intervals import Interval, Intervals, intersect, merge, subtract
from oncall.validate.base import Context, Fault, Rule
from oncall.validate.words import duration_text, spans_text

_PEOPLE_SHOWN = 3
Spans = dict[str, Intervals]  # by person


def same_person_twice(context: Context) -> Iterator[Fault]:
    """Find times at which a later step tells nobody but a person whom an earlier one has told.

    A person who is named on a step is there at every instant by choice: that is told of only where they also take
    turns in the schedule of an earlier step from now on.
    """
    told: set[tuple[str, ScheduleRef, ScheduleRef | PersonRef]] = set()
    for team, earlier, later in _levels(context):
        if len(later.recipients) != 1:
            continue  # somebody else is told as well
        (second,) = later.recipients
        for first in earlier.recipients:
            if not isinstance(first, ScheduleRef) or first == second or (team, first, second) in told:
                continue
            told.add((team, first, second))
            found = (
                _twice(context, first, second) if isinstance(second, ScheduleRef) else _named(context, first, second)
            )
            if found:
                path: Path = ("teams", team, "escalation", _step(context.inventory.teams[team], later))
                if isinstance(second, ScheduleRef):
                    path = ("teams", second.team, "schedules", second.schedule)
                again = f"in `{second}`" if isinstance(second, ScheduleRef) else "named"
                message = (
                    f"the step at {duration_text(later.after)} of team `{team}` tells nobody new while the same "
                    f"person is in `{first}` and {again}: {_when(context, first, found)}"
                )
                hint = "turn one line-up against the other, or name somebody else"
                spans = merge(span for times in found.values() for span in times)
                yield Fault(message, path, hint, nouns=(("teams", team),), spans=spans)


def on_call_in_two_schedules(context: Context) -> Iterator[Fault]:
    """Tell of people who are on call in two schedules at once, which aren't steps of one escalation."""
    one_policy = {
        frozenset((first, second))
        for _, earlier, later in _levels(context)
        for first in earlier.recipients
        for second in later.recipients
        if isinstance(first, ScheduleRef) and isinstance(second, ScheduleRef)
    }
    for person in sorted(context.inventory.people):
        refs = [ref for ref in context.held.schedules_of(person) if ref in context.paging]
        for first, second in combinations(refs, 2):
            if frozenset((first, second)) in one_policy:
                continue
            spans = intersect(_spans(context, first).get(person, ()), _spans(context, second).get(person, ()))
            if spans:
                when = spans_text(spans, context.inventory.person_zone(context.inventory.people[person]))
                message = f"`{person}` is on call in `{first}` and in `{second}` at once: {when}"
                nouns: tuple[Path, ...] = tuple(
                    ("teams", ref.team, "schedules", ref.schedule) for ref in (first, second)
                )
                yield Fault(
                    message, ("people", person), "two outages at once would both be theirs", nouns=nouns, spans=spans
                )


def _levels(context: Context) -> Iterator[tuple[str, Level, Level]]:
    """Give each pair of an earlier and a later step of the escalations in use, but those of managers."""
    for team, tiers in context.in_use.items():
        written = {step.after for step in context.inventory.teams[team].escalation}
        seen: set[tuple[Level, ...]] = set()
        for tier in tiers:
            levels = tuple(level for level in context.policy(team, tier).levels if level.after in written)
            if levels not in seen:
                seen.add(levels)
                yield from ((team, earlier, later) for earlier, later in combinations(levels, 2))


def _twice(context: Context, first: ScheduleRef, second: ScheduleRef) -> Spans:
    """Return when people hold both schedules and nobody else is in the second."""
    people = context.once(_people)
    if not people[first] & people[second]:
        return {}
    one, two = _spans(context, first), _spans(context, second)
    found = {}
    for person in one.keys() & two.keys():
        others = merge(span for other, spans in two.items() if other != person for span in spans)
        if both := subtract(intersect(one[person], two[person]), others):
            found[person] = both
    return found


def _named(context: Context, first: ScheduleRef, second: PersonRef) -> Spans:
    rotations = context.inventory.teams[first.team].schedules[first.schedule].rotations.values()
    if not any(second.person in rotation.people for rotation in rotations):
        return {}
    spans = _spans(context, first).get(second.person, ())
    return {second.person: spans} if spans else {}


def _when(context: Context, ref: ScheduleRef, found: Spans) -> str:
    """Return the first time of some people, in the schedule's zone, and how many more there are."""
    zone = context.held.rota.zone(ref)
    people = sorted(found)[:_PEOPLE_SHOWN]
    first = ", ".join(
        f"`{person}` {instant_text(found[person][0][0], zone)} to {instant_text(found[person][0][1], zone)}"
        for person in people
    )
    more = sum(map(len, found.values())) - len(people)
    return f"{first} ({zone})" + (f", and {more} more time{'s' if more > 1 else ''} in 13 weeks" if more else "")


def _step(team: Team, level: Level) -> int:
    return next(number for number, step in enumerate(team.escalation) if step.after == level.after)


def _people(context: Context) -> dict[ScheduleRef, frozenset[str]]:
    """Return who may ever be on call in each schedule."""
    found: dict[ScheduleRef, set[str]] = {ref: set() for ref in context.held.rota.schedules()}
    for person in context.inventory.people:
        for ref in context.held.schedules_of(person):
            found[ref].add(person)
    return {ref: frozenset(people) for ref, people in found.items()}


def _spans(context: Context, ref: ScheduleRef) -> Spans:
    """Return when each person is on call in a schedule in the next 13 weeks, but for covers of leave.

    Of covers who are on call elsewhere `cover-on-call-elsewhere` speaks.
    """
    known = context.once(_known_spans)
    if ref not in known:
        parts: dict[str, list[Interval]] = {}
        for shift in context.held.schedule(ref, context.now, context.quarter_end):
            if shift.why != "leave":
                parts.setdefault(shift.person, []).append((shift.start, shift.end))
        known[ref] = {person: merge(found) for person, found in parts.items()}
    return known[ref]


def _known_spans(_: Context) -> dict[ScheduleRef, Spans]:
    return {}  # filled by `_spans`, schedule by schedule: most are never asked for


RULES = (
    Rule(
        "same-person-twice",
        "notice",
        "A later step tells somebody else than the steps before it.",
        same_person_twice,
        needs_names=True,
    ),
    Rule(
        "on-call-in-two-schedules",
        "notice",
        "Nobody is on call in two schedules at once that aren't steps of one escalation.",
        on_call_in_two_schedules,
        needs_names=True,
    ),
)
