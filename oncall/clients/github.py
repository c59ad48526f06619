"""GitHub's REST API, as far as comments, issues and pull requests go (https://docs.github.com/en/rest/issues/comments).

With GitHub Enterprise Server the address is another; GITHUB_API_URL says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from oncall.clients.base import ApiClient, Credentials
from oncall.clients.errors import Forbidden, NotFound
from oncall.clients.retry import Retrier
from oncall.clients.threads import Comment, PullRequest, rows_of

DEFAULT_URL = "https://api.github.com"
ACCEPT = "application/vnd.github+json"
HEADERS = {"X-GitHub-Api-Version": "2022-11-28"}
REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")


def api_token(token: str) -> Credentials:
    """Credentials from any token: of a workflow run, of an app, of a person."""
    return Credentials("Bearer", token)


@dataclass(frozen=True, slots=True)
class GitHub:
    """One repository seen through one token; `repository` is `owner/name`."""

    client: ApiClient
    credentials: Credentials
    retrier: Retrier
    repository: str

    def me(self) -> str | None:
        """Return the login the token writes as; None where the token may not ask."""
        try:
            return str(self.retrier.run(lambda: self._send("GET", "/user")).get("login")) or None
        except Forbidden:
            return None

    def comments(self, number: int) -> list[Comment]:
        """Return every comment of an issue or pull request, oldest first."""
        rows = self._rows(f"{self._repo}/issues/{number}/comments", {})
        return [Comment(row["id"], _login(row), str(row.get("body") or "")) for row in rows]

    def add(self, number: int, body: str, look_up: Any) -> None:
        """Post a comment; where the answer is lost, `look_up` says whether it was made."""
        path = f"{self._repo}/issues/{number}/comments"
        self.retrier.create(lambda: self._send("POST", path, json={"body": body}), look_up)

    def change(self, number: int, comment: int, body: str) -> None:  # noqa: ARG002 - a thread's address at GitLab
        """Replace a comment's text."""
        path = f"{self._repo}/issues/comments/{comment}"
        self.retrier.run(lambda: self._send("PATCH", path, json={"body": body}))

    def drop(self, number: int, comment: int) -> None:  # noqa: ARG002
        """Delete a comment; one that is gone counts as deleted."""
        try:
            self.retrier.run(lambda: self._send("DELETE", f"{self._repo}/issues/comments/{comment}"))
        except NotFound:
            return

    def issues(self) -> list[Comment]:
        """Return the text of each open issue, its number as the id; pull requests are none."""
        rows = self._rows(f"{self._repo}/issues", {"state": "open"})
        return [
            Comment(int(row["number"]), _login(row), str(row.get("body") or ""))
            for row in rows
            if "pull_request" not in row
        ]

    def open_issue(self, title: str, body: str, look_up: Any) -> None:
        """Open an issue; where the answer is lost, `look_up` says whether it was made."""
        path = f"{self._repo}/issues"
        self.retrier.create(lambda: self._send("POST", path, json={"title": title, "body": body}), look_up)

    def change_issue(self, number: int, body: str, *, close: bool) -> None:
        """Replace an issue's text; `close` it where it is settled."""
        json = {"body": body} | ({"state": "closed", "state_reason": "completed"} if close else {})
        self.retrier.run(lambda: self._send("PATCH", f"{self._repo}/issues/{number}", json=json))

    def pull_request(self, number: int) -> PullRequest:
        """Return a pull request by its number."""
        return _pull(self.retrier.run(lambda: self._send("GET", f"{self._repo}/pulls/{number}")))

    def pull_requests_of(self, owner: str, branch: str) -> list[PullRequest]:
        """Return the open pull requests from a branch of somebody's repository, a fork's too."""
        rows = self._rows(f"{self._repo}/pulls", {"state": "open", "head": f"{owner}:{branch}"})
        return [_pull(row) for row in rows]

    @property
    def _repo(self) -> str:
        return f"/repos/{quote(self.repository)}"

    def _rows(self, path: str, params: Mapping[str, str | int]) -> Iterator[dict[str, Any]]:
        return rows_of(lambda page: self.retrier.run(lambda: self._send("GET", path, params={**params, **page})))

    def _send(self, method: str, path: str, *, params: Any = None, json: Any = None) -> Any:
        return self.client.exchange(
            method, path, self.credentials, params=params, json=json, accept=ACCEPT, headers=HEADERS
        )


def _login(row: Mapping[str, Any]) -> str:
    return str((row.get("user") or {}).get("login") or "")


def _pull(row: Mapping[str, Any]) -> PullRequest:
    labels = tuple(str(label.get("name")) for label in row.get("labels") or [] if isinstance(label, Mapping))
    return PullRequest(int(row["number"]), str(row["head"]["sha"]), str(row["base"]["ref"]), labels)
