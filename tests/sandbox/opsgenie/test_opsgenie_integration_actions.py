"""Integration actions: what an integration makes of its events, and the lists of them; and the logs of teams."""

import pytest


@pytest.fixture
def bridge(opsgenie) -> tuple[str, str]:
    """The path of an integration's actions, and its key."""
    key = opsgenie.key()
    (made,) = [one["id"] for one in opsgenie.get("/v2/integrations") if one["name"] == "bridge"]
    return f"/v2/integrations/{made}/actions", key


def matching(field: str, value: str, operation: str = "equals"):
    condition = {"field": field, "operation": operation, "expectedValue": value}
    return {"conditionMatchType": "match-all-conditions", "conditions": [condition]}


def action(kind: str, name: str, **more):
    texts = {} if kind == "ignore" else {"user": "{{user}}", "note": "{{note}}", "alias": "{{alias}}"}
    return {"type": kind, "name": name, "filter": {"conditionMatchType": "match-all"}} | texts | more


def test_a_new_integration_has_an_action_of_each_kind_but_ignore(opsgenie, bridge):
    found = opsgenie.get(bridge[0])
    assert found.pop("_parent")["name"] == "bridge"
    assert {kind: [one["name"] for one in group] for kind, group in found.items()} == {
        "ignore": [],
        "create": ["Create Alert"],
        "close": ["Close Alert"],
        "acknowledge": ["Acknowledge Alert"],
        "addNote": ["Add Note"],
    }


def test_an_ignored_event_is_taken_and_opens_nothing(opsgenie, bridge):
    path, key = bridge
    made = opsgenie.make(path, action("ignore", "tests", filter=matching("tags", "test", "contains")))
    assert [one["name"] for one in made["ignore"]] == ["tests"]
    found = opsgenie.outcome(opsgenie.alert(key, tags=["test"]))
    assert (found["success"], opsgenie.get("/v2/alerts")) == (False, [])


def test_the_first_create_action_that_matches_makes_the_alert(opsgenie, bridge):
    path, key = bridge
    first = action(
        "create",
        "weather",
        order=0,
        filter=matching("message", "weather", "contains"),
        message="W: {{message}}",
        priority="P2",
        tags=["{{tags}}", "{{source}}"],
        extraProperties={"from": "{{alias}}"},
        ignoreTagsFromPayload=True,
        responders=[opsgenie.user("ana")],
    )
    opsgenie.send("PUT", path, {"create": [action("create", "rest", order=1), first]})
    opsgenie.alert(key, tags=["dropped"], source="bridge")
    opsgenie.alert(key, alias="other", message="maps")
    found = opsgenie.the_alert()
    assert [found[name] for name in ("message", "priority", "tags", "details")] == [
        "W: weather is down",
        "P2",
        ["bridge"],
        {"from": "alivemcp-weather"},
    ]
    assert (opsgenie.paged(), opsgenie.the_alert("other")["priority"]) == ([("0m", "Ana")], "P3")


def test_a_custom_priority_is_read_from_the_event(opsgenie, bridge):
    path, key = bridge
    opsgenie.send("PUT", path, {"create": [action("create", "by detail", customPriority="{{details.level}}")]})
    opsgenie.alert(key, details={"level": "P1"})
    assert opsgenie.the_alert()["priority"] == "P1"


def test_a_put_replaces_all_and_puts_each_list_in_order(opsgenie, bridge):
    path = bridge[0]
    actions = [action("create", "b", order=1), action("create", "a", order=0)]
    found = opsgenie.send("PUT", path, {"create": actions, "ignore": [], "Parent": {}})["data"]
    assert [[one["name"] for one in found[kind]] for kind in ("create", "close")] == [["a", "b"], []]
    assert opsgenie.get(path) == found


def test_actions_keep_the_order_they_were_given(opsgenie, bridge):
    # The provider keeps it in its state; its default is 1.
    path = bridge[0]
    actions = [action("create", "b", order=7), action("create", "a", order=1)]
    found = opsgenie.send("PUT", path, {"create": actions, "close": [action("close", "c")]})["data"]
    assert [one["order"] for one in found["create"] + found["close"]] == [1, 7, 1]
    opsgenie.send("POST", path, action("create", "last"), 201)
    assert [one["order"] for one in opsgenie.get(path)["create"]] == [1, 7, 8]


def test_without_a_create_action_nothing_is_opened(opsgenie, bridge):
    path, key = bridge
    opsgenie.send("PUT", path, {})
    opsgenie.alert(key)
    assert opsgenie.get("/v2/alerts") == []


@pytest.mark.parametrize(
    "body",
    [
        action("open", "x"),
        action("create", ""),
        action("create", "x", filter={"conditionMatchType": "match-some"}),
        action("create", "x", priority="P9"),
        action("create", "x", responders=[{"type": "user", "username": "nobody@acme.example"}]),
    ],
)
def test_an_unusable_action_is_refused_with_422(opsgenie, bridge, body):
    assert opsgenie.http("POST", bridge[0], body).status_code == 422


# --- logs of teams ---


def test_a_teams_log_tells_what_was_changed_newest_first(opsgenie):
    team = opsgenie.team()
    opsgenie.send("PATCH", f"/v2/teams/{team}", {"description": "x"})
    opsgenie.send("POST", f"/v2/teams/{team}/members", {"user": {"username": "ana@acme.example"}})
    found = opsgenie.get(f"/v2/teams/{team}/logs")
    assert [one["log"] for one in found["logs"]] == [
        "A member is added",
        "Team Edge is changed",
        "Team Edge is created",
    ]
    assert {one["owner"] for one in found["logs"]} == {"Default API"}


def test_a_teams_log_comes_in_pages_by_its_offset(opsgenie):
    team = opsgenie.team()
    for text in "ab":
        opsgenie.send("PATCH", f"/v2/teams/{team}", {"description": text})
    path = f"/v2/teams/{team}/logs?limit=2&order=asc"
    first = opsgenie.get(path)
    second = opsgenie.get(f"{path}&offset={first['offset']}")
    assert [len(first["logs"]), len(second["logs"])] == [2, 1]
