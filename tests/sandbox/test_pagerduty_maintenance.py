"""Maintenance windows: what they silence, and their calls."""

from typing import Any

import pytest

SOON, LATE = "2026-03-02T10:00:00Z", "2026-03-02T12:00:00Z"
NOW = "2026-03-02T09:00:00Z"


def window(pagerduty: Any, *services: str, start: str = NOW, end: str = LATE, **more: Any) -> str:
    refs = [{"id": service, "type": "service_reference"} for service in services]
    body = {
        "maintenance_window": {"start_time": start, "end_time": end, "description": "deploy", "services": refs} | more
    }
    return pagerduty.send("POST", "/maintenance_windows", body, 201)["maintenance_window"]["id"]


@pytest.fixture
def service(pagerduty: Any) -> str:
    return pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))


def test_while_one_runs_triggers_open_nothing_and_are_shown_as_dropped(pagerduty, service: str) -> None:
    key = pagerduty.integration(service)
    window(pagerduty, service)
    pagerduty.event(key)
    assert pagerduty.incidents() == []
    assert [one["why"] for one in pagerduty.sandbox.state()["pagerduty"]["dropped"]] == [
        "the service is in maintenance"
    ]
    assert pagerduty.get(f"/services/{service}")["service"]["status"] == "maintenance"


def test_events_can_t_resolve_what_is_open_meanwhile_but_people_can(pagerduty, service: str) -> None:
    key = pagerduty.integration(service)
    pagerduty.event(key)
    window(pagerduty, service)
    pagerduty.event(key, "resolve")
    assert pagerduty.incident()["status"] == "triggered"
    body = {"incident": {"type": "incident", "status": "resolved"}}
    pagerduty.send("PUT", f"/incidents/{pagerduty.incident()['id']}", body, From="ann@acme.example")
    assert pagerduty.incident()["status"] == "resolved"


def test_what_is_open_goes_on_escalating(pagerduty) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]), (5, [pagerduty.user("bob")]))
    service = pagerduty.service(policy)
    pagerduty.event(pagerduty.integration(service))
    window(pagerduty, service)
    pagerduty.move(minutes=6)
    assert pagerduty.assigned() == ["bob"]


def test_before_and_after_it_events_count_and_other_services_are_not_touched(pagerduty) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]))
    one, other = pagerduty.service(policy), pagerduty.service(policy, name="other")
    first, second = pagerduty.integration(one), pagerduty.integration(other)
    window(pagerduty, one, start=SOON)
    pagerduty.event(first, dedup="before")
    pagerduty.move(hours=1, minutes=30)
    pagerduty.event(first, dedup="during")
    pagerduty.event(second, dedup="elsewhere")
    pagerduty.move(hours=2)
    pagerduty.event(first, dedup="after")
    assert [one["incident_key"] for one in pagerduty.incidents()] == ["before", "elsewhere", "after"]


def test_windows_are_read_changed_and_filtered(pagerduty, service: str) -> None:
    running, later = window(pagerduty, service), window(pagerduty, service, start=SOON, description="move")
    assert pagerduty.get(f"/maintenance_windows/{later}")["maintenance_window"]["start_time"] == SOON
    found = {
        state: [one["id"] for one in pagerduty.get("/maintenance_windows", filter=state)["maintenance_windows"]]
        for state in ("past", "ongoing", "future", "open", "all")
    }
    assert found == {
        "past": [],
        "ongoing": [running],
        "future": [later],
        "open": [running, later],
        "all": [running, later],
    }
    by = {"service_ids[]": "PNOBODY"}
    assert pagerduty.get("/maintenance_windows", **by)["maintenance_windows"] == []
    assert len(pagerduty.get("/maintenance_windows", query="move")["maintenance_windows"]) == 1
    body = {"maintenance_window": {"end_time": "2026-03-03T12:00:00Z"}}
    changed = pagerduty.send("PUT", f"/maintenance_windows/{later}", body)["maintenance_window"]
    assert (changed["start_time"], changed["end_time"]) == (SOON, "2026-03-03T12:00:00Z")


def test_a_window_names_its_maker_and_gives_whole_what_include_asks_for(pagerduty, service: str) -> None:
    refs = [{"id": service, "type": "service_reference"}]
    body = {"maintenance_window": {"type": "maintenance_window", "start_time": NOW, "end_time": LATE, "services": refs}}
    pagerduty.send("POST", "/maintenance_windows", body, 201, From="ann@acme.example")
    (plain,) = pagerduty.get("/maintenance_windows")["maintenance_windows"]
    (whole,) = pagerduty.get("/maintenance_windows", **{"include[]": ["services", "users"]})["maintenance_windows"]
    assert (plain["services"][0]["type"], plain["created_by"]["summary"]) == ("service_reference", "ann")
    assert (whole["services"][0]["type"], whole["created_by"]["email"]) == ("service", "ann@acme.example")


def test_deleting_removes_one_to_come_ends_one_that_runs_and_refuses_one_that_is_over(pagerduty, service: str) -> None:
    running, later = window(pagerduty, service), window(pagerduty, service, start=SOON)
    pagerduty.send("DELETE", f"/maintenance_windows/{later}", None, 204)
    pagerduty.get(f"/maintenance_windows/{later}", 404)
    pagerduty.move(minutes=10)
    pagerduty.send("DELETE", f"/maintenance_windows/{running}", None, 204)
    ended = pagerduty.get(f"/maintenance_windows/{running}")["maintenance_window"]["end_time"]
    assert ended == "2026-03-02T09:10:00Z"
    pagerduty.send("DELETE", f"/maintenance_windows/{running}", None, 405)


@pytest.mark.parametrize(
    "more",
    [{"end_time": NOW}, {"start_time": "soon"}, {"services": []}, {"services": [{"id": "PNOBODY", "type": "x"}]}],
)
def test_what_can_t_be_a_window_is_refused(pagerduty, service: str, more: dict[str, Any]) -> None:
    refs = [{"id": service, "type": "service_reference"}]
    fields = {"start_time": NOW, "end_time": LATE, "services": refs} | more
    assert pagerduty.errors("POST", "/maintenance_windows", {"maintenance_window": fields}) != []


def test_a_deleted_service_leaves_its_windows(pagerduty, service: str) -> None:
    one = window(pagerduty, service)
    pagerduty.send("DELETE", f"/services/{service}", None, 204)
    pagerduty.get(f"/maintenance_windows/{one}", 404)
