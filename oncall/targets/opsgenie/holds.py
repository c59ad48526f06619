"""Pages that wait for business hours: notification policies that delay what comes outside them.

A delay ends at the next time of day, or the next Monday, Tuesday... at a time; whether today counts there is not
documented, so each policy acts only in hours in which that makes no difference. OpsGenie reads the hours of policies in
the account's zone, which is taken to be the organisation's
(https://support.atlassian.com/opsgenie/docs/time-constraints-and-timezones/).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from oncall.model import Inventory, Window
from oncall.model.words import DAY_MINUTES, WEEK_MINUTES
from oncall.resource import Resource, Value
from oncall.targets.common import MANAGED
from oncall.targets.hours import Hours, Span, hours_of
from oncall.targets.opsgenie.kinds import NOTIFICATION_POLICY, PRIORITY, team
from oncall.targets.opsgenie.schedules import DAYS, time_restriction

# The difference of two zones must not depend on when it is asked; this year's clock changes stand for every year's.
_YEAR = tuple(datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(365))

Delay = tuple[str, int]
"""Until when pages wait: the kind of delay, and the minute of the day."""


def notification_policies(inventory: Inventory, tiers: Mapping[str, Sequence[str]]) -> list[Resource]:
    """Return the policies of each team that hold a priority's alerts until the hours of its tier."""
    return sorted(
        (
            _policy(inventory, key, tier, delay, outside)
            for key, used in tiers.items()
            for tier in by_priority(inventory, used).values()
            for delay, outside in delays(inventory, key, tier).items()
        ),
        key=lambda resource: resource.key,
    )


def by_priority(inventory: Inventory, tiers: Sequence[str]) -> dict[str, str]:
    """Return the tier that each priority stands for: of two with one severity the first."""
    found: dict[str, str] = {}
    for tier in tiers:
        found.setdefault(PRIORITY[inventory.tiers[tier].severity], tier)
    return found


def delays(inventory: Inventory, team_key: str, tier: str) -> dict[Delay, list[Span]]:
    """Return until when pages of a team x tier wait, and in which stretches of the account's week they do."""
    windows = inventory.tiers[tier].hold_outside
    hours = hours_of(windows) if windows is not None else None
    if hours is None:
        return {}
    shift, _ = zone_difference(inventory.team_zone(inventory.teams[team_key]), inventory.time_zone)
    return _waits(sorted(((span.start + shift) % WEEK_MINUTES, span.minutes) for span in hours.weekly()))


def zone_difference(zone: str, other: str) -> tuple[int, bool]:
    """Return how many minutes the clocks of `other` are ahead of those of `zone` on most days, and whether on all."""
    found = Counter(_offset(day, other) - _offset(day, zone) for day in _YEAR)
    ((minutes, days),) = found.most_common(1)
    return minutes, days == len(_YEAR)


def _offset(instant: datetime, zone: str) -> int:
    return int((instant.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)).total_seconds()) // 60


def _waits(hours: Sequence[tuple[int, int]]) -> dict[Delay, list[Span]]:
    found: dict[Delay, list[Span]] = {}
    for (start, minutes), (following, _) in zip(hours, [*hours[1:], hours[0]], strict=True):
        closes = (start + minutes) % WEEK_MINUTES
        for delay, span in _stretches(closes, (following - closes) % WEEK_MINUTES or WEEK_MINUTES, following):
            found.setdefault(delay, []).append(span)
    return {delay: sorted(spans, key=lambda span: span.start) for delay, spans in found.items()}


def _stretches(closes: int, closed: int, opens: int) -> Iterator[tuple[Delay, Span]]:
    """Give the stretches between two hours: less than a day is until the next time of day, at whatever day."""
    day, minute = divmod(opens, DAY_MINUTES)
    if closed < DAY_MINUTES:
        yield ("next-time", minute), Span(closes, closed)
        return
    # Until midnight before the day of opening no day is the right one yet, or the right time of it is over.
    yield (f"next-{DAYS[day]}", minute), Span(closes, closed - minute)
    if minute:
        yield ("next-time", minute), Span(day * DAY_MINUTES, minute)


def _policy(inventory: Inventory, key: str, tier: str, delay: Delay, outside: list[Span]) -> Resource:
    option, minute = delay
    clock = f"{minute // 60:02}:{minute % 60:02}"
    day = "" if option == "next-time" else f"{option.removeprefix('next-').title()} "
    condition: Value = {
        "field": "priority",
        "operation": "equals",
        "expectedValue": PRIORITY[inventory.tiers[tier].severity],
    }
    properties: dict[str, Value] = {
        "team_id": team(key),
        "name": f"{tier} waits until {day}{clock}",
        "policy_description": MANAGED,
        "filter": {"type": "match-all-conditions", "conditions": (condition,)},
        "time_restriction": time_restriction(_hours(outside)),
        "delay_action": {"delayOption": option, "untilHour": minute // 60, "untilMinute": minute % 60},
    }
    return Resource(NOTIFICATION_POLICY, f"{key}/{tier}/{option}/{clock.replace(':', '')}", properties, key)


def _hours(spans: list[Span]) -> Hours:
    """Return the stretches as restrictions need them: those that are the same every day, told once."""
    windows = [Window((span.start // DAY_MINUTES,), span.start % DAY_MINUTES, span.minutes) for span in spans]
    return hours_of(windows) or Hours(False, tuple(spans))
