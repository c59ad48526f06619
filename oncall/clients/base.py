"""An HTTP client of one vendor's JSON API: credentials per call, errors as one tree, nothing secret in any of them."""

from __future__ import annotations

import email.utils
import ipaddress
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from oncall.clients.advice import advice
from oncall.clients.budget import Budget, budget_of
from oncall.clients.errors import ClientError, ServerError, Unreachable, error_class

log = logging.getLogger("oncall.clients")

STARS = "***"
PARALLEL_REQUESTS = 8
"""Connections to one account at a time: vendors count requests per second as well as per minute."""


LASTING_FAULTS = {
    "CERTIFICATE_VERIFY_FAILED": "if a proxy of your network signs its certificates, set SSL_CERT_FILE to the file of "
    "its certificate authority",
    "WRONG_VERSION_NUMBER": "nothing there speaks TLS: is it http:// instead of https://?",
    "Name or service not known": "there is no such host: check the address",
    "nodename nor servname provided": "there is no such host: check the address",
    "getaddrinfo failed": "there is no such host: check the address",
}
"""Part of a fault's text -> the way out: trying again is none. (Names of hosts: Linux, macOS, Windows.)"""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What goes into the Authorization header; prints as stars."""

    scheme: str
    secret: str = field(repr=False)
    joint: str = " "

    def __str__(self) -> str:
        return f"{self.scheme}{self.joint}{STARS}"

    def header(self) -> str:
        """The value of the Authorization header."""
        return f"{self.scheme}{self.joint}{self.secret}"


def redact(text: str, *credentials: Credentials) -> str:
    """The text with every occurrence of the secrets replaced by stars."""
    for item in credentials:
        if item.secret:
            text = text.replace(item.secret, STARS)
    return text


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine: such requests never go through a proxy."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


class ApiClient:
    """Sends one request and reads one JSON answer. It never retries (that is the Retrier's) and keeps no credentials.

    `on_budget` is told what answers say of the requests that are left.
    Proxies and certificates of the environment are honoured (HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE), but for loopback.
    """

    def __init__(
        self,
        vendor: str,
        base_url: str,
        *,
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        user_agent: str = "oncall-as-code",
    ) -> None:
        self.vendor = vendor
        self.on_budget: Callable[[Budget], None] = lambda budget: None  # noqa: ARG005
        self.base_url = base_url.rstrip("/")
        self._http = httpx.Client(
            base_url=self.base_url,
            timeout=httpx.Timeout(timeout, connect=min(timeout, 10.0)),
            limits=httpx.Limits(max_connections=PARALLEL_REQUESTS),
            headers={"Accept": "application/json", "User-Agent": user_agent},
            transport=transport,
            trust_env=not is_loopback(base_url),
            follow_redirects=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        credentials: Credentials,
        *,
        params: Mapping[str, str | int | Sequence[str]] | None = None,
        json: Any = None,
    ) -> dict[str, Any]:
        """The JSON object of a 2xx answer; `ClientError` for everything else."""
        body = self.exchange(method, path, credentials, params=params, json=json)
        if not isinstance(body, dict):
            raise ServerError(self.vendor, "an answer that is no JSON object", status=200)
        return body

    def exchange(
        self,
        method: str,
        path: str,
        credentials: Credentials,
        *,
        params: Mapping[str, str | int | Sequence[str]] | None = None,
        json: Any = None,
        accept: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON of a 2xx answer, None for one without content; `ClientError` for everything else."""
        started = time.monotonic()
        sent = {"Authorization": credentials.header(), "Accept": accept, **(headers or {})}
        try:
            response = self._http.request(method, path, params=params, json=json, headers=sent)
        except httpx.HTTPError as error:
            raise self._unreachable(error, credentials) from None
        log.debug("%s %s %s %d %.3f s", self.vendor, method, path, response.status_code, time.monotonic() - started)
        if response.status_code != httpx.codes.TOO_MANY_REQUESTS and (left := budget_of(self.vendor, response.headers)):
            self.on_budget(left)
        if not response.is_success:
            raise self._error(response, _json(response), credentials, (method, path))
        if response.status_code == httpx.codes.NO_CONTENT:
            return None
        body = _json(response)
        if body is None:
            raise ServerError(self.vendor, "an answer that is no JSON", status=response.status_code)
        return body

    def _unreachable(self, error: httpx.HTTPError, credentials: Credentials) -> Unreachable:
        # A request that never got a connection can't have been carried out; any other fault leaves it open.
        sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        host = urlsplit(self.base_url).netloc
        text = redact(str(error) or type(error).__name__, credentials)
        if isinstance(error, httpx.TimeoutException):
            return Unreachable(self.vendor, f"at {host} did not answer in time ({text})", sent=sent)
        if isinstance(error, httpx.UnsupportedProtocol):
            return Unreachable(self.vendor, f"has no usable address: {text}", sent=False, retryable=False)
        lasting = next((way for sign, way in LASTING_FAULTS.items() if sign in text), None)
        words = f"can't be reached at {host} ({text})"
        return Unreachable(self.vendor, words, sent=sent, retryable=lasting is None, advice=lasting)

    def _error(
        self, response: httpx.Response, body: Any, credentials: Credentials, asked: tuple[str, str]
    ) -> ClientError:
        said, fields = _message(body) if isinstance(body, dict) else (response.reason_phrase, {})
        return error_class(response.status_code)(
            self.vendor,
            redact(said or response.reason_phrase, credentials),
            status=response.status_code,
            fields={name: redact(text, credentials) for name, text in fields.items()},
            retry_after=retry_after(response.headers, time.time(), response.status_code),
            advice=advice(self.vendor, self.base_url, response.status_code, *asked),
        )


def retry_after(headers: Mapping[str, str], now: float, status: int = 429) -> float | None:
    """Seconds a vendor asks to wait: Retry-After (seconds or a date), `ratelimit-reset` (PagerDuty: on every answer, so
    it only means something once the limit is reached), or the period of OpsGenie's window while it says THROTTLED.

    https://developer.pagerduty.com/docs/rest-api-rate-limits, https://docs.opsgenie.com/docs/api-rate-limiting;
    `now` is the wall clock in seconds since 1970.
    """
    given = headers.get("Retry-After")
    if given is not None:
        if given.strip().isdigit():
            return float(given)
        try:
            return max(email.utils.parsedate_to_datetime(given).timestamp() - now, 0.0)
        except ValueError:
            log.debug("a Retry-After that is neither seconds nor a date: %r", given)
    throttled = headers.get("X-RateLimit-State", "").upper() == "THROTTLED"
    for name, counts in (("ratelimit-reset", status == 429), ("X-RateLimit-Period-In-Sec", throttled)):
        value = headers.get(name, "").strip()
        if counts and value.isdigit():
            return float(value)
    return None


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _message(body: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The vendor's message and its words on single fields, from `{message, errors: {field: text}}` (OpsGenie) or
    `{error: {message, errors: [text] or {field: [text]}}}` (PagerDuty).
    """
    inner = body["error"] if isinstance(body.get("error"), Mapping) else body
    errors = inner.get("errors")
    said = str(inner.get("message") or "")
    if isinstance(errors, Mapping):
        return said, {str(name): _joined(text) for name, text in errors.items()}
    if isinstance(errors, list):
        return ". ".join([said, *map(str, errors)]), {}
    return said, {}


def _joined(text: Any) -> str:
    return ", ".join(map(str, text)) if isinstance(text, list) else str(text)
