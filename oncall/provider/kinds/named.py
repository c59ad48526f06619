"""OpsGenie kinds whose objects have names: unique in the account, or under the object they are part of."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping

from oncall.clients.errors import Refused
from oncall.clients.opsgenie import segment
from oncall.provider.faults import ProviderError
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.opsgenie import OpsgenieKind
from oncall.provider.session import Call


class NamedKind(OpsgenieKind):
    """A kind whose objects have ids, and names that are unique in the account."""

    def query(self) -> dict[str, str]:
        """Ids, not names."""
        return {"identifierType": "id"}

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """By name."""
        return self.known_by_name(call, inputs["name"], fresh=fresh)

    def import_id(self, call: Call, given: str) -> str:
        """By id or by name."""
        try:
            found = self.fetch(call, given)
        except Refused:
            found = None  # a name need not have the form of an id
        found = found or self.known_by_name(call, given, fresh=True)
        return str(found["id"]) if found else given

    def known_by_name(self, call: Call, name: str, *, fresh: bool) -> Values | None:
        """The object of that name, if there is one."""
        known = known_id(call, self.collection, name, fresh=fresh)
        return None if known is None else self.fetch(call, known)


class ChildKind(OpsgenieKind):
    """A kind whose objects live under another object; its id is "parentId/id"."""

    parent: str
    """The input that names the parent."""

    def split(self, resource_id: str) -> tuple[str, str]:
        """The parent's id and the object's own."""
        parent, slash, own = resource_id.partition("/")
        if not (parent and slash and own) or "/" in own:
            raise ProviderError(f'"{resource_id}" is no id of a {self.noun}: it must be {self.parent}/{self.noun} id')
        return parent, own

    def parents_of(self, resource_id: str) -> Mapping[str, str]:
        """The parent as an input."""
        return {self.parent: self.split(resource_id)[0]}

    def id_of(self, found: Values, inputs: Values) -> str:
        """ "parentId/id"."""
        return f"{inputs[self.parent]}/{found['id']}"

    @abstractmethod
    def under(self, parent_id: str) -> str:
        """Where the objects of a parent are listed and made."""

    def path(self, resource_id: str) -> str:
        """The address below the parent's."""
        parent, own = self.split(resource_id)
        return f"{self.under(parent)}/{segment(own)}"

    def create_path(self, inputs: Values) -> str:
        """The parent's list."""
        return self.under(inputs[self.parent])

    def owner_differs(self, found: Values, inputs: Values) -> bool:  # noqa: ARG002
        """It is looked for under its owner only."""
        return False

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """By name under the parent; a parent this run made has nothing in it yet."""
        parent = inputs[self.parent]
        if not fresh and call.ledger.made(parent):
            return None
        known = known_id(call, self.under(parent), inputs["name"], fresh=fresh, **self.query())
        return None if known is None else self.fetch(call, f"{parent}/{known}")


def known_id(call: Call, listing: str, name: str, *, fresh: bool, **query: str) -> str | None:
    """The id of the object of that name in a list of the API; not `fresh`, in the list as it was when first read."""

    def load() -> Iterator[tuple[str, str]]:
        return ((str(row.get("name")), str(row["id"])) for row in call.opsgenie.rows(listing, **query))

    return dict(load()).get(name) if fresh else call.ledger.known(listing, name, load)
