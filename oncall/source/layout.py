"""Where everything of a file stands, to the character: what an edit needs to leave the rest alone.

Only for text that has been read without a fault: nothing is checked here again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from yaml import (
    AliasEvent,
    CBaseLoader,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

_BREAK = re.compile(r"[\r\n]|\Z")
_COMMENTS_AND_BLANKS = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[ ]*")


@dataclass(slots=True)
class Span:
    """A value from its first character to its last.

    A block list or mapping begins at its first dash or key and ends with the line of its last entry, that line's
    comment included. `shared` says that it has an anchor or is an alias. `column` counts from 0.
    """

    kind: Literal["scalar", "mapping", "sequence"]
    start: int
    end: int
    column: int
    flow: bool = True
    shared: bool = False
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A key with its value, or an item of a list.

    In a block it begins at its key or dash, and ends with the line of its last character, that line's comment included;
    `head` is where its colon or dash ends. In `{}` or `[]`, `head` is the end of the key, or the start.
    """

    start: int
    head: int
    end: int
    value: Span


def layout(text: str) -> Span:
    """The top of a file that holds a mapping, and all that is in it."""
    loader = CBaseLoader(text)
    try:
        events = iter(_events(loader))
        first = next(event for event in events if isinstance(event, MappingStartEvent))
        return _Layout(text, events).node(first)
    finally:
        loader.dispose()


def line_end(text: str, at: int) -> int:
    """Where the line of a character ends, before its line break."""
    found = _BREAK.search(text, at)
    return found.start() if found else len(text)


def line_start(text: str, at: int) -> int:
    """Where the line of a character begins."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _events(loader: Any) -> Iterator[Any]:
    while loader.check_event():
        yield loader.get_event()


@dataclass(slots=True)
class _Layout:
    text: str
    events: Iterator[Any]

    def node(self, event: Any) -> Span:
        start, end = event.start_mark.index, event.end_mark.index
        column = event.start_mark.column
        if isinstance(event, AliasEvent):
            return Span("scalar", start, end, column, shared=True)
        shared = event.anchor is not None
        if isinstance(event, ScalarEvent):
            if event.style in ("|", ">"):  # its end is taken from the line breaks after it
                end = start + len(self.text[start:end].rstrip())
            return Span("scalar", start, end, column, shared=shared)
        if isinstance(event, MappingStartEvent):
            span = Span("mapping", start, start, column, bool(event.flow_style), shared)
            self._mapping(span)
        else:
            span = Span("sequence", start, start, column, bool(event.flow_style), shared)
            self._sequence(span)
        return span

    def _mapping(self, span: Span) -> None:
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                self._close(span, event)
                return
            start, head = event.start_mark.index, event.end_mark.index
            value = self.node(next(self.events))
            if not span.flow:
                head = self.text.index(":", head) + 1
            span.entries.append(self._entry(span, start, head, value))

    def _sequence(self, span: Span) -> None:
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                self._close(span, event)
                return
            value = self.node(event)
            if span.flow:
                span.entries.append(self._entry(span, value.start, value.start, value))
                continue
            dash = span.start
            if span.entries:
                found = _COMMENTS_AND_BLANKS.match(self.text, span.entries[-1].end)
                dash = found.end() if found else dash
            span.entries.append(self._entry(span, dash, dash + 1, value))

    def _entry(self, span: Span, start: int, head: int, value: Span) -> Entry:
        end = max(head, value.end)
        return Entry(start, head, end if span.flow else line_end(self.text, end), value)

    def _close(self, span: Span, event: Any) -> None:
        span.end = event.end_mark.index if span.flow else span.entries[-1].end
