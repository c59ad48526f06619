"""Services and their integrations."""

from typing import Final

from sandbox.plugin.api import Again, Half
from sandbox.plugin.codecs import ONLY_ITEM, SECONDS_OR_NULL, reference
from sandbox.plugin.common import DESCRIPTION, HTML_URL, NAME
from sandbox.plugin.errors import PluginError
from sandbox.plugin.fields import Field
from sandbox.plugin.handler import After, Handler, Kind, Tries
from sandbox.plugin.rules import one_of, time_zone
from sandbox.plugin.values import Values


class ServiceHandler(Handler):
    """A service settles for a moment before it is read."""

    def body(self, values: Values) -> Values:
        """The body, with upstream's one null action for support hours without actions."""
        body = super().body(values)
        urgency = body.get("incident_urgency_rule") or {}
        if urgency.get("type") == "use_support_hours" and not body.get("scheduled_actions"):
            body["scheduled_actions"] = [None]
        pausing = body.get("auto_pause_notifications_parameters")
        if pausing and not pausing["enabled"]:
            pausing["timeout"] = None
        return body

    async def after_create(self, resource_id: str, values: Values) -> Values:
        """A pause (half a second upstream), then the read."""
        await self.api.rest()
        return await super().after_create(resource_id, values)


_URGENCY: Final = (Field("type"), Field("urgency"))

SERVICE: Final = Kind(
    token="pagerduty:index/service:Service",  # noqa: S106
    half=Half.SDK,
    collection="/services",
    wrapper="service",
    handler=ServiceHandler,
    query="include%5B%5D=auto_pause_notifications_parameters",
    absence_is_deletion=True,
    fields=(
        NAME,
        DESCRIPTION,
        Field("escalationPolicy", required=True, codec=reference("escalation_policy_reference")),
        # The recordings hold no alert_creation, whatever the program says: every service makes alerts by now.
        Field("alertCreation", wire=None, default="create_alerts_and_incidents"),
        Field("autoResolveTimeout", default="14400", codec=SECONDS_OR_NULL, blank=None),
        Field("acknowledgementTimeout", default="1800", codec=SECONDS_OR_NULL, blank=None),
        Field("responsePlay", computed=True, codec=reference("response_play_reference"), blank=None, sticky=True),
        Field("alertGrouping", computed=True, sticky=True),
        Field("alertGroupingTimeout", computed=True, codec=SECONDS_OR_NULL),
        Field(
            "alertGroupingParameters",
            "object",
            computed=True,
            sticky=True,
            mine=True,
            fields=(
                Field("type"),
                Field(
                    "config",
                    "object",
                    computed=True,
                    fields=(
                        Field("aggregate"),
                        Field("fields", "strings"),
                        Field("timeout", "integer"),
                        Field("timeWindow", "integer", computed=True),
                    ),
                ),
            ),
        ),
        Field(
            "autoPauseNotificationsParameters",
            "object",
            computed=True,
            sticky=True,
            fields=(
                Field("enabled", "boolean", computed=True, blank=False),
                Field("timeout", "integer", computed=True, blank=None),
            ),
        ),
        Field(
            "incidentUrgencyRule",
            "object",
            computed=True,
            sticky=True,
            fields=(
                Field("type", required=True),
                Field("urgency"),
                Field("duringSupportHours", "object", fields=_URGENCY),
                Field("outsideSupportHours", "object", fields=_URGENCY),
            ),
        ),
        Field(
            "supportHours",
            "object",
            sticky=True,
            fields=(
                Field("type"),
                Field("timeZone", rule=time_zone),
                Field("startTime"),
                Field("endTime"),
                Field("daysOfWeeks", "integers", wire="days_of_week"),
            ),
        ),
        Field(
            "scheduledActions",
            "object",
            many=True,
            sticky=True,
            fields=(
                Field("type"),
                Field("toUrgency"),
                Field(
                    "ats",
                    "object",
                    wire="at",
                    many=True,
                    codec=ONLY_ITEM,
                    fields=(Field("type"), Field("name")),
                ),
            ),
        ),
        Field("status", output=True),
        Field("type", output=True),
        Field("createdAt", output=True),
        Field("lastIncidentTimestamp", output=True),
        HTML_URL,
    ),
)


class ServiceIntegrationHandler(Handler):
    """An integration lies below its service: an import names both, `service.integration`."""

    async def read(self, resource_id: str, prior: Values) -> tuple[str, Values] | None:
        """As for other kinds; an import reads twice, as upstream does."""
        if prior.get("service"):
            return await super().read(resource_id, prior)
        service, dot, integration = resource_id.partition(".")
        if not dot or "." in integration:
            raise PluginError(f"{resource_id!r}: an integration is imported as SERVICE_ID.INTEGRATION_ID")
        prior = {**prior, "service": service}
        if await super().read(integration, prior) is None:
            return None
        return await super().read(integration, prior)


SERVICE_INTEGRATION: Final = Kind(
    token="pagerduty:index/serviceIntegration:ServiceIntegration",  # noqa: S106
    half=Half.SDK,
    collection="/services/{service}/integrations",
    wrapper="integration",
    handler=ServiceIntegrationHandler,
    updated=After.PLAN,
    tries=Tries(create=Again.BAD_REQUEST),
    fields=(
        NAME,
        Field("service", required=True, codec=reference("service"), sticky=True, replaces=True),
        Field("type", computed=True, replaces=True, blank="service_integration"),
        Field("vendor", computed=True, replaces=True, codec=reference("vendor"), sticky=True),
        # Not marked secret by upstream either: the program has to do it (additional_secret_outputs).
        Field("integrationKey", computed=True, sticky=True),
        Field("integrationEmail", computed=True, sticky=True),
        Field("emailIncidentCreation", computed=True, sticky=True),
        Field("emailFilterMode", computed=True, sticky=True),
        Field("emailParsingFallback", computed=True, sticky=True),
        Field(
            "emailFilters",
            "object",
            computed=True,
            replaces=True,
            many=True,
            sticky=True,
            fields=(
                Field("id", output=True, echoed=True),
                Field("subjectMode", rule=one_of("always", "match", "no-match")),
                Field("subjectRegex"),
                Field("bodyMode", rule=one_of("always", "match", "no-match")),
                Field("bodyRegex"),
                Field("fromEmailMode", rule=one_of("always", "match", "no-match")),
                Field("fromEmailRegex"),
            ),
        ),
        HTML_URL,
    ),
)
