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
    assert answer["warnings"] == []
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
