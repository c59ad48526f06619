"""Faults of shape are said in the reader's words, at their place, all at once."""

import pytest

from oncall.errors import InventoryError
from oncall.model.load import load
from oncall.source import read

GOOD = """\
organization: Acme
people:
  ana: {name: Ana Petrova, email: ana@acme.example}
tiers:
  internal: {severity: critical}
teams:
  edge:
    name: Edge
    pages_through: pagerduty
    members: [ana]
    escalation:
      - notify: ana
servers:
  maps-mcp: {name: Maps, url: https://maps.example/mcp, team: edge, tier: internal}
bridge: {fallback: edge}
"""


def faults(old: str, new: str) -> list[str]:
    assert old in GOOD
    with pytest.raises(InventoryError) as caught:
        load(read([("i", GOOD.replace(old, new).encode())]))
    return [str(problem).removeprefix("i:") for problem in caught.value.problems]


def test_a_good_inventory_is_a_value() -> None:
    inventory = load(read([("i", GOOD.encode())]))
    assert inventory.teams["edge"].escalation[0].notify == ("ana",)


def test_an_unknown_key_stands_at_the_key_with_the_nearest_known_one() -> None:
    assert faults("    members:", "    membrs: []\n    members:") == [
        "10:5: unknown-key: `membrs` is no key of `teams.edge` (did you mean `members`?)"
    ]


def test_an_unknown_key_unlike_any_other_lists_the_known_ones() -> None:
    (line,) = faults("bridge: {", "bridge: {colour: red, ")
    assert line == ("15:10: unknown-key: `colour` is no key of `bridge` (known are fallback, watch, signature, jira)")


def test_a_missing_key_stands_at_what_lacks_it() -> None:
    (line,) = faults("    members: [ana]\n", "")
    assert line.startswith("7:3: missing-key: `members` is missing")


def test_a_missing_noun_stands_at_the_start() -> None:
    (line,) = faults("bridge: {fallback: edge}\n", "")
    assert line.startswith("1:1: missing-key: `bridge` is missing")


def test_a_number_for_a_text_asks_for_quotes() -> None:
    assert faults("name: Edge", "name: 7") == [
        "8:11: bad-value: `name`: text is expected (it is `7`; put it in quotes)"
    ]


def test_a_word_of_a_few_is_answered_with_them_and_the_nearest() -> None:
    assert faults("severity: critical", "severity: critcal") == [
        "5:24: bad-value: `severity`: `critcal` is not `critical`, `high`, `medium` or `low` (did you mean `critical`?)"
    ]


def test_a_word_of_time_is_answered_with_how_to_write_it() -> None:
    assert faults("- notify: ana", "- {notify: ana, after: 5}") == [
        "12:30: bad-value: `after`: a duration is a number with s, m, h or d, like 5m (it is `5`)"
    ]


def test_a_key_that_is_not_allowed_stands_at_the_key() -> None:
    (line,) = faults("  edge:\n", "  Edge!:\n")
    assert line == (
        "7:3: bad-key: the key `Edge!` is not allowed "
        "(A short name used to refer to this thing: lower-case letters, digits, - and _)"
    )


def test_an_empty_entry_is_called_empty() -> None:
    (line,) = faults("  internal: {severity: critical}", "  internal:")
    assert line == "5:3: bad-value: `internal`: a mapping is expected (it is empty)"


def test_a_list_item_that_is_wrong_stands_at_the_item() -> None:
    (line,) = faults("members: [ana]", "members: [ana, {ana: boss}]")
    assert line == "10:20: bad-value: `role`: `boss` is not `manager`, `responder` or `observer`"


def test_every_fault_is_shown() -> None:
    found = faults("{name: Ana Petrova, email: ana@acme.example}", "{nam: Ana, email: 3}")
    assert [line.split(": ")[1] for line in found] == ["missing-key", "unknown-key", "bad-value"]


def test_a_long_value_is_shown_in_part() -> None:
    (line,) = faults("name: Edge", f"name: {'x' * 300}")
    assert line == f"8:11: bad-value: `name`: should have at most 255 characters (it is `{'x' * 60}...`)"


def test_a_file_that_is_wrong_everywhere_is_answered_in_part() -> None:
    start = GOOD.index("  maps-mcp")
    servers = "".join(f"  s{number}: {{}}\n" for number in range(40_000))
    with pytest.raises(InventoryError) as caught:
        load(read([("i", (GOOD[:start] + servers + GOOD[GOOD.index("bridge") :]).encode())]))
    problems = caught.value.problems
    assert (len(problems), str(problems[0])) == (
        4001,
        "i:1:1: too-many-problems: 160,000 faults; shown are those in the first 1000 entries of everything",
    )


@pytest.mark.parametrize(
    "name", ["localtime", "posixrules", "right/Europe/Berlin", "Europe", "../UTC", "europe/berlin"]
)
def test_a_file_of_the_zones_folder_that_is_no_zone_is_refused(name: str) -> None:
    assert faults("organization: Acme", f"organization: Acme\ntime_zone: {name}") == [
        f"2:12: bad-value: `time_zone`: {name!r} is no IANA time zone (like Europe/Berlin or UTC)"
    ]
