"""What the vendors are told: fields, severities, limits, and what must not leave the house."""

import json

import pytest

pytestmark = pytest.mark.worker

EVENT = {
    "server_name": "Weather MCP",
    "server_tags": ["internal", "eu"],
    "failure_reason": "initialize timed out",
    "check_url": "https://weather.acme.example/mcp",
    "occurred_at": None,
}


def told(vendors, slug):
    return vendors.about(slug, "trigger")[0].body


def page(**changes):
    """A page as the pure modules pass it to a vendor's module."""
    base = {
        "dedup_key": "alivemcp-weather-mcp",
        "title": "MCP server down: Weather MCP",
        "severity": "critical",
        "slug": "weather-mcp",
        "name": "Weather MCP",
        "team": "platform",
        "tier": "internal",
        "responder": "Platform",
        "failure": "initialize timed out",
        "last_failures": [],
        "check_url": "https://weather.acme.example/mcp",
        "dashboard": "https://alivemcp.com/status/weather-mcp",
        "opened_at": "2026-11-21T10:00:00.000Z",
        "routing": None,
    }
    return base | changes


def sent(call, vendor, action="trigger", row=None, **changes):
    request = call(vendor, "request", action, page(**changes), "K" * 32, row)
    return request | {"body": json.loads(request["body"]) if "body" in request else None}


def test_pagerduty_is_told_what_who_and_where_to_look(call):
    request = sent(call, "pagerduty")
    assert (request["method"], request["path"]) == ("POST", "/v2/enqueue")
    assert request["body"] == {
        "routing_key": "K" * 32,
        "event_action": "trigger",
        "dedup_key": "alivemcp-weather-mcp",
        "client": "AliveMCP",
        "client_url": "https://alivemcp.com/status/weather-mcp",
        "payload": {
            "summary": "MCP server down: Weather MCP",
            "source": "AliveMCP",
            "severity": "critical",
            "timestamp": "2026-11-21T10:00:00.000Z",
            "component": "weather-mcp",
            "group": "platform",
            "class": "internal",
            "custom_details": {
                "server_slug": "weather-mcp",
                "failure_reason": "initialize timed out",
                "check_url": "https://weather.acme.example/mcp",
                "dashboard": "https://alivemcp.com/status/weather-mcp",
            },
        },
        "links": [
            {"href": "https://alivemcp.com/status/weather-mcp", "text": "AliveMCP dashboard"},
            {"href": "https://weather.acme.example/mcp", "text": "MCP endpoint"},
        ],
    }


def test_a_pagerduty_resolve_holds_only_what_finds_the_alert(call):
    assert sent(call, "pagerduty", "resolve")["body"] == {
        "routing_key": "K" * 32,
        "event_action": "resolve",
        "dedup_key": "alivemcp-weather-mcp",
    }


def test_opsgenie_is_told_what_who_and_where_to_look(call):
    request = sent(call, "opsgenie")
    assert (request["method"], request["path"]) == ("POST", "/v2/alerts")
    assert request["headers"]["authorization"] == "GenieKey " + "K" * 32
    assert request["body"] == {
        "message": "MCP server down: Weather MCP",
        "alias": "alivemcp-weather-mcp",
        "description": "Failure: initialize timed out\nEndpoint: https://weather.acme.example/mcp\n"
        "Dashboard: https://alivemcp.com/status/weather-mcp",
        "responders": [{"type": "team", "name": "Platform"}],
        "tags": ["mcp-server", "alivemcp", "internal"],
        "priority": "P1",
        "details": {
            "server_slug": "weather-mcp",
            "dashboard": "https://alivemcp.com/status/weather-mcp",
            "down_since": "2026-11-21T10:00:00.000Z",
            "check_url": "https://weather.acme.example/mcp",
            "failure_reason": "initialize timed out",
        },
        "entity": "weather-mcp",
        "source": "AliveMCP",
    }


def test_opsgenie_is_asked_after_a_request(call):
    request = sent(call, "opsgenie", "confirm", {"request_id": "a/b"})
    assert (request["method"], request["path"], request["body"]) == ("GET", "/v2/alerts/requests/a%2Fb", None)


@pytest.mark.parametrize(
    "severity, pagerduty, opsgenie",
    [("critical", "critical", "P1"), ("high", "error", "P2"), ("medium", "warning", "P3"), ("low", "info", "P5")],
)
def test_a_severity_has_one_word_at_each_vendor(call, severity, pagerduty, opsgenie):
    assert sent(call, "pagerduty", severity=severity)["body"]["payload"]["severity"] == pagerduty
    assert sent(call, "opsgenie", severity=severity)["body"]["priority"] == opsgenie


def test_long_texts_are_cut_to_the_limits(call):
    long = {"title": "🔥" * 2000, "failure": "🔥" * 20000, "last_failures": ["🔥" * 2000] * 3}
    assert len(sent(call, "pagerduty", **long)["body"]["payload"]["summary"]) <= 1024
    alert = sent(call, "opsgenie", **long)["body"]
    units = {name: len(alert[name].encode("utf-16-le")) // 2 for name in ("message", "description")}
    assert units["message"] <= 130
    assert units["description"] <= 15000
    assert sum(len(name) + len(value) for name, value in alert["details"].items()) <= 8000


def test_a_cut_never_splits_a_character(call):
    assert call("text", "cut", "ab🔥cd", 4) == "ab…"
    assert call("text", "cut", "ab🔥cd", 5) == "ab🔥…"
    assert call("text", "cut", "ab🔥cd", 6) == "ab🔥cd"


def test_a_trigger_says_what_failed(bridge, vendors, slug):
    bridge.trigger(slug, **EVENT, last_failures=["refused", {"at": "10:01", "reason": "timeout"}, 7])
    details = told(vendors, slug)["payload"]["custom_details"]
    assert details["last_failures"] == ["refused", "10:01 timeout"]
    assert details["failure_reason"] == "initialize timed out"


def test_what_an_address_carries_beside_its_path_stays_inside(bridge, vendors, slug):
    bridge.trigger(
        slug,
        check_url="https://user:planted@weather.acme.example:8443/mcp?token=planted#planted",
        failure_reason="GET https://weather.acme.example/mcp?key=planted answered 500",
    )
    body = told(vendors, slug)
    assert "planted" not in str(body)
    assert body["links"][1]["href"] == "https://weather.acme.example:8443/mcp"
    reason = "GET https://weather.acme.example/mcp answered 500"
    assert body["payload"]["custom_details"]["failure_reason"] == reason


@pytest.mark.parametrize("address", [None, "", "not an address", "javascript:alert(1)", 7])
def test_a_server_without_a_usable_address_is_paged_without_a_link_to_it(bridge, vendors, slug, address):
    bridge.trigger(slug, check_url=address)
    assert [link["text"] for link in told(vendors, slug)["links"]] == ["AliveMCP dashboard"]
    assert vendors.opens(slug) == 1


@pytest.mark.parametrize("name", [None, "", 7, "\x00", "n" * 2000, "\ud800"])
def test_a_strange_name_does_not_lose_the_page(bridge, vendors, slug, name):
    bridge.trigger(slug, server_name=name)
    bridge.trigger(f"{slug}-edge", server_name=name, server_owner_team="edge")
    assert (vendors.opens(slug), vendors.opens(f"{slug}-edge")) == (1, 1)


@pytest.mark.parametrize(
    "field", ["server_tags", "last_failures", "failure_reason", "server_tier", "server_owner_team"]
)
@pytest.mark.parametrize("value", [None, 7, {}, [[]], "", {"a": 1}])
def test_a_field_of_the_wrong_kind_does_not_lose_the_page(bridge, vendors, slug, field, value):
    bridge.trigger(slug, **{field: value})
    assert vendors.opens(slug) == 1
