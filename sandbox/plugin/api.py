"""The HTTP side: the official provider is two halves with an HTTP client each, and both are played here.

Headers, retries and sleeps are those of the two clients (heimweh/go-pagerduty for the older SDKv2 half,
PagerDuty/go-pagerduty for the framework half); see also https://developer.pagerduty.com/docs/rest-api-v2/rate-limiting/
"""

import asyncio
import ipaddress
import json
import platform
import sys
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import Any, Final

import httpx

from sandbox.plugin.errors import NO_ANSWER, ApiError
from sandbox.plugin.settings import Settings

TIMEOUT_SECONDS: Final = 30.0
TRIES: Final = 60
"""Upstream tries for two minutes, two seconds apart."""

_GO_MACHINES: Final = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64"}

Sleep = Callable[[float], Awaitable[None]]

_NO_HEADERS: Final[Mapping[str, str]] = {}


class Half(Enum):
    """Which half of the official provider serves a kind; the value is the end of its User-Agent."""

    SDK = "Terraform/0.11+compatible"
    FRAMEWORK = "Terraform/pulumi-terraform-bridge"


class Again(Enum):
    """Which failed calls a resource tries again (on top of what the HTTP clients do)."""

    NEVER = "never"
    BAD_REQUEST = "400 only"
    MISSING = "404 only"
    ALL_BUT_BAD_REQUEST = "all but 400"
    ALL_BUT_REFUSED = "all but 400 and 403"
    ALL_BUT_UNAUTHORISED = "all but 401 and 403"
    ALL_BUT_BAD_OR_MISSING = "all but 400 and 404"
    ALWAYS = "always"

    def covers(self, status: int) -> bool:
        """Whether a call that ended with this status is tried again."""
        match self:
            case Again.NEVER:
                return False
            case Again.BAD_REQUEST:
                return status == 400
            case Again.MISSING:
                return status == 404
            case Again.ALL_BUT_BAD_REQUEST:
                return status != 400
            case Again.ALL_BUT_REFUSED:
                return status not in (400, 403)
            case Again.ALL_BUT_UNAUTHORISED:
                return status not in (401, 403)
            case Again.ALL_BUT_BAD_OR_MISSING:
                return status not in (400, 404)
            case Again.ALWAYS:
                return True


class Api:
    """Calls to PagerDuty for both halves; one connection pool, no state of its own."""

    def __init__(self, settings: Settings, sleep: Sleep = asyncio.sleep) -> None:
        self.pause = settings.pause
        self._base_url = settings.base_url
        self._sleep = sleep
        self._http = httpx.AsyncClient(
            timeout=TIMEOUT_SECONDS,
            headers={
                "Accept": "application/vnd.pagerduty+json;version=2",
                "Content-Type": "application/json",
                "Authorization": f"Token token={settings.token}",
            },
            # Go's proxy rule: the environment's proxy serves every host but loopback (net/http ProxyFromEnvironment).
            trust_env=not _is_loopback(httpx.URL(settings.base_url).host),
        )

    async def close(self) -> None:
        """Ends the connections."""
        await self._http.aclose()

    async def rest(self) -> None:
        """One pause, as upstream makes between tries and after some writes."""
        await self._sleep(self.pause)

    async def send(
        self,
        half: Half,
        method: str,
        path: str,
        body: Any = None,
        query: str = "",
        again: Again = Again.NEVER,
        headers: Mapping[str, str] = _NO_HEADERS,
        wanted: int | None = None,
    ) -> Any:
        """Sends a call until it succeeds or is not to be tried again; the answer's JSON, None without one.

        `headers` come on top of the usual ones. `wanted` is the one status that counts as success, where upstream
        takes no other 2xx.
        """
        for tries_left in reversed(range(TRIES)):
            try:
                if half is Half.SDK:
                    response = await self._send_sdk(method, path, body, query, headers)
                else:
                    response = await self._send_framework(method, path, body, query, headers)
                return _answer(method, path, response, wanted)
            except ApiError as error:
                if not tries_left or not again.covers(error.status):
                    raise
                await self.rest()
        raise AssertionError("the last try returns or raises")

    async def _send_sdk(
        self, method: str, path: str, body: Any, query: str, headers: Mapping[str, str]
    ) -> httpx.Response:
        """A refused rate is waited out without end, then asked without the extra headers; nothing else is repeated."""
        while True:
            response = await self._call(Half.SDK, method, path, body, query, headers)
            if response.status_code != 429:
                return response
            headers = _NO_HEADERS
            reset = _reset_seconds(response)
            await self._sleep(5.0 if reset is None else reset + 0.5)

    async def _send_framework(
        self, method: str, path: str, body: Any, query: str, headers: Mapping[str, str]
    ) -> httpx.Response:
        """One repetition on a network fault, 5xx or 429.

        Upstream reads the body's reader twice: the repeated call goes out with an empty body. Kept, so that a fault
        test sees what it would see with the official plugin.
        """
        wait = 1.0
        try:
            response = await self._call(Half.FRAMEWORK, method, path, body, query, headers)
        except ApiError:
            response = None
        if response is not None:
            if response.status_code != 429 and response.status_code < 500:
                return response
            reset = _reset_seconds(response)
            wait = wait if reset is None else reset
        await self._sleep(wait)
        return await self._call(Half.FRAMEWORK, method, path, None, query, headers)

    async def _call(
        self, half: Half, method: str, path: str, body: Any, query: str, headers: Mapping[str, str]
    ) -> httpx.Response:
        url = f"{self._base_url}{path}" + (f"?{query}" if query else "")
        content = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        try:
            return await self._http.request(
                method, url, content=content, headers={"User-Agent": _user_agent(half), **headers}
            )
        except httpx.HTTPError as error:
            raise ApiError(method, path, NO_ANSWER, f"no answer ({_one_line(error)})") from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _user_agent(half: Half) -> str:
    machine = platform.machine()
    return f"({sys.platform} {_GO_MACHINES.get(machine, machine)}) {half.value}"


def _reset_seconds(response: httpx.Response) -> float | None:
    text = response.headers.get("ratelimit-reset", "")
    return float(text) if text.isdigit() else None


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__} {error}".split())


def _answer(method: str, path: str, response: httpx.Response, wanted: int | None) -> Any:
    """The answer's JSON (None where it is empty); ApiError for any status but 2xx, or but the wanted one."""
    if response.is_success:
        if wanted not in (None, response.status_code):
            raise ApiError(method, path, response.status_code, f"the status must be {wanted}")
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError:
            raise ApiError(method, path, response.status_code, "the answer is not JSON") from None
    message = response.reason_phrase
    details: tuple[str, ...] = ()
    if response.headers.get("content-type", "").startswith("application/json"):
        message, details = _error_of(response, message)
    raise ApiError(method, path, response.status_code, message, details)


def _error_of(response: httpx.Response, reason: str) -> tuple[str, tuple[str, ...]]:
    """Message and details of `{"error": {"message", "errors"}}`; errors may be a list, a text, a map, or missing."""
    try:
        error = response.json()["error"]
        message = str(error["message"])
        raw = error.get("errors") or []
    except (ValueError, KeyError, TypeError, AttributeError):
        return reason, ()
    match raw:
        case dict():
            details = tuple(f"{key} {text}" for key, texts in raw.items() for text in _listed(texts))
        case _:
            details = tuple(str(text) for text in _listed(raw))
    return " ".join(message.split()), tuple(" ".join(detail.split()) for detail in details)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
