"""Forwarding rules: for a time, what is meant for one user goes to another, by that one's notification rules.

Shapes: opsgenie-oas `ForwardingRule`. That a chain of rules is followed, and that on-call answers name the forwarder
all the same, is inferred.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.errors import invalid, not_found
from sandbox.opsgenie.fields import Fields, date_text
from sandbox.opsgenie.recipients import find_recipient

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account
    from sandbox.opsgenie.users import User

ALIAS_LIMIT = 512


@dataclass
class ForwardingRule:
    """One rule; the users by id."""

    id: str
    alias: str
    from_user: str
    to_user: str
    start: datetime
    end: datetime

    def meta(self) -> dict[str, Any]:
        """Return the short form of the answers to writes."""
        return {"id": self.id, "alias": self.alias}


class ForwardingRules:
    """All forwarding rules of the account."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, ForwardingRule] = {}

    def find(self, identifier: str, kind: str = "id") -> ForwardingRule:
        """Return a rule by id or alias; 404 if there is none."""
        for each in self.by_id.values():
            if identifier == (each.alias if kind == "alias" else each.id):
                return each
        raise not_found("forwarding rule", identifier)

    def receiver(self, user: "User", at: datetime) -> "User":
        """Return who is told instead of a user at an instant: maybe the same."""
        seen = {user.id}
        while True:
            active = [r for r in self.by_id.values() if r.from_user == user.id and r.start <= at < r.end]
            following = self._account.users.by_id.get(active[-1].to_user) if active else None
            if following is None or following.id in seen:
                return user
            user = following
            seen.add(user.id)

    def create(self, fields: Fields) -> ForwardingRule:
        """Add a rule; without an alias it is given one."""
        alias = fields.text("alias", limit=ALIAS_LIMIT, cut=False) or self._account.ids.uuid()
        if any(each.alias == alias for each in self.by_id.values()):
            raise self._account.duplicate("forwarding rule", alias)
        rule = self._read(fields, self._account.ids.uuid(), alias)
        self.by_id[rule.id] = rule
        return rule

    def replace(self, rule: ForwardingRule, fields: Fields) -> ForwardingRule:
        """Give a rule new content (PUT); id and alias stay."""
        self.by_id[rule.id] = self._read(fields, rule.id, rule.alias)
        return self.by_id[rule.id]

    def wire(self, rule: ForwardingRule) -> dict[str, Any]:
        """Return a rule as the API writes it."""
        return rule.meta() | {
            "fromUser": self._user_wire(rule.from_user),
            "toUser": self._user_wire(rule.to_user),
            "startDate": date_text(rule.start),
            "endDate": date_text(rule.end),
        }

    def _user_wire(self, user_id: str) -> dict[str, Any]:
        return {"id": user_id, "username": self._account.users.by_id[user_id].username}

    def _read(self, fields: Fields, identifier: str, alias: str) -> ForwardingRule:
        start, end = fields.date("startDate").astimezone(UTC), fields.date("endDate").astimezone(UTC)
        if end <= start:
            raise invalid("endDate", "must be later than startDate")
        from_user, to_user = self._read_user(fields, "fromUser"), self._read_user(fields, "toUser")
        if from_user == to_user:
            raise invalid("toUser", "must be another user than fromUser")
        return ForwardingRule(identifier, alias, from_user, to_user, start, end)

    def _read_user(self, fields: Fields, name: str) -> str:
        user = fields.inner(name)
        found = find_recipient(self._account, user, "user") if user else None
        if found is None:
            raise invalid(name, "must name a user of this account")
        return found.id
