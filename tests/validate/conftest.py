"""A small inventory without a fault, and a way to spoil it in one place."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from oncall.errors import Finding
from oncall.model import Inventory
from oncall.validate import validate

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WEEKLY = {"people": ["ana", "bo"], "turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}
ACME: dict[str, Any] = {
    "organization": "Acme",
    "time_zone": "Europe/Berlin",
    "people": {
        key: {"name": key.title(), "email": f"{key}@acme.example", "phone": "+49 30 5550101"}
        for key in ("ana", "bo", "cy", "dee", "eli")
    },
    "pages": {"critical": ["push", "call"], "high": ["push"], "medium": ["email"]},
    "tiers": {
        "internal": {"severity": "critical", "manager_after": "10m"},
        "author": {"severity": "high"},
        "thirdparty": {
            "severity": "medium",
            "hold_outside": "Mon-Fri 09:00-18:00",
            "raise_after": "30m",
            "raise_to": "critical",
        },
    },
    "teams": {
        "platform": {
            "name": "Platform",
            "pages_through": "pagerduty",
            "members": ["ana", "bo", {"dee": "manager"}],
            "schedules": {"primary": {"rotations": {"weekly": WEEKLY}}},
            "escalation": [{"notify": "primary"}, {"notify": "dee", "after": "5m"}],
        },
        "edge": {
            "name": "Edge",
            "pages_through": ["opsgenie"],
            "members": ["cy", "eli"],
            "schedules": {"days": {"rotations": {"daily": {**WEEKLY, "people": ["cy", "eli"]}}}},
            "escalation": [{"notify": ["days"]}],
        },
    },
    "servers": {
        "weather-mcp": {
            "name": "Weather",
            "url": "https://weather.example/mcp",
            "team": "platform",
            "tier": "internal",
        },
        "maps-mcp": {"name": "Maps", "url": "https://maps.example/mcp", "team": "edge", "tier": "author"},
    },
    "bridge": {"fallback": "platform"},
}


class Missing:
    """Marks a value that an edit takes away."""


def spoiled(edits: dict[str, Any]) -> Inventory:
    """The inventory with values put at `a/b/0/c` paths; `Missing` removes one."""
    data = copy.deepcopy(ACME)
    for place, value in edits.items():
        *above, last = place.split("/")
        at: Any = data
        for key in above:
            at = at[int(key)] if isinstance(at, list) else at.setdefault(key, {})
        if value is Missing:
            del at[last]
        elif isinstance(at, list):
            at[int(last)] = value
        else:
            at[last] = value
    return Inventory.model_validate(data)


@pytest.fixture(scope="session")
def missing() -> type:
    return Missing


@pytest.fixture(scope="session")
def inventory_with() -> Callable[..., Inventory]:
    return spoiled


@pytest.fixture(scope="session")
def findings_with() -> Callable[[dict[str, Any]], list[Finding]]:
    """What is wrong with the inventory after edits, at noon of 21 November 2026."""

    def find(edits: dict[str, Any], now: datetime = NOW) -> list[Finding]:
        return validate(spoiled(edits), now)

    return find
