"""What an alert policy makes of a new alert: texts by template, tags, actions and details added or replaced, ...

Pure but for looking names up. In texts `{{message}}`, `{{alias}}`, `{{description}}`, `{{entity}}`, `{{source}}`,
`{{priority}}` and `{{details.key}}` mean the alert's own; other names stay as they are (inferred). The description's
key is `description`: the service passes over `alertDescription`, which the Go SDK sent until it was corrected
(opsgenie-go-sdk-v2 pull request 93, terraform-provider-opsgenie issue 202). A responder is answered as it was named:
one named by id has no name (terraform-provider-opsgenie's own test of a team's policy would never end otherwise).
Shapes: opsgenie-oas `AlertPolicy`.
"""

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.alert import (
    ACTION_COUNT,
    ACTION_LIMIT,
    ALIAS_LIMIT,
    DESCRIPTION_LIMIT,
    DETAILS_LIMIT,
    ENTITY_LIMIT,
    MESSAGE_LIMIT,
    PRIORITIES,
    RESPONDER_COUNT,
    SOURCE_LIMIT,
    TAG_COUNT,
    TAG_LIMIT,
    AlertContent,
)
from sandbox.opsgenie.errors import invalid
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.recipients import KINDS, Recipient, read_recipient, recipient_wire

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

# The texts of an alert, each with its limit, and the templates that leave them as they are.
TEXTS = {
    "message": MESSAGE_LIMIT,
    "alias": ALIAS_LIMIT,
    "description": DESCRIPTION_LIMIT,
    "entity": ENTITY_LIMIT,
    "source": SOURCE_LIMIT,
}
TEMPLATE_LIMIT = 15_000
_PLACE = re.compile(r"\{\{\s*([\w.\-]+)\s*\}\}")


@dataclass(frozen=True)
class AlertChanges:
    """Changes to a new alert; `replaced` names the lists whose original entries are dropped.

    `named` are the responders that the request didn't call by their id.
    """

    texts: dict[str, str]
    tags: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    responders: list[Recipient] = field(default_factory=list)
    named: frozenset[Recipient] = frozenset()
    priority: str = ""
    replaced: frozenset[str] = frozenset()

    def apply(self, content: AlertContent, responders: list[Recipient]) -> tuple[AlertContent, list[Recipient]]:
        """Return the alert's content and responders as they are after the changes, cut to their limits."""
        details = {} if "details" in self.replaced else content.details
        added = {name: fill(text, content) for name, text in self.details.items()}
        changed = replace(
            content,
            message=self._text("message", content),
            alias=self._text("alias", content),
            description=self._text("description", content),
            entity=self._text("entity", content),
            source=self._text("source", content),
            tags=self._merged("tags", content.tags, [fill(tag, content) for tag in self.tags])[:TAG_COUNT],
            actions=self._merged("actions", content.actions, self.actions)[:ACTION_COUNT],
            details=_within(details | added),
            priority=self.priority or content.priority,
        )
        kept = [] if "responders" in self.replaced else responders
        if "teams" in self.replaced:
            kept = [each for each in kept if each.type != "team"]
        return changed, list(dict.fromkeys([*kept, *self.responders]))

    def _text(self, name: str, content: AlertContent) -> str:
        return fill(self.texts.get(name, f"{{{{{name}}}}}"), content)[: TEXTS[name]]

    def _merged(self, name: str, original: list[str], added: list[str]) -> list[str]:
        kept = [] if name in self.replaced else original
        return [*kept, *(each for each in dict.fromkeys(added) if each not in kept)]

    def wire(self, account: "Account") -> dict[str, Any]:
        """Return the changes as the API writes them in a policy."""
        wire: dict[str, Any] = {name: self.texts.get(name, f"{{{{{name}}}}}") for name in TEXTS}
        for name in ("actions", "details", "responders", "tags", "teams"):
            wire[f"ignoreOriginal{name.capitalize()}"] = name in self.replaced
        wire |= {"actions": self.actions, "tags": self.tags, "details": self.details}
        wire["responders"] = [
            recipient_wire(account, each) if each in self.named else {"type": each.type, "id": each.id}
            for each in self.responders
        ]
        return wire | ({"priority": self.priority} if self.priority else {})


def fill(template: str, content: AlertContent) -> str:
    """Return a template with its places filled from an alert."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        kind, dot, key = name.partition(".")
        if dot and kind in ("details", "extraProperties"):
            return content.details.get(key, "")
        if name in TEXTS or name == "priority":
            return str(getattr(content, name))
        return found[0]

    return _PLACE.sub(value, template)


def read_changes(account: "Account", fields: Fields) -> AlertChanges:
    """Return the changes of a policy's request; `message` is required."""
    texts = {"message": fields.text("message", required=True, limit=TEMPLATE_LIMIT, cut=False)}
    for name in ("alias", "description", "entity", "source"):
        if fields.text(name):
            texts[name] = fields.text(name, limit=TEMPLATE_LIMIT, cut=False)
    replaced = ("actions", "details", "responders", "tags", "teams")
    if len(fields.items("responders")) > RESPONDER_COUNT:
        raise invalid("responders", f"is over the limit of {RESPONDER_COUNT}")
    told = [(each, read_recipient(account, each, KINDS)) for each in fields.items("responders")]
    return AlertChanges(
        texts=texts,
        tags=fields.texts("tags", limit=TAG_LIMIT, count=TAG_COUNT),
        actions=fields.texts("actions", limit=ACTION_LIMIT, count=ACTION_COUNT),
        details=_read_details(fields),
        responders=[recipient for _, recipient in told],
        named=frozenset(recipient for each, recipient in told if not each.text("id")),
        priority=fields.choice("priority", PRIORITIES, "") if fields.text("priority") else "",
        replaced=frozenset(
            name for name in replaced if fields.flag(f"ignoreOriginal{name.capitalize()}", default=False)
        ),
    )


def _read_details(fields: Fields) -> dict[str, str]:
    """Return the details: a map, or the "key:value" texts that the Go SDK's create request holds."""
    if isinstance(fields.raw.get("details"), list):
        texts = fields.texts("details", limit=DETAILS_LIMIT, count=DETAILS_LIMIT)
        return {name: value for name, _, value in (text.partition(":") for text in texts)}
    return fields.table("details")


def _within(details: dict[str, str]) -> dict[str, str]:
    """Return as many of the details as their limit allows, in their order."""
    kept: dict[str, str] = {}
    size = 0
    for name, text in details.items():
        size += len(name) + len(text)
        if size <= DETAILS_LIMIT:
            kept[name] = text
    return kept
