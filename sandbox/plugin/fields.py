"""The properties of a kind as a table, and what follows from the table: bodies, answers, defaults and differences.

A difference is computed as Terraform's plan is: the program's inputs against the state (not against the inputs
before), property by property, list items paired by position. The plan is both the list of changes and the values an
update sends: where a difference is suppressed the old value stays, as it does upstream.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sandbox.plugin.codecs import PLAIN, Codec
from sandbox.plugin.values import UNKNOWN, Value, Values, is_empty, is_unknown

Same = Callable[[str, str, datetime], bool]
"""(old, new, now) -> whether the two texts mean the same, so that no difference is shown."""

Rule = Callable[[Value], str | None]
"""(value) -> what is wrong with it, or None."""

_OMIT: Final = object()


@dataclass(frozen=True)
class Field:
    """One property.

    name: at the engine. wire: in the API ("" = the name in snake case, None = not part of bodies and answers).
    type: for the schema. computed: the server fills it where the program doesn't. output: never an input, and not in
    bodies unless echoed. blank: what a body holds where there is no value (left out by default).
    sticky: an answer without a value leaves the state as it is. mine: read back only where the program set it.
    unsettled: where the program doesn't set it, each update leaves it to the server again. unordered: a list whose
    order means nothing. replaces: a change needs a new resource. fields: the members of an object, or of each object
    of a list (many).
    """

    name: str
    type: Literal["string", "integer", "boolean", "strings", "integers", "object"] = "string"
    wire: str | None = ""
    codec: Codec = PLAIN
    default: Value = None
    required: bool = False
    computed: bool = False
    output: bool = False
    echoed: bool = False
    blank: Value = _OMIT
    sticky: bool = False
    unsettled: bool = False
    unordered: bool = False
    mine: bool = False
    replaces: bool = False
    same: Same | None = None
    rule: Rule | None = None
    fields: tuple["Field", ...] = ()
    many: bool = False

    @property
    def key(self) -> str | None:
        """The property's name in the API; None where it isn't part of it."""
        return snake(self.name) if self.wire == "" else self.wire


def snake(name: str) -> str:
    """`rotationTurnLengthSeconds` -> `rotation_turn_length_seconds`."""
    return re.sub(r"([A-Z])", lambda match: "_" + match[1].lower(), name)


@dataclass(frozen=True)
class Change:
    """One difference: where (`layers[0].users[2]`), of what sort, and whether it needs a new resource."""

    path: str
    sort: Literal["add", "delete", "update"]
    replaces: bool


def with_defaults(fields: Sequence[Field], values: Values) -> Values:
    """The program's values with the provider's defaults filled in, in nested objects too."""
    result: Values = {key: value for key, value in values.items() if value is not None}
    for field in fields:
        value = result.get(field.name)
        if value is None and field.default is not None:
            result[field.name] = field.default
        elif field.fields and isinstance(value, list):
            result[field.name] = [
                with_defaults(field.fields, item) if isinstance(item, dict) else item for item in value
            ]
        elif field.fields and isinstance(value, dict):
            result[field.name] = with_defaults(field.fields, value)
    return result


def problems(fields: Sequence[Field], values: Values, path: str = "") -> list[tuple[str, str]]:
    """What is wrong with the program's values: (property path, reason) pairs."""
    known = {field.name: field for field in fields}
    found = [
        (f"{path}{name}", "not a property that the stand-in plugin can set")
        for name in values
        if not name.startswith("__") and (name not in known or known[name].output)
    ]
    for field in fields:
        value = values.get(field.name)
        here = f"{path}{field.name}"
        if value is None:
            if field.required:
                found.append((here, "required"))
        elif is_unknown(value):
            continue
        elif field.many:
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    found += problems(field.fields, item, f"{here}[{index}].")
        elif field.fields:
            found += problems(field.fields, value, f"{here}.")
        elif field.rule and (reason := field.rule(value)):
            found.append((here, reason))
    return found


def encode(fields: Sequence[Field], values: Values) -> Values:
    """The body of a request for known values."""
    body: Values = {}
    for field in fields:
        if field.key is None or (field.output and not field.echoed):
            continue
        value: Value = values.get(field.name)
        if is_empty(value):
            if field.blank is not _OMIT:
                body[field.key] = field.blank
            continue
        if field.many:
            value = [encode(field.fields, item) for item in value]
        elif field.fields:
            value = encode(field.fields, value)
        encoded = field.codec.encode(value)
        if encoded is not None or field.blank is not _OMIT:
            body[field.key] = encoded
    return body


def decode(fields: Sequence[Field], raw: Values, prior: Values) -> Values:
    """The state an answer means; `prior` (state or inputs) gives what answers don't hold."""
    state: Values = {}
    for field in fields:
        before = prior.get(field.name)
        answer = raw.get(field.key) if field.key is not None else None
        if field.key is None or (answer is None and field.sticky) or (field.mine and is_empty(before)):
            value = before
        else:
            value = field.codec.decode(answer)
            if field.fields and value is not None:
                items = value if field.many else [value]
                olds = before if field.many and isinstance(before, list) else [before]
                read = [decode(field.fields, item, _at(olds, index)) for index, item in enumerate(items)]
                value = read if field.many else read[0]
        if value is not None:
            state[field.name] = value
    return state


def _at(items: list[Value], index: int) -> Values:
    item = items[index] if index < len(items) else None
    return item if isinstance(item, dict) else {}


def plan(
    fields: Sequence[Field], state: Values, inputs: Values, now: datetime, path: str = ""
) -> tuple[Values, list[Change]]:
    """The values an update would bring about, and the changes that are in them."""
    planned: Values = {}
    changes: list[Change] = []
    for field in fields:
        old, new = state.get(field.name), inputs.get(field.name)
        value, found = _plan_field(field, old, new, now, f"{path}{field.name}")
        changes += found
        if value is not None:
            planned[field.name] = value
    return planned, changes


def _plan_field(field: Field, old: Value, new: Value, now: datetime, path: str) -> tuple[Value, list[Change]]:
    if field.output or (new is None and field.computed):
        return None if field.unsettled else old, []
    if is_empty(new):
        return (old, []) if is_empty(old) else (new, [Change(path, "delete", field.replaces)])
    if is_unknown(new):
        return new, [Change(path, "add" if is_empty(old) else "update", field.replaces)]
    if field.many or isinstance(new, list):
        return _plan_list(field, old if isinstance(old, list) else [], new, now, path)
    if field.fields:
        if not isinstance(old, dict):
            return plan(field.fields, {}, new, now, f"{path}.")[0], [Change(path, "add", field.replaces)]
        return plan(field.fields, old, new, now, f"{path}.")
    if old == new or (field.same and isinstance(old, str) and field.same(old, new, now)):
        return old, []
    return new, [Change(path, "add" if is_empty(old) else "update", field.replaces)]


def _plan_list(
    field: Field, old: list[Value], new: list[Value], now: datetime, path: str
) -> tuple[list[Value], list[Change]]:
    if field.unordered and sorted(map(str, old)) == sorted(map(str, new)):
        return old, []
    planned: list[Value] = []
    changes: list[Change] = []
    for index, item in enumerate(new):
        here = f"{path}[{index}]"
        before = old[index] if index < len(old) else None
        if field.fields and isinstance(item, dict):
            value, found = plan(field.fields, before or {}, item, now, f"{here}.")
            planned.append(value)
            changes += found if before is not None else [Change(here, "add", field.replaces)]
        else:
            planned.append(item)
            if before != item:
                changes.append(Change(here, "add" if before is None else "update", field.replaces))
    changes += [Change(f"{path}[{index}]", "delete", field.replaces) for index in range(len(new), len(old))]
    return planned, changes


def preview(fields: Sequence[Field], values: Values) -> Values:
    """The outputs a preview shows: what is planned, and unknown where only the server can say."""
    shown: Values = {}
    for field in fields:
        value = values.get(field.name)
        if value is None and (field.computed or field.output):
            value = UNKNOWN
        elif field.many and isinstance(value, list):
            value = [preview(field.fields, item) if isinstance(item, dict) else item for item in value]
        elif field.fields and isinstance(value, dict):
            value = preview(field.fields, value)
        if value is not None:
            shown[field.name] = value
    return shown


def inputs_of(fields: Sequence[Field], state: Values) -> Values:
    """The inputs a program would need to describe a state: without what only the server knows, without empty values."""
    inputs: Values = {}
    for field in fields:
        value: Value = state.get(field.name)
        if field.output or value is None or (is_empty(value) and not field.required):
            continue
        if field.many:
            value = [inputs_of(field.fields, item) for item in value]
        elif field.fields:
            value = inputs_of(field.fields, value)
        inputs[field.name] = value
    return inputs
