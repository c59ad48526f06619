"""The gate every vendor request passes: path tidied, timers run, faults, limits, credentials, route, errors, journal.

It is the one place for what concerns all requests of a vendor alike.
"""

import asyncio
import json
import re
import traceback
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.core.errors import VendorError
from sandbox.core.faults import Action, ConnectionCutError
from sandbox.core.vendor import Core, Vendor
from sandbox.core.wire import json_answer


class Gate:
    """ASGI application: a vendor's routes behind what all its requests have in common.

    It raises ConnectionCutError where a fault wants the connection cut.
    """

    def __init__(self, vendor: Vendor, core: Core) -> None:
        self._vendor = vendor
        self._core = core
        router = Router(vendor.routes(), redirect_slashes=False)
        self._routes = ExceptionMiddleware(router, handlers={VendorError: _refusal, HTTPException: self._unrouted})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and write it down."""
        if scope["type"] != "http":
            return
        # A client joins base and path as text, so a base ending in "/" gives "//path". The router raises for an
        # unbuilt path (instead of answering in plain text) only where the scope names an application.
        path = re.sub(r"/{2,}", "/", scope["path"]).rstrip("/") or "/"
        scope = {**scope, "path": path, "app": self}
        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            return

        async def given() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        said = _json_or_size(body)
        fault = self._core.faults.take(self._vendor.name, scope["method"], path)
        answer = _Answer(send, fault)
        try:
            await self._answer(scope, given, answer, said, fault)
        finally:
            self._core.journal.record(
                at=self._core.clock.now(),
                vendor=self._vendor.name,
                method=scope["method"],
                path=path,
                query=scope["query_string"].decode("latin-1"),
                status=answer.status,
                body=said,
                fault=fault.text() if fault else None,
            )

    async def _answer(self, scope: Scope, given: Receive, answer: "_Answer", said: Any, fault: Action | None) -> None:
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault and fault.drop:
            raise ConnectionCutError("the connection is dropped before any work, as ordered")
        request = Request(scope, given)
        try:
            self._vendor.advance(self._core.clock.now())
            if fault and fault.status is not None:
                await self._ordered(request, fault)(scope, given, answer)
                return
            verdict = self._vendor.limits.take(request, said, self._core.clock.now())
            answer.headers = verdict.headers
            app: ASGIApp = verdict.refusal or self._vendor.authorize(request, said) or self._routes
            await app(scope, given, answer)
        except Exception as bug:  # noqa: BLE001 - a bug of ours is answered in the vendor's form, and shown
            traceback.print_exception(bug)
            if not answer.status:
                await self._vendor.refuse(request, 500, "The sandbox has a fault")(scope, given, answer)
        if fault and fault.lose:
            raise ConnectionCutError("the answer is lost, as ordered")

    def _ordered(self, request: Request, fault: Action) -> Response:
        status = fault.status or 500
        if isinstance(fault.body, str):
            return Response(fault.body, status, dict(fault.headers))
        if fault.body is not None:
            return json_answer(fault.body, status, fault.headers)
        answer = self._vendor.failure(request, status)
        answer.headers.update(fault.headers)
        return answer

    async def _unrouted(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return self._vendor.refuse(request, status, f"No such call: {request.method} {request.url.path}")


class _Answer:
    """ASGI send: notes the answer's status, adds headers, and holds back what a fault takes from it."""

    def __init__(self, send: Send, fault: Action | None) -> None:
        self._send = send
        self._lost = fault is not None and fault.lose
        self._emptied = fault is not None and fault.empty
        self.headers: Mapping[str, str] = {}
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers.update(self.headers)
            # Only a success can be emptied: it is what a client may take for granted.
            self._emptied = self._emptied and 200 <= self.status < 300
            if self._emptied:
                headers["content-length"] = "0"
        elif self._emptied:
            message = {**message, "body": b""}
        if not self._lost:
            await self._send(message)


async def _refusal(_request: Request, error: Exception) -> Response:
    if not isinstance(error, VendorError):
        raise error
    return json_answer(error.body, error.status, error.headers)


def _json_or_size(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return f"({len(body)} bytes, not JSON)"
