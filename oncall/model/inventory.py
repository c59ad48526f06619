"""The inventory: the whole truth about on-call, as one frozen value."""

from typing import Annotated, Literal

from pydantic import Field

from oncall.model.base import Accept, Key, Name, Noun, Slug, Zone
from oncall.model.exceptions import Leave, Override, Swap
from oncall.model.people import Manage, Pages, Person, Severity
from oncall.model.servers import Group, Maintenance, Server
from oncall.model.teams import Rotation, Schedule, Team
from oncall.model.tiers import Tier
from oncall.model.words import Day, Duration, PageStep, Percent


class Watch(Noun):
    """The heartbeat that tells when alerts themselves stop flowing."""

    name: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9._-]{1,99}$",
            description="The heartbeat's name: letters, digits, dots, - and _.",
        ),
    ]
    ping_every: Duration
    alert_after: Duration
    team: Key


class Jira(Noun):
    """Where tickets are opened; the token is a secret of the stack."""

    site: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9-]+\.atlassian\.net$",
            description="The site's host name.",
            examples=["acme.atlassian.net"],
        ),
    ]
    project: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,9}$", description="The project's key.", examples=["OPS"])]
    email: str


class Bridge(Noun):
    """The Worker that turns AliveMCP's webhooks into pages."""

    fallback: Annotated[Key, Field(description="The team paged for a server nobody knows.")]
    watch: Watch | None = None
    signature: Literal["alivemcp", "standard", "either"] = "alivemcp"
    jira: Jira | None = None


class Guard(Noun):
    """Changes bigger than this need a second look."""

    max_changed: Percent = 0.3
    coverage_days: Annotated[int, Field(ge=1, le=366)] = 14


class Inventory(Noun):
    """Everything the file says. References are by key; `oncall.validate` has checked that they resolve."""

    organization: Name
    time_zone: Zone = "UTC"
    manage: Manage = "none"
    people: dict[Key, Person]
    pages: Pages = Pages()
    tiers: dict[Key, Tier]
    teams: dict[Key, Team]
    servers: dict[Slug, Server]
    groups: Annotated[dict[Key, Group], Field(description="Servers that users know as one thing.")] = Field(
        default_factory=dict
    )
    leave: Annotated[tuple[Leave, ...], Field(strict=False)] = ()
    swaps: Annotated[tuple[Swap, ...], Field(strict=False)] = ()
    overrides: Annotated[tuple[Override, ...], Field(strict=False)] = ()
    maintenance: Annotated[tuple[Maintenance, ...], Field(strict=False)] = ()
    bridge: Bridge
    horizon: Annotated[Day | None, Field(description="Endless things are made up to this date.")] = None
    guard: Guard = Guard()
    accept: Annotated[tuple[Accept, ...], Field(strict=False)] = ()

    def team_zone(self, team: Team) -> str:
        """Return the IANA zone of a team."""
        return team.time_zone or self.time_zone

    def schedule_zone(self, team: Team, schedule: Schedule) -> str:
        """Return the IANA zone of a schedule."""
        return schedule.time_zone or self.team_zone(team)

    def rotation_zone(self, team: Team, schedule: Schedule, rotation: Rotation) -> str:
        """Return the IANA zone whose wall clock a rotation follows."""
        return rotation.time_zone or self.schedule_zone(team, schedule)

    def person_zone(self, person: Person) -> str:
        """Return the IANA zone of a person."""
        return person.time_zone or self.time_zone

    def manage_of(self, person: Person) -> Literal["none", "rules", "all"]:
        """Return what of the person's vendor user is ours."""
        return person.manage or self.manage

    def pages_of(self, person: Person, severity: Severity) -> tuple[PageStep, ...]:
        """Return how the person is told at this severity: their own way, else the organisation's."""
        own = getattr(person.pages, severity) if person.pages else None
        if own is not None:
            return tuple(own)
        return tuple(getattr(self.pages, severity) or ())
