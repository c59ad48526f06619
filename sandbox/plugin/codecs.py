"""How a property's value looks in the body of a request and in an answer, where it is not simply the same."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.plugin.instants import go_form, parse_instant
from sandbox.plugin.values import Value


def _same(value: Value) -> Value:
    return value


@dataclass(frozen=True)
class Codec:
    """Two directions of one value: `encode` for a body, `decode` for an answer (which may hold None)."""

    encode: Callable[[Value], Value] = _same
    decode: Callable[[Value], Value] = _same


PLAIN = Codec()


def reference(kind: str) -> Codec:
    """An id in the program, `{"id", "type"}` in the API."""
    return Codec(
        encode=lambda value: {"id": value, "type": kind},
        decode=lambda raw: raw["id"] if raw else None,
    )


def references(kind: str) -> Codec:
    """A list of ids in the program, a list of `{"id", "type"}` in the API."""
    one = reference(kind)
    return Codec(
        encode=lambda value: [one.encode(item) for item in value],
        decode=lambda raw: [one.decode(item) for item in raw or []],
    )


def only_reference(kind: str) -> Codec:
    """One id in the program, a list of at most one `{"id", "type"}` in the API (an escalation policy's teams)."""
    one = reference(kind)
    return Codec(
        encode=lambda value: [one.encode(value)],
        decode=lambda raw: one.decode(raw[0]) if raw else None,
    )


ONLY_ITEM = Codec(
    encode=lambda value: value[0] if value else None,
    decode=lambda raw: [raw] if raw else None,
)
"""A list in the program whose first item is all the API takes (a scheduled action's `at`)."""

SECONDS_OR_NULL = Codec(
    encode=lambda value: None if value == "null" else int(value),
    decode=lambda raw: "null" if raw is None else str(raw),
)
"""Seconds as text in the program, with "null" for off; a number or null in the API (a service's timeouts)."""

LAYER_USERS = Codec(
    encode=lambda value: [{"user": {"id": user, "type": "user"}} for user in value],
    decode=lambda raw: [item["user"]["id"] for item in raw or []],
)
"""User ids in the program, wrapped users in the API (a schedule layer's line-up)."""

GO_TIME = Codec(encode=lambda value: go_form(parse_instant(value)))
"""RFC 3339 in the program and in answers, Go's print form in bodies (`rotation_virtual_start`)."""

PERCENT = Codec(decode=lambda raw: f"{int((raw or 0) * 100 + 0.5):.2f}")
"""A number in the API, a rounded text with two decimals in the program."""

TRIMMED = Codec(encode=lambda value: value.strip())
"""Text sent without white space at its ends."""
