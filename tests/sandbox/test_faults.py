"""Faults on order: which request meets which, in what way it goes wrong, and what the journal says of it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.core import ConnectionCutError
from sandbox.core.paths import covers

TEAMS = {"vendor": "pagerduty", "path": "/teams"}


def order(page, *faults: dict[str, Any]) -> httpx.Response:
    return page.post("/sandbox/faults", json={"faults": list(faults)})


def statuses(pagerduty, times: int, path: str = "/teams") -> list[int]:
    return [pagerduty.http.get(path).status_code for _ in range(times)]


def test_a_status_is_answered_so_many_times_and_then_no_more(page, pagerduty) -> None:
    order(page, TEAMS | {"count": 2, "action": {"status": 503}})
    assert statuses(pagerduty, 3) == [503, 503, 200]


def test_a_status_is_answered_without_any_work(page, pagerduty) -> None:
    order(page, TEAMS | {"action": {"status": 500}})
    pagerduty.send("POST", "/teams", {"team": {"name": "Edge"}}, 500)
    assert pagerduty.get("/teams")["teams"] == []


def test_the_first_so_many_requests_are_let_through(page, pagerduty) -> None:
    order(page, TEAMS | {"skip": 2, "action": {"status": 500}})
    assert statuses(pagerduty, 4) == [200, 200, 500, 200]


def test_faults_of_one_route_are_played_in_order(page, pagerduty) -> None:
    order(
        page,
        TEAMS | {"action": {"status": 429}},
        TEAMS | {"skip": 1, "count": 2, "action": {"status": 502}},
        TEAMS | {"action": {"status": 503}},
    )
    assert statuses(pagerduty, 6) == [429, 200, 502, 502, 503, 200]


def test_only_the_method_and_the_vendor_that_are_named_are_met(page, pagerduty) -> None:
    order(
        page,
        TEAMS | {"method": "post", "action": {"status": 500}},
        {**TEAMS, "vendor": "opsgenie", "action": {"status": 501}},
    )
    assert statuses(pagerduty, 1) == [200]
    pagerduty.send("POST", "/teams", {"team": {"name": "Edge"}}, 500)


@pytest.mark.parametrize(
    ("pattern", "path", "exact", "met"),
    [
        ("/teams", "/teams", False, True),
        ("/teams", "/teams/P1/members", False, True),
        ("/teams", "/teams/P1", True, False),
        ("/teams", "/teamsters", False, False),
        ("/teams/", "/teams", False, True),
        ("/", "/anything/at/all", False, True),
        ("/teams/{id}", "/teams/P1", False, True),
        ("/teams/{id}", "/teams/P1/members", False, False),
        ("/v2/schedules/{id}.ics", "/v2/schedules/x.ics", False, True),
        ("/v2/schedules/{id}.ics", "/v2/schedules/xyics", False, False),
    ],
)
def test_a_path_is_a_prefix_of_parts_or_a_template_of_the_whole(
    pattern: str, path: str, exact: bool, met: bool
) -> None:
    assert covers(pattern, path, exact=exact) is met


def test_headers_body_and_retry_after_are_the_ones_ordered(page, pagerduty) -> None:
    action = {"status": 429, "headers": {"ratelimit-reset": "7"}, "retry_after": 3, "body": {"error": "gone mad"}}
    order(page, TEAMS | {"action": action})
    answer = pagerduty.http.get("/teams")
    said = (answer.status_code, answer.headers["ratelimit-reset"], answer.headers["retry-after"], answer.json())
    assert said == (429, "7", "3", {"error": "gone mad"})


def test_a_body_that_is_a_text_is_answered_as_it_is(page, pagerduty) -> None:
    order(page, TEAMS | {"action": {"status": 502, "body": "<html>Bad gateway</html>"}})
    assert pagerduty.http.get("/teams").text == "<html>Bad gateway</html>"


@pytest.mark.parametrize(
    ("vendor", "path", "status", "said"),
    [
        ("pagerduty", "/teams", 429, {"error": {"message": "Rate Limit Exceeded", "code": 2020}}),
        ("pagerduty", "/teams", 500, {"error": {"message": "Internal Error", "code": 2000}}),
        ("opsgenie", "/v2/teams", 429, {"message": "You are making too many requests!"}),
        ("opsgenie", "/v2/teams", 503, {"message": "An error was ordered"}),
    ],
)
def test_a_body_that_is_not_ordered_is_the_vendors(
    sandbox, page, vendor: str, path: str, status: int, said: Any
) -> None:
    order(page, {"vendor": vendor, "path": path, "action": {"status": status}})
    host = {"pagerduty": "api.pagerduty.com", "opsgenie": "api.opsgenie.com"}[vendor]
    answer = page.get(path, headers={"host": host})
    body = {name: value for name, value in answer.json().items() if name not in ("took", "requestId")}
    assert (answer.status_code, body) == (status, said)


def test_an_events_429_has_the_form_of_the_events_api(page, pagerduty) -> None:
    order(page, {"vendor": "pagerduty", "path": "/v2/enqueue", "action": {"status": 429}})
    assert pagerduty.event("k" * 32, status=429)["status"] == "throttle exceeded"


def test_a_dropped_connection_leaves_no_work_behind(page, pagerduty) -> None:
    order(page, TEAMS | {"action": {"drop": True}})
    with pytest.raises(ConnectionCutError):
        pagerduty.http.post("/teams", json={"team": {"name": "Edge"}})
    assert pagerduty.get("/teams")["teams"] == []


def test_a_lost_answer_leaves_its_work_behind(page, pagerduty) -> None:
    order(page, TEAMS | {"action": {"lose": True}})
    with pytest.raises(ConnectionCutError):
        pagerduty.http.post("/teams", json={"team": {"name": "Edge"}})
    assert [team["name"] for team in pagerduty.get("/teams")["teams"]] == ["Edge"]


def test_an_emptied_answer_keeps_its_status_and_its_work(page, pagerduty) -> None:
    order(page, TEAMS | {"action": {"empty": True}})
    answer = pagerduty.http.post("/teams", json={"team": {"name": "Edge"}})
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (201, b"", "0")
    assert len(pagerduty.get("/teams")["teams"]) == 1


def test_a_refusal_is_not_emptied(page, pagerduty) -> None:
    order(page, TEAMS | {"action": {"empty": True}})
    assert pagerduty.errors("POST", "/teams", {"team": {}}) != []


def test_a_delayed_answer_is_the_ordinary_one(page, pagerduty) -> None:
    order(page, TEAMS | {"action": {"delay": 0.01}})
    assert pagerduty.get("/teams")["teams"] == []


def test_the_journal_says_which_fault_applied(page, pagerduty) -> None:
    order(
        page,
        TEAMS | {"action": {"status": 503, "delay": 0.01}},
        TEAMS | {"action": {"drop": True}},
        TEAMS | {"action": {"lose": True}},
        TEAMS | {"action": {"empty": True}},
    )
    for _ in range(5):
        try:
            pagerduty.http.get("/teams")
        except ConnectionCutError:
            continue
    entries = page.get("/sandbox/journal").json()["entries"]
    assert [(one["status"], one.get("fault")) for one in entries] == [
        (503, "delay 0.01 s, status 503"),
        (0, "dropped connection"),
        (200, "lost answer"),
        (200, "empty body"),
        (200, None),
    ]


def test_what_is_left_can_be_read(page, pagerduty) -> None:
    one = TEAMS | {"action": {"status": 500}}
    order(page, one, TEAMS | {"count": 3, "skip": 1, "action": {"lose": True}})
    statuses(pagerduty, 2)
    assert page.get("/sandbox/faults").json() == {
        "faults": [TEAMS | {"count": 3, "skip": 0, "action": {"lose": True}}],
    }


@pytest.mark.parametrize("clear", [("DELETE", "/sandbox/faults"), ("POST", "/sandbox/reset")])
def test_faults_are_forgotten_when_told(page, pagerduty, clear: tuple[str, str]) -> None:
    order(page, TEAMS | {"action": {"status": 500}})
    page.request(*clear)
    assert (page.get("/sandbox/faults").json(), statuses(pagerduty, 1)) == ({"faults": []}, [200])


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"path": "/teams", "action": {"drop": True}}, "vendor is one of pagerduty, opsgenie"),
        ({"vendor": "pagerduty", "path": "teams", "action": {"drop": True}}, 'path begins with "/"'),
        (TEAMS | {"count": 0, "action": {"drop": True}}, "count is at least 1"),
        (TEAMS | {"count": True, "action": {"drop": True}}, "count can't be True"),
        (TEAMS | {"times": 2, "action": {"drop": True}}, "unknown times"),
        (TEAMS, "action is an object"),
        (TEAMS | {"action": {"drop": True, "status": 500}}, "only one of"),
        (TEAMS | {"action": {"status": 42}}, "status can't be 42"),
        (TEAMS | {"action": {"delay": -1}}, "delay is seconds"),
        (TEAMS | {"action": {"delay": 1, "body": {}}}, "belong to a status"),
        (TEAMS | {"action": {"explode": True}}, "unknown explode"),
    ],
)
def test_a_fault_that_means_nothing_is_refused_in_words(page, fault: Any, said: str) -> None:
    answer = order(page, TEAMS | {"action": {"status": 500}}, fault)
    assert (answer.status_code, page.get("/sandbox/faults").json()) == (400, {"faults": []})
    assert said in answer.json()["error"]


@pytest.mark.parametrize("body", [{}, [], {"faults": {}}, {"fault": []}])
def test_an_order_that_is_no_list_of_faults_is_refused(page, body: Any) -> None:
    assert page.post("/sandbox/faults", json=body).status_code == 400


@pytest.fixture
def served() -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--pagerduty-port", "0", "--opsgenie-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout
        yield json.loads(running.stdout.readline())
        running.terminate()
        assert running.communicate(timeout=10)[1] == ""


def test_a_served_connection_is_cut_without_a_word_and_the_next_one_works(served: dict[str, str]) -> None:
    headers = {"authorization": "GenieKey 11111111-2222-3333-4444-555555555555"}
    faults = [{"vendor": "opsgenie", "path": "/v2/teams", "action": {name: True}} for name in ("drop", "lose")]
    with httpx.Client(trust_env=False, headers=headers) as client:
        client.post(f"{served['page']}/sandbox/faults", json={"faults": faults}).raise_for_status()
        for _ in faults:
            with pytest.raises(httpx.RemoteProtocolError):
                client.post(f"{served['opsgenie']}/v2/teams", json={"name": "Edge"})
        teams = client.get(f"{served['opsgenie']}/v2/teams").json()["data"]
    assert [team["name"] for team in teams] == ["Edge"]
