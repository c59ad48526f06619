"""The files of one inventory read as one: plain data at once, places when something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from oncall.errors import Finding, InventoryError, Mark, Path, Problem
from oncall.source import careful, fast
from oncall.source.limits import MAX_BYTES
from oncall.source.nodes import Node
from oncall.source.text import decode


@dataclass(slots=True)
class Document:
    """An inventory as plain data: dict, list, str, int, float, bool and None."""

    data: dict[str, Any]
    texts: tuple[tuple[str, str], ...] = field(repr=False)
    _top: Node | None = field(default=None, repr=False)

    def mark(self, path: Path, key: bool = False) -> Mark:
        """The place of the value at `path`, of its key on request, or of the nearest existing thing above it.

        The first call reads the files a second time, with places.
        """
        if self._top is None:
            self._top = _merge_nodes(self.texts)
        return self._top.mark(path, key=key)

    def problem(self, finding: Finding, key: bool = False) -> Problem:
        """A finding at its place."""
        return finding.at(self.mark(finding.path, key))


def read(files: Sequence[tuple[str, bytes]], known: dict[str, dict[str, Any]] | None = None) -> Document:
    """One document out of the files, given as (name, content) and merged in that order.

    `known` has the data of texts that were read before, and gets those that are new: who reads two versions of an
    inventory that is split into files hands over the same one twice. Nothing may change data that two documents share.

    Files are joined by their top-level nouns: the entries of mappings and lists are put together, anything else
    must be the same wherever it is given. Raises InventoryError with every fault of every file.
    """
    if not files:
        raise InventoryError([Problem(Mark("inventory"), "no-file", "there is no file to read")])
    size = sum(len(content) for _, content in files)
    if size > MAX_BYTES:
        message = f"more than {MAX_BYTES:,} bytes of YAML"
        raise InventoryError([Problem(Mark(files[0][0]), "too-large", message)])
    texts: list[tuple[str, str]] = []
    loaded: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for name, content in files:
        text = decode(name, content)
        if isinstance(text, Problem):
            problems.append(text)
            continue
        texts.append((name, text))
        data = known.get(text) if known is not None else None
        if data is None:
            data, faults = _load(name, text)
            problems += faults
            if known is not None and not faults:
                known[text] = data
        loaded.append(data)
    if problems:
        raise InventoryError(problems)
    clashes, data = _merge(loaded)
    document = Document(data, tuple(texts))
    if clashes:
        raise InventoryError(_clash_problems(document.texts, clashes))
    return document


def _load(name: str, text: str) -> tuple[dict[str, Any], list[Problem]]:
    data = fast.load(text)
    if data is not None:
        return data, []
    node, faults = careful.load(name, text)
    return (node.data() if node is not None and not faults else {}), faults


def _merge(loaded: Sequence[dict[str, Any]]) -> tuple[list[Path], dict[str, Any]]:
    if len(loaded) == 1:
        return [], loaded[0]
    clashes: list[Path] = []
    merged: dict[str, Any] = {}
    for data in loaded:
        for noun, value in data.items():
            present = merged.get(noun)
            if noun not in merged:
                merged[noun] = value.copy() if isinstance(value, dict | list) else value
            elif isinstance(present, dict) and isinstance(value, dict):
                clashes += [(noun, key) for key in value if key in present]
                present.update(value)
            elif isinstance(present, list) and isinstance(value, list):
                present.extend(value)
            elif type(present) is not type(value) or present != value:
                clashes.append((noun,))
    return list(dict.fromkeys(clashes)), merged


def _nodes(texts: Sequence[tuple[str, str]]) -> list[Node]:
    return [node for name, text in texts if (node := careful.load(name, text)[0]) is not None]


def _merge_nodes(texts: Sequence[tuple[str, str]]) -> Node:
    """The same joining as `_merge`, on places: a noun given in several files stands where it is first."""
    first, *others = _nodes(texts)
    if not others or not isinstance(first.children, dict):
        return first
    nouns: dict[str, Node] = {}
    for node in (first, *others):
        for noun, child in node.children.items() if isinstance(node.children, dict) else ():
            present = nouns.setdefault(noun, child)
            if present is child:
                child.children = child.children.copy() if child.children is not None else None
            elif isinstance(present.children, dict) and isinstance(child.children, dict):
                present.children.update(child.children)
            elif isinstance(present.children, list) and isinstance(child.children, list):
                present.children.extend(child.children)
    return Node(first.place, children=nouns)


def _clash_problems(texts: Sequence[tuple[str, str]], clashes: Sequence[Path]) -> list[Problem]:
    nodes = _nodes(texts)
    problems = []
    for path in clashes:
        places = [mark for node in nodes if (mark := _where(node, path))]
        first, *again = places
        for place in again:
            message = f"`{path[-1]}` is given twice; first at {first}"
            problems.append(Problem(place, "duplicate-key", message))
    return problems


def _where(node: Node, path: Path) -> Mark | None:
    found: Node | None = node
    for key in path:
        children = found.children if found is not None else None
        found = children.get(str(key)) if isinstance(children, dict) else None
    return found.key if found is not None else None
