"""The table of kinds: which properties they have, where they live in the API, what upstream sends and expects.

Sources: the published schema of pulumi-pagerduty (names, defaults, replacements), PagerDuty's REST API v2 document
(https://developer.pagerduty.com/api-reference/) and recordings of the official plugin's requests.
"""

from typing import Final

from sandbox.plugin.api import Again, Half
from sandbox.plugin.codecs import (
    GO_TIME,
    LAYER_USERS,
    PERCENT,
    TRIMMED,
    only_reference,
    reference,
    references,
)
from sandbox.plugin.common import DESCRIPTION, HTML_URL, NAME
from sandbox.plugin.contacts import USER_CONTACT_METHOD, USER_NOTIFICATION_RULE
from sandbox.plugin.events import EVENT_ORCHESTRATION, MAINTENANCE_WINDOW, WEBHOOK_SUBSCRIPTION
from sandbox.plugin.fields import Field
from sandbox.plugin.groups import BUSINESS_SERVICE, SERVICE_DEPENDENCY, TAG, TAG_ASSIGNMENT
from sandbox.plugin.handler import After, Handler, Kind, Tries
from sandbox.plugin.handlers import (
    EscalationPolicyHandler,
    UserHandler,
)
from sandbox.plugin.instants import same_instant, same_or_both_past
from sandbox.plugin.memberships import TeamMembershipHandler
from sandbox.plugin.rules import between, clock_time, full_minute, one_of, time_zone
from sandbox.plugin.schedules import ScheduleHandler
from sandbox.plugin.services import SERVICE, SERVICE_INTEGRATION
from sandbox.plugin.shifts import SCHEDULEV2

USER: Final = Kind(
    token="pagerduty:index/user:User",  # noqa: S106 (a type, no secret)
    half=Half.SDK,
    collection="/users",
    wrapper="user",
    handler=UserHandler,
    tries=Tries(update=Again.BAD_REQUEST, delete=Again.BAD_REQUEST),
    fields=(
        Field(
            "name",
            required=True,
            codec=TRIMMED,
            same=lambda old, new, _: old == " ".join(new.split()),
        ),
        Field("email", required=True, same=lambda old, new, _: old == new.lower()),
        Field(
            "role",
            default="user",
            rule=one_of(
                "admin",
                "limited_user",
                "observer",
                "owner",
                "read_only_user",
                "restricted_access",
                "read_only_limited_user",
                "user",
            ),
        ),
        DESCRIPTION,
        Field("jobTitle"),
        Field("color", computed=True),
        Field("timeZone", computed=True, rule=time_zone),
        Field("license", computed=True, codec=reference("license_reference")),
        Field("teams", "strings", output=True, codec=references("team_reference")),
        Field("avatarUrl", output=True),
        Field("invitationSent", "boolean", output=True),
        HTML_URL,
    ),
)

TEAM: Final = Kind(
    token="pagerduty:index/team:Team",  # noqa: S106
    half=Half.FRAMEWORK,
    collection="/teams",
    wrapper="team",
    handler=Handler,
    absence_is_deletion=True,
    tries=Tries(
        create=Again.ALL_BUT_BAD_REQUEST,
        update=Again.ALL_BUT_BAD_OR_MISSING,
        delete=Again.ALL_BUT_BAD_OR_MISSING,
    ),
    fields=(
        NAME,
        DESCRIPTION,
        Field("defaultRole", computed=True),
        Field("parent", codec=reference("team_reference"), sticky=True),
        HTML_URL,
    ),
)

TEAM_MEMBERSHIP: Final = Kind(
    token="pagerduty:index/teamMembership:TeamMembership",  # noqa: S106
    half=Half.FRAMEWORK,
    collection="/teams/{teamId}/users",
    wrapper="",
    handler=TeamMembershipHandler,
    tries=Tries(update=Again.ALL_BUT_BAD_REQUEST),
    fields=(
        Field("teamId", wire=None, required=True, replaces=True),
        Field("userId", wire=None, required=True, replaces=True),
        Field("role", default="manager", rule=one_of("observer", "responder", "manager")),
    ),
)

SCHEDULE: Final = Kind(
    token="pagerduty:index/schedule:Schedule",  # noqa: S106
    half=Half.SDK,
    collection="/schedules",
    wrapper="schedule",
    handler=ScheduleHandler,
    updated=After.PLAN,
    tries=Tries(update=Again.ALWAYS),
    fields=(
        NAME,
        DESCRIPTION,
        Field("timeZone", required=True, rule=time_zone),
        Field("overflow", "boolean", wire=None),
        Field("teams", "strings", codec=references("team_reference"), blank=None),
        Field(
            "layers",
            "object",
            wire="schedule_layers",
            required=True,
            many=True,
            fields=(
                Field("id", output=True, echoed=True),
                Field("name", computed=True),
                Field("start", required=True, rule=full_minute, same=same_or_both_past),
                Field("end", rule=full_minute, same=lambda old, new, _: same_instant(old, new), blank=None),
                Field(
                    "rotationVirtualStart",
                    required=True,
                    rule=full_minute,
                    codec=GO_TIME,
                    same=lambda old, new, _: same_instant(old, new),
                ),
                Field(
                    "rotationTurnLengthSeconds",
                    "integer",
                    required=True,
                    rule=between(3_600, 365 * 24 * 3_600),
                ),
                Field("users", "strings", required=True, codec=LAYER_USERS),
                Field(
                    "restrictions",
                    "object",
                    many=True,
                    fields=(
                        Field("type", required=True, rule=one_of("daily_restriction", "weekly_restriction")),
                        Field("startTimeOfDay", required=True, rule=clock_time),
                        Field("startDayOfWeek", "integer", rule=between(1, 7)),
                        Field(
                            "durationSeconds",
                            "integer",
                            required=True,
                            rule=between(1, 7 * 24 * 3_600 - 1),
                        ),
                    ),
                ),
                Field("renderedCoveragePercentage", output=True, codec=PERCENT),
            ),
        ),
        Field(
            "finalSchedules",
            "object",
            wire="final_schedule",
            output=True,
            many=True,
            fields=(
                Field("name", output=True),
                Field("renderedCoveragePercentage", output=True, codec=PERCENT),
            ),
        ),
    ),
)

ESCALATION_POLICY: Final = Kind(
    token="pagerduty:index/escalationPolicy:EscalationPolicy",  # noqa: S106
    half=Half.SDK,
    collection="/escalation_policies",
    wrapper="escalation_policy",
    handler=EscalationPolicyHandler,
    query="include%5B%5D=escalation_rule_assignment_strategies",
    updated=After.PLAN,
    absence_is_deletion=True,
    tries=Tries(delete=Again.BAD_REQUEST),
    fields=(
        NAME,
        DESCRIPTION,
        Field("numLoops", "integer", rule=between(0, 9), blank=0),
        Field("teams", codec=only_reference("team_reference"), blank=None),
        Field(
            "rules",
            "object",
            wire="escalation_rules",
            required=True,
            many=True,
            fields=(
                Field("id", output=True),
                Field(
                    "escalationDelayInMinutes",
                    "integer",
                    required=True,
                    rule=between(1, 1_000_000),
                ),
                Field(
                    "escalationRuleAssignmentStrategy",
                    "object",
                    computed=True,
                    fields=(Field("type", computed=True, rule=one_of("assign_to_everyone", "round_robin")),),
                ),
                Field(
                    "targets",
                    "object",
                    required=True,
                    many=True,
                    fields=(
                        Field(
                            "type",
                            default="user_reference",
                            rule=one_of("user_reference", "schedule_reference"),
                        ),
                        Field("id", required=True),
                    ),
                ),
            ),
        ),
    ),
)

KINDS: Final = (
    USER,
    TEAM,
    TEAM_MEMBERSHIP,
    SCHEDULE,
    ESCALATION_POLICY,
    SERVICE,
    SERVICE_INTEGRATION,
    USER_CONTACT_METHOD,
    USER_NOTIFICATION_RULE,
    MAINTENANCE_WINDOW,
    WEBHOOK_SUBSCRIPTION,
    EVENT_ORCHESTRATION,
    SCHEDULEV2,
    TAG,
    TAG_ASSIGNMENT,
    BUSINESS_SERVICE,
    SERVICE_DEPENDENCY,
)
"""Every kind the plugin has."""
