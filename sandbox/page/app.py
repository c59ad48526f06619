"""The admin API (/sandbox/...) and the page drawn from it."""

from pathlib import Path
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core import Core, Vendor, admin_routes, body_of, instant_text, json_answer, parse_instant

PAGE = Path(__file__).with_name("index.html")
# Nothing may be fetched from elsewhere, and no other site may frame the page or read it.
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; img-src data:; frame-ancestors 'none'",
    "cache-control": "no-store",
}


class Whole(Protocol):
    """What the admin API needs of the sandbox (`sandbox.server.Sandbox`)."""

    core: Core
    vendors: dict[str, Vendor]

    def advance(self) -> None:
        """Run at every vendor what is due by now."""
        ...

    def reset(self) -> None:
        """Empty everything."""
        ...

    def seed(self, data: dict[str, Any]) -> None:
        """Add data to the accounts."""
        ...

    def state(self) -> dict[str, Any]:
        """Return what the page shows."""
        ...


def page_app(sandbox: Whole) -> Starlette:
    """Return the ASGI application of the page and the admin API."""
    clock = sandbox.core.clock

    async def page(_request: Request) -> Response:
        return Response(PAGE.read_bytes(), media_type="text/html; charset=utf-8", headers=_HEADERS)

    async def reset(_request: Request) -> Response:
        sandbox.reset()
        return json_answer({"ok": True})

    async def seed(request: Request) -> Response:
        sandbox.seed(await _object(request))
        return json_answer({"ok": True})

    async def read_clock(_request: Request) -> Response:
        return json_answer({"now": instant_text(clock.now())})

    async def move_clock(request: Request) -> Response:
        body = await _object(request)
        match body:
            case {"now": str(text), **rest} if not rest:
                clock.set(parse_instant(text))
            case {"advance": int() | float() as seconds, **rest} if not rest:
                clock.advance(seconds)
            case _:
                raise ValueError('one of {"now": INSTANT} and {"advance": SECONDS} is needed')
        sandbox.advance()
        return json_answer({"now": instant_text(clock.now())})

    async def journal(request: Request) -> Response:
        return json_answer(sandbox.core.journal.since(int(request.query_params.get("since", "0"))))

    async def state(_request: Request) -> Response:
        return json_answer(sandbox.state(), headers={"cache-control": "no-store"})

    return Starlette(
        routes=[
            Route("/", page),
            Route("/sandbox/reset", reset, methods=["POST"]),
            Route("/sandbox/seed", seed, methods=["POST"]),
            Route("/sandbox/clock", read_clock, methods=["GET"]),
            Route("/sandbox/clock", move_clock, methods=["POST"]),
            Route("/sandbox/journal", journal),
            Route("/sandbox/state", state),
            *admin_routes(sandbox.core.faults, sandbox.vendors),
        ],
        exception_handlers={ValueError: _unusable},
    )


async def _object(request: Request) -> dict[str, Any]:
    body = await body_of(request)
    if not isinstance(body, dict):
        raise ValueError("a JSON object is needed")
    return body


async def _unusable(_request: Request, error: Exception) -> Response:
    return json_answer({"error": str(error)}, 400)
