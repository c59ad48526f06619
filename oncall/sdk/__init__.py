"""The program side of our provider: one class per kind, for use in a Pulumi program."""

from oncall.sdk.bridge import Bundle
from oncall.sdk.opsgenie import (
    ApiIntegration,
    Escalation,
    Heartbeat,
    Rotation,
    RoutingRule,
    Schedule,
    Team,
    User,
)
from oncall.sdk.provider import Provider

__all__ = [
    "ApiIntegration",
    "Bundle",
    "Escalation",
    "Heartbeat",
    "Provider",
    "Rotation",
    "RoutingRule",
    "Schedule",
    "Team",
    "User",
]
