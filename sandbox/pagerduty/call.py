"""One call of the REST API as its handlers see it: path, query and body, already read; and the paged lists."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.errors import bad_range, invalid
from sandbox.pagerduty.times import parse_time

# https://developer.pagerduty.com/docs/pagination
DEFAULT_LIMIT = 25
MAX_LIMIT = 100
MAX_REACH = 10_000

Item = TypeVar("Item")


@dataclass
class Call:
    """A request to the REST API, its JSON read (None where there was no body)."""

    account: Account
    request: Request
    json: Any

    def path(self, name: str = "id") -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str | None:
        """Return a query parameter, or None."""
        return self.request.query_params.get(name)

    def many(self, name: str) -> list[str]:
        """Return all values of a repeated query parameter: `name[]=a&name[]=b`."""
        return self.request.query_params.getlist(f"{name}[]") + self.request.query_params.getlist(name)

    @property
    def include(self) -> frozenset[str]:
        """What `include[]` asks to have whole."""
        return frozenset(self.many("include"))

    def instant(self, name: str, default: datetime) -> datetime:
        """Return a time from the query; a 400 (2004) for one that can't be read."""
        text = self.query(name)
        if text is None:
            return default
        try:
            # "+01:00" that was not percent-encoded arrives as " 01:00".
            return parse_time(text.replace(" ", "+"))
        except ValueError:
            raise bad_range(f"{name} is not a time: {text}") from None

    def wrapped(self, name: str, *, bare: bool = False) -> dict[str, Any]:
        """Return the object under its singular name in the body, or raise a 400.

        With `bare` the body may be the object itself: PagerDuty's own go-pagerduty (1.8.0) writes some kinds so.
        """
        entity = self.json.get(name) if isinstance(self.json, Mapping) else None
        if bare and isinstance(self.json, dict) and self.json and name not in self.json:
            entity = self.json
        if not isinstance(entity, dict):
            raise invalid(f"{name} must be an object")
        return entity

    def requester(self) -> str | None:
        """Return the id of the user whose e-mail the From header gives, or None."""
        email = self.request.headers.get("from", "").strip().casefold()
        return next((user.id for user in self.account.users.values() if user.email.casefold() == email), None)

    def matches(self, *texts: str) -> bool:
        """Return whether the search text `query`, if any, is in one of the texts."""
        wanted = (self.query("query") or "").casefold()
        return not wanted or any(wanted in text.casefold() for text in texts)

    def page(
        self,
        name: str,
        items: Sequence[Item],
        show: Callable[[Item], Any],
        *,
        default: int = DEFAULT_LIMIT,
        most: int = MAX_LIMIT,
        total: bool = True,
    ) -> Response:
        """Return a part of a list as `limit` and `offset` ask; only what is answered is shown.

        Some calls have another `default` and maximum (`most`) of the limit, and those of /v3 never tell the `total`.
        """
        limit, offset = self._count("limit", default), self._count("offset", 0)
        if not 1 <= limit <= most:
            raise invalid(f"Limit must be between 1 and {most}")
        if offset + limit > MAX_REACH:
            raise invalid(f"Offset plus limit must not be above {MAX_REACH}")
        part = items[offset : offset + limit]
        more = offset + limit < len(items)
        paging: dict[str, Any] = {"limit": limit, "offset": offset, "more": more}
        if total:
            paging["total"] = len(items) if self.query("total") == "true" else None
        return json_answer({name: [show(item) for item in part]} | paging)

    def by_name(self, items: Iterable[Any]) -> list[Any]:
        """Return objects sorted by name, the other way round where `sort_by` asks for it."""
        order = self.query("sort_by") or "name"
        if order not in ("name", "name:asc", "name:desc"):
            raise invalid(f"Sort by {order} is not possible")
        return sorted(items, key=lambda item: (item.name.casefold(), item.id), reverse=order == "name:desc")

    def _count(self, name: str, default: int) -> int:
        text = self.query(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit():
            raise invalid(f"{name.capitalize()} must be a number")
        return int(text)


Handler = Callable[[Call], Response]


def by_name(items: Any) -> list[Any]:
    """Return objects sorted by name, as lists are answered."""
    return sorted(items, key=lambda item: (item.name.casefold(), item.id))
