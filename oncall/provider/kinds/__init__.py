"""Every kind of resource the plugin knows: a new one is a file here and a line in the tuple."""

from oncall.provider.kinds.alert_policy import AlertPolicy
from oncall.provider.kinds.api_integration import ApiIntegration
from oncall.provider.kinds.base import Kind
from oncall.provider.kinds.bundle import Bundle
from oncall.provider.kinds.contact import Contact
from oncall.provider.kinds.escalation import Escalation
from oncall.provider.kinds.heartbeat import Heartbeat
from oncall.provider.kinds.maintenance import Maintenance
from oncall.provider.kinds.notification_policy import NotificationPolicy
from oncall.provider.kinds.notification_rule import NotificationRule
from oncall.provider.kinds.pagerduty_override import ScheduleOverride as PagerdutyScheduleOverride
from oncall.provider.kinds.pagerduty_person import ContactMethod as PagerdutyContactMethod
from oncall.provider.kinds.pagerduty_person import NotificationRule as PagerdutyNotificationRule
from oncall.provider.kinds.pagerduty_shifts import CustomShift, ShiftOverride
from oncall.provider.kinds.pagerduty_webhook import WebhookSubscription
from oncall.provider.kinds.pagerduty_window import MaintenanceWindow as PagerdutyMaintenanceWindow
from oncall.provider.kinds.rotation import Rotation
from oncall.provider.kinds.routing_rule import RoutingRule
from oncall.provider.kinds.schedule import Schedule
from oncall.provider.kinds.schedule_override import ScheduleOverride
from oncall.provider.kinds.service import Service
from oncall.provider.kinds.team import Team
from oncall.provider.kinds.team_member import TeamMember
from oncall.provider.kinds.user import User

KINDS: tuple[Kind, ...] = (
    User(),
    Contact(),
    NotificationRule(),
    Team(),
    TeamMember(),
    Schedule(),
    Rotation(),
    ScheduleOverride(),
    Escalation(),
    RoutingRule(),
    AlertPolicy(),
    NotificationPolicy(),
    ApiIntegration(),
    Heartbeat(),
    Maintenance(),
    Service(),
    PagerdutyContactMethod(),
    PagerdutyNotificationRule(),
    PagerdutyMaintenanceWindow(),
    PagerdutyScheduleOverride(),
    ShiftOverride(),
    CustomShift(),
    WebhookSubscription(),
    Bundle(),
)

BY_TOKEN = {kind.token: kind for kind in KINDS}
