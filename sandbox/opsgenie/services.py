"""Services: names that incidents are about, each of a team, with its incident rules. Incidents are not built.

Not in the API's official description; shapes after opsgenie-go-sdk-v2 `service` and the provider's
resource_opsgenie_service.go.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.errors import invalid, not_found
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.incident_settings import IncidentRule

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

NAME_LIMIT = 99  # "under 100"
DESCRIPTION_LIMIT = 9_999
TAG_LIMIT, TAG_COUNT = 50, 20
VISIBILITIES = ("TEAM_MEMBERS", "OPSGENIE_USERS")


@dataclass
class Service:
    """One service."""

    id: str
    name: str
    team_id: str
    description: str = ""
    visibility: str = VISIBILITIES[0]
    tags: list[str] = field(default_factory=list)
    rules: list[IncidentRule] = field(default_factory=list)

    def wire(self) -> dict[str, Any]:
        """Return the service as the API writes it."""
        return {
            "id": self.id,
            "name": self.name,
            "teamId": self.team_id,
            "description": self.description,
            "visibility": self.visibility,
            "tags": self.tags,
        }


class Services:
    """All services of the account."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, Service] = {}

    def find(self, identifier: str) -> Service:
        """Return a service by id; 404 if there is none."""
        if identifier not in self.by_id:
            raise not_found("service", identifier)
        return self.by_id[identifier]

    def find_rule(self, service: Service, identifier: str) -> IncidentRule:
        """Return an incident rule of a service by id; 404 if there is none."""
        for each in service.rules:
            if each.id == identifier:
                return each
        raise not_found("incident rule", identifier)

    def create(self, fields: Fields) -> Service:
        """Add a service of a team, which it stays with."""
        team_id = fields.text("teamId", required=True)
        if team_id not in self._account.teams.by_id:
            raise invalid("teamId", "names no team of this account")
        service = Service(self._account.ids.uuid(), "", team_id)
        self._fill(service, fields, fields.text("name", required=True, limit=NAME_LIMIT, cut=False))
        self.by_id[service.id] = service
        return service

    def update(self, service: Service, fields: Fields) -> None:
        """Change the fields given; the team stays."""
        self._fill(service, fields, fields.text("name", limit=NAME_LIMIT, cut=False) or service.name)

    def _fill(self, service: Service, fields: Fields, name: str) -> None:
        if any(each.name == name and each is not service for each in self.by_id.values()):
            raise self._account.duplicate("service", name)
        description = fields.text("description", service.description, limit=DESCRIPTION_LIMIT, cut=False)
        tags = fields.texts("tags", limit=TAG_LIMIT, count=TAG_COUNT) if fields.has("tags") else service.tags
        service.visibility = fields.choice("visibility", VISIBILITIES, service.visibility)
        service.name, service.description, service.tags = name, description, tags
