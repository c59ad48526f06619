"""What things are called at OpsGenie, within the characters it allows."""

import re

from oncall.model import Inventory
from oncall.targets.vendor_schedules import VendorSchedule

# https://docs.opsgenie.com/docs/on-call-schedules-and-rotations: letters, digits, _ and . in a schedule's name
_NOT_IN_SCHEDULES = re.compile(r"[^A-Za-z0-9_.]+")


def schedule_name(inventory: Inventory, schedule: VendorSchedule) -> str:
    """Return `Edge_sun`, or `Edge_sun_emea` for a part of a schedule that had to be split."""
    team = inventory.teams[schedule.team]
    own = team.schedules[schedule.schedule].name or schedule.schedule
    return _NOT_IN_SCHEDULES.sub("_", " ".join(filter(None, (team.name, own, schedule.part))))


def escalation_name(inventory: Inventory, team: str, tier: str) -> str:
    """Return the name of a team x tier's escalation."""
    return f"{inventory.teams[team].name} {tier}"


def integration_name(inventory: Inventory, team: str) -> str:
    """Return the name of a team's integration; our provider finds it again by it, so it must be the account's only."""
    return f"AliveMCP {inventory.teams[team].name}"
