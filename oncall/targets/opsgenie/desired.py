"""What an OpsGenie account should hold for an inventory."""

from datetime import datetime

from oncall.model import Inventory
from oncall.model.escalation import tiers_in_use
from oncall.resource import Resource
from oncall.targets.common import teams_at
from oncall.targets.opsgenie.escalations import escalations
from oncall.targets.opsgenie.intake import heartbeats, integrations
from oncall.targets.opsgenie.routing import routing_rules
from oncall.targets.opsgenie.schedules import rotations, schedules, vendor_schedules
from oncall.targets.opsgenie.teams import members, teams, users


def desired(inventory: Inventory, now: datetime) -> tuple[Resource, ...]:
    """Return the objects of every team that pages through OpsGenie; see `Target`."""
    keys = teams_at(inventory, "opsgenie")
    used = tiers_in_use(inventory)
    tiers = {key: used[key] for key in keys}
    vendor = vendor_schedules(inventory, keys, now)
    parts = [one for found in vendor.values() for one in found]
    steps = escalations(inventory, tiers, vendor)
    people = {person for key in keys for person, _ in members(inventory, key, now)}
    people |= {
        person for one in parts for rotation in one.rotations for span in rotation.spans for person in span.people
    }
    people |= {ref.key for resource in steps for ref in resource.after}
    return (
        *users(inventory, people),
        *teams(inventory, keys, now),
        *schedules(inventory, parts),
        *rotations(inventory, parts),
        *steps,
        *routing_rules(inventory, tiers, (resource.key for resource in steps)),
        *integrations(inventory, keys),
        *heartbeats(inventory, keys),
    )
