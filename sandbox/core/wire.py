"""JSON and instants on the wire."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response


def json_answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON answer; a body of None gives an empty one without a content type (for 204)."""
    if body is None:
        return Response(status_code=status, headers=dict(headers or {}))
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, dict(headers or {}), media_type="application/json; charset=utf-8")


async def body_of(request: Request) -> Any:
    """Return the request's JSON (None for an empty body); ValueError if it is not JSON or not UTF-8."""
    raw = await request.body()
    return json.loads(raw) if raw.strip() else None


def parse_instant(text: str) -> datetime:
    """Return the aware instant, in UTC, of an ISO 8601 text with a zone; ValueError without one."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"an instant needs a zone, as in 2026-11-23T09:00:00Z: {text!r}")
    return moment.astimezone(UTC)


def instant_text(moment: datetime) -> str:
    """Return an aware instant as ISO 8601 in UTC with whole seconds: 2026-11-23T09:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
