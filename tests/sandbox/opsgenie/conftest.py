"""What the tests of the sandbox's OpsGenie share: an account at a fixed instant and a driver that calls it."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sandbox.core import Clock, Core, Gate
from sandbox.opsgenie import ACCOUNT_KEY, OpsGenie, Switches
from sandbox.opsgenie.courier import Outcome, Post

# A Monday, 10:00 in Berlin. The machine's clock moves it only by the test's own running time.
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE = ("ana", "bo", "cy")


class Office:
    """A courier that keeps what it is given and answers it with the outcomes laid out, then with 200."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.outcomes: list[Outcome] = []

    def post(self, post: Post, /) -> None:
        self.posts.append(post)
        post.done(self.outcomes.pop(0) if self.outcomes else (200, ""))

    def bodies(self) -> list[Any]:
        return [json.loads(each.body) for each in self.posts]

    def actions(self) -> list[str]:
        return [each["action"] for each in self.bodies()]


class Driver:
    """Calls the sandbox's OpsGenie as a client does, with short ways to make the usual objects."""

    def __init__(self, switches: Switches | None = None) -> None:
        self.core = Core(clock=Clock(START))
        self.office = Office()
        self.vendor = OpsGenie(self.core, switches, courier=self.office)
        self.gate = Gate(self.vendor, self.core)
        self.vendor.seed(
            {"users": [{"username": f"{name}@acme.example", "fullName": name.capitalize()} for name in PEOPLE]}
        )

    def http(
        self, method: str, path: str, body: Any = None, key: str | None = ACCOUNT_KEY, **more: Any
    ) -> httpx.Response:
        headers = {"authorization": f"GenieKey {key}"} if key else {}
        headers |= more.pop("headers", {})

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.gate)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path, json=body, headers=headers, **more)

        return asyncio.run(send())

    def send(self, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        answer = self.http(method, path, body, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path: str, **more: Any) -> Any:
        return self.send("GET", path, **more)["data"]

    def make(self, path: str, body: Any, **more: Any) -> Any:
        return self.send("POST", path, body, 201, **more)["data"]

    def refusal(self, method: str, path: str, body: Any = None, status: int = 422, **more: Any) -> str:
        return self.send(method, path, body, status, **more)["message"]

    def move(self, **parts: float) -> None:
        self.core.clock.advance(timedelta(**parts).total_seconds())
        self.vendor.advance(self.core.clock.now())

    def move_to(self, text: str) -> None:
        self.core.clock.set(datetime.fromisoformat(text))
        self.vendor.advance(self.core.clock.now())

    # --- the usual objects ---

    def team(self, name: str = "Edge", *members: str) -> str:
        users = [{"user": {"username": f"{each}@acme.example"}} for each in members]
        return self.make("/v2/teams", {"name": name, "members": users})["id"]

    def default_rule(self, team: str) -> dict[str, Any]:
        return self.get(f"/v2/teams/{team}/routing-rules")[-1]

    def schedule(self, *rotations: dict[str, Any], name: str = "sun", **more: Any) -> str:
        body = {"name": name, "timezone": "Europe/Berlin", "rotations": list(rotations)} | more
        return self.make("/v2/schedules", body)["id"]

    def rotation(self, *people: str, **more: Any) -> dict[str, Any]:
        participants = [{"type": "user", "username": f"{each}@acme.example"} for each in people]
        return {
            "name": "weekly",
            "startDate": "2026-03-02T09:00:00+01:00",
            "type": "weekly",
            "length": 1,
            "participants": participants,
        } | more

    def rule(self, minutes: int, recipient: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {
            "condition": "if-not-acked",
            "notifyType": "default",
            "delay": {"timeAmount": minutes},
            "recipient": recipient,
        } | more

    def user(self, name: str) -> dict[str, str]:
        return {"type": "user", "username": f"{name}@acme.example"}

    def escalation(self, *rules: dict[str, Any], name: str = "steps", **more: Any) -> str:
        return self.make("/v2/escalations", {"name": name, "rules": list(rules)} | more)["id"]

    def routed_team(self, *rules: dict[str, Any], **more: Any) -> str:
        """Make a team whose default routing rule goes to an escalation of these rules."""
        team = self.team()
        notify = {"type": "escalation", "id": self.escalation(*rules, **more)}
        self.send("PATCH", f"/v2/teams/{team}/routing-rules/{self.default_rule(team)['id']}", {"notify": notify})
        return team

    def key(self, team: str | None = None, name: str = "bridge", **more: Any) -> str:
        body = {"type": "API", "name": name} | ({"ownerTeam": {"id": team}} if team else {}) | more
        return self.make("/v2/integrations", body)["apiKey"]

    def alert(self, key: str = ACCOUNT_KEY, **more: Any) -> str:
        """Create an alert and return the id of its request."""
        body = {"message": "weather is down", "alias": "alivemcp-weather"} | more
        return self.send("POST", "/v2/alerts", body, 202, key=key)["requestId"]

    def act(self, action: str, alias: str = "alivemcp-weather", **body: Any) -> str:
        path = f"/v2/alerts/{alias}/{action}?identifierType=alias"
        return self.send("POST", path, body, 202)["requestId"]

    def outcome(self, request: str) -> dict[str, Any]:
        return self.get(f"/v2/alerts/requests/{request}")

    def the_alert(self, alias: str = "alivemcp-weather") -> dict[str, Any]:
        return self.get(f"/v2/alerts/{alias}?identifierType=alias")

    def told(self) -> list[tuple[str, str, str]]:
        """Whom the account told, oldest first: (minutes after the start, who, how)."""
        found = []
        for one in reversed(self.vendor.state()["notifications"]):
            minutes = (datetime.fromisoformat(one["at"]) - START) // timedelta(minutes=1)
            found.append((f"{minutes}m", one["who"], one["how"]))
        return sorted(found, key=lambda each: int(each[0][:-1]))

    def paged(self) -> list[tuple[str, str]]:
        """Like `told`, the push messages only: (minutes after the start, who)."""
        return [(at, who) for at, who, how in self.told() if how == "push"]


@pytest.fixture
def make_opsgenie() -> Callable[..., Driver]:
    """Makes a driver of an account with some switches set."""
    return lambda **switches: Driver(Switches(**switches))


@pytest.fixture
def opsgenie() -> Driver:
    return Driver()
