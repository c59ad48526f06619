"""A key of before: every resource made under it is known again, and no other."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from oncall.model import Inventory
from oncall.resource import Resource
from oncall.source import read
from oncall.targets import TARGETS

INVENTORIES = sorted((Path(__file__).parent / "inventories").glob("*.yaml"))


def data_of(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(read([(path.name, path.read_bytes())]).data, default=str))
    return data


def rekeyed(data: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The same organisation, one team under another key."""

    def name(text: str) -> str:
        return new + text.removeprefix(old) if text == old or text.startswith(f"{old}/") else text

    found: dict[str, Any] = json.loads(json.dumps(data))
    found["teams"] = {name(key): team for key, team in found["teams"].items()}
    found["teams"][new]["formerly"] = [old]
    for team in found["teams"].values():
        for step in team["escalation"]:
            told = step["notify"]
            step["notify"] = [each if each in found["people"] else name(each) for each in _listed(told)]
        if "parent" in team:
            team["parent"] = name(team["parent"])
    for noun in (*found["servers"].values(), *found.get("groups", {}).values()):
        noun["team"] = name(noun["team"])
    for override in found.get("overrides", ()):
        override["schedule"] = name(override["schedule"])
    if "watch" in found["bridge"]:
        found["bridge"]["watch"]["team"] = name(found["bridge"]["watch"]["team"])
    found["bridge"]["fallback"] = name(found["bridge"]["fallback"])
    return found


def _listed(told: str | list[str]) -> list[str]:
    return [told] if isinstance(told, str) else told


def desired(data: dict[str, Any], now: datetime) -> list[Resource]:
    inventory = Inventory.model_validate(read([("i.yaml", json.dumps(data).encode())]).data)
    return [each for target in TARGETS for each in target.desired(inventory, now)]


@pytest.mark.parametrize("path", INVENTORIES, ids=lambda path: path.stem)
def test_every_resource_of_a_renamed_team_is_known_again(path: Path, now: datetime) -> None:
    data = data_of(path)
    for team in data["teams"]:
        before = {(each.kind, each.key) for each in desired(data, now)}
        # A key that sorts like the old one: a maintenance window over several services is called after their first.
        after = desired(rekeyed(data, team, f"{team}-x"), now)

        known = {(each.kind, each.formerly[0] if each.formerly else each.key) for each in after}
        assert known == before, team
        assert all(len(each.formerly) <= 1 for each in after)


def test_a_schedule_and_its_team_may_both_have_had_other_keys(
    acme: Callable[..., Inventory], team: Callable[..., dict[str, Any]], now: datetime
) -> None:
    schedule = {**team()["schedules"]["primary"], "formerly": ["first"]}
    inventory = acme(teams={"platform": team(formerly=["core"], schedules={"primary": schedule})})

    found = {each.kind: each for each in TARGETS[0].desired(inventory, now)}

    assert found["pagerduty:Schedule"].formerly == ("platform/first", "core/primary", "core/first")
    assert found["pagerduty:Team"].formerly == ("core",)
    assert found["pagerduty:User"].formerly == ()


def test_a_team_renamed_twice_is_known_by_both_keys(
    acme: Callable[..., Inventory], team: Callable[..., dict[str, Any]], now: datetime
) -> None:
    inventory = acme(teams={"platform": team(formerly=["core", "base"])})

    found = {each.kind: each for each in TARGETS[0].desired(inventory, now)}

    assert found["pagerduty:ServiceIntegration"].formerly == (
        "pagerduty/core/internal",
        "pagerduty/base/internal",
    )
