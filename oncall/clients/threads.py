"""Comments and the things they hang on, whoever hosts the repository."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

PAGE_SIZE = 100
"""As many as both hosts give at once."""


def rows_of(ask: Callable[[Mapping[str, int]], Any]) -> Iterator[dict[str, Any]]:
    """Give the rows of a list, every page of it: `ask` takes a page's parameters; one not full is the last."""
    page = 1
    while True:
        found = ask({"per_page": PAGE_SIZE, "page": page})
        rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
        yield from rows
        if len(rows) < PAGE_SIZE:
            return
        page += 1


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as it stands: its id, the login of who wrote it, its text."""

    id: int
    author: str
    body: str


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request: its number, the commit at its head, the branch it goes to, its labels."""

    number: int
    head: str
    base: str
    labels: tuple[str, ...]


class Thread(Protocol):
    """Where comments on merge or pull requests are read and written."""

    def me(self) -> str | None:
        """Return whom we write as; None where that can't be asked."""

    def comments(self, number: int) -> list[Comment]:
        """Return all comments, oldest first."""

    def add(self, number: int, body: str, look_up: Callable[[], object | None]) -> None:
        """Write a new one; `look_up` finds what a lost answer has made."""

    def change(self, number: int, comment: int, body: str) -> None:
        """Replace the text of one."""

    def drop(self, number: int, comment: int) -> None:
        """Delete one."""
