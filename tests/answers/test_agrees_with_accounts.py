"""Random escalations, put into accounts of the sandbox as `desired` has them: whom they page, and when, is what we say.

Everybody there has the rules that a user starts with: told at 0 minutes, at both urgencies.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oncall.answers.page_path import PagePath, who_is_paged
from oncall.model import Inventory
from oncall.resource import Ref, Resource
from oncall.shifts.rota import Rota
from oncall.targets import OPSGENIE, PAGERDUTY
from sandbox.core import Clock, Core
from sandbox.server import Sandbox

MINUTE = timedelta(minutes=1)
BEFORE = datetime(2026, 12, 1, tzinfo=UTC)
PEOPLE = ("ana", "bo", "cy", "dee")
HOURS = ("09:00-17:00", "Mon-Fri 08:00-18:00", "20:00-06:00", None)
TIERS = (
    {"severity": "critical", "manager_after": "7m"},
    {"severity": "high"},
    {"severity": "medium"},
    {"severity": "medium", "hold_outside": "Mon-Fri 09:00-18:00"},
)
GENIE = {"Authorization": "GenieKey 11111111-2222-3333-4444-555555555555"}
TOKEN = {"Authorization": "Token token=sandbox-token-pdpdpd"}
Deploy = Callable[["Account", Inventory], Callable[[], None]]


@st.composite
def escalations(draw: st.DrawFn, vendor: str) -> tuple[Inventory, datetime]:
    """A team with schedules that have nobody at times, some steps and repeats, a tier; and an instant."""
    hours = [draw(st.sampled_from(HOURS)) for _ in range(2)]
    schedules = {
        name: {
            "rotations": {
                "turns": {
                    "people": draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True)),
                    "turn": draw(st.sampled_from(("1 day", "1 week"))),
                    "since": "2026-10-05",
                    **({"only": only} if only else {}),
                }
            }
        }
        for name, only in zip(("first", "second"), hours, strict=True)
    }
    minutes = draw(st.lists(st.integers(1, 25), max_size=3, unique=True).map(sorted))
    notify = st.lists(st.sampled_from(("first", "second", "ana", "bo")), min_size=1, max_size=2, unique=True)
    tier = draw(st.sampled_from(TIERS))
    team = {
        "name": "Platform",
        "pages_through": vendor,
        "members": [*PEOPLE[:3], {"dee": "manager"}],
        "schedules": schedules,
        "escalation": [{"notify": draw(notify), "after": f"{minute}m"} for minute in (0, *minutes)],
        "repeat": {"times": draw(st.integers(0, 3)), "after": f"{draw(st.integers(26, 60))}m"},
    }
    inventory = Inventory.model_validate(
        {
            "organization": "Acme",
            "people": {key: {"name": key, "email": f"{key}@acme.example"} for key in PEOPLE},
            "tiers": {"usual": tier},
            "teams": {"platform": team},
            "servers": {"weather": {"name": "W", "url": "https://w.example", "team": "platform", "tier": "usual"}},
            "bridge": {"fallback": "platform"},
        }
    )
    return inventory, BEFORE + draw(st.integers(1, 14 * 24 * 60)) * MINUTE


class Account:
    """A sandbox in this process whose clock stands still, and the ids of what was put into it."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(core=Core(clock=Clock(BEFORE, real=lambda: BEFORE)))
        self.ids: dict[Ref, str] = {}

    def send(self, vendor: str, method: str, path: str, body: object = None, headers: Any = None) -> dict[str, Any]:
        async def exchange() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.sandbox.app(vendor))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                usual = TOKEN if vendor == "pagerduty" else GENIE
                return await client.request(method, path, json=body, headers=headers or usual)

        answer = asyncio.run(exchange())
        assert answer.is_success, (path, body, answer.text)
        return dict(answer.json())

    def at(self, instant: datetime) -> None:
        self.sandbox.core.clock.set(instant)
        self.sandbox.advance()

    def plain(self, value: Any) -> Any:
        """Return properties with the ids that references stand for."""
        if isinstance(value, Ref):
            return self.ids[Ref(value.kind, value.key)]
        if isinstance(value, tuple | list):
            return [self.plain(each) for each in value]
        return {name: self.plain(each) for name, each in value.items()} if isinstance(value, dict) else value


def of(resources: Iterable[Resource], kind: str) -> list[Resource]:
    return [each for each in resources if each.kind == kind]


def at_pagerduty(account: Account, inventory: Inventory) -> Callable[[], None]:
    """Put what `desired` has into the account; returns what opens an incident."""

    def make(path: str, name: str, body: dict[str, Any]) -> dict[str, Any]:
        return dict(account.send("pagerduty", "POST", path, {name: body})[name])

    users = [{"name": key, "email": f"{key}@acme.example"} for key in PEOPLE]
    account.sandbox.seed({"pagerduty": {"users": users}})
    for row in account.send("pagerduty", "GET", "/users")["users"]:
        account.ids[Ref("pagerduty:User", row["email"].partition("@")[0])] = row["id"]
    wanted = PAGERDUTY.desired(inventory, BEFORE)
    for each in of(wanted, "pagerduty:Schedule"):
        layers = [account.plain(layer) for layer in each.properties["layers"]]
        for layer in layers:
            layer["users"] = [{"user": {"id": user, "type": "user"}} for user in layer["users"]]
        body = {"name": each.key, "time_zone": each.properties["time_zone"], "schedule_layers": layers}
        account.ids[Ref(each.kind, each.key)] = make("/schedules", "schedule", body)["id"]
    (policy,) = of(wanted, "pagerduty:EscalationPolicy")
    rules = account.plain(policy.properties["rules"])
    body = {"name": "usual", "num_loops": policy.properties["num_loops"], "escalation_rules": rules}
    account.ids[Ref(policy.kind, policy.key)] = make("/escalation_policies", "escalation_policy", body)["id"]
    (service,) = of(wanted, "pagerduty:Service")
    words = account.plain(dict(service.properties))
    words["escalation_policy"] = {"id": words["escalation_policy"], "type": "escalation_policy_reference"}
    if "support_hours" in words:
        words["support_hours"]["days_of_week"] = words["support_hours"].pop("days_of_weeks")
        words["scheduled_actions"] = [{**each, "at": each.pop("ats")[0]} for each in words["scheduled_actions"]]
    made = make("/services", "service", {**words, "auto_resolve_timeout": None, "acknowledgement_timeout": None})
    integration = {"type": "events_api_v2_inbound_integration", "name": "AliveMCP"}
    key = make(f"/services/{made['id']}/integrations", "integration", integration)["integration_key"]

    def trigger() -> None:
        payload = {"summary": "down", "source": "alivemcp", "severity": "critical"}
        event = {"routing_key": key, "event_action": "trigger", "dedup_key": "weather", "payload": payload}
        account.send("pagerduty", "POST", "/v2/enqueue", event)

    return trigger


def at_opsgenie(account: Account, inventory: Inventory) -> Callable[[], None]:
    """Put what `desired` has into the account; returns what opens an alert."""

    def make(path: str, body: dict[str, Any]) -> dict[str, Any]:
        return dict(account.send("opsgenie", "POST", path, body)["data"])

    users = [{"username": f"{key}@acme.example", "fullName": key} for key in PEOPLE]
    account.sandbox.seed({"opsgenie": {"users": users}})
    wanted = OPSGENIE.desired(inventory, BEFORE)
    team = make("/v2/teams", {"name": "Platform"})["id"]
    account.ids[Ref("opsgenie:Team", "platform")] = team
    for each in of(wanted, "opsgenie:Schedule"):
        rotations = [
            {
                "name": words["name"],
                "startDate": words["start_date"],
                "type": words["type"],
                "length": words["length"],
                "participants": account.plain(words["participants"]),
                **(
                    {"timeRestriction": account.plain(words["time_restriction"])} if "time_restriction" in words else {}
                ),
            }
            for words in (one.properties for one in of(wanted, "opsgenie:Rotation"))
            if words["schedule_id"] == Ref(each.kind, each.key)
        ]
        body = {"name": each.properties["name"], "timezone": each.properties["timezone"], "rotations": rotations}
        account.ids[Ref(each.kind, each.key)] = make("/v2/schedules", body)["id"]
    (escalation,) = of(wanted, "opsgenie:Escalation")
    words = account.plain(dict(escalation.properties))
    rules = [{**rule, "delay": {"timeAmount": rule["delay"], "timeUnit": "minutes"}} for rule in words["rules"]]
    body = {"name": words["name"], "ownerTeam": {"id": team}, "rules": rules}
    found = make("/v2/escalations", body | ({"repeat": words["repeat"]} if "repeat" in words else {}))["id"]
    (default,) = account.send("opsgenie", "GET", f"/v2/teams/{team}/routing-rules")["data"]
    notify = {"notify": {"type": "escalation", "id": found}}
    account.send("opsgenie", "PATCH", f"/v2/teams/{team}/routing-rules/{default['id']}", notify)
    for each in of(wanted, "opsgenie:NotificationPolicy"):
        words = account.plain(dict(each.properties))
        body = {
            "type": "notification",
            "name": words["name"],
            "enabled": True,
            "filter": words["filter"],
            "timeRestrictions": words["time_restriction"],
            "delayAction": words["delay_action"],
        }
        make(f"/v2/policies?teamId={team}", body)
    key = make("/v2/integrations", {"name": "AliveMCP", "type": "API", "ownerTeam": {"id": team}})["apiKey"]
    priority = {"critical": "P1", "high": "P2", "medium": "P3"}[inventory.tiers["usual"].severity]

    def trigger() -> None:
        body = {"message": "down", "alias": "weather", "priority": priority}
        account.send("opsgenie", "POST", "/v2/alerts", body, {"Authorization": f"GenieKey {key}"})

    return trigger


def said(path: PagePath) -> set[tuple[int, str]]:
    (incident,) = path.incidents
    return {((page.at - path.at) // MINUTE, each.told.person) for page in incident.paged.pages for each in page.people}


@pytest.mark.parametrize(
    "vendor, deploy, records", [("pagerduty", at_pagerduty, "incidents"), ("opsgenie", at_opsgenie, "alerts")]
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whoever_we_say_is_paged_is_paged_at_that_minute(
    data: st.DataObject, vendor: str, deploy: Deploy, records: str
) -> None:
    inventory, instant = data.draw(escalations(vendor))
    path = who_is_paged(Rota(inventory), "weather", instant)
    account = Account()
    trigger = deploy(account, inventory)

    account.at(instant)
    trigger()
    account.at(instant + timedelta(days=4))

    found = account.sandbox.state()[vendor][records]
    pages = [page for each in found for page in each["notifications"]]
    told = {((datetime.fromisoformat(page["at"]) - instant) // MINUTE, page["who"].partition("@")[0]) for page in pages}
    assert told == said(path)
    assert bool(found) is (not path.incidents[0].paged.problem)
