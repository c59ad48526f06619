"""The vendors' official Python clients, unchanged, against a sandbox over real sockets: pagerduty and opsgenie-sdk.

The one for PagerDuty takes only https addresses, so the sandbox has a certificate of its own here.
"""

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

pagerduty = pytest.importorskip("pagerduty", reason="a development dependency: run `make`")
opsgenie_sdk = pytest.importorskip("opsgenie_sdk", reason="a development dependency: run `make`")

ME = "ana@acme.example"


@dataclass(frozen=True)
class Running:
    """A sandbox that speaks HTTPS: its addresses, its certificate and its admin API."""

    addresses: dict[str, str]
    cert: Path
    trusted: ssl.SSLContext
    admin: httpx.Client

    def do(self, path: str, body: object) -> None:
        self.admin.post(path, json=body).raise_for_status()

    def fail(self, vendor: str, path: str, **fault: Any) -> None:
        self.do("/sandbox/faults", {"faults": [{"vendor": vendor, "path": path, **fault}]})


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("tls")
    ports = ("--port", "0", "--pagerduty-port", "0", "--opsgenie-port", "0")
    command = (sys.executable, "-m", "sandbox", *ports, "--tls", str(folder))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            addresses = json.loads(process.stdout.readline())
            trusted = ssl.create_default_context(cafile=folder / "cert.pem")
            with httpx.Client(base_url=addresses["page"], verify=trusted, trust_env=False) as admin:
                yield Running(addresses, folder / "cert.pem", trusted, admin)
        finally:
            process.terminate()
            process.wait(timeout=10)


@pytest.fixture
def running(served: Running) -> Running:
    served.do("/sandbox/reset", {})
    return served


# python-pagerduty


@pytest.fixture
def pd(running: Running) -> Any:
    """The client, and a user whose address it sends as `From`."""
    address = running.addresses["pagerduty"]
    client = pagerduty.RestApiV2Client(
        "sandbox-token-pdpdpd", default_from=ME, base_url=address, verify=running.trusted
    )
    client.sleep_timer = 0.01
    client.rpost("users", json={"type": "user", "name": "Ana", "email": ME, "role": "user"})
    return client


@pytest.fixture
def service(pd) -> dict[str, Any]:
    """A service that pages Ana, by a schedule."""
    ana = pd.find("users", ME, attribute="email")
    layer = {
        "start": "2026-01-05T00:00:00Z",
        "rotation_virtual_start": "2026-01-05T00:00:00Z",
        "rotation_turn_length_seconds": 86400,
        "users": [{"user": {"id": ana["id"], "type": "user_reference"}}],
    }
    rota = {"type": "schedule", "name": "rota", "time_zone": "UTC", "schedule_layers": [layer]}
    target = {"id": pd.rpost("schedules", json=rota)["id"], "type": "schedule_reference"}
    rules = [{"escalation_delay_in_minutes": 5, "targets": [target]}]
    policy = pd.rpost(
        "escalation_policies", json={"type": "escalation_policy", "name": "ep", "escalation_rules": rules}
    )
    reference = {"id": policy["id"], "type": "escalation_policy_reference"}
    return pd.rpost("services", json={"type": "service", "name": "weather", "escalation_policy": reference})


@pytest.fixture
def events(pd, service, running: Running) -> Any:
    """The client of the Events API for an integration of the service."""
    body = {"type": "events_api_v2_inbound_integration", "name": "events"}
    key = pd.rpost(f"services/{service['id']}/integrations", json=body)["integration_key"]
    return pagerduty.EventsApiV2Client(key, base_url=running.addresses["pagerduty"], verify=running.trusted)


def test_objects_are_found_persisted_and_followed_by_their_self(pd):
    ana = pd.find("users", ME.upper(), attribute="email")
    assert pd.rget(ana["self"]) == pd.rget(f"users/{ana['id']}") == pd.rget(ana)
    assert pd.rput(ana, json={**ana, "name": "Ana B"})["name"] == "Ana B"
    assert pd.find("users", "nobody") is None

    made = pd.persist("teams", "name", {"name": "Edge", "type": "team"})
    same = pd.persist("teams", "name", {"name": "Edge", "type": "team", "description": "x"}, update=True)
    assert (same["id"], same["description"]) == (made["id"], "x")
    pd.rput(f"teams/{made['id']}/users/{ana['id']}", json={"role": "manager"})
    assert [one["role"] for one in pd.iter_all(f"teams/{made['id']}/members")] == ["manager"]
    pd.rdelete(f"teams/{made['id']}/users/{ana['id']}")
    pd.rdelete(made)
    assert pd.get(f"/teams/{made['id']}").status_code == 404


def test_every_page_is_walked_by_offset_and_by_cursor(pd):
    for number in range(30):
        pd.rpost("tags", json={"type": "tag", "label": f"tag {number:02}"})
    assert len(list(pd.iter_all("tags", page_size=7))) == len(pd.dict_all("tags", by="label")) == 30
    assert (len(list(pd.iter_all("tags", page_size=10, total=True))), pd.get_total("tags")) == (30, 30)
    for name in ("a", "b", "c"):
        pd.rpost("teams", json={"type": "team", "name": name})
    records = list(pd.iter_cursor("/audit/records", params={"limit": 2, "root_resource_types[]": "teams"}))
    assert [one["action"] for one in records] == ["create"] * 3


def test_the_account_and_its_token_are_told_apart(pd, running: Running):
    assert (pd.subdomain, pd.api_key_access) == ("sandbox", "account")
    assert (pd.account_has_ability("teams"), pd.account_has_ability("nothing_known")) == (True, False)
    assert [one["name"] for one in pd.rget("/priorities")] == ["P1", "P2", "P3", "P4", "P5"]
    stranger = pagerduty.RestApiV2Client("x", base_url=running.addresses["pagerduty"], verify=running.trusted)
    with pytest.raises(pagerduty.HttpError, match="401 Unauthorized"):
        stranger.rget("users")


def test_an_event_becomes_an_incident_that_is_handled(pd, events, service):
    assert (
        events.trigger("weather is down", "probe", dedup_key="k", severity="critical", custom_details={"a": "b"}) == "k"
    )
    (incident,) = pd.iter_all("incidents", params={"statuses": ["triggered"], "service_ids": [service["id"]]})
    assert (incident["title"], incident["urgency"]) == ("weather is down", "high")
    assert [one["user"]["summary"] for one in pd.iter_all("oncalls")] == ["Ana"]
    body = [{"id": incident["id"], "type": "incident_reference", "status": "acknowledged"}]
    assert pd.rput("incidents", json=body)[0]["status"] == "acknowledged"
    pd.rpost(f"incidents/{incident['id']}/notes", json={"content": "hello"})
    assert [one["type"] for one in pd.iter_incident_notes(incident["id"])] == ["annotate_log_entry"]
    now = datetime.now(UTC)
    history = pd.iter_history("/log_entries", now - timedelta(days=1), now + timedelta(hours=1))
    assert {"trigger_log_entry", "acknowledge_log_entry", "annotate_log_entry"} <= {one["type"] for one in history}
    events.resolve("k")
    assert pd.rget(f"incidents/{incident['id']}")["status"] == "resolved"
    events.send_change_event({"summary": "deployed", "source": "ci"})


def test_a_refusal_is_an_error_with_its_answer(pd, service, running: Running):
    policy = pd.find("escalation_policies", "ep")
    with pytest.raises(pagerduty.HttpError, match="status 400") as refused:
        pd.rdelete(policy)
    assert refused.value.response.json()["error"]["code"] == 2001
    short = pagerduty.EventsApiV2Client("short", base_url=running.addresses["pagerduty"], verify=running.trusted)
    with pytest.raises(pagerduty.HttpError, match="invalid event"):
        short.trigger("x", "y")


@pytest.mark.parametrize(
    "action", [{"status": 429, "headers": {"ratelimit-reset": "1"}}, {"status": 503}, {"drop": True}]
)
def test_what_passes_is_tried_again(pd, running: Running, action):
    pd.retry = {503: 3}
    pd.rpost("tags", json={"type": "tag", "label": "eu"})
    running.fail("pagerduty", "/tags", method="GET", count=2, action=action)
    assert [one["label"] for one in pd.iter_all("tags")] == ["eu"]


# opsgenie-sdk


@pytest.fixture
def og(running: Running) -> Any:
    """The SDK's client."""
    settings = opsgenie_sdk.Configuration()
    settings.host = running.addresses["opsgenie"]
    settings.ssl_ca_cert = str(running.cert)
    settings.api_key["Authorization"] = "11111111-2222-3333-4444-555555555555"
    settings.retry_delay = 0.01
    return opsgenie_sdk.ApiClient(configuration=settings)


def test_an_alert_is_made_handled_and_deleted_each_request_followed(og):
    alerts = opsgenie_sdk.AlertApi(og)
    body = opsgenie_sdk.CreateAlertPayload(
        message="weather is down",
        alias="weather 1/2",
        tags=["t"],
        details={"k": "v"},
        priority="P1",
        actions=["restart"],
    )
    made = alerts.create_alert(body).retrieve_result().data
    assert (made.is_success, made.action, made.alias) == (True, "Create", "weather 1/2")
    read = alerts.get_alert(identifier="weather 1/2", identifier_type="alias").data
    assert (read.id, read.priority, read.details, read.actions) == (made.alert_id, "P1", {"k": "v"}, ["restart"])

    key = made.alert_id
    for answer in (
        alerts.add_note(key, opsgenie_sdk.AddNoteToAlertPayload(note="hello")),
        alerts.add_tags(key, opsgenie_sdk.AddTagsToAlertPayload(tags=["a", "b"])),
        alerts.remove_tags(key, tags=["a"]),
        alerts.add_details(key, opsgenie_sdk.AddDetailsToAlertPayload(details={"x": "y"})),
        alerts.remove_details(key, keys=["k"]),
        alerts.update_alert_priority(key, opsgenie_sdk.UpdateAlertPriorityPayload(priority="P2")),
        alerts.update_alert_message(key, opsgenie_sdk.UpdateAlertMessagePayload(message="other")),
        alerts.acknowledge_alert(key),
        alerts.un_acknowledge_alert(key),
        alerts.execute_custom_alert_action(key, "restart"),
    ):
        assert answer.retrieve_result().data.is_success
    read = alerts.get_alert(key).data
    assert (read.message, read.priority, read.tags, read.details) == ("other", "P2", ["t", "b"], {"x": "y"})
    assert [one.note for one in alerts.list_notes(key).data] == ["hello"]
    assert len(alerts.list_logs(key, limit=3).data) == 3
    assert [one.id for one in alerts.list_alerts(query="status: open", limit=5).data] == [key]
    assert alerts.count_alerts(query="status: open").data.count == 1
    alerts.close_alert(key).retrieve_result()
    assert alerts.get_alert(key).data.status == "closed"
    alerts.delete_alert(key).retrieve_result()
    with pytest.raises(opsgenie_sdk.exceptions.ApiException) as gone:
        alerts.get_alert(key)
    assert gone.value.status == 404


def test_a_request_that_is_done_later_is_not_found_before(og, running: Running):
    running.do("/sandbox/seed", {"opsgenie": {"switches": {"process_at_once": False, "process_after": 1.0}}})
    alerts = opsgenie_sdk.AlertApi(og)
    later = alerts.create_alert(opsgenie_sdk.CreateAlertPayload(message="later", alias="l"))
    # The SDK's own polling ends at the 404 that means "not yet"; the Go SDK reads its header and goes on.
    with pytest.raises(opsgenie_sdk.exceptions.ApiException, match="might not be processed yet") as early:
        later.retrieve_result()
    assert early.value.status == 404
    running.do("/sandbox/clock", {"advance": 5})
    assert later.retrieve_result().data.alias == "l"


def test_a_heartbeat_is_made_pinged_changed_and_deleted(og):
    heartbeats = opsgenie_sdk.HeartbeatApi(og)
    body = opsgenie_sdk.CreateHeartbeatPayload(name="alive", interval=10, interval_unit="minutes", enabled=True)
    assert heartbeats.create_heartbeat(body).data.name == "alive"
    assert heartbeats.ping("alive").result.startswith("PONG")
    change = opsgenie_sdk.UpdateHeartbeatPayload(interval=5, interval_unit="hours")
    heartbeats.update_heartbeat("alive", update_heartbeat_payload=change)
    read = heartbeats.get_heartbeat("alive").data
    assert (read.interval, read.interval_unit, read.enabled, read.expired) == (5, "hours", True, False)
    assert read.last_ping_time is not None
    assert heartbeats.disable_heartbeat("alive").data.enabled is False
    assert [one.name for one in heartbeats.list_heart_beats().data.heartbeats] == ["alive"]
    heartbeats.delete_heartbeat("alive")
    assert heartbeats.list_heart_beats().data.heartbeats == []


@pytest.mark.parametrize("status", [429, 503])
def test_the_sdk_tries_again_what_passes(og, running: Running, status: int):
    running.fail("opsgenie", "/v2/account", count=2, action={"status": status})
    info = opsgenie_sdk.AccountApi(og).get_info().data
    assert (info.name, info.plan.name) == ("sandbox", "Enterprise")
