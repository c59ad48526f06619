"""The sample organisation, small ones to vary, and a way to look at time minute by minute."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

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


ABROAD = {
    "ana": {"name": "Ana Petrova", "time_zone": "Europe/Berlin", "holidays": "DE-BE"},
    "bo": {"name": "Bo Lind", "time_zone": "Europe/Stockholm", "holidays": "SE"},
    "cy": {"name": "Cy Okafor", "time_zone": "America/Santiago"},
    "jo": {"name": "Jo Miller", "time_zone": "America/New_York", "holidays": "US"},
    "lee": {"name": "Lee Chan", "time_zone": "Australia/Lord_Howe"},
}
HOLIDAYS = {
    "ana": {date(2026, 10, 3), date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)},
    "bo": {date(2026, 10, 31), date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)},
    "jo": {date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1)},
}
"""Their public holidays from October to the first days of January, looked up by hand."""


def _team_abroad(schedules: dict[str, Any], limits: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "Team",
        "pages_through": "pagerduty",
        "members": list(ABROAD),
        "schedules": {key: {"rotations": rotations} for key, rotations in schedules.items()},
        "escalation": [{"notify": list(schedules)}],
        "limits": limits,
    }


@pytest.fixture(scope="session")
def abroad() -> Callable[..., Inventory]:
    """Make an inventory of teams, each with its schedules, each with its rotations; and of other nouns."""

    def make(teams: dict[str, dict[str, Any]], **nouns: Any) -> Inventory:
        limits = nouns.pop("limits", {})
        people = {key: {"email": f"{key}@acme.example", **words} for key, words in ABROAD.items()}
        return Inventory.model_validate(
            {
                "organization": "Acme",
                "time_zone": "Europe/Berlin",
                "people": people | nouns.pop("people", {}),
                "tiers": {"internal": {"severity": "critical"}},
                "teams": {key: _team_abroad(schedules, limits.get(key, {})) for key, schedules in teams.items()},
                "servers": {},
                "bridge": {"fallback": next(iter(teams))},
                **nouns,
            }
        )

    return make


def _kinds(person: str, start: datetime, end: datetime) -> Iterator[str]:
    place, holidays, at = ZoneInfo(ABROAD[person]["time_zone"]), HOLIDAYS.get(person, set()), start
    while at < end:
        clock = at.astimezone(place)
        if clock.date() in holidays:
            yield "holiday"
        elif clock.weekday() in (5, 6):
            yield "weekend"
        elif clock.hour == 23 or clock.hour < 6:
            yield "night"
        else:
            yield "weekday"
        at += timedelta(minutes=1)


@pytest.fixture(scope="session")
def kinds() -> Callable[[str, datetime, datetime], Iterator[str]]:
    """The kind of every minute of a person, by looking at their clock."""
    return _kinds
