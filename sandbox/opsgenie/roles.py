"""Custom user roles: kept and answered; what they allow concerns people in the web app, no API key.

Shapes: opsgenie-oas `CustomUserRole`.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.errors import in_use, invalid, not_found
from sandbox.opsgenie.fields import Fields

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

NAME_LIMIT = 512
RIGHT_LIMIT, RIGHT_COUNT = 100, 200
EXTENDED = ("user", "observer", "stakeholder")
# Names of the roles that every account has.
BUILT_IN = ("owner", "admin", "user", "observer", "stakeholder")


@dataclass
class Role:
    """One custom role."""

    id: str
    name: str
    extended: str = EXTENDED[0]
    granted: list[str] = field(default_factory=list)
    disallowed: list[str] = field(default_factory=list)

    def wire(self) -> dict[str, Any]:
        """Return the role as the API writes it."""
        rights = {"grantedRights": self.granted, "disallowedRights": self.disallowed}
        return {"id": self.id, "name": self.name, "extendedRole": self.extended} | rights


class Roles:
    """All custom roles of the account."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, Role] = {}

    def find(self, identifier: str, kind: str = "id") -> Role:
        """Return a role by id or name; 404 if there is none."""
        for each in self.by_id.values():
            if identifier == (each.name if kind == "name" else each.id):
                return each
        raise not_found("custom user role", identifier)

    def create(self, fields: Fields) -> Role:
        """Add a role."""
        role = Role(self._account.ids.uuid(), "")
        self._fill(role, fields, fields.text("name", required=True, limit=NAME_LIMIT, cut=False))
        self.by_id[role.id] = role
        return role

    def update(self, role: Role, fields: Fields) -> None:
        """Change the fields given."""
        self._fill(role, fields, fields.text("name", limit=NAME_LIMIT, cut=False) or role.name)

    def delete(self, role: Role) -> None:
        """Remove a role; refused while a user has it."""
        for user in self._account.users.by_id.values():
            if user.role == role.name:
                raise in_use("Custom user role", role.name, f"user [{user.username}]")
        del self.by_id[role.id]

    def _fill(self, role: Role, fields: Fields, name: str) -> None:
        if name.casefold() in BUILT_IN or any(e.name == name and e is not role for e in self.by_id.values()):
            raise self._account.duplicate("role", name)
        granted = self._read_rights(fields, "grantedRights", role.granted)
        disallowed = self._read_rights(fields, "disallowedRights", role.disallowed)
        if both := sorted(set(granted) & set(disallowed)):
            raise invalid("disallowedRights", f"must not hold what is granted: {', '.join(both)}")
        role.extended = fields.choice("extendedRole", EXTENDED, role.extended)
        role.name, role.granted, role.disallowed = name, granted, disallowed

    def _read_rights(self, fields: Fields, name: str, old: list[str]) -> list[str]:
        return fields.texts(name, limit=RIGHT_LIMIT, count=RIGHT_COUNT) if fields.has(name) else old
