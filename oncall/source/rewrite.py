"""A file's text with other data: what is the same in the data stays as it is written, to the character.

Comments stay with what they stand beside or above; those of something removed go with it where they share its line, and
stay where they have a line of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from oncall.source.layout import Entry, Span, layout, line_start
from oncall.source.render import WIDTH, after_head, block, goes_inline, inline
from oncall.source.slots import Slot, same, slots_of

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"(?:^|[ \t])[ \t]*(#[^\r\n]*)")
# Between two entries of `{...}` or `[...]`: the comma is the first that is in no comment.
_COMMA = re.compile(r"((?:[^,#]|#[^\r\n]*)*),")


class CannotEdit(Exception):  # noqa: N818 - a reason and where it is, for the writer to tell
    """Why a file can't be edited, and the character it is about."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(reason)
        self.at = at


def rewrite(text: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    """The text, whose data are `old`, with the data `new`, a mapping that is not empty.

    Keys that stay are kept in the file's order; a new one comes after the key that is before it in `new`. Raises
    CannotEdit.
    """
    top = layout(text)
    found = _LINE_BREAK.search(text)
    return _Rewriter(text, found[0] if found else "\n", *_indents(top)).file(top, old, new)


def _indents(top: Span) -> tuple[int, int]:
    """How far a block within a mapping is indented in this file: mappings, and lists."""
    steps: Counter[int] = Counter()
    dashes: Counter[int] = Counter()
    spans = [top]
    while spans:
        span = spans.pop()
        for entry in span.entries:
            if span.kind == "mapping" and not entry.value.flow:
                (steps if entry.value.kind == "mapping" else dashes)[entry.value.column - span.column] += 1
            spans.append(entry.value)
    return _usual(steps), _usual(dashes)


def _usual(counted: Counter[int]) -> int:
    return counted.most_common(1)[0][0] if counted else 2


@dataclass(slots=True)
class _Rewriter:
    text: str
    line_break: str
    step: int
    dash: int

    def file(self, top: Span, old: dict[str, Any], new: dict[str, Any]) -> str:
        changed = self._collection(top, old, new) if top.entries else inline(new)  # `{}`
        return self.text[: top.start] + changed + self.text[top.end :]

    def _collection(self, span: Span, old: Any, new: Any) -> str:
        """The new text of a list or mapping; neither the old nor the new one is empty."""
        return self._flow(span, old, new) if span.flow else self._block(span, old, new)

    # Blocks: each entry has the lines of comments and blanks above it, and its own lines.

    def _block(self, span: Span, old: Any, new: Any) -> str:
        leads = ["", *(self._lead(*pair) for pair in pairwise(span.entries))]
        slots = list(slots_of(old, new))
        kept = {slot.old for slot in slots}
        blanks = sum(lead.lstrip(" \t").startswith(("\n", "\r")) for lead in leads)
        apart = blanks > 0 if span.column == 0 else blanks * 2 > len(leads)
        for number, entry in enumerate(span.entries):
            if number not in kept:
                self._refuse_anchors(entry.value)
                if "#" in leads[number]:  # what is below takes over the comments above
                    below = next((later for later in range(number + 1, len(leads)) if later in kept), None)
                    if below is not None:
                        leads[below] = leads[number] + leads[below]
                    else:
                        leads.append(leads[number])
        lines: list[str] = []
        indent = " " * span.column
        for slot in slots:
            if slot.old is None:
                lead = self.line_break if apart else ""
                written = self._new_entry(span, slot, old)
            else:
                lead = leads[slot.old]
                written = self._entry(span, span.entries[slot.old], _at(old, slot), slot.value)
            if lines:
                lines.append(self.line_break + lead + indent + written)
            else:
                lead = lead.lstrip() if "#" in lead else ""
                lines.append((lead + indent if lead else "") + written)
        rest = "".join(leads[len(span.entries) :])
        return "".join(lines) + (self.line_break + rest.rstrip("\r\n") if rest else "")

    def _lead(self, above: Entry, below: Entry) -> str:
        """The whole lines between two entries."""
        between = self.text[above.end : line_start(self.text, below.start)]
        return _LINE_BREAK.sub("", between, count=1)

    def _entry(self, span: Span, entry: Entry, old: Any, new: Any) -> str:
        if same(old, new):
            return self.text[entry.start : entry.end]
        value = entry.value
        self._refuse_shared(value)
        if self._in_place(value, old, new):
            before, after = self.text[entry.start : value.start], self.text[value.end : entry.end]
            changed = self._collection(value, old, new)
            if not value.flow or not self._too_wide(entry, changed):
                return before + changed + after
        return self._anew(span, entry, new)

    def _in_place(self, value: Span, old: Any, new: Any) -> bool:
        """Whether a collection stays one of its kind, written with its own brackets (unlike the `a: b` in `[a: b]`)."""
        kind = "mapping" if isinstance(new, dict) else "sequence" if isinstance(new, list) else None
        written = not value.flow or self.text[value.start : value.start + 1] in ("{", "[")
        return bool(kind == value.kind and old and new and written)

    def _too_wide(self, entry: Entry, changed: str) -> bool:
        """Whether what was a line of good length would no longer be one."""
        value = entry.value
        before = value.start - line_start(self.text, entry.start)
        was = self.text[value.start : value.end]
        one_line = not _LINE_BREAK.search(was) and not _LINE_BREAK.search(changed)
        return one_line and before + len(was) <= WIDTH < before + len(changed)

    def _anew(self, span: Span, entry: Entry, new: Any) -> str:
        """An entry of a block with a value that is written from scratch; its comments stay."""
        value = entry.value
        self._refuse_anchors(value)
        head, pad, after = self.text[entry.start : entry.head], " ", ""
        on_its_line = value.flow and value.start < self._end_of_line(entry.head)
        if on_its_line:
            pad = self.text[entry.head : value.start] or " "
            after = self.text[value.end : entry.end].rstrip()
        else:
            found = _COMMENT.match(self.text, entry.head)
            after = "  " + found[1] if found else ""
            after += self.text[value.end : entry.end].rstrip()
        stays_block = not value.flow and isinstance(new, dict | list) and bool(new)
        if not stays_block and goes_inline(new, span.column + len(head) + len(pad)):
            return head + pad + inline(new, self._quote(value), flow=False) + after
        if span.kind == "sequence":
            first, *more = _LINE_BREAK.split(block(new, span.column + 2, self.step, self.dash, self.line_break))
            return self.line_break.join([f"{head} {first}{after}", *more])
        column = span.column + (self.dash if isinstance(new, list) else self.step)
        below = block(new, column, self.step, self.dash, self.line_break)
        return head + after + self.line_break + " " * column + below

    def _new_entry(self, span: Span, slot: Slot, old: Any) -> str:
        column = span.column
        siblings = [
            entry.value.flow
            for entry, each in zip(span.entries, _values(old), strict=True)
            if type(each) is type(slot.value) and each
        ]
        as_block = bool(slot.value) and isinstance(slot.value, dict | list) and siblings[-1:] == [False]
        if slot.key is None:
            if not as_block and goes_inline(slot.value, column + 2):
                return "- " + inline(slot.value, flow=False)
            return "- " + block(slot.value, column + 2, self.step, self.dash, self.line_break)
        key = inline(slot.key, flow=False) + ":"
        if as_block:
            inner = column + (self.dash if isinstance(slot.value, list) else self.step)
            below = block(slot.value, inner, self.step, self.dash, self.line_break)
            return key + self.line_break + " " * inner + below
        return key + after_head(slot.value, column, len(key), self.step, self.dash, self.line_break)

    # `{...}` and `[...]`: each entry has what is before it and, up to its line's end, the comment after it.

    def _flow(self, span: Span, old: Any, new: Any) -> str:
        leads, posts, tail, trailing = self._separators(span)
        slots = list(slots_of(old, new))
        kept = {slot.old for slot in slots}
        for number, entry in enumerate(span.entries):
            if number not in kept:
                self._refuse_anchors(entry.value)
        usual = leads[-1] if len(leads) > 1 or _LINE_BREAK.search(leads[0]) else " "
        before = [leads[0], *(usual if slot.old in (None, 0) else leads[slot.old] for slot in slots[1:])]
        parts = [self.text[span.start]]
        for place, slot in enumerate(slots):
            comma = "," if trailing or place + 1 < len(slots) else ""
            post = "" if slot.old is None else posts[slot.old]
            if post and not _LINE_BREAK.match([*before, tail][place + 1]):  # or the comment would go on
                post += self.line_break + " " * (span.column + 1)
            parts += [before[place], self._flow_entry(span, slot, old), comma, post]
        return "".join(parts) + tail + self.text[span.end - 1]

    def _separators(self, span: Span) -> tuple[list[str], list[str], str, bool]:
        """Of each entry what is before it, and its comment; what is before the closing bracket; whether a comma is."""
        entries = span.entries
        leads = [self.text[span.start + 1 : entries[0].start]]
        posts = []
        for above, below in pairwise(entries):
            between = _COMMA.sub(r"\1", self.text[above.end : below.start], count=1)
            post, lead = _at_line_break(between)
            posts.append(post)
            leads.append(lead)
        rest = self.text[entries[-1].end : span.end - 1]
        trailing = _COMMA.match(rest) is not None
        post, tail = _at_line_break(_COMMA.sub(r"\1", rest, count=1) if trailing else rest)
        return leads, [*posts, post], tail, trailing

    def _flow_entry(self, span: Span, slot: Slot, old: Any) -> str:
        if slot.old is None:
            key = "" if slot.key is None else inline(slot.key) + ": "
            return key + inline(slot.value)
        entry = span.entries[slot.old]
        value, was = entry.value, _at(old, slot)
        if same(was, slot.value):
            return self.text[entry.start : entry.end]
        self._refuse_shared(value)
        if self._in_place(value, was, slot.value):
            return self.text[entry.start : value.start] + self._collection(value, was, slot.value)
        self._refuse_anchors(value)
        written = inline(slot.value, self._quote(value))
        if value.start == value.end and span.kind == "mapping":  # `{a}`, `{a: }`
            return self.text[entry.start : entry.head] + ": " + written
        return self.text[entry.start : value.start] + written

    def _quote(self, value: Span) -> str:
        first = self.text[value.start : value.start + 1]
        return first if value.kind == "scalar" and first in ("'", '"') else ""

    def _end_of_line(self, at: int) -> int:
        found = _LINE_BREAK.search(self.text, at)
        return found.start() if found else len(self.text) + 1

    def _refuse_shared(self, span: Span) -> None:
        """Refuse to change what stands elsewhere too."""
        if span.shared:
            word = self.text[span.start : span.start + 70].split()[0].rstrip(",]}")
            what = "an alias" if word.startswith("*") else "an anchor"
            raise CannotEdit(f"{what} (`{word}`) stands here", span.start)

    def _refuse_anchors(self, span: Span) -> None:
        """Refuse to take out what may be meant elsewhere."""
        if self.text[span.start : span.start + 1] != "*":
            self._refuse_shared(span)
        for entry in span.entries:
            self._refuse_anchors(entry.value)


def _at(old: Any, slot: Slot) -> Any:
    return old[slot.old] if slot.key is None else old[slot.key]


def _values(old: Any) -> list[Any]:
    return list(old.values()) if isinstance(old, dict) else list(old)


def _at_line_break(text: str) -> tuple[str, str]:
    found = _LINE_BREAK.search(text)
    if found is None:
        return "", text
    post = text[: found.start()]
    return (post.rstrip(" \t") if "#" in post else ""), text[found.start() :]
