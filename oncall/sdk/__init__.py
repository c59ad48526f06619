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
    TeamMember,
    User,
)
from oncall.sdk.opsgenie_alerts import AlertPolicy, Maintenance, NotificationPolicy, Service
from oncall.sdk.opsgenie_people import Contact, NotificationRule, ScheduleOverride
from oncall.sdk.pagerduty import ContactMethod as PagerdutyContactMethod
from oncall.sdk.pagerduty import CustomShift as PagerdutyCustomShift
from oncall.sdk.pagerduty import MaintenanceWindow as PagerdutyMaintenanceWindow
from oncall.sdk.pagerduty import NotificationRule as PagerdutyNotificationRule
from oncall.sdk.pagerduty import ScheduleOverride as PagerdutyScheduleOverride
from oncall.sdk.pagerduty import ShiftOverride as PagerdutyShiftOverride
from oncall.sdk.pagerduty import WebhookSubscription as PagerdutyWebhookSubscription
from oncall.sdk.provider import Provider

__all__ = [
    "AlertPolicy",
    "ApiIntegration",
    "Bundle",
    "Contact",
    "Escalation",
    "Heartbeat",
    "Maintenance",
    "NotificationPolicy",
    "NotificationRule",
    "PagerdutyContactMethod",
    "PagerdutyCustomShift",
    "PagerdutyMaintenanceWindow",
    "PagerdutyNotificationRule",
    "PagerdutyScheduleOverride",
    "PagerdutyShiftOverride",
    "PagerdutyWebhookSubscription",
    "Provider",
    "Rotation",
    "RoutingRule",
    "Schedule",
    "ScheduleOverride",
    "Service",
    "Team",
    "TeamMember",
    "User",
]
