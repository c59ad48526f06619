"""The HTTP side: headers, retries, rate limits, error texts, start-up check, proxies."""

import grpc
import pytest

TEAM = {"name": "Platform", "description": "Managed by Pulumi"}


def fault_of(call, *arguments, **more):
    """The one line a failed call shows the user."""
    with pytest.raises(grpc.RpcError) as caught:
        call(*arguments, **more)
    return caught.value.details()


def team_answer(**more):
    return {"team": {"id": "T1", **TEAM, **more}}


def test_both_halves_send_the_headers_of_their_clients(engine, stub):
    stub.answers("POST", "/teams", team_answer(), 201)
    stub.answers("GET", "/teams/T1", team_answer())
    engine.create("t", "Team", TEAM)
    headers = stub.requests[-1]["headers"]
    assert headers["Accept"] == "application/vnd.pagerduty+json;version=2"
    assert headers["Content-Type"] == "application/json"
    assert headers["Authorization"] == "Token token=tok-secret"
    assert headers["User-Agent"].endswith(") Terraform/pulumi-terraform-bridge")


def test_a_refusal_is_one_line_with_the_servers_words_and_without_the_token(engine, stub):
    stub.refuses("POST", "/teams", 400, "Name has already been taken", message="Invalid Input Provided")
    assert (
        fault_of(engine.create, "t", "Team", TEAM)
        == "POST /teams: 400 Invalid Input Provided: Name has already been taken"
    )


def test_errors_given_as_a_map_are_listed(engine, stub):
    error = {"message": "Invalid", "errors": {"schedule.name": ["is too long", "is odd"]}}
    stub.answers("POST", "/teams", {"error": error}, 400)
    assert (
        fault_of(engine.create, "t", "Team", TEAM)
        == "POST /teams: 400 Invalid: schedule.name is too long; schedule.name is odd"
    )


def test_a_dead_server_is_named_in_one_line(engine, stub):
    stub.close()
    assert (
        fault_of(engine.create, "s", "Service", {"name": "x", "escalationPolicy": "EP"})
        == "POST /services: no answer (ConnectError All connection attempts failed)"
    )


def test_the_older_half_waits_out_a_rate_limit(engine, stub):
    service = {"service": {"id": "S", "name": "x", "escalation_policy": {"id": "EP"}}}
    stub.answers("POST", "/services", None, 429, {"ratelimit-reset": "0"})
    stub.answers("POST", "/services", service, 201)
    stub.answers("GET", "/services/S?include%5B%5D=auto_pause_notifications_parameters", service)
    engine.create("s", "Service", {"name": "x", "escalationPolicy": "EP"})
    assert stub.calls()[:2] == ["POST /services", "POST /services"]
    assert stub.requests[0]["body"] == stub.requests[1]["body"]


def test_the_framework_half_repeats_once_and_loses_the_body_as_upstream_does(engine, stub):
    stub.answers("POST", "/teams", None, 503, {"ratelimit-reset": "0"})
    stub.refuses("POST", "/teams", 400, "Body is missing")
    assert fault_of(engine.create, "t", "Team", TEAM) == "POST /teams: 400 Refused: Body is missing"
    assert [request["body"] for request in stub.requests] == [{"team": TEAM}, None]


def test_a_read_after_a_create_waits_for_the_object_to_appear(engine, stub):
    stub.answers("POST", "/teams", team_answer(), 201)
    stub.refuses("GET", "/teams/T1", 404)
    stub.answers("GET", "/teams/T1", team_answer())
    engine.create("t", "Team", TEAM)
    assert stub.calls() == ["POST /teams", "GET /teams/T1", "GET /teams/T1"]


def test_a_created_object_that_cannot_be_read_keeps_its_id(engine, stub):
    stub.answers("POST", "/teams", team_answer(), 201)
    stub.refuses("GET", "/teams/T1", 400)
    with pytest.raises(grpc.RpcError) as caught:
        engine.create("t", "Team", TEAM)
    (trailer,) = [value for key, value in caught.value.trailing_metadata() if key == "grpc-status-details-bin"]
    assert b"ErrorResourceInitFailed" in trailer
    assert b"T1" in trailer


def test_credentials_are_checked_at_the_start_by_both_halves(unconfigured, stub):
    stub.answers("GET", "/abilities", {"abilities": []})
    unconfigured.configure(token="t", apiUrlOverride=stub.url)
    agents = [request["headers"]["User-Agent"].rpartition("/")[2] for request in stub.requests]
    assert stub.calls() == ["GET /abilities"] * 3
    assert agents == ["0.11+compatible", "0.11+compatible", "pulumi-terraform-bridge"]


def test_bad_credentials_fail_at_the_start(unconfigured, stub):
    stub.refuses("GET", "/abilities", 401, message="Authentication failed")
    fault = fault_of(unconfigured.configure, token="wrong-token", apiUrlOverride=stub.url)
    assert fault == "GET /abilities: 401 Authentication failed"


def test_a_missing_token_fails_at_the_start(unconfigured, stub, monkeypatch):
    monkeypatch.delenv("PAGERDUTY_TOKEN", raising=False)
    fault = fault_of(unconfigured.configure, apiUrlOverride=stub.url)
    assert fault == "no PagerDuty token: set the provider's token or PAGERDUTY_TOKEN"


def test_loopback_is_reached_past_the_environments_proxy(unconfigured, stub, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    stub.answers("GET", "/abilities", {"abilities": []})
    unconfigured.configure(token="t", apiUrlOverride=stub.url)
    assert len(stub.requests) == 3


def test_a_path_below_the_override_is_joined_as_text(unconfigured, stub):
    stub.answers("GET", "/base//abilities", {"abilities": []})
    unconfigured.configure(token="t", apiUrlOverride=f"{stub.url}/base/")
    assert stub.calls() == ["GET /base//abilities"] * 3


def test_a_user_is_found_by_the_whole_email(engine, stub):
    users = [{"id": "P1", "email": "ann@acme.example.org"}, {"id": "P2", "email": "ann@acme.example", "role": "user"}]
    stub.answers("GET", "/users?query=ann%40acme.example", {"users": users, "more": False})
    assert engine.invoke("getUser", email="ann@acme.example")["id"] == "P2"


def test_an_unknown_email_is_an_error(engine, stub):
    stub.answers("GET", "/users?query=x%40acme.example", {"users": [], "more": False})
    assert fault_of(engine.invoke, "getUser", email="x@acme.example") == "no user has the e-mail 'x@acme.example'"


def test_users_are_listed_page_by_page(engine, stub):
    stub.answers("GET", "/users?limit=100", {"users": [{"id": "P1"}], "limit": 100, "more": True})
    stub.answers("GET", "/users?limit=100&offset=100", {"users": [{"id": "P2"}], "limit": 100, "more": False})
    assert [user["id"] for user in engine.invoke("getUsers")["users"]] == ["P1", "P2"]


def test_users_of_teams_are_asked_for_by_team(engine, stub):
    stub.answers("GET", "/users?limit=100&team_ids%5B%5D=T1&team_ids%5B%5D=T2", {"users": [], "more": False})
    assert engine.invoke("getUsers", teamIds=["T1", "T2"])["users"] == []


def test_a_contact_method_is_found_by_its_type_and_label(engine, stub):
    methods = [
        {"id": "C1", "type": "email_contact_method", "label": "Phone"},
        {"id": "C2", "type": "push_notification_contact_method", "label": "Phone", "device_type": "ios"},
    ]
    stub.answers("GET", "/users/P1/contact_methods", {"contact_methods": methods})
    asked = {"userId": "P1", "type": "push_notification_contact_method", "label": "Phone"}
    assert engine.invoke("getUserContactMethod", **asked)["id"] == "C2"


def test_an_unknown_contact_method_is_an_error(engine, stub):
    stub.answers("GET", "/users/P1/contact_methods", {"contact_methods": []})
    asked = {"userId": "P1", "type": "phone_contact_method", "label": "Phone"}
    expected = "no contact method of type 'phone_contact_method' has the label 'Phone'"
    assert fault_of(engine.invoke, "getUserContactMethod", **asked) == expected


def test_an_answer_of_another_shape_is_one_line(engine, stub):
    stub.answers("POST", "/teams", {"team": {"name": "Platform"}}, 201)
    assert fault_of(engine.create, "t", "Team", TEAM) == "unexpected answer or value: KeyError 'id'"
