"""A stateful stub of both vendors' event APIs with faults on demand, and the real bridge in workerd before it."""

import contextlib
import hashlib
import hmac
import itertools
import json
import re
import socket
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from oncall.bridge.config import BridgeConfig, Delivery, Limits, Raise, Route, Target
from oncall.bridge.render import render
from oncall.cli.workerd import RunningBridge, find_workerd, start_bridge, start_config
from tests.conftest import NO_WORKERD

SECRET = "3f9a1c5e7b2d4f6081a3c5e7092b4d6f"

# What takes seconds or minutes outside takes milliseconds here.
FAST = Limits(
    call_timeout_ms=400,
    retry_first_ms=30,
    retry_cap_ms=120,
    retry_after_cap_ms=2000,
    confirm_after_ms=30,
    confirm_within_ms=250,
    test_resolve_ms=300,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = find_workerd() is None
    for item in items:
        if item.get_closest_marker("worker") and missing:
            item.add_marker(pytest.mark.skip(reason=NO_WORKERD))


# ---------------------------------------------------------------- the vendors


@dataclass
class Call:
    """One request that reached a vendor."""

    host: str
    path: str
    key: str
    action: str
    dedup: str
    body: dict[str, Any]
    status: int
    at: float


@dataclass(repr=False)
class Vendors:
    """PagerDuty Events v2 and OpsGenie alerts, as far as their rules decide who is paged."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    open: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)  # (key, dedup) -> trigger's body
    opened: list[tuple[str, str]] = field(default_factory=list)
    faults: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    refused_keys: set[str] = field(default_factory=set)
    failing_requests: set[str] = field(default_factory=set)  # dedup keys whose OpsGenie requests fail later
    silent_requests: set[str] = field(default_factory=set)  # ... are never processed
    requests: dict[str, bool] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def script(self, slug: str, *faults: Any) -> None:
        """Queue what the next calls about a slug meet.

        A status, (status, headers), `hang`, `drop` (before it is applied) or `drop-after` (it is applied, the answer
        is lost); when the queue is empty all goes well.
        """
        self.faults[slug].extend(faults)

    def about(self, slug: str, action: str | None = None) -> list[Call]:
        """The calls about a slug so far, in order; only of one action (trigger, resolve, confirm) if given."""
        found = [call for call in self.calls if slug_of(call.dedup) == slug]
        return [call for call in found if action in (None, call.action)]

    def open_keys(self, slug: str) -> list[tuple[str, str]]:
        """(key, dedup key) of what is open about a slug, sorted."""
        return sorted(each for each in self.open if slug_of(each[1]) == slug)

    def opens(self, slug: str) -> int:
        """How often something new was opened about a slug: how often somebody was paged."""
        return sum(1 for _, dedup in self.opened if slug_of(dedup) == slug)

    def wait(self, condition: Callable[[], Any], seconds: float = 8.0) -> None:
        """Wait until a condition holds."""
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                shown = "\n".join(
                    f"{call.action} {call.dedup} {call.key} -> {call.status}" for call in self.calls[-12:]
                )
                raise AssertionError(f"not within {seconds} s; the last calls were:\n{shown}")
            time.sleep(0.01)

    def apply(self, host: str, path: str, headers: dict[str, str], body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Do what the vendor would do: status and answer."""
        if host.startswith("events."):
            return self._pagerduty(body)
        key = headers.get("authorization", "").removeprefix("GenieKey ")
        if key in self.refused_keys:
            return 401, {"message": "Key is not valid"}
        if path == "/v2/alerts":
            return self._create(key, body)
        alias = path.split("/")[3]
        return self._accepted(alias, "close", self.open.pop((key, alias), None) is not None)

    def _pagerduty(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        key, dedup = body["routing_key"], body.get("dedup_key", "")
        if key in self.refused_keys or not re.fullmatch(r"[0-9a-zA-Z]{32}", key) or not 0 < len(dedup) <= 255:
            return 400, {"status": "invalid event", "message": "Event object is invalid", "errors": ["routing_key"]}
        if body["event_action"] == "resolve":
            self.open.pop((key, dedup), None)
        else:
            payload = body["payload"]
            sound = 0 < len(payload["summary"]) <= 1024 and payload["severity"] in {
                "critical",
                "error",
                "warning",
                "info",
            }
            if not sound or not all(link.get("href") for link in body.get("links", [])):
                return 400, {"status": "invalid event", "message": "Event object is invalid", "errors": ["payload"]}
            self._opened(key, dedup, body)
        return 202, {"status": "success", "message": "Event processed", "dedup_key": dedup}

    def _create(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if not 0 < len(body["message"]) <= 130 or len(body.get("description", "")) > 15000 or len(body["tags"]) > 20:
            return 422, {"message": "Unprocessable"}
        if body["alias"] not in self.failing_requests:
            self._opened(key, body["alias"], body)
        return self._accepted(body["alias"], "create", body["alias"] not in self.failing_requests)

    def _accepted(self, alias: str, action: str, success: bool) -> tuple[int, dict[str, Any]]:
        request_id = f"{action}:{alias}:{len(self.requests)}"
        self.requests[request_id] = success
        return 202, {"result": "Request will be processed", "took": 0.01, "requestId": request_id}

    def _opened(self, key: str, dedup: str, body: dict[str, Any]) -> None:
        if (key, dedup) not in self.open:
            self.open[key, dedup] = body
            self.opened.append((key, dedup))

    def requested(self, request_id: str) -> tuple[int, dict[str, Any]]:
        """What became of an accepted OpsGenie request."""
        if request_id.split(":")[1] in self.silent_requests:
            return 404, {"message": "Request not found. It might not be processed, yet."}
        success = self.requests[request_id]
        return 200, {"data": {"success": success, "isSuccess": success, "status": "x"}, "took": 0.01, "requestId": "r"}


def slug_of(dedup: str) -> str:
    """The slug in a dedup key of any part."""
    text = dedup.removeprefix("alivemcp-").removeprefix("test-")
    return text.removesuffix("-raised").removesuffix("-unrecovered")


def _handler(vendors: Vendors) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: no 40 ms for a delayed acknowledgement

        def do_GET(self) -> None:
            request_id = self.path.removeprefix("/v2/alerts/requests/").replace("%3A", ":")
            key = self.headers.get("authorization", "")
            with vendors.lock:
                status, answer = vendors.requested(request_id)
                self._note(key, "confirm", request_id.split(":")[1], {}, status)
            self._answer(status, answer)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            path = self.path.split("?")[0]
            genie = headers.get("authorization", "").removeprefix("GenieKey ")
            closing = path.endswith("/close")
            dedup = body.get("dedup_key") or body.get("alias") or path.split("/")[3]
            action = body.get("event_action") or ("resolve" if closing else "trigger")
            with vendors.lock:
                queue = vendors.faults[slug_of(dedup)]
                fault = queue.pop(0) if queue else None
                status, answer = 0, {}
                if fault in (None, "drop-after"):
                    status, answer = vendors.apply(self.headers["host"], path, headers, body)
                elif isinstance(fault, int | tuple):
                    status, answer = fault if isinstance(fault, tuple) else (fault, {})
                self._note(body.get("routing_key") or genie, action, dedup, body, status)
            if fault == "hang":
                time.sleep(0.9)
            if fault in ("hang", "drop", "drop-after"):
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if isinstance(fault, tuple):
                self._answer(status, {"message": "no"}, answer)
            else:
                self._answer(status, answer)

        def _note(self, key: str, action: str, dedup: str, body: dict[str, Any], status: int) -> None:
            host = self.headers["host"]
            vendors.calls.append(Call(host, self.path, key, action, dedup, body, status, time.monotonic()))

        def _answer(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Say nothing on the terminal."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A connection that a killed bridge left behind is no news."""


@pytest.fixture(scope="session")
def vendors() -> Iterator[Vendors]:
    """One stub for the whole session: tests keep apart by their slugs."""
    state = Vendors()
    server = _Server(("127.0.0.1", 0), _handler(state))
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


# ---------------------------------------------------------------- the bridge


def key_of(key_id: str) -> str:
    """A key in its vendor's form, made from its id."""
    digest = hashlib.sha256(key_id.encode()).hexdigest()
    return digest[:32] if key_id.startswith("pagerduty/") else f"{digest[:8]}-{digest[8:12]}-4000-8000-{digest[12:24]}"


def make_config(**changes: Any) -> BridgeConfig:
    """Three teams: platform at PagerDuty (and fallback), edge at OpsGenie, mover on both with OpsGenie second."""

    def pagerduty(team: str, tier: str) -> Delivery:
        return Delivery(target="pagerduty", key=f"pagerduty/{team}/{tier}")

    def opsgenie(team: str) -> Delivery:
        return Delivery(target="opsgenie", key=f"opsgenie/{team}", responder=team.title())

    def route(team: str, tier: str, *deliveries: Delivery, **more: Any) -> Route:
        return Route(team=team, tier=tier, severity=tiers[tier], deliveries=deliveries, **more)

    tiers: dict[str, Any] = {"internal": "critical", "author": "high", "thirdparty": "medium"}
    quiet = "platform/thirdparty"
    routes = {
        "platform/internal": route("platform", "internal", pagerduty("platform", "internal"), notice=quiet),
        "platform/author": route("platform", "author", pagerduty("platform", "author"), notice=quiet),
        "platform/thirdparty": route(
            "platform",
            "thirdparty",
            pagerduty("platform", "thirdparty"),
            notice=quiet,
            raised=Raise(after_seconds=1800, route="platform/internal"),
        ),
        "edge/internal": route("edge", "internal", opsgenie("edge"), notice="edge/internal"),
        "edge/thirdparty": route(
            "edge", "thirdparty", opsgenie("edge"), raised=Raise(after_seconds=1800, route="edge/internal")
        ),
        "mover/author": route("mover", "author", pagerduty("mover", "author"), opsgenie("mover")),
        "server/own-mcp": route("platform", "internal", Delivery(target="pagerduty", key="pagerduty/server/own-mcp")),
    }
    values: dict[str, Any] = {
        "targets": {"pagerduty": Target(vendor="pagerduty"), "opsgenie": Target(vendor="opsgenie")},
        "tiers": tiers,
        "routes": routes,
        "teams": {
            "platform": {tier: f"platform/{tier}" for tier in tiers},
            "edge": {"internal": "edge/internal", "thirdparty": "edge/thirdparty"},
            "mover": {"author": "mover/author"},
        },
        "servers": {"weather-mcp": "platform/internal", "own-mcp": "server/own-mcp", "maps-mcp": "edge/thirdparty"},
        "fallback": "platform",
        "limits": FAST,
        "key_slots": 2,
    }
    return BridgeConfig(**(values | changes))


def secrets_for(config: BridgeConfig) -> dict[str, str]:
    """The bridge's secrets, the keys spread over two slots."""
    ids = config.key_ids
    shards = [{key_id: key_of(key_id) for key_id in ids[part::2]} for part in range(2)]
    return {"WEBHOOK_SECRET": SECRET, **{f"KEYS_{slot}": json.dumps(keys) for slot, keys in enumerate(shards)}}


_HAS_LANE = "SELECT 1 FROM lane WHERE lane = ?"


def _select(file: Path, statement: str, lane: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as database:
        try:
            return database.execute(statement, (lane,)).fetchall()
        except sqlite3.OperationalError as fault:
            if "no such table" in str(fault):  # the runtime's own database
                return []
            raise


class Bridge:
    """A running bridge with its disk: post to it, look into it, crash it, deploy another table to it."""

    def __init__(self, folder: Path, vendors: Vendors, config: BridgeConfig, secrets: dict[str, str]) -> None:
        self.folder, self.vendors, self.config, self.secrets = folder, vendors, config, secrets
        self.client = httpx.Client(timeout=10, trust_env=False)
        self.running: RunningBridge | None = None
        self.files: dict[str, Path] = {}
        self.start()

    def start(self) -> None:
        """Write the bundle and start it on the disk of before."""
        bundle = self.folder / "bundle"
        bundle.mkdir(exist_ok=True)
        for name, text in render(self.config).items():
            (bundle / name).write_text(text, encoding="utf-8")
        self.running = start_bridge(
            bundle,
            disk=self.folder / "state",
            vendors=f"127.0.0.1:{self.vendors.port}",
            secrets=self.secrets,
            log=self.folder / "bridge.log",
        )

    def deploy(self, config: BridgeConfig, secrets: dict[str, str] | None = None) -> None:
        """Replace the table (and secrets) as a deployment does."""
        assert self.running is not None
        self.running.stop()
        self.config, self.secrets = config, secrets or secrets_for(config)
        self.start()

    def crash(self) -> None:
        """SIGKILL and start again on the same disk."""
        assert self.running is not None
        self.running.kill()
        self.start()

    @property
    def url(self) -> str:
        assert self.running is not None
        return self.running.url

    def post(
        self, body: Any, *, path: str = "/alivemcp", headers: dict[str, str | None] | None = None
    ) -> httpx.Response:
        """Send a body (bytes as they are, else as JSON), signed; a header of None is left out."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"content-type": "application/json", "x-alivemcp-signature": sign(raw)} | (headers or {})
        present = {name: value for name, value in sent.items() if value is not None}
        return self.client.post(self.url + path, content=raw, headers=present)

    def send(self, kind: str, slug: str, **fields: Any) -> str:
        """Send `triggered` or `resolved` about a slug; the word the bridge answers."""
        answer = self.post({"type": f"alert.{kind}", "server_slug": slug, **fields})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["status"])

    def trigger(self, slug: str, **fields: Any) -> str:
        """An outage of a server of platform's internal tier, unless told otherwise."""
        named = {"server_name": slug.title(), "server_owner_team": "platform", "server_tier": "internal"}
        return self.send("triggered", slug, **(named | fields))

    def resolve(self, slug: str, **fields: Any) -> str:
        """The recovery of a server."""
        return self.send("resolved", slug, **fields)

    def query(self, lane: str, statement: str) -> list[tuple[Any, ...]]:
        """What the shard of a lane answers to a statement whose one parameter is the lane."""
        if lane not in self.files:
            self.files[lane] = next(file for file in self._databases() if _select(file, _HAS_LANE, lane))
        return _select(self.files[lane], statement, lane)

    def _databases(self) -> list[Path]:
        return sorted((self.folder / "state").rglob("*.sqlite"))

    def history(self, lane: str) -> list[str]:
        """The words of the transition log of a lane."""
        statement = "SELECT what FROM transition JOIN incident USING (seq) WHERE lane = ? ORDER BY number"
        return [what for (what,) in self.query(lane, statement)]

    def settle(self, lane: str) -> None:
        """Wait until nothing is left to be done for a lane."""
        statement = "SELECT 1 FROM delivery WHERE lane = ? AND pending = 1 AND repeat_at IS NULL"
        self.vendors.wait(lambda: self.query(lane, statement) == [])

    def log(self) -> str:
        return (self.folder / "bridge.log").read_text(encoding="utf-8")

    def close(self) -> None:
        assert self.running is not None
        self.running.stop()
        self.client.close()


def sign(body: bytes, secret: str = SECRET) -> str:
    """The signature AliveMCP sends: hex HMAC-SHA256 of the raw body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.fixture(scope="session")
def shared_bridge(tmp_path_factory: pytest.TempPathFactory, vendors: Vendors) -> Iterator[Bridge]:
    config = make_config()
    running = Bridge(tmp_path_factory.mktemp("bridge"), vendors, config, secrets_for(config))
    yield running
    running.close()


@pytest.fixture
def bridge(shared_bridge: Bridge) -> Bridge:
    """The bridge all tests share; each keeps to slugs of its own."""
    return shared_bridge


@pytest.fixture
def new_bridge(tmp_path: Path, vendors: Vendors) -> Iterator[Callable[..., Bridge]]:
    """Start a bridge of one's own: `new_bridge(config=, secrets=)`."""
    started: list[Bridge] = []

    def start(config: BridgeConfig | None = None, secrets: dict[str, str] | None = None) -> Bridge:
        config = config or make_config()
        folder = tmp_path / f"bridge{len(started)}"
        folder.mkdir()
        started.append(Bridge(folder, vendors, config, secrets_for(config) if secrets is None else secrets))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture(scope="session")
def _slugs() -> Iterator[int]:
    return itertools.count(1)


@pytest.fixture
def slug(_slugs: Iterator[int]) -> str:
    """A slug no other test uses."""
    return f"mcp{next(_slugs)}"


@pytest.fixture(scope="session")
def signer() -> Callable[..., str]:
    """`sign(body, secret)`."""
    return sign


@pytest.fixture(scope="session")
def key() -> Callable[[str], str]:
    """The key behind a key id."""
    return key_of


@pytest.fixture(scope="session")
def config_of() -> Callable[..., BridgeConfig]:
    """The tests' config with changes."""
    return make_config


@pytest.fixture(scope="session")
def secrets_of() -> Callable[[BridgeConfig], dict[str, str]]:
    """The secrets that go with a config."""
    return secrets_for


# ---------------------------------------------------------------- the pure modules

_PROBE_CONFIG = """
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "probe", worker = .probe)],
  sockets = [(name = "probe", address = "127.0.0.1:0", http = (), service = "probe")],
);
const probe :Workerd.Worker = (
  modules = [(name = "probe.js", esModule = embed "probe.js"), MODULES],
  compatibilityDate = "2026-11-17",
);
"""


@pytest.fixture(scope="session")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """Call a function of a pure module in workerd: `call("core", "shardOf", "weather-mcp")`."""
    folder = tmp_path_factory.mktemp("probe")
    files = render(make_config())
    pure = ["core", "delivery", "incident", "opsgenie", "pagerduty", "route", "secrets", "signature", "text"]
    for name in pure:
        (folder / f"{name}.js").write_text(files[f"{name}.js"], encoding="utf-8")
    (folder / "probe.js").write_text((Path(__file__).parent / "probe.js").read_text("utf-8"), encoding="utf-8")
    modules = ", ".join(f'(name = "{name}.js", esModule = embed "{name}.js")' for name in pure)
    (folder / "probe.capnp").write_text(_PROBE_CONFIG.replace("MODULES", modules), encoding="utf-8")
    sockets = {"probe": "127.0.0.1:0"}
    with (
        start_config(folder / "probe.capnp", disk=folder / "disk", sockets=sockets, secrets={}) as running,
        httpx.Client(timeout=10, trust_env=False) as client,
    ):

        def ask(module: str, function: str, *arguments: Any) -> Any:
            asked = {"module": module, "function": function, "arguments": arguments}
            answer = client.post(f"http://127.0.0.1:{running.ports['probe']}/", json=asked)
            assert answer.status_code == 200, answer.text
            return answer.json().get("result")

        yield ask
