"""What people do to incidents through the API: open, snooze, merge, reopen, note, move alerts; what is read back."""

from typing import Any

import pytest

FROM = {"From": "ann@acme.example"}
HOOK = {"id": "PPRIOR1", "type": "priority_reference"}


@pytest.fixture
def service(pagerduty: Any) -> str:
    return pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")]), (5, [pagerduty.user("bob")])))


def opened(pagerduty: Any, key: str, status: int = 201, **more: Any) -> Any:
    fields = {"type": "incident", "title": "disk full", "service": {"id": key, "type": "service_reference"}} | more
    answer = pagerduty.send("POST", "/incidents", {"incident": fields}, status, **FROM)
    return answer["incident"] if status == 201 else answer["error"]


def user(pagerduty: Any, name: str) -> dict[str, str]:
    return {"id": pagerduty.user(name), "type": "user_reference"}


def act(pagerduty: Any, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    return pagerduty.send(method, path, body, status, **FROM)


# Opening


def test_an_incident_opened_by_hand_pages_the_service_s_policy(pagerduty, service: str) -> None:
    incident = opened(
        pagerduty, service, priority=HOOK, body={"type": "incident_body", "details": "90 %"}, urgency="high"
    )
    assert (incident["status"], incident["priority"]["summary"], incident["body"]["details"]) == (
        "triggered",
        "P1",
        "90 %",
    )
    assert (pagerduty.assigned(), incident["alert_counts"]["all"]) == (["ann"], 0)
    pagerduty.move(minutes=6)
    assert pagerduty.assigned() == ["bob"]


def test_it_can_go_to_people_or_to_another_policy_but_not_to_both(pagerduty, service: str) -> None:
    to_bob = [{"assignee": user(pagerduty, "bob")}]
    assert opened(pagerduty, service, assignments=to_bob)["assigned_via"] == "direct_assignment"
    other = pagerduty.policy((5, [pagerduty.user("eve")]), name="other")
    policy = {"id": other, "type": "escalation_policy_reference"}
    incident = opened(pagerduty, service, escalation_policy=policy)
    assert (incident["escalation_policy"]["id"], incident["assignments"][0]["assignee"]["summary"]) == (other, "eve")
    opened(pagerduty, service, 400, escalation_policy=policy, assignments=to_bob)


def test_one_given_to_its_creator_is_acknowledged_at_once_and_tells_nobody(pagerduty, service: str) -> None:
    incident = opened(pagerduty, service, assignments=[{"assignee": user(pagerduty, "ann")}])
    assert (incident["status"], pagerduty.told()) == ("acknowledged", [])


def test_a_key_that_is_open_on_the_service_is_refused(pagerduty, service: str) -> None:
    incident = opened(pagerduty, service, incident_key="k")
    assert "already exists" in opened(pagerduty, service, 400, incident_key="k")["errors"][0]
    act(pagerduty, "PUT", f"/incidents/{incident['id']}", {"incident": {"type": "incident", "status": "resolved"}})
    opened(pagerduty, service, incident_key="k")


def test_where_nobody_is_on_call_or_the_service_is_shut_none_is_opened(pagerduty, service: str) -> None:
    empty = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann"), start="2026-04-01T00:00:00Z"))
    quiet = pagerduty.service(pagerduty.policy((5, [empty]), name="quiet"), name="quiet")
    assert opened(pagerduty, quiet, 400)["code"] == 1015
    pagerduty.send("PUT", f"/services/{service}", {"service": {"status": "disabled"}})
    opened(pagerduty, service, 400)


@pytest.mark.parametrize(
    "more",
    [{"title": ""}, {"service": None}, {"urgency": "low-ish"}, {"priority": "P9"}, {"body": {"details": {"a": 1}}}],
)
def test_what_can_t_be_opened_is_refused(pagerduty, service: str, more: dict[str, Any]) -> None:
    opened(pagerduty, service, 400, **more)


def test_from_must_name_a_user(pagerduty, service: str) -> None:
    body = {"incident": {"type": "incident", "title": "x", "service": {"id": service, "type": "service_reference"}}}
    pagerduty.send("POST", "/incidents", body, 400)
    answer = pagerduty.send("POST", "/incidents", body, 400, From="ghost@acme.example")
    assert answer["error"]["code"] == 1008


# Snooze, merge, reopen, delegate


def test_a_snooze_holds_an_incident_for_its_time_whatever_the_acknowledgement_timeout(pagerduty) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]))
    incident = opened(pagerduty, pagerduty.service(policy, acknowledgement_timeout=600))["id"]
    answer = act(pagerduty, "POST", f"/incidents/{incident}/snooze", {"duration": 3600}, 201)["incident"]
    assert (answer["status"], answer["pending_actions"]) == (
        "acknowledged",
        [{"type": "unacknowledge", "at": "2026-03-02T10:00:00Z"}],
    )
    pagerduty.move(minutes=59)
    assert pagerduty.incident()["status"] == "acknowledged"
    pagerduty.move(minutes=2)
    assert pagerduty.incident()["status"] == "triggered"


@pytest.mark.parametrize("seconds", [0, 604801, "long", None])
def test_a_snooze_has_bounds(pagerduty, service: str, seconds: Any) -> None:
    incident = opened(pagerduty, service)["id"]
    answer = act(pagerduty, "POST", f"/incidents/{incident}/snooze", {"duration": seconds}, 400)
    assert answer["error"]["code"] == 1013


def two(pagerduty: Any, service: str) -> tuple[str, str, str]:
    """Two incidents opened by events, and the routing key."""
    key = pagerduty.integration(service)
    for dedup in ("a", "b"):
        pagerduty.event(key, dedup=dedup)
    one, other = pagerduty.incidents()
    return one["id"], other["id"], key


def test_a_merge_takes_the_alerts_and_resolves_the_sources(pagerduty, service: str) -> None:
    one, other, key = two(pagerduty, service)
    sources = {"source_incidents": [{"id": other, "type": "incident_reference"}]}
    assert act(pagerduty, "PUT", f"/incidents/{one}/merge", sources)["incident"]["id"] == one
    target, source = pagerduty.incidents()
    assert (target["alert_counts"]["all"], target["status"]) == (2, "triggered")
    assert (source["status"], source["resolve_reason"]["incident"]["id"]) == ("resolved", one)
    pagerduty.event(key, "resolve", "a")
    assert pagerduty.incidents()[0]["status"] == "triggered"
    pagerduty.event(key, "resolve", "b")
    assert pagerduty.incidents()[0]["status"] == "resolved"
    act(pagerduty, "PUT", f"/incidents/{one}/merge", sources, 400)


def test_an_incident_is_not_merged_into_itself(pagerduty, service: str) -> None:
    one, _, _ = two(pagerduty, service)
    sources = {"source_incidents": [{"id": one, "type": "incident_reference"}]}
    act(pagerduty, "PUT", f"/incidents/{one}/merge", sources, 400)


@pytest.mark.parametrize(("status", "who"), [("triggered", "ann"), ("acknowledged", "ann")])
def test_a_resolved_incident_can_be_opened_again(pagerduty, service: str, status: str, who: str) -> None:
    incident = opened(pagerduty, service)["id"]
    path = f"/incidents/{incident}"
    act(pagerduty, "PUT", path, {"incident": {"type": "incident", "status": "resolved", "resolution": "fixed"}})
    assert (
        act(pagerduty, "PUT", path, {"incident": {"type": "incident", "status": "resolved"}}, 400)["error"]["code"]
        == 1001
    )
    again = act(pagerduty, "PUT", path, {"incident": {"type": "incident", "status": status}})["incident"]
    assert (again["status"], again["assignments"][0]["assignee"]["summary"], again["resolved_at"]) == (
        status,
        who,
        None,
    )


def test_a_delegated_incident_follows_the_new_policy(pagerduty, service: str) -> None:
    incident = opened(pagerduty, service)["id"]
    other = pagerduty.policy((5, [pagerduty.user("eve")]), name="other")
    policy = {"id": other, "type": "escalation_policy_reference"}
    changed = act(
        pagerduty, "PUT", f"/incidents/{incident}", {"incident": {"type": "incident", "escalation_policy": policy}}
    )
    assert changed["incident"]["escalation_policy"]["id"] == other
    assert pagerduty.assigned() == ["eve"]


# Notes, alerts, history


def test_notes_are_added_changed_and_removed(pagerduty, service: str) -> None:
    path = f"/incidents/{opened(pagerduty, service)['id']}/notes"
    note = act(pagerduty, "POST", path, {"note": {"content": "looking"}})["note"]
    assert (note["content"], note["user"]["summary"]) == ("looking", "ann")
    assert act(pagerduty, "PUT", f"{path}/{note['id']}", {"note": {"content": "found"}})["note"]["content"] == "found"
    assert [one["content"] for one in pagerduty.get(path)["notes"]] == ["found"]
    act(pagerduty, "DELETE", f"{path}/{note['id']}", None, 204)
    assert pagerduty.get(path)["notes"] == []
    act(pagerduty, "POST", path, {"note": {"content": ""}}, 400)
    pagerduty.send("POST", path, {"note": {"content": "x"}}, 400)


def test_an_alert_can_be_resolved_alone_or_moved(pagerduty, service: str) -> None:
    one, other, _ = two(pagerduty, service)
    (alert,) = pagerduty.get(f"/incidents/{one}/alerts")["alerts"]
    body = {"alert": {"type": "alert", "incident": {"id": other, "type": "incident_reference"}}}
    moved = act(pagerduty, "PUT", f"/incidents/{one}/alerts/{alert['id']}", body)["alert"]
    assert moved["incident"]["id"] == other
    path = f"/incidents/{other}/alerts"
    assert pagerduty.get(f"{path}/{alert['id']}")["alert"]["id"] == alert["id"]
    act(pagerduty, "PUT", f"{path}/{alert['id']}", {"alert": {"type": "alert", "status": "resolved"}})
    assert pagerduty.get(f"/incidents/{other}")["incident"]["status"] == "triggered"
    rest = [row["id"] for row in pagerduty.get(path, **{"statuses[]": "triggered"})["alerts"]]
    rows = [{"id": key, "type": "alert", "status": "resolved"} for key in rest]
    act(pagerduty, "PUT", path, {"alerts": rows})
    assert pagerduty.get(f"/incidents/{other}")["incident"]["status"] == "resolved"


def test_history_tells_of_repeats_and_of_the_end_of_the_policy(pagerduty) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]), num_loops=1)
    incident = opened(pagerduty, pagerduty.service(policy))["id"]
    pagerduty.move(minutes=30)
    entries = pagerduty.get(f"/incidents/{incident}/log_entries", is_overview="true")["log_entries"]
    assert [(one["type"].removesuffix("_log_entry"), one["created_at"][11:16]) for one in reversed(entries)] == [
        ("trigger", "09:00"),
        ("assign", "09:00"),
        ("repeat_escalation_path", "09:05"),
        ("escalate", "09:05"),
        ("exhaust_escalation_path", "09:10"),
    ]


def test_log_entries_are_read_over_the_whole_account(pagerduty, service: str) -> None:
    opened(pagerduty, service)
    pagerduty.move(minutes=1)
    opened(pagerduty, service)
    triggers = [one for one in pagerduty.get("/log_entries")["log_entries"] if one["type"] == "trigger_log_entry"]
    assert [one["created_at"] for one in triggers] == ["2026-03-02T09:01:00Z", "2026-03-02T09:00:00Z"]
    late = pagerduty.get("/log_entries", since="2026-03-02T09:00:30Z", **{"team_ids[]": []})["log_entries"]
    assert {one["created_at"] for one in late} == {"2026-03-02T09:01:00Z"}
    key = triggers[0]["id"]
    entry = pagerduty.get(f"/log_entries/{key}", time_zone="Europe/Berlin", **{"include[]": "incidents"})["log_entry"]
    assert (entry["created_at"], entry["incident"]["type"]) == ("2026-03-02T10:01:00+01:00", "incident")
    pagerduty.get("/log_entries/RNOBODY", 404)
    pagerduty.get("/log_entries", 400, time_zone="Mars")


# Lists


def test_incidents_give_whole_what_include_asks_for(pagerduty, service: str) -> None:
    opened(pagerduty, service)
    include = ["services", "assignees", "escalation_policies", "first_trigger_log_entries", "agents", "teams"]
    (incident,) = pagerduty.get("/incidents", **{"include[]": include})["incidents"]
    whole = (
        incident["service"]["type"],
        incident["assignments"][0]["assignee"]["type"],
        incident["escalation_policy"]["type"],
        incident["first_trigger_log_entry"]["type"],
        incident["last_status_change_by"]["type"],
    )
    assert whole == ("service", "user", "escalation_policy", "trigger_log_entry", "user")


def test_lists_of_services_and_policies_include_filter_and_sort(pagerduty) -> None:
    ann = pagerduty.user("ann")
    policy = pagerduty.policy((5, [ann]))
    for name in ("b", "a"):
        pagerduty.integration(pagerduty.service(policy, name=name))
    include = {"include[]": ["escalation_policies", "integrations", "teams"]}
    services = pagerduty.get("/services", sort_by="name:desc", **include)["services"]
    assert [one["name"] for one in services] == ["b", "a"]
    assert (services[0]["escalation_policy"]["type"], "integration_key" in services[0]["integrations"][0]) == (
        "escalation_policy",
        True,
    )
    assert [one["name"] for one in pagerduty.get("/services", name="a")["services"]] == ["a"]
    (whole,) = pagerduty.get("/escalation_policies", **{"include[]": ["services", "targets"]})["escalation_policies"]
    assert (whole["services"][0]["type"], whole["escalation_rules"][0]["targets"][0]["type"]) == ("service", "user")
    pagerduty.get("/services", 400, sort_by="colour")


def test_on_calls_include_schedules_and_know_direct_ones(pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    pagerduty.policy((5, [pagerduty.schedule(pagerduty.layer(ann))]), (5, [bob]))
    rows = pagerduty.get("/oncalls", **{"include[]": "schedules"})["oncalls"]
    assert [row["schedule"] and row["schedule"]["type"] for row in rows] == ["schedule", None]
    direct = pagerduty.get("/oncalls", **{"schedule_ids[]": "null"})["oncalls"]
    assert [row["user"]["summary"] for row in direct] == ["bob"]


def test_members_include_users(pagerduty) -> None:
    team, ann = pagerduty.team(), pagerduty.user("ann")
    pagerduty.send("PUT", f"/teams/{team}/users/{ann}", {"role": "responder"}, 204)
    (row,) = pagerduty.get(f"/teams/{team}/members", **{"include[]": "users"})["members"]
    assert row["user"]["email"] == "ann@acme.example"


def test_schedules_are_listed_by_team(pagerduty) -> None:
    ann, team = pagerduty.user("ann"), pagerduty.team()
    mine = pagerduty.schedule(pagerduty.layer(ann), teams=[{"id": team, "type": "team_reference"}])
    pagerduty.schedule(pagerduty.layer(ann), name="other")
    found = pagerduty.get("/schedules", **{"team_ids[]": team})["schedules"]
    assert [one["id"] for one in found] == [mine]
