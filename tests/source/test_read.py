"""What a good inventory file is read as, and where its parts are found again."""

from typing import Any

import pytest

from oncall.errors import Finding, InventoryError, Mark
from oncall.source import Document, fast, read

TEXT = """\
organization: Acme
people:
  ana: {name: Ana, email: ana@acme.example}
  bo:
    name: Bo
teams:
  edge:
    members: [ana, {bo: manager}]
    escalation:
      - notify: ana
      - {notify: bo, after: 5m}
    empty:
"""


def document(text: str) -> Document:
    return read([("a.yaml", text.encode())])


def place(path: tuple[str | int, ...], key: bool = False) -> str:
    return str(document(TEXT).mark(path, key=key))


def test_data_is_plain() -> None:
    assert document(TEXT).data == {
        "organization": "Acme",
        "people": {"ana": {"name": "Ana", "email": "ana@acme.example"}, "bo": {"name": "Bo"}},
        "teams": {
            "edge": {
                "members": ["ana", {"bo": "manager"}],
                "escalation": [{"notify": "ana"}, {"notify": "bo", "after": "5m"}],
                "empty": None,
            }
        },
    }


def test_keys_are_text_too_where_yaml_1_1_would_convert_them() -> None:
    assert document("NO: 1\non: 2\n10:30: 3\n").data == {"NO": 1, "on": 2, "10:30": 3}


@pytest.mark.parametrize("prefix", ["", "\ufeff", "---\n", "# comment\n\n", "%YAML 1.2\n---\n"])
def test_a_usual_beginning_changes_nothing(prefix: str) -> None:
    assert document(prefix + "a: 1\n").data == {"a": 1}


def test_line_ends_may_be_windows_or_old_mac() -> None:
    assert document("a: 1\r\nb: 2\rc: 3\n").data == {"a": 1, "b": 2, "c": 3}


def test_block_scalars_and_quotes_are_text() -> None:
    text = "a: |\n  x\n  y\nb: >-\n  x\n  y\nc: '1'\nd: \"\\u00e9\\t\"\n"
    assert document(text).data == {"a": "x\ny\n", "b": "x y", "c": "1", "d": "é\t"}


def test_an_alias_stands_for_its_anchor() -> None:
    assert document("a: &x {b: [1]}\nc: *x\n").data == {"a": {"b": [1]}, "c": {"b": [1]}}


def test_a_scalar_is_found_where_it_begins() -> None:
    assert place(("people", "bo", "name")) == "a.yaml:5:11"


def test_its_key_is_found_on_request() -> None:
    assert place(("people", "bo", "name"), key=True) == "a.yaml:5:5"


def test_a_block_is_found_at_its_key() -> None:
    assert place(("teams", "edge")) == "a.yaml:7:3"


def test_a_flow_mapping_is_found_at_its_brace() -> None:
    assert place(("people", "ana")) == "a.yaml:3:8"


def test_list_items_are_found_by_index() -> None:
    assert place(("teams", "edge", "members", 1, "bo")) == "a.yaml:8:25"


def test_what_is_missing_is_found_at_the_key_of_what_should_hold_it() -> None:
    assert place(("people", "ana", "phone")) == "a.yaml:3:3"


def test_a_missing_list_item_is_found_at_the_list() -> None:
    assert place(("teams", "edge", "escalation", 7, "notify")) == "a.yaml:9:5"


def test_a_part_of_a_single_value_is_found_where_the_value_begins() -> None:
    assert place(("teams", "edge", "escalation", 0, "notify", 0)) == "a.yaml:10:17"


def test_an_empty_value_is_found_at_its_key() -> None:
    assert place(("teams", "edge", "empty")) == "a.yaml:12:5"


def test_a_missing_noun_is_found_at_the_start() -> None:
    assert place(("servers", "x")) == "a.yaml:1:1"


def test_a_value_behind_an_alias_is_found_where_it_is_written() -> None:
    aliased = document("a: &x {b: [1]}\nc: *x\n")
    assert [str(aliased.mark(path)) for path in [("c",), ("c", "b", 0)]] == ["a.yaml:2:4", "a.yaml:1:12"]


def test_columns_count_characters_without_the_byte_order_mark() -> None:
    assert document("\ufeff{é: ü, b: 1}").mark(("b",)) == Mark("a.yaml", 1, 11)


def test_a_finding_becomes_a_line_with_its_hint() -> None:
    finding = Finding("unknown-person", "no person `boo`", ("teams", "edge", "members", 0), hint="bo?")
    problem = document(TEXT).problem(finding)
    assert str(problem) == "a.yaml:8:15: unknown-person: no person `boo` (bo?)"


def test_files_are_joined_by_their_nouns() -> None:
    files = [
        ("a.yaml", b"organization: Acme\npeople: {ana: {}}\nleave: [1]\n"),
        ("b.yaml", b"organization: Acme\npeople: {bo: {}}\nleave: [2]\nteams: {}\n"),
    ]
    assert read(files).data == {
        "organization": "Acme",
        "people": {"ana": {}, "bo": {}},
        "leave": [1, 2],
        "teams": {},
    }


def test_a_place_names_the_file_the_value_came_from() -> None:
    files = [("a.yaml", b"people: {ana: {}}\nleave: [1]\n"), ("b.yaml", b"people: {bo: {}}\nleave: [2]\n")]
    merged = read(files)
    places = [str(merged.mark(path)) for path in [("people", "bo"), ("leave", 1), ("people",), ("people", "x")]]
    assert places == ["b.yaml:1:14", "b.yaml:2:9", "a.yaml:1:9", "a.yaml:1:1"]


def test_a_key_of_two_files_is_refused_with_both_places() -> None:
    files = [("a.yaml", b"people:\n  ana: {}\n"), ("b.yaml", b"people:\n  bo: {}\n  ana: {}\n")]
    with pytest.raises(InventoryError) as caught:
        read(files)
    assert str(caught.value) == "b.yaml:3:3: duplicate-key: `ana` is given twice; first at a.yaml:2:3"


def test_a_scalar_given_differently_in_two_files_is_refused() -> None:
    with pytest.raises(InventoryError) as caught:
        read([("a.yaml", b"organization: Acme\n"), ("b.yaml", b"organization: Apex\n")])
    assert str(caught.value) == "b.yaml:1:1: duplicate-key: `organization` is given twice; first at a.yaml:1:1"


def test_faults_of_all_files_are_shown_together() -> None:
    with pytest.raises(InventoryError) as caught:
        read([("b.yaml", b"a: 1\na: 2\n"), ("a.yaml", b"- 1\n"), ("c.yaml", b"")])
    assert [problem.rule for problem in caught.value.problems] == ["not-a-mapping", "duplicate-key", "empty-file"]


def test_no_file_at_all_is_a_fault() -> None:
    with pytest.raises(InventoryError, match="no-file"):
        read([])


def test_a_text_that_is_known_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    load = fast.load
    monkeypatch.setattr(fast, "load", lambda text: (asked.append(text), load(text))[1])
    people, teams = b"people:\n  ana: {name: Ana}\n", b"teams:\n  edge: {name: Edge}\n"
    known: dict[str, dict[str, Any]] = {}

    before = read([("a.yaml", people), ("b.yaml", teams)], known)
    after = read([("a.yaml", people), ("c.yaml", teams.replace(b"Edge", b"Data")), ("d.yaml", b"x: 1\n")], known)

    assert [text[:6] for text in asked] == ["people", "teams:", "teams:", "x: 1\n"]
    assert before.data == {"people": {"ana": {"name": "Ana"}}, "teams": {"edge": {"name": "Edge"}}}
    assert after.data == {"people": {"ana": {"name": "Ana"}}, "teams": {"edge": {"name": "Data"}}, "x": 1}
    assert after.mark(("teams", "edge")) == Mark("c.yaml", 2, 9)


def test_faults_are_told_of_each_file_though_the_texts_are_the_same() -> None:
    known: dict[str, dict[str, Any]] = {}
    for name in ("a.yaml", "b.yaml"):
        with pytest.raises(InventoryError) as caught:
            read([(name, b"a: [\n")], known)
        assert [problem.mark.file for problem in caught.value.problems] == [name]
