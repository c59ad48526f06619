"""When a rotation, a schedule or an escalation policy has somebody, and when it has nobody.

Overrides and leave are not applied. A year of a policy is computed once per pattern of hours: most teams share a few.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from oncall.model import NOBODY, Inventory, Rotation, Schedule, Window
from oncall.model.escalation import PersonRef, Recipient, policy
from oncall.shifts.clock import LAST
from oncall.shifts.intervals import Intervals, intersect, merge, subtract
from oncall.shifts.lineups import LineupSpan, lineup_spans, rotation_spans
from oncall.shifts.timeline import shifts
from oncall.shifts.windows import window_intervals

# Long enough that every clock change of a year, and every phase of two zones against each other, comes by.
_A_YEAR = timedelta(days=373)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Somebody is there from `start` to `end`, in these hours of the zone (None: all the time)."""

    start: datetime
    end: datetime
    only: tuple[Window, ...] | None = None
    zone: str = "UTC"


def rotation_patterns(rotation: Rotation, zone: str, start: datetime, end: datetime) -> tuple[Pattern, ...]:
    """Return when a rotation has somebody between two instants, as patterns: nobody-slots are left out."""
    spans = rotation_spans(rotation, zone)
    found = []
    for span in spans:
        begin, finish = max(start, span.start), min(end, span.end or end)
        if begin >= finish or not set(span.people) - {NOBODY}:
            continue
        if NOBODY in span.people:
            found += [Pattern(shift.start, shift.end) for shift in shifts((span,), rotation.only, begin, finish)]
        else:
            found.append(Pattern(begin, finish, rotation.only, zone if rotation.only else "UTC"))
    return tuple(found)


def schedule_patterns(
    inventory: Inventory, team_key: str, schedule: Schedule, start: datetime, end: datetime
) -> tuple[Pattern, ...]:
    """Return when any rotation of a schedule has somebody between two instants."""
    team = inventory.teams[team_key]
    return tuple(
        pattern
        for rotation in schedule.rotations.values()
        for pattern in rotation_patterns(rotation, inventory.rotation_zone(team, schedule, rotation), start, end)
    )


def covered(inventory: Inventory, team_key: str, schedule_key: str, start: datetime, end: datetime) -> Intervals:
    """Return when somebody is on call in a schedule between two UTC instants."""
    schedule = inventory.teams[team_key].schedules[schedule_key]
    return _covered(frozenset(schedule_patterns(inventory, team_key, schedule, start, end)), start, end)


def recipients_gaps(inventory: Inventory, recipients: Sequence[Recipient], start: datetime, end: datetime) -> Intervals:
    """Return when none of the recipients of escalation steps has anybody, between two UTC instants."""
    patterns: set[Pattern] = set()
    schedules = [recipient for recipient in recipients if not isinstance(recipient, PersonRef)]
    if len(schedules) < len(recipients):
        return ()
    for recipient in dict.fromkeys(schedules):
        schedule = inventory.teams[recipient.team].schedules[recipient.schedule]
        patterns.update(schedule_patterns(inventory, recipient.team, schedule, start, end))
    if Pattern(start, end) in patterns:
        return ()
    return _gaps(frozenset(patterns), start, end)


def gaps(inventory: Inventory, team_key: str, tier_key: str, start: datetime, end: datetime) -> Intervals:
    """Return when the escalation policy of a team x tier has nobody at all, between two UTC instants.

    A person on a step is always there; so is the manager of the tier.
    """
    levels = policy(inventory, team_key, tier_key).levels
    return recipients_gaps(inventory, [who for level in levels for who in level.recipients], start, end)


def ever_overlap(inventory: Inventory, team_key: str, schedule_key: str, first: str, second: str) -> bool:
    """Whether two rotations of a schedule are ever active at the same instant, in all the time they share.

    Nobody-slots count as active: the answer must not depend on whose turn it is. It depends on the data alone, never
    on now, so that what is made of it does not change by itself.
    """
    team = inventory.teams[team_key]
    schedule = team.schedules[schedule_key]
    one, two = schedule.rotations[first], schedule.rotations[second]
    left, right = _life(inventory, team_key, schedule_key, first), _life(inventory, team_key, schedule_key, second)
    start, end = max(left[0], right[0]), min(left[1], right[1])
    if start >= end:
        return False
    if one.only is None and two.only is None:
        return True
    zones = (inventory.rotation_zone(team, schedule, each) for each in (one, two))
    return _meet((one.only, two.only), tuple(zones), start, min(end, start + _A_YEAR))


@lru_cache(maxsize=2048)
def _meet(
    windows: tuple[tuple[Window, ...] | None, ...], zones: tuple[str, ...], start: datetime, end: datetime
) -> bool:
    """Whether the hours of two rotations meet between two instants, within a year of the first."""
    shared = ((start, end),)
    one, two = (_open(only, zone, start.year) for only, zone in zip(windows, zones, strict=True))
    return bool(intersect(intersect(one, shared), intersect(two, shared)))


def _life(inventory: Inventory, team_key: str, schedule_key: str, rotation_key: str) -> tuple[datetime, datetime]:
    spans: tuple[LineupSpan, ...] = lineup_spans(inventory, team_key, schedule_key, rotation_key)
    return spans[0].start, spans[-1].end or LAST


def _open(only: tuple[Window, ...] | None, zone: str, year: int) -> Intervals:
    """Return a rotation's hours over two whole years, which the rotations of many teams share."""
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    return ((start, end),) if only is None else window_intervals(only, zone, start, end)


@lru_cache(maxsize=2048)
def _covered(patterns: frozenset[Pattern], start: datetime, end: datetime) -> Intervals:
    parts: list[tuple[datetime, datetime]] = []
    for pattern in patterns:
        if pattern.only is None:
            parts.append((pattern.start, pattern.end))
        else:
            hours = window_intervals(pattern.only, pattern.zone, start, end)
            parts += intersect(hours, ((pattern.start, pattern.end),))
    return merge(parts)


@lru_cache(maxsize=2048)
def _gaps(patterns: frozenset[Pattern], start: datetime, end: datetime) -> Intervals:
    return subtract(((start, end),), _covered(patterns, start, end))
