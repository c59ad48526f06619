"""Users; how each is told of an alert is in their contacts and notification rules, modules of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from sandbox.opsgenie.contacts import METHODS, Contact
from sandbox.opsgenie.errors import ApiError, invalid, not_found
from sandbox.opsgenie.fields import Fields, date_text
from sandbox.opsgenie.notification_rules import NEW_ALERT, NotificationRule

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

USERNAME_LIMIT = 100
FULL_NAME_LIMIT = 512


@dataclass
class User:
    """One user; `extras` are fields kept and answered as they came."""

    id: str
    username: str
    full_name: str
    role: str
    time_zone: str
    created_at: datetime
    extras: dict[str, Any] = field(default_factory=dict)
    contacts: list[Contact] = field(default_factory=list)
    rules: list[NotificationRule] = field(default_factory=list)

    def wire(self) -> dict[str, Any]:
        """Return the user as the API writes it."""
        return {
            "id": self.id,
            "username": self.username,
            "fullName": self.full_name,
            "role": {"id": self.role, "name": self.role},
            "blocked": False,
            "verified": True,
            "timeZone": self.time_zone,
            "locale": "en_US",
            "createdAt": date_text(self.created_at),
            "userAddress": {"country": "", "state": "", "city": "", "line": "", "zipCode": ""},
            "tags": [],
            "details": {},
        } | self.extras


EXTRAS = ("locale", "skypeUsername", "userAddress", "tags", "details")


class Users:
    """All users of the account."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, User] = {}

    def find(self, identifier: str) -> User:
        """Return a user by id or username; 404 if there is none."""
        wanted = identifier.casefold()
        for user in self.by_id.values():
            if identifier == user.id or wanted == user.username:
                return user
        raise not_found("user", identifier)

    def create(self, fields: Fields) -> User:
        """Add a user with the default notification rules."""
        username = fields.text("username", required=True, limit=USERNAME_LIMIT, cut=False).casefold()
        if "@" not in username:
            raise invalid("username", "must be a mail address")
        full_name = fields.text("fullName", required=True, limit=FULL_NAME_LIMIT, cut=False)
        role = fields.inner("role")
        if role is None:
            raise invalid("role", "is required")
        self._refuse_duplicate(username)
        most = self._account.switches.most_users
        if len(self.by_id) >= most:
            raise ApiError(402, f"The plan holds {most} users, and there are that many")
        contacts = self._account.contacts.first(username)
        user = User(
            id=self._account.ids.uuid(),
            username=username,
            full_name=full_name,
            role=role.text("name") or role.text("id", required=True),
            time_zone=read_zone(fields, "timeZone", self._account.time_zone),
            created_at=self._account.now(),
            extras={name: fields.raw[name] for name in EXTRAS if fields.has(name)},
            contacts=contacts,
            rules=self._account.notification_rules.first(contacts),
        )
        self.by_id[user.id] = user
        return user

    def update(self, user: User, fields: Fields) -> None:
        """Change the fields that are given."""
        username = fields.text("username", user.username, limit=USERNAME_LIMIT, cut=False).casefold()
        if username != user.username:
            self._refuse_duplicate(username)
        full_name = fields.text("fullName", user.full_name, limit=FULL_NAME_LIMIT, cut=False)
        zone = read_zone(fields, "timeZone", user.time_zone)
        if role := fields.inner("role"):
            user.role = role.text("name") or role.text("id", required=True)
        user.username, user.full_name, user.time_zone = username, full_name, zone
        user.extras |= {name: fields.raw[name] for name in EXTRAS if fields.has(name)}

    def delete(self, user: User) -> None:
        """Remove a user; 428 while a rotation or an escalation needs them (inferred: the provider retries 428
        after clearing those), memberships go with the user."""
        if self._account.switches.refuse_delete_in_use:
            users = self._account.uses_of("user", user.id)
            if users:
                raise ApiError(428, f"User [{user.username}] cannot be deleted: used by {users[0]}")
        for team in self._account.teams.by_id.values():
            team.members = [each for each in team.members if each.user_id != user.id]
        forwarding = self._account.forwarding_rules.by_id
        for rule in [each for each in forwarding.values() if user.id in (each.from_user, each.to_user)]:
            del forwarding[rule.id]
        del self.by_id[user.id]

    def seed(self, data: Mapping[str, Any]) -> None:
        """Add a user unless there, or give an existing one the state, contacts and rules named: {username, fullName,
        role?, timeZone?, blocked?, verified?, contacts?: [{method, to, enabled?}], notificationRules?: [{name?,
        criteria?, timeRestriction?, enabled?, steps: [{contact: {method, to?}, sendAfter?}]}]}."""
        fields = Fields({"role": {"name": "User"}, **data})
        role = data.get("role")
        if isinstance(role, str):
            fields = Fields({**data, "role": {"name": role}})
        username = fields.text("username", required=True).casefold()
        user = next((each for each in self.by_id.values() if each.username == username), None) or self.create(fields)
        user.extras |= {name: fields.flag(name, default=False) for name in ("blocked", "verified") if fields.has(name)}
        for each in fields.items("contacts"):
            self._account.contacts.seed(user, each)
        if fields.has("notificationRules"):
            user.rules = []
            for each in fields.items("notificationRules"):
                self._seed_rule(user, each.raw)

    def _seed_rule(self, user: User, data: Mapping[str, Any]) -> None:
        """Add a rule, with the contacts that its steps name; a step without `to` means the first of its method."""
        account, steps = self._account, []
        for step in Fields(data).items("steps"):
            contact = step.inner("contact") or Fields({})
            method, to = contact.choice("method", tuple(METHODS)), contact.text("to")
            found = account.contacts.at(user, method, to)
            if found is None:
                found = Contact(account.ids.uuid(), method, to or user.username)
                user.contacts.append(found)
            steps.append({"enabled": True, **step.raw, "contact": {"method": method, "to": found.to}})
        rule = {"name": "New Alert", "actionType": NEW_ALERT, "enabled": True, **data, "steps": steps}
        account.notification_rules.create(user, Fields(rule))

    def _refuse_duplicate(self, username: str) -> None:
        if any(each.username == username for each in self.by_id.values()):
            raise self._account.duplicate("user", username)


def read_zone(fields: Fields, field_name: str, default: str) -> str:
    """Return an IANA zone name; 422 for one that does not exist."""
    name = fields.text(field_name) or default
    if name not in available_timezones():
        raise invalid(fields.name_of(field_name), "is not a known time zone")
    return name
