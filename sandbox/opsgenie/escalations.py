"""Escalations: rules that notify one recipient each, so many minutes after the alert was created.

Source: opsgenie-oas `Escalation`, `EscalationRule`, `EscalationRepeat`; terraform-provider-opsgenie
resource_opsgenie_escalation.go (delays are answered in minutes, `repeat` is always there).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.durations import MOST_UNITS, read_minutes
from sandbox.opsgenie.errors import in_use, invalid, not_found
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.recipients import Recipient, read_recipient, recipient_wire

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

NAME_LIMIT = 100
DESCRIPTION_LIMIT = 10_000
CONDITIONS = ("if-not-acked", "if-not-closed")
NOTIFY_TYPES = ("default", "next", "previous", "users", "admins", "random", "all")
MAX_REPEATS = 20  # docs.opsgenie.com/docs/escalation-api


@dataclass(frozen=True)
class Rule:
    """One step; `delay` counts from the alert's creation."""

    condition: str
    notify_type: str
    delay: timedelta
    recipient: Recipient


@dataclass(frozen=True)
class Repeat:
    """What follows the last rule: after `wait` (0 = never) all rules again, `count` times."""

    wait: timedelta = timedelta(0)
    count: int = 1
    reset_states: bool = False
    close_after_all: bool = False

    def rounds(self) -> int:
        """Return how often the rules are gone through in all."""
        return 1 + (self.count if self.wait else 0)


@dataclass
class Escalation:
    """One escalation; `team_id` None belongs to no team."""

    id: str
    name: str
    description: str
    team_id: str | None
    rules: list[Rule]
    repeat: Repeat = Repeat()


class Escalations:
    """All escalations of the account."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, Escalation] = {}

    def find(self, identifier: str, kind: str = "id") -> Escalation:
        """Return an escalation by id or name; 404 if there is none."""
        for each in self.by_id.values():
            if identifier == (each.name if kind == "name" else each.id):
                return each
        raise not_found("escalation", identifier)

    def create(self, fields: Fields, team_id: str | None) -> Escalation:
        """Add an escalation owned by a team (None: by none)."""
        escalation = Escalation(
            id=self._account.ids.uuid(),
            name=self._read_name(fields),
            description=fields.text("description", limit=DESCRIPTION_LIMIT, cut=False),
            team_id=team_id,
            rules=self._read_rules(fields),
            repeat=_read_repeat(fields.inner("repeat"), Repeat()),
        )
        self.by_id[escalation.id] = escalation
        return escalation

    def update(self, escalation: Escalation, fields: Fields, team_id: str | None) -> None:
        """Change the fields given; a list of rules replaces the rules."""
        name = self._read_name(fields, escalation) if fields.has("name") else escalation.name
        description = fields.text("description", escalation.description, limit=DESCRIPTION_LIMIT, cut=False)
        rules = self._read_rules(fields) if fields.has("rules") else escalation.rules
        escalation.repeat = _read_repeat(fields.inner("repeat"), escalation.repeat)
        escalation.name, escalation.description, escalation.rules = name, description, rules
        escalation.team_id = team_id

    def delete(self, escalation: Escalation) -> None:
        """Remove an escalation; refused while something points at it (a switch)."""
        users = self._account.uses_of("escalation", escalation.id)
        if users and self._account.switches.refuse_delete_in_use:
            raise in_use("Escalation", escalation.name, users[0])
        del self.by_id[escalation.id]

    def wire(self, escalation: Escalation) -> dict[str, Any]:
        """Return an escalation as the API writes it."""
        wire: dict[str, Any] = {
            "id": escalation.id,
            "name": escalation.name,
            "description": escalation.description,
            "rules": [self._rule_wire(rule) for rule in escalation.rules],
            "repeat": {
                "waitInterval": int(escalation.repeat.wait.total_seconds() // 60),
                "count": escalation.repeat.count,
                "resetRecipientStates": escalation.repeat.reset_states,
                "closeAlertAfterAll": escalation.repeat.close_after_all,
            },
        }
        owner = self._account.teams.reference(escalation.team_id)
        return wire | ({"ownerTeam": owner} if owner else {})

    def _rule_wire(self, rule: Rule) -> dict[str, Any]:
        return {
            "condition": rule.condition,
            "notifyType": rule.notify_type,
            "delay": {"timeUnit": "minutes", "timeAmount": int(rule.delay.total_seconds() // 60)},
            "recipient": recipient_wire(self._account, rule.recipient),
        }

    def _read_name(self, fields: Fields, own: Escalation | None = None) -> str:
        name = fields.text("name", required=True, limit=NAME_LIMIT, cut=False)
        if any(each.name == name and each is not own for each in self.by_id.values()):
            raise self._account.duplicate("escalation", name)
        return name

    def _read_rules(self, fields: Fields) -> list[Rule]:
        rules = [self._read_rule(each) for each in fields.items("rules")]
        if not rules:
            raise invalid("rules", "is required")
        return rules

    def _read_rule(self, fields: Fields) -> Rule:
        delay, recipient = fields.inner("delay"), fields.inner("recipient")
        if delay is None:
            raise invalid(fields.name_of("delay"), "is required")
        if recipient is None:
            raise invalid(fields.name_of("recipient"), "is required")
        return Rule(
            condition=fields.choice("condition", CONDITIONS),
            notify_type=fields.choice("notifyType", NOTIFY_TYPES),
            delay=timedelta(minutes=read_minutes(delay)),
            recipient=read_recipient(self._account, recipient, ("user", "team", "schedule")),
        )


def _read_repeat(fields: Fields | None, old: Repeat) -> Repeat:
    if fields is None:
        return old
    return replace(
        old,
        wait=timedelta(minutes=fields.number("waitInterval", int(old.wait.total_seconds() // 60), high=MOST_UNITS)),
        count=fields.number("count", old.count, high=MAX_REPEATS),
        reset_states=fields.flag("resetRecipientStates", old.reset_states),
        close_after_all=fields.flag("closeAlertAfterAll", old.close_after_all),
    )
