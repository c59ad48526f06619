"""Saved searches: queries for the alert list, by name.

Shapes: opsgenie-oas `SavedSearch`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.alert_query import parse_query
from sandbox.opsgenie.errors import invalid, not_found
from sandbox.opsgenie.fields import Fields, date_text
from sandbox.opsgenie.recipients import find_recipient

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

NAME_LIMIT, DESCRIPTION_LIMIT, QUERY_LIMIT = 100, 15_000, 1_000


@dataclass
class SavedSearch:
    """One saved search; owner and teams by id."""

    id: str
    name: str
    query: str
    owner: str
    created_at: datetime
    updated_at: datetime
    description: str = ""
    teams: list[str] = field(default_factory=list)

    def meta(self) -> dict[str, Any]:
        """Return the short form of lists and of the answers to writes."""
        return {"id": self.id, "name": self.name}

    def wire(self) -> dict[str, Any]:
        """Return the search as the API writes it."""
        return self.meta() | {
            "createdAt": date_text(self.created_at),
            "updatedAt": date_text(self.updated_at),
            "owner": {"id": self.owner},
            "teams": [{"id": each} for each in self.teams],
            "description": self.description,
            "query": self.query,
        }


class SavedSearches:
    """All saved searches of the account."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, SavedSearch] = {}

    def find(self, identifier: str, kind: str = "id") -> SavedSearch:
        """Return a search by id or name; 404 if there is none."""
        for each in self.by_id.values():
            if identifier == (each.name if kind == "name" else each.id):
                return each
        raise not_found("saved search", identifier)

    def create(self, fields: Fields) -> SavedSearch:
        """Add a search; its query must be one that can be read."""
        now = self._account.now()
        search = SavedSearch(self._account.ids.uuid(), "", "", "", now, now)
        self.update(search, fields)
        self.by_id[search.id] = search
        return search

    def update(self, search: SavedSearch, fields: Fields) -> None:
        """Change a search: name, query and owner must be given (PATCH, yet the description requires all three)."""
        name = fields.text("name", required=True, limit=NAME_LIMIT, cut=False)
        query = fields.text("query", required=True, limit=QUERY_LIMIT, cut=False)
        parse_query(self._account, query)
        if any(each.name == name and each is not search for each in self.by_id.values()):
            raise self._account.duplicate("saved search", name)
        owner = fields.inner("owner")
        user = find_recipient(self._account, owner, "user") if owner else None
        if user is None:
            raise invalid("owner", "must name a user of this account")
        teams = [find_recipient(self._account, each, "team") for each in fields.items("teams")]
        search.description = fields.text("description", search.description, limit=DESCRIPTION_LIMIT, cut=False)
        search.name, search.query, search.owner = name, query, user.id
        search.teams = [each.id for each in teams if each] if fields.has("teams") else search.teams
        search.updated_at = self._account.now()
