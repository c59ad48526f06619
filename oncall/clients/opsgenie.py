"""OpsGenie's REST API v2 (https://docs.opsgenie.com/docs/api-overview), as far as configuration goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from oncall.clients.base import ApiClient, Credentials
from oncall.clients.errors import NotFound, ServerError
from oncall.clients.retry import Retrier

DEFAULT_URL = "https://api.opsgenie.com"
PAGE_SIZE = 100
"""https://docs.opsgenie.com/docs/pagination: at most 100 a page."""

Json = dict[str, Any]


def genie_key(key: str) -> Credentials:
    """Credentials from an API key."""
    return Credentials("GenieKey", key)


def segment(text: str) -> str:
    """One path segment: names may hold spaces and slashes."""
    return quote(text, safe="")


@dataclass(frozen=True, slots=True)
class Opsgenie:
    """One account seen through one key. Light: make one wherever a client and credentials meet."""

    client: ApiClient
    credentials: Credentials
    retrier: Retrier

    def get(self, path: str, **params: str | int) -> Json:
        """The object under `data`."""
        return _data(self.retrier.run(lambda: self._send("GET", path, params)))

    def find(self, path: str, **params: str | int) -> Json | None:
        """Like `get`, None where there is no such object."""
        try:
            return self.get(path, **params)
        except NotFound:
            return None

    def rows(self, path: str, **params: str | int) -> list[Json]:
        """The list under `data`, every page of it."""
        return [item for page in self._pages(path, params) for item in page]

    def create(
        self, path: str, body: Json, look_up: Callable[[], Json | None], **params: str | int
    ) -> tuple[Json, bool]:
        """The `data` of the answer to a POST, and whether it was lost and `look_up` found the object instead."""
        return self.retrier.create(lambda: _data(self._send("POST", path, params, body)), look_up)

    def act(self, path: str, body: Json | None = None, **params: str | int) -> None:
        """A POST that says the whole truth (enable, disable, change-order) and can be sent twice."""
        self.retrier.run(lambda: self._send("POST", path, params, body if body is not None else {}))

    def patch(self, path: str, body: Json, **params: str | int) -> None:
        """Change the named fields."""
        self.retrier.run(lambda: self._send("PATCH", path, params, body))

    def put(self, path: str, body: Json, **params: str | int) -> None:
        """Replace the whole object."""
        self.retrier.run(lambda: self._send("PUT", path, params, body))

    def delete(self, path: str, **params: str | int) -> None:
        """Delete; an object that is not there counts as deleted, so that an answer may be lost."""
        try:
            self.retrier.run(lambda: self._send("DELETE", path, params))
        except NotFound:
            return

    def _send(self, method: str, path: str, params: Mapping[str, str | int], body: Json | None = None) -> Json:
        return self.client.send(method, path, self.credentials, params=params or None, json=body)

    def _pages(self, path: str, params: Mapping[str, str | int]) -> Iterator[list[Json]]:
        offset = 0
        while True:
            asked = {**params, "offset": offset, "limit": PAGE_SIZE} if offset else params
            answer = self.retrier.run(partial(self._send, "GET", path, asked))
            page = _rows(answer)
            yield page
            offset += len(page)
            if not page or not (answer.get("paging") or {}).get("next"):
                return


def _data(answer: Json) -> Json:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _rows(answer: Json) -> list[Json]:
    data = answer.get("data")
    # Heartbeats come as data: {heartbeats: [...]}: https://docs.opsgenie.com/docs/heartbeat-api
    rows = (data.get("heartbeats") if isinstance(data, dict) else data) or []
    if not isinstance(rows, list):
        raise ServerError("OpsGenie", "an answer whose data are no list", status=200)
    return [row for row in rows if isinstance(row, dict)]
