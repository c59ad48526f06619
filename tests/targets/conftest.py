"""A small organisation to vary, and ways to look at what a target makes of it."""

import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oncall.errors import Finding
from oncall.model import Inventory
from oncall.resource import Resource
from oncall.targets import OPSGENIE, PAGERDUTY, Target

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PEOPLE = ("ana", "bo", "cy", "dee")


def _rotation(**words: Any) -> dict[str, Any]:
    return {"people": ["ana", "bo"], "turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05", **words}


def _team(**words: Any) -> dict[str, Any]:
    return {
        "name": "Platform",
        "pages_through": "pagerduty",
        "members": ["ana", "bo", "cy", {"dee": "manager"}],
        "schedules": {"primary": {"rotations": {"weekly": _rotation()}}},
        "escalation": [{"notify": "primary"}],
        **words,
    }


def _acme(**nouns: Any) -> Inventory:
    data: dict[str, Any] = {
        "organization": "Acme",
        "time_zone": "Europe/Berlin",
        "people": {key: {"name": key.title(), "email": f"{key}@acme.example"} for key in PEOPLE},
        "tiers": {"internal": {"severity": "critical"}},
        "teams": {"platform": _team()},
        "servers": {"weather": {"name": "Weather", "url": "https://w.example", "team": "platform", "tier": "internal"}},
        "bridge": {"fallback": "platform"},
        **nouns,
    }
    return Inventory.model_validate(data)


@pytest.fixture(scope="session")
def stored() -> Any:
    """The module that reads schedules as the sandbox would store them; test folders are no packages."""
    spec = importlib.util.spec_from_file_location("targets_stored", Path(__file__).with_name("stored.py"))
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def now() -> datetime:
    """The instant at which everything is asked."""
    return NOW


@pytest.fixture(scope="session")
def acme() -> Callable[..., Inventory]:
    """One team, four people, one tier, one server; whole nouns can be given instead."""
    return _acme


@pytest.fixture(scope="session")
def team() -> Callable[..., dict[str, Any]]:
    """The team of `acme`, with words of its own."""
    return _team


@pytest.fixture(scope="session")
def rotation() -> Callable[..., dict[str, Any]]:
    """Ana and Bo, weekly from Monday 2026-10-05 09:00, with other words."""
    return _rotation


class Account:
    """What a target makes of an inventory, by kind and key."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self.resources = tuple(resources)

    def keys(self, kind: str) -> list[str]:
        return [resource.key for resource in self.resources if resource.kind == kind]

    def get(self, kind: str, key: str) -> Resource:
        (found,) = [resource for resource in self.resources if (resource.kind, resource.key) == (kind, key)]
        return found

    def properties(self, kind: str, key: str) -> Mapping[str, Any]:
        return self.get(kind, key).properties


def _asker(target: Target) -> Callable[..., Account]:
    return lambda inventory, at=NOW: Account(target.desired(inventory, at))


def _auditor(target: Target) -> Callable[..., dict[tuple[str, str], list[str]]]:
    def audit(inventory: Inventory, at: datetime = NOW) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for finding in target.audit(inventory, at):
            found.setdefault((finding.rule, finding.severity), []).append(_place(finding))
        return found

    return audit


def _place(finding: Finding) -> str:
    return ".".join(str(part) for part in finding.path)


@pytest.fixture(scope="session")
def pagerduty() -> Callable[..., Account]:
    """Ask PagerDuty's `desired`."""
    return _asker(PAGERDUTY)


@pytest.fixture(scope="session")
def opsgenie() -> Callable[..., Account]:
    """Ask OpsGenie's `desired`."""
    return _asker(OPSGENIE)


@pytest.fixture(scope="session")
def pagerduty_audit() -> Callable[..., dict[tuple[str, str], list[str]]]:
    """PagerDuty's findings: (rule, severity) -> places, `teams.platform.escalation`."""
    return _auditor(PAGERDUTY)


@pytest.fixture(scope="session")
def opsgenie_audit() -> Callable[..., dict[tuple[str, str], list[str]]]:
    """OpsGenie's findings: (rule, severity) -> places."""
    return _auditor(OPSGENIE)
