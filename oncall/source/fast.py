"""The quick reading: data without places, for text that is in order.

It gives up (None) on anything worth a second look, faults and anchors alike, and `careful` then decides. It must
never return data where `careful` would find a fault or other data; a property test holds the two together.
"""

from __future__ import annotations

from typing import Any

from yaml import (
    CBaseLoader,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
    YAMLError,
)

from oncall.source.limits import MAX_DEPTH, MAX_ENTRIES, MAX_NODES
from oncall.source.scalars import resolve
from oncall.source.text import hidden_control


def load(text: str) -> dict[str, Any] | None:
    """The data of a file whose top is a mapping, or None where only `careful` can tell what it is."""
    loader = CBaseLoader(text)
    try:
        return _build(loader.get_event)
    except YAMLError:
        return None
    finally:
        loader.dispose()


def _build(next_event: Any) -> dict[str, Any] | None:
    if type(next_event()) is not StreamStartEvent:
        return None
    start = next_event()
    if type(start) is not DocumentStartEvent or start.version or start.tags:
        return None
    first = next_event()
    if type(first) is not MappingStartEvent or first.anchor or first.tag:
        return None
    top: dict[str, Any] = {}
    here: Any = top  # the collection being filled
    in_mapping = True
    key: str | None = None  # the key whose value comes next; None where a key is due
    outer: list[tuple[Any, bool]] = []
    nodes = 1
    while True:
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent:
            if event.anchor or event.tag:
                return None
            value: Any = event.value
            if event.implicit[0]:
                value = resolve(value)
            elif event.style == '"' and hidden_control(value):
                return None
            if in_mapping and key is None:
                if type(value) is not str or value in here or value == "<<":
                    return None
                key = value
                continue
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            if len(here) > MAX_ENTRIES:
                return None
            if not outer:
                break
            here, in_mapping = outer.pop()
            continue
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if event.anchor or event.tag or (in_mapping and key is None):
                return None
            value = {} if kind is MappingStartEvent else []
        else:
            return None  # an alias
        nodes += 1
        if nodes > MAX_NODES:
            return None
        if in_mapping:
            here[key] = value
            key = None
        else:
            here.append(value)
        if kind is not ScalarEvent:
            outer.append((here, in_mapping))
            if len(outer) >= MAX_DEPTH:
                return None
            here, in_mapping = value, kind is MappingStartEvent
    ended = type(next_event()) is DocumentEndEvent and type(next_event()) is StreamEndEvent
    return top if ended else None
