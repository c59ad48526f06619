"""Edits of text: the data become what was meant, and everything that was not spoken of stays to the character."""

from __future__ import annotations

import difflib
from typing import Any

import pytest

from oncall.errors import InventoryError, Path
from oncall.source import read
from oncall.source.writer import EditError, Files, append, remove, set_value


def files(text: str) -> Files:
    return (("a.yaml", text),)


def data(found: Files) -> dict[str, Any]:
    return read([(name, text.encode()) for name, text in found]).data


def text(found: Files) -> str:
    return found[0][1]


def lines(before: Files, after: Files) -> list[str]:
    """The lines taken out and put in."""
    found = difflib.ndiff(text(before).splitlines(keepends=True), text(after).splitlines(keepends=True))
    return [line for line in found if line[0] in "+-"]


LEAVE = """\
# Who is away.
leave:            # inclusive
  # Christmas
  - {person: bo, from: 2026-12-29,   to: 2027-01-10, cover: cy}   # agreed
  - person: jo    # the long way
    from: 2026-12-21

    # last day
    to: "2026-12-27"

teams:
  a: {members: [ana, bo]}
"""


def test_append_to_a_block_list_adds_lines_only() -> None:
    after = append(files(LEAVE), ("leave",), {"person": "cy", "from": "2027-02-01", "to": "2027-02-02 09:00"})
    assert lines(files(LEAVE), after) == [
        "+   - person: cy\n", "+     from: 2027-02-01\n", "+     to: 2027-02-02 09:00\n"
    ]  # fmt: skip  # a block, like its neighbour


def test_append_to_a_flow_list_changes_its_line_only() -> None:
    after = append(files(LEAVE), ("teams", "a", "members"), {"cy": "manager"})
    assert "  a: {members: [ana, bo, {cy: manager}]}\n" in text(after)
    assert len(lines(files(LEAVE), after)) == 2


def test_a_list_that_is_missing_is_made_near_its_neighbours() -> None:
    after = append(files(LEAVE), ("overrides",), {"schedule": "a/b", "why": "x, y"})
    assert '    to: "2026-12-27"\n\noverrides:\n  - {schedule: a/b, why: "x, y"}\n\nteams:' in text(after)


@pytest.mark.parametrize("text_before", ["a: 1\n", "a: 1", "a: 1   # one\n\n# end\n", "--- \na: 1\n...\n"])
def test_a_new_noun_at_the_end(text_before: str) -> None:
    after = append(files(text_before), ("leave",), "x")
    assert data(after) == {"a": 1, "leave": ["x"]}
    assert text(after).endswith("\n") == text_before.endswith("\n")


def test_removing_an_item_takes_its_lines_and_leaves_the_comments_above() -> None:
    assert lines(files(LEAVE), remove(files(LEAVE), ("leave", 0))) == [
        "-   - {person: bo, from: 2026-12-29,   to: 2027-01-10, cover: cy}   # agreed\n"
    ]
    after = remove(files(LEAVE), ("leave", 1))
    assert "agreed\n\nteams:" in text(after)


def test_a_list_goes_with_its_last_item() -> None:
    after = remove(remove(files(LEAVE), ("leave", 0)), ("leave", 0))
    assert text(after) == "# Who is away.\nteams:\n  a: {members: [ana, bo]}\n"
    assert text(remove(files("a: {b: [x], c: 1}\n"), ("a", "b", 0))) == "a: {c: 1}\n"
    assert text(remove(files("a:\n  b:\n    - x\n  c: 1\n"), ("a", "b", 0))) == "a:\n  c: 1\n"


def test_several_things_are_removed_at_once() -> None:
    paths: list[Path] = [("leave", 0), ("leave", 1), ("teams", "a", "members", 1)]
    assert text(remove(files(LEAVE), *paths)) == "# Who is away.\nteams:\n  a: {members: [ana]}\n"
    assert data(remove(files("l: [0, 1, 2, 3]\n"), ("l", 1), ("l", 3), ("l", 0))) == {"l": [2]}
    assert data(remove(files("a: {b: {c: 1}}\nd: 1\n"), ("a", "b", "c"), ("a", "b"), ("d",))) == {"a": {}}
    assert remove(files(LEAVE)) == files(LEAVE)


def test_the_only_list_of_a_file_stays_empty() -> None:
    assert text(remove(files("leave:\n  - x\n"), ("leave", 0))) == "leave: []\n"


def test_setting_what_is_there_already_changes_nothing() -> None:
    assert set_value(files(LEAVE), ("leave", 1, "to"), "2026-12-27") == files(LEAVE)


@pytest.mark.parametrize(
    "before, value, after",
    [
        ("k: old\n", "new", "k: new\n"),
        ("k:   old   # why\n", "new", "k:   new   # why\n"),
        ('k: "09:00"\n', "10:00", 'k: "10:00"\n'),
        ("k: 'a'\n", "it's", "k: 'it''s'\n"),
        ("k: x\n", "09:00", 'k: "09:00"\n'),
        ("k: x\n", "yes", 'k: "yes"\n'),
        ("k: x\n", "1", 'k: "1"\n'),
        ("k: x\n", "2026-12-07", "k: 2026-12-07\n"),
        ("k: x\n", "2026-12-07 09:00", "k: 2026-12-07 09:00\n"),
        ("k: x\n", "a: b", 'k: "a: b"\n'),
        ("k: x\n", "a # b", 'k: "a # b"\n'),
        ("k: x\n", "a, [b]", "k: a, [b]\n"),
        ("k: [x]\n", ["a, b"], 'k: ["a, b"]\n'),
        ("k: x\n", "+49 30", 'k: "+49 30"\n'),
        ("k: x\n", "two\nlines\u2028", 'k: "two\\nlines\\u2028"\n'),
        ("k: x\n", "", 'k: ""\n'),
        ("k: x\n", 3, "k: 3\n"),
        ("k: x\n", True, "k: true\n"),
        ("k: x\n", None, "k: null\n"),
        ("k:\n", "x", "k: x\n"),
        ("k:   # empty\n", "x", "k: x   # empty\n"),
        ("k: |\n  some\n  text\n\nl: 1\n", "x", "k: x\n\nl: 1\n"),
        ("k: some\n  text   # c\n", "x", "k: x   # c\n"),
        ("k: [a,   b]\n", ["a", "b", "c"], "k: [a,   b,   c]\n"),
        ("k: [a, b, ]\n", ["b"], "k: [b, ]\n"),
        ("k: [ a, b ]\n", ["b", "a"], "k: [ b, a ]\n"),
        ("k: []\n", ["b"], "k: [b]\n"),
        ("k: [b]\n", [], "k: []\n"),
        ("k: {a: 1, b: 2}\n", {"b": 2}, "k: {b: 2}\n"),
        ("k: {a: 1, b: 2}\n", {"a": 1}, "k: {a: 1}\n"),
        ("k: {a: 1, b}\n", {"a": 1, "b": "x"}, "k: {a: 1, b: x}\n"),
        ("k: [a: 1]\n", [{"a": 2}], "k: [{a: 2}]\n"),
        ("k:   # c\n  - a\n  - b\n", "a", "k: a  # c\n"),
        ("k:\n- a  # 1\n# b's\n- b  # 2\n", ["b", "a", "c"], "k:\n# b's\n- b  # 2\n- a  # 1\n- c\n"),
        ("k:\n  - a: 1  # 1\n    b: 2\n", [{"b": 3, "a": 1}], "k:\n  - a: 1  # 1\n    b: 3\n"),
        ("k:\n  - a: 1\n    b: 2\n", [{"b": 2}], "k:\n  - b: 2\n"),
        ("k:\n  - - 1\n    - 2\n  - 3\n", [[1, 2, 4], 3], "k:\n  - - 1\n    - 2\n    - 4\n  - 3\n"),
        (
            "k: [\n  a,  # 1\n  b,  # 2\n  c  # 3\n]\n",
            ["a", "c", "d"],
            "k: [\n  a,  # 1\n  c,  # 3\n  d\n]\n",
        ),
        ("k: {a: 1,  # 1\n  b: 2}\n", {"a": 1}, "k: {a: 1  # 1\n    }\n"),
    ],
)  # fmt: skip
def test_values(before: str, value: Any, after: str) -> None:
    assert text(set_value(files(before), ("k",), value)) == after


def test_new_keys_come_after_the_key_before_them() -> None:
    before = "k:\n    a: 1  # one\n    # two\n    c: 3\nl: 1\n"
    after = set_value(files(before), ("k",), {"a": 1, "b": {"x": {"y": 1}}, "c": 3})
    assert text(after) == "k:\n    a: 1  # one\n    b: {x: {y: 1}}\n    # two\n    c: 3\nl: 1\n"


@pytest.mark.parametrize(
    "before, after",
    [
        ("{}\n", "{l: [x]}\n"),
        ('{"a": 1}\n', '{"a": 1, l: [x]}\n'),
        ("%YAML 1.2\n---\na: 1\n...\n", "%YAML 1.2\n---\na: 1\nl: [x]\n...\n"),
        ("# only\n\na: 1", "# only\n\na: 1\nl: [x]"),
        ("l: []  # none\n", "l: [x]  # none\n"),
        ("l:  # none\n", "l: [x]  # none\n"),
    ],
)
def test_a_list_is_made_in_any_file(before: str, after: str) -> None:
    assert text(append(files(before), ("l",), "x")) == after


def test_keys_on_the_way_are_made() -> None:
    assert text(set_value(files("a: {x: 1}\n"), ("a", "b", "c"), 1)) == "a: {x: 1, b: {c: 1}}\n"
    assert text(set_value(files("a:\n  b:\nc: 1\n"), ("a", "b", "d"), 1)) == "a:\n  b: {d: 1}\nc: 1\n"


def test_a_line_that_grows_too_long_becomes_a_block() -> None:
    short = "x" * 50
    before = f"k:\n  - {{a: {short}, b: [1, 2]}}   # c\n  - z\n"
    after = text(set_value(files(before), ("k", 0, "c"), "y" * 60))
    assert after == f"k:\n  - a: {short}   # c\n    b: [1, 2]\n    c: {'y' * 60}\n  - z\n"


def test_a_line_that_was_too_long_stays_one() -> None:
    before = f"k: {{a: {'x' * 150}}}\n"
    assert text(set_value(files(before), ("k", "b"), 1)) == f"k: {{a: {'x' * 150}, b: 1}}\n"


def test_long_text_is_not_wrapped() -> None:
    long = "word " * 60 + "end"
    assert text(set_value(files("k: x\n"), ("k",), long)) == f"k: {long}\n"


def test_line_ends_and_a_missing_last_one_are_kept() -> None:
    before = "k:\r\n  - a   # 1\r\nl:\r\n  m: 1"
    after = set_value(append(files(before), ("k",), {"b": {"c": [{"x": 1, "y": 2}]}}), ("l", "n"), 2)
    assert text(after) == (
        "k:\r\n  - a   # 1\r\n  - b:\r\n      c:\r\n        - {x: 1, y: 2}\r\nl:\r\n  m: 1\r\n  n: 2"
    )


SEVERAL: Files = (
    ("1.yaml", "time_zone: UTC\nleave:\n  - a\n  - b\n"),
    ("2.yaml", "time_zone: UTC\nleave: [c]\nteams: {x: {}}\n"),
)


@pytest.mark.parametrize(
    "edit, first, second",
    [
        (lambda it: append(it, ("leave",), "d"), None, "time_zone: UTC\nleave: [c, d]\nteams: {x: {}}\n"),
        (lambda it: remove(it, ("leave", 2)), None, "time_zone: UTC\nteams: {x: {}}\n"),
        (lambda it: remove(it, ("leave", 0)), "time_zone: UTC\nleave:\n  - b\n", None),
        (lambda it: set_value(it, ("leave", 1), "z"), "time_zone: UTC\nleave:\n  - a\n  - z\n", None),
        (lambda it: set_value(it, ("teams", "x", "y"), 1), None, "time_zone: UTC\nleave: [c]\nteams: {x: {y: 1}}\n"),
        (
            lambda it: set_value(it, ("time_zone",), "Europe/Paris"),
            "time_zone: Europe/Paris\nleave:\n  - a\n  - b\n",
            "time_zone: Europe/Paris\nleave: [c]\nteams: {x: {}}\n",
        ),
        (
            lambda it: append(it, ("swaps",), "s"),
            None,
            "time_zone: UTC\nleave: [c]\nswaps: [s]\nteams: {x: {}}\n",
        ),
    ],
)  # fmt: skip
def test_each_thing_is_edited_in_its_file(edit: Any, first: str | None, second: str | None) -> None:
    after = edit(SEVERAL)
    assert after[0][1] == (first or SEVERAL[0][1])
    assert after[1][1] == (second or SEVERAL[1][1])


@pytest.mark.parametrize(
    "before, path, where, says",
    [
        ("a: &x {b: 1}\nc: *x\n", ("a", "b"), "a.yaml:1:4", "an anchor (`&x`)"),
        ("a: &x {b: 1}\nc: *x\n", ("c", "b"), "a.yaml:2:4", "an alias (`*x`)"),
        ("a: {b: 1}\n", ("a", "b", "c"), "a.yaml:1:8", "there is no `c`"),
        ("a: [1]\n", ("a", 1), "a.yaml:1:1", "there is no `1`"),
        ("k:\n  ? a\n  : b\n", ("k", "c"), "a.yaml:1:1", "edit it by hand"),
    ],
)
def test_what_can_t_be_edited_is_said_with_its_place(before: str, path: Path, where: str, says: str) -> None:
    with pytest.raises(EditError) as caught:
        set_value(files(before), path, "new")
    assert str(caught.value).startswith(f"{where}: edit: ")
    assert says in str(caught.value)


def test_items_of_several_files_are_removed_at_once() -> None:
    after = remove(SEVERAL, ("leave", 0), ("leave", 2), ("time_zone",))
    assert after == (("1.yaml", "leave:\n  - b\n"), ("2.yaml", "teams: {x: {}}\n"))


def test_of_two_that_are_the_same_the_one_that_is_named_is_changed() -> None:
    before = "l:\n  - {a: 1}  # one\n  - {a: 1}  # two\n"
    assert text(set_value(files(before), ("l", 0, "a"), 2)) == "l:\n  - {a: 2}  # one\n  - {a: 1}  # two\n"
    assert text(set_value(files(before), ("l", 1, "a"), 2)) == "l:\n  - {a: 1}  # one\n  - {a: 2}  # two\n"


def test_an_anchor_elsewhere_does_not_matter() -> None:
    before = "a: &x {b: 1}\nc: *x\nd: 1\n"
    assert text(set_value(files(before), ("d",), 2)) == "a: &x {b: 1}\nc: *x\nd: 2\n"


def test_what_has_an_anchor_is_not_removed() -> None:
    with pytest.raises(EditError, match="an anchor"):
        remove(files("l: [{k: &x 1}, *x]\n"), ("l", 0))


@pytest.mark.parametrize("path", [("leave", 7), ("nobody",), ("leave", 0, "why")])
def test_what_is_not_there_can_t_be_removed(path: Path) -> None:
    with pytest.raises(EditError, match="there is no"):
        remove(files(LEAVE), path)


@pytest.mark.parametrize(
    "value, says",
    [
        ("ring \x07", r"character U\+0007 is not allowed"),
        ({"a": ["\x1b[31m"]}, r"character U\+001B is not allowed"),
        ({"\0": 1}, "NUL byte is not allowed"),
        ("caf\udce9", "bytes that are not UTF-8 are not allowed"),
    ],
)
def test_what_can_t_be_read_back_is_not_written(value: Any, says: str) -> None:
    with pytest.raises(EditError, match=says):
        append(files(LEAVE), ("leave",), value)
    with pytest.raises(EditError, match=says):
        set_value(files(LEAVE), ("leave", 0, "why"), value)


def test_append_to_something_else_is_refused() -> None:
    with pytest.raises(EditError, match=r"`teams\.a` is no list"):
        append(files(LEAVE), ("teams", "a"), "x")


def test_files_with_faults_are_told_as_ever() -> None:
    with pytest.raises(InventoryError, match="duplicate-key"):
        append(files("a: 1\na: 2\n"), ("leave",), "x")
