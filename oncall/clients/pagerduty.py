"""PagerDuty's REST API v2 (https://developer.pagerduty.com/docs/rest-api-overview), as far as no Pulumi plugin goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oncall.clients.base import ApiClient, Credentials
from oncall.clients.errors import NotFound, ServerError
from oncall.clients.retry import Retrier

DEFAULT_URL = "https://api.pagerduty.com"
EU_URL = "https://api.eu.pagerduty.com"
ACCEPT = "application/vnd.pagerduty+json;version=2"
PAGE_SIZE = 100
"""https://developer.pagerduty.com/docs/pagination: at most 100 a page."""

EARLY_ACCESS = {"X-Early-Access": "flexible-schedules-early-access"}
"""What PagerDuty's own clients send with calls on shift-based schedules."""
SHIFTS = "/v3/schedules"
"""Where shift-based schedules are: https://developer.pagerduty.com/docs/schedules-v2-to-v3-upgrade."""

Json = dict[str, Any]
Param = str | int | Sequence[str]


def api_token(token: str) -> Credentials:
    """Credentials from an API access key: https://developer.pagerduty.com/docs/authentication."""
    return Credentials("Token", token, joint=" token=")


@dataclass(frozen=True, slots=True)
class Pagerduty:
    """One account seen through one token. Light: make one wherever a client and credentials meet."""

    client: ApiClient
    credentials: Credentials
    retrier: Retrier

    def get(self, path: str, **params: Param) -> Json:
        """The answer's object."""
        answer = self.retrier.run(lambda: self._send("GET", path, params))
        return answer if isinstance(answer, dict) else {}

    def find(self, path: str, **params: Param) -> Json | None:
        """Like `get`, None where there is no such object."""
        try:
            return self.get(path, **params)
        except NotFound:
            return None

    def rows(self, path: str, name: str, **params: Param) -> list[Json]:
        """The list under `name`, every page of it."""
        return [row for page in self._pages(path, name, params) for row in page]

    def create(self, path: str, body: Json, look_up: Callable[[], Any | None]) -> tuple[Any, bool]:
        """The answer to a POST, and whether it was lost and `look_up` found what it made instead."""
        return self.retrier.create(lambda: self._send("POST", path, {}, body), look_up)

    def put(self, path: str, body: Json) -> Json:
        """The answer's object to a write that says the whole truth."""
        answer = self.retrier.run(lambda: self._send("PUT", path, {}, body))
        return answer if isinstance(answer, dict) else {}

    def delete(self, path: str) -> None:
        """Delete; an object that is not there counts as deleted, so that an answer may be lost."""
        try:
            self.retrier.run(lambda: self._send("DELETE", path, {}))
        except NotFound:
            return

    def _pages(self, path: str, name: str, params: Mapping[str, Param]) -> Iterator[list[Json]]:
        offset = 0
        while True:
            answer = self.get(path, **params, limit=PAGE_SIZE, offset=offset)
            found = answer.get(name) or []
            if not isinstance(found, list):
                raise ServerError("PagerDuty", f"an answer whose {name} are no list", status=200)
            page = [row for row in found if isinstance(row, dict)]
            yield page
            offset += len(page)
            if not page or not answer.get("more"):
                return

    def _send(self, method: str, path: str, params: Mapping[str, Param], body: Json | None = None) -> Any:
        headers = EARLY_ACCESS if path.startswith(SHIFTS) else None
        return self.client.exchange(
            method, path, self.credentials, params=params or None, json=body, accept=ACCEPT, headers=headers
        )
