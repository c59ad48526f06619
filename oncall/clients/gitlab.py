"""GitLab's REST API, as far as notes of merge requests go (https://docs.gitlab.com/api/notes/)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from oncall.clients.base import ApiClient, Credentials
from oncall.clients.errors import Forbidden, NotFound
from oncall.clients.retry import Retrier
from oncall.clients.threads import Comment, rows_of

DEFAULT_URL = "https://gitlab.com/api/v4"
PROJECT = re.compile(r"[0-9]{1,12}|[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+")


def api_token(token: str) -> Credentials:
    """Credentials from a project or personal access token with the right `api`; a job's own token may not comment."""
    return Credentials("Bearer", token)


@dataclass(frozen=True, slots=True)
class GitLab:
    """One project seen through one token; `project` is its number or its path."""

    client: ApiClient
    credentials: Credentials
    retrier: Retrier
    project: str

    def me(self) -> str | None:
        """Return the user the token writes as; None where the token may not ask."""
        try:
            return str(self.retrier.run(lambda: self._send("GET", "/user")).get("username")) or None
        except Forbidden:
            return None

    def comments(self, number: int) -> list[Comment]:
        """Return every note people wrote on a merge request, oldest first."""
        rows = self._rows(self._notes(number), {"sort": "asc", "order_by": "created_at"})
        return [
            Comment(row["id"], str((row.get("author") or {}).get("username") or ""), str(row.get("body") or ""))
            for row in rows
            if not row.get("system")
        ]

    def add(self, number: int, body: str, look_up: Any) -> None:
        """Write a note; where the answer is lost, `look_up` says whether it was made."""
        self.retrier.create(lambda: self._send("POST", self._notes(number), json={"body": body}), look_up)

    def change(self, number: int, comment: int, body: str) -> None:
        """Replace a note's text."""
        self.retrier.run(lambda: self._send("PUT", f"{self._notes(number)}/{comment}", json={"body": body}))

    def drop(self, number: int, comment: int) -> None:
        """Delete a note; one that is gone counts as deleted."""
        try:
            self.retrier.run(lambda: self._send("DELETE", f"{self._notes(number)}/{comment}"))
        except NotFound:
            return

    def _notes(self, number: int) -> str:
        return f"/projects/{quote(self.project, safe='')}/merge_requests/{number}/notes"

    def _rows(self, path: str, params: Mapping[str, str | int]) -> Iterator[dict[str, Any]]:
        return rows_of(lambda page: self.retrier.run(lambda: self._send("GET", path, params={**params, **page})))

    def _send(self, method: str, path: str, *, params: Any = None, json: Any = None) -> Any:
        return self.client.exchange(method, path, self.credentials, params=params, json=json)
