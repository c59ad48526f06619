"""An incident at PagerDuty while nobody answers (vendors.md, section 1; api-behaviour.md, sections 7, 8 and 11).

A level with nobody on call is passed over at once; low urgency tells its first level only, until it is raised; a
policy with nobody on call at all opens no incident.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from oncall.model import Inventory, Severity
from oncall.model.escalation import Recipient, policy, tiers_in_use
from oncall.shifts.paging import Told, people_behind
from oncall.shifts.rota import Rota
from oncall.targets.common import minute_levels
from oncall.targets.pagerduty.policies import delays
from oncall.targets.pagerduty.schedules import vendor_schedules
from oncall.targets.pagerduty.services import URGENCY, support_hours
from oncall.targets.pagerduty.telling import urgencies
from oncall.targets.paging import (
    Levels,
    Page,
    Paged,
    PagedPerson,
    given,
    levels_known,
    next_opening,
    schedule_owners,
    wished,
)
from oncall.targets.telling import Heard, heard

LEVELS = {"high": "high urgency", "low": "low urgency"}
NOBODY_AT_ALL = "nobody is on call in the whole policy, so PagerDuty opens no incident"


def paged(rota: Rota, team: str, tier_key: str, opened: datetime) -> Paged:
    """Return what becomes of an event of a team x tier in use that PagerDuty takes at an aware instant."""
    inventory = rota.inventory
    tier, owner = inventory.tiers[tier_key], inventory.teams[team]
    wanted = policy(inventory, team, tier_key)
    levels: Levels = [(level.minute, level.recipients) for level in minute_levels(wanted)]
    known = vendor_schedules(inventory, schedule_owners(levels), opened)
    levels = levels_known(levels, {ref for ref, parts in known.items() if parts})
    urgency, raised = _urgency(inventory, team, tier_key, opened)
    found = _held(rota, levels, 0, wanted.times, opened)
    if found is None:
        return Paged(LEVELS[urgency], (), problem=NOBODY_AT_ALL)
    tell = _teller(inventory, tier.severity, opened)
    one_of = owner.pagerduty is not None and owner.pagerduty.round_robin is True
    waits = delays(wanted, [minute for minute, _ in levels])

    def page(at: datetime, place: int, passed: tuple[Recipient, ...], people: tuple[Told, ...], again: bool) -> Page:
        turn, number = divmod(place, len(levels))
        told = tuple(tell(person, urgency) for person in people)
        return Page(at, turn, LEVELS[urgency], levels[number][1], told, passed, again, one_of and len(told) > 1)

    at, (place, passed, people) = opened, found
    pages = [page(at, place, passed, people, False)]
    if urgency == "low" and raised is None:
        return Paged(LEVELS["low"], tuple(pages))
    if raised is not None:
        at, urgency = raised, "high"
        pages.append(page(at, place, (), people, True))
    while True:
        at += timedelta(minutes=waits[place % len(levels)])
        found = _held(rota, levels, place + 1, wanted.times, at)
        if found is None:
            return Paged(pages[0].level, tuple(pages), raised)
        place, passed, people = found
        pages.append(page(at, place, passed, people, False))


def _urgency(inventory: Inventory, team: str, tier_key: str, opened: datetime) -> tuple[str, datetime | None]:
    """Return the urgency an incident opens with, and when the service's support hours raise a low one."""
    tier = inventory.tiers[tier_key]
    if tier.hold_outside is None:
        return URGENCY[tier.severity], None
    if support_hours(tier.hold_outside) is None:
        return "high", None
    opens = next_opening(tier.hold_outside, inventory.team_zone(inventory.teams[team]), opened)
    return ("high", None) if opens is None else ("low", opens)


def _held(
    rota: Rota, levels: Levels, first: int, times: int, at: datetime
) -> tuple[int, tuple[Recipient, ...], tuple[Told, ...]] | None:
    """Return the first place from `first` on with somebody on call: it, what was passed over, and the people."""
    passed: list[Recipient] = []
    for place in range(first, len(levels) * (times + 1)):
        recipients = levels[place % len(levels)][1]
        people = people_behind(rota, recipients, at)
        if people:
            return place, tuple(dict.fromkeys(passed)), people
        passed += recipients
    return None


def _teller(inventory: Inventory, severity: Severity, now: datetime) -> Callable[[Told, str], PagedPerson]:
    hears: Heard | None = None

    def tell(told: Told, urgency: str) -> PagedPerson:
        nonlocal hears
        if inventory.manage_of(inventory.people[told.person]) == "none":
            # There are two urgencies for four severities: a medium one in its hours is told as a high one is.
            return wished(inventory, told, severity if URGENCY[severity] == urgency else "high")
        if hears is None:
            used = tiers_in_use(inventory)
            here = (key for key, one in inventory.teams.items() if "pagerduty" in one.pages_through)
            hears = heard(inventory, {key: used[key] for key in here}, now)
        return given(told, urgencies(inventory, told.person, hears)[urgency])

    return tell
