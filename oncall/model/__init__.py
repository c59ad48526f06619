"""The nouns of the inventory as frozen values."""

from oncall.model.base import Accept
from oncall.model.exceptions import Leave, Override, Swap
from oncall.model.inventory import Bridge, Guard, Inventory, Jira, Watch
from oncall.model.people import SEVERITIES, Pages, Person, Severity
from oncall.model.servers import Group, Heartbeat, Maintenance, Server
from oncall.model.teams import (
    NOBODY,
    HolidayCover,
    Limits,
    Lineup,
    Member,
    Repeat,
    Role,
    Rotation,
    Schedule,
    Step,
    TargetName,
    Team,
)
from oncall.model.tiers import Tier
from oncall.model.words import HandOff, PageStep, Turn, Window

__all__ = [
    "NOBODY",
    "SEVERITIES",
    "Accept",
    "Bridge",
    "Group",
    "Guard",
    "HandOff",
    "Heartbeat",
    "HolidayCover",
    "Inventory",
    "Jira",
    "Leave",
    "Limits",
    "Lineup",
    "Maintenance",
    "Member",
    "Override",
    "PageStep",
    "Pages",
    "Person",
    "Repeat",
    "Role",
    "Rotation",
    "Schedule",
    "Server",
    "Severity",
    "Step",
    "Swap",
    "TargetName",
    "Team",
    "Tier",
    "Turn",
    "Watch",
    "Window",
]
