"""Criteria and the alert search language: which alert meets which words."""

import pytest

from sandbox.opsgenie.criteria import read_criteria
from sandbox.opsgenie.errors import ApiError
from sandbox.opsgenie.fields import Fields

FACTS = {
    "message": "Weather MCP is down",
    "alias": "alivemcp-weather",
    "description": "",
    "priority": "P2",
    "tags": ["internal", "eu"],
    "details": {"slug": "weather-mcp"},
    "extra-properties": {"slug": "weather-mcp"},
    "teams": ["Edge"],
}


def meets(*conditions: dict[str, object], kind: str = "match-all-conditions") -> bool:
    return read_criteria(Fields({"type": kind, "conditions": list(conditions)})).match(FACTS)


def condition(field: str, operation: str, expected: str = "", **more: object) -> dict[str, object]:
    return {"field": field, "operation": operation, "expectedValue": expected} | more


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (condition("priority", "equals", "P2"), True),
        (condition("priority", "equals", "P1"), False),
        (condition("priority", "equals", "P1", **{"not": True}), True),
        (condition("priority", "greater-than", "P3"), True),
        (condition("priority", "less-than", "P3"), False),
        (condition("tags", "contains", "eu"), True),
        (condition("tags", "contains", "e"), False),
        (condition("message", "contains", "weather"), True),
        (condition("message", "starts-with", "weather"), True),
        (condition("message", "ends-with", "up"), False),
        (condition("message", "matches", ".*mcp.*"), True),
        (condition("message", "matches", "mcp"), False),
        (condition("message", "equals-ignore-whitespace", "weathermcpisdown"), True),
        (condition("description", "is-empty"), True),
        (condition("details", "contains-key", "slug"), True),
        (condition("details", "contains-value", "weather-mcp"), True),
        (condition("extra-properties", "equals", "weather-mcp", key="slug"), True),
        (condition("teams", "contains", "Edge"), True),
    ],
)
def test_a_condition_holds_or_not(given: dict[str, object], expected: bool):
    assert meets(given) is expected


def test_match_all_takes_every_alert():
    assert read_criteria(Fields({"type": "match-all"})).match(FACTS)


def test_any_condition_needs_one_and_all_conditions_need_every_one():
    pair = (condition("priority", "equals", "P1"), condition("tags", "contains", "eu"))
    assert (meets(*pair, kind="match-any-condition"), meets(*pair)) == (True, False)


@pytest.mark.parametrize(
    "given",
    [
        {"type": "match-some"},
        {"type": "match-any-condition"},
        {"type": "match-all", "conditions": [condition("priority", "equals", "P1")]},
        {"type": "match-all-conditions", "conditions": [condition("colour", "equals", "red")]},
        {"type": "match-all-conditions", "conditions": [condition("message", "sounds-like", "red")]},
        {"type": "match-all-conditions", "conditions": [condition("message", "matches", "(")]},
    ],
)
def test_criteria_that_mean_nothing_are_refused_with_422(given: dict[str, object]):
    with pytest.raises(ApiError) as refusal:
        read_criteria(Fields(given))
    assert refusal.value.status == 422


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["a", "b", "c"]),
        ("status:open", ["a", "b"]),
        ("status: closed", ["c"]),
        ("priority:P1", ["a"]),
        ("priority:P1 OR tag:eu", ["a", "b"]),
        ("status:open AND NOT priority:P1", ["b"]),
        ("status:open tag:eu", ["b"]),
        ("(priority:P1 OR priority:P2) AND status:open", ["a"]),
        ('message:"is down"', ["a", "b"]),
        ("alias:alive*", ["a", "b", "c"]),
        ("weather", ["a", "b"]),
        ("count > 1", ["b"]),
        ("acknowledged:true", []),
    ],
)
def test_a_search_finds_what_it_describes(opsgenie, query: str, expected: list[str]):
    opsgenie.alert(alias="alive-a", message="weather is down", entity="a", priority="P1")
    for _ in range(2):
        opsgenie.alert(alias="alive-b", message="weather is down", entity="b", tags=["eu"])
    opsgenie.alert(alias="alive-c", message="maps", entity="c")
    opsgenie.act("close", "alive-c")
    found = opsgenie.get("/v2/alerts", params={"query": query, "order": "asc"})
    assert [one["alias"][-1] for one in found] == expected


@pytest.mark.parametrize("query", ["(status:open", "AND", "colour:red", "status > open", 'message:"open', "NOT"])
def test_a_search_that_cannot_be_read_is_refused(opsgenie, query: str):
    assert opsgenie.http("GET", "/v2/alerts", params={"query": query}).status_code == 422
