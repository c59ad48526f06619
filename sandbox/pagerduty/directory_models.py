"""What the account holds besides paging: tags, business services, dependencies, extensions."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tag:
    """A label; `entities` are the (kind, id) it is on, kinds as in paths: users, teams, escalation_policies."""

    id: str
    label: str
    entities: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class BusinessService:
    """A capability that technical services support."""

    id: str
    name: str
    description: str | None
    point_of_contact: str | None
    team: str | None


@dataclass(frozen=True)
class Dependency:
    """One service supports another; each is (kind, id), the kind "business_service" or "technical_service"."""

    id: str
    supporting: tuple[str, str]
    dependent: tuple[str, str]


@dataclass
class Extension:
    """An outgoing connection of services, of one of the extension schemas."""

    id: str
    name: str
    schema: str
    services: list[str]
    endpoint_url: str | None
    config: Any
