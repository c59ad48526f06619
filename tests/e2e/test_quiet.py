"""After an `up` there is nothing to do: at once, from another zone, with lists in another order, and later."""

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from benchmarks.make_inventory import make
from oncall.cli.engine import Engine
from oncall.cli.instants import parse_instant
from oncall.cli.load import load_inventory
from oncall.cli.local_sandbox import Sandbox, known_users, running_sandbox
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e

# Before the line-up of December that the inventory announces: one is on its way out.
NOW = "2026-11-21T12:00:00Z"
ENDING = """
overrides:
  - {schedule: team-000/primary, person: p000-c, from: 2026-11-25, to: 2026-11-27}
  - {schedule: team-001/primary, person: p001-c, from: 2026-11-25, to: 2026-11-27}
  - {schedule: team-002/primary, person: p002-c, from: 2026-11-25, to: 2026-11-27}
maintenance:
  - {servers: [s002-00-mcp, s002-01-mcp], from: 2026-12-01, to: 2026-12-02, vendor_window: true}
"""
ZONES = ("Pacific/Kiritimati", "America/St_Johns", "Europe/Berlin")
NO_CONTENT = HTTPStatus.NO_CONTENT
LINE = re.compile(r"^ +([-+~]+) +(?:[│├└─ ]*)(\S+:\S+) (\S+) (?:create|update|delete|replace)", re.MULTILINE)
UNORDERED = ("members", "rotations", "alertTags", "teams")
"""Lists inside of objects whose order says nothing; that of layers, rules and participants says who is paged."""


@dataclass
class Mirror:
    """Stands between the plugins and an account; `turned`, it gives every list whose order says nothing backwards."""

    account: str
    turned: bool = False
    url: str = ""
    client: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=60))

    def answer(self, body: bytes) -> bytes:
        """Return an answer's body, its rows turned round where that is asked for."""
        if not self.turned or not body:
            return body
        return json.dumps(_turned(json.loads(body), depth=0)).encode()


def _turned(value: Any, depth: int, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _turned(inner, depth + 1, key) for key, inner in value.items()}
    if isinstance(value, list):
        rows = [_turned(each, depth + 1) for each in value]
        return rows[::-1] if depth == 1 or name in UNORDERED else rows
    return value


def _serve(mirror: Mirror) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name: text for name, text in self.headers.items() if name.lower() != "host"}
            found = mirror.client.request(self.command, mirror.account + self.path, headers=headers, content=body)
            content = mirror.answer(found.content) if self.command == "GET" else found.content
            self.send_response(found.status_code)
            self.send_header("content-type", found.headers.get("content-type", "application/json"))
            if found.status_code != NO_CONTENT:
                self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    mirror.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@dataclass(frozen=True)
class Quiet:
    """A stack after its `up`, and the mirrors before its accounts."""

    engine: Engine
    mirrors: tuple[Mirror, ...]
    sandbox: Sandbox

    def move_to(self, instant: str) -> None:
        """Move every clock there is: the stack's, both plugins', and the accounts'."""
        text = self.engine.config_file.read_text()
        before = re.search(r'now: "(.*)"', text)
        assert before is not None
        self.engine.config_file.write_text(text.replace(before[1], instant))
        self.engine.environment |= dict.fromkeys(("ONCALL_PLUGIN_NOW", "SANDBOX_PLUGIN_NOW"), instant)
        self.sandbox.advance((parse_instant(instant) - parse_instant(before[1])).total_seconds())


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quiet]:
    home = tmp_path_factory.mktemp("quiet")
    inventory = home / "inventory.yaml"
    inventory.write_text(make(3, 2) + ENDING)
    with running_sandbox("--now", NOW) as sandbox:
        sandbox.seed(known_users(load_inventory(inventory, parse_instant(NOW))))
        mirrors = (Mirror(sandbox.pagerduty), Mirror(sandbox.opsgenie))
        servers = [_serve(mirror) for mirror in mirrors]
        settings = (ROOT / "stacks" / "Pulumi.sandbox.yaml").read_text()
        settings = settings.replace("http://127.0.0.1:8911", mirrors[0].url)
        settings = settings.replace("http://127.0.0.1:8912", mirrors[1].url)
        settings += (
            f"  oncall-as-code:inventory: {inventory}\n"
            f"  oncall-as-code:bridgeDirectory: {home / 'bridge'}\n"
            f'  oncall-as-code:now: "{NOW}"\n'
        )
        engine = Engine(ROOT, home, settings)
        engine.start()
        engine.up()
        yield Quiet(engine, mirrors, sandbox)
        for server in servers:
            server.shutdown()
            server.server_close()


def test_nothing_is_to_be_done_at_once(quiet: Quiet) -> None:
    assert quiet.engine.preview().changes == 0


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_of_the_machine_does_not_matter(quiet: Quiet, zone: str) -> None:
    quiet.engine.environment["TZ"] = zone
    try:
        assert quiet.engine.preview().changes == 0
    finally:
        del quiet.engine.environment["TZ"]


def test_the_order_of_the_vendors_lists_does_not_matter(quiet: Quiet) -> None:
    for mirror in quiet.mirrors:
        mirror.turned = True
    try:
        refreshed = quiet.engine.refresh().changes
        previewed = quiet.engine.preview().changes
    finally:
        for mirror in quiet.mirrors:
            mirror.turned = False

    assert (refreshed, previewed) == (0, 0)


def test_a_day_later_nothing_is_to_be_done(quiet: Quiet) -> None:
    quiet.move_to("2026-11-22T12:00:00Z")

    assert touched(quiet.engine.preview().text) == []
    assert quiet.engine.preview("--refresh").changes == 0


def test_a_year_later_only_what_has_ended_is_let_go(quiet: Quiet) -> None:
    quiet.move_to("2027-11-21T12:00:00Z")

    assert touched(quiet.engine.preview().text) == [
        "- oncall:opsgenie:Maintenance 2026-12-01/opsgenie/team-002",
        "- oncall:opsgenie:Rotation team-001/primary/weekly/2026-09-28",
        "- oncall:opsgenie:Rotation team-002/primary/weekly/2026-09-28",
        "- oncall:opsgenie:ScheduleOverride team-001/primary/2026-11-25/p001-c",
        "- oncall:opsgenie:ScheduleOverride team-002/primary/2026-11-25/p002-c",
        "- oncall:pagerduty:MaintenanceWindow 2026-12-01/team-002/author",
        "- oncall:pagerduty:ScheduleOverride team-000/primary/2026-11-25/p000-c",
        "- oncall:pagerduty:ScheduleOverride team-002/primary/2026-11-25/p002-c",
        "~ pagerduty:index:Schedule team-000/primary",
        "~ pagerduty:index:Schedule team-002/primary",
    ]


def test_with_a_refresh_not_even_that_is_to_be_done_nor_sent(quiet: Quiet) -> None:
    sent = len(quiet.sandbox.journal())

    previewed = quiet.engine.preview("--refresh").changes
    done = quiet.engine.up("--refresh").changes

    assert (previewed, done, quiet.engine.preview().changes) == (0, 0, 0)
    assert {call["method"] for call in quiet.sandbox.journal()[sent:]} == {"GET"}


def touched(text: str) -> list[str]:
    """Return what a preview would touch: how, type and name, sorted."""
    return sorted(f"{sign} {kind} {name}" for sign, kind, name in LINE.findall(text))
