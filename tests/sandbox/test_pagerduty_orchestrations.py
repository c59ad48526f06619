"""Event orchestrations: themselves, their integrations, the rules of their paths."""

from typing import Any

import pytest


@pytest.fixture
def orchestration(pagerduty: Any) -> dict[str, Any]:
    body = {"orchestration": {"name": "AliveMCP", "description": "", "team": {"id": pagerduty.team()}}}
    return pagerduty.send("POST", "/event_orchestrations", body, 201)["orchestration"]


def test_a_new_one_has_an_integration_whose_key_begins_with_r(pagerduty, orchestration) -> None:
    (integration,) = orchestration["integrations"]
    assert integration["label"] == "AliveMCP Default Integration"
    assert (integration["parameters"]["routing_key"][0], len(integration["parameters"]["routing_key"])) == ("R", 32)
    path = f"/event_orchestrations/{orchestration['id']}"
    assert pagerduty.get(path)["orchestration"] == orchestration


def test_orchestrations_are_changed_listed_and_deleted(pagerduty, orchestration) -> None:
    path = f"/event_orchestrations/{orchestration['id']}"
    changed = pagerduty.send("PUT", path, {"orchestration": {"name": "Other", "team": None}})["orchestration"]
    assert (changed["name"], changed["team"]) == ("Other", None)
    assert [one["name"] for one in pagerduty.get("/event_orchestrations")["orchestrations"]] == ["Other"]
    pagerduty.send("POST", "/event_orchestrations", {"orchestration": {"name": "other"}}, 400)
    pagerduty.send("DELETE", path, None, 204)
    pagerduty.get(path, 404)


def test_integrations_come_and_go_and_move_with_their_keys(pagerduty, orchestration) -> None:
    path = f"/event_orchestrations/{orchestration['id']}/integrations"
    made = pagerduty.send("POST", path, {"integration": {"label": "x"}}, 201)["integration"]
    one = f"{path}/{made['id']}"
    changed = pagerduty.send("PUT", one, {"integration": {"label": "y"}})["integration"]
    assert changed == made | {"label": "y"}
    assert pagerduty.get(one)["integration"] == changed
    assert pagerduty.get(path)["total"] == 2
    other = pagerduty.send("POST", "/event_orchestrations", {"orchestration": {"name": "Other"}}, 201)["orchestration"]
    target = f"/event_orchestrations/{other['id']}/integrations"
    body = {"source_id": orchestration["id"], "source_type": "orchestration", "integration_id": made["id"]}
    moved = pagerduty.send("POST", f"{target}/migration", body)["integrations"]
    assert changed in moved
    pagerduty.get(one, 404)
    pagerduty.send("DELETE", f"{target}/{made['id']}", None, 204)
    assert pagerduty.get(target)["total"] == 1


def test_a_router_keeps_its_rules_and_gives_them_ids(pagerduty, orchestration) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    path = f"/event_orchestrations/{orchestration['id']}"
    assert pagerduty.get(f"{path}/router")["orchestration_path"]["catch_all"] == {"actions": {"route_to": "unrouted"}}
    rule = {
        "label": "weather",
        "conditions": [{"expression": "event.summary matches part 'weather'"}],
        "actions": {"route_to": service},
    }
    body = {"orchestration_path": {"sets": [{"id": "start", "rules": [rule]}]}}
    answer = pagerduty.send("PUT", f"{path}/router", body)
    (stored,) = answer["orchestration_path"]["sets"][0]["rules"]
    assert (stored["label"], stored["actions"], bool(stored["id"])) == ("weather", {"route_to": service}, True)
    assert set(answer) == {"orchestration_path"}
    assert pagerduty.get(f"{path}/router")["orchestration_path"] == answer["orchestration_path"]
    assert pagerduty.get(path)["orchestration"]["routes"] == 1


@pytest.mark.parametrize("kind", ["unrouted", "global"])
def test_the_other_paths_are_read_and_written_whole(pagerduty, orchestration, kind: str) -> None:
    path = f"/event_orchestrations/{orchestration['id']}/{kind}"
    rule = {"id": "abc", "label": "calm", "conditions": [], "actions": {"severity": "info", "priority": None}}
    body = {"orchestration_path": {"type": kind, "sets": [{"id": "start", "rules": [rule]}]}}
    pagerduty.send("PUT", path, body)
    stored = pagerduty.get(path)["orchestration_path"]["sets"][0]["rules"]
    assert [(one["id"], one["actions"]) for one in stored] == [("abc", {"severity": "info"})]
    pagerduty.send("PUT", path, {"orchestration_path": {"sets": [{"id": "start", "rules": []}]}})
    assert pagerduty.get(path)["orchestration_path"]["sets"] == [{"id": "start", "rules": []}]


def test_a_service_has_rules_of_its_own_that_are_switched_on(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    path = f"/event_orchestrations/services/{service}"
    assert pagerduty.get(f"{path}/active") == {"active": False}
    assert pagerduty.send("PUT", f"{path}/active", {"active": True}) == {"active": True}
    rule = {"label": "all", "conditions": [], "actions": {"suppress": True}}
    pagerduty.send("PUT", path, {"orchestration_path": {"sets": [{"id": "start", "rules": [rule]}]}})
    assert pagerduty.get(path)["orchestration_path"]["parent"]["id"] == service
    assert pagerduty.get(path)["orchestration_path"]["sets"][0]["rules"][0]["label"] == "all"


@pytest.mark.parametrize(
    "sets",
    [
        [{"id": "other", "rules": []}],
        [{"id": "start", "rules": [{"actions": {"route_to": "PNOBODY"}}]}],
        [{"id": "start", "rules": [{"conditions": [{}]}]}],
        [{"id": "start", "rules": []}, {"id": "two", "rules": []}],
        "sets",
    ],
)
def test_a_router_that_can_t_be_is_refused(pagerduty, orchestration, sets: Any) -> None:
    path = f"/event_orchestrations/{orchestration['id']}/router"
    pagerduty.send("PUT", path, {"orchestration_path": {"sets": sets}}, 400)


# Events sent to an orchestration's key


def routed(pagerduty: Any, orchestration: dict[str, Any], *rules: dict[str, Any], catch_all: str = "unrouted") -> str:
    """Give the router its rules, and return the routing key."""
    sets = [{"id": "start", "rules": list(rules)}]
    path = {"sets": sets, "catch_all": {"actions": {"route_to": catch_all}}}
    pagerduty.send("PUT", f"/event_orchestrations/{orchestration['id']}/router", {"orchestration_path": path})
    return orchestration["integrations"][0]["parameters"]["routing_key"]


def rule(service: str, *expressions: str) -> dict[str, Any]:
    return {"conditions": [{"expression": text} for text in expressions], "actions": {"route_to": service}}


@pytest.mark.parametrize(
    ("expression", "reached"),
    [
        ("event.summary matches part 'weather'", True),
        ("event.summary matches 'weather'", False),
        ("event.summary matches regex '^weather .* down$'", True),
        ("event.severity matches 'critical' and event.source matches 'alivemcp'", True),
        ("event.severity matches 'info' or event.source exists", True),
        ("event.custom_details.tier exists", False),
        ("trigger_count over 1 minute > 3", False),
    ],
)
def test_the_first_rule_that_matches_says_the_service(pagerduty, orchestration, expression: str, reached: bool) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]))
    mine, other = pagerduty.service(policy), pagerduty.service(policy, name="other")
    pagerduty.event(routed(pagerduty, orchestration, rule(mine, expression), catch_all=other))
    assert pagerduty.incident()["service"]["id"] == (mine if reached else other)


def test_what_no_rule_routes_opens_nothing(pagerduty, orchestration) -> None:
    pagerduty.event(routed(pagerduty, orchestration))
    assert pagerduty.incidents() == []
    assert pagerduty.sandbox.state()["pagerduty"]["dropped"][0]["why"] == "no rule routes it to a service"


def test_an_incident_is_resolved_through_the_same_key(pagerduty, orchestration) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    key = routed(pagerduty, orchestration, rule(service))
    pagerduty.event(key)
    pagerduty.event(key)
    assert len(pagerduty.incidents()) == 1
    pagerduty.event(key, "acknowledge")
    assert pagerduty.incident()["status"] == "acknowledged"
    pagerduty.event(key, "resolve")
    assert pagerduty.incident()["status"] == "resolved"
    pagerduty.event(key, "resolve")
    assert pagerduty.sandbox.state()["pagerduty"]["dropped"][0]["why"] == "nothing open to resolve"


@pytest.mark.parametrize(("active", "count"), [(True, 0), (False, 1)])
def test_a_service_s_rules_suppress_only_while_they_are_switched_on(pagerduty, orchestration, active, count) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    path = f"/event_orchestrations/services/{service}"
    quiet = {"conditions": [], "actions": {"suppress": True}}
    pagerduty.send("PUT", path, {"orchestration_path": {"sets": [{"id": "start", "rules": [quiet]}]}})
    pagerduty.send("PUT", f"{path}/active", {"active": active})
    pagerduty.event(routed(pagerduty, orchestration, rule(service)))
    assert len(pagerduty.incidents()) == count


def test_an_orchestration_s_key_takes_no_change_events(pagerduty, orchestration) -> None:
    key = orchestration["integrations"][0]["parameters"]["routing_key"]
    body = {"routing_key": key, "payload": {"summary": "deployed"}}
    pagerduty.send("POST", "/v2/change/enqueue", body, 400)
