"""What sorts other objects: tags and their assignments, business services and dependencies between services."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from sandbox.plugin.api import Again, Api, Half
from sandbox.plugin.codecs import Codec
from sandbox.plugin.common import DESCRIPTION, HTML_URL, NAME, TEXT
from sandbox.plugin.errors import ApiError, PluginError
from sandbox.plugin.fields import Field
from sandbox.plugin.handler import After, Clock, Handler, Kind, Tries
from sandbox.plugin.rules import one_of
from sandbox.plugin.values import Value, Values

_GONE: Final = Again.ALL_BUT_BAD_OR_MISSING


class TagHandler(Handler):
    """A tag's body names its type."""

    def body(self, values: Values) -> Values:
        """The label and the type."""
        return {"type": "tag", **super().body(values)}


TAG: Final = Kind(
    token="pagerduty:index/tag:Tag",  # noqa: S106 (a type, no secret)
    half=Half.FRAMEWORK,
    collection="/tags",
    wrapper="tag",
    handler=TagHandler,
    created=After.ANSWER,
    absence_is_deletion=True,
    tries=Tries(create=Again.ALL_BUT_BAD_REQUEST, delete=_GONE),
    fields=(
        Field("label", required=True, replaces=True),
        Field("summary", output=True, codec=TEXT),
        HTML_URL,
    ),
)


class TagAssignmentHandler(Handler):
    """No object of its own in the API, but a tag in an entity's list; the id is `entity.tag`."""

    async def create(self, values: Values) -> tuple[str, Values]:
        """Adds the tag, then looks for it."""
        await self._change("add", values, self.kind.tries.create)
        if not await self._is_there(values):
            raise PluginError(f"tag {values['tagId']} is not on {values['entityType']} {values['entityId']}")
        return _assignment_id(values), values

    async def read(self, resource_id: str, prior: Values) -> tuple[str, Values] | None:
        """The assignment where entity and tag are there; an import names them, `ENTITY_TYPE.ENTITY_ID.TAG_ID`."""
        if not prior:
            parts = resource_id.split(".")
            if len(parts) != 3:
                raise PluginError(f"{resource_id!r}: a tag assignment is imported as ENTITY_TYPE.ENTITY_ID.TAG_ID")
            prior = dict(zip(("entityType", "entityId", "tagId"), parts, strict=True))
            if not await self._has_tag(prior):
                return None
        return (_assignment_id(prior), prior) if await self._is_there(prior) else None

    async def delete(self, resource_id: str, state: Values) -> None:  # noqa: ARG002 (the state says it all)
        """Takes the tag off; an entity or tag that is gone has it no longer."""
        try:
            await self._change("remove", state, self.kind.tries.delete)
        except ApiError as error:
            if error.status != 404:
                raise

    async def _change(self, way: str, values: Values, again: Again) -> None:
        path = f"/{values['entityType']}/{values['entityId']}/change_tags"
        await self.send("POST", path, {way: [{"type": "tag_reference", "id": values["tagId"]}]}, again=again)

    async def _is_there(self, values: Values) -> bool:
        try:
            await self.send("GET", f"/{values['entityType']}/{values['entityId']}", again=_GONE)
        except ApiError as error:
            if error.status == 404:
                return False
            raise
        return await self._has_tag(values)

    async def _has_tag(self, values: Values) -> bool:
        path, offset = f"/{values['entityType']}/{values['entityId']}/tags", 0
        while True:
            answer = await self.send("GET", path, query=f"offset={offset}", again=Again.ALL_BUT_BAD_REQUEST)
            if any(tag.get("id") == values["tagId"] for tag in answer["tags"]):
                return True
            if not answer.get("more"):
                return False
            offset = answer["offset"] + answer["limit"]


def _assignment_id(values: Values) -> str:
    return f"{values['entityId']}.{values['tagId']}"


TAG_ASSIGNMENT: Final = Kind(
    token="pagerduty:index/tagAssignment:TagAssignment",  # noqa: S106
    half=Half.FRAMEWORK,
    collection="/tags",
    wrapper="",
    handler=TagAssignmentHandler,
    tries=Tries(create=Again.ALL_BUT_BAD_REQUEST, delete=_GONE),
    fields=(
        Field(
            "entityType",
            wire=None,
            required=True,
            replaces=True,
            rule=one_of("users", "teams", "escalation_policies"),
        ),
        Field("entityId", wire=None, required=True, replaces=True),
        Field("tagId", wire=None, required=True, replaces=True),
    ),
)


class BusinessServiceHandler(Handler):
    """An update's body names the service too."""

    async def put(self, resource_id: str, old: Values, planned: Values) -> Any:  # noqa: ARG002
        """The PUT; its answer is the state."""
        body = {"business_service": {**self.body(planned), "id": resource_id}}
        return await self.send("PUT", self.item(resource_id, planned), body)


def _id_of(raw: Value) -> Value:
    return raw.get("id") if raw else None


BUSINESS_SERVICE: Final = Kind(
    token="pagerduty:index/businessService:BusinessService",  # noqa: S106
    half=Half.FRAMEWORK,
    collection="/business_services",
    wrapper="business_service",
    handler=BusinessServiceHandler,
    updated=After.ANSWER,
    absence_is_deletion=True,
    fields=(
        NAME,
        DESCRIPTION,
        Field("pointOfContact", codec=Codec(decode=lambda raw: raw or None)),
        Field("team", blank={}, codec=Codec(lambda value: {"id": value}, _id_of)),
        Field("type", default="business_service", rule=one_of("business_service")),
        Field("self", output=True),
        Field("summary", output=True),
        HTML_URL,
    ),
)

_PLAIN_TYPES: Final = {"business_service_reference": "business_service", "technical_service_reference": "service"}
"""Answers name services by reference types, requests by plain ones."""


class ServiceDependencyHandler(Handler):
    """A relation in the list of a service; associations are made one at a time, for the account takes no two."""

    def __init__(self, kind: Kind, api: Api, now: Clock) -> None:
        super().__init__(kind, api, now)
        self._one_at_a_time = asyncio.Lock()

    async def create(self, values: Values) -> tuple[str, Values]:
        """Associates two services; a service that is not there yet (404) is waited for."""
        wanted = values["dependency"]
        relation = {key: _service(wanted, name) for name, key in _SIDES}
        if wanted.get("type"):
            relation["type"] = wanted["type"]
        async with self._one_at_a_time:
            answer = await self.send(
                "POST", "/service_dependencies/associate", {"relationships": [relation]}, again=Again.MISSING
            )
        if not answer["relationships"]:
            raise PluginError("the answer holds no dependency")
        raw = answer["relationships"][0]
        return str(raw["id"]), dependency_state(raw)

    async def read(self, resource_id: str, prior: Values) -> tuple[str, Values] | None:
        """The relation in its dependent service's list; an import names a service: `SERVICE_ID.SERVICE_TYPE.ID`."""
        if prior:
            service = _service(prior["dependency"], "dependentServices")
        else:
            parts = resource_id.split(".")
            if len(parts) != 3:
                raise PluginError(f"{resource_id!r}: a dependency is imported as SERVICE_ID.SERVICE_TYPE.ID")
            service, resource_id = {"id": parts[0], "type": parts[1]}, parts[2]
        raw = await self._find(resource_id, service)
        if raw is None:
            return None
        if not prior:
            return await self.read(resource_id, dependency_state(raw))
        return resource_id, dependency_state(raw)

    async def delete(self, resource_id: str, state: Values) -> None:
        """Looks the relation up and dissolves it; one that is gone is done."""
        raw = await self._find(resource_id, _service(state["dependency"], "dependentServices"))
        if raw is None:
            return
        services = {
            key: {"id": raw[key]["id"], "type": _PLAIN_TYPES.get(raw[key]["type"], raw[key]["type"])}
            for _, key in _SIDES
        }
        relation = {**{key: raw[key] for key in ("id", "type") if raw.get(key)}, **services}
        try:
            await self.send(
                "POST",
                "/service_dependencies/disassociate",
                {"relationships": [relation]},
                again=self.kind.tries.delete,
            )
        except ApiError as error:
            if error.status != 404:
                raise

    async def _find(self, resource_id: str, service: Values) -> Values | None:
        """The relation in a service's list; a list that is not there is asked for again, then counts as empty."""
        sort = "business_services" if service["type"].startswith("business_service") else "technical_services"
        try:
            answer = await self.send(
                "GET", f"/service_dependencies/{sort}/{service['id']}", again=Again.ALL_BUT_BAD_REQUEST
            )
        except ApiError as error:
            if error.status != 404:
                raise
            return None
        return next((raw for raw in answer["relationships"] if raw["id"] == resource_id), None)


_SIDES: Final = (("supportingServices", "supporting_service"), ("dependentServices", "dependent_service"))


def _service(dependency: Values, name: str) -> Values:
    one = dependency[name][0]
    return {"id": one["id"], "type": one["type"]}


def dependency_state(raw: Values) -> Values:
    """The state a relation of an answer means; services with their plain types."""
    state: Values = {"type": raw.get("type") or ""}
    for name, key in _SIDES:
        sort = raw[key]["type"]
        state[name] = [{"id": raw[key]["id"], "type": _PLAIN_TYPES.get(sort, sort)}]
    return {"dependency": state}


def _one_service(name: str, rule: Callable[[Value], str | None]) -> Field:
    fields = (
        Field("id", required=True, replaces=True),
        Field("type", required=True, replaces=True, rule=rule),
    )
    return Field(name, "object", required=True, replaces=True, many=True, fields=fields)


SERVICE_DEPENDENCY: Final = Kind(
    token="pagerduty:index/serviceDependency:ServiceDependency",  # noqa: S106
    half=Half.FRAMEWORK,
    collection="/service_dependencies",
    wrapper="",
    handler=ServiceDependencyHandler,
    tries=Tries(delete=_GONE),
    fields=(
        Field(
            "dependency",
            "object",
            required=True,
            replaces=True,
            fields=(
                Field("type", computed=True, replaces=True),
                _one_service("supportingServices", one_of("business_service", "business_service_reference", "service")),
                _one_service(
                    "dependentServices",
                    one_of(
                        "business_service",
                        "business_service_reference",
                        "service",
                        "service_dependency",
                        "technical_service_reference",
                    ),
                ),
            ),
        ),
    ),
)
