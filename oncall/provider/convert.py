"""PropertyValue, the plugin protocol's value, to plain Python and back.

Numbers arrive as float and leave as float; in between whole ones are int. An unknown of a preview is `UNKNOWN`.
Secrets are unwrapped, and the names of the top-level properties that held one are kept beside the values.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi.provider.experimental.property_value import Computed, PropertyValue, ResourceReference
from pulumi.runtime import rpc

from oncall.provider.faults import ProviderError


class Unknown:
    """A value that is known only once another resource exists: there is one such object, `UNKNOWN`."""

    def __repr__(self) -> str:
        return "<known after the update>"

    def __deepcopy__(self, memo: Any) -> Unknown:
        return self


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Properties:
    """Plain values by property name, and which of these properties held a secret anywhere inside."""

    values: dict[str, Any]
    secret: frozenset[str] = frozenset()


def has_unknown(value: Any) -> bool:
    """Whether a plain value is unknown or holds an unknown at any depth."""
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN


def from_wire(properties: Mapping[str, PropertyValue]) -> Properties:
    """Plain values of a property map; nulls are left out. Assets, archives and resource references are refused."""
    values = {name: _plain(value, name) for name, value in properties.items()}
    secret = frozenset(name for name, value in properties.items() if value.contains_secret())
    return Properties({name: value for name, value in values.items() if value is not None}, secret)


def to_wire(values: Mapping[str, Any], secret: Collection[str] = ()) -> dict[str, PropertyValue]:
    """The property map of plain values, the named ones marked secret; None is left out."""
    return {name: _property(value).with_secret(name in secret) for name, value in values.items() if value is not None}


def _plain(value: PropertyValue, path: str) -> Any:
    inner = value.value
    if isinstance(inner, Computed) or (isinstance(inner, str) and inner == rpc.UNKNOWN):
        return UNKNOWN
    if inner is None or isinstance(inner, bool | str):
        return inner
    if isinstance(inner, float):
        return int(inner) if inner.is_integer() else inner
    if isinstance(inner, Mapping):
        items = {name: _plain(item, f"{path}.{name}") for name, item in inner.items()}
        return {name: item for name, item in items.items() if item is not None}
    if isinstance(inner, pulumi.Asset | pulumi.Archive | ResourceReference):
        raise ProviderError(f"{path}: give the text or id itself; assets, archives and resources can't be used here")
    return [_plain(item, f"{path}[{index}]") for index, item in enumerate(inner)]


def _property(value: Any) -> PropertyValue:
    if value is UNKNOWN:
        return PropertyValue(rpc.UNKNOWN)
    if isinstance(value, int) and not isinstance(value, bool):
        return PropertyValue(float(value))
    if isinstance(value, Mapping):
        return PropertyValue({name: _property(item) for name, item in value.items() if item is not None})
    if isinstance(value, Sequence) and not isinstance(value, str):
        return PropertyValue([_property(item) for item in value])
    return PropertyValue(value)
