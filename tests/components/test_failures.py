"""What is said of a resource that failed: where the inventory asks for it, and the way out."""

from collections.abc import Callable
from typing import Any

import pytest

from components.failures import kind_of, missing_or_taken, not_taken, noun_of, way_out
from oncall.resource import Resource
from oncall.targets.asked import asked_at
from tests.bridge.test_routes import inventory_with, server, team

URL = "https://api.pagerduty.com"


def official(method: str, path: str, status: str, message: str = "no") -> str:
    """The form in which the official plugin passes a refusal on."""
    return f"{method} API call to {URL}{path} failed {status}. Code: 0, Errors: <nil>, Message: {message}"


@pytest.mark.parametrize(
    ("said", "way"),
    [
        (official("POST", "/teams", "402 Payment Required"), "the account's plan does not include teams"),
        (
            official("POST", "/schedules", "403 Forbidden"),
            "the token is read-only, or its user may not change schedules",
        ),
        (official("GET", "/users", "403 Forbidden"), "the token's user may not read users"),
        (official("GET", "/abilities", "401 Unauthorized"), "if the account is in the EU"),
        (official("PUT", "/teams/P1", "404 Not Found"), "`pulumi refresh`, then run again"),
        (official("POST", "/teams", "400 Bad Request", "Name has already been taken"), "`oncall recover`"),
        (official("POST", "/teams", "429 Too Many Requests"), "run again later"),
        (official("POST", "/teams", "502 Bad Gateway"), "run again later"),
        ("POST /schedules: 403 Access Denied: The token is read-only to POST /schedules", "the token is read-only"),
        ("dial tcp: lookup api.pagerduty.example: no such host", "there is no such host"),
        ("dial tcp 127.0.0.1:1: connect: connection refused", "check the network"),
        ("tls: failed to verify certificate: x509: certificate signed by unknown authority", "certificate authority"),
    ],
)
def test_the_way_out_of_what_the_official_plugin_says(said: str, way: str) -> None:
    assert way in (way_out(said, URL) or "")


@pytest.mark.parametrize("said", ["", "something odd", "POST /teams: 418 Teapot"])
def test_where_its_own_words_must_do_nothing_is_added(said: str) -> None:
    assert way_out(said, URL) is None
    assert not_taken(said, "pagerduty:index/team:Team") is None


@pytest.mark.parametrize(
    ("said", "token", "words"),
    [
        (
            official("POST", "/teams", "400 Bad Request", "Name is\n\x1btoo long."),
            "pagerduty:index/team:Team",
            "PagerDuty does not take it as it is written there: Bad Request. Code: 0, Errors: <nil>, Message: Name is "
            "[U+001B]too long; change that, then run again",
        ),
        (
            "POST /teams: 400 Invalid Input Provided: Name is too long",
            "pagerduty:index/team:Team",
            "PagerDuty does not take it as it is written there: Invalid Input Provided: Name is too long; change that, "
            "then run again",
        ),
        (
            'team "Zürich": OpsGenie answered 422: Request body is not processable (name: has characters)',
            "oncall:opsgenie:Team",
            "OpsGenie does not take it as it is written there: Request body is not processable (name: has characters); "
            "change that, then run again",
        ),
    ],
)
def test_content_that_a_vendor_refuses_in_its_words(said: str, token: str, words: str) -> None:
    assert not_taken(said, token) == words


@pytest.mark.parametrize(
    ("said", "way"),
    [
        (
            'contact "sms" of "x@acme.example": OpsGenie answered 404: No user exists',
            "`pulumi refresh`, then run again",
        ),
        ('webhook to "https://x": PagerDuty answered 404: Not Found', "`pulumi refresh`, then run again"),
        ('service "Shop": OpsGenie answered 409: There is one already', "another name, or delete it"),
    ],
)
def test_the_way_out_of_what_our_own_provider_says(said: str, way: str) -> None:
    assert (missing_or_taken(said) or "").endswith(way)


def test_where_our_own_provider_says_the_way_out_nothing_is_added() -> None:
    for said in (
        "it is gone at the vendor (OpsGenie answered 404: gone): `pulumi refresh`, then run again",
        'team "Web": exists already and is not ours (OpsGenie answered 409: taken): give one of the two another name',
        "OpsGenie answered 422: no",
    ):
        assert missing_or_taken(said) is None


def test_a_token_of_a_sandbox_has_no_other_region() -> None:
    assert way_out("GET /abilities: 401 Authentication failed", "http://127.0.0.1:8911") == "check the token"


@pytest.mark.parametrize(
    ("token", "kind", "noun"),
    [
        ("pagerduty:index/escalationPolicy:EscalationPolicy", "pagerduty:EscalationPolicy", "escalation policy"),
        ("pagerduty:index/schedulev2:Schedulev2", "pagerduty:Schedulev2", "schedule"),
        ("oncall:opsgenie:RoutingRule", "opsgenie:RoutingRule", "routing rule"),
        ("oncall:pagerduty:ContactMethod", "pagerduty:ContactMethod", "contact method"),
    ],
)
def test_types_of_the_engine_in_our_words(token: str, kind: str, noun: str) -> None:
    assert (kind_of(token), noun_of(token)) == (kind, noun)


ROTATION = {"people": ["ana"], "turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}


@pytest.fixture
def place() -> Callable[[str, str], Any]:
    edge = {**team("Edge", "opsgenie"), "tags": ["eu", "us"], "schedules": {"sun": {"rotations": {"day": ROTATION}}}}
    inventory = inventory_with(
        teams={"edge": edge},
        servers={"maps-mcp": server("edge", "internal", own_service=True)},
        groups={"all": {"name": "All", "servers": ["maps-mcp"], "team": "edge"}},
        bridge={"fallback": "edge"},
    )
    return lambda kind, key: asked_at(inventory, Resource(kind, key, {}, "edge"))


@pytest.mark.parametrize(
    ("kind", "key", "path"),
    [
        ("opsgenie:Team", "edge", ("teams", "edge")),
        ("opsgenie:Schedule", "edge/sun", ("teams", "edge", "schedules", "sun")),
        ("opsgenie:Schedule", "edge/sun@Europe/Berlin", ("teams", "edge", "schedules", "sun")),
        ("opsgenie:Schedule", "edge/gone", ("teams", "edge")),
        (
            "opsgenie:Rotation",
            "edge/sun/day/2026-10-05",
            ("teams", "edge", "schedules", "sun", "rotations", "day"),
        ),
        ("opsgenie:Escalation", "edge/internal", ("teams", "edge", "escalation")),
        ("pagerduty:TeamMembership", "edge/ana", ("teams", "edge", "members", 0)),
        ("opsgenie:TeamMember", "edge/ana", ("teams", "edge", "members", 0)),
        ("pagerduty:Service", "server/maps-mcp", ("servers", "maps-mcp")),
        ("pagerduty:ServiceIntegration", "pagerduty/server/maps-mcp", ("servers", "maps-mcp")),
        ("opsgenie:Heartbeat", "maps-mcp", ("servers", "maps-mcp")),
        ("pagerduty:NotificationRule", "ana/high/push/0", ("people", "ana")),
        ("pagerduty:BusinessService", "all", ("groups", "all")),
        ("pagerduty:Tag", "us", ("teams", "edge", "tags", 1)),
        ("pagerduty:Tag", "gone", ()),
        ("pagerduty:User", "nobody-here", ()),
    ],
)
def test_a_resource_is_asked_for_by_a_noun(place: Callable[[str, str], Any], kind: str, key: str, path: Any) -> None:
    assert place(kind, key) == path
