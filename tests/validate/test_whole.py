"""Inventories as a whole: the sample is right, large ones are quick, broken ones are told of and never crash."""

import copy
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from oncall.errors import Finding
from oncall.model import Inventory
from oncall.source import read
from oncall.validate import validate

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parents[2] / "inventory.yaml"


def large(teams: int) -> Inventory:
    """Teams of 8 people, each with a week-long rotation and a follow-the-sun of three, and 20 servers a team."""
    people: dict[str, Any] = {}
    found: dict[str, Any] = {}
    servers: dict[str, Any] = {}
    for t in range(teams):
        keys = [f"p{t}-{n}" for n in range(8)]
        people |= {key: {"name": key, "email": f"{key}@acme.example", "phone": "+49 30 5550101"} for key in keys}
        since = (date(2026, 10, 5) + timedelta(weeks=t % 7)).isoformat()
        week = {"turn": "1 week", "hand_off": "Mon 09:00", "since": since}
        sun = {
            zone.split("/")[1].lower(): {
                **week,
                "people": keys[n : n + 3],
                "only": "09:00-17:00",
                "time_zone": zone,
                "before": {"people": keys[n : n + 2], "since": "2026-01-05"},
            }
            for n, zone in enumerate(("Europe/Berlin", "America/Chicago", "Asia/Tokyo"))
        }
        found[f"t{t}"] = {
            "name": f"Team {t}",
            "pages_through": "pagerduty" if t % 2 else "opsgenie",
            "members": [*keys[:-1], {keys[-1]: "manager"}],
            "schedules": {"primary": {"rotations": {"weekly": {**week, "people": keys}}}, "sun": {"rotations": sun}},
            "escalation": [{"notify": "sun"}, {"notify": "primary", "after": "5m"}],
        }
        for n in range(20):
            tier = ("internal", "author", "thirdparty")[n % 3]
            url = f"https://s{n}.t{t}.example/mcp"
            servers[f"s{t}-{n}"] = {"name": f"Server {t} {n}", "url": url, "team": f"t{t}", "tier": tier}
    tiers = {
        "internal": {"severity": "critical", "manager_after": "10m"},
        "author": {"severity": "high"},
        "thirdparty": {"severity": "medium", "raise_after": "30m", "raise_to": "critical"},
    }
    return Inventory.model_validate(
        {
            "organization": "Acme",
            "time_zone": "Europe/Berlin",
            "people": people,
            "tiers": tiers,
            "teams": found,
            "servers": servers,
            "bridge": {"fallback": "t0"},
        }
    )


def test_the_sample_is_right() -> None:
    inventory = Inventory.model_validate(read([("inventory.yaml", SAMPLE.read_bytes())]).data)

    assert validate(inventory, NOW) == []


def test_five_hundred_teams_with_ten_thousand_servers_are_judged() -> None:
    findings = validate(large(500), NOW)

    assert {finding.severity for finding in findings} <= {"notice", "reason"}


def test_every_name_of_a_file_full_of_unknown_ones_is_told() -> None:
    inventory = large(100)
    servers = {slug: server.model_copy(update={"team": f"x{slug}"}) for slug, server in inventory.servers.items()}
    findings = validate(inventory.model_copy(update={"servers": servers}), NOW)

    assert sum(finding.rule == "unknown-team" for finding in findings) == 2000


WORDS = ["", "x", "nobody", "ana", "primary", "platform/primary", "x/y", "2026-03-29 02:30", "9999-12-31", "0001-01-01"]
WORDS += ["1 month", "999 weeks", "7 hours", "Mon 09:00", "02:30", "09:00-17:00", "5m", "0s", "critical", "jsm", "low"]


def mutated(data: Any, luck: random.Random) -> Any:
    """The data with a few values taken away, doubled or replaced by a word that fits somewhere else."""
    spoiled = copy.deepcopy(data)
    for _ in range(luck.randint(1, 4)):
        at = spoiled
        while True:
            key = luck.choice(list(at) if isinstance(at, dict) else range(len(at)))
            inner = at[key]
            if isinstance(inner, dict | list) and inner and luck.random() < 0.85:
                at = inner
                continue
            if luck.random() < 0.3:
                del at[key]
            else:
                at[key] = luck.choice([*WORDS, [], {}, [luck.choice(WORDS)]])
            break
    return spoiled


def everything(data: Any) -> Any:
    """The sample with every word about time that it can do without."""
    teams = data["teams"]
    teams["platform"]["limits"] = {"rest": "11h", "nights_in_a_row": 3, "hours_a_week": 60}
    teams["platform"]["on_holidays"] = {"cover": "secondary/weekly"}
    teams["platform"]["coverage"] = {"required": {"internal": "always", "author": "Mon-Fri 08:00-20:00"}}
    teams["search"] |= {"on_holidays": "list", "limits": {"nights_in_a_row": 5}}
    teams["platform"]["schedules"]["primary"]["rotations"]["weekly"] |= {
        "takes_over": "2026-12-09 12:00",
        "rollout": "now",
    }
    data["leave"] += [
        {"person": "ana", "from": "2026-12-08", "to": "2026-12-20"},
        {
            "person": "cy",
            "from": "2026-12-22 10:00",
            "to": "2027-01-05",
            "cover": "ana",
            "schedule": "platform/primary",
        },
    ]
    data["swaps"] = [{"schedule": "platform/primary", "people": ["bo", "cy"], "turns": ["2026-12-14", "2026-12-21"]}]
    data["overrides"].append(
        {
            "schedule": "platform/secondary",
            "person": "bo",
            "from": "2026-12-08",
            "to": "2026-12-09 12:00",
            "instead_of": "cy",
        }
    )
    return data


def test_no_inventory_that_can_be_read_makes_a_rule_fail() -> None:
    data = everything(read([("inventory.yaml", SAMPLE.read_bytes())]).data)
    luck = random.Random(20261121)
    readable = 0
    for _ in range(2500):
        try:
            inventory = Inventory.model_validate(mutated(data, luck))
        except ValidationError:
            continue
        readable += 1
        assert all(isinstance(finding, Finding) for finding in validate(inventory, NOW))

    assert readable > 200


@pytest.mark.parametrize(
    "edits",
    [
        {"tiers": {}},
        {"teams": {}, "servers": {}},
        {"people": {}},
        {"servers": {}},
        {"teams/platform/escalation": []},
        {"teams/platform/schedules/primary/rotations/weekly/people": []},
    ],
)
def test_empty_nouns_are_told_of(findings_with: Callable[..., list[Finding]], edits: dict[str, Any]) -> None:
    assert all(finding.message for finding in findings_with(edits))
