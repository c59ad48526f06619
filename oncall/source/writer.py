"""Edits of an inventory's text: the one place that writes YAML. Text in, text out.

Only what an edit speaks of is written anew; comments, quotes, order, indentation and line ends of everything else
stay to the character. What comes out is read again and must be exactly the data that were meant, else nothing is
handed out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

from oncall.errors import InventoryError, Path, Problem
from oncall.source import careful, fast
from oncall.source.document import read
from oncall.source.rewrite import CannotEdit, rewrite
from oncall.source.slots import same
from oncall.source.text import hidden_control, place

Files = tuple[tuple[str, str], ...]
"""The files of an inventory as (name, text), as `Document.texts` has them."""

# A noun that is new is put after those before it here; the order in which people write them.
_NOUNS = (
    *("organization", "time_zone", "manage", "people", "pages", "tiers", "teams", "leave", "swaps", "overrides"),
    *("servers", "groups", "maintenance", "bridge", "horizon", "guard", "accept"),
)


_SURROGATE = re.compile("[\ud800-\udfff]")


class EditError(InventoryError):
    """An edit that can't be made: no such place, or a layout that only a person should touch."""


def set_value(files: Files, path: Path, value: Any) -> Files:
    """Give a key or a list's item a value of plain data; keys on the way that are missing are made.

    In mappings that exist, entries that stay the same stay as they are written, in their order; new ones come after the
    key before them in `value`. Raises EditError; InventoryError where the files can't be read to begin with.
    """
    _refuse_unwritable(files, path, value)
    return _edit(files, [path], lambda data, local: _with(data, local, value))


def append(files: Files, path: Path, item: Any) -> Files:
    """Add an item at the end of the list at `path`, which is made where there is none. Raises as `set_value`."""

    _refuse_unwritable(files, path, item)

    def longer(data: Any, local: Path) -> Any:
        there = _get(data, local, [])
        if not isinstance(there, list | None):
            raise _NoPlace(f"`{_name(path)}` is no list")
        return _with(data, local, [*(there or []), item])

    return _edit(files, [path], longer)


def remove(files: Files, *paths: Path) -> Files:
    """Take out keys and items of lists, and a list with its last item. Raises as `set_value`.

    Several paths are those before anything is taken out.
    """
    # From the end, so that the places of a list's earlier items stay what they are.
    ordered = sorted(set(paths), key=lambda path: [(isinstance(step, int), step) for step in path], reverse=True)
    return _edit(files, ordered, _without) if ordered else files


class _NoPlace(Exception):  # noqa: N818 - becomes an EditError with a place
    """Nothing stands at a path, or not what an edit of it needs."""


def _edit(files: Files, paths: Sequence[Path], change: Callable[[Any, Path], Any]) -> Files:
    data = wanted = read(_bytes(files)).data
    loaded = [data] if len(files) == 1 else [_load(name, text) for name, text in files]
    edited = list(loaded)
    for path in paths:
        try:
            wanted = change(wanted, path)
            for number, local in _owners(loaded, path):
                # A file that holds nothing can't be read: its last list stays, empty.
                edited[number] = _in_order(change(edited[number], local)) or {str(path[0]): []}
        except _NoPlace as fault:
            raise EditError([Problem(read(_bytes(files)).mark(path), "edit", str(fault))]) from fault
    written = tuple(
        (name, text if new is old else _rewritten(name, text, old, new))
        for (name, text), old, new in zip(files, loaded, edited, strict=True)
    )
    if not _reads_as(written, wanted, {str(path[0]) for path in paths}):
        mark = read(_bytes(files)).mark(paths[0])
        message = f"`{_name(paths[0])}` is laid out in a way that can't be edited safely; edit it by hand"
        raise EditError([Problem(mark, "edit", message)])
    return written


def _refuse_unwritable(files: Files, path: Path, value: Any) -> None:
    """Refuse text that no reader would take back: control characters, and bytes of a shell that are no text."""
    if isinstance(value, dict | list):
        for each in [*value, *value.values()] if isinstance(value, dict) else value:
            _refuse_unwritable(files, path, each)
    elif isinstance(value, str):
        refusal = hidden_control(value)
        if refusal is None and _SURROGATE.search(value):
            refusal = "bytes that are not UTF-8 are not allowed in an inventory; remove them"
        if refusal is not None:
            raise EditError([Problem(read(_bytes(files)).mark(path), "control-character", refusal)])


def _rewritten(name: str, text: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    try:
        return rewrite(text, old, new)
    except CannotEdit as fault:
        message = f"{fault}, so what changes here would change elsewhere too; write the values out, then edit"
        raise EditError([Problem(place(name, text[: fault.at]), "edit", message)]) from fault


def _owners(loaded: list[Any], path: Path) -> list[tuple[int, Path]]:
    """The files an edit concerns, and the path it has there: lists are counted on from file to file."""
    noun, *steps = path
    having = [number for number, data in enumerate(loaded) if noun in data]
    if not having:
        return [(_home(loaded, str(noun)), path)]
    if not steps:
        if len(having) > 1 and isinstance(loaded[having[0]][str(noun)], dict | list):
            return [(having[-1], path)]
        return [(number, path) for number in having]
    step, *rest = steps
    if isinstance(step, int):
        for number in having:
            items = loaded[number][str(noun)]
            if isinstance(items, list) and step < len(items):
                return [(number, (noun, step, *rest))]
            step -= len(items) if isinstance(items, list) else 0
        raise _NoPlace(f"there is no `{_name(path)}`")
    for number in having:
        if step in (loaded[number][str(noun)] or ()):
            return [(number, path)]
    return [(having[-1], path)]


def _home(loaded: list[dict[str, Any]], noun: str) -> int:
    """The file for a noun that none has yet: the one with the nearest noun that usually stands before it."""
    before = _NOUNS[: _NOUNS.index(noun)] if noun in _NOUNS else _NOUNS
    for near in reversed(before):
        having = [number for number, data in enumerate(loaded) if near in data]
        if having:
            return having[-1]
    return 0


def _in_order(data: dict[str, Any]) -> dict[str, Any]:
    """The same with a noun that came last put where it belongs."""
    last = next(reversed(data), None)
    if last not in _NOUNS:
        return data
    nouns = list(data)[:-1]
    near = next((noun for noun in reversed(_NOUNS[: _NOUNS.index(last)]) if noun in nouns), None)
    at = nouns.index(near) + 1 if near else len(nouns)
    return {noun: data[noun] for noun in [*nouns[:at], last, *nouns[at:]]}


def _with(data: Any, path: Path, value: Any) -> Any:
    """The data with a value at a path; what is on the way is copied, what is beside it shared."""
    if not path:
        return value
    step, *rest = path
    if isinstance(step, int) and isinstance(data, list) and 0 <= step < len(data):
        return [*data[:step], _with(data[step], tuple(rest), value), *data[step + 1 :]]
    if isinstance(step, str) and isinstance(data, dict | None):
        inner = (data or {}).get(step)
        return {**(data or {}), step: _with(inner, tuple(rest), value)}
    raise _NoPlace(f"there is no `{step}`")


def _without(data: Any, path: Path) -> Any:
    *above, step = path
    holder = _get(data, tuple(above), None)
    if isinstance(holder, dict) and step in holder:
        left: Any = {key: value for key, value in holder.items() if key != step}
    elif isinstance(holder, list) and isinstance(step, int) and 0 <= step < len(holder):
        left = [*holder[:step], *holder[step + 1 :]]
        if not left and above:
            return _without(data, tuple(above))
    else:
        raise _NoPlace(f"there is no `{_name(path)}`")
    return _with(data, tuple(above), left)


def _get(data: Any, path: Path, default: Any) -> Any:
    for step in path:
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
            data = data[step]
        else:
            return default
    return data


def _load(name: str, text: str) -> dict[str, Any]:
    data = fast.load(text)
    if data is None:  # aliases; faults have been looked for before
        node, _ = careful.load(name, text)
        data = node.data() if node is not None else {}
    return data


def _bytes(files: Files) -> list[tuple[str, bytes]]:
    return [(name, text.encode()) for name, text in files]


def _reads_as(files: Files, wanted: dict[str, Any], nouns: Collection[str]) -> bool:
    try:
        data = read(_bytes(files)).data
    except (InventoryError, UnicodeEncodeError):
        return False
    left: dict[str, Any] = {noun: [] for noun in nouns if noun not in wanted and data.get(noun) == []}  # see _edit
    return same(data, {**wanted, **left})


def _name(path: Path) -> str:
    return ".".join(map(str, path))
