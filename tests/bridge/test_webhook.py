"""The webhook's answers: what is taken, what is refused and how, and that nothing refused reaches a vendor."""

import json

import pytest

from oncall.bridge.render import config_hash

pytestmark = pytest.mark.worker

EVENT = {"type": "alert.triggered", "server_slug": "refused-mcp", "server_owner_team": "platform"}


def status_of(bridge, body, **options):
    answer = bridge.post(body, **options)
    return answer.status_code, answer.json()


def test_a_trigger_pages_once_and_the_recovery_closes_it(bridge, vendors, slug, key):
    assert bridge.trigger(slug) == "opened"
    assert vendors.open_keys(slug) == [(key("pagerduty/platform/internal"), f"alivemcp-{slug}")]
    assert bridge.resolve(slug) == "closed"
    assert vendors.open_keys(slug) == []
    assert [call.action for call in vendors.about(slug)] == ["trigger", "resolve"]


def test_an_alert_goes_through_opsgenie_and_is_closed_by_its_alias(bridge, vendors, slug, key):
    assert bridge.trigger(slug, server_owner_team="edge") == "opened"
    assert vendors.open_keys(slug) == [(key("opsgenie/edge"), f"alivemcp-{slug}")]
    assert bridge.resolve(slug) == "closed"
    bridge.settle(slug)
    assert vendors.open_keys(slug) == []
    assert vendors.about(slug, "resolve")[0].path == f"/v2/alerts/alivemcp-{slug}/close?identifierType=alias"


def test_the_root_path_is_the_webhook_too(bridge, slug):
    body = {**EVENT, "server_slug": slug}
    assert status_of(bridge, body, path="/") == (202, {"status": "opened"})


def test_event_may_stand_for_type(bridge, slug):
    assert status_of(bridge, {"event": "alert.triggered", "server_slug": slug}) == (202, {"status": "opened"})


def test_type_and_event_may_say_the_same(bridge, slug):
    body = {"type": "alert.triggered", "event": "alert.triggered", "server_slug": slug}
    assert status_of(bridge, body) == (202, {"status": "opened"})


@pytest.mark.parametrize(
    "body, status, reason",
    [
        (b"", 400, "not-json"),
        (b"{", 400, "not-json"),
        (b'{"type": "alert.triggered", "server_slug": "\xff"}', 400, "not-json"),
        ([], 422, "not-an-object"),
        ("alert.triggered", 422, "not-an-object"),
        (None, 422, "not-an-object"),
        ({"server_slug": "refused-mcp"}, 422, "no-type"),
        ({"type": 7, "server_slug": "refused-mcp"}, 422, "no-type"),
        ({"type": "alert.triggered", "event": "alert.resolved", "server_slug": "x"}, 422, "type-and-event-differ"),
        ({"type": "alert.triggered"}, 422, "bad-slug"),
        ({"type": "alert.triggered", "server_slug": None}, 422, "bad-slug"),
        ({"type": "alert.triggered", "server_slug": ["refused-mcp"]}, 422, "bad-slug"),
        ({"type": "alert.triggered", "server_slug": "../refused"}, 422, "bad-slug"),
        ({"type": "alert.triggered", "server_slug": "refused mcp"}, 422, "bad-slug"),
        ({"type": "alert.triggered", "server_slug": "refused-mcp\n"}, 422, "bad-slug"),
        ({"type": "alert.triggered", "server_slug": "s" * 201}, 422, "bad-slug"),
    ],
)
def test_a_body_that_can_never_work_is_refused_for_good(bridge, body, status, reason):
    assert status_of(bridge, body) == (status, {"error": reason})


def test_an_unknown_type_is_nothing_to_do(bridge, vendors, slug):
    body = {"type": "alert.flapping", "server_slug": slug}
    assert status_of(bridge, body) == (202, {"status": "ignored"})
    assert '"event":"ignored","reason":"unknown-type"' in bridge.log()
    assert vendors.about(slug) == []


@pytest.mark.parametrize("header", [None, "", "nonsense", "00" * 31, "00" * 32, "00" * 33, "sha256=" + "0" * 64])
def test_a_missing_or_wrong_signature_is_401(bridge, header):
    headers = {"x-alivemcp-signature": header}
    assert status_of(bridge, EVENT, headers=headers) == (401, {"error": "signature"})


def test_nothing_refused_reaches_a_vendor(bridge, vendors):
    bridge.post(EVENT, headers={"x-alivemcp-signature": "00" * 32})
    assert vendors.about("refused-mcp") == []


def test_a_signature_with_its_algorithm_before_it_is_understood(bridge, slug, signer):
    raw = json.dumps({**EVENT, "server_slug": slug}).encode()
    answer = bridge.post(raw, headers={"x-alivemcp-signature": "sha256=" + signer(raw).upper()})
    assert answer.status_code == 202


def test_the_previous_secret_is_good_while_it_is_being_replaced(new_bridge, config_of, secrets_of, signer, slug):
    previous = "aa01bb23cc45dd67ee89ff0112233445"
    config = config_of()
    bridge = new_bridge(config, secrets_of(config) | {"WEBHOOK_SECRET_PREVIOUS": previous})
    raw = json.dumps({**EVENT, "server_slug": slug}).encode()
    assert bridge.post(raw).json() == {"status": "opened"}
    assert bridge.post(raw, headers={"x-alivemcp-signature": signer(raw, previous)}).json() == {"status": "absorbed"}


@pytest.mark.parametrize("path", ["/webhook", "/alivemcp/", "/alivemcp/x", "/favicon.ico", "/HEALTHZ"])
def test_other_paths_are_not_found(bridge, path):
    assert status_of(bridge, EVENT, path=path) == (404, {"error": "not-found"})


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(bridge, method):
    answer = bridge.client.request(method, bridge.url + "/alivemcp")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_another_content_type_is_refused(bridge, content_type):
    headers = {"content-type": content_type}
    assert status_of(bridge, EVENT, headers=headers) == (415, {"error": "content-type"})


@pytest.mark.parametrize("content_type", [None, "application/json; charset=utf-8", "Application/JSON"])
def test_json_or_no_content_type_is_taken(bridge, slug, content_type):
    body = {**EVENT, "server_slug": slug}
    assert status_of(bridge, body, headers={"content-type": content_type}) == (202, {"status": "opened"})


def test_a_body_over_64_kib_is_refused(bridge):
    body = {**EVENT, "failure_reason": "x" * 65536}
    assert status_of(bridge, body) == (413, {"error": "too-large"})


def test_a_body_of_exactly_64_kib_is_taken(bridge, slug):
    body = {**EVENT, "server_slug": slug, "failure_reason": ""}
    body["failure_reason"] = "x" * (65536 - len(json.dumps(body)))
    assert status_of(bridge, body) == (202, {"status": "opened"})


def test_the_cap_holds_for_a_body_that_does_not_say_its_length(bridge):
    def chunks():
        for _ in range(40):
            yield b"x" * 65536

    answer = bridge.client.post(bridge.url + "/alivemcp", content=chunks())
    assert answer.status_code == 413


def test_words_of_javascript_are_servers_like_any_other(bridge, vendors):
    assert bridge.trigger("constructor", server_owner_team="toString", server_tier="valueOf") == "opened"
    assert vendors.opens("constructor") == 1


# ---------------------------------------------------------------- configuration


def health_of(bridge):
    answer = bridge.client.get(bridge.url + "/healthz")
    return answer.status_code, answer.json()


def test_healthz_tells_the_hash_of_the_table_and_no_names(bridge):
    expected = {"status": "ok", "config": config_hash(bridge.config), "problems": []}
    assert health_of(bridge) == (200, expected)


@pytest.mark.parametrize(
    "secret, word",
    [
        (None, "webhook-secret-unset"),
        ("", "webhook-secret-unset"),
        ("undefined", "webhook-secret-weak"),
        ("changeme-changeme-changeme", "webhook-secret-weak"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "webhook-secret-weak"),
        ("short-secret-15", "webhook-secret-weak"),
    ],
)
def test_a_weak_or_unset_secret_lets_nobody_in(new_bridge, config_of, secrets_of, secret, word):
    config = config_of()
    secrets = secrets_of(config)
    del secrets["WEBHOOK_SECRET"]
    bridge = new_bridge(config, secrets if secret is None else secrets | {"WEBHOOK_SECRET": secret})
    answer = bridge.post(EVENT)
    assert (answer.status_code, answer.json(), answer.headers["retry-after"]) == (503, {"error": "misconfigured"}, "30")
    status, health = health_of(bridge)
    assert (status, health["status"], health["problems"]) == (503, "problem", [word])


def test_without_any_key_nothing_is_taken(new_bridge, config_of, secrets_of):
    secrets = secrets_of(config_of())
    bridge = new_bridge(secrets={"WEBHOOK_SECRET": secrets["WEBHOOK_SECRET"]})
    assert bridge.post(EVENT).status_code == 503
    assert health_of(bridge)[1]["problems"] == ["keys-unset"]


def test_keys_that_are_missing_or_unreadable_are_a_problem_of_health(new_bridge, config_of, secrets_of):
    bridge = new_bridge(secrets=secrets_of(config_of()) | {"KEYS_1": '{"pagerduty/platform/in'})
    assert health_of(bridge)[1]["problems"] == ["keys-unreadable", "keys-missing"]


def test_neither_bodies_nor_keys_nor_secrets_are_logged(bridge, slug, key):
    bridge.trigger(slug, failure_reason="planted-reason-4711", server_name="planted-name-4711")
    bridge.resolve(slug)
    text = bridge.log()
    assert "planted" not in text
    planted = [key(key_id) for key_id in bridge.config.key_ids] + [bridge.secrets["WEBHOOK_SECRET"]]
    assert [secret for secret in planted if secret in text] == []
