"""What only one vendor has, typed: the `pagerduty:` and `opsgenie:` words of people, tiers, teams and servers."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from oncall.model.base import Noun
from oncall.model.words import Duration, parse_duration

# https://developer.pagerduty.com/api-reference/ - AutoPauseNotificationsParameters.timeout, in seconds
AUTO_PAUSES = (120, 180, 300, 600, 900)
NO_PAUSE = timedelta(0)
# the same, AlertGroupingParameters: minutes of `time`; seconds of the other types
MAX_TIME_WINDOW = timedelta(hours=24)
MIN_WINDOW, MAX_WINDOW, MAX_CONTENT_WINDOW = timedelta(minutes=5), timedelta(hours=1), timedelta(hours=24)
# https://developer.pagerduty.com/docs/webhooks-overview - the events of incidents
IncidentEvent = Literal[
    "incident.triggered",
    "incident.acknowledged",
    "incident.unacknowledged",
    "incident.escalated",
    "incident.delegated",
    "incident.reassigned",
    "incident.reopened",
    "incident.resolved",
    "incident.annotated",
    "incident.priority_updated",
    "incident.responder.added",
    "incident.responder.replied",
    "incident.status_update_published",
    "incident.incident_type.changed",
    "incident.custom_field_values.updated",
    "incident.conference_bridge.updated",
]
MAX_URL = 2048  # what browsers and proxies agree on; PagerDuty publishes no limit
MAX_PORT = 65535
_HTTPS = re.compile(
    r"https://(?P<user>[^/?#]*@)?(?P<host>[^/?#@:\[\]]+|\[[0-9a-f:.]+\])(:(?P<port>\d{0,5}))?"
    r"(/[^?#]*)?(\?[^#]*)?(#(?P<fragment>.*))?",
    re.IGNORECASE,
)


def _auto_pause(value: object) -> timedelta:
    if value == "off":
        return NO_PAUSE
    found = parse_duration(value)
    if found.total_seconds() not in AUTO_PAUSES:
        raise ValueError("PagerDuty pauses for 2m, 3m, 5m, 10m or 15m, or it is `off`")
    return found


class AlertGrouping(Noun):
    """Alerts that join an incident which is open already, and tell nobody anew."""

    type: Literal["time", "intelligent", "content_based"]
    window: Annotated[Duration | None, Field(description="How long after the first alert others join it.")] = None
    fields: Annotated[
        tuple[str, ...], Field(strict=False, description="Alerts alike in these; content_based only.")
    ] = ()
    aggregate: Annotated[
        Literal["all", "any"] | None, Field(description="Alike in all fields, or in any; content_based only.")
    ] = None

    @model_validator(mode="after")
    def _goes_together(self) -> "AlertGrouping":
        if (self.type == "content_based") != bool(self.fields and self.aggregate):
            raise ValueError("`fields` and `aggregate` belong to content_based, which needs both")
        if self.window is not None:
            most = {"time": MAX_TIME_WINDOW, "intelligent": MAX_WINDOW, "content_based": MAX_CONTENT_WINDOW}[self.type]
            least = timedelta(minutes=1) if self.type == "time" else MIN_WINDOW
            if not least <= self.window <= most or self.window % timedelta(minutes=1):
                raise ValueError(f"the window is whole minutes, {least} to {most}")
        return self


class PagerDutyService(Noun):
    """What only PagerDuty's services have."""

    acknowledgement_timeout: Annotated[
        Duration | None, Field(description="Acknowledged and still open after this: told again. Never, if left out.")
    ] = None
    auto_pause: Annotated[
        timedelta | None,
        PlainValidator(_auto_pause),
        WithJsonSchema(
            {
                "enum": ["off", "2m", "3m", "5m", "10m", "15m"],
                "description": "Alerts that pass are waited out for this long before anybody is told.",
            }
        ),
    ] = None
    alert_grouping: AlertGrouping | None = None


def _https_url(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not re.match(r"https://[^/?#]", text, re.IGNORECASE) or not text.isascii() or not text.isprintable():
        raise ValueError("the address of a webhook begins with https://, like https://hooks.acme.example/pagerduty")
    found = _HTTPS.fullmatch(text)
    if found is None or not 1 <= int(found["port"] or 443) <= MAX_PORT:
        raise ValueError("a URL is written like https://hooks.acme.example/pagerduty")
    if " " in text or len(text) > MAX_URL or found["fragment"] is not None:
        raise ValueError(f"the address of a webhook has no blanks, no `#` and at most {MAX_URL} characters")
    if found["user"] is not None:
        raise ValueError("an inventory holds no passwords: take the part before the `@` out of the address")
    return text


def webhook_name(url: str) -> str:
    """Return what a webhook is called by: host, port and path, but for a query, which may be a secret."""
    place, _, path = url.partition("://")[2].partition("?")[0].partition("/")
    return f"{place.lower()}/{path}".rstrip("/")


class Webhook(Noun):
    """Where a team's incidents are told to another program."""

    url: Annotated[
        str,
        PlainValidator(_https_url),
        WithJsonSchema(
            {"type": "string", "pattern": "^https://", "examples": ["https://hooks.acme.example/pagerduty"]}
        ),
    ]
    events: Annotated[
        tuple[IncidentEvent, ...],
        Field(strict=False, min_length=1, description="What is told of incidents: these events."),
    ] = ("incident.triggered", "incident.acknowledged", "incident.resolved")

    @model_validator(mode="after")
    def _each_once(self) -> "Webhook":
        if len(set(self.events)) < len(self.events):
            raise ValueError("an event stands there twice")
        return self


class PagerDutyTeam(PagerDutyService):
    """What only PagerDuty has of a team; words of a service are for all of its services."""

    schedules: Annotated[
        Literal["layers", "shifts"],
        Field(
            description="How its schedules are kept there: as layers, or as the newer shift rotations (early access), "
            "which know no clock changes."
        ),
    ] = "layers"

    webhooks: Annotated[
        tuple[Webhook, ...], Field(strict=False, max_length=20, description="Programs that hear of its incidents.")
    ] = ()
    round_robin: Annotated[
        bool | None, Field(description="Whoever is told at one moment takes turns, one person an incident.")
    ] = None
    default_role: Annotated[
        Literal["manager", "responder", "observer", "none"] | None, Field(description="Of people added by hand.")
    ] = None

    @model_validator(mode="after")
    def _addresses_differ(self) -> "PagerDutyTeam":
        if len({webhook_name(webhook.url) for webhook in self.webhooks}) < len(self.webhooks):
            raise ValueError("two webhooks of a team have one address; give one of them all the events")
        return self


class PagerDutyPerson(Noun):
    """What only PagerDuty has of a person; `manage: all` writes it."""

    role: Literal["admin", "user", "observer", "limited_user", "read_only_user", "read_only_limited_user"] | None = None
    job_title: Annotated[str | None, Field(min_length=1, max_length=100)] = None


class OpsGenieTeam(Noun):
    """What only OpsGenie has of a team."""

    close_after_all: Annotated[
        bool, Field(description="The alert is closed once the last repeat of the escalation is over.")
    ] = False
    reset_states: Annotated[
        bool, Field(description="Each repeat tells those again who have acknowledged or seen it.")
    ] = False
    suppress_notifications: Annotated[
        bool, Field(description="Alerts of the integration tell nobody: for a team that only watches.")
    ] = False


_Tag = Annotated[str, Field(min_length=1, max_length=50)]


class OpsGenieTier(Noun):
    """What only OpsGenie has of a tier."""

    tags: Annotated[
        tuple[_Tag, ...], Field(strict=False, max_length=17, description="Tags that its alerts get besides their own.")
    ] = ()


class PagerDutyGroup(Noun):
    """What only PagerDuty has of a group."""

    point_of_contact: Annotated[
        str | None, Field(min_length=1, max_length=1024, description="Whom users of the business service ask.")
    ] = None


class OpsGenieGroup(Noun):
    """What only OpsGenie has of a group."""

    visible_to: Annotated[
        Literal["team", "everybody"] | None, Field(description="Who sees the service. As OpsGenie has it, if left out.")
    ] = None
    tags: Annotated[tuple[_Tag, ...], Field(strict=False, max_length=20, description="Tags of the service.")] = ()


class OpsGeniePerson(Noun):
    """What only OpsGenie has of a person; `manage: all` writes it."""

    role: Annotated[str | None, Field(min_length=1, max_length=100, description="User, Admin or a custom role.")] = None
    locale: Annotated[
        str | None,
        Field(pattern=r"^[a-z]{2}_[A-Z]{2}$", description="What it speaks to the person in.", examples=["en_GB"]),
    ] = None
