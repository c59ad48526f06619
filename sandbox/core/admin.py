"""The admin calls that make the vendors difficult: /sandbox/faults and /sandbox/limits."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.faults import Faults
from sandbox.core.vendor import Vendor
from sandbox.core.wire import body_of, json_answer


def admin_routes(faults: Faults, vendors: Mapping[str, Vendor]) -> list[Route]:
    """Return the routes; a ValueError they raise is to be answered with 400 and its text."""

    async def read_faults(_request: Request) -> Response:
        return json_answer({"faults": faults.left()})

    async def add_faults(request: Request) -> Response:
        faults.add((await _only(request, {"faults"})).get("faults"), tuple(vendors))
        return json_answer({"faults": faults.left()})

    async def clear_faults(_request: Request) -> Response:
        faults.clear()
        return json_answer({"faults": []})

    async def read_limits(_request: Request) -> Response:
        return json_answer({name: vendor.limits.shown() for name, vendor in vendors.items()})

    async def turn_limits(request: Request) -> Response:
        for name, wanted in (await _only(request, set(vendors))).items():
            vendors[name].limits.turn(wanted)
        return await read_limits(request)

    return [
        Route("/sandbox/faults", read_faults, methods=["GET"]),
        Route("/sandbox/faults", add_faults, methods=["POST"]),
        Route("/sandbox/faults", clear_faults, methods=["DELETE"]),
        Route("/sandbox/limits", read_limits, methods=["GET"]),
        Route("/sandbox/limits", turn_limits, methods=["POST"]),
    ]


async def _only(request: Request, names: set[str]) -> dict[str, Any]:
    body = await body_of(request)
    if not isinstance(body, dict) or not body or set(body) - names:
        raise ValueError(f"a JSON object of {', '.join(sorted(names))} is needed")
    return body
