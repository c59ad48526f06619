"""The Events API v2: what is taken, what is refused, de-duplication, and what opens nothing."""

import json

import pytest

BAD_SEVERITY = "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"


def refused(pagerduty, body: object, status: int = 400) -> list[str]:
    answer = pagerduty.send("POST", "/v2/enqueue", body, status)
    assert (answer["status"], answer["message"]) == ("invalid event", "Event object is invalid")
    return answer["errors"]


@pytest.fixture
def key(pagerduty) -> str:
    return pagerduty.paged_service((5, [pagerduty.user("ann")]))


def test_an_event_needs_no_token(pagerduty, key: str) -> None:
    payload = {"summary": "s", "source": "a", "severity": "info"}
    body = {"routing_key": key, "event_action": "trigger", "dedup_key": "k", "payload": payload}
    answer = pagerduty.http.post("/v2/enqueue", json=body, headers={"authorization": ""})
    assert (answer.status_code, answer.json()) == (
        202,
        {"status": "success", "message": "Event processed", "dedup_key": "k"},
    )


def test_a_missing_dedup_key_is_made_up_and_answered(pagerduty, key: str) -> None:
    made = pagerduty.event(key, dedup=None)["dedup_key"]
    assert pagerduty.incident()["incident_key"] == made


def test_an_event_without_anything_is_refused_with_every_fault(pagerduty) -> None:
    assert refused(pagerduty, {}) == [
        "'routing_key' is missing or blank",
        "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
    ]


@pytest.mark.parametrize(
    ("routing_key", "said"),
    [
        ("short", ["Length of 'routing_key' is incorrect (should be 32 characters)"]),
        ("-" * 32, ["'routing_key' cannot contain non-alphanumeric characters."]),
        ("k" * 32, ["'routing_key' is unknown"]),
    ],
)
def test_a_routing_key_that_is_none_is_refused(pagerduty, routing_key: str, said: list[str]) -> None:
    assert pagerduty.event(routing_key, status=400)["errors"] == said


def test_with_the_switch_an_unknown_routing_key_is_taken_and_dropped(pagerduty) -> None:
    pagerduty.sandbox.seed({"pagerduty": {"switches": {"unknown_routing_key_status": 202}}})
    pagerduty.event("k" * 32)
    assert [one["why"] for one in pagerduty.sandbox.state()["pagerduty"]["dropped"]] == ["the routing key is unknown"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"severity": "Critical"}, BAD_SEVERITY),
        ({"summary": ""}, "'payload.summary' is missing or blank"),
        ({"source": None}, "'payload.source' is missing or blank"),
        ({"summary": "x" * 1025}, "'payload.summary' is too long (maximum is 1024 characters)"),
        ({"timestamp": "yesterday"}, "'payload.timestamp' is invalid (must be ISO 8601 with a zone)"),
    ],
)
def test_a_payload_out_of_bounds_is_refused(pagerduty, key: str, change: dict[str, object], said: str) -> None:
    assert pagerduty.event(key, status=400, **change)["errors"] == [said]


def test_a_dedup_key_above_255_characters_is_refused(pagerduty, key: str) -> None:
    assert len(pagerduty.event(key, dedup="x" * 256, status=400)["errors"]) == 1


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_an_answer_to_an_alert_needs_its_dedup_key(pagerduty, key: str, action: str) -> None:
    body = {"routing_key": key, "event_action": action}
    assert refused(pagerduty, body) == ["'dedup_key' is missing or blank"]


def test_what_is_not_json_and_what_is_too_large_are_refused(pagerduty, key: str) -> None:
    large = json.dumps({"routing_key": key, "custom": "x" * 600_000})
    statuses = [pagerduty.http.post("/v2/enqueue", content=content).status_code for content in ("{", "[]", large)]
    assert statuses == [400, 400, 413]


def test_a_second_trigger_of_an_open_alert_is_appended_and_tells_nobody(pagerduty, key: str) -> None:
    pagerduty.event(key)
    before = pagerduty.told()
    pagerduty.event(key, summary="still down")
    entries = pagerduty.get(f"/incidents/{pagerduty.incident()['id']}/log_entries", limit=100)["log_entries"]
    assert [one["type"] for one in entries].count("trigger_log_entry") == 2
    assert (pagerduty.told(), pagerduty.incident()["title"]) == (before, "weather is down")


def test_another_dedup_key_opens_another_incident(pagerduty, key: str) -> None:
    pagerduty.event(key, dedup="a")
    pagerduty.event(key, dedup="b")
    assert [one["incident_key"] for one in pagerduty.incidents()] == ["a", "b"]


def test_one_dedup_key_at_two_integrations_is_two_incidents(pagerduty) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]))
    keys = [pagerduty.integration(pagerduty.service(policy, name=name)) for name in ("a", "b")]
    for key in keys:
        pagerduty.event(key)
    assert len(pagerduty.incidents()) == 2


def test_a_resolve_closes_the_alert_and_its_incident(pagerduty, key: str) -> None:
    pagerduty.event(key)
    pagerduty.event(key, "resolve")
    incident = pagerduty.incident()
    assert (incident["status"], incident["alert_counts"]) == ("resolved", {"all": 1, "triggered": 0, "resolved": 1})


def test_a_trigger_after_the_resolve_opens_a_new_incident(pagerduty, key: str) -> None:
    for action in ("trigger", "resolve", "trigger"):
        pagerduty.event(key, action)
    assert [one["status"] for one in pagerduty.incidents()] == ["resolved", "triggered"]


def test_a_resolve_with_another_routing_key_is_answered_202_and_dropped(pagerduty) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]))
    one, other = (pagerduty.integration(pagerduty.service(policy, name=name)) for name in ("a", "b"))
    pagerduty.event(one)
    pagerduty.event(other, "resolve")
    assert pagerduty.incident()["status"] == "triggered"
    (dropped,) = pagerduty.sandbox.state()["pagerduty"]["dropped"]
    assert (dropped["where"], dropped["why"]) == ("b", "nothing open to resolve with this routing key")


def test_nobody_on_call_in_the_whole_policy_opens_nothing_though_202(pagerduty) -> None:
    schedule = pagerduty.schedule(pagerduty.layer(pagerduty.user("ann"), start="2026-04-01T00:00:00Z"))
    key = pagerduty.paged_service((5, [schedule]))
    pagerduty.event(key)
    assert pagerduty.incidents() == []
    (dropped,) = pagerduty.sandbox.state()["pagerduty"]["dropped"]
    assert dropped["why"] == "nobody is on call in the whole policy"


def test_a_disabled_service_opens_nothing_though_202(pagerduty) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]))
    service = pagerduty.service(policy)
    key = pagerduty.integration(service)
    pagerduty.send("PUT", f"/services/{service}", {"service": {"status": "disabled"}})
    pagerduty.event(key)
    assert (pagerduty.incidents(), pagerduty.get(f"/services/{service}")["service"]["status"]) == ([], "disabled")


def test_change_events_are_taken_and_tell_nobody(pagerduty, key: str) -> None:
    body = {"routing_key": key, "payload": {"summary": "deployed"}}
    assert pagerduty.send("POST", "/v2/change/enqueue", body, 202)["status"] == "success"
    assert pagerduty.incidents() == []


def test_an_alert_shows_what_the_event_held(pagerduty, key: str) -> None:
    pagerduty.event(key, custom_details={"slug": "weather"})
    incident = pagerduty.incident()["id"]
    (alert,) = pagerduty.get(f"/incidents/{incident}/alerts")["alerts"]
    assert (alert["alert_key"], alert["severity"], alert["status"]) == ("k", "critical", "triggered")
    assert alert["body"]["details"] == {"slug": "weather"}
    assert pagerduty.get(f"/incidents/{incident}/alerts/{alert['id']}")["alert"] == alert
