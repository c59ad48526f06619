"""A value with its place: what the careful reading makes of a file, and what marks are looked up in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oncall.errors import Mark, Path
from oncall.source.scalars import Scalar


@dataclass(slots=True)
class Node:
    """One value. `children` is a dict by key, a list, or None for a scalar; an alias shares its anchor's."""

    place: Mark
    key: Mark | None = None
    value: Scalar = None
    children: dict[str, Node] | list[Node] | None = None
    size: int = 1
    height: int = 0
    flow: bool = False

    def data(self) -> Any:
        """Plain values; no deeper than the limit the reader holds."""
        if isinstance(self.children, dict):
            return {key: child.data() for key, child in self.children.items()}
        if isinstance(self.children, list):
            return [child.data() for child in self.children]
        return self.value

    def mark(self, path: Path, *, key: bool = False) -> Mark:
        """The place of the value at `path`, or of the nearest thing above it that exists.

        A scalar, a list item and a `{...}` or `[...]` stand where they begin; a block stands at its key, since its
        own first character belongs to what is inside it. `key` asks for the key's place always.
        """
        node = self
        for depth, step in enumerate(path):
            child = node._child(step)
            if child is None:
                return node._own(key=key or (depth > 0 and node.children is not None))
            node = child
        return node._own(key=key)

    def _own(self, *, key: bool) -> Mark:
        begins_elsewhere = self.children is not None and not self.flow
        empty = self.children is None and self.value is None
        if self.key is not None and (key or begins_elsewhere or empty):
            return self.key
        return self.place

    def _child(self, step: str | int) -> Node | None:
        if isinstance(self.children, dict):
            return self.children.get(step) if isinstance(step, str) else None
        if isinstance(self.children, list) and isinstance(step, int) and 0 <= step < len(self.children):
            return self.children[step]
        return None
