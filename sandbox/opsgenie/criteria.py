"""Criteria of routing and notification rules: match all, any condition or all conditions of an alert's fields.

Fields and operations: opsgenie-oas `Filter`, `Condition`. Comparisons ignore case, "matches" is a regular
expression that must cover the whole value (inferred from the web app's help).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.opsgenie.errors import invalid
from sandbox.opsgenie.fields import Fields

MATCH_ALL = "match-all"
KINDS = (MATCH_ALL, "match-any-condition", "match-all-conditions")
FIELDS = (
    "message",
    "alias",
    "description",
    "source",
    "entity",
    "tags",
    "actions",
    "extra-properties",
    "recipients",
    "teams",
    "priority",
    "details",
    "responders",
)
OPERATIONS = (
    "matches",
    "contains",
    "starts-with",
    "ends-with",
    "equals",
    "contains-key",
    "contains-value",
    "greater-than",
    "less-than",
    "is-empty",
    "equals-ignore-whitespace",
)

# What a rule looks at: the value of each field; lists of texts for tags, teams, ...; a map for details.
Facts = Mapping[str, str | list[str] | dict[str, str]]


@dataclass(frozen=True)
class Condition:
    """One comparison of one field of an alert."""

    field: str
    operation: str
    expected: str = ""
    key: str = ""
    negated: bool = False
    order: int = 0

    def holds(self, facts: Facts) -> bool:
        """Tell whether an alert meets it."""
        return self._meets(facts.get(self.field, "")) != self.negated

    def _meets(self, value: str | list[str] | dict[str, str]) -> bool:
        if isinstance(value, dict):
            if self.operation == "contains-key":
                return self.expected in value
            if self.operation == "contains-value":
                return self.expected in value.values()
            value = value.get(self.key, "") if self.key else list(value.values())
        if self.operation == "is-empty":
            return not value
        if isinstance(value, list):
            if self.operation in ("contains", "contains-value"):
                return any(each.casefold() == self.expected.casefold() for each in value)
            return any(_compare(self.operation, each, self.expected) for each in value)
        if self.field == "priority" and self.operation in ("greater-than", "less-than"):
            # P1 is the greatest priority, so the order of the digits is turned round.
            return _compare(self.operation, self.expected[-1:] or "0", value[-1:] or "0")
        return _compare(self.operation, value, self.expected)

    def wire(self) -> dict[str, Any]:
        """Return the condition as the API writes it."""
        wire: dict[str, Any] = {"field": self.field, "not": self.negated, "operation": self.operation}
        if self.key:
            wire["key"] = self.key
        return wire | {"expectedValue": self.expected, "order": self.order}


def _compare(operation: str, value: str, expected: str) -> bool:
    one, two = value.casefold(), expected.casefold()
    match operation:
        case "equals":
            return one == two
        case "equals-ignore-whitespace":
            return "".join(one.split()) == "".join(two.split())
        case "contains" | "contains-value":
            return two in one
        case "starts-with":
            return one.startswith(two)
        case "ends-with":
            return one.endswith(two)
        case "matches":
            return re.fullmatch(expected, value, re.IGNORECASE | re.DOTALL) is not None
        case "greater-than":
            return _number(value) > _number(expected)
        case "less-than":
            return _number(value) < _number(expected)
        case _:
            return False


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


@dataclass(frozen=True)
class Criteria:
    """A kind of match and its conditions."""

    kind: str = MATCH_ALL
    conditions: tuple[Condition, ...] = ()

    def match(self, facts: Facts) -> bool:
        """Tell whether an alert meets the criteria."""
        if self.kind == MATCH_ALL:
            return True
        found = [condition.holds(facts) for condition in self.conditions]
        return any(found) if self.kind == "match-any-condition" else all(found)

    def wire(self, kind_field: str = "type", *, orders: bool = True) -> dict[str, Any]:
        """Return the criteria as the API writes them; match-all has no conditions, those of actions no `order`."""
        if self.kind == MATCH_ALL:
            return {kind_field: self.kind}
        wires = [condition.wire() for condition in self.conditions]
        kept = [{name: value for name, value in wire.items() if orders or name != "order"} for wire in wires]
        return {kind_field: self.kind, "conditions": kept}


EVERYTHING = Criteria()


def read_criteria(fields: Fields | None, kind_field: str = "type", *, any_field: bool = False) -> Criteria:
    """Return the criteria of a request; absent ones match everything. Integrations call the kind
    `conditionMatchType`, and their actions may look at fields of the event that no alert has (`any_field`)."""
    if fields is None:
        return EVERYTHING
    kind = fields.choice(kind_field, KINDS)
    conditions = tuple(_read_condition(each, i, any_field) for i, each in enumerate(fields.items("conditions")))
    if kind == MATCH_ALL:
        if conditions:
            raise invalid(fields.name_of("conditions"), "must be empty for match-all")
        return EVERYTHING
    if not conditions:
        raise invalid(fields.name_of("conditions"), f"must not be empty for {kind}")
    return Criteria(kind, tuple(sorted(conditions, key=lambda each: each.order)))


def _read_condition(fields: Fields, position: int, any_field: bool) -> Condition:
    operation = fields.choice("operation", OPERATIONS)
    expected = fields.text("expectedValue", limit=15_000, cut=False)
    if operation == "matches":
        try:
            re.compile(expected)
        except re.error:
            raise invalid(fields.name_of("expectedValue"), "is not a regular expression") from None
    return Condition(
        field=fields.text("field", required=True) if any_field else fields.choice("field", FIELDS),
        operation=operation,
        expected=expected,
        key=fields.text("key"),
        negated=fields.flag("not", default=False),
        order=fields.number("order", position),
    )
