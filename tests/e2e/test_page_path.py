"""What `oncall simulate` tells is what the accounts do: the sample deployed, outages at odd moments, and time.

The sandbox escalates by rules of its own, written from the vendors' documents.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from json import loads
from typing import Any

import httpx
import pytest

from oncall.answers.page_path import Incident, who_is_paged
from oncall.cli.engine import Engine
from oncall.cli.instants import parse_instant
from oncall.cli.load import load_inventory
from oncall.cli.local_sandbox import Sandbox, running_sandbox
from oncall.shifts.rota import Rota
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e

NOW = "2026-11-21T12:00:00Z"
MINUTE = timedelta(minutes=1)
METHODS = {
    "phone": "call", "voice": "call", "sms": "sms", "email": "email", "push": "push", "mobile": "push"
}  # fmt: skip
PRIORITIES = {"critical": "P1", "high": "P2", "medium": "P3", "low": "P5"}
SEVERITIES = {"critical": "critical", "high": "error", "medium": "warning", "low": "info"}

# In UTC, each later than the last page of the one before.
OUTAGES = {
    "a line-up changes in the middle": ("2026-12-07T07:52", ("weather-mcp", "docs-mcp", "secrets-mcp")),
    "a weekday night": ("2026-12-09T02:07", ("maps-mcp", "feeds-mcp", "status-mcp", "gateway-mcp", "unlisted-mcp")),
    "in business hours": ("2026-12-10T15:20", ("maps-mcp", "feeds-mcp", "checkout-mcp", "query-mcp", "auth-mcp")),
    "a Saturday": ("2026-12-12T11:00", ("maps-mcp", "feeds-mcp", "images-mcp")),
    "an override ends in the middle": ("2026-12-26T07:48", ("weather-mcp", "gateway-mcp", "tax-mcp")),
    "somebody is away": ("2027-01-05T03:00", ("weather-mcp", "cache-mcp", "suggest-mcp", "ledger-mcp")),
    "nobody in the first schedule": ("2027-03-15T23:10", ("gateway-mcp", "images-mcp", "dns-mcp")),
    "a missing hour": ("2027-03-28T00:50", ("weather-mcp", "query-mcp", "rates-mcp", "feeds-mcp")),
}


def sample() -> str:
    """The sample with people whose ways of being told are ours, and a held tier at OpsGenie."""
    text = (ROOT / "inventory.yaml").read_text()
    changes = {
        "manage: none ": "manage: all ",  # with no rules but ours
        "critical: [push, call]": "critical: [call, email after 2m]",
        "high: [push, call after 5m]": "high: [call, email after 2m]",
        # Nobody at night: PagerDuty passes over the step.
        "people: [pia, olu]\n": 'people: [pia, olu]\n            only: "08:00-20:00"\n',
        "servers:  ": (
            "accept:\n"
            "  - {rule: medium-pages-like-high, why: told quietly at night only}\n"
            "  - {rule: pagerduty-push-without-device, why: nobody has push}\n\n"
            "servers:\n"
            "  feeds-mcp: {name: Feeds, url: https://mcp.feeds.example/mcp, team: search, tier: thirdparty}\n"
        ),
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


@dataclass(frozen=True)
class Deployed:
    """The sample at both accounts, its rota, and the keys its outages come in by."""

    sandbox: Sandbox
    rota: Rota
    keys: dict[str, str]

    def now(self) -> datetime:
        return datetime.fromisoformat(self.sandbox.state()["now"])

    def open(self, slug: str, incident: Incident, key: str) -> None:
        """Send what the bridge would."""
        leg = incident.leg
        if leg.vendor == "pagerduty":
            routing = self.keys[f"pagerduty/server/{slug}" if leg.own_service else f"pagerduty/{leg.team}/{leg.tier}"]
            payload = {"summary": slug, "source": "alivemcp", "severity": SEVERITIES[incident.severity]}
            event = {"routing_key": routing, "event_action": "trigger", "dedup_key": key, "payload": payload}
            answer = httpx.post(f"{self.sandbox.pagerduty}/v2/enqueue", json=event, trust_env=False)
        else:
            alert = {"message": slug, "alias": key, "priority": PRIORITIES[incident.severity]}
            headers = {"Authorization": f"GenieKey {self.keys[f'opsgenie/{leg.team}']}"}
            answer = httpx.post(f"{self.sandbox.opsgenie}/v2/alerts", json=alert, headers=headers, trust_env=False)
        answer.raise_for_status()

    def record(self, incident: Incident, key: str) -> dict[str, Any]:
        state = self.sandbox.state()
        vendor = incident.leg.vendor
        (found,) = (
            each for each in state[vendor]["incidents" if vendor == "pagerduty" else "alerts"] if each["key"] == key
        )
        return found


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    home = tmp_path_factory.mktemp("page-path")
    path = home / "inventory.yaml"
    path.write_text(sample())
    inventory = load_inventory(path, parse_instant(NOW))
    with running_sandbox("--now", NOW) as sandbox:
        switches = {
            "pagerduty": {"created_users_have_rules": False},
            "opsgenie": {"account_time_zone": inventory.time_zone},
        }
        seed = {vendor: {"switches": some} for vendor, some in switches.items()}
        httpx.post(f"{sandbox.page}/sandbox/seed", json=seed, trust_env=False).raise_for_status()
        settings = (ROOT / "stacks" / "Pulumi.sandbox.yaml").read_text()
        settings = settings.replace("http://127.0.0.1:8911", sandbox.pagerduty)
        settings = settings.replace("http://127.0.0.1:8912", sandbox.opsgenie)
        settings += (
            f"  oncall-as-code:inventory: {path}\n"
            f"  oncall-as-code:bridgeDirectory: {home / 'bridge'}\n"
            f'  oncall-as-code:now: "{NOW}"\n'
        )
        engine = Engine(ROOT, home, settings)
        engine.start()
        engine.up()
        yield Deployed(sandbox, Rota(inventory), loads(engine.outputs(show_secrets=True))["keys"])


def expected(rota: Rota, incident: Incident) -> set[tuple[int, str, str]]:
    """Who is told in which way how many minutes after the incident opened."""
    return {
        ((page.at + way.after - incident.at) // MINUTE, rota.inventory.people[each.told.person].name, way.method)
        for page in incident.paged.pages
        for each in page.people
        for way in each.ways
    }


def told(rota: Rota, record: dict[str, Any]) -> set[tuple[int, str, str]]:
    opened = datetime.fromisoformat(record["opened_at"])
    names = {person.email: person.name for person in rota.inventory.people.values()}
    return {
        (
            round((datetime.fromisoformat(page["at"]) - opened) / MINUTE),
            names.get(page["who"], page["who"]),
            METHODS[page["how"].removesuffix("_notification")],
        )
        for page in record["notifications"]
    }


@pytest.mark.parametrize("name", OUTAGES)
def test_the_accounts_page_whom_we_say_when_we_say(deployed: Deployed, name: str) -> None:
    text, slugs = OUTAGES[name]
    start = datetime.fromisoformat(text).replace(tzinfo=UTC)
    deployed.sandbox.advance((start - deployed.now()).total_seconds())
    paths = [who_is_paged(deployed.rota, slug, start) for slug in slugs]
    incidents = [(f"{path.server}-{start:%m%d}", path.incident) for path in paths if path.incident is not None]
    for path, (key, incident) in zip(paths, incidents, strict=True):
        deployed.open(path.server, incident, key)

    last = max(page.at for _, incident in incidents for page in incident.paged.pages)
    deployed.sandbox.advance((last + 15 * MINUTE - deployed.now()).total_seconds())

    for key, incident in incidents:
        assert incident.paged.pages, key
        assert told(deployed.rota, deployed.record(incident, key)) == expected(deployed.rota, incident), key
