"""From an HTTP request to a call of the account and back: body, rights of the key, envelope, headers.

Envelope of a success: {result?, data?, took, requestId, ...}; every 2xx has a JSON body, a DELETE's included, for
the Go SDK fails on an empty one (opsgenie-go-sdk-v2 client `Parse`).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.core import Ids, body_of, json_answer
from sandbox.opsgenie.errors import ApiError, forbidden, invalid
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.integrations import Integration
from sandbox.opsgenie.models import Account

# Domains of the vendor's rights and rate limits, as far as they differ here.
ALERT = "alert"
CONFIGURATION = "configuration"
PING = "heartbeat"

TOOK = 0.003


@dataclass
class Answer:
    """What a call gives: `data` and `result` go into the envelope, `extra` beside them."""

    data: Any = None
    result: str = ""
    status: int = 200
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    request_id: str = ""


@dataclass
class Call:
    """One request, made with the key of `by`."""

    account: Account
    request: Request
    by: Integration
    body: Any

    def path(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        """Return a query parameter."""
        return self.request.query_params.get(name, default)

    def kind(self, name: str = "identifierType", allowed: tuple[str, ...] = ("id", "name")) -> str:
        """Return by what the path names its object: the first allowed word unless the query says otherwise."""
        kind = self.query(name, allowed[0])
        if kind not in allowed:
            raise invalid(name, f"must be one of {', '.join(allowed)}")
        return kind

    def flag(self, name: str) -> bool:
        """Return a boolean query parameter, false unless given."""
        return self.query(name, "false").lower() == "true"

    def number(self, name: str, default: int, *, low: int = 0, high: int = 10**9) -> int:
        """Return a whole number of the query; 422 outside `low` to `high`."""
        text = self.query(name, str(default))
        if not text.isdecimal() or not low <= int(text) <= high:
            raise invalid(name, f"must be a whole number from {low} to {high}")
        return int(text)

    def fields(self) -> Fields:
        """Return the body, to be read field by field."""
        return self.account.fields({} if self.body is None else self.body)

    def reach(self, team_id: str | None) -> None:
        """Refuse what does not belong to the team of a team's key."""
        if self.by.team_id is not None and team_id != self.by.team_id:
            raise forbidden("this key reaches only its own team's objects")

    def owner(self, fields: Fields, current: str | None = None) -> str | None:
        """Return the owner team a write asks for (absent: the current one); a team's key always means its own."""
        asked = self.account.teams.read_owner(fields) if fields.has("ownerTeam") else current
        if self.by.team_id is not None:
            self.reach(asked or self.by.team_id)
            return self.by.team_id
        return asked

    def page(
        self, items: list[Any], *, default: int, most: int = 100, sort: str = ""
    ) -> tuple[list[Any], dict[str, Any]]:
        """Return the part of a list that limit and offset ask for, and the envelope's `paging`.

        A list with a `sort` is always told as limit, sort, offset, order: the provider takes a service list's offset
        from the third part of the address, and panics where there is none.
        """
        limit, offset = self.number("limit", default, low=1, high=most), self.number("offset", 0)
        total = len(items)
        offsets = {"first": 0, "last": (total - 1) // limit * limit if total else 0}
        if offset + limit < total:
            offsets["next"] = offset + limit
        if offset:
            offsets["prev"] = max(0, offset - limit)
        url = self.request.url
        if sort:
            asked = {"sort": self.query("sort", sort), "order": self.query("order", "asc")}
            paging = {
                name: str(url.replace_query_params(limit=limit, sort=asked["sort"], offset=at, order=asked["order"]))
                for name, at in offsets.items()
            }
        else:
            paging = {name: str(url.include_query_params(limit=limit, offset=at)) for name, at in offsets.items()}
        return items[offset : offset + limit], paging


Handler = Callable[[Call], Answer]


def created(data: Any) -> Answer:
    """Return the answer to a create."""
    return Answer(data, "Created", 201)


def updated(data: Any) -> Answer:
    """Return the answer to an update."""
    return Answer(data, "Updated")


def deleted() -> Answer:
    """Return the answer to a delete."""
    return Answer(result="Deleted")


def accepted(request_id: str) -> Answer:
    """Return the answer to an alert write."""
    return Answer(result="Request will be processed", status=202, request_id=request_id)


def check_rights(key: Integration, method: str, domain: str) -> None:
    """Refuse (403, code 40301) what a key's integration does not allow; pings are always allowed."""
    if domain == PING:
        return
    if domain == CONFIGURATION and not key.allow_configuration:
        raise forbidden("this key has no configuration access")
    if method == "GET" and not key.allow_read:
        raise forbidden("this key may not read")
    if method != "GET" and not key.allow_write:
        raise forbidden("this key is read-only")
    if method == "DELETE" and not key.allow_delete:
        raise forbidden("this key may not delete")


def endpoint(account: Callable[[], Account], handler: Handler, domain: str) -> Callable[[Request], Awaitable[Response]]:
    """Return the starlette endpoint of a handler."""

    async def answer(request: Request) -> Response:
        now = account()
        try:
            key: Integration = request.state.key
            check_rights(key, request.method, domain)
            try:
                body = await body_of(request)
            except ValueError:
                raise ApiError(400, "Request body is not valid JSON") from None
            return success(now.ids, handler(Call(now, request, key, body)))
        except ApiError as refusal:
            return refused(now.ids, refusal)

    answer.__doc__ = handler.__doc__
    return answer


def success(ids: Ids, answer: Answer) -> Response:
    """Return an answer in its envelope."""
    request_id = answer.request_id or ids.uuid()
    envelope: dict[str, Any] = {"result": answer.result} if answer.result else {}
    if answer.data is not None:
        envelope["data"] = answer.data
    envelope |= answer.extra | {"took": TOOK, "requestId": request_id}
    return json_answer(envelope, answer.status, _headers(request_id) | answer.headers)


def refused(ids: Ids, refusal: ApiError) -> Response:
    """Return a refusal in its envelope."""
    request_id = ids.uuid()
    body: Mapping[str, Any] = {**refusal.body, "took": TOOK, "requestId": request_id}
    return json_answer(body, refusal.status, _headers(request_id) | refusal.headers)


def _headers(request_id: str) -> dict[str, str]:
    return {"X-Request-Id": request_id, "X-Response-Time": str(TOOK), "X-RateLimit-State": "OK"}
