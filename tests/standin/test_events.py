"""Maintenance windows, webhook subscriptions and event orchestrations, through the plugin."""

import pytest

WINDOW = {"startTime": "2026-12-01T10:00:00Z", "endTime": "2026-12-01T12:00:00Z", "services": ["S2", "S1"]}
WEBHOOK = {
    "active": True,
    "deliveryMethods": [{"url": "https://bridge.example/pd", "customHeaders": [{"name": "X-Key", "value": "k"}]}],
    "events": ["incident.resolved"],
    "filters": [{"type": "account_reference"}],
}


def raw_window(**more):
    services = [{"id": "S1", "type": "service_reference"}, {"id": "S2", "type": "service_reference"}]
    return {
        "maintenance_window": {
            "id": "M1",
            "description": "Managed by Pulumi",
            "start_time": "2026-12-01T11:00:00+01:00",
            "end_time": "2026-12-01T13:00:00+01:00",
            "services": services,
            **more,
        }
    }


def raw_webhook(**more):
    headers = [{"name": "X-Key", "value": "-- redacted --"}]
    method = {"type": "http_delivery_method", "url": "https://bridge.example/pd", "custom_headers": headers}
    subscription = {
        "id": "W1",
        "type": "webhook_subscription",
        "active": True,
        "description": None,
        "delivery_method": {**method, "temporarily_disabled": False},
        "events": ["incident.resolved"],
        "filter": {"type": "account_reference", "id": None},
    }
    return {"webhook_subscription": {**subscription, **more}}


@pytest.fixture
def window(engine, stub):
    """An engine that has made a maintenance window; the stub's list of requests is empty again."""
    stub.answers("POST", "/maintenance_windows", raw_window(), 201)
    stub.answers("GET", "/maintenance_windows/M1", raw_window())
    engine.up(lambda register: register("m", "MaintenanceWindow", **WINDOW))
    stub.requests.clear()
    return engine


def test_services_of_a_window_go_out_in_the_order_of_their_checksums(engine, stub):
    stub.answers("POST", "/maintenance_windows", raw_window(), 201)
    engine.create("m", "MaintenanceWindow", {**WINDOW, "services": [f"S{n}" for n in range(1, 6)]})
    sent = [service["id"] for service in stub.requests[0]["body"]["maintenance_window"]["services"]]
    assert sent == ["S3", "S1", "S5", "S4", "S2"]
    assert stub.calls() == ["POST /maintenance_windows"]


def test_another_offset_and_another_order_of_services_are_no_change(window):
    window.refresh()
    assert window.up(lambda register: register("m", "MaintenanceWindow", **WINDOW)) == []


def test_another_time_makes_a_new_window(window):
    answer = window.diff("m", {**WINDOW, "endTime": "2026-12-01T13:00:00Z"})
    assert (list(answer.replaces), answer.deleteBeforeReplace) == (["endTime"], False)


def test_another_description_changes_the_window_without_a_read(window, stub):
    stub.answers("PUT", "/maintenance_windows/M1", raw_window())
    window.up(lambda register: register("m", "MaintenanceWindow", description="deploy", **WINDOW))
    assert stub.calls() == ["PUT /maintenance_windows/M1"]


def test_a_window_that_is_over_counts_as_deleted(window, stub):
    stub.refuses("DELETE", "/maintenance_windows/M1", 405)
    window.destroy()
    assert stub.calls() == ["DELETE /maintenance_windows/M1"]


def test_a_refused_subscription_is_asked_for_again(engine, stub):
    stub.refuses("POST", "/webhook_subscriptions", 400, "Service is not there yet")
    stub.answers("POST", "/webhook_subscriptions", raw_webhook(), 201)
    stub.answers("GET", "/webhook_subscriptions/W1", raw_webhook())
    engine.up(lambda register: register("w", "WebhookSubscription", **WEBHOOK))
    assert stub.calls() == ["POST /webhook_subscriptions"] * 2 + ["GET /webhook_subscriptions/W1"]
    assert stub.requests[-1]["body"] == {}


def test_a_hidden_header_value_is_no_change(engine, stub):
    stub.answers("POST", "/webhook_subscriptions", raw_webhook(), 201)
    stub.answers("GET", "/webhook_subscriptions/W1", raw_webhook())

    def program(register):
        register("w", "WebhookSubscription", **WEBHOOK)

    engine.up(program)
    engine.refresh()
    assert engine.up(program) == []


def test_a_changed_subscription_is_what_the_answer_says(engine, stub):
    stub.answers("POST", "/webhook_subscriptions", raw_webhook(), 201)
    stub.answers("GET", "/webhook_subscriptions/W1", raw_webhook())
    stub.answers("PUT", "/webhook_subscriptions/W1", raw_webhook(active=False))
    engine.up(lambda register: register("w", "WebhookSubscription", **WEBHOOK))
    stub.requests.clear()
    engine.up(lambda register: register("w", "WebhookSubscription", **{**WEBHOOK, "active": False}))
    assert stub.calls() == ["PUT /webhook_subscriptions/W1"]
    assert stub.requests[0]["body"]["webhook_subscription"]["active"] is False
    assert engine.resources["w"]["state"]["active"] is False


def test_an_orchestration_without_a_team_says_so(engine, stub):
    key = {"id": "I1", "label": "Default", "parameters": {"routing_key": "R1", "type": "global"}}
    answer = {"id": "E1", "name": "Ingest", "description": "", "team": None, "routes": 0, "integrations": [key]}
    stub.answers("POST", "/event_orchestrations", {"orchestration": answer}, 201)
    state = engine.create("e", "EventOrchestration", {"name": "Ingest"})
    assert stub.requests[0]["body"] == {"orchestration": {"name": "Ingest", "description": "", "team": {"id": None}}}
    assert state["integrations"][0]["parameters"] == [{"routingKey": "R1", "type": "global"}]
    assert stub.calls() == ["POST /event_orchestrations"]


def test_an_orchestration_is_imported_by_its_id(engine, stub):
    answer = {"id": "E1", "name": "Ingest", "description": "x", "team": {"id": "T1"}}
    stub.answers("GET", "/event_orchestrations/E1", {"orchestration": answer})
    inputs = dict(engine.adopt("e", "EventOrchestration", "E1").inputs)
    assert inputs == {"name": "Ingest", "description": "x", "team": "T1"}
