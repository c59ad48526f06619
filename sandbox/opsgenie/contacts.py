"""Users' contacts: the addresses that notification rules send to.

A new user has their username as an e-mail contact; at most two contacts each of e-mail, SMS and voice
(docs.opsgenie.com/v1.0/docs/notification-preferences). A phone's app comes with its first login, which no API call
does: the switch `users_have_app` says whether that has happened. Source of the shapes: opsgenie-oas `Contact`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.errors import ApiError, not_found
from sandbox.opsgenie.fields import Fields

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account
    from sandbox.opsgenie.users import User

# Contact methods of the API, and the word the sandbox's page uses.
METHODS = {"mobile": "push", "email": "email", "sms": "sms", "voice": "voice"}
MOST_OF_METHOD = {"email": 2, "sms": 2, "voice": 2}
TO_LIMIT = 511  # the provider says "under 512"
PHONE_PATTERN = r"\+?[0-9][0-9 ()\-]{2,30}"
MAIL_PATTERN = r"[^@\s]+@[^@\s]+"


@dataclass
class Contact:
    """One address of a user."""

    id: str
    method: str
    to: str
    enabled: bool = True

    def wire(self) -> dict[str, Any]:
        """Return the contact as the API writes it."""
        status: dict[str, Any] = {"enabled": self.enabled}
        if not self.enabled:
            status["disabledReason"] = "Disabled by the user"
        return {"id": self.id, "method": self.method, "to": self.to, "status": status}


class Contacts:
    """The contacts of all users; each user holds their own, in the order they were made."""

    def __init__(self, account: "Account") -> None:
        self._account = account

    def first(self, username: str) -> list[Contact]:
        """Return the contacts a new user begins with. What the app's `to` looks like is not documented."""
        methods = ("mobile", "email") if self._account.switches.users_have_app else ("email",)
        return [Contact(self._account.ids.uuid(), method, username) for method in methods]

    def find(self, user: "User", identifier: str) -> Contact:
        """Return a user's contact by id; 404 if there is none."""
        for contact in user.contacts:
            if contact.id == identifier:
                return contact
        raise not_found("contact", identifier)

    def at(self, user: "User", method: str, to: str) -> Contact | None:
        """Return a user's contact of a method and an address ("": the first of the method)."""
        found = (each for each in user.contacts if each.method == method and (not to or _same(method, each.to, to)))
        return next(found, None)

    def create(self, user: "User", fields: Fields) -> Contact:
        """Add a contact; it is enabled at once (inferred: no verification of numbers added by API)."""
        method = fields.choice("method", tuple(METHODS))
        to = self._read_to(fields, user, method)
        most = MOST_OF_METHOD.get(method)
        if most is not None and sum(each.method == method for each in user.contacts) >= most:
            raise ApiError(422, f"User [{user.username}] has {most} contacts of {method} already")
        contact = Contact(self._account.ids.uuid(), method, to)
        user.contacts.append(contact)
        return contact

    def update(self, user: "User", contact: Contact, fields: Fields) -> None:
        """Give a contact another address; its method stays. Steps of rules that name the old address follow."""
        old, contact.to = contact.to, self._read_to(fields, user, contact.method, contact)
        self._account.notification_rules.contact_moved(user, contact.method, old, contact.to)

    def seed(self, user: "User", fields: Fields) -> None:
        """Add a contact unless there; a `mobile` one names the app that a new user has."""
        method, to = fields.choice("method", tuple(METHODS)), fields.text("to", required=True, limit=TO_LIMIT)
        app = self.at(user, method, user.username) if method == "mobile" else None
        contact = self.at(user, method, to) or app
        if contact is None:
            contact = Contact(self._account.ids.uuid(), method, to)
            user.contacts.append(contact)
        old, contact.to = contact.to, to
        contact.enabled = fields.flag("enabled", default=True)
        self._account.notification_rules.contact_moved(user, method, old, to)

    def delete(self, user: "User", contact: Contact) -> None:
        """Remove a contact; steps that name it stay, and tell nobody (inferred)."""
        user.contacts.remove(contact)

    def _read_to(self, fields: Fields, user: "User", method: str, own: Contact | None = None) -> str:
        pattern = {"mobile": r".+", "email": MAIL_PATTERN}.get(method, PHONE_PATTERN)
        to = fields.text("to", required=True, limit=TO_LIMIT, pattern=pattern, cut=False)
        known = self.at(user, method, to)
        if known is not None and known is not own:
            raise self._account.duplicate(f"{method} contact", to)
        return to


def _same(method: str, one: str, two: str) -> bool:
    """Tell whether two addresses are one: numbers are compared by their digits."""
    if method in ("sms", "voice"):
        return [each for each in one if each.isdecimal()] == [each for each in two if each.isdecimal()]
    return one.casefold() == two.casefold()
