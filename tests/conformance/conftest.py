"""The sandbox in process, and clients that send what the vendors' own clients send, header by header."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from sandbox.core import Clock, Core
from sandbox.server import Sandbox

# The moment of the recordings of the official plugin: their schedules begin before and after it.
START = datetime(2026, 11, 21, 12, 10, tzinfo=UTC)

_NOTHING = object()


def exchange(app: ASGIApp, method: str, path: str, headers: dict[str, str], content: bytes | None) -> httpx.Response:
    """One request to an application in this process; only the given headers are sent, besides Host and length."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport) as client:
            client.headers.clear()
            return await client.request(method, f"http://127.0.0.1{path}", headers=headers, content=content)

    return asyncio.run(send())


class PagerDutyClient:
    """One half of the official provider (its User-Agent names it); `v3` calls have headers of their own."""

    def __init__(self, app: ASGIApp, half: str) -> None:
        self._app = app
        self._headers = {
            "User-Agent": f"(linux amd64) Terraform/{half}",
            "Accept": "application/vnd.pagerduty+json;version=2",
            "Authorization": "Token token=sandbox-token-pdpdpd",
            "Content-Type": "application/json",
        }

    def answer(self, method: str, path: str, body: Any = _NOTHING) -> httpx.Response:
        """The answer to a call; a body may be {} on a GET too."""
        headers = self._headers
        if path.startswith("/v3/"):
            early = {"Accept": "application/json", "X-Early-Access": "flexible-schedules-early-access"}
            headers = headers | early
        content = None if body is _NOTHING else json.dumps(body, separators=(",", ":")).encode()
        return exchange(self._app, method, path, headers, content)

    def call(self, method: str, path: str, body: Any = _NOTHING, status: int | None = None) -> Any:
        """The JSON of the answer, None where it is empty; the clients take any 2xx where no status is given."""
        answer = self.answer(method, path, body)
        right = answer.is_success if status is None else answer.status_code == status
        assert right, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def errors(self, method: str, path: str, body: Any = _NOTHING) -> list[str]:
        """The `errors` of a refusal (400) as the clients read it: only from an answer whose type is JSON."""
        answer = self.answer(method, path, body)
        assert answer.status_code == 400, f"{method} {path}: {answer.status_code} {answer.text}"
        assert answer.headers["content-type"].startswith("application/json")
        return answer.json()["error"]["errors"]


class Account:
    """The sandbox's PagerDuty through both halves of the official provider, with short ways to the usual objects."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        app = sandbox.app("pagerduty")
        self.sdk = PagerDutyClient(app, "0.11+compatible")
        self.framework = PagerDutyClient(app, "pulumi-terraform-bridge")
        self.users = [self._user(number) for number in range(3)]

    def _user(self, number: int) -> str:
        email = f"u{number}@acme.example"
        self._sandbox.seed({"pagerduty": {"users": [{"name": f"U{number}", "email": email}]}})
        (user,) = self.framework.call("GET", f"/users?query=u{number}%40acme.example")["users"]
        return user["id"]

    def move(self, **parts: float) -> None:
        """Moves the sandbox's clock on."""
        self._sandbox.core.clock.advance(timedelta(**parts).total_seconds())
        self._sandbox.advance()

    def team(self, name: str = "Platform") -> str:
        body = {"team": {"name": name, "description": "Managed"}}
        return self.framework.call("POST", "/teams", body, 201)["team"]["id"]

    def layer(self, *users: str, name: str = "weekly", **more: Any) -> dict[str, Any]:
        """A weekly layer as the provider writes it: the rotation's start in Go's print form."""
        return {
            "end": None,
            "name": name,
            "rotation_turn_length_seconds": 604800,
            "rotation_virtual_start": "2026-11-23 08:00:00 +0000 UTC",
            "start": "2026-11-23T08:00:00Z",
            "users": [{"user": {"id": user, "type": "user"}} for user in users],
            **more,
        }

    def schedule_body(self, *layers: dict[str, Any], **more: Any) -> dict[str, Any]:
        named = {"name": "Primary", "description": "Managed", "time_zone": "Europe/Berlin", "teams": None}
        return {"schedule": {**named, "schedule_layers": list(layers), **more}}

    def schedule(self, *layers: dict[str, Any], **more: Any) -> str:
        body = self.schedule_body(*layers or (self.layer(*self.users[:2]),), **more)
        return self.sdk.call("POST", "/schedules", body, 201)["schedule"]["id"]

    def policy(self, *targets: tuple[str, str], name: str = "EP", team: str | None = None) -> str:
        rules = [
            {"escalation_delay_in_minutes": 5, "targets": [{"id": key, "type": f"{kind}_reference"}]}
            for kind, key in targets
        ]
        teams = [{"id": team, "type": "team_reference"}] if team else None
        body = {"name": name, "description": "x", "num_loops": 2, "teams": teams, "escalation_rules": rules}
        answer = self.sdk.call("POST", "/escalation_policies", {"escalation_policy": body}, 201)
        return answer["escalation_policy"]["id"]

    def service(self, policy: str, name: str = "weather", **more: Any) -> str:
        body = {
            "acknowledgement_timeout": 1800,
            "auto_resolve_timeout": 14400,
            "description": "Managed by Pulumi",
            "escalation_policy": {"id": policy, "type": "escalation_policy_reference"},
            "response_play": None,
            "name": name,
        }
        return self.sdk.call("POST", "/services", {"service": body | more}, 201)["service"]["id"]


class OpsGenieClient:
    """opsgenie-go-sdk-v2 under the official provider: an empty Content-Type on GET and DELETE, extra keys in bodies."""

    def __init__(self, app: ASGIApp, key: str = "11111111-2222-3333-4444-555555555555") -> None:
        self._app = app
        self._key = key

    def answer(self, method: str, path: str, body: Any = _NOTHING) -> httpx.Response:
        """The answer to a call."""
        writes = method not in ("GET", "DELETE")
        headers = {
            "Content-Type": "application/json; charset=utf-8" if writes else "",
            "Accept": "application/json",
            "Authorization": f"GenieKey {self._key}",
            "User-Agent": "opsgenie-go-sdk-1.2.22 go1.21.0 (linux/amd64)",
        }
        # Requests without fields of their own are encoded all the same: `{}`.
        content = json.dumps({} if body is _NOTHING else body).encode() + b"\n" if writes else None
        return exchange(self._app, method, path, headers, content)

    def call(self, method: str, path: str, body: Any = _NOTHING) -> Any:
        """What the SDK makes of a success: `data` where there is one, else the whole; never without a JSON body."""
        answer = self.answer(method, path, body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        parsed = answer.json()
        assert parsed["requestId"]
        assert isinstance(parsed["took"], float)
        return parsed.get("data", parsed)

    def refusal(self, method: str, path: str, body: Any = _NOTHING) -> int:
        """The status of a refusal whose `errors`, if any, is the map of texts that the SDK can read."""
        answer = self.answer(method, path, body)
        assert answer.status_code >= 400, answer.text
        parsed = answer.json()
        assert isinstance(parsed["message"], str)
        assert all(isinstance(text, str) for text in parsed.get("errors", {}).values())
        return answer.status_code


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(core=Core(clock=Clock(START, real=lambda: START)))


@pytest.fixture
def account(sandbox: Sandbox) -> Account:
    return Account(sandbox)


@pytest.fixture
def opsgenie(sandbox: Sandbox) -> OpsGenieClient:
    return OpsGenieClient(sandbox.app("opsgenie"))


@pytest.fixture
def stranger(sandbox: Sandbox) -> OpsGenieClient:
    """A client whose key the account does not know."""
    return OpsGenieClient(sandbox.app("opsgenie"), key="22222222-2222-3333-4444-555555555555")
