"""The provider itself, on plain values: what each request of the engine means, without gRPC."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.plugin.api import Again, Api, Half
from sandbox.plugin.errors import PluginError
from sandbox.plugin.fields import Change, inputs_of, plan, preview, problems, with_defaults
from sandbox.plugin.functions import FUNCTIONS
from sandbox.plugin.handler import Clock, Handler, Kind
from sandbox.plugin.kinds import KINDS
from sandbox.plugin.settings import settings_of
from sandbox.plugin.values import Value, Values, is_unknown


@dataclass(frozen=True)
class Difference:
    """What a diff found; `delete_first` where a replacement cannot live beside its forerunner."""

    changes: tuple[Change, ...]
    delete_first: bool


class Provider:
    """Answers the engine's requests; `configure` comes first for all that needs PagerDuty."""

    def __init__(
        self,
        now: Clock = lambda: datetime.now(UTC),
        kinds: Sequence[Kind] = KINDS,
    ) -> None:
        self._now: Clock = now
        self._kinds = {kind.token: kind for kind in kinds}
        self._api: Api | None = None
        self._handlers: dict[str, Handler] = {}

    async def configure(self, config: Values) -> None:
        """Takes the provider's configuration and, unless told not to, checks the token as both halves do."""
        if any(is_unknown(value) for value in config.values()):
            return
        settings = settings_of(config)
        if now := settings.now:
            self._now = lambda: now
        api = Api(settings)
        if settings.check_credentials:
            for _ in range(2):
                await api.send(Half.SDK, "GET", "/abilities")
            await api.send(Half.FRAMEWORK, "GET", "/abilities", again=Again.ALL_BUT_UNAUTHORISED)
        self._api = api
        self._handlers = {kind.token: kind.handler(kind, api, self._now) for kind in self._kinds.values()}

    async def close(self) -> None:
        """Ends the connections to PagerDuty."""
        if self._api:
            await self._api.close()

    def check(
        self, kind_type: str, name: str, olds: Values, news: Values, seed: bytes
    ) -> tuple[Values, list[tuple[str, str]]]:
        """The inputs with defaults and a name of their own where there is none, and what is wrong with them."""
        kind = self._kind(kind_type)
        inputs = with_defaults(kind.fields, news)
        if "name" not in inputs and any(field.name == "name" for field in kind.fields):
            # The engine's usual way (autonaming): the logical name with a random end that stays for good.
            inputs["name"] = olds.get("name") or f"{name}-{hashlib.sha256(seed).hexdigest()[:7]}"
        return inputs, problems(kind.fields, inputs) + kind.rule(inputs)

    def diff(self, kind_type: str, state: Values, inputs: Values) -> Difference:
        """What the inputs would change in the state."""
        _, changes = plan(self._kind(kind_type).fields, state, inputs, self._now())
        # Two objects of one name may not coexist in PagerDuty.
        replaces = any(change.replaces for change in changes)
        same_name = "name" in state and state["name"] == inputs.get("name")
        return Difference(tuple(changes), delete_first=replaces and same_name)

    async def create(self, kind_type: str, inputs: Values, dry: bool) -> tuple[str, Values]:
        """Makes a resource; id ("" in a preview) and state."""
        if dry:
            return "", preview(self._kind(kind_type).fields, inputs)
        return await self._handler(kind_type).create(inputs)

    async def read(
        self, kind_type: str, resource_id: str, state: Values, inputs: Values
    ) -> tuple[str, Values, Values] | None:
        """Id, state and inputs as they are now; None where the resource is gone. An import comes without a state."""
        found = await self._handler(kind_type).read(resource_id, state)
        if found is None:
            return None
        read_id, read_state = found
        return read_id, read_state, self._inputs_after_read(self._kind(kind_type), read_state, inputs)

    def _inputs_after_read(self, kind: Kind, state: Values, inputs: Values) -> Values:
        """The inputs as they were where they still describe the state, else what the state makes of them."""
        if not inputs:
            return inputs_of(kind.fields, state)
        _, changes = plan(kind.fields, state, inputs, self._now())
        changed = {change.path.partition("[")[0].partition(".")[0] for change in changes}
        return {
            name: value
            for name, value in {
                **inputs,
                **{name: inputs_of(kind.fields, state).get(name) for name in changed},
            }.items()
            if value is not None
        }

    async def update(self, kind_type: str, resource_id: str, state: Values, inputs: Values, dry: bool) -> Values:
        """Changes a resource; the state after it."""
        kind = self._kind(kind_type)
        planned, _ = plan(kind.fields, state, inputs, self._now())
        if dry:
            return preview(kind.fields, planned)
        return await self._handler(kind_type).update(resource_id, state, planned)

    async def delete(self, kind_type: str, resource_id: str, state: Values) -> None:
        """Deletes a resource."""
        await self._handler(kind_type).delete(resource_id, state)

    async def invoke(self, token: str, args: Values) -> Values:
        """Calls a function; its result."""
        function = FUNCTIONS.get(token)
        if function is None:
            raise PluginError(f"the stand-in plugin has no function {token}")
        return await function(self._ready(), args)

    def schema(self) -> dict[str, Value]:
        """A package schema with names and rough types: enough for `pulumi import` to write code."""
        return {
            "name": "pagerduty",
            "resources": {
                kind.token: {
                    "properties": {field.name: _schema_type(field.type, field.many) for field in kind.fields},
                    "inputProperties": {
                        field.name: _schema_type(field.type, field.many) for field in kind.fields if not field.output
                    },
                    "requiredInputs": [field.name for field in kind.fields if field.required],
                }
                for kind in self._kinds.values()
            },
        }

    def _kind(self, kind_type: str) -> Kind:
        kind = self._kinds.get(kind_type)
        if kind is None:
            raise PluginError(f"the stand-in plugin has no resource {kind_type}")
        return kind

    def _handler(self, kind_type: str) -> Handler:
        self._ready()
        return self._handlers[self._kind(kind_type).token]

    def _ready(self) -> Api:
        if self._api is None:
            raise PluginError("the provider's configuration is not known yet")
        return self._api


def _schema_type(field_type: str, many: bool) -> dict[str, Value]:
    anything = {"type": "object", "additionalProperties": {"$ref": "pulumi.json#/Any"}}
    match field_type:
        case "object":
            return {"type": "array", "items": anything} if many else anything
        case "strings" | "integers":
            return {"type": "array", "items": {"type": field_type[:-1]}}
        case _:
            return {"type": field_type}
