"""The fast reading and the careful one never disagree."""

import json
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oncall.source import careful, fast

words = st.sampled_from(
    ["ana", "NO", "10:00", "1", "~", "", "yes", "<<", "1.5", "a b", "é", "'", '"', "#", "\0", "x: y"]
)
keys = words | st.integers() | st.booleans()
scalars = words | st.integers() | st.floats() | st.booleans() | st.none() | st.text("abé: #'-\n\t,[", max_size=8)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20
)
TOKENS = (
    *("a", "b", "a: ", "b: ", "- ", "? ", ": ", "\n", "\n  ", "\n    ", " ", "{", "}", "[", "]", ", ", "'", '"'),
    *("&a ", "*a", "!t ", "#", " # c", "|\n  ", ">-\n ", "---\n", "...\n", "<<: ", "1", "~", "%", "\\x00", "\t"),
)
token_soup = st.lists(st.sampled_from(TOKENS), max_size=24).map("".join)


def agree(text: str) -> None:
    quick = fast.load(text)
    node, faults = careful.load("i.yaml", text)
    if quick is not None:
        assert faults == []
        assert node is not None
        assert json.dumps(quick) == json.dumps(node.data())
    elif not faults:
        assert "&" in text or "%" in text


@settings(deadline=None)
@given(
    st.dictionaries(keys, values, max_size=5), st.sampled_from([True, False, None]), st.sampled_from([None, "'", '"'])
)
def test_on_documents_written_by_a_yaml_library(data: dict[Any, Any], flow: bool | None, style: str | None) -> None:
    agree(yaml.safe_dump(data, default_flow_style=flow, default_style=style, allow_unicode=True))


@settings(max_examples=500, deadline=None)
@given(token_soup)
@example("a: 1\na: 2\n")
@example("{a, a: 1}")
@example("a: 1\n---\na: 2\n")
@example("a: {<<: {b: 1}}\n")
@example("? a\n? b\n")
@example('a: "\\0"\n')
def test_on_heaps_of_yaml_tokens(text: str) -> None:
    agree(text)


finite = st.text("abNO10:é, '#") | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()


@settings(deadline=None)
@given(st.dictionaries(st.text("abNO10:é ", min_size=1), finite | st.lists(finite)))
def test_a_json_document_means_the_same_in_yaml(data: dict[str, Any]) -> None:
    assert fast.load(json.dumps(data, ensure_ascii=False)) == data
