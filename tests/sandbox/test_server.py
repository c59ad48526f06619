"""The sandbox's front: hosts, the admin API, the page, and the process on its ports."""

import json
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.page.app import PAGE
from sandbox.server import Sandbox
from sandbox.tls import TlsError, certificate

FREE_PORTS = ("--port", "0", "--pagerduty-port", "0", "--opsgenie-port", "0")


def test_a_foreign_host_is_refused(page) -> None:
    answer = page.get("/sandbox/state", headers={"host": "evil.example"})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    ("origin", "status"), [("https://evil.example", 403), ("null", 403), ("http://127.0.0.1:8910", 200)]
)
def test_a_foreign_pages_request_is_refused(page, origin: str, status: int) -> None:
    assert page.post("/sandbox/reset", headers={"origin": origin}).status_code == status


@pytest.mark.parametrize("host", ["localhost:8910", "127.0.0.1:8910"])
def test_loopback_names_reach_the_page(page, host: str) -> None:
    assert page.get("/sandbox/clock", headers={"host": host}).status_code == 200


def test_vendor_traffic_on_the_pages_port_is_split_by_host(page) -> None:
    answers = [
        page.get("/abilities", headers={"host": host}).status_code
        for host in ("api.pagerduty.com", "api.eu.pagerduty.com", "127.0.0.1")
    ]
    assert answers == [401, 401, 404]


def test_events_are_taken_at_their_own_host_only(page) -> None:
    answers = [
        page.post("/v2/enqueue", json={}, headers={"host": host}).json().get("status")
        for host in ("events.pagerduty.com", "events.eu.pagerduty.com", "api.pagerduty.com")
    ]
    assert answers == ["invalid event", "invalid event", None]


def test_the_clock_is_moved_by_the_admin_api(page) -> None:
    moved = page.post("/sandbox/clock", json={"advance": 3600}).json()
    set_to = page.post("/sandbox/clock", json={"now": "2026-11-23T10:00:00+01:00"}).json()
    assert (moved, set_to) == ({"now": "2026-03-02T10:00:00Z"}, {"now": "2026-11-23T09:00:00Z"})


@pytest.mark.parametrize("body", [{}, {"now": "2026-11-23T09:00:00"}, {"advance": "x"}, {"now": 1, "advance": 1}, []])
def test_a_move_of_the_clock_that_means_nothing_is_refused(page, body: Any) -> None:
    assert page.post("/sandbox/clock", json=body).status_code == 400


def test_moving_the_clock_runs_what_falls_due(page, pagerduty) -> None:
    ann, bob = pagerduty.user("ann"), pagerduty.user("bob")
    pagerduty.event(pagerduty.paged_service((5, [ann]), (5, [bob])))
    page.post("/sandbox/clock", json={"advance": 300})
    assert pagerduty.assigned() == ["bob"]


def test_a_sandbox_speaks_https_with_a_certificate_that_it_makes_once(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "sandbox", *FREE_PORTS, "--tls", str(tmp_path / "tls"))
    made = []
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            addresses = json.loads(process.stdout.readline())
            trusted = ssl.create_default_context(cafile=tmp_path / "tls" / "cert.pem")
            with httpx.Client(verify=trusted, trust_env=False) as client:
                statuses = [client.get(url).status_code for url in (addresses["page"], addresses["opsgenie"])]
            with pytest.raises(httpx.ConnectError):
                httpx.get(addresses["pagerduty"], trust_env=False)
            process.send_signal(signal.SIGTERM)
            assert (statuses, process.wait(timeout=10)) == ([200, 401], 0)
        made.append((tmp_path / "tls" / "cert.pem").read_bytes())
    assert made[0] == made[1]
    assert (tmp_path / "tls" / "key.pem").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("there", "said"), [("cert.pem", "key.pem is not"), ("key.pem", "cert.pem is not")])
def test_half_a_certificate_is_refused(tmp_path: Path, there: str, said: str) -> None:
    (tmp_path / there).write_text("x")
    with pytest.raises(TlsError, match=said):
        certificate(tmp_path)


def test_without_openssl_the_way_out_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TlsError, match="openssl is not on PATH: install it"):
        certificate(tmp_path)


def test_seeding_twice_adds_nobody_twice(page) -> None:
    seed = {"pagerduty": {"users": [{"name": "Ann", "email": "ann@acme.example", "time_zone": "Europe/Berlin"}]}}
    statuses = [page.post("/sandbox/seed", json=seed).status_code for _ in range(2)]
    assert statuses == [200, 200]
    assert page.get("/sandbox/state").json()["pagerduty"]["account"]["users"] == 1


@pytest.mark.parametrize(
    ("seed", "said"),
    [
        ({"pagerdooty": {}}, "no vendor 'pagerdooty'"),
        ({"pagerduty": {"people": []}}, "unknown people"),
        ({"pagerduty": {"users": [{"name": "Ann"}]}}, "needs a name and an e-mail"),
        ({"pagerduty": {"users": [{"name": "A", "email": "a@b.c", "time_zone": "Mars"}]}}, "no time zone 'Mars'"),
        ({"pagerduty": {"switches": {"magic": True}}}, "no switch 'magic'"),
    ],
)
def test_a_seed_that_cant_be_used_is_refused_in_words(page, seed: Any, said: str) -> None:
    answer = page.post("/sandbox/seed", json=seed)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_reset_empties_accounts_journal_and_clock(page, pagerduty) -> None:
    pagerduty.user("ann")
    pagerduty.team()
    pagerduty.move(hours=5)
    page.post("/sandbox/reset")
    state = page.get("/sandbox/state").json()
    assert (state["pagerduty"]["account"]["users"], state["pagerduty"]["account"]["teams"]) == (0, 0)
    assert state["now"].startswith("2026-03-02T09:00:0")
    assert page.get("/sandbox/journal").json()["entries"] == []


def test_the_journal_names_what_each_vendor_was_asked(page, pagerduty) -> None:
    pagerduty.team("Platform")
    pagerduty.event("k" * 32, status=400)
    entries = page.get("/sandbox/journal").json()["entries"]
    assert [(one["seq"], one["vendor"], one["method"], one["path"], one["status"]) for one in entries] == [
        (1, "pagerduty", "POST", "/teams", 201),
        (2, "pagerduty", "POST", "/v2/enqueue", 400),
    ]
    assert (entries[0]["body"], entries[1]["body"]["routing_key"]) == ({"team": {"name": "Platform"}}, "***")


def test_state_shows_both_vendors(sandbox: Sandbox) -> None:
    state = sandbox.state()
    common = {"title", "account", "users", "on_call", "notifications"}
    assert common | {"incidents"} <= set(state["pagerduty"])
    assert common | {"alerts"} <= set(state["opsgenie"])


def test_the_page_fetches_nothing_from_elsewhere(page) -> None:
    html = re.sub(r'"data:[^"]*"', "", page.get("/").text)
    assert re.findall(r"""(?:src|href)\s*=\s*["']?[^"'>\s]+|https?://|@import|url\(""", html) == []


def test_the_page_writes_text_and_never_markup() -> None:
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", PAGE.read_text()) == []


def test_the_pages_content_policy_forbids_other_sources(page) -> None:
    assert page.get("/").headers["content-security-policy"].startswith("default-src 'none'")


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "sandbox", *FREE_PORTS, "--now", "2026-03-02T09:00:00Z"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


def test_the_process_prints_where_it_listens_and_serves_all_three(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    addresses = json.loads(process.stdout.readline())
    statuses = [
        httpx.get(f"{addresses['page']}/sandbox/state", trust_env=False).status_code,
        httpx.get(f"{addresses['pagerduty']}/abilities", trust_env=False).status_code,
        httpx.get(f"{addresses['opsgenie']}/v2/teams", trust_env=False).status_code,
    ]
    assert statuses == [200, 401, 401]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_quietly_when_told(process: subprocess.Popen[str], number: signal.Signals) -> None:
    assert process.stdout
    process.stdout.readline()
    process.send_signal(number)
    assert (process.wait(10), process.stderr.read() if process.stderr else "") == (0, "")


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "sandbox", "--port", "0", "--pagerduty-port", port, "--opsgenie-port", "0"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    said = f"sandbox: port {port} is in use; stop what uses it, or pass --pagerduty-port (0: a free one)\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
