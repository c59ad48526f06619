"""The sample organisation, and small ones to vary."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oncall.model import Inventory
from oncall.model.load import load
from oncall.shifts.rota import Rota
from oncall.source import read

ROOT = Path(__file__).resolve().parents[2]
WEEK = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}


@pytest.fixture(scope="session")
def sample() -> Rota:
    """The rota of the sample inventory."""
    return Rota(load(read([("inventory.yaml", (ROOT / "inventory.yaml").read_bytes())])))


@pytest.fixture(scope="session")
def acme() -> Callable[..., Rota]:
    """One team in UTC, ana and bo taking turns weekly, a server `weather`; nouns and the words of the team vary."""

    def make(team: dict[str, Any] | None = None, **nouns: Any) -> Rota:
        platform = {
            "name": "Platform",
            "pages_through": "pagerduty",
            "members": ["ana", "bo", {"dee": "manager"}],
            "schedules": {"primary": {"rotations": {"weekly": {"people": ["ana", "bo"], **WEEK}}}},
            "escalation": [{"notify": "primary"}, {"notify": "bo", "after": "5m"}],
            **(team or {}),
        }
        data: dict[str, Any] = {
            "organization": "Acme",
            "people": {
                key: {"name": key.title(), "email": f"{key}@acme.example"} for key in ("ana", "bo", "cy", "dee")
            },
            "pages": {"critical": ["push", "call"], "high": ["push", "call after 5m"], "medium": ["email"]},
            "tiers": {"internal": {"severity": "critical"}},
            "teams": {"platform": platform},
            "servers": {"weather": {"name": "W", "url": "https://w.example", "team": "platform", "tier": "internal"}},
            "bridge": {"fallback": "platform"},
        }
        return Rota(Inventory.model_validate({**data, **nouns}))

    return make


@pytest.fixture(scope="session")
def at() -> Callable[[str], datetime]:
    """Read an instant in UTC."""
    return lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC)
