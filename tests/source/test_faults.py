"""What can't be read, said in one line with its place, within seconds and without a traceback."""

from itertools import pairwise

import pytest

from oncall.errors import InventoryError
from oncall.source import MAX_BYTES, MAX_DEPTH, read


def faults(content: str | bytes) -> list[str]:
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(InventoryError) as caught:
        read([("i.yaml", raw)])
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "3:1: duplicate-key: `a` is given twice; first at line 1"),
        ("a: {b: 1, 'b': 2}\n", "1:11: duplicate-key: `b` is given twice; first at line 1"),
        ("1: a\n", '1:1: key-not-text: the key `1` is not text; write "1"'),
        ("null: a\n", '1:1: key-not-text: the key `null` is not text; write "null"'),
        ("? [a]\n: b\n", "1:3: key-not-text: a list or mapping can't be a key"),
        ("a: !!int 3\n", "1:4: tag: the tag `!!int` is not allowed; write the value without it"),
        ("a: ! 3\n", "1:4: tag: the tag `!` is not allowed; write the value without it"),
        ("!x a: 3\n", "1:1: tag: a key can't have a tag or an anchor"),
        ("%TAG ! !x\n---\na: 1\n", "1:1: directive: %TAG, and %YAML other than 1.2, are not allowed"),
        ("a: 1\n---\nb: 2\n", "2:1: several-documents: a second `---` document; an inventory file holds one"),
        ("a: *b\n", "1:4: unknown-alias: `*b` has no anchor before it"),
        ("a: &b [*b]\n", "1:8: unknown-alias: `*b` stands inside its own anchor"),
        ("- a\n- b\n", "1:1: not-a-mapping: the file holds a list; an inventory is a mapping"),
        ("hello\n", "1:1: not-a-mapping: the file holds a single value; an inventory is a mapping"),
        ("", "1:1: empty-file: the file is empty; an inventory starts with `organization:`"),
        ("# only a comment\n", "1:1: empty-file: the file is empty"),
        ("---\n", "1:1: empty-file: the file is empty"),
        ("a:\n\tb: 1\n", "2:1: yaml-syntax: a tab can't indent; use spaces"),
        ("a: @b\n", "1:4: yaml-syntax: a value can't start with `@`; put it in quotes"),
        ("a: b: c\n", "1:5: yaml-syntax: mapping values are not allowed in this context; a text with `: `"),
        ("a: [1,\nb: 2\n", "3:1: yaml-syntax: did not find expected ',' or ']' (while parsing a flow sequence"),
        ('a: "x\n', "2:1: yaml-syntax: found unexpected end of stream (while scanning a quoted scalar that starts"),
        ('a: "\\ud83d"\n', "1:7: yaml-syntax: found invalid Unicode character escape code"),
        ("a: x\0y\n", "1:5: control-character: NUL byte is not allowed in an inventory; remove it"),
        ("a: 1\r\nb: \x1b[0m\n", "2:4: control-character: character U+001B is not allowed"),
        ("a: x\u2028y\n", "1:5: control-character: character U+2028 is not allowed"),
        ('a: "x\\0y"\n', "1:4: control-character: NUL byte is not allowed"),
        ('"\\x07": 1\n', "1:1: control-character: character U+0007 is not allowed"),
    ],
)
def test_fault(content: str, line: str) -> None:
    (found,) = faults(content)
    assert found.startswith("i.yaml:" + line), found


def test_a_merge_key_is_refused_with_the_way_out() -> None:
    assert faults("a: &x {b: 1}\nc:\n  <<: *x\n") == [
        "i.yaml:3:3: merge-key: YAML 1.2 has no merge keys; write the entries out, or use an alias for a whole value"
    ]


def test_all_faults_of_a_file_are_shown() -> None:
    found = faults("a: 1\na: 2\n3: x\nb: !t y\nc: [\n")
    assert [line.split(": ")[1] for line in found] == ["duplicate-key", "key-not-text", "tag", "yaml-syntax"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_named(encoding: str) -> None:
    name = encoding[:6].upper()
    assert faults("a: 1\n".encode(encoding)) == [f"i.yaml:1:1: encoding: the file is {name}; save it as UTF-8"]


def test_latin_1_is_found_at_its_first_foreign_byte() -> None:
    (found,) = faults("a: 1\nname: José\n".encode("latin-1"))
    assert found == "i.yaml:2:10: encoding: byte 0xe9 is not UTF-8; save the file as UTF-8, not Latin-1"


def test_a_foreign_byte_after_a_byte_order_mark_is_found_too() -> None:
    (found,) = faults(b"\xef\xbb\xbfa: \xff\n")
    assert found.startswith("i.yaml:1:4: encoding: byte 0xff")


def nested(depth: int) -> str:
    return "a: " + "[" * (depth - 1) + "]" * (depth - 1) + "\n"


def test_the_deepest_allowed_nesting_is_read() -> None:
    assert read([("i.yaml", nested(MAX_DEPTH).encode())]).data.keys() == {"a"}


def test_one_level_more_is_refused() -> None:
    assert faults(nested(MAX_DEPTH + 1)) == [
        "i.yaml:1:53: too-deep: more than 50 lists and mappings inside one another"
    ]


def test_nesting_through_aliases_counts() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60)]
    (found,) = faults("\n".join(lines))
    assert "too-deep" in found


def test_many_faults_end_the_reading() -> None:
    found = faults("a: 1\n" * 5000)
    assert (len(found), found[-1].split(": ")[1]) == (101, "too-many-problems")


def bomb() -> str:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    lines += [f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]" for before, name in pairwise("abcdefghi")]
    return "\n".join(lines)


HOSTILE = {
    "alias bomb": (bomb(), "too-large"),
    "flow nesting": ("[" * 100_000, "too-deep"),
    "block nesting": ("- " * 100_000 + "x", "too-deep"),
    "map nesting": ("{a: " * 100_000, "too-deep"),
    "question marks": ("? " * 50_000, "key-not-text"),
    "million items": ("a:\n" + "- x\n" * 1_000_000, "too-large"),
    "million values": ("a:\n" + f"- [{','.join('x' * 20)}]\n" * 50_000, "too-large"),
    "million keys": ("".join(f"k{n}: 1\n" for n in range(1_000_000)), "too-large"),
    "huge scalar": ("a: " + "x" * MAX_BYTES, "too-large"),
    "50 MB": (b"a: 1\n" * 10_000_000, "too-large"),
    "unclosed quote": ('a: "' + "x\n " * 1_000_000, "yaml-syntax"),
    "colons": ("a: " + ": " * 1_000_000, "yaml-syntax"),
    "binary": (bytes(range(256)) * 1000, "encoding"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_refused(name: str) -> None:
    content, rule = HOSTILE[name]
    assert [line.split(": ")[1] for line in faults(content)] == [rule]
