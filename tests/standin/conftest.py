"""A stub of PagerDuty that records what it is sent, and a small engine that drives the plugin over gRPC."""

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox.plugin.provider import Provider
from sandbox.plugin.server import start
from sandbox.plugin.values import from_struct, to_struct

NOW = datetime(2026, 11, 21, 12, 13, 19, tzinfo=UTC)


class Stub:
    """Answers from a list per (method, path), the last one for good; unknown paths get 400, as PagerDuty's would."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self._answers: defaultdict[tuple[str, str], list[tuple[int, Any, dict[str, str]]]] = defaultdict(list)
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: else each answer waits for a delayed acknowledgement

            def log_message(self, *args: Any) -> None:
                """No log."""

            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                text = self.rfile.read(length)
                status, answer, headers = stub._take(self.command, self.path)
                stub.requests.append(
                    {
                        "method": self.command,
                        "path": self.path,
                        "body": json.loads(text) if text else None,
                        "headers": dict(self.headers),
                    }
                )
                payload = b"" if answer is None else json.dumps(answer).encode()
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                if payload:
                    self.send_header("content-type", "application/json; charset=utf-8")
                if status != 204:
                    self.send_header("content-length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def _take(self, method: str, path: str) -> tuple[int, Any, dict[str, str]]:
        answers = self._answers[method, path]
        if not answers:
            return 400, {"error": {"message": "Not built", "code": 2001, "errors": [f"{method} {path}"]}}, {}
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def answers(
        self, method: str, path: str, answer: Any = None, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        """Adds an answer after those already there for this method and path."""
        self._answers[method, path].append((status, answer, headers or {}))

    def refuses(self, method: str, path: str, status: int, *errors: str, message: str = "Refused") -> None:
        """Adds an error answer."""
        self.answers(method, path, {"error": {"message": message, "code": 2001, "errors": list(errors)}}, status)

    def forgets(self, method: str, path: str) -> None:
        """Takes all answers for this method and path away."""
        self._answers[method, path].clear()

    def calls(self) -> list[str]:
        """What was asked, as "METHOD path"."""
        return [f"{request['method']} {request['path']}" for request in self.requests]

    def close(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()


class Engine:
    """What the Pulumi engine does with a plugin, step by step: check, diff, create, update, delete, refresh."""

    def __init__(self, port: int, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.rpc = provider_pb2_grpc.ResourceProviderStub(grpc.insecure_channel(f"127.0.0.1:{port}"))
        self.resources: dict[str, dict[str, Any]] = {}
        self.restart: Callable[[], None] = lambda: None

    def configure(self, **config: Any) -> None:
        """Configures the provider."""
        self.rpc.Configure(provider_pb2.ConfigureRequest(args=to_struct(config)))

    def invoke(self, function: str, **args: Any) -> dict[str, Any]:
        """Calls a function by its short name."""
        answer = self.rpc.Invoke(
            provider_pb2.InvokeRequest(tok=f"pagerduty:index/{function}:{function}", args=to_struct(args))
        )
        return from_struct(getattr(answer, "return"))

    def urn(self, name: str, kind: str) -> str:
        """The URN of a resource of a kind ("Team")."""
        return f"urn:pulumi:s::p::pagerduty:index/{kind[0].lower()}{kind[1:]}:{kind}::{name}"

    def check(self, name: str, kind: str, inputs: dict[str, Any]) -> Any:
        """The answer of Check."""
        return self.rpc.Check(
            provider_pb2.CheckRequest(urn=self.urn(name, kind), news=to_struct(inputs), randomSeed=b"seed")
        )

    def diff(self, name: str, inputs: dict[str, Any]) -> Any:
        """The answer of Diff for a resource that is there, with checked inputs."""
        resource = self.resources[name]
        checked = self.check(name, resource["kind"], inputs).inputs
        return self.rpc.Diff(
            provider_pb2.DiffRequest(
                id=resource["id"], urn=resource["urn"], olds=to_struct(resource["state"]), news=checked
            )
        )

    def up(self, program: Callable[..., None]) -> list[str]:
        """Runs a program, then deletes what it no longer has; what was done, as "create NAME"."""
        done: list[str] = []
        seen: list[str] = []

        def register(name: str, kind: str, /, **inputs: Any) -> dict[str, Any]:
            seen.append(name)
            return self._register(name, kind, inputs, done)

        program(register)
        for name in [name for name in reversed(self.resources) if name not in seen]:
            self.delete(name)
            done.append(f"delete {name}")
        return done

    def _register(self, name: str, kind: str, inputs: dict[str, Any], done: list[str]) -> dict[str, Any]:
        urn = self.urn(name, kind)
        checked = self.check(name, kind, inputs)
        assert not checked.failures, checked.failures
        resource = self.resources.get(name)
        if resource is None:
            self.create(name, kind, from_struct(checked.inputs))
            done.append(f"create {name}")
        elif self.diff(name, inputs).changes == provider_pb2.DiffResponse.DIFF_SOME:
            if self.diff(name, inputs).replaces:
                self.delete(name)
                self.create(name, kind, from_struct(checked.inputs))
                done.append(f"replace {name}")
            else:
                answer = self.rpc.Update(
                    provider_pb2.UpdateRequest(
                        id=resource["id"], urn=urn, olds=to_struct(resource["state"]), news=checked.inputs
                    )
                )
                resource |= {"state": from_struct(answer.properties), "inputs": from_struct(checked.inputs)}
                done.append(f"update {name}")
        else:
            resource["inputs"] = from_struct(checked.inputs)
        return {**self.resources[name]["state"], "id": self.resources[name]["id"]}

    def create(self, name: str, kind: str, inputs: dict[str, Any], preview: bool = False) -> dict[str, Any]:
        """Creates a resource from checked inputs; its outputs."""
        urn = self.urn(name, kind)
        answer = self.rpc.Create(provider_pb2.CreateRequest(urn=urn, properties=to_struct(inputs), preview=preview))
        state = from_struct(answer.properties)
        if not preview:
            self.resources[name] = {
                "id": answer.id,
                "urn": urn,
                "kind": kind,
                "state": state,
                "inputs": inputs,
            }
        return state

    def refresh(self) -> None:
        """Reads every resource; the ones that are gone are dropped."""
        for name, resource in list(self.resources.items()):
            answer = self.rpc.Read(
                provider_pb2.ReadRequest(
                    id=resource["id"],
                    urn=resource["urn"],
                    properties=to_struct(resource["state"]),
                    inputs=to_struct(resource["inputs"]),
                )
            )
            if answer.id:
                resource |= {"state": from_struct(answer.properties), "inputs": from_struct(answer.inputs)}
            else:
                del self.resources[name]

    def adopt(self, name: str, kind: str, resource_id: str) -> Any:
        """Reads a resource by its id alone, as an import does; the answer of Read."""
        return self.rpc.Read(provider_pb2.ReadRequest(id=resource_id, urn=self.urn(name, kind)))

    def delete(self, name: str) -> None:
        """Deletes one resource."""
        resource = self.resources.pop(name)
        self.rpc.Delete(
            provider_pb2.DeleteRequest(id=resource["id"], urn=resource["urn"], properties=to_struct(resource["state"]))
        )

    def destroy(self) -> None:
        """Deletes all resources, the last one first."""
        for name in list(reversed(self.resources)):
            self.delete(name)


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    yield server
    server.close()


@pytest.fixture
def unconfigured() -> Iterator[Engine]:
    """An engine whose plugin has no configuration yet; the plugin's clock stands at NOW."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server, port = asyncio.run_coroutine_threadsafe(start(Provider(now=lambda: NOW)), loop).result(10)
    yield Engine(port, loop)
    asyncio.run_coroutine_threadsafe(server.stop(None), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@pytest.fixture
def engine(stub: Stub, unconfigured: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine whose plugin talks to the stub, without pauses between tries."""
    monkeypatch.setenv("SANDBOX_PLUGIN_PAUSE", "0")
    unconfigured.restart = lambda: unconfigured.configure(
        token="tok-secret", apiUrlOverride=stub.url, skipCredentialsValidation="true"
    )
    unconfigured.restart()
    return unconfigured


@pytest.fixture
def recording() -> Callable[[int], list[tuple[str, list[dict[str, Any]]]]]:
    """What the official plugin sent, by number: (command, its requests with their answers) in order."""

    def read(number: int) -> list[tuple[str, list[dict[str, Any]]]]:
        phases: list[tuple[str, list[dict[str, Any]]]] = []
        path = Path(__file__).with_name(f"recording_{number}.jsonl")
        for line in path.read_text().splitlines():
            entry = json.loads(line)
            if "mark" in entry:
                phases.append((entry["mark"], []))
            else:
                phases[-1][1].append(entry)
        return phases

    return read
