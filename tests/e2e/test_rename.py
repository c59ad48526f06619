"""A team and a schedule get other keys: `formerly` tells the engine, and both vendors keep every object."""

import json
from typing import Any

import httpx
import pytest

from benchmarks.kill_up import GENIE
from tests.e2e.conftest import Stack

pytestmark = pytest.mark.e2e

# Longer and shorter than before, one the beginning of the other: names that only begin alike are no kin.
RENAMES = {"platform": "plat", "search": "search-and-find"}
FORMER_SCHEDULE = "      main:\n        formerly: [primary]\n"


@pytest.fixture(scope="module")
def made(stack: Stack) -> Stack:
    stack.engine.up()
    return stack


def objects(stack: Stack) -> dict[str, str]:
    """The ids of all objects at the vendors, by type and by name without team and schedule."""
    resources: list[dict[str, Any]] = json.loads(stack.engine.export())["deployment"]["resources"]
    found = {}
    for each in resources:
        kind, name = each["urn"].split("::")[2:]
        kind = kind.rpartition("$")[2]
        if each["custom"] and not kind.startswith("pulumi:"):
            parts = name.split("/")
            known = {new: old for old, new in RENAMES.items()} | {"main": "primary"}
            found[f"{kind} {'/'.join(known.get(part, part) for part in parts)}"] = each["id"]
    return found


def bridge_keys(stack: Stack) -> dict[str, str]:
    secrets = json.loads((stack.home / "bridge" / "secrets.json").read_text())
    return {
        name: key
        for slot, text in secrets.items()
        if slot.startswith("KEYS_")
        for name, key in json.loads(text).items()
    }


def rename(stack: Stack) -> None:
    for old, new in RENAMES.items():
        stack.edit(f"\n  {old}:\n", f"\n  {new}:\n    formerly: [{old}]\n")
        stack.edit(f"team: {old}", f"team: {new}")
    stack.edit("fallback: platform", "fallback: plat")
    stack.edit("      primary:\n", FORMER_SCHEDULE)
    stack.edit("notify: primary", "notify: main")


def test_one_up_renames_and_every_object_stays(made: Stack) -> None:
    before, keys = objects(made), bridge_keys(made)
    calls = len(made.sandbox.journal())
    rename(made)

    summary = made.engine.up()

    after = made.sandbox.journal()[calls:]
    assert [f"{call['method']} {call['path']}" for call in after if call["method"] in ("POST", "DELETE")] == []
    assert set(summary.counts) == {"updated", "unchanged"}
    assert objects(made) == before
    for old, new in RENAMES.items():
        for name, key in keys.items():
            assert bridge_keys(made)[name.replace(f"/{old}", f"/{new}")] == key
            assert bridge_keys(made)[name] == key  # of incidents that were open meanwhile
    assert made.engine.preview().changes == 0


def test_what_says_whose_it_is_follows(made: Stack) -> None:
    answer = httpx.get(f"{made.sandbox.opsgenie}/v2/teams", headers=GENIE, trust_env=False)

    assert [each["description"] for each in answer.json()["data"]] == ["Managed from the inventory (search-and-find)"]


def test_a_word_that_has_done_its_work_can_go(made: Stack) -> None:
    for old in RENAMES.values():
        assert old in made.inventory.read_text()
    for old in RENAMES:
        made.edit(f"    formerly: [{old}]\n", "")
    made.edit("        formerly: [primary]\n", "")

    made.engine.up()

    assert made.engine.preview().changes == 0
