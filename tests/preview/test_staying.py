"""Words that are taken out of an inventory, and settings that stay at a vendor all the same."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from oncall.cli.load import check_inventory
from oncall.preview.compute import preview
from oncall.preview.model import Preview, Side

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PERSON = {"name": "Ana Petrova", "email": "ana@acme.example", "manage": "all", "pages": {"critical": ["email"]}}
TEAM = {"name": "Web", "pages_through": "pagerduty", "members": ["ana"], "escalation": [{"notify": "ana"}]}
SERVER = {"name": "Shop", "url": "https://shop.acme.example/mcp", "team": "web", "tier": "internal"}
BARE: dict[str, Any] = {
    "organization": "Acme",
    "people": {"ana": PERSON},
    "tiers": {"internal": {"severity": "critical"}},
    "teams": {"web": TEAM, "data": {**TEAM, "name": "Data", "pages_through": "opsgenie"}},
    "servers": {"shop-mcp": SERVER, "query-mcp": {**SERVER, "name": "Query", "team": "data"}},
    "groups": {
        "shop": {"name": "The shop", "servers": ["shop-mcp"], "team": "web"},
        "reports": {"name": "Reports", "servers": ["query-mcp"], "team": "data"},
    },
    "bridge": {"fallback": "web"},
}


@pytest.fixture
def edit(tmp_path):
    """What taking out words means: `given` are those of the base, by their path."""

    def make(given: dict[tuple[str, ...], Any], instead: dict[tuple[str, ...], Any] | None = None) -> Preview:
        sides = []
        for words in (given, instead or {}):
            data = copy.deepcopy(BARE)
            for path, value in words.items():
                noun = data
                for key in path[:-1]:
                    noun = noun.setdefault(key, {})
                noun[path[-1]] = value
            file = tmp_path / "inventory.yaml"
            file.write_text(yaml.safe_dump(data))
            checked = check_inventory(file, NOW)
            assert not [each for each in checked.problems if each.severity != "notice"]
            sides.append(Side(checked.inventory, checked.problems))
        return preview(*sides, NOW)

    return make


STAYING = {
    ("people", "ana", "pagerduty", "job_title"): (
        "SRE",
        "the `job_title` of Ana Petrova (change it at PagerDuty by hand)",
    ),
    ("people", "ana", "opsgenie", "locale"): ("en_GB", "the `locale` of ana (write the one that is wanted)"),
    ("teams", "web", "pagerduty", "default_role"): (
        "responder",
        "the `default_role` of Web (write `default_role: manager` instead of taking it out)",
    ),
    ("teams", "web", "pagerduty", "auto_pause"): (
        "5m",
        "`auto_pause` of Web internal (write `auto_pause: off` instead of taking it out)",
    ),
    ("teams", "web", "pagerduty", "alert_grouping"): (
        {"type": "intelligent"},
        "`alert_grouping` of Web internal (change it at PagerDuty by hand)",
    ),
    ("teams", "web", "pagerduty", "round_robin"): (
        True,
        "`round_robin` of Web internal (write `round_robin: false` instead of taking it out)",
    ),
    ("groups", "shop", "pagerduty", "point_of_contact"): (
        "desk",
        "the `point_of_contact` of The shop (change it at PagerDuty by hand)",
    ),
    ("groups", "reports", "opsgenie", "visible_to"): (
        "everybody",
        "`visible_to` of Reports (write `visible_to: team` instead of taking it out)",
    ),
}


@pytest.mark.parametrize("path", STAYING, ids=lambda path: path[-1])
def test_what_stays_is_told_and_no_change_of_an_object(edit, path) -> None:
    value, said = STAYING[path]

    found = edit({path: value})

    told = [each for each in found.new_problems if each.rule == "setting-stays"]
    vendor = "OpsGenie" if "opsgenie" in path else "PagerDuty"
    assert [(each.message, each.severity, each.path[:2]) for each in told] == [
        (f"{vendor} keeps {said}", "notice", path[:2])
    ]
    assert not found.objects


INSTEAD = {
    ("teams", "web", "pagerduty", "default_role"): ("responder", "manager"),
    ("teams", "web", "pagerduty", "auto_pause"): ("5m", "off"),
    ("teams", "web", "pagerduty", "round_robin"): (True, False),
    ("groups", "reports", "opsgenie", "visible_to"): ("everybody", "team"),
}


@pytest.mark.parametrize("path", INSTEAD, ids=lambda path: path[-1])
def test_what_is_written_instead_changes_the_object(edit, path) -> None:
    before, after = INSTEAD[path]

    found = edit({path: before}, {path: after})

    assert not [each for each in found.new_problems if each.rule == "setting-stays"]
    (changes,) = found.objects.values()
    assert [each.action for each in changes] == ["update"]


def test_a_word_of_many_that_stays_leaves_the_others(edit) -> None:
    words = {
        ("teams", "web", "pagerduty", "auto_pause"): "5m",
        ("teams", "web", "pagerduty", "acknowledgement_timeout"): "1h",
    }

    found = edit(words)

    (changes,) = found.objects.values()
    assert [field.name for each in changes for field in each.fields] == ["acknowledgement_timeout"]
    assert [each.rule for each in found.new_problems] == ["setting-stays"]
