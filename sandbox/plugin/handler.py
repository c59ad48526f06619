"""What a kind is (one entry of the table) and the general way its resources are made, read, changed and deleted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from sandbox.plugin.api import Again, Api, Half
from sandbox.plugin.errors import ApiError, CreatedButUnreadError, PluginError
from sandbox.plugin.fields import Field, decode, encode, snake
from sandbox.plugin.values import Values

Clock = Callable[[], datetime]


class After(Enum):
    """Where the state after a write comes from."""

    READ = "a read"
    ANSWER = "the answer"
    PLAN = "what was sent"


def _nothing_wrong(values: Values) -> list[tuple[str, str]]:  # noqa: ARG001 (a rule that looks at nothing)
    return []


@dataclass(frozen=True)
class Tries:
    """Which failed writes upstream tries again."""

    create: Again = Again.NEVER
    update: Again = Again.NEVER
    delete: Again = Again.NEVER


@dataclass(frozen=True)
class Kind:
    """One kind of resource.

    token: its type at the engine. half: which HTTP client sends its calls. collection: path for POST, an item's path is
    below it; may name properties in braces. wrapper: the key around bodies and answers. query: of reads. ask: the body
    of reads. headers: on top of the usual ones. created, updated: where the state after those writes comes from.
    absence_is_deletion: a 404 on delete counts as done. above: the property of an import's `ABOVE:ID` that names what
    the resource belongs to. rule: what is wrong with the inputs as a whole, as (property path, reason) pairs.
    """

    token: str
    half: Half
    collection: str
    wrapper: str
    fields: tuple[Field, ...]
    handler: "type[Handler]"
    query: str = ""
    ask: Values | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    created: After = After.READ
    updated: After = After.READ
    absence_is_deletion: bool = False
    above: str = ""
    tries: Tries = Tries()
    rule: Callable[[Values], list[tuple[str, str]]] = _nothing_wrong


class Handler:
    """The calls of one kind; kinds with ways of their own override the step that differs."""

    def __init__(self, kind: Kind, api: Api, now: Clock) -> None:
        self.kind = kind
        self.api = api
        self.now = now

    def collection(self, values: Values) -> str:
        """The path new resources are posted to."""
        return self.kind.collection.format_map(values)

    def item(self, resource_id: str, values: Values) -> str:
        """The path of one resource."""
        return f"{self.collection(values)}/{resource_id}"

    def body(self, values: Values) -> Values:
        """The inside of a write's body."""
        return encode(self.kind.fields, values)

    def state(self, raw: Values, prior: Values) -> Values:
        """The state an answer's inside means."""
        return decode(self.kind.fields, raw, prior)

    def write_query(self, values: Values) -> str:  # noqa: ARG002 (overridden)
        """The query of writes."""
        return ""

    async def send(
        self,
        method: str,
        path: str,
        body: Values | None = None,
        query: str = "",
        again: Again = Again.NEVER,
        wanted: int | None = None,
    ) -> Any:
        """A call of this kind's half."""
        return await self.api.send(self.kind.half, method, path, body, query, again, self.kind.headers, wanted)

    async def create(self, values: Values) -> tuple[str, Values]:
        """Makes a resource; its id and state. CreatedButUnreadError once the id is there and the rest fails."""
        raw = await self.post(values)
        resource_id = str(raw["id"])
        if self.kind.created is After.PLAN:
            return resource_id, values
        if self.kind.created is After.ANSWER:
            return resource_id, self.state(raw, values)
        try:
            return resource_id, await self.after_create(resource_id, values)
        except PluginError as fault:
            raise CreatedButUnreadError(resource_id, fault) from fault

    async def post(self, values: Values) -> Values:
        """Sends the POST; the inside of its answer."""
        answer = await self.send(
            "POST",
            self.collection(values),
            {self.kind.wrapper: self.body(values)},
            self.write_query(values),
            self.kind.tries.create,
        )
        return self.unwrap(answer)

    def unwrap(self, answer: Any) -> Values:
        """The inside of an answer; PluginError where it isn't there."""
        inside = answer.get(self.kind.wrapper) if isinstance(answer, dict) else None
        if not isinstance(inside, dict):
            raise PluginError(f"{self.kind.token}: the answer holds no {self.kind.wrapper!r}")
        return inside

    async def after_create(self, resource_id: str, values: Values) -> Values:
        """What follows the POST: a read. A 404 then is tried again, for the service may lag behind."""
        return await self.fetch(resource_id, values, Again.ALL_BUT_BAD_REQUEST)

    async def fetch(self, resource_id: str, prior: Values, again: Again) -> Values:
        """Reads the state."""
        answer = await self.send(
            "GET", self.item(resource_id, prior), self.kind.ask, query=self.kind.query, again=again
        )
        return self.state(self.unwrap(answer), prior)

    async def read(self, resource_id: str, prior: Values) -> tuple[str, Values] | None:
        """Reads id and state for a refresh or an import (then `prior` is empty); None where it is gone."""
        above = self.kind.above
        if above and not prior.get(above):
            owner, colon, resource_id = resource_id.partition(":")
            if not colon or ":" in resource_id:
                raise PluginError(f"{self.kind.token} is imported as {snake(above).upper()}:ID")
            prior = {**prior, above: owner}
        try:
            return resource_id, await self.fetch(resource_id, prior, Again.ALL_BUT_BAD_OR_MISSING)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    async def update(self, resource_id: str, old: Values, planned: Values) -> Values:
        """Brings a resource from its old state to the planned one; the state after it."""
        answer = await self.put(resource_id, old, planned)
        match self.kind.updated:
            case After.READ:
                return await self.fetch(resource_id, planned, Again.ALL_BUT_BAD_REQUEST)
            case After.ANSWER:
                return self.state(self.unwrap(answer), planned)
            case After.PLAN:
                return planned

    async def put(self, resource_id: str, old: Values, planned: Values) -> Any:  # noqa: ARG002 (overridden)
        """Sends the PUT; its answer."""
        return await self.send(
            "PUT",
            self.item(resource_id, planned),
            {self.kind.wrapper: self.body(planned)},
            self.write_query(planned),
            self.kind.tries.update,
        )

    async def delete(self, resource_id: str, state: Values) -> None:
        """Deletes a resource."""
        path, again = self.item(resource_id, state), self.kind.tries.delete
        if self.kind.absence_is_deletion:
            await self.remove(path, again)
        else:
            await self.send("DELETE", path, again=again)

    async def remove(self, path: str, again: Again) -> None:
        """Deletes what a path names; it may be gone already."""
        try:
            await self.send("DELETE", path, again=again)
        except ApiError as error:
            if error.status != 404:
                raise
