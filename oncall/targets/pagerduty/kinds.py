"""The kinds of object a PagerDuty account holds for us, in the order in which they are made."""

from collections.abc import Mapping

from oncall.resource import Ref
from oncall.targets.formerly import KeyParts

USER = "pagerduty:User"
CONTACT = "pagerduty:ContactMethod"
NOTIFICATION_RULE = "pagerduty:NotificationRule"
TEAM = "pagerduty:Team"
MEMBERSHIP = "pagerduty:TeamMembership"
SCHEDULE = "pagerduty:Schedule"
SHIFT_SCHEDULE = "pagerduty:Schedulev2"
OVERRIDE = "pagerduty:ScheduleOverride"
SHIFT_OVERRIDE = "pagerduty:ShiftOverride"
CUSTOM_SHIFT = "pagerduty:CustomShift"
POLICY = "pagerduty:EscalationPolicy"
SERVICE = "pagerduty:Service"
INTEGRATION = "pagerduty:ServiceIntegration"
WINDOW = "pagerduty:MaintenanceWindow"
TAG = "pagerduty:Tag"
TAG_ASSIGNMENT = "pagerduty:TagAssignment"
BUSINESS_SERVICE = "pagerduty:BusinessService"
DEPENDENCY = "pagerduty:ServiceDependency"
WEBHOOK = "pagerduty:WebhookSubscription"
KINDS = (
    USER,
    CONTACT,
    NOTIFICATION_RULE,
    TEAM,
    MEMBERSHIP,
    SCHEDULE,
    SHIFT_SCHEDULE,
    OVERRIDE,
    SHIFT_OVERRIDE,
    CUSTOM_SHIFT,
    POLICY,
    SERVICE,
    INTEGRATION,
    WINDOW,
    TAG,
    TAG_ASSIGNMENT,
    BUSINESS_SERVICE,
    DEPENDENCY,
    WEBHOOK,
)

TEAM_IN_KEYS: Mapping[str, KeyParts] = {
    TEAM: KeyParts(),
    MEMBERSHIP: KeyParts(),
    SCHEDULE: KeyParts(schedule=True),
    SHIFT_SCHEDULE: KeyParts(schedule=True),
    OVERRIDE: KeyParts(schedule=True),
    SHIFT_OVERRIDE: KeyParts(schedule=True),
    CUSTOM_SHIFT: KeyParts(schedule=True),
    POLICY: KeyParts(),
    SERVICE: KeyParts(),
    INTEGRATION: KeyParts(team=1),
    WINDOW: KeyParts(team=1),
    TAG_ASSIGNMENT: KeyParts(),
    DEPENDENCY: KeyParts(team=1),
    WEBHOOK: KeyParts(),
}
"""The kinds whose keys name a team, and where."""
# https://support.pagerduty.com/main/docs/user-roles
STAKEHOLDER_ROLES = frozenset({"read_only_user", "read_only_limited_user"})
"""The roles with which nobody can be in a team, on call or on an escalation policy."""


def user(person: str) -> Ref:
    """Return the id of a person's user."""
    return Ref(USER, person)


def team(key: str) -> Ref:
    """Return the id of a team."""
    return Ref(TEAM, key)
