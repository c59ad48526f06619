"""oncall:opsgenie:Contact: a person's address: e-mail, phone for calls or texts, or the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from oncall.clients.opsgenie import segment
from oncall.provider.convert import UNKNOWN
from oncall.provider.fields import Field, Problem, Record, Text
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.named import ChildKind
from oncall.provider.session import Call

# https://docs.opsgenie.com/docs/contact-api#create-contact: "to" of sms and voice is country code, hyphen, number.
METHODS = ("email", "sms", "voice", "mobile")
PHONES = ("sms", "voice")
ADDRESS_LENGTH = 512
_PHONE = r"\+?[0-9][0-9 .()\-]*"


@dataclass(frozen=True, slots=True)
class Address(Text):
    """Two spellings of a phone number, or of an e-mail address, are the same address."""

    def canonical(self, value: Any) -> Any:
        """A phone number's digits; an e-mail address in lower case."""
        if not isinstance(value, str):
            return value
        return re.sub(r"\D", "", value) if re.fullmatch(_PHONE, value) else value.casefold()


ADDRESS = Address(ADDRESS_LENGTH)
CONTACT = Record(
    "oncall:opsgenie:ContactAddress",
    "One of a person's contacts.",
    (
        Field("method", Text(choices=METHODS), "email, sms, voice or mobile.", required=True),
        Field("to", ADDRESS, "The address.", required=True),
    ),
)


def contact_problems(value: Any, path: str) -> Iterator[Problem]:
    """A phone method without a number, e-mail without an address."""
    if not isinstance(value, dict) or UNKNOWN in (value.get("method"), value.get("to")):
        return
    method, to = value["method"], value["to"]
    if method in PHONES and not re.fullmatch(_PHONE, to):
        yield Problem(f"{path}to", f"{to!r} must be a phone number, like 46-701234567, for method {method}")
    if method == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+", to):
        yield Problem(f"{path}to", f"{to!r} must be an e-mail address for method email")


class Contact(ChildKind):
    """Method and address tell a contact; the address that an account is made with is the account's own."""

    token = "oncall:opsgenie:Contact"  # noqa: S105 - a type token
    noun = "contact"
    parent = "username"
    doc = 'A contact of a person. Its id is "username/contactId".'
    inputs = (
        Field("username", Text(any_case=True), "The person's e-mail address.", required=True, replace=True),
        Field("method", Text(choices=METHODS), "email, sms, voice or mobile.", required=True, replace=True),
        Field("to", ADDRESS, "The address; a phone as country code, hyphen, number.", required=True),
    )

    def label(self, inputs: Values) -> str:
        """The address itself is nobody else's business."""
        return f'contact "{inputs.get("method", "")}" of "{inputs.get("username") or inputs.get("name", "")}"'

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """An address that fits the method."""
        yield from contact_problems(values, "")

    def under(self, parent_id: str) -> str:
        """A person's contacts."""
        return f"/v2/users/{segment(parent_id)}/contacts"

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/contact-api#create-contact."""
        return {"method": inputs["method"], "to": inputs["to"]}

    def write(self, call: Call, resource_id: str, inputs: Values) -> None:
        """Only the address can be changed: https://docs.opsgenie.com/docs/contact-api#update-contact."""
        call.opsgenie.patch(self.path(resource_id), {"to": inputs["to"]})

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """Plainly."""
        return {"method": found.get("method"), "to": found.get("to")}

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """By method and address among the person's."""
        person, wanted = inputs["username"], _key(inputs)

        def load() -> Iterator[tuple[str, str]]:
            return ((_key(row), str(row["id"])) for row in call.opsgenie.rows(self.under(person)))

        known = dict(load()).get(wanted) if fresh else call.ledger.known(self.under(person), wanted, load)
        return None if known is None else self.fetch(call, f"{person}/{known}")

    def after_create(self, call: Call, resource_id: str, inputs: Values, answer: Values, *, adopted: bool) -> None:
        """One that was found has the address already: that is how it was found."""

    def remove(self, call: Call, resource_id: str, state: Values) -> None:
        """The address an account is made with stays as long as the account."""
        own = state.get("method") == "email" and str(state.get("to")).casefold() == str(state["username"]).casefold()
        if not own:
            super().remove(call, resource_id, state)


def _key(contact: Values) -> str:
    return f"{contact.get('method')} {ADDRESS.canonical(contact.get('to'))}"
