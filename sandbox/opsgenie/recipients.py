"""What alerts, escalations, rotations and routing rules point at: a user, team, schedule or escalation.

Requests name it by id, or by name (a user by username); it is kept by id and answered with both.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.errors import invalid
from sandbox.opsgenie.fields import Fields

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

NONE = "none"
KINDS = ("user", "team", "schedule", "escalation")


@dataclass(frozen=True)
class Recipient:
    """Somebody or something that can be notified: `type` is one of KINDS or "none" (nobody)."""

    type: str
    id: str = ""


def find_recipient(account: "Account", fields: Fields, kind: str) -> Recipient | None:
    """Return the object of a kind that {id} or {name} or {username} names; None if there is none."""
    identifier = fields.text("id")
    if not identifier:
        name = fields.text("username").casefold() if kind == "user" else fields.text("name")
        identifier = account.id_of(kind, name) if name else ""
    found = Recipient(kind, identifier)
    return found if identifier and account.name_of(found) else None


def read_recipient(account: "Account", fields: Fields, kinds: tuple[str, ...]) -> Recipient:
    """Return the recipient of a request; 422 for a type not among `kinds`, or an unknown object."""
    kind = fields.choice("type", kinds)
    if kind == NONE:
        return Recipient(NONE)
    found = find_recipient(account, fields, kind)
    if found is None:
        raise invalid(fields.name_of("id"), f"names no {kind} of this account")
    return found


def recipient_wire(account: "Account", recipient: Recipient) -> dict[str, Any]:
    """Return a recipient as the API writes it."""
    if recipient.type == NONE:
        return {"type": NONE}
    name = account.name_of(recipient)
    field = "username" if recipient.type == "user" else "name"
    return {"type": recipient.type, "id": recipient.id} | ({field: name} if name else {})
