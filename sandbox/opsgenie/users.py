"""Users and how each is told of an alert: contact methods and notification rules.

Of a user's rules for new alerts the first that matches is the only one applied
(docs.opsgenie.com/v1.0/docs/new-user-profile). Rules and contacts come by seeding; their endpoints are not built.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from sandbox.opsgenie.criteria import EVERYTHING, Criteria, Facts, read_criteria
from sandbox.opsgenie.errors import ApiError, invalid, not_found
from sandbox.opsgenie.fields import Fields, date_text
from sandbox.opsgenie.restrictions import Restriction, read_restriction

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

USERNAME_LIMIT = 100
FULL_NAME_LIMIT = 512
# Contact methods of the API, and the word the sandbox's page uses.
METHODS = {"mobile": "push", "email": "email", "sms": "sms", "voice": "voice"}
# An upper bound of ours for spans of time, so that no sum leaves the calendar.
MOST_UNITS = 100_000
UNIT_MINUTES = {"minutes": 1, "hours": 60, "days": 1440}


@dataclass(frozen=True)
class Step:
    """One message of a notification rule, so long after the rule starts; `to` "" is the user's own address."""

    method: str
    after: timedelta = timedelta(0)
    to: str = ""


@dataclass(frozen=True)
class NotificationRule:
    """A user's rule for new alerts."""

    name: str
    steps: tuple[Step, ...]
    criteria: Criteria = EVERYTHING
    restriction: Restriction | None = None
    enabled: bool = True


DEFAULT_RULES = (NotificationRule("New Alert", (Step("mobile"), Step("email"))),)


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
    rules: tuple[NotificationRule, ...] = DEFAULT_RULES

    def rule_for(self, facts: Facts, at: datetime, zone_of: "Account") -> NotificationRule | None:
        """Return the first rule that applies to an alert at an instant."""
        zone = zone_of.zone(self.time_zone)
        for rule in self.rules:
            in_hours = rule.restriction is None or rule.restriction.covers(at, zone)
            if rule.enabled and in_hours and rule.criteria.match(facts):
                return rule
        return None

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
        user = User(
            id=self._account.ids.uuid(),
            username=username,
            full_name=full_name,
            role=role.text("name") or role.text("id", required=True),
            time_zone=read_zone(fields, "timeZone", self._account.time_zone),
            created_at=self._account.now(),
            extras={name: fields.raw[name] for name in EXTRAS if fields.has(name)},
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
        del self.by_id[user.id]

    def seed(self, data: Mapping[str, Any]) -> None:
        """Add a user unless there, or give an existing one the rules named: {username, fullName, role?, timeZone?,
        notificationRules?: [{name?, criteria?, timeRestriction?, enabled?, steps: [{contact: {method, to?},
        sendAfter?}]}]}."""
        fields = Fields({"role": {"name": "User"}, **data})
        role = data.get("role")
        if isinstance(role, str):
            fields = Fields({**data, "role": {"name": role}})
        username = fields.text("username", required=True).casefold()
        user = next((each for each in self.by_id.values() if each.username == username), None) or self.create(fields)
        if fields.has("notificationRules"):
            user.rules = tuple(_read_rule(each) for each in fields.items("notificationRules"))

    def _refuse_duplicate(self, username: str) -> None:
        if any(each.username == username for each in self.by_id.values()):
            raise self._account.duplicate("user", username)


def read_zone(fields: Fields, field_name: str, default: str) -> str:
    """Return an IANA zone name; 422 for one that does not exist."""
    name = fields.text(field_name) or default
    if name not in available_timezones():
        raise invalid(fields.name_of(field_name), "is not a known time zone")
    return name


def read_minutes(fields: Fields | None) -> int:
    """Return the whole minutes of a {timeAmount, timeUnit} (absent: 0)."""
    if fields is None:
        return 0
    return (
        fields.number("timeAmount", high=MOST_UNITS)
        * UNIT_MINUTES[fields.choice("timeUnit", tuple(UNIT_MINUTES), "minutes")]
    )


def _read_rule(fields: Fields) -> NotificationRule:
    steps = []
    for step in fields.items("steps"):
        contact = step.inner("contact")
        if contact is None:
            raise invalid(step.name_of("contact"), "is required")
        method = contact.choice("method", tuple(METHODS))
        steps.append(Step(method, timedelta(minutes=read_minutes(step.inner("sendAfter"))), contact.text("to")))
    return NotificationRule(
        name=fields.text("name", "New Alert"),
        steps=tuple(steps),
        criteria=read_criteria(fields.inner("criteria")),
        restriction=read_restriction(fields.inner("timeRestriction")),
        enabled=fields.flag("enabled", default=True),
    )
