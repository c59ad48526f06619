"""An alert at OpsGenie while nobody answers (vendors.md, section 1; api-behaviour.md, section 15).

Its times count from the moment its notifications begin: when it opens, or when the hours come it is held until. Rules
run at their times whether or not anybody is on call then.
"""

from datetime import datetime, timedelta

from oncall.model import Inventory, Severity
from oncall.model.escalation import policy, tiers_in_use
from oncall.shifts.paging import Told, people_behind
from oncall.shifts.rota import Rota
from oncall.targets.common import minute_levels, whole_minutes
from oncall.targets.opsgenie.escalations import MIN_WAIT
from oncall.targets.opsgenie.holds import by_priority
from oncall.targets.opsgenie.kinds import PRIORITY
from oncall.targets.opsgenie.schedules import vendor_schedules
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
from oncall.targets.telling import ways

SUPPRESSED = "the team's integration suppresses notifications (`opsgenie: {suppress_notifications}`)"
NO_ESCALATION = "nobody is ever told: no schedule of the escalation has a rotation left"


def paged(rota: Rota, team: str, tier_key: str, opened: datetime) -> Paged:
    """Return what becomes of an alert of a team x tier in use that OpsGenie takes at an aware instant."""
    inventory = rota.inventory
    severity, owner = inventory.tiers[tier_key].severity, inventory.teams[team]
    level = PRIORITY[severity]
    # Priority picks the escalation: of two tiers in use with one severity the first is meant.
    tier_key = by_priority(inventory, tiers_in_use(inventory)[team]).get(level, tier_key)
    wanted = policy(inventory, team, tier_key)
    levels: Levels = [(each.minute, each.recipients) for each in minute_levels(wanted)]
    known = vendor_schedules(inventory, schedule_owners(levels), opened)
    levels = levels_known(levels, {ref for ref, parts in known.items() if parts})
    if owner.opsgenie is not None and owner.opsgenie.suppress_notifications:
        return Paged(level, (), problem=SUPPRESSED)
    if not levels:
        return Paged(level, (), problem=NO_ESCALATION)
    hours = inventory.tiers[tier_key].hold_outside
    held = next_opening(hours, inventory.team_zone(owner), opened) if hours is not None else None
    last = levels[-1][0]
    again = timedelta(minutes=last + max(MIN_WAIT, whole_minutes(wanted.repeat_after) - last))
    pages = []
    for turn in range(wanted.times + 1):
        for minute, recipients in levels:
            at = (held or opened) + turn * again + timedelta(minutes=minute)
            people = tuple(_told(inventory, told, severity) for told in people_behind(rota, recipients, at))
            pages.append(Page(at, turn, level, recipients, people))
    return Paged(level, tuple(pages), held)


def _told(inventory: Inventory, told: Told, severity: Severity) -> PagedPerson:
    if inventory.manage_of(inventory.people[told.person]) == "none":
        return wished(inventory, told, severity)
    return given(told, ways(inventory, told.person, severity))
