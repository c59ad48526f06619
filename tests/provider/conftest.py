"""What the provider's tests share: the sandbox over a loopback port, and the plugin behind its real gRPC server."""

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import grpc
import httpx
import pytest
import uvicorn
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from oncall.clients.base import ApiClient
from oncall.clients.retry import Policy, Retrier
from oncall.provider.convert import from_wire, to_wire
from oncall.provider.host import PlainServicer
from oncall.provider.server import OncallProvider
from sandbox.run import ByPort
from sandbox.server import Sandbox

KINDS = (
    "opsgenie:User",
    "opsgenie:Team",
    "opsgenie:TeamMember",
    "opsgenie:Schedule",
    "opsgenie:Rotation",
    "opsgenie:Escalation",
    "opsgenie:RoutingRule",
    "opsgenie:ApiIntegration",
    "opsgenie:Heartbeat",
    "opsgenie:Contact",
    "opsgenie:NotificationRule",
    "opsgenie:ScheduleOverride",
    "opsgenie:AlertPolicy",
    "opsgenie:NotificationPolicy",
    "opsgenie:Maintenance",
    "opsgenie:Service",
)
KEY = "11111111-2222-3333-4444-555555555555"
TOKEN = "sandbox-token-pdpdpd"
PEOPLE = ("ana@acme.example", "bo@acme.example", "cy@acme.example")
CHANGE = provider_pb2.DiffResponse.DIFF_SOME


class LoopThread:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=30)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(timeout=10)


@pytest.fixture(scope="session")
def loop() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.stop()


@pytest.fixture(scope="session")
def served(loop: LoopThread) -> Iterator[tuple[Sandbox, str]]:
    sandbox = Sandbox()
    yield from serve(loop, sandbox, "opsgenie")


@pytest.fixture(scope="session")
def served_pagerduty(loop: LoopThread, served: tuple[Sandbox, str]) -> Iterator[tuple[Sandbox, str]]:
    yield from serve(loop, served[0], "pagerduty")


def serve(loop: LoopThread, sandbox: Sandbox, vendor: str) -> Iterator[tuple[Sandbox, str]]:
    # With its protocol named: asyncio sets TCP_NODELAY only then, and without it each answer takes 40 ms longer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        app = ByPort({port: sandbox.app(vendor)})
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning", access_log=False))
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]  # not the main thread
        running = asyncio.run_coroutine_threadsafe(server.serve(sockets=[listening]), loop.loop)
        yield sandbox, f"http://127.0.0.1:{port}"
        server.should_exit = True
        running.result(timeout=10)


class Vendor:
    """The account as the vendor holds it, asked for over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"GenieKey {KEY}"}, trust_env=False)

    def get(self, path: str) -> Any:
        answer = self._http.get(path)
        return answer.json()["data"] if answer.is_success else None

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()["data"]

    def post_only(self, path: str, body: dict[str, Any]) -> None:
        answer = self._http.post(path, json=body)
        assert answer.is_success, answer.text

    def patch(self, path: str, body: dict[str, Any]) -> None:
        assert self._http.patch(path, json=body).is_success

    def delete(self, path: str) -> None:
        assert self._http.delete(path).is_success

    def names(self, path: str) -> list[str]:
        rows = self.get(path)
        return [row["name"] for row in (rows["heartbeats"] if isinstance(rows, dict) else rows)]


@pytest.fixture
def vendor(served: tuple[Sandbox, str]) -> Vendor:
    sandbox, url = served
    sandbox.reset()
    sandbox.seed({"opsgenie": {"users": [{"username": name, "fullName": name.split("@")[0]} for name in PEOPLE]}})
    return Vendor(url)


@pytest.fixture
def pagerduty(vendor: Vendor, served_pagerduty: tuple[Sandbox, str]) -> httpx.Client:
    """The account at PagerDuty, with people in it."""
    sandbox, url = served_pagerduty
    people = [{"name": name.split("@")[0], "email": name} for name in PEOPLE]
    sandbox.seed({"pagerduty": {"users": people}})
    return httpx.Client(base_url=url, headers={"Authorization": f"Token token={TOKEN}"}, trust_env=False)


@dataclass
class Line(httpx.BaseTransport):
    """The line to the vendor. It counts requests, and can be told to fail.

    `lose(method, path)`: the vendor does the work, then the answer is lost. `answer(method, path, response)`: the
    vendor is never asked. Each rule is used up by one request.
    """

    requests: list[str] = field(default_factory=list)
    _rules: list[tuple[str, str, Callable[[], httpx.Response] | None]] = field(default_factory=list)
    _inner: httpx.HTTPTransport = field(default_factory=lambda: httpx.HTTPTransport(verify=False))  # plain HTTP

    def lose(self, method: str, path: str) -> None:
        self._rules.append((method, path, None))

    def answer(self, method: str, path: str, status: int, **more: Any) -> None:
        self.answers(method, path, lambda: httpx.Response(status, **more))

    def answers(self, method: str, path: str, response: Callable[[], httpx.Response]) -> None:
        self._rules.append((method, path, response))

    @property
    def all_answered(self) -> bool:
        """Whether every rule was used."""
        return not self._rules

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seen = f"{request.method} {request.url.path}"
        self.requests.append(seen)
        for rule in self._rules:
            method, path, response = rule
            if request.method == method and re.fullmatch(path, request.url.path):
                self._rules.remove(rule)
                if response is not None:
                    return response()
                self._inner.handle_request(request).read()
                raise httpx.ReadTimeout("the answer was lost", request=request)
        return self._inner.handle_request(request)

    def count(self, method: str) -> int:
        return sum(seen.startswith(f"{method} ") for seen in self.requests)


class PluginError(Exception):
    """What the engine would show; `recorded` is the state it would keep."""

    def __init__(self, error: grpc.RpcError) -> None:
        super().__init__(error.details())
        self.recorded: tuple[str, dict[str, Any]] | None = None
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                failed = provider_pb2.ErrorResourceInitFailed()
                status_pb2.Status.FromString(value).details[0].Unpack(failed)
                self.recorded = (failed.id, plain(failed.properties))


def plain(struct: Any) -> dict[str, Any]:
    return from_wire(PropertyValue.unmarshal_map(struct)).values


def struct(values: dict[str, Any], secret: tuple[str, ...] = ()) -> Any:
    return PropertyValue.marshal_map(to_wire(values, secret))


@dataclass
class Object:
    """A resource as the engine holds it."""

    urn: str
    id: str
    inputs: dict[str, Any]
    state: dict[str, Any]


class Plugin:
    """The engine's side: one plugin process, asked over gRPC."""

    def __init__(self, stub: Any, warnings: list[str], line: Line) -> None:
        self._stub = stub
        self.warnings = warnings
        self.line = line

    def _ask(self, method: str, request: Any) -> Any:
        try:
            return getattr(self._stub, method)(request, timeout=30)
        except grpc.RpcError as error:
            raise PluginError(error) from None

    def configure(self, **args: str) -> None:
        self._ask("Configure", provider_pb2.ConfigureRequest(args=struct(args), acceptSecrets=True))

    def check(self, kind: str, inputs: dict[str, Any], name: str = "x") -> dict[str, Any]:
        """The checked inputs, or {"failures": [text]}."""
        answer = self._ask("Check", provider_pb2.CheckRequest(urn=urn_of(kind, name), news=struct(inputs)))
        failures = [f"{each.property}{each.reason}" for each in answer.failures]
        return {"failures": failures} if failures else plain(answer.inputs)

    def preview(self, kind: str, inputs: dict[str, Any], name: str = "x") -> dict[str, Any]:
        request = provider_pb2.CreateRequest(
            urn=urn_of(kind, name), properties=struct(self.check(kind, inputs, name)), preview=True
        )
        return plain(self._ask("Create", request).properties)

    def create(self, kind: str, inputs: dict[str, Any], name: str = "x") -> Object:
        checked = self.check(kind, inputs, name)
        assert "failures" not in checked, checked["failures"]
        urn = urn_of(kind, name)
        answer = self._ask("Create", provider_pb2.CreateRequest(urn=urn, properties=struct(checked)))
        return Object(urn, answer.id, checked, plain(answer.properties))

    def raw_create(self, kind: str, inputs: dict[str, Any], name: str = "x") -> Any:
        checked = self.check(kind, inputs, name)
        return self._ask("Create", provider_pb2.CreateRequest(urn=urn_of(kind, name), properties=struct(checked)))

    def diff(self, held: Object, inputs: dict[str, Any]) -> Any:
        checked = self.check(kind_of(held.urn), inputs)
        assert "failures" not in checked, checked["failures"]
        request = provider_pb2.DiffRequest(id=held.id, urn=held.urn, olds=struct(held.state), news=struct(checked))
        return self._ask("Diff", request)

    def update(self, held: Object, inputs: dict[str, Any], *, preview: bool = False) -> Object:
        checked = self.check(kind_of(held.urn), inputs)
        request = provider_pb2.UpdateRequest(
            id=held.id, urn=held.urn, olds=struct(held.state), news=struct(checked), preview=preview
        )
        return Object(held.urn, held.id, checked, plain(self._ask("Update", request).properties))

    def refresh(self, held: Object) -> Object | None:
        request = provider_pb2.ReadRequest(
            id=held.id, urn=held.urn, properties=struct(held.state), inputs=struct(held.inputs)
        )
        return self._read(request)

    def imported(self, kind: str, given: str, name: str = "x") -> Object | None:
        return self._read(provider_pb2.ReadRequest(id=given, urn=urn_of(kind, name)))

    def _read(self, request: Any) -> Object | None:
        answer = self._ask("Read", request)
        if not answer.id:
            return None
        return Object(request.urn, answer.id, plain(answer.inputs), plain(answer.properties))

    def delete(self, held: Object) -> None:
        request = provider_pb2.DeleteRequest(id=held.id, urn=held.urn, properties=struct(held.state))
        self._ask("Delete", request)

    def changes(self, held: Object, inputs: dict[str, Any]) -> dict[str, str]:
        """What a preview would show: path -> kind of change."""
        answer = self.diff(held, inputs)
        kinds = provider_pb2.PropertyDiff.Kind
        found = {path: kinds.Name(each.kind).lower() for path, each in answer.detailedDiff.items()}
        assert bool(found) == (answer.changes == CHANGE)
        return found


def urn_of(kind: str, name: str) -> str:
    return f"urn:pulumi:dev::trial::oncall:components:Team$oncall:{kind}::{name}"


def kind_of(urn: str) -> str:
    return urn.split("$oncall:")[1].split("::")[0]


@pytest.fixture
def start(loop: LoopThread, vendor: Vendor) -> Iterator[Callable[..., Plugin]]:
    """Starts plugin processes, as each run of the engine does."""
    started_ones: list[tuple[Any, Any]] = []

    def started(
        key: str = KEY,
        url: str | None = None,
        stopped: threading.Event | None = None,
        sleep: Callable[[float], object] = lambda seconds: None,
    ) -> Plugin:
        line, warnings = Line(), []
        retrier = Retrier(Policy(attempts=3, patience=60), sleep=sleep)
        if stopped is not None:
            retrier = Retrier(sleep=stopped.wait, cancelled=stopped.is_set)
        provider = OncallProvider(
            warn=lambda urn, text: warnings.append(text),
            retrier=retrier,
            connect=lambda vendor, address: ApiClient(vendor, address, transport=line),
        )

        async def serve() -> tuple[Any, int]:
            server = grpc.aio.server()
            servicer = PlainServicer([], "0", provider, "")
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
            port = server.add_insecure_port("127.0.0.1:0")
            await server.start()
            return server, port

        server, port = loop.run(serve())
        channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        started_ones.append((channel, server))
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        plugin = Plugin(stub, warnings, line)
        plugin.configure(opsgenieApiKey=key, opsgenieApiUrl=url or vendor.url)
        return plugin

    yield started
    for channel, server in started_ones:
        channel.close()
        loop.run(server.stop(0))


@pytest.fixture
def plugin(start: Callable[..., Plugin]) -> Plugin:
    return start()


@pytest.fixture
def stoppable(start: Callable[..., Plugin]) -> tuple[Plugin, Callable[[], None]]:
    """A plugin that really waits, and what stops it, as Ctrl-C does."""
    stopped = threading.Event()
    return start(stopped=stopped), stopped.set


@pytest.fixture
def team(plugin: Plugin) -> Object:
    return plugin.create("opsgenie:Team", {"name": "Edge"})


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of OpsGenie in turn."""
    return request.param


@pytest.fixture
def examples(plugin: Plugin, team: Object) -> Callable[[str], tuple[dict[str, Any], dict[str, Any]]]:
    return lambda kind: inputs_of(kind, team, plugin)


PARTICIPANTS = [{"type": "user", "username": "ana@acme.example"}, {"type": "none"}]
WEEKDAYS = {
    "type": "weekday-and-time-of-day",
    "restrictions": [
        {"startDay": "monday", "startHour": 9, "endDay": "monday", "endHour": 17},
        {"startDay": "friday", "startHour": 9, "endDay": "friday", "endHour": 15, "endMin": 30},
    ],
}


TAGGED = {
    "type": "match-all-conditions",
    "conditions": [{"field": "tags", "operation": "contains", "expectedValue": "internal"}],
}
PUSH = {"method": "email", "to": PEOPLE[0]}
PEOPLES = {
    "opsgenie:Contact": (
        {"username": PEOPLE[0], "method": "voice", "to": "46-701234567"},
        {"username": PEOPLE[0], "method": "voice", "to": "46-709999999"},
    ),
    "opsgenie:NotificationRule": (
        {
            "username": PEOPLE[0],
            "name": "P2 by the inventory",
            "actionType": "create-alert",
            "criteria": TAGGED,
            "steps": [{"contact": PUSH}, {"contact": PUSH, "sendAfter": {"timeAmount": 3}}],
        },
        {
            "username": PEOPLE[0],
            "name": "P2 by the inventory",
            "actionType": "create-alert",
            "steps": [{"contact": PUSH, "sendAfter": {"timeAmount": 1, "timeUnit": "hours"}}],
            "repeat": {"loopAfter": 10},
        },
    ),
}


def inputs_of(kind: str, team: Object, plugin: Plugin) -> tuple[dict[str, Any], dict[str, Any]]:
    """What makes one object of a kind, and an edit of it."""
    if kind == "opsgenie:User":
        one = {"username": "Dee@acme.example", "fullName": "Dee Ruiz", "timeZone": "America/New_York"}
        return one, one | {"role": "Admin", "locale": "de_DE"}
    if kind == "opsgenie:Team":
        return {"name": "Maps"}, {"name": "Maps and more", "description": "Tiles"}
    if kind == "opsgenie:TeamMember":
        one = {"teamId": team.id, "username": "bo@acme.example"}
        return one, one | {"role": "admin"}
    schedule = {"name": "Edge sun", "timezone": "Europe/Berlin", "ownerTeamId": team.id}
    if kind == "opsgenie:Schedule":
        return schedule, schedule | {"timezone": "Europe/Stockholm", "enabled": False}
    target = {"type": "schedule", "id": plugin.create("opsgenie:Schedule", schedule | {"name": "Target"}, "t").id}
    if kind == "opsgenie:Rotation":
        one = {
            "scheduleId": target["id"],
            "name": "weekly",
            "startDate": "2026-12-07T09:00:00+01:00",
            "endDate": "2027-12-06T08:00:00Z",
            "type": "weekly",
            "participants": PARTICIPANTS,
            "timeRestriction": WEEKDAYS,
        }
        return one, one | {"length": 2, "participants": PARTICIPANTS[::-1]}
    if kind == "opsgenie:Escalation":
        rules = [{"delay": 0, "recipient": target}, {"delay": 5, "notifyType": "next", "recipient": target}]
        one = {"name": "Edge critical", "ownerTeamId": team.id, "rules": rules}
        return one, one | {"repeat": {"waitInterval": 20, "count": 2}}
    if kind == "opsgenie:RoutingRule":
        critical = {"field": "priority", "operation": "equals", "expectedValue": "P1"}
        one = {
            "teamId": team.id,
            "name": "critical",
            "criteria": {"type": "match-any-condition", "conditions": [critical]},
            "notify": target,
        }
        return one, one | {"name": "worst"}
    if kind in PEOPLES:
        return PEOPLES[kind]
    if kind == "opsgenie:ScheduleOverride":
        one = {
            "scheduleId": target["id"],
            "alias": "ana-for-bo",
            "username": PEOPLE[0],
            "startDate": "2126-12-07T09:10:00+01:00",
            "endDate": "2126-12-08T08:00:00Z",
        }
        return one, one | {"username": PEOPLE[2], "endDate": "2126-12-09T08:00:00Z"}
    if kind == "opsgenie:Service":
        one = {"name": "weather-mcp", "teamId": team.id, "tags": ["b", "a"]}
        return one, one | {"description": "Forecasts", "visibility": "OPSGENIE_USERS", "tags": []}
    if kind == "opsgenie:Maintenance":
        integration = plugin.create("opsgenie:ApiIntegration", {"name": "AliveMCP", "ownerTeamId": team.id}, "i").id
        time = {"type": "schedule", "startDate": "2126-12-07T09:00:00+01:00", "endDate": "2126-12-07T10:00:00Z"}
        rules = [{"entity": {"id": integration, "type": "integration"}}]
        one = {"description": "weather-mcp moves", "time": time, "rules": rules}
        return one, one | {"time": time | {"endDate": "2126-12-07T11:00:00Z"}}
    if kind == "opsgenie:AlertPolicy":
        one = {"teamId": team.id, "name": "internal", "filter": TAGGED, "tags": ["b", "a"], "continue": True}
        return one, one | {"priority": "P1", "responders": [{"type": "user", "username": PEOPLE[1]}], "tags": []}
    if kind == "opsgenie:NotificationPolicy":
        delay = {"delayOption": "next-weekday", "untilHour": 9, "untilMinute": 0}
        one = {"teamId": team.id, "name": "wait", "filter": TAGGED, "delayAction": delay, "timeRestriction": WEEKDAYS}
        closed = {"autoCloseAction": {"duration": {"timeAmount": 2, "timeUnit": "hours"}}}
        return one, {name: one[name] for name in ("teamId", "name", "filter")} | closed
    if kind == "opsgenie:ApiIntegration":
        one = {"name": "AliveMCP", "ownerTeamId": team.id}
        return one, one | {"enabled": False, "suppressNotifications": True}
    one = {"name": "weather-mcp", "interval": 3, "intervalUnit": "minutes", "ownerTeamId": team.id}
    return one, one | {"interval": 1, "intervalUnit": "hours", "alertTags": ["b", "a"], "alertPriority": "P1"}
