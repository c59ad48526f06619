"""Integration actions: what an integration makes of the events it is sent, by type in ordered lists.

`ignore` comes first: an event that one of those meets opens nothing. Then the first `create` that meets it says what
the alert is made of; without one nothing is opened (inferred). `close`, `acknowledge` and `addNote` are kept and
answered, yet requests of those kinds are done whatever they say. Shapes: opsgenie-oas `ActionCategorized`;
terraform-provider-opsgenie resource_opsgenie_integration_action.go.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.alert import PRIORITIES, AlertContent, facts_of
from sandbox.opsgenie.alert_changes import TEMPLATE_LIMIT, TEXTS, AlertChanges, fill
from sandbox.opsgenie.criteria import EVERYTHING, Criteria, read_criteria
from sandbox.opsgenie.errors import invalid
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.recipients import KINDS, read_recipient

if TYPE_CHECKING:
    from sandbox.opsgenie.integrations import Integration
    from sandbox.opsgenie.models import Account

IGNORE, CREATE = "ignore", "create"
TYPES = (IGNORE, CREATE, "close", "acknowledge", "addNote")
# What every action but an `ignore` has, and what it is where it is left out.
COMMON = {"user": "{{user}}", "note": "{{note}}", "alias": "{{alias}}"}
NAME_LIMIT = 512
FIRST = 1  # the order of an action that is given none (terraform-provider-opsgenie has this default)
MOST_ACTIONS = 100  # ours
# The flags of a create action that drop what the event itself had, by the alert's own words.
DROPPING = {
    "tags": "ignoreTagsFromPayload",
    "actions": "ignoreAlertActionsFromPayload",
    "details": "ignoreExtraPropertiesFromPayload",
    "responders": "ignoreRespondersFromPayload",
    "teams": "ignoreTeamsFromPayload",
}


@dataclass(frozen=True)
class Action:
    """One action; `content` is the rest of it as it came, `changes` what a create makes of an event."""

    type: str
    name: str
    criteria: Criteria = EVERYTHING
    content: dict[str, Any] = field(default_factory=dict)
    changes: AlertChanges | None = None
    custom_priority: str = ""
    order: int = FIRST

    def wire(self) -> dict[str, Any]:
        """Return the action as the API writes it; its `order` is the one it was given, for the provider keeps that."""
        head = {"type": self.type, "name": self.name, "order": self.order}
        return self.content | head | {"filter": self.criteria.wire("conditionMatchType", orders=False)}


Actions = dict[str, list[Action]]


def default_actions() -> Actions:
    """Return the actions a new integration begins with: everything is taken as it comes (inferred)."""
    names = {
        "create": "Create Alert",
        "close": "Close Alert",
        "acknowledge": "Acknowledge Alert",
        "addNote": "Add Note",
    }
    actions: Actions = {kind: [] for kind in TYPES}
    for kind, name in names.items():
        texts = {text: f"{{{{{text}}}}}" for text in TEXTS} if kind == CREATE else {}
        actions[kind] = [Action(kind, name, content=COMMON | texts, changes=AlertChanges({}))]
    return actions


def categorized(integration: "Integration") -> dict[str, Any]:
    """Return an integration's actions as the API writes them."""
    lists = {kind: [each.wire() for each in integration.actions[kind]] for kind in TYPES}
    return {"_parent": integration.meta()} | lists


def receive(account: "Account", integration: "Integration", content: AlertContent) -> AlertContent | None:
    """Return what an integration makes of an event, None where it opens nothing."""
    facts = facts_of(account, content, content.alias, content.responders)
    if any(action.criteria.match(facts) for action in integration.actions[IGNORE]):
        return None
    action = next((each for each in integration.actions[CREATE] if each.criteria.match(facts)), None)
    if action is None or action.changes is None:
        return None
    changed, responders = action.changes.apply(content, content.responders)
    priority = fill(action.custom_priority, content)
    if priority in PRIORITIES:
        changed = replace(changed, priority=priority)
    return replace(changed, responders=responders)


def add_action(account: "Account", integration: "Integration", fields: Fields) -> None:
    """Add one action by its `order` among those of its type, by default at the end."""
    kind = fields.choice("type", TYPES)
    actions = integration.actions[kind]
    if len(actions) >= MOST_ACTIONS:
        raise invalid("type", f"has {MOST_ACTIONS} actions already")
    last = max((each.order for each in actions), default=FIRST - 1)
    new = _read_action(account, fields, kind, last + 1)
    integration.actions[kind] = sorted([*actions, new], key=lambda each: each.order)


def replace_actions(account: "Account", integration: "Integration", fields: Fields) -> None:
    """Give an integration other actions (PUT): a type left out has none afterwards; each list is put in `order`."""
    actions: Actions = {}
    for kind in TYPES:
        items = fields.items(kind)
        if len(items) > MOST_ACTIONS:
            raise invalid(kind, f"has more than {MOST_ACTIONS} actions")
        found = [_read_action(account, each, kind, FIRST + i) for i, each in enumerate(items)]
        actions[kind] = sorted(found, key=lambda each: each.order)
    integration.actions = actions


def _read_action(account: "Account", fields: Fields, kind: str, order: int) -> Action:
    if fields.text("type") not in ("", kind):
        raise invalid(fields.name_of("type"), f"must be {kind}")
    # The Go SDK's stray keys begin with capitals.
    own = ("type", "name", "order", "filter")
    given = {name: value for name, value in fields.raw.items() if name not in own and not name[:1].isupper()}
    return Action(
        type=kind,
        name=fields.text("name", required=True, limit=NAME_LIMIT, cut=False),
        criteria=read_criteria(fields.inner("filter"), "conditionMatchType", any_field=True),
        content=({} if kind == IGNORE else COMMON) | given,
        changes=_read_changes(account, fields) if kind == CREATE else None,
        custom_priority=fields.text("customPriority", limit=TEMPLATE_LIMIT, cut=False),
        order=fields.number("order", order),
    )


def _read_changes(account: "Account", fields: Fields) -> AlertChanges:
    texts = {name: fields.text(name, limit=TEMPLATE_LIMIT, cut=False) for name in TEXTS if fields.text(name)}
    kept = [tag for tag in fields.texts("tags", limit=TEMPLATE_LIMIT, count=100) if tag != "{{tags}}"]
    return AlertChanges(
        texts=texts,
        tags=kept,
        actions=fields.texts("alertActions", limit=TEMPLATE_LIMIT, count=100),
        details=fields.table("extraProperties"),
        responders=[read_recipient(account, each, KINDS) for each in fields.items("responders")],
        priority=fields.choice("priority", PRIORITIES) if fields.text("priority") else "",
        replaced=frozenset(name for name, flag in DROPPING.items() if fields.flag(flag, default=False)),
    )
