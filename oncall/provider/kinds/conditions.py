"""Which alerts a routing rule, a notification rule or a policy is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oncall.provider.convert import UNKNOWN
from oncall.provider.fields import Field, Flag, Items, Problem, Record, Text

# https://docs.opsgenie.com/docs/team-routing-rule-api
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
MATCH_ALL = {"type": "match-all"}

CONDITION = Record(
    "oncall:opsgenie:Condition",
    "A comparison of one field of an alert.",
    (
        Field("field", Text(choices=FIELDS), "The alert's field.", required=True),
        Field("key", Text(empty=True), "The key, for extra-properties and details.", absent=""),
        Field("not", Flag(), "Turn the comparison round.", default=False),
        Field("operation", Text(choices=OPERATIONS), "The comparison.", required=True),
        Field("expectedValue", Text(empty=True), "What it is compared with.", absent=""),
    ),
)
CRITERIA = Record(
    "oncall:opsgenie:Criteria",
    "Which alerts a rule is for.",
    (
        Field(
            "type",
            Text(choices=("match-all", "match-any-condition", "match-all-conditions")),
            "Every alert, or those that meet any or all of the conditions.",
            required=True,
        ),
        Field("conditions", Items(CONDITION), "The comparisons.", absent=[]),
    ),
)


def criteria_problems(value: Any, path: str) -> Iterator[Problem]:
    """Conditions where the type uses none, none where it needs some."""
    if not isinstance(value, Mapping) or value["type"] is UNKNOWN:
        return
    has_conditions, wants_them = bool(value.get("conditions")), value["type"] != MATCH_ALL["type"]
    if has_conditions != wants_them:
        words = "at least one condition is needed" if wants_them else "conditions are not allowed"
        yield Problem(f"{path}.conditions", f"{words} for type {value['type']}")


def criteria_body(value: Mapping[str, Any]) -> dict[str, Any]:
    """In the API's words: each condition says its place."""
    conditions = [{**each, "order": index} for index, each in enumerate(value.get("conditions") or [])]
    return {"type": value["type"]} | ({"conditions": conditions} if conditions else {})


def criteria_of(found: Mapping[str, Any] | None) -> dict[str, Any]:
    """From the API's words; nothing there is every alert."""
    criteria = found or MATCH_ALL
    rows: list[Any] = list(criteria.get("conditions") or [])
    conditions = [
        {item.name: each.get(item.name) for item in CONDITION.fields if each.get(item.name) is not None}
        for each in sorted(rows, key=lambda each: each.get("order") or 0)
    ]
    return {"type": criteria.get("type")} | ({"conditions": conditions} if conditions else {})
