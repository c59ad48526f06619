"""Values as the engine sends them (protobuf structs) and as the rest of the plugin uses them (plain Python).

Plain values: None, bool, int, str, list and dict; `UNKNOWN` for what a preview cannot know yet. Secrets are unwrapped:
the plugin tells the engine that it takes none, and the engine then marks the outputs again by itself.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeGuard

from google.protobuf import struct_pb2  # type: ignore[import-untyped]

Value = Any
"""None, bool, int, float, str, or a list or dict of these."""

Values = dict[str, Value]

# The engine's own constants (pulumi/pulumi sdk/go/common/resource: UnknownStringValue, SigKey).
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"


def from_struct(struct: struct_pb2.Struct) -> Values:
    """The plain form of a protobuf struct; whole numbers become int, wrappers (secrets, outputs) their value."""
    return {key: _from_value(value) for key, value in struct.fields.items()}


def _from_value(value: struct_pb2.Value) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if _SIGNATURE in fields:
            # A secret or an output: without a value in it, it is an output that is not known yet.
            return _from_value(fields["value"]) if "value" in fields else UNKNOWN
        return from_struct(value.struct_value)
    if kind == "list_value":
        return [_from_value(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind in ("string_value", "bool_value"):
        return getattr(value, kind)
    return None


def to_struct(values: Mapping[str, Value]) -> struct_pb2.Struct:
    """The protobuf struct of plain values; keys without a value (None) are left out."""
    struct = struct_pb2.Struct()
    struct.update({key: _pruned(value) for key, value in values.items() if value is not None})
    return struct


def _pruned(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _pruned(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_pruned(item) for item in value]
    return value


def is_unknown(value: Value) -> TypeGuard[str]:
    """Whether a preview has not got this value yet."""
    return isinstance(value, str) and value == UNKNOWN


def is_empty(value: Value) -> bool:
    """Whether a value counts as not given: Terraform's schema knows no difference between unset and zero."""
    return value is None or value in ("", 0, [], {})
