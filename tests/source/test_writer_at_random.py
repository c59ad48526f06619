"""Random data in random layouts, edited at random: the data become what was meant, other lines stay as they were."""

from __future__ import annotations

import copy
import json
import re
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.errors import Path
from oncall.source import read
from oncall.source.slots import same
from oncall.source.writer import append, remove, set_value

ODD_TEXTS = [
    *(
        "ana",
        "2026-12-07",
        "2026-12-24 09:00",
        "09:00",
        "Mon 09:00",
        "+49 30",
        "yes",
        "null",
        "",
        "a: b",
        "x #y",
        "- a",
    ),
    *(
        "[x",
        "{y",
        "a, b",
        "it's",
        'say "so"',
        "*x",
        "&x",
        "!x",
        "%x",
        "@x",
        "`x`",
        "|",
        "> ",
        " x",
        "x ",
        "?",
        "two\nlines",
    ),
    *("tab\there", "ünï 漢字 🙂", "\u2028", "0x1f", "1e3", "~", "---", "...", "a\\b", "#", ":", "a:"),
]
TEXTS = st.one_of(
    st.sampled_from(ODD_TEXTS), st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)
)
KEYS = st.one_of(st.text("abcdefg_-", min_size=1, max_size=4), st.sampled_from(["on", "y", "a b", "ключ", "1", "a:b"]))
NUMBERS = st.one_of(st.integers(-99, 9999), st.floats(allow_nan=False, allow_infinity=False, width=16))
SCALARS = st.one_of(TEXTS, TEXTS, NUMBERS, st.booleans(), st.none())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
NOUNS = st.sampled_from(["organization", "people", "teams", "leave", "swaps", "overrides", "servers", "other", "guard"])
DATA = st.dictionaries(NOUNS, VALUES, min_size=1, max_size=5)


WORDS = ("null", "yes", "true", "false")
ODD = set("\x7f\x85\u2028\u2029\ufeff\ufffe\uffff")


class Layout:
    """Data as YAML in a layout by chance; every comment is different."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.comments = 0
        self.step = self.random.choice([2, 4, 3])
        self.dash = self.random.choice([0, 2, self.step])

    def chance(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    def comment(self) -> str:
        self.comments += 1
        return f"# comment {self.comments}"

    def scalar(self, value: Any) -> str:
        if not isinstance(value, str):
            return json.dumps(value) if value is not None or self.chance(2) else "~"
        if "'" not in value and re.fullmatch(r"[ -~]+", value) and self.chance(2):
            return f"'{value}'"
        if re.fullmatch(r"[a-z]+|\d{4}-\d\d-\d\d( \d\d:\d\d)?|Mon 09:00", value) and value not in (
            "null",
            "yes",
            "true",
            "false",
        ):
            return value
        return re.sub(
            "[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]",
            lambda at: f"\\u{ord(at[0]):04x}",
            json.dumps(value, ensure_ascii=False),
        )

    def flow(self, value: Any, column: int) -> str:
        if not isinstance(value, dict | list):
            return self.scalar(value)
        opened, closed = "{}" if isinstance(value, dict) else "[]"
        if not value:
            return opened + closed
        wide = self.chance(4)
        parts = []
        for number, each in enumerate(value):
            last = number + 1 == len(value)
            text = self.flow(value[each], column) if isinstance(value, dict) else self.flow(each, column)
            text = (self.scalar(each) + ": " if isinstance(value, dict) else "") + text
            text += "" if last and not self.chance(5) else ","
            if wide:
                text += (" " + self.comment() if self.chance(3) else "") + "\n" + " " * (column + 1)
            else:
                text += "" if last else " " * self.random.randint(1, 3)
            parts.append(text)
        return opened + ("\n" + " " * (column + 1) if wide and self.chance(2) else "") + "".join(parts) + closed

    def above(self, column: int) -> str:
        text = ""
        while self.chance(5):
            text += (" " * column + self.comment() if self.chance(2) else "") + "\n"
        return text

    def end(self) -> str:
        return ("  " + self.comment() if self.chance(4) else "") + "\n"

    def block(self, value: Any, column: int, first: bool = False) -> str:
        """Whole lines; the first one's indentation is left out on request."""
        text = ""
        for each in value:
            if not first:
                text += self.above(column) + " " * column
            first = False
            inner = value[each] if isinstance(value, dict) else each
            text += self.scalar(each) + ":" if isinstance(value, dict) else "-"
            if isinstance(inner, dict | list) and inner and self.chance(2):
                if isinstance(value, list) and self.chance(2):
                    text += " " + self.block(inner, column + 2, first=True)
                    continue
                at = column + (self.dash if isinstance(inner, list) and isinstance(value, dict) else self.step)
                text += self.end() + self.block(inner, at)
            elif isinstance(inner, str) and inner == "two\nlines":
                text += " |-\n" + "".join(f"{' ' * (column + self.step)}{line}\n" for line in inner.split("\n"))
            else:
                text += " " * self.random.randint(1, 3) + self.flow(inner, column + 1) + self.end()
        return text


@st.composite
def laid_out(draw: Any) -> tuple[dict[str, Any], str]:
    data = draw(DATA)
    layout = Layout(draw(st.integers(0, 2**32)))
    text = layout.above(0) + layout.block(data, 0) + layout.above(0)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return data, text


def paths(data: Any, path: Path = ()) -> list[Path]:
    found = [path] if path else []
    steps = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for step in steps:
        found += paths(data[step], (*path, step))
    return found


def at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def read_text(text: str) -> dict[str, Any]:
    return read([("a.yaml", text.encode())]).data


def comments(text: str) -> set[str]:
    return set(re.findall(r"# comment \d+", text))


def others(text: str, noun: object) -> list[str]:
    """The lines of all nouns but one, comments between nouns left out."""
    kept, mine = [], False
    for line in text.splitlines():
        if line[:1].isalpha() or line[:1] in ("'", '"'):
            mine = line.partition(":")[0].strip("'\"") == noun
        if not mine and line.strip() and not line.startswith("#"):
            kept.append(line)
    return kept


@settings(max_examples=400, deadline=None)
@given(laid_out())
def test_the_layouts_are_yaml(given_: tuple[dict[str, Any], str]) -> None:
    data, text = given_
    assert same(read_text(text), data), text


@settings(max_examples=600, deadline=None)
@given(laid_out(), st.data())
def test_a_value_is_set(given_: tuple[dict[str, Any], str], more: st.DataObject) -> None:
    data, text = given_
    path = more.draw(st.sampled_from(paths(data)))
    value = more.draw(VALUES)
    if more.draw(st.booleans()) and isinstance(at(data, path), dict):
        path = (*path, more.draw(KEYS))
    after = set_value((("a.yaml", text),), path, value)[0][1]
    wanted = copy.deepcopy(data)
    at(wanted, path[:-1])[path[-1]] = value
    assert same(read_text(after), wanted)
    assert others(after, path[0]) == others(text, path[0])


@settings(max_examples=400, deadline=None)
@given(laid_out(), st.data())
def test_an_item_is_appended(given_: tuple[dict[str, Any], str], more: st.DataObject) -> None:
    data, text = given_
    lists = [path for path in paths(data) if isinstance(at(data, path), list)]
    path = more.draw(st.sampled_from([*lists, ("teams2",), ("leave2",)]))
    item = more.draw(VALUES)
    after = append((("a.yaml", text),), path, item)[0][1]
    wanted = copy.deepcopy(data)
    if path in lists:
        at(wanted, path).append(item)
    else:
        wanted[str(path[0])] = [item]
    assert same(read_text(after), wanted)
    assert others(after, path[0]) == others(text, path[0])
    assert comments(after) == comments(text)
    assert (after.count("\r\n") > 0) == (text.count("\r\n") > 0) or "\n" not in text


@settings(max_examples=400, deadline=None)
@given(laid_out(), st.data())
def test_something_is_removed(given_: tuple[dict[str, Any], str], more: st.DataObject) -> None:
    data, text = given_
    path = more.draw(st.sampled_from(paths(data)))
    after = remove((("a.yaml", text),), path)[0][1]
    wanted = copy.deepcopy(data)
    del at(wanted, path[:-1])[path[-1]]
    above = path[:-1]
    while above and at(wanted, above) == [] and isinstance(at(wanted, above), list):
        del at(wanted, above[:-1])[above[-1]]
        above = above[:-1]
    assert same(read_text(after), wanted or {str(path[0]): []})
    assert others(after, path[0]) == others(text, path[0])
    assert "\n" not in after.replace("\r\n", "") or "\r\n" not in text


@settings(max_examples=200, deadline=None)
@given(laid_out())
def test_an_edit_and_its_way_back_change_nothing(given_: tuple[dict[str, Any], str]) -> None:
    data, text = given_
    files = (("a.yaml", text),)
    item = {"person": "ana", "from": "2026-12-07", "why": "a, b"}
    for path in [path for path in paths(data) if isinstance(at(data, path), list) and at(data, path)]:
        longer = append(files, path, item)
        assert same(read_text(remove(longer, (*path, len(at(data, path))))[0][1]), data)
    added = append(files, ("maintenance",), item)
    assert remove(added, ("maintenance", 0)) == files
