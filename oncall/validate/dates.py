"""Typed dates and times: in a sensible century, existing, said once, and in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from oncall.errors import Path
from oncall.shifts.clock import instant_text, is_ambiguous, is_missing, moment_end, moment_instant, to_instant, to_wall
from oncall.validate.base import Context, Fault, Rule, zone_of

FIRST_YEAR, LAST_YEAR = 2000, 2099
HORIZON_WARNING = timedelta(days=60)  # vendors.md, section 3


@dataclass(frozen=True, slots=True)
class Typed:
    """A moment as it stands in the file, and the zone it is read in."""

    moment: date | datetime
    zone: str
    path: Path


@dataclass(frozen=True, slots=True)
class Span:
    """A dated exception: from one typed moment to another."""

    start: Typed
    end: Typed


def date_out_of_range(context: Context) -> Iterator[Fault]:
    """Find years that are slips of the keyboard."""
    typed = [*_typed(context), *_days(context)]
    for one in typed:
        if not FIRST_YEAR <= one.moment.year <= LAST_YEAR:
            yield Fault(f"the year {one.moment.year} is out of range", one.path, f"{FIRST_YEAR} to {LAST_YEAR}")


def missing_time(context: Context) -> Iterator[Fault]:
    """Find typed times that the clocks of their zone jump over."""
    for wall, one in _walls(context):
        if is_missing(wall, one.zone):
            exists = to_wall(to_instant(wall, one.zone), one.zone)
            message = f"{wall:%Y-%m-%d %H:%M} does not exist in {one.zone}: the clocks jump over it"
            yield Fault(message, one.path, f"the next time that does is `{exists:%Y-%m-%d %H:%M}`")


def ambiguous_time(context: Context) -> Iterator[Fault]:
    """Find typed times that the clocks of their zone show twice."""
    for wall, one in _walls(context):
        if is_ambiguous(wall, one.zone):
            zoned = wall.replace(tzinfo=ZoneInfo(one.zone))
            either = " or ".join(f"`{zoned.replace(fold=n).isoformat(' ', 'minutes')}`" for n in (0, 1))
            message = f"{wall:%Y-%m-%d %H:%M} comes twice in {one.zone}: the clocks are put back"
            yield Fault(message, one.path, f"say which: {either}")


def ends_before_start(context: Context) -> Iterator[Fault]:
    """Find leave, overrides and maintenance that are over before they begin."""
    for span in spans(context):
        if moment_end(span.end.moment, span.end.zone) <= moment_instant(span.start.moment, span.start.zone):
            message = f"`to` ({span.end.moment}) is not after `from` ({span.start.moment})"
            yield Fault(message, span.end.path, "a date includes its whole day, a time is exclusive")


def overrides_overlap(context: Context) -> Iterator[Fault]:
    """Find overrides that overlap and take the same: a whole schedule, or one person's shifts in it.

    Whoever was written last would win at one vendor only.
    """
    inventory = context.inventory
    taken: dict[tuple[str, str | None], list[tuple[datetime, datetime, int]]] = {}
    zones = {span.start.path[1]: span.start.zone for span in spans(context) if span.start.path[0] == "overrides"}
    for number, override in enumerate(inventory.overrides):
        zone = zones[number]
        found = (moment_instant(override.start, zone), moment_end(override.end, zone), number)
        taken.setdefault((override.schedule, override.instead_of), []).append(found)
    for (schedule, instead_of), found_there in taken.items():
        what = f"`{schedule}` is" if instead_of is None else f"`{instead_of}`'s shifts in `{schedule}` are"
        for (_, end, first), (start, _, second) in pairwise(sorted(found_there)):
            if start < end:
                other = inventory.overrides[first]
                message = f"{what} taken by `{other.person}` until {instant_text(end, zones[first])} already"
                yield Fault(message, ("overrides", second, "from"), "end one where the other begins")


def since_order(context: Context) -> Iterator[Fault]:
    """Find line-ups that don't begin after the one before them."""
    for newer, older in pairwise(context.lineups):
        if not older.newest and older.span.start >= newer.span.start:
            begins = newer.lineup.takes_over or newer.lineup.since
            message = f"the line-up before begins {older.lineup.takes_over or older.lineup.since}, not before {begins}"
            yield Fault(message, (*older.path, "since"), "`before` holds the line-up until then")


def takes_over_early(context: Context) -> Iterator[Fault]:
    """Find line-ups that would take over before the hand-off they count from."""
    for at in context.lineups:
        late = at.lineup.takes_over
        if late is not None and moment_instant(late, at.span.zone) < at.span.first:
            first = instant_text(at.span.first, at.span.zone)
            message = f"the line-up takes over {late}, before its first hand-off {first}"
            yield Fault(message, (*at.path, "takes_over"), "`since` is the hand-off from which its turns are counted")


def until_before_since(context: Context) -> Iterator[Fault]:
    """Find rotations that end before their newest line-up has begun."""
    for at in context.lineups:
        if at.newest and at.span.end is not None and at.span.end <= at.span.start:
            message = f"the rotation ends {at.rotation.until}, before its line-up begins {at.rotation.since}"
            yield Fault(message, (*at.path, "until"), "leave out the line-up, or end later")


def horizon_near(context: Context) -> Iterator[Fault]:
    """Tell when the date up to which endless things are made is near or past."""
    horizon = context.inventory.horizon
    today = to_wall(context.now, context.inventory.time_zone).date()
    if horizon is not None and horizon - today <= HORIZON_WARNING:
        days = (horizon - today).days
        when = f"{days} days away" if days >= 0 else "past"
        yield Fault(f"the horizon {horizon} is {when}: nothing endless is made after it", ("horizon",), "move it on")


def long_maintenance(context: Context) -> Iterator[Fault]:
    """Tell of servers that nobody is paged for in more than a week."""
    for number, found in enumerate(context.inventory.maintenance):
        zone = context.inventory.time_zone
        start, end = moment_instant(found.start, zone), moment_end(found.end, zone)
        if end - start > timedelta(days=7):
            message = f"maintenance for more than 7 days: {instant_text(start, zone)} to {instant_text(end, zone)}"
            yield Fault(message, ("maintenance", number), "nobody is paged for these servers meanwhile")


def spans(context: Context) -> Iterator[Span]:
    """Give all dated exceptions: leave in the person's zone, overrides in the schedule's, maintenance in ours."""
    inventory = context.inventory
    for number, leave in enumerate(inventory.leave):
        person = inventory.people.get(leave.person)
        zone = inventory.person_zone(person) if person else inventory.time_zone
        yield _span(leave.start, leave.end, zone, ("leave", number))
    for number, override in enumerate(inventory.overrides):
        zone = zone_of(inventory, override.schedule)
        yield _span(override.start, override.end, zone, ("overrides", number))
    for number, maintenance in enumerate(inventory.maintenance):
        yield _span(maintenance.start, maintenance.end, inventory.time_zone, ("maintenance", number))


def _span(start: date | datetime, end: date | datetime, zone: str, path: Path) -> Span:
    return Span(Typed(start, zone, (*path, "from")), Typed(end, zone, (*path, "to")))


def _typed(context: Context) -> Iterator[Typed]:
    for at in context.lineups:
        yield Typed(at.lineup.since, at.span.zone, (*at.path, "since"))
        if at.lineup.takes_over is not None:
            yield Typed(at.lineup.takes_over, at.span.zone, (*at.path, "takes_over"))
        if at.newest and at.rotation.until is not None:
            yield Typed(at.rotation.until, at.span.zone, (*at.path, "until"))
    for number, swap in enumerate(context.inventory.swaps):
        zone = zone_of(context.inventory, swap.schedule)
        yield from (Typed(moment, zone, ("swaps", number, "turns", n)) for n, moment in enumerate(swap.turns))
    for span in spans(context):
        yield span.start
        yield span.end


def _days(context: Context) -> Iterator[Typed]:
    zone = context.inventory.time_zone
    for key, person in context.inventory.people.items():
        if person.until is not None:
            yield Typed(person.until, zone, ("people", key, "until"))
    if context.inventory.horizon is not None:
        yield Typed(context.inventory.horizon, zone, ("horizon",))


def _walls(context: Context) -> Iterator[tuple[datetime, Typed]]:
    for one in _typed(context):
        if isinstance(one.moment, datetime) and one.moment.tzinfo is None:
            yield one.moment, one


RULES = (
    Rule("date-out-of-range", "error", f"Years are {FIRST_YEAR} to {LAST_YEAR}.", date_out_of_range),
    Rule("missing-time", "error", "A typed time exists in its zone.", missing_time),
    Rule("ambiguous-time", "error", "A typed time comes once in its zone, or says its offset.", ambiguous_time),
    Rule("ends-before-start", "error", "Leave, overrides and maintenance end after they begin.", ends_before_start),
    Rule(
        "overrides-overlap",
        "error",
        "Overrides of a whole schedule, or of one person in it, don't overlap.",
        overrides_overlap,
    ),
    Rule("since-order", "error", "A line-up begins after the one before it.", since_order),
    Rule("takes-over-early", "error", "A line-up takes over at its first hand-off or later.", takes_over_early),
    Rule("until-before-since", "error", "A rotation ends after its newest line-up has begun.", until_before_since),
    Rule("horizon-near", "notice", "The horizon is more than 60 days away.", horizon_near),
    Rule("long-maintenance", "notice", "Maintenance lasts 7 days at most.", long_maintenance),
)
