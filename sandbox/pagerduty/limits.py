"""PagerDuty's rate limits: 960 calls of the REST API a minute per key, about 120 events a minute per routing key.

https://developer.pagerduty.com/docs/rest-api-rate-limits (headers in lower case, reset in seconds left) and
https://developer.pagerduty.com/docs/events-api-v2-rate-limits (a sliding minute; an event over it is not taken).
The text of the Events API's 429 is not published.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request

from sandbox.core import FixedWindow, SlidingWindow, Verdict, json_answer
from sandbox.pagerduty.access import token_of
from sandbox.pagerduty.errors import EventError, PagerDutyError

FIGURES = {"rest": 960, "events": 120}
MINUTE = timedelta(minutes=1)


def too_many() -> PagerDutyError:
    """Return the REST API's 429."""
    return PagerDutyError(429, 2020, "Rate Limit Exceeded")


def too_many_events() -> EventError:
    """Return the Events API's 429."""
    error = EventError(status=429)
    error.body = {"status": "throttle exceeded", "message": "Too many events for this routing key; try again later"}
    return error


class Limits:
    """The limits of one account's two APIs; off until turned on."""

    def __init__(self, event_paths: tuple[str, ...]) -> None:
        self._event_paths = event_paths
        self._figures: dict[str, int] | None = None
        self._rest: dict[str, FixedWindow] = {}
        self._events: dict[str, SlidingWindow] = {}

    def take(self, request: Request, body: Any, now: datetime) -> Verdict:
        """Count a request; the REST API's answers say how many are left."""
        if self._figures is None:
            return Verdict()
        if request.url.path in self._event_paths:
            key = str(body.get("routing_key")) if isinstance(body, Mapping) else ""
            window = self._events.setdefault(key, SlidingWindow(self._figures["events"], MINUTE))
            if window.take(now):
                return Verdict()
            return Verdict(refusal=json_answer(too_many_events().body, 429))
        calls = self._rest.setdefault(token_of(request), FixedWindow(self._figures["rest"], MINUTE))
        within = calls.take(now)
        headers = {
            "ratelimit-limit": str(calls.limit),
            "ratelimit-remaining": str(calls.remaining),
            "ratelimit-reset": str(calls.seconds_left(now)),
        }
        return Verdict(headers, None if within else json_answer(too_many().body, 429))

    def turn(self, wanted: Any) -> None:
        """Turn the limits on (true, or {"rest": calls a minute, "events": events a minute}) or off (false)."""
        if isinstance(wanted, bool):
            figures = dict(FIGURES) if wanted else None
        elif isinstance(wanted, Mapping) and not set(wanted) - set(FIGURES):
            if not all(type(value) is int and value > 0 for value in wanted.values()):
                raise ValueError("pagerduty: limits are whole numbers a minute, above 0")
            figures = FIGURES | dict(wanted)
        else:
            raise ValueError(f"pagerduty: limits are true, false or an object of {', '.join(FIGURES)}")
        self._figures = figures
        self._rest.clear()
        self._events.clear()

    def shown(self) -> dict[str, int] | bool:
        """Return the figures a minute, or False."""
        return False if self._figures is None else dict(self._figures)
