"""The gate every vendor request passes: path tidied, timers run, credentials, route, errors, journal.

It is the one place for what concerns all requests of a vendor alike: ordered faults, rate limits.
"""

import json
import re
import traceback
from typing import Any

from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Router
from starlette.types import Message, Receive, Scope, Send

from sandbox.core.errors import VendorError
from sandbox.core.vendor import Core, Vendor
from sandbox.core.wire import json_answer


class Gate:
    """ASGI application: a vendor's routes behind what all its requests have in common."""

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
        status = 0

        async def given() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        request = Request(scope, given)
        try:
            self._vendor.advance(self._core.clock.now())
            answer = self._vendor.authorize(request)
            await (answer or self._routes)(scope, given, noted)
        except Exception as fault:  # noqa: BLE001 - a bug of ours is answered in the vendor's form, and shown
            traceback.print_exception(fault)
            if not status:
                await self._vendor.refuse(request, 500, "The sandbox has a fault")(scope, given, noted)
        finally:
            self._core.journal.record(
                at=self._core.clock.now(),
                vendor=self._vendor.name,
                method=scope["method"],
                path=path,
                query=scope["query_string"].decode("latin-1"),
                status=status,
                body=_json_or_size(body),
            )

    async def _unrouted(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return self._vendor.refuse(request, status, f"No such call: {request.method} {request.url.path}")


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
