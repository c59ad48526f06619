"""What differs between what is held and what is asked for, property by property."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from oncall.provider.convert import UNKNOWN, has_unknown
from oncall.provider.fields import Dictionary, Field, Items, Record, Type, canonical_fields

ChangeKind = Literal["add", "delete", "update"]


@dataclass(frozen=True, slots=True)
class Change:
    """A difference at `path` ("rules[1].delay"); `replace` when the object must be made anew for it."""

    path: str
    kind: ChangeKind
    replace: bool = False

    @property
    def top(self) -> str:
        """The name of the top-level property it stands in."""
        return self.path.split("[")[0].split(".")[0]


def changes(fields: tuple[Field, ...], held: Mapping[str, Any], asked: Mapping[str, Any]) -> list[Change]:
    """The differences, in the order of the fields. Values that mean the same are no difference."""
    old, new = canonical_fields(fields, held), canonical_fields(fields, asked)
    found: list[Change] = []
    for item in fields:
        if item.given_by_vendor and item.name not in new:
            continue
        before, after = old.get(item.name), new.get(item.name)
        found += [Change(path, kind, item.replace) for path, kind in _walk(item.type, item.name, before, after)]
    return found


def _walk(kind: Type, path: str, old: Any, new: Any) -> list[tuple[str, ChangeKind]]:
    if new is UNKNOWN or old is UNKNOWN:
        return [(path, "update" if old is not None else "add")]
    if old == new:
        return []
    if old is None or new is None:
        return [(path, "add" if old is None else "delete")]
    if isinstance(kind, Record | Dictionary) and isinstance(old, Mapping) and isinstance(new, Mapping):
        inner = {item.name: item.type for item in kind.fields} if isinstance(kind, Record) else {}
        of = kind.of if isinstance(kind, Dictionary) else None
        return [
            hit
            for name in sorted({*old, *new})
            for hit in _walk(of or inner[name], _step(path, name), old.get(name), new.get(name))
        ]
    # Where order has no meaning the positions of the canonical form are not those of the program: name the list.
    if isinstance(kind, Items) and kind.ordered and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [hit for index, pair in pairs for hit in _walk(kind.of, f"{path}[{index}]", *pair)]
    return [(path, "update")]


def _step(path: str, name: str) -> str:
    # Pulumi's property paths quote names that are no identifiers.
    return f"{path}.{name}" if name.isidentifier() else f'{path}["{name}"]'


def describe(fields: tuple[Field, ...], held: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """One line that names each differing property and both values; secrets are not shown."""
    parts = []
    for name in dict.fromkeys(change.top for change in changes(fields, held, asked)):
        if next(item.secret for item in fields if item.name == name) or has_unknown(asked.get(name)):
            parts.append(name)
        else:
            parts.append(f"{name} (asked for {_show(asked.get(name))}, it holds {_show(held.get(name))})")
    return ", ".join(parts)


def _show(value: Any, longest: int = 120) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= longest else f"{text[:longest]}..."
