"""What a PagerDuty account should hold for an inventory."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from oncall.model import Inventory
from oncall.model.escalation import tiers_in_use
from oncall.resource import Ref, Resource, Value
from oncall.targets.common import by_team, teams_at
from oncall.targets.formerly import with_former_keys
from oncall.targets.overrides import stints
from oncall.targets.pagerduty.groups import business_services, tags
from oncall.targets.pagerduty.kinds import TEAM_IN_KEYS, USER
from oncall.targets.pagerduty.maintenance import maintenance_windows
from oncall.targets.pagerduty.policies import policies
from oncall.targets.pagerduty.schedules import overrides, schedules, vendor_schedules
from oncall.targets.pagerduty.services import integrations, services
from oncall.targets.pagerduty.teams import memberships, teams, users
from oncall.targets.pagerduty.telling import contact_methods, notification_rules
from oncall.targets.pagerduty.webhooks import webhooks
from oncall.targets.telling import heard, managed


def desired(inventory: Inventory, now: datetime) -> tuple[Resource, ...]:
    """Return the objects of every team that pages through PagerDuty; see `Target`."""
    keys = teams_at(inventory, "pagerduty")
    used = tiers_in_use(inventory)
    tiers = {key: used[key] for key in keys}
    vendor = vendor_schedules(inventory, keys, now)
    members = memberships(inventory, keys, now)
    first = by_team(members)
    rosters = schedules(inventory, (one for parts in vendor.values() for one in parts), first)
    stand_ins = overrides(stints(inventory, vendor, now))
    escalations = policies(inventory, tiers, vendor, first)
    made = services(inventory, tiers, (resource.key for resource in escalations))
    people = {
        ref.key
        for resource in (*members, *rosters, *stand_ins, *escalations)
        for ref in _people_of(resource.properties)
    }
    ours = managed(inventory, people, now)
    hears = heard(inventory, tiers, now) if ours else {}
    return with_former_keys(
        inventory,
        (
            *users(inventory, people),
            *contact_methods(inventory, ours, hears),
            *notification_rules(inventory, ours, hears),
            *teams(inventory, keys),
            *members,
            *rosters,
            *stand_ins,
            *escalations,
            *made,
            *integrations(made),
            *maintenance_windows(inventory, tiers, made, now),
            *tags(inventory, keys),
            *business_services(inventory, keys, made),
            *webhooks(inventory, keys),
        ),
        TEAM_IN_KEYS,
    )


def _people_of(properties: Mapping[str, Value]) -> Iterator[Ref]:
    """Give the people that some properties refer to."""
    waiting: list[Value] = list(properties.values())
    while waiting:
        value = waiting.pop()
        if isinstance(value, Ref):
            if value.kind == USER:
                yield value
        elif isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, tuple):
            waiting.extend(value)
