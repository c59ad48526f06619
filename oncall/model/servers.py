"""Servers, groups of them, and the maintenance they are given."""

from typing import Annotated

from pydantic import Field

from oncall.model.base import Accept, Key, Name, Noun, Slug, Text
from oncall.model.extras import OpsGenieGroup, PagerDutyGroup, PagerDutyService
from oncall.model.words import Duration, Moment

Tag = Annotated[str, Field(min_length=1, max_length=50)]


class Heartbeat(Noun):
    """The server itself reports that it lives: how often, and after what silence somebody is told."""

    ping_every: Duration
    alert_after: Duration


class Server(Noun):
    """An MCP server that AliveMCP watches."""

    name: Name
    url: Annotated[
        str,
        Field(
            pattern=r"^https?://[^\s/]+",
            max_length=2000,
            description="The address AliveMCP checks.",
            examples=["https://maps.acme.example/mcp"],
        ),
    ]
    team: Annotated[Key, Field(description="The team that answers for it.")]
    tier: Annotated[Key, Field(description="What it deserves when it is down.")]
    tags: Annotated[tuple[Tag, ...], Field(strict=False, max_length=20)] = ()
    own_service: Annotated[bool, Field(description="A PagerDuty service of its own.")] = False
    heartbeat: Heartbeat | None = None
    pagerduty: Annotated[
        PagerDutyService | None, Field(description="Of its own service, where the team's words are others.")
    ] = None
    accept: Annotated[tuple[Accept, ...], Field(strict=False)] = ()


class Group(Noun):
    """Servers that together are one thing to the people who use it."""

    name: Name
    servers: Annotated[tuple[Slug, ...], Field(strict=False, min_length=1)]
    team: Annotated[Key, Field(description="The team that answers for the whole.")]
    description: Text | None = None
    pagerduty: PagerDutyGroup | None = None
    opsgenie: OpsGenieGroup | None = None


class Maintenance(Noun):
    """Servers that may be down without anybody being paged."""

    servers: Annotated[tuple[Slug, ...], Field(strict=False, min_length=1)]
    start: Annotated[Moment, Field(alias="from")]
    end: Annotated[Moment, Field(alias="to")]
    vendor_window: Annotated[
        bool, Field(description="The vendor keeps quiet too, where all its alerts come from these servers.")
    ] = False
    why: Text | None = None
