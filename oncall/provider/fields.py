"""Types of properties. One declaration serves the check, the defaults, the comparison, the diff and the schema.

A type says what is wrong with a value (`problems`), completes it (`complete`), and gives the form in which two values
that mean the same are equal (`canonical`). Unknown values of a preview pass every check.
"""

from __future__ import annotations

import copy
import difflib
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from oncall.provider.convert import UNKNOWN, has_unknown


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the value at `path` ("members[0].role"), in plain words."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class Type(ABC):
    """What a property may hold."""

    @abstractmethod
    def problems(self, value: Any, path: str) -> Iterator[Problem]:
        """Everything wrong with a known value."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The type in the words of a Pulumi package schema."""

    def complete(self, value: Any) -> Any:
        """The value with the defaults of its nested records filled in."""
        return value

    def canonical(self, value: Any) -> Any:
        """The form in which values that mean the same compare equal."""
        return value


@dataclass(frozen=True, slots=True)
class Text(Type):
    """A text. `shape` is a regular expression for the whole of it, `shape_words` says it for people."""

    longest: int | None = None
    shape: str = ""
    shape_words: str = ""
    choices: tuple[str, ...] = ()
    any_case: bool = False
    empty: bool = False

    def problems(self, value: Any, path: str) -> Iterator[Problem]:
        """Type, emptiness, length, shape, choice."""
        if not isinstance(value, str):
            yield Problem(path, f"must be a text, not {_kind(value)}")
        elif not value and not self.empty:
            yield Problem(path, "must not be empty")
        elif self.choices and self.canonical(value) not in map(self.canonical, self.choices):
            yield Problem(path, f"{value!r} is none of {', '.join(self.choices)}{_nearest(value, self.choices)}")
        elif self.longest is not None and len(value) > self.longest:
            yield Problem(path, f"has {len(value)} characters; at most {self.longest} are allowed")
        elif self.shape and not re.fullmatch(self.shape, value):
            yield Problem(path, f"{value!r} must be {self.shape_words}")

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string"}

    def canonical(self, value: Any) -> Any:
        """Lower case where case has no meaning (e-mail addresses, role names)."""
        return value.casefold() if self.any_case and isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Instant(Type):
    """A date with its zone, ISO 8601. `minutes` are the minutes of the hour the vendor keeps."""

    minutes: tuple[int, ...] = ()
    why: str = ""

    def problems(self, value: Any, path: str) -> Iterator[Problem]:
        """Not a date, a date without a zone, a minute the vendor would change."""
        moment = instant_of(value)
        if moment is None:
            yield Problem(path, f"{value!r} must be a date with its zone, like 2026-12-07T08:00:00Z")
        elif self.minutes and (moment.minute not in self.minutes or moment.second or moment.microsecond):
            allowed = " or ".join(str(minute) for minute in self.minutes)
            yield Problem(path, f"{value!r} must be at minute {allowed} of the hour{self.why}")

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string"}

    def canonical(self, value: Any) -> Any:
        """The same instant in UTC, to the second."""
        moment = instant_of(value)
        return value if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Whole(Type):
    """A whole number in a closed range."""

    least: int = 0
    most: int | None = None

    def problems(self, value: Any, path: str) -> Iterator[Problem]:
        """Not whole, out of range."""
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(path, f"must be a whole number, not {_kind(value)}")
        elif value < self.least or (self.most is not None and value > self.most):
            upper = "" if self.most is None else f" and at most {self.most}"
            yield Problem(path, f"{value} must be at least {self.least}{upper}")

    def schema(self) -> dict[str, Any]:
        """An integer."""
        return {"type": "integer"}


@dataclass(frozen=True, slots=True)
class Flag(Type):
    """True or false."""

    def problems(self, value: Any, path: str) -> Iterator[Problem]:
        """Anything but true and false."""
        if not isinstance(value, bool):
            yield Problem(path, f"must be true or false, not {_kind(value)}")

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Items(Type):
    """A list. Where order has no meaning to the vendor (`ordered=False`), two orders are the same list."""

    of: Type
    ordered: bool = True
    fewest: int = 0
    most: int | None = None

    def problems(self, value: Any, path: str) -> Iterator[Problem]:
        """Not a list, too few or many items, and what is wrong with each."""
        if not isinstance(value, list):
            yield Problem(path, f"must be a list, not {_kind(value)}")
            return
        if len(value) < self.fewest:
            yield Problem(path, f"must have at least {self.fewest} item{'s' if self.fewest > 1 else ''}")
        if self.most is not None and len(value) > self.most:
            yield Problem(path, f"has {len(value)} items; at most {self.most} are allowed")
        for index, item in enumerate(value):
            if item is not UNKNOWN:
                yield from self.of.problems(item, f"{path}[{index}]")

    def schema(self) -> dict[str, Any]:
        """An array."""
        return {"type": "array", "items": self.of.schema()}

    def complete(self, value: Any) -> Any:
        """Each item completed."""
        return [self.of.complete(item) for item in value] if isinstance(value, list) else value

    def canonical(self, value: Any) -> Any:
        """Each item canonical; sorted where order has no meaning."""
        if not isinstance(value, list):
            return value
        items = [self.of.canonical(item) for item in value]
        return items if self.ordered or has_unknown(items) else sorted(items, key=_sort_key)


@dataclass(frozen=True, slots=True)
class Dictionary(Type):
    """A mapping from the program's own names to values of one type."""

    of: Type

    def problems(self, value: Any, path: str) -> Iterator[Problem]:
        """Not a mapping, and what is wrong with each value."""
        if not isinstance(value, Mapping):
            yield Problem(path, f"must be a mapping, not {_kind(value)}")
            return
        for name, item in value.items():
            if item is not UNKNOWN:
                yield from self.of.problems(item, f'{path}["{name}"]')

    def schema(self) -> dict[str, Any]:
        """An object with values of one type."""
        return {"type": "object", "additionalProperties": self.of.schema()}


@dataclass(frozen=True, slots=True)
class Field:
    """A named property. `replace`: a change makes the object anew. `given_by_vendor`: absent means the vendor's own
    choice, so whatever it holds then is no difference. `absent` is a value that means the same as leaving it out.
    """

    name: str
    type: Type
    doc: str
    required: bool = False
    default: Any = None
    secret: bool = False
    replace: bool = False
    given_by_vendor: bool = False
    absent: Any = None


@dataclass(frozen=True, slots=True)
class Record(Type):
    """A nested object with named fields."""

    name: str
    doc: str
    fields: tuple[Field, ...] = field(default=())

    def problems(self, value: Any, path: str) -> Iterator[Problem]:
        """Not a mapping, and what is wrong with its fields."""
        if isinstance(value, Mapping):
            yield from field_problems(self.fields, value, path)
        else:
            yield Problem(path, f"must be a mapping, not {_kind(value)}")

    def schema(self) -> dict[str, Any]:
        """A reference to the named type."""
        return {"$ref": f"#/types/{self.name}"}

    def complete(self, value: Any) -> Any:
        """With the defaults of absent fields."""
        return complete_fields(self.fields, value) if isinstance(value, Mapping) else value

    def canonical(self, value: Any) -> Any:
        """Each field canonical."""
        return canonical_fields(self.fields, value) if isinstance(value, Mapping) else value


def field_problems(fields: tuple[Field, ...], values: Mapping[str, Any], path: str = "") -> Iterator[Problem]:
    """Everything wrong with the values: unknown names, missing ones, and each value by its type."""
    by_name = {item.name: item for item in fields}
    for name in values:
        if name not in by_name and not name.startswith("__"):
            yield Problem(_join(path, name), f"no such property{_nearest(name, tuple(by_name))}")
    for item in fields:
        value = values.get(item.name)
        if value is None:
            if item.required:
                yield Problem(_join(path, item.name), "is required")
        elif value is not UNKNOWN:
            yield from item.type.problems(value, _join(path, item.name))


def complete_fields(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with defaults for what is absent; names starting with "__" are the engine's and are dropped."""
    completed = {name: value for name, value in values.items() if not name.startswith("__")}
    for item in fields:
        value = completed.get(item.name)
        if value is None and item.default is not None:
            completed[item.name] = copy.deepcopy(item.default)
        elif value is not None and value is not UNKNOWN:
            completed[item.name] = item.type.complete(value)
    return completed


def canonical_fields(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of these fields in the form in which equal meanings are equal; absent ones are left out."""
    canonical = {}
    for item in fields:
        value = values.get(item.name)
        if value is None or value == item.absent:
            continue
        canonical[item.name] = value if value is UNKNOWN else item.type.canonical(value)
    return canonical


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def instant_of(value: Any) -> datetime | None:
    """The instant in UTC that an ISO 8601 text with a zone names; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.astimezone(UTC)


def _kind(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a fraction", str: "a text", list: "a list"}
    return names.get(type(value), "a mapping")


def _nearest(word: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _sort_key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)
