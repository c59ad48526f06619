"""What the tests of the sandbox share: a sandbox in process at a fixed instant, and a driver for its PagerDuty."""

import asyncio
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.core import Clock, Core, Gate, instant_text
from sandbox.server import Sandbox

# A Monday, 10:00 in Berlin; the clock of the machine plays no part in it.
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOKEN = {"authorization": "Token token=sandbox-token-pdpdpd"}
WEEK = 604800


REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference"


def _module(name: str) -> Any:
    """Load a module of this folder: test folders are no packages."""
    spec = importlib.util.spec_from_file_location(f"sandbox_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def judging() -> Any:
    """The module of the judge."""
    return _module("judge")


@pytest.fixture(scope="session")
def judge(judging: Any) -> Any:
    """The judge with the vendors' official descriptions, None where they are not at hand."""
    if not REFERENCE.is_dir():
        return None
    descriptions = [
        judging.Description("pagerduty", REFERENCE / "pagerduty-rest.openapi.json"),
        judging.Description("pagerduty", REFERENCE / "pagerduty-events-v2.openapi.json", "/v2"),
        judging.Description("opsgenie", REFERENCE / "opsgenie.swagger2.json"),
    ]
    return judging.Judge(descriptions, _module("slips").SLIPS)


@pytest.fixture(autouse=True)
def judged(judge: Any, judging: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold all that passes the gate in any test of the sandbox against the vendors' descriptions."""
    if judge is None:
        yield
        return
    complaints: set[str] = set()
    passed = Gate.__call__

    async def listened(gate: Gate, scope: Scope, receive: Receive, send: Send) -> None:
        sent, answered, status = b"", b"", 0

        async def hear() -> Message:
            nonlocal sent
            message = await receive()
            sent += message.get("body", b"")
            return message

        async def say(message: Message) -> None:
            nonlocal answered, status
            status = message.get("status", status)
            answered += message.get("body", b"")
            await send(message)

        await passed(gate, scope, hear, say)
        if gate._core.journal.since()["entries"][-1].get("fault"):
            return
        exchange = judging.Exchange(
            vendor=gate._vendor.name,
            method=scope["method"],
            # As it was sent: an encoded slash belongs to its part of the path.
            path=re.sub(r"/{2,}", "/", scope["raw_path"].decode("ascii").partition("?")[0]).rstrip("/"),
            query=tuple(name for name, _ in parse_qsl(scope["query_string"].decode(), keep_blank_values=True)),
            sent=_json(sent),
            status=status,
            answered=_json(answered),
        )
        complaints.update(judge.complaints(exchange))

    monkeypatch.setattr(Gate, "__call__", listened)
    yield
    judge.files.add(request.node.path.name)
    if complaints:
        said = "\n".join(sorted(complaints))
        pytest.fail(
            f"not as the vendor describes; mend it, or enter it in slips.py with its reason:\n{said}", pytrace=False
        )


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests that look back on all others come last."""
    items.sort(key=lambda item: "after_all" in item.name and item.path.name == "test_spec.py")


class LocalClient:
    """Sends requests to an ASGI application in this process, one at a time."""

    def __init__(self, app: ASGIApp, headers: dict[str, str] | None = None) -> None:
        self._app = app
        self._headers = headers or {}

    def request(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path, headers=self._headers | (headers or {}), **more)

        return asyncio.run(send())

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)


@pytest.fixture
def sandbox() -> Sandbox:
    # The machine's time stands still, so that an instant in a test is exact however slow the machine is.
    return Sandbox(core=Core(clock=Clock(START, real=lambda: START)))


@pytest.fixture
def page(sandbox: Sandbox) -> LocalClient:
    return LocalClient(sandbox.app("page"))


class PagerDutyDriver:
    """Calls the sandbox's PagerDuty as a client does, with short ways to make the usual objects."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.account = sandbox.vendors["pagerduty"].account  # type: ignore[attr-defined]
        self.http = LocalClient(sandbox.app("pagerduty"), TOKEN)

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        answer = self.http.get(path, params=query)
        assert answer.status_code == status, answer.text
        return answer.json()

    def send(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        answer = self.http.request(method, path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def errors(self, method: str, path: str, body: Any = None) -> list[str]:
        return self.send(method, path, body, 400)["error"]["errors"]

    def move(self, **parts: float) -> None:
        self.sandbox.core.clock.advance(timedelta(**parts).total_seconds())
        self.sandbox.advance()

    def move_to(self, text: str) -> None:
        self.sandbox.core.clock.set(datetime.fromisoformat(text))
        self.sandbox.advance()

    def user(self, name: str) -> str:
        email = f"{name}@acme.example"
        self.sandbox.seed({"pagerduty": {"users": [{"name": name, "email": email}]}})
        return next(user.id for user in self.account.users.values() if user.email == email)

    def team(self, name: str = "Platform") -> str:
        return self.send("POST", "/teams", {"team": {"name": name}}, 201)["team"]["id"]

    def layer(self, *users: str, start: str | None = None, turn: int = WEEK, **more: Any) -> dict[str, Any]:
        begin = start or instant_text(START)
        return {
            "name": "layer",
            "start": begin,
            "end": None,
            "rotation_virtual_start": begin,
            "rotation_turn_length_seconds": turn,
            "users": [{"user": {"id": user, "type": "user"}} for user in users],
        } | more

    def schedule_body(self, *layers: dict[str, Any], name: str = "Primary", **more: Any) -> dict[str, Any]:
        body = {"name": name, "time_zone": "Europe/Berlin", "description": "x", "schedule_layers": list(layers)}
        return {"schedule": body | more}

    def schedule(self, *layers: dict[str, Any], **more: Any) -> str:
        return self.send("POST", "/schedules", self.schedule_body(*layers, **more), 201)["schedule"]["id"]

    def rendered(self, schedule: str, since: str, until: str) -> list[tuple[str, str, str]]:
        """Who holds a schedule when, as (start, end, name)."""
        answer = self.get(f"/schedules/{schedule}", since=since, until=until)["schedule"]
        entries = answer["final_schedule"]["rendered_schedule_entries"]
        return [(one["start"], one["end"], one["user"]["summary"]) for one in entries]

    def policy_body(self, *rules: tuple[int, list[str]], name: str = "EP", **more: Any) -> dict[str, Any]:
        sent = [
            {"escalation_delay_in_minutes": delay, "targets": [self._target(key) for key in keys]}
            for delay, keys in rules
        ]
        return {"escalation_policy": {"name": name, "num_loops": 0, "escalation_rules": sent} | more}

    def _target(self, key: str) -> dict[str, str]:
        return {"id": key, "type": "schedule_reference" if key in self.account.schedules else "user_reference"}

    def policy(self, *rules: tuple[int, list[str]], **more: Any) -> str:
        body = self.policy_body(*rules, **more)
        return self.send("POST", "/escalation_policies", body, 201)["escalation_policy"]["id"]

    def service_body(self, policy: str, name: str = "weather", **more: Any) -> dict[str, Any]:
        body = {
            "name": name,
            "escalation_policy": {"id": policy, "type": "escalation_policy_reference"},
            "acknowledgement_timeout": None,
            "auto_resolve_timeout": None,
        }
        return {"service": body | more}

    def service(self, policy: str, **more: Any) -> str:
        return self.send("POST", "/services", self.service_body(policy, **more), 201)["service"]["id"]

    def integration(self, service: str) -> str:
        """Add an Events API v2 integration to a service, and return its key."""
        body = {"integration": {"name": "AliveMCP", "type": "events_api_v2_inbound_integration"}}
        return self.send("POST", f"/services/{service}/integrations", body, 201)["integration"]["integration_key"]

    def paged_service(self, *rules: tuple[int, list[str]], loops: int = 0, **more: Any) -> str:
        """Make policy, service and integration, and return the routing key."""
        return self.integration(self.service(self.policy(*rules, num_loops=loops), **more))

    def event(self, key: str, action: str = "trigger", dedup: str = "k", status: int = 202, **more: Any) -> Any:
        payload = {"summary": "weather is down", "source": "alivemcp", "severity": "critical"} | more
        body = {"routing_key": key, "event_action": action, "dedup_key": dedup, "payload": payload}
        return self.send("POST", "/v2/enqueue", body, status)

    def incidents(self) -> list[dict[str, Any]]:
        return self.get("/incidents", date_range="all")["incidents"]

    def incident(self) -> dict[str, Any]:
        """The one incident there is."""
        (incident,) = self.incidents()
        return incident

    def assigned(self) -> list[str]:
        return [one["assignee"]["summary"] for one in self.incident()["assignments"]]

    def told(self) -> list[tuple[str, str, str]]:
        """Whom the account told: (minutes and seconds since the start of the test, who, how)."""
        incidents = reversed(self.sandbox.state()["pagerduty"]["incidents"])
        return [
            (str(datetime.fromisoformat(one["at"]) - START), one["who"], one["how"])
            for incident in incidents
            for one in incident["notifications"]
        ]


@pytest.fixture
def pagerduty(sandbox: Sandbox) -> PagerDutyDriver:
    return PagerDutyDriver(sandbox)
