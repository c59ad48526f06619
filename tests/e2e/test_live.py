"""What an `up` made is what `oncall preview --live` wants; hand edits are found and named; the engine agrees."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from oncall.cli.main import main
from tests.e2e.conftest import ROOT, SECRETS, Stack, stack_of

pytestmark = pytest.mark.e2e

READS_PAGERDUTY, READS_OPSGENIE = "read-only-token-pd-41", "77777777-aaaa-bbbb-cccc-read-only-41"
Ask = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with stack_of(Path(__file__).parent / "live.yaml", tmp_path_factory.mktemp("live")) as found:
        tokens = {
            "pagerduty": {"tokens": [{"token": READS_PAGERDUTY, "read_only": True}]},
            "opsgenie": {"keys": [{"key": READS_OPSGENIE, "write": False, "delete": False}]},
        }
        httpx.post(f"{found.sandbox.page}/sandbox/seed", json=tokens, trust_env=False).raise_for_status()
        found.engine.up()
        yield found


@pytest.fixture
def ask(stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    monkeypatch.setenv("PAGERDUTY_TOKEN", READS_PAGERDUTY)
    monkeypatch.setenv("OPSGENIE_API_KEY", READS_OPSGENIE)
    monkeypatch.setenv("PAGERDUTY_API_URL", stack.sandbox.pagerduty)
    monkeypatch.setenv("OPSGENIE_API_URL", stack.sandbox.opsgenie)

    def run(*options: str, head: Path = stack.inventory) -> tuple[int, Any]:
        base = ("--base", str(stack.inventory), "--inventory", str(head))
        code = main(["preview", *base, "--live", "--json", *options])
        return code, json.loads(capsys.readouterr().out)

    return run


def pagerduty(stack: Stack, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": "Token token=sandbox-token-pdpdpd"}
    answer = httpx.request(method, stack.sandbox.pagerduty + path, json=body, headers=headers, trust_env=False)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def opsgenie(stack: Stack, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": "GenieKey 11111111-2222-3333-4444-555555555555"}
    answer = httpx.request(method, stack.sandbox.opsgenie + path, json=body, headers=headers, trust_env=False)
    assert answer.is_success, answer.text
    return answer.json().get("data")


def by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in rows}


def differences(found: Any) -> dict[str, str]:
    return {each["object"]: each["difference"] for each in found["live"]["drift"]}


def test_after_an_up_nothing_differs_and_a_read_only_token_sees_it(ask: Ask) -> None:
    code, found = ask()

    assert differences(found) == {}
    assert (code, found["verdict"], found["live"]["asked"]) == (0, "nothing changes", ["pagerduty", "opsgenie"])
    assert found["live"]["preflight"] == []
    keys = {"opsgenie:ApiIntegration": 2}  # those that the keys themselves are of
    assert found["live"]["foreign"] == {"pagerduty": {}, "opsgenie": keys}


def test_a_stack_says_where_the_accounts_are_and_the_engine_can_be_asked_beside_them(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("PAGERDUTY_TOKEN", "OPSGENIE_API_KEY", "PAGERDUTY_API_URL", "OPSGENIE_API_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in stack.engine.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(ROOT)
    inventory = ("--base", str(stack.inventory), "--inventory", str(stack.inventory))
    settings = ("--stack", stack.engine.stack, "--config-file", str(stack.engine.config_file))

    code = main(["preview", *inventory, "--live", "--engine", *settings, "--json"])
    printed = capsys.readouterr()
    found = json.loads(printed.out)

    assert (code, found["live"]["asked"], found["live"]["drift"]) == (0, ["pagerduty", "opsgenie"], [])
    assert found["engine"]["agrees"]
    assert not [secret for secret in SECRETS.values() if secret in printed.out + printed.err]


def test_hand_edits_at_pagerduty_are_found_and_named(stack: Stack, ask: Ask) -> None:
    lists = {
        name: by_name(pagerduty(stack, "GET", f"/{name}?limit=100")[name])
        for name in ("escalation_policies", "services", "schedules", "teams", "users")
    }
    policy = lists["escalation_policies"]["Platform internal"]
    policy["num_loops"] = 0
    policy["escalation_rules"][0]["escalation_delay_in_minutes"] = 25
    pagerduty(stack, "PUT", f"/escalation_policies/{policy['id']}", {"escalation_policy": policy})
    renamed = lists["services"]["Ledger"] | {"name": "Ledger (old)"}
    pagerduty(stack, "PUT", f"/services/{renamed['id']}", {"service": renamed})
    service = lists["services"]["Platform thirdparty"]
    service["support_hours"]["end_time"] = "20:00:00"
    pagerduty(stack, "PUT", f"/services/{service['id']}", {"service": service})
    pagerduty(stack, "DELETE", f"/services/{lists['services']['Platform author']['id']}")
    nights = lists["schedules"]["Platform primary nights"]["id"]
    schedule = pagerduty(stack, "GET", f"/schedules/{nights}")["schedule"]
    schedule["schedule_layers"][0]["users"].reverse()
    pagerduty(stack, "PUT", f"/schedules/{nights}", {"schedule": schedule})
    cy = lists["users"]["Cy Okafor"]["id"]
    pagerduty(stack, "PUT", f"/teams/{lists['teams']['Platform']['id']}/users/{cy}", {"role": "manager"})
    foreign = {"name": "Handmade", "escalation_policy": {"id": policy["id"], "type": "escalation_policy_reference"}}
    pagerduty(stack, "POST", "/services", {"service": foreign})

    code, found = ask()

    assert (code, found["verdict"]) == (2, "nothing changes; 7 objects differ at PagerDuty")
    assert differences(found) == {
        "escalation policy Platform internal": "repeats 2 → 0; steps no. 1: minutes until the next 5 → 25",
        "service Ledger (old)": "name Ledger → Ledger (old)",
        "service Platform thirdparty": "support hours: end time 18:00:00 → 20:00:00",
        "service Platform author": "not there",
        "key of platform/author": "not there",
        "schedule Platform primary nights": (
            "turns: nights from 2026-10-05: people Cy Okafor, Bo Lind → Bo Lind, Cy Okafor"
        ),
        "team membership platform, Cy Okafor": "role responder → manager",
    }
    assert found["live"]["foreign"]["pagerduty"] == {"pagerduty:Service": 1}
    by = {each["object"]: each["by"] for each in found["live"]["drift"]}
    assert by.pop("key of platform/author") == ""
    assert set(by.values()) == {"an API key ending in pdpd"}


def test_without_the_right_to_audit_records_the_rest_is_told(
    stack: Stack, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = ("users", "teams", "schedules", "escalation_policies", "services", "incidents", "abilities", "tags")
    paths = [f"GET /{name}" for name in lists]
    paths += ["GET /schedules/{id}", "GET /teams/{id}/members", "GET /schedules/{id}/overrides", "GET /tags/{id}/teams"]
    half = {"pagerduty": {"tokens": [{"token": "half-token-pd-51", "read_only": True, "paths": paths}]}}
    httpx.post(f"{stack.sandbox.page}/sandbox/seed", json=half, trust_env=False).raise_for_status()
    monkeypatch.setenv("PAGERDUTY_TOKEN", "half-token-pd-51")

    code, found = ask()

    assert code == 2
    assert {each["by"] for each in found["live"]["drift"]} == {""}
    assert [note for note in found["live"]["notes"] if note.startswith("Who did it can't be told: ")]
    assert not [note for note in found["live"]["notes"] if "half-token" in note]


def test_hand_edits_at_opsgenie_are_found_and_named(stack: Stack, ask: Ask) -> None:
    escalation = by_name(opsgenie(stack, "GET", "/v2/escalations"))["Edge internal"]
    rules = [
        {**rule, "delay": {"timeAmount": rule["delay"]["timeAmount"] * 2, "timeUnit": "minutes"}}
        for rule in escalation["rules"]
    ]
    opsgenie(stack, "PATCH", f"/v2/escalations/{escalation['id']}", {"rules": rules})
    schedule = by_name(opsgenie(stack, "GET", "/v2/schedules?expand=rotation"))["Edge_primary"]
    weekly = by_name(schedule["rotations"])["weekly from 2026-09-28"]
    rotations = f"/v2/schedules/{schedule['id']}/rotations"
    turned = {"participants": weekly["participants"][::-1]}
    opsgenie(stack, "PATCH", f"{rotations}/{weekly['id']}", turned)
    ana = {"type": "user", "username": "ana@acme.example"}
    extra = {"name": "extra", "startDate": "2026-11-23T09:00:00Z", "type": "weekly", "length": 1, "participants": [ana]}
    opsgenie(stack, "POST", rotations, extra)
    opsgenie(stack, "PATCH", "/v2/heartbeats/dns-mcp", {"interval": 15})
    integration = by_name(opsgenie(stack, "GET", "/v2/integrations"))["AliveMCP Edge"]
    opsgenie(stack, "POST", f"/v2/integrations/{integration['id']}/disable", {})
    team = opsgenie(stack, "GET", "/v2/teams")[0]["id"]
    under = f"/v2/teams/{team}/routing-rules"
    (default,) = [rule for rule in opsgenie(stack, "GET", under) if rule["isDefault"]]
    opsgenie(stack, "PATCH", f"{under}/{default['id']}?teamIdentifierType=id", {"notify": {"type": "none"}})
    (policy,) = opsgenie(stack, "GET", f"/v2/policies/alert?teamId={team}")
    opsgenie(stack, "POST", f"/v2/policies/{policy['id']}/disable?teamId={team}", {})

    _, found = ask()

    assert {name: text for name, text in differences(found).items() if _vendor(found, name) == "opsgenie"} == {
        "escalation Edge internal": "steps no. 3: delay 5 → 10; steps no. 4: delay 15 → 30",
        "rotation of edge/primary, weekly from 2026-09-28": "people Cy Okafor, Ana Petrova → Ana Petrova, Cy Okafor",
        "rotation of edge/primary, extra": "there, but not in the inventory",
        "heartbeat dns-mcp": "interval 5 → 15",
        "key of edge": "switched off",
        "routing rule default of edge": "notify edge/internal → none",
        "alert policy internal tags of edge": "switched off",
    }


def _vendor(found: Any, name: str) -> str:
    (one,) = [each["vendor"] for each in found["live"]["drift"] if each["object"] == name]
    return str(one)


def test_overrides_made_by_hand_are_drawn_in(stack: Stack, ask: Ask, tmp_path: Path) -> None:
    users = by_name(pagerduty(stack, "GET", "/users?limit=100")["users"])
    schedules = by_name(pagerduty(stack, "GET", "/schedules?limit=100")["schedules"])
    path = f"/schedules/{schedules['Platform primary weekly']['id']}/overrides"
    dee = {"id": users["Dee Ruiz"]["id"], "type": "user_reference"}
    tomorrow = _from_now(days=1)
    later = _from_now(days=2)
    pagerduty(stack, "POST", path, {"overrides": [{"start": tomorrow, "end": later, "user": dee}]})
    user = {"type": "user", "username": "dee@acme.example"}
    path = "/v2/schedules/Edge_primary/overrides?scheduleIdentifierType=name"
    opsgenie(stack, "POST", path, {"user": user, "startDate": tomorrow, "endDate": later})

    _, found = ask()

    times = {"from": tomorrow, "to": later, "who": "Dee Ruiz"}
    assert found["live"]["by_hand"] == [
        {"vendor": "pagerduty", "schedule": "platform/primary", **times},
        {"vendor": "opsgenie", "schedule": "edge/primary", **times},
    ]
    ask("--write", str(tmp_path / "out"))
    for name, vendor in (("platform.primary", "PagerDuty"), ("edge.primary", "OpsGenie")):
        assert f"Dee Ruiz, by hand at {vendor}, " in (tmp_path / "out" / "strips" / f"{name}.svg").read_text()


def test_an_override_of_ours_that_the_edit_takes_away_was_not_made_by_hand(
    stack: Stack, ask: Ask, tmp_path: Path
) -> None:
    head = tmp_path / "inventory.yaml"
    head.write_text(
        re.sub(r"(?m)^  - \{schedule: (platform|edge)/primary, person: dee.*\n", "", stack.inventory.read_text())
    )
    assert "person: dee" not in head.read_text()
    head.write_text(head.read_text().replace("\noverrides:\n", "\n"))

    _, found = ask("--days", "400", "--now", "2029-10-01T00:00Z", head=head)

    assert found["live"]["by_hand"] == []


def _from_now(days: int) -> str:
    from datetime import UTC, datetime, timedelta

    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_what_an_open_incident_pages_through_is_not_to_go(stack: Stack, ask: Ask, tmp_path: Path) -> None:
    services = by_name(pagerduty(stack, "GET", "/services?limit=100")["services"])
    service = {"id": services["Payments internal"]["id"], "type": "service_reference"}
    headers = {"Authorization": "Token token=sandbox-token-pdpdpd", "From": "ana@acme.example"}
    incident = {"incident": {"type": "incident", "title": "Checkout is down", "service": service}}
    url = f"{stack.sandbox.pagerduty}/incidents"
    opened = httpx.post(url, json=incident, headers=headers, trust_env=False).raise_for_status().json()["incident"]
    text = stack.inventory.read_text()
    head = tmp_path / "inventory.yaml"
    head.write_text("\n".join(line for line in text.splitlines() if "checkout-mcp" not in line))

    code, found = ask(head=head)

    messages = [each["message"] for each in found["live"]["preflight"] if each["rule"] == "open-incidents"]
    assert code == 1
    assert [message.partition(" goes while")[0] for message in messages] == ["escalation policy Payments internal"]
    assert opened["html_url"] in messages[0]


def test_an_up_puts_it_right_again(stack: Stack, ask: Ask) -> None:
    extra = by_name(opsgenie(stack, "GET", "/v2/schedules?expand=rotation"))["Edge_primary"]
    own = by_name(extra["rotations"])["extra"]["id"]
    opsgenie(stack, "DELETE", f"/v2/schedules/{extra['id']}/rotations/{own}")
    stack.engine.up("--refresh")

    _, found = ask()

    assert differences(found) == {}


def test_somebody_deactivated_while_on_call_is_told_with_where_they_stand(stack: Stack, ask: Ask) -> None:
    seed = {"pagerduty": {"switches": {"offboarding": True}}}
    httpx.post(f"{stack.sandbox.page}/sandbox/seed", json=seed, trust_env=False).raise_for_status()
    users = by_name(pagerduty(stack, "GET", "/users?limit=100")["users"])
    pagerduty(stack, "DELETE", f"/users/{users['Cy Okafor']['id']}")

    code, found = ask()

    (gone,) = (each for each in found["live"]["preflight"] if each["vendor"] == "pagerduty")
    assert (code, gone["rule"], gone["stops"]) == (1, "user-deactivated", True)
    assert "by an API key ending in pdpd, and it still stands in schedule Platform" in gone["message"]
    said = " ".join(differences(found).values())
    assert "people Cy Okafor, Bo Lind → Cy Okafor (deactivated), Bo Lind" in said
    assert users["Cy Okafor"]["id"] not in said
