"""Outgoing webhooks: who is told what, how often it is tried, and that nothing leaves the machine unasked."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sandbox.core import Clock, Core
from sandbox.opsgenie import OpsGenie, Switches
from sandbox.opsgenie.courier import Outcome, ThreadCourier

HOOK = "http://127.0.0.1:9/hook"


@pytest.fixture
def office(opsgenie):
    """What takes the posts of the account: `posts`, and the `outcomes` it will answer with."""
    return opsgenie.office


def hook(opsgenie, name: str = "hook", team: str | None = None, **more) -> str:
    body = {"type": "Webhook", "name": name, "url": HOOK} | ({"ownerTeam": {"id": team}} if team else {}) | more
    return opsgenie.make("/v2/integrations", body)["id"]


def sent(opsgenie):
    opsgenie.move(seconds=0)
    return [(one["action"], one["state"], len(one["tries"])) for one in opsgenie.vendor.state()["webhooks"]]


def test_a_webhook_integration_reads_back_with_its_settings(opsgenie):
    condition = {"field": "priority", "operation": "equals", "expectedValue": "P1"}
    settings = {
        "url": HOOK,
        "headers": {"X-Key": "s3cret"},
        "addAlertDetails": True,
        "addAlertDescription": False,
        "alertFilter": {"conditionMatchType": "match-any-condition", "conditions": [condition]},
    }
    found = opsgenie.get(f"/v2/integrations/{hook(opsgenie, **settings)}")
    settings["alertFilter"]["conditions"][0] |= {"not": False, "order": 0}
    assert {key: found[key] for key in settings} == settings


@pytest.mark.parametrize("url", [None, "", "ftp://127.0.0.1/x", "/hook", "http://127.0.0.1:port/"])
def test_a_webhook_without_a_usable_address_is_refused(opsgenie, url: str | None):
    body = {"type": "Webhook", "name": "hook", "url": url}
    assert opsgenie.http("POST", "/v2/integrations", body).status_code == 422


def test_a_created_alert_is_told_in_the_vendors_words(opsgenie, office):
    team = opsgenie.team()
    one = hook(opsgenie, headers={"X-Key": "s3cret"})
    opsgenie.alert(opsgenie.key(team), description="no answer", details={"a": "b"}, priority="P2", tags=["eu"])
    alert = opsgenie.the_alert()
    (post,), (body,) = office.posts, office.bodies()
    times = {key: body["alert"].pop(key) for key in ("createdAt", "updatedAt")}
    assert (post.url, dict(post.headers)) == (HOOK, {"content-type": "application/json", "X-Key": "s3cret"})
    assert body == {
        "action": "Create",
        "alert": {
            "alertId": alert["id"],
            "message": "weather is down",
            "tags": ["eu"],
            "tinyId": "1",
            "entity": "",
            "alias": "alivemcp-weather",
            "username": "bridge",
            "userId": "",
            "priority": "P2",
            "source": "127.0.0.1",
            "teams": [team],
            "recipients": [],
        },
        "source": {"name": "bridge", "type": "API"},
        "integrationName": "hook",
        "integrationId": one,
        "integrationType": "Webhook",
    }
    assert times["updatedAt"] == times["createdAt"] * 1_000_000


def test_description_and_details_come_with_a_create_where_asked_for_cut_to_a_thousand(opsgenie, office):
    hook(opsgenie, addAlertDetails=True, addAlertDescription=True)
    opsgenie.alert(description="x" * 2_000, details={"a": "b"})
    opsgenie.act("acknowledge")
    created, acknowledged = (each["alert"] for each in office.bodies())
    assert (len(created["description"]), created["details"]) == (1_000, {"a": "b"})
    assert "description" not in acknowledged


def test_each_action_has_its_word(opsgenie, office):
    hook(opsgenie)
    opsgenie.team("Core")
    opsgenie.alert(actions=["restart"])
    ana = {"user": "ana@acme.example"}
    for action, body in (
        ("acknowledge", ana),
        ("unacknowledge", {}),
        ("notes", {"note": "looking"}),
        ("tags", {"tags": ["a"]}),
        ("snooze", {"endTime": "2026-03-02T10:00:00Z"}),
        ("assign", {"owner": {"username": "bo@acme.example"}}),
        ("responders", {"responder": opsgenie.user("cy")}),
        ("teams", {"team": {"name": "Core"}}),
        ("actions/restart", {}),
        ("close", ana),
    ):
        opsgenie.act(action, **body)
    opsgenie.send("DELETE", "/v2/alerts/alivemcp-weather?identifierType=alias", status=202)
    assert office.actions() == [
        "Create",
        "Acknowledge",
        "UnAcknowledge",
        "AddNote",
        "AddTags",
        "Snooze",
        "AssignOwnership",
        "AddResponder",
        "AddTeam",
        "restart",
        "Close",
        "Delete",
    ]
    assert office.bodies()[3]["alert"]["note"] == "looking"
    assert office.bodies()[1]["source"] == {"name": "", "type": "web"}


def test_a_teams_webhook_is_told_of_its_teams_alerts_only_and_of_an_added_one_as_new(opsgenie, office):
    opsgenie.team("Edge")
    core = opsgenie.team("Core")
    hook(opsgenie, "core", core)
    hook(opsgenie, "all")
    opsgenie.alert(responders=[{"type": "team", "name": "Edge"}])
    opsgenie.act("teams", team={"name": "Core"})
    told = [(each["integrationName"], each["action"]) for each in office.bodies()]
    assert told == [("all", "Create"), ("core", "Create"), ("all", "AddTeam")]


def test_a_webhooks_filter_keeps_other_alerts_out(opsgenie, office):
    condition = {"field": "priority", "operation": "equals", "expectedValue": "P1"}
    hook(opsgenie, alertFilter={"conditionMatchType": "match-all-conditions", "conditions": [condition]})
    opsgenie.alert(alias="a", priority="P1")
    opsgenie.alert(alias="b", priority="P3")
    assert [each["alert"]["alias"] for each in office.bodies()] == ["a"]


def test_a_disabled_webhook_is_told_nothing(opsgenie, office):
    opsgenie.send("POST", f"/v2/integrations/{hook(opsgenie)}/disable", {}, 201)
    opsgenie.alert()
    assert office.posts == []


def test_a_repeated_event_is_not_told(opsgenie, office):
    hook(opsgenie)
    for _ in range(3):
        opsgenie.alert()
    assert office.actions() == ["Create"]


@pytest.mark.parametrize("outcome", [(None, "ConnectError"), (500, ""), (429, "")])
def test_a_failed_post_is_tried_again_as_often_as_the_switch_says(opsgenie, office, outcome: Outcome):
    office.outcomes = [outcome] * 5
    hook(opsgenie)
    opsgenie.alert()
    before = sent(opsgenie)
    opsgenie.move(seconds=11)
    opsgenie.move(seconds=11)
    opsgenie.move(minutes=5)
    assert (before, sent(opsgenie)) == ([("Create", "pending", 1)], [("Create", "failed", 3)])


def test_a_second_try_that_succeeds_is_the_last(opsgenie, office):
    office.outcomes = [(503, "")]
    hook(opsgenie)
    opsgenie.alert()
    opsgenie.move(seconds=0)
    opsgenie.move(seconds=11)
    opsgenie.move(minutes=5)
    assert (sent(opsgenie), len(office.posts)) == ([("Create", "delivered", 2)], 2)


@pytest.mark.parametrize("status", [302, 400, 401, 404])
def test_a_refusal_for_good_is_not_tried_again(opsgenie, office, status: int):
    office.outcomes = [(status, "")]
    hook(opsgenie)
    opsgenie.alert()
    opsgenie.move(minutes=5)
    assert sent(opsgenie) == [("Create", "failed", 1)]


def test_nothing_is_posted_to_other_machines_unless_switched(opsgenie, office):
    hook(opsgenie, url="https://hooks.acme.example/x")
    opsgenie.alert(alias="a")
    before = len(office.posts)
    opsgenie.vendor.seed({"switches": {"webhooks_anywhere": True}})
    opsgenie.alert(alias="b")
    assert (before, len(office.posts)) == (0, 1)
    assert sent(opsgenie) == [("Create", "delivered", 1), ("Create", "kept back", 1)]


def test_the_state_shows_no_header_of_a_webhook(opsgenie, office):
    hook(opsgenie, headers={"X-Key": "s3cret"})
    opsgenie.alert()
    assert "s3cret" not in str(opsgenie.vendor.state())


# --- over the network ---


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[bytes]]]:
    """A server on loopback that keeps the bodies it is sent."""
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got
    server.shutdown()
    server.server_close()


def test_webhooks_reach_a_receiver_on_loopback_in_their_order(receiver):
    url, got = receiver
    vendor = OpsGenie(Core(clock=Clock()), Switches(), courier=ThreadCourier())
    account = vendor.account
    integration = account.integrations.create(account.fields({"type": "Webhook", "name": "hook", "url": url}), None)
    assert integration.outgoing
    alert = account.alerts.open(account.alerts.read_content(account.fields({"message": "down"})), None)
    account.alerts.close(alert, "ana@acme.example")
    end = time.monotonic() + 10
    while [one["state"] for one in vendor.state()["webhooks"]] != ["delivered"] * 2 and time.monotonic() < end:
        time.sleep(0.01)
        vendor.advance(vendor.account.now())
    assert [json.loads(body)["action"] for body in got] == ["Create", "Close"]
    assert [one["state"] for one in vendor.state()["webhooks"]] == ["delivered", "delivered"]


def test_an_address_that_does_not_answer_is_a_failed_try():
    vendor = OpsGenie(Core(clock=Clock()), Switches(webhook_tries=1), courier=ThreadCourier())
    account = vendor.account
    account.integrations.create(account.fields({"type": "Webhook", "name": "hook", "url": "http://127.0.0.1:9/"}), None)
    account.alerts.open(account.alerts.read_content(account.fields({"message": "down"})), None)
    end = time.monotonic() + 10
    while vendor.state()["webhooks"][0]["state"] == "pending" and time.monotonic() < end:
        time.sleep(0.01)
        vendor.advance(vendor.account.now())
    assert vendor.state()["webhooks"][0]["tries"][0].endswith("ConnectError")
