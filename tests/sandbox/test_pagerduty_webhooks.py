"""Webhook subscriptions: their calls, what they are sent, how it is signed, retried and given up."""

import hmac
import json
import threading
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic, sleep
from typing import Any

import pytest

from sandbox.pagerduty.courier import HttpCourier

URL = "http://127.0.0.1:9/pd"
FROM = {"From": "ann@acme.example"}
ALL = ["incident.triggered", "incident.acknowledged", "incident.escalated", "incident.reassigned"]
ALL += ["incident.resolved", "incident.annotated", "incident.unacknowledged", "incident.reopened"]
ALL += ["incident.priority_updated", "incident.delegated"]


class Receiver:
    """A receiver at the other end: it keeps what it gets, and answers what it is told to (200 unless told)."""

    def __init__(self, account: Any) -> None:
        self._account = account
        self._results: list[tuple[str, int | None, str]] = []
        self.answers: deque[int | str] = deque()
        self.got: list[tuple[datetime, dict[str, str], bytes]] = []

    def send(self, key: str, url: str, headers: dict[str, str], body: bytes) -> None:
        self.got.append((self._account.now(), headers, body))
        answer = self.answers.popleft() if self.answers else 200
        self._results.append((key, None, answer) if isinstance(answer, str) else (key, answer, ""))

    def results(self) -> list[tuple[str, int | None, str]]:
        found, self._results = self._results, []
        return found

    def types(self) -> list[str]:
        return [json.loads(body)["event"]["event_type"] for _, _, body in self.got]


@pytest.fixture
def receiver(pagerduty: Any) -> Receiver:
    receiver = Receiver(pagerduty.account)
    pagerduty.account.courier = receiver
    return receiver


def subscribe(pagerduty: Any, **more: Any) -> dict[str, Any]:
    method = {"type": "http_delivery_method", "url": URL, "custom_headers": None}
    body = {
        "type": "webhook_subscription",
        "active": True,
        "description": "bridge",
        "delivery_method": method,
        "events": ALL,
        "filter": {"type": "account_reference"},
    }
    return pagerduty.send("POST", "/webhook_subscriptions", {"webhook_subscription": body | more})[
        "webhook_subscription"
    ]


def paged(pagerduty: Any) -> str:
    """A service with an incident that ann has."""
    key = pagerduty.paged_service((5, [pagerduty.user("ann")]), (5, [pagerduty.user("bob")]))
    pagerduty.event(key)
    return pagerduty.incident()["id"]


def change(pagerduty: Any, incident: str, **fields: Any) -> None:
    pagerduty.send("PUT", f"/incidents/{incident}", {"incident": {"type": "incident"} | fields}, **FROM)


# What is sent


def test_a_message_carries_the_event_with_the_incident_as_it_is(pagerduty, receiver: Receiver) -> None:
    subscribe(pagerduty)
    incident = paged(pagerduty)
    event = json.loads(receiver.got[0][2])["event"]
    data = event["data"]
    assert (event["event_type"], event["resource_type"]) == ("incident.triggered", "incident")
    assert event["occurred_at"] == "2026-03-02T09:00:00.000Z"
    assert (data["id"], data["status"], data["urgency"], data["incident_key"]) == (incident, "triggered", "high", "k")
    assert [one["summary"] for one in data["assignees"]] == ["ann"]


def test_it_is_signed_with_the_subscription_s_secret(pagerduty, receiver: Receiver) -> None:
    secret = subscribe(pagerduty)["delivery_method"]["secret"]
    paged(pagerduty)
    _, headers, body = receiver.got[0]
    assert headers["x-pagerduty-signature"] == "v1=" + hmac.new(secret.encode(), body, sha256).hexdigest()


def test_each_thing_that_happens_has_its_type(pagerduty, receiver: Receiver) -> None:
    subscribe(pagerduty)
    incident = paged(pagerduty)
    other = pagerduty.policy((5, [pagerduty.user("eve")]), name="other")
    change(pagerduty, incident, status="acknowledged")
    change(pagerduty, incident, escalation_level=2)
    bob = {"id": pagerduty.user("bob"), "type": "user_reference"}
    change(pagerduty, incident, assignments=[{"assignee": bob}])
    change(pagerduty, incident, priority={"id": "PPRIOR1", "type": "priority_reference"})
    change(pagerduty, incident, escalation_policy={"id": other, "type": "escalation_policy_reference"})
    pagerduty.send("POST", f"/incidents/{incident}/notes", {"note": {"content": "on it"}}, **FROM)
    change(pagerduty, incident, status="resolved")
    change(pagerduty, incident, status="triggered")
    assert receiver.types() == [
        "incident.triggered",
        "incident.acknowledged",
        "incident.escalated",
        "incident.reassigned",
        "incident.priority_updated",
        "incident.delegated",
        "incident.annotated",
        "incident.resolved",
        "incident.reopened",
    ]


def test_the_agent_tells_people_from_the_service_itself(pagerduty, receiver: Receiver) -> None:
    subscribe(pagerduty)
    incident = paged(pagerduty)
    pagerduty.move(minutes=6)
    change(pagerduty, incident, status="acknowledged")
    agents = [json.loads(body)["event"]["agent"]["type"] for _, _, body in receiver.got]
    assert agents == ["service_reference", "service_reference", "user_reference"]


def test_only_the_types_and_objects_that_were_asked_for_are_sent(pagerduty, receiver: Receiver) -> None:
    team = pagerduty.team()
    policy = pagerduty.policy((5, [pagerduty.user("ann")]), teams=[{"id": team, "type": "team_reference"}])
    mine, other = pagerduty.service(policy), pagerduty.service(policy, name="other")
    subscribe(pagerduty, events=["incident.triggered"], filter={"type": "service_reference", "id": mine})
    subscribe(pagerduty, events=["incident.resolved"], filter={"type": "team_reference", "id": team})
    subscribe(pagerduty, events=["incident.triggered"], active=False)
    first, second = pagerduty.integration(mine), pagerduty.integration(other)
    for key in (first, second):
        pagerduty.event(key)
        pagerduty.event(key, "resolve")
    assert receiver.types() == ["incident.triggered", "incident.resolved", "incident.resolved"]


def test_services_that_change_are_told_of(pagerduty, receiver: Receiver) -> None:
    subscribe(pagerduty, events=["service.created", "service.updated", "service.deleted"])
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    pagerduty.send("PUT", f"/services/{service}", {"service": {"description": "x"}})
    pagerduty.send("DELETE", f"/services/{service}", None, 204)
    assert receiver.types() == ["service.created", "service.updated", "service.deleted"]


def test_custom_headers_go_along(pagerduty, receiver: Receiver) -> None:
    headers = [{"name": "X-Team", "value": "platform"}]
    subscribe(pagerduty, delivery_method={"type": "http_delivery_method", "url": URL, "custom_headers": headers})
    paged(pagerduty)
    assert receiver.got[0][1]["X-Team"] == "platform"


# Retries


def test_a_failure_that_may_pass_is_retried_under_the_same_id_after_longer_and_longer_waits(
    pagerduty, receiver
) -> None:
    subscribe(pagerduty)
    receiver.answers.extend([503, 429, "timeout", "connection"])
    paged(pagerduty)
    start = receiver.got[0][0]
    for _ in range(20):
        pagerduty.move(minutes=1)
    tries = [(at - start, headers["x-webhook-id"]) for at, headers, _ in receiver.got if b"triggered" in _[:80]]
    minutes = [int(wait / timedelta(minutes=1)) for wait, _ in tries]
    assert (minutes, len({key for _, key in tries})) == ([0, 1, 3, 7, 15], 1)


def test_moving_the_clock_far_gives_the_same_retries_as_waiting(pagerduty, receiver: Receiver) -> None:
    subscribe(pagerduty, events=["incident.triggered"])
    receiver.answers.extend([503, 503])
    paged(pagerduty)
    pagerduty.move(hours=5)
    start = receiver.got[0][0]
    assert [int((at - start) / timedelta(minutes=1)) for at, _, _ in receiver.got] == [0, 1, 3]


def test_later_messages_wait_for_the_one_being_retried(pagerduty, receiver: Receiver) -> None:
    subscribe(pagerduty, events=["incident.triggered", "incident.acknowledged"])
    receiver.answers.append(503)
    change(pagerduty, paged(pagerduty), status="acknowledged")
    assert receiver.types() == ["incident.triggered"]
    pagerduty.move(minutes=2)
    assert receiver.types() == ["incident.triggered", "incident.triggered", "incident.acknowledged"]


def test_after_48_hours_a_message_is_given_up(pagerduty, receiver: Receiver) -> None:
    subscribe(pagerduty, events=["incident.triggered"])
    receiver.answers.extend([503] * 200)
    paged(pagerduty)
    pagerduty.move(days=4)
    (shown,) = pagerduty.sandbox.state()["pagerduty"]["webhooks"]
    assert shown["outcome"] == "dropped: 503"
    assert timedelta(hours=48) <= receiver.got[-1][0] - receiver.got[0][0] < timedelta(hours=53)


@pytest.mark.parametrize("answer", [404, 302, "tls"])
def test_other_refusals_are_not_retried(pagerduty, receiver: Receiver, answer: int | str) -> None:
    subscribe(pagerduty, events=["incident.triggered"])
    receiver.answers.append(answer)
    paged(pagerduty)
    pagerduty.move(hours=1)
    assert len(receiver.got) == 1


def test_three_drops_in_a_row_shut_a_subscription_for_a_day_or_until_it_is_enabled(pagerduty, receiver) -> None:
    one = subscribe(pagerduty)
    receiver.answers.extend([410] * 3)
    incident = paged(pagerduty)
    change(pagerduty, incident, status="acknowledged")
    change(pagerduty, incident, status="resolved")
    path = f"/webhook_subscriptions/{one['id']}"
    assert pagerduty.get(path)["webhook_subscription"]["delivery_method"]["temporarily_disabled"] is True
    change(pagerduty, incident, status="triggered")
    assert len(receiver.got) == 3
    answer = pagerduty.send("POST", f"{path}/enable")["webhook_subscription"]
    assert answer["delivery_method"]["temporarily_disabled"] is False
    change(pagerduty, incident, status="acknowledged")
    assert receiver.types()[3:] == ["incident.acknowledged"]


def test_a_shut_subscription_opens_by_itself_after_a_day(pagerduty, receiver: Receiver) -> None:
    subscribe(pagerduty, events=["incident.triggered"])
    receiver.answers.extend([410] * 3)
    key = pagerduty.paged_service((5, [pagerduty.user("ann")]))
    for number in range(4):
        pagerduty.event(key, dedup=str(number))
    pagerduty.move(hours=25)
    pagerduty.event(key, dedup="late")
    assert len(receiver.got) == 4


def test_what_points_elsewhere_than_loopback_is_held_back_unless_the_switch_lets_it_out(pagerduty, receiver) -> None:
    method = {"type": "http_delivery_method", "url": "https://bridge.example/pd"}
    subscribe(pagerduty, delivery_method=method, events=["incident.triggered"])
    key = pagerduty.paged_service((5, [pagerduty.user("ann")]))
    pagerduty.event(key, dedup="a")
    (shown,) = pagerduty.sandbox.state()["pagerduty"]["webhooks"]
    assert (receiver.got, shown["outcome"].partition(":")[0]) == ([], "held back")
    pagerduty.sandbox.seed({"pagerduty": {"switches": {"webhooks_leave_loopback": True}}})
    pagerduty.event(key, dedup="b")
    assert len(receiver.got) == 1


# The calls


def test_the_secret_is_in_the_answer_to_the_create_only_and_header_values_in_no_read(pagerduty) -> None:
    headers = [{"name": "X-Key", "value": "sesame"}]
    method = {"type": "http_delivery_method", "url": URL, "custom_headers": headers}
    made = subscribe(pagerduty, delivery_method=method)
    path = f"/webhook_subscriptions/{made['id']}"
    read = pagerduty.get(path)["webhook_subscription"]["delivery_method"]
    assert (len(made["delivery_method"]["secret"]), read["secret"]) == (64, None)
    assert read["custom_headers"] == [{"name": "X-Key", "value": "-- redacted --"}]
    assert made["delivery_method"]["secret"] not in json.dumps(pagerduty.sandbox.state())


def test_an_update_changes_all_but_where_it_is_delivered(pagerduty) -> None:
    made = subscribe(pagerduty)
    method = {"type": "http_delivery_method", "url": "http://127.0.0.1:10/other"}
    body = {"description": "x", "events": ["incident.resolved"], "active": False, "delivery_method": method}
    path = f"/webhook_subscriptions/{made['id']}"
    after = pagerduty.send("PUT", path, {"webhook_subscription": body})["webhook_subscription"]
    assert (after["description"], after["events"], after["active"]) == ("x", ["incident.resolved"], False)
    assert after["delivery_method"]["url"] == URL


def test_subscriptions_are_listed_by_what_they_are_on(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    subscribe(pagerduty)
    mine = subscribe(pagerduty, filter={"type": "service_reference", "id": service})
    query = {"filter_type": "service", "filter_id": service}
    assert [one["id"] for one in pagerduty.get("/webhook_subscriptions", **query)["webhook_subscriptions"]] == [
        mine["id"]
    ]
    assert len(pagerduty.get("/webhook_subscriptions")["webhook_subscriptions"]) == 2
    pagerduty.get("/webhook_subscriptions", 400, filter_type="service")


def test_ping_sends_the_test_event(pagerduty, receiver: Receiver) -> None:
    made = subscribe(pagerduty)
    pagerduty.send("POST", f"/webhook_subscriptions/{made['id']}/ping", status=202)
    assert receiver.types() == ["pagey.ping"]


def test_a_deleted_subscription_gets_nothing_more(pagerduty, receiver: Receiver) -> None:
    made = subscribe(pagerduty)
    receiver.answers.append(503)
    paged(pagerduty)
    pagerduty.send("DELETE", f"/webhook_subscriptions/{made['id']}", None, 204)
    pagerduty.move(hours=1)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"delivery_method": {"type": "http_delivery_method", "url": "ftp://127.0.0.1/x"}},
        {"delivery_method": {"type": "mail"}},
        {"delivery_method": {"type": "http_delivery_method", "url": URL, "custom_headers": [{"name": "a"}]}},
        {"events": []},
        {"events": ["incident.exploded"]},
        {"filter": {"type": "service_reference", "id": "PNOBODY"}},
        {"filter": {"type": "galaxy"}},
        {"active": "yes"},
    ],
)
def test_what_can_t_be_subscribed_is_refused(pagerduty, more: dict[str, Any]) -> None:
    body = {
        "delivery_method": {"type": "http_delivery_method", "url": URL},
        "events": ALL,
        "filter": {"type": "account_reference"},
    }
    assert pagerduty.errors("POST", "/webhook_subscriptions", {"webhook_subscription": body | more}) != []


# The real courier


@pytest.fixture
def listener() -> Iterator[tuple[str, list[tuple[str, dict[str, str], bytes]]]]:
    got: list[tuple[str, dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", got
    server.shutdown()
    thread.join()
    server.server_close()


def results_of(courier: HttpCourier) -> list[tuple[str, int | None, str]]:
    end = monotonic() + 20
    while not (found := courier.results()) and monotonic() < end:
        sleep(0.01)
    return found


def test_the_courier_posts_and_tells_the_status(listener) -> None:
    address, got = listener
    courier = HttpCourier()
    courier.send("1", f"{address}/pd", {"x-webhook-id": "1"}, b"{}")
    assert results_of(courier) == [("1", 202, "")]
    assert (got[0][0], got[0][1]["x-webhook-id"], got[0][2]) == ("/pd", "1", b"{}")


def test_the_courier_tells_a_connection_that_fails() -> None:
    courier = HttpCourier()
    courier.send("1", "http://127.0.0.1:1/pd", {}, b"{}")
    assert results_of(courier) == [("1", None, "connection")]


def test_a_subscription_on_loopback_is_really_delivered(pagerduty, listener) -> None:
    address, got = listener
    subscribe(pagerduty, delivery_method={"type": "http_delivery_method", "url": f"{address}/pd"})
    paged(pagerduty)
    end = monotonic() + 20
    while not got and monotonic() < end:
        sleep(0.01)
    assert json.loads(got[0][2])["event"]["event_type"] == "incident.triggered"
