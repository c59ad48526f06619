"""What an OpsGenie account should hold for an inventory."""

from dataclasses import replace
from datetime import datetime

from oncall.model import Inventory
from oncall.model.escalation import PersonRef, policy, tiers_in_use
from oncall.resource import Resource
from oncall.targets.common import MANAGED, by_team, teams_at
from oncall.targets.formerly import with_former_keys
from oncall.targets.opsgenie.alert_policies import alert_policies
from oncall.targets.opsgenie.escalations import escalations
from oncall.targets.opsgenie.groups import services
from oncall.targets.opsgenie.holds import notification_policies
from oncall.targets.opsgenie.intake import heartbeats, integrations
from oncall.targets.opsgenie.kinds import TEAM_IN_KEYS
from oncall.targets.opsgenie.maintenance import maintenance
from oncall.targets.opsgenie.routing import routing_rules
from oncall.targets.opsgenie.schedules import overrides, rotations, schedules, vendor_schedules
from oncall.targets.opsgenie.teams import members, teams, users
from oncall.targets.opsgenie.telling import contacts, notification_rules
from oncall.targets.overrides import stints
from oncall.targets.telling import managed


def desired(inventory: Inventory, now: datetime) -> tuple[Resource, ...]:
    """Return the objects of every team that pages through OpsGenie; see `Target`."""
    keys = teams_at(inventory, "opsgenie")
    used = tiers_in_use(inventory)
    tiers = {key: used[key] for key in keys}
    vendor = vendor_schedules(inventory, keys, now)
    parts = [one for found in vendor.values() for one in found]
    found = stints(inventory, vendor, now)
    belong = members(inventory, keys, now)
    first = by_team(belong)
    steps = escalations(inventory, tiers, vendor, first)
    people = {each.key.rpartition("/")[2] for each in belong}
    people |= {
        person for one in parts for rotation in one.rotations for span in rotation.spans for person in span.people
    }
    people |= {
        who.person
        for key, used in tiers.items()
        for tier in used
        for level in policy(inventory, key, tier).levels
        for who in level.recipients
        if isinstance(who, PersonRef)
    }
    people |= {one.person for one in found}
    ours = managed(inventory, people, now)
    made = (
        *users(inventory, people),
        *contacts(inventory, ours),
        *notification_rules(inventory, ours),
        *teams(inventory, keys),
        *belong,
        *schedules(inventory, parts, first),
        *rotations(inventory, parts, now),
        *overrides(inventory, found),
        *steps,
        *routing_rules(inventory, tiers, (resource.key for resource in steps)),
        *alert_policies(inventory, tiers),
        *notification_policies(inventory, tiers),
        *integrations(inventory, keys),
        *heartbeats(inventory, keys),
        *services(inventory, keys),
    )
    return with_former_keys(inventory, (*map(_owned, made), *maintenance(inventory, keys, now)), TEAM_IN_KEYS)


def _owned(resource: Resource) -> Resource:
    """Say in the description whose the object is, so that a delete under an old key spares what a new one has."""
    told = {
        name: f"{text} ({resource.key})"
        for name in ("description", "policy_description")
        if isinstance(text := resource.properties.get(name), str) and text.endswith(MANAGED)
    }
    return replace(resource, properties={**resource.properties, **told}) if told else resource
