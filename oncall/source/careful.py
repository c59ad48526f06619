"""The slow reading: data with places, and every fault of a file with its own.

It reads on after a fault where the rest still makes sense (a key given twice, a tag), so that all are shown at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yaml import (
    AliasEvent,
    CBaseLoader,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    MarkedYAMLError,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    YAMLError,
)

from oncall.errors import Mark, Problem
from oncall.source.limits import MAX_DEPTH, MAX_ENTRIES, MAX_NODES, MAX_PROBLEMS
from oncall.source.nodes import Node
from oncall.source.scalars import resolve
from oncall.source.text import hidden_control


class _Stop(Exception):  # noqa: N818 - not an error of its own: the fault that ends the reading is noted before
    """Nothing after this place can be read with any sense."""


@dataclass(slots=True)
class _Open:
    """A collection that is being filled."""

    node: Node
    anchor: str | None
    key: str | None = None
    key_place: Mark | None = None
    awaits_key: bool = False


@dataclass(slots=True)
class _Reader:
    file: str
    text: str
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    open: list[_Open] = field(default_factory=list)
    top: Node | None = None
    nodes: int = 0
    documents: int = 0

    def read(self) -> None:
        try:
            for event in self._events():
                self._take(event)
            self._check_top()
        except _Stop:
            return

    def _check_top(self) -> None:
        if self.top is None or (self.top.children is None and self.top.value is None):
            message = "the file is empty; an inventory starts with `organization:`"
            self._fault("empty-file", Mark(self.file), message)
        elif not isinstance(self.top.children, dict):
            kind = "list" if isinstance(self.top.children, list) else "single value"
            message = f"the file holds a {kind}; an inventory is a mapping of `people:`, `teams:`, `servers:`, ..."
            self._fault("not-a-mapping", self.top.place, message)

    def _events(self) -> Iterator[Any]:
        loader = CBaseLoader(self.text)
        try:
            while loader.check_event():
                yield loader.get_event()
        except MarkedYAMLError as error:
            self._syntax(error)
        except YAMLError as error:
            self._fault("yaml-syntax", Mark(self.file), " ".join(str(error).split()))
            raise _Stop from error
        finally:
            loader.dispose()

    def _syntax(self, error: MarkedYAMLError) -> None:
        mark = self._mark(error.problem_mark or error.context_mark)
        message = (error.problem or "this is not YAML").replace("found character", "found a character")
        lines = self.text.splitlines()
        line = lines[mark.line - 1] if mark.line <= len(lines) else ""
        at = line[mark.column - 1 : mark.column]
        if at == "\t":
            message = "a tab can't indent; use spaces"
        elif "cannot start any token" in message:
            message = f"a value can't start with `{at}`; put it in quotes"
        elif "mapping values are not allowed" in message:
            message += "; a text with `: ` in it needs quotes"
        if error.context and error.context_mark and error.context_mark.line + 1 != mark.line:
            message += f" ({error.context} that starts at line {error.context_mark.line + 1})"
        self._fault("yaml-syntax", mark, message)
        raise _Stop from error

    def _take(self, event: Any) -> None:
        match event:
            case DocumentStartEvent():
                self._document(event)
            case MappingEndEvent() | SequenceEndEvent():
                self._close()
            case ScalarEvent() | MappingStartEvent() | SequenceStartEvent() | AliasEvent():
                self._node(event)

    def _document(self, event: Any) -> None:
        mark = self._mark(event.start_mark)
        self.documents += 1
        if self.documents > 1:
            self._fault("several-documents", mark, "a second `---` document; an inventory file holds one")
            raise _Stop
        if event.tags or event.version not in (None, (1, 2)):
            self._fault("directive", mark, "%TAG, and %YAML other than 1.2, are not allowed")

    def _node(self, event: Any) -> None:
        mark = self._mark(event.start_mark)
        if self.open and self.open[-1].awaits_key:
            self._key(event, mark)
            return
        if isinstance(event, AliasEvent):
            node, anchor = self._alias(event, mark), None
        else:
            node, anchor = self._plain(event, mark), event.anchor
        self._count(node)
        if isinstance(event, ScalarEvent | AliasEvent):
            if anchor:
                self.anchors[anchor] = node
            self._add(node)
            return
        if len(self.open) >= MAX_DEPTH:
            self._fault("too-deep", mark, f"more than {MAX_DEPTH} lists and mappings inside one another")
            raise _Stop
        self.open.append(_Open(node, anchor, awaits_key=isinstance(event, MappingStartEvent)))

    def _plain(self, event: Any, mark: Mark) -> Node:
        if event.tag:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            message = f"the tag `{tag}` is not allowed; write the value without it"
            self._fault("tag", mark, message)
        if isinstance(event, MappingStartEvent):
            return Node(mark, children={}, flow=bool(event.flow_style))
        if isinstance(event, SequenceStartEvent):
            return Node(mark, children=[], flow=bool(event.flow_style))
        if refusal := event.style == '"' and hidden_control(event.value):
            self._fault("control-character", mark, refusal)
        return Node(mark, value=resolve(event.value) if event.implicit[0] else event.value)

    def _alias(self, event: Any, mark: Mark) -> Node:
        target = self.anchors.get(event.anchor)
        if target is None:
            inside = any(each.anchor == event.anchor for each in self.open)
            reason = "stands inside its own anchor" if inside else "has no anchor before it"
            self._fault("unknown-alias", mark, f"`*{event.anchor}` {reason}")
            return Node(mark)
        if len(self.open) + target.height > MAX_DEPTH:
            message = f"more than {MAX_DEPTH} lists and mappings inside one another through `*{event.anchor}`"
            self._fault("too-deep", mark, message)
            raise _Stop
        return Node(mark, None, target.value, target.children, target.size, target.height, flow=True)

    def _key(self, event: Any, mark: Mark) -> None:
        here = self.open[-1]
        here.key, here.key_place, here.awaits_key = None, mark, False
        if not isinstance(event, ScalarEvent):
            what = "an alias" if isinstance(event, AliasEvent) else "a list or mapping"
            self._fault("key-not-text", mark, f"{what} can't be a key")
            raise _Stop
        if event.tag or event.anchor:
            self._fault("tag", mark, "a key can't have a tag or an anchor")
        value = resolve(event.value) if event.implicit[0] else event.value
        if not isinstance(value, str):
            message = f'the key `{event.value}` is not text; write "{event.value}"'
            self._fault("key-not-text", mark, message)
            return
        if value == "<<":
            message = "YAML 1.2 has no merge keys; write the entries out, or use an alias for a whole value"
            self._fault("merge-key", mark, message)
            return
        if refusal := event.style == '"' and hidden_control(value):
            self._fault("control-character", mark, refusal)
        if isinstance(here.node.children, dict) and (first := here.node.children.get(value)):
            message = f"`{value}` is given twice; first at {_near(first.key, mark)}"
            self._fault("duplicate-key", mark, message)
            return
        here.key = value

    def _add(self, node: Node) -> None:
        if not self.open:
            self.top = node
            return
        here = self.open[-1]
        here.node.size += node.size
        here.node.height = max(here.node.height, node.height + 1)
        if isinstance(here.node.children, list):
            here.node.children.append(node)
        elif isinstance(here.node.children, dict):
            here.awaits_key = True
            if here.key is not None:  # a refused key's value is read, for its own faults, and dropped
                node.key = here.key_place
                here.node.children[here.key] = node
        if here.node.children is not None and len(here.node.children) > MAX_ENTRIES:
            message = f"more than {MAX_ENTRIES:,} entries in one list or mapping"
            self._fault("too-large", node.place, message)
            raise _Stop

    def _close(self) -> None:
        done = self.open.pop()
        done.node.height = max(done.node.height, 1)
        if done.anchor:
            self.anchors[done.anchor] = done.node
        self._add(done.node)

    def _count(self, node: Node) -> None:
        self.nodes += node.size
        if self.nodes > MAX_NODES:
            message = f"more than {MAX_NODES:,} values, aliases counted as what they stand for"
            self._fault("too-large", node.place, message)
            raise _Stop

    def _mark(self, mark: Any) -> Mark:
        return Mark(self.file, mark.line + 1, mark.column + 1)

    def _fault(self, rule: str, mark: Mark, message: str) -> None:
        self.problems.append(Problem(mark, rule, message))
        if len(self.problems) == MAX_PROBLEMS:
            message = f"{MAX_PROBLEMS} faults; the rest of the file was not read"
            self.problems.append(Problem(mark, "too-many-problems", message))
            raise _Stop


def load(name: str, text: str) -> tuple[Node | None, list[Problem]]:
    """The top of a file with places, and its faults. The node is partial, or None, where there are any."""
    reader = _Reader(name, text)
    reader.read()
    return reader.top, reader.problems


def _near(first: Mark | None, second: Mark) -> str:
    if first is None:
        return "its anchor"
    return f"line {first.line}" if first.file == second.file else str(first)
