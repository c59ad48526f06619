"""The kinds of object an OpsGenie account holds for us, in the order in which they are made, and its words."""

from collections.abc import Iterable, Mapping

from oncall.model import Inventory, Severity
from oncall.resource import Ref
from oncall.targets.formerly import KeyParts

USER = "opsgenie:User"
CONTACT = "opsgenie:Contact"
NOTIFICATION_RULE = "opsgenie:NotificationRule"
TEAM = "opsgenie:Team"
MEMBER = "opsgenie:TeamMember"
SCHEDULE = "opsgenie:Schedule"
ROTATION = "opsgenie:Rotation"
OVERRIDE = "opsgenie:ScheduleOverride"
ESCALATION = "opsgenie:Escalation"
ROUTING_RULE = "opsgenie:RoutingRule"
ALERT_POLICY = "opsgenie:AlertPolicy"
NOTIFICATION_POLICY = "opsgenie:NotificationPolicy"
INTEGRATION = "opsgenie:ApiIntegration"
MAINTENANCE = "opsgenie:Maintenance"
SERVICE = "opsgenie:Service"
HEARTBEAT = "opsgenie:Heartbeat"
KINDS = (
    USER,
    CONTACT,
    NOTIFICATION_RULE,
    TEAM,
    MEMBER,
    SCHEDULE,
    ROTATION,
    OVERRIDE,
    ESCALATION,
    ROUTING_RULE,
    ALERT_POLICY,
    NOTIFICATION_POLICY,
    INTEGRATION,
    HEARTBEAT,
    MAINTENANCE,
    SERVICE,
)
TEAM_IN_KEYS: Mapping[str, KeyParts] = {
    TEAM: KeyParts(),
    MEMBER: KeyParts(),
    SCHEDULE: KeyParts(schedule=True),
    ROTATION: KeyParts(schedule=True),
    OVERRIDE: KeyParts(schedule=True),
    ESCALATION: KeyParts(),
    ROUTING_RULE: KeyParts(),
    ALERT_POLICY: KeyParts(),
    NOTIFICATION_POLICY: KeyParts(),
    INTEGRATION: KeyParts(team=1),
    MAINTENANCE: KeyParts(team=2),
}
"""The kinds whose keys name a team, and where."""

PRIORITY: Mapping[Severity, str] = {"critical": "P1", "high": "P2", "medium": "P3", "low": "P5"}


def team(key: str, field: str = "id") -> Ref:
    """Return a value of a team."""
    return Ref(TEAM, key, field)


def username(inventory: Inventory, person: str) -> str:
    """Return what OpsGenie knows a person by."""
    return inventory.people[person].email


def made_users(inventory: Inventory, people: Iterable[str]) -> tuple[Ref, ...]:
    """Return the users of ours among some people: what names them by e-mail has to wait for them."""
    return tuple(
        Ref(USER, key)
        for key in sorted(set(people))
        if key in inventory.people and inventory.manage_of(inventory.people[key]) == "all"
    )
