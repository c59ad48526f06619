"""Who or what a rotation, an escalation or a routing rule points at: people by username, everything else by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from oncall.provider.convert import UNKNOWN
from oncall.provider.fields import Field, Problem, Record, Text


@dataclass(frozen=True, slots=True)
class OwnId(Text):
    """An object's own id, or the "parentId/id" of its resource."""

    def canonical(self, value: Any) -> Any:
        """Its own."""
        return value.rpartition("/")[2] if isinstance(value, str) else value


OWN_ID = OwnId()


def recipient(name: str, types: tuple[str, ...], doc: str) -> Record:
    """The record type of a recipient that may be one of these types."""
    return Record(
        f"oncall:opsgenie:{name}",
        doc,
        (
            Field("type", Text(choices=types), "What it is.", required=True),
            Field("username", Text(any_case=True), "The user's e-mail address; for type user."),
            Field("id", Text(), "The object's id; for every type but user and none."),
        ),
    )


def recipient_problems(value: Any, path: str) -> Iterator[Problem]:
    """A recipient without the one name its type calls for, or with one that it can't have."""
    if not isinstance(value, Mapping) or value.get("type") in (None, UNKNOWN):
        return
    kind = value["type"]
    needed = {"user": "username", "none": None}.get(kind, "id")
    for name in ("username", "id"):
        if name == needed and value.get(name) is None:
            yield Problem(f"{path}.{name}", f"is required for type {kind}")
        elif name != needed and value.get(name) is not None:
            yield Problem(f"{path}.{name}", f"is not allowed for type {kind}")


def recipient_of(found: Mapping[str, Any]) -> dict[str, Any]:
    """The API's recipient, which has id and name both, in our words."""
    kind = found.get("type")
    if kind == "none":
        return {"type": kind}
    name = "username" if kind == "user" else "id"
    return {"type": kind, name: found.get(name)}
