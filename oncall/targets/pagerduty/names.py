"""What things are called at PagerDuty."""

from oncall.model import Inventory
from oncall.targets.vendor_schedules import VendorSchedule

INTEGRATION_NAME = "AliveMCP"


def schedule_name(inventory: Inventory, schedule: VendorSchedule) -> str:
    """Return `Platform primary`, or `Platform primary emea` for a part of a schedule that had to be split."""
    team = inventory.teams[schedule.team]
    own = team.schedules[schedule.schedule].name or schedule.schedule
    return " ".join(filter(None, (team.name, own, schedule.part)))


def tier_name(inventory: Inventory, team: str, tier: str) -> str:
    """Return the name of a team x tier's policy and of its service."""
    return f"{inventory.teams[team].name} {tier}"
