"""A read document to an Inventory, or every fault of its shape in the reader's words and at its place.

Where pydantic speaks of its own types, the generated schema says what the file may hold there instead: the known
keys, the allowed words, an example.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from difflib import get_close_matches
from itertools import islice
from typing import Any

from pydantic import ValidationError

from oncall.errors import Finding, InventoryError, Path, Problem
from oncall.model.inventory import Inventory
from oncall.source import Document

_PASSWORD = re.compile(r"//[^/\s]*@")
_KEY = "[key]"  # pydantic's last step of a location that means a mapping's key
MAX_PROBLEMS = 5_000
"""Faults shown of one inventory, about."""

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def load(document: Document) -> Inventory:
    """The inventory of a document. Raises InventoryError with every fault of shape: keys, types, words."""
    try:
        return Inventory.model_validate(document.data)
    except ValidationError as error:
        raise InventoryError(_problems(document, error)) from error


def salvage(document: Document) -> Inventory | None:
    """The inventory without its faults of shape, where these are unknown keys and single values that may be left out.

    What is left can still be asked for names that lead nowhere, so that they are told along with the faults. None where
    more than that is wrong: what is missing then would make other things look wrong.
    """
    try:
        return Inventory.model_validate(document.data)
    except ValidationError as error:
        if error.error_count() > MAX_PROBLEMS:
            return None
        data = deepcopy(document.data)
        # From the end, so that the places of a list's earlier entries stay what they are.
        faults = {tuple(fault["loc"]): fault["type"] for fault in error.errors(include_url=False)}
        for path in sorted(faults, key=lambda each: [str(step).zfill(9) for step in each], reverse=True):
            if not _left_out(data, path, unknown=faults[path] == "extra_forbidden"):
                return None
    try:
        return Inventory.model_validate(data)
    except ValidationError:
        return None


def _left_out(data: Any, path: Path, *, unknown: bool) -> bool:
    """Take a value out of the data; False where it is none, or more than a single value that has a known key."""
    *parents, last = path
    for step in parents:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return False
    known = last in data if isinstance(data, dict) else isinstance(data, list) and last in range(len(data))
    if not known or (isinstance(data[last], dict | list) and not unknown) or len(path) == 2:
        return False
    del data[last]
    return True


def _problems(document: Document, error: ValidationError) -> list[Problem]:
    schema = _Schema(Inventory.model_json_schema(mode="validation"))
    shown, entries = _bounded(document.data, error)
    found: list[Problem] = []
    for fault in shown.errors(include_url=False):
        path: Path = tuple(fault["loc"])
        at_key = path[-1:] == (_KEY,) or fault["type"] == "extra_forbidden"
        path = path[:-1] if path[-1:] == (_KEY,) else path
        found.append(document.problem(_finding(schema, fault, path), key=at_key))
    if entries is not None:
        message = f"{error.error_count():,} faults; shown are those in the first {entries} entries of everything"
        found.append(document.problem(Finding("too-many-problems", message, ())))
    return found


def _bounded(data: dict[str, Any], error: ValidationError) -> tuple[ValidationError, int | None]:
    """The faults to show, and of how many entries of each list and mapping they are where that is not all.

    A file that is wrong everywhere has millions of faults, and pydantic makes a dict of each.
    """
    shown, entries = error, None
    for first in (1000, 100, 10):
        if shown.error_count() <= MAX_PROBLEMS:
            break
        try:
            Inventory.model_validate(_first(data, first))
        except ValidationError as fewer:
            shown, entries = fewer, first
    return shown, entries


def _first(data: Any, entries: int) -> Any:
    if isinstance(data, dict):
        return {key: _first(value, entries) for key, value in islice(data.items(), entries)}
    if isinstance(data, list):
        return [_first(value, entries) for value in data[:entries]]
    return data


def _finding(schema: _Schema, fault: Any, path: Path) -> Finding:
    kind, value = fault["type"], fault["input"]
    if kind == "extra_forbidden":
        return _unknown_key(schema, path)
    if kind == "missing":
        return Finding("missing-key", f"`{path[-1]}` is missing", path[:-1], hint=schema.describe(path))
    if fault["loc"][-1] == _KEY:
        message = f"the key `{path[-1]}` is not allowed"
        return Finding("bad-key", message, path, hint=schema.describe_key(path))
    if kind == "value_error":
        message = str(fault["ctx"]["error"])
        hint = "" if any(f"{mark}{value}{mark}" in message for mark in "`'") else _got(value)
        return Finding("bad-value", f"{_subject(path)}: {message}", path, hint=hint)
    if kind == "literal_error":
        near = _nearest(value, schema.words(path))
        allowed = fault["ctx"]["expected"].replace("'", "`")
        message = f"{_subject(path)}: {_shown(value)} is not {allowed}"
        return Finding("bad-value", message, path, hint=f"did you mean `{near}`?" if near else "")
    if kind in _KINDS:
        message = f"{_subject(path)}: {_KINDS[kind]} is expected"
        quote = kind == "string_type" and isinstance(value, int | float)
        return Finding("bad-value", message, path, hint=_got(value) + ("; put it in quotes" if quote else ""))
    if kind == "string_pattern_mismatch":
        allowed = schema.describe(path) or f"it must match {fault['ctx']['pattern']}"
        return Finding("bad-value", f"{_subject(path)}: {_shown(value)} is not allowed", path, hint=allowed)
    message = fault["msg"].replace("Input should", "should").replace("String should", "should")
    return Finding("bad-value", f"{_subject(path)}: {message}", path, hint=_got(value))


def _unknown_key(schema: _Schema, path: Path) -> Finding:
    known = schema.keys(path[:-1])
    near = _nearest(path[-1], known)
    hint = f"did you mean `{near}`?" if near else f"known are {', '.join(known)}"
    return Finding("unknown-key", f"`{path[-1]}` is no key of {_place(path[:-1])}", path, hint=hint)


def _nearest(value: object, known: list[str]) -> str | None:
    return next(iter(get_close_matches(str(value), known, n=1)), None)


def _place(path: Path) -> str:
    return f"`{'.'.join(map(str, path))}`" if path else "an inventory"


def _subject(path: Path) -> str:
    names = [step for step in path if isinstance(step, str)]
    return f"`{names[-1]}`" if names else "the inventory"


def _got(value: object) -> str:
    return f"it is {_shown(value)}"


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = value if isinstance(value, str) else json.dumps(value)
    text = _PASSWORD.sub("//***@", text)  # what is said here ends up in the logs of CI
    return f"`{text[:60]}...`" if len(text) > 60 else f"`{text}`"


class _Schema:
    """The generated JSON Schema, looked up by a path of the data."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._top = schema
        self._definitions: dict[str, Any] = schema.get("$defs", {})

    def keys(self, path: Path) -> list[str]:
        """The keys that a mapping may have."""
        return [key for part in self._at(path) for key in part.get("properties", {})]

    def words(self, path: Path) -> list[str]:
        """The words that a value may be."""
        return [str(word) for part in self._at(path) for word in part.get("enum", [])]

    def describe(self, path: Path) -> str:
        """What a value is, in the model's own words, with an example where there is one."""
        for part in self._at(path):
            text = str(part.get("description", "")).rstrip(".")
            examples = [str(each) for each in part.get("examples", [])]
            if text or examples:
                return ", ".join(filter(None, [text, f"like {examples[0]}" if examples else ""]))
        return ""

    def describe_key(self, path: Path) -> str:
        """What the keys of a mapping are."""
        names = [part.get("propertyNames", {}) for part in self._at(path[:-1])]
        return next((str(name["description"]).rstrip(".") for name in names if "description" in name), "")

    def _at(self, path: Path) -> list[dict[str, Any]]:
        parts = list(self._open(self._top))
        for step in path:
            parts = [deeper for part in parts for deeper in self._step(part, step)]
        return parts

    def _step(self, part: dict[str, Any], step: str | int) -> Iterator[dict[str, Any]]:
        if isinstance(step, int):
            inner = part.get("items")
        else:
            inner = part.get("properties", {}).get(step) or part.get("additionalProperties")
            for entry in part.get("patternProperties", {}).values():
                yield from self._open(entry)
        if isinstance(inner, dict):
            yield from self._open(inner)

    def _open(self, part: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield part
        for choice in part.get("anyOf", ()):
            yield from self._open(choice)
        if reference := part.get("$ref"):
            yield from self._open(self._definitions[reference.rpartition("/")[2]])
