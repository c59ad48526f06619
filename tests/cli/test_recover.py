"""`oncall recover`, with a `pulumi` that only keeps a state and an account at the sandbox."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from oncall.cli.local_sandbox import Sandbox, running_sandbox
from oncall.cli.main import main

TOKEN = "sandbox-token-pdpdpd"
HEADERS = {"Authorization": f"Token token={TOKEN}"}
MARK = "Managed from the inventory"
ROOT = "urn:pulumi:prod::oncall-as-code::"
INVENTORY = """\
organization: Acme
time_zone: Europe/Berlin
people: {ana: {name: Ana, email: ana@acme.example}, bo: {name: Bo, email: bo@acme.example}}
teams:
  web:
    name: Web
    pages_through: pagerduty
    members: [ana, bo]
    schedules:
      primary: {rotations: {weekly: {people: [ana, bo], turn: 1 week, hand_off: Mon 09:00, since: 2026-10-05}}}
    escalation: [{notify: primary}]
tiers: {author: {severity: high}}
pages: {high: [push], medium: [email], critical: [push]}
servers: {shop: {name: Shop, url: "https://shop.acme.example/mcp", team: web, tier: author}}
bridge: {fallback: web}
"""


@dataclass(frozen=True)
class Place:
    """A project folder with a stack that was killed before it had recorded anything but its team."""

    home: Path
    sandbox: Sandbox

    def state(self) -> dict[str, Any]:
        return json.loads((self.home / "state.json").read_text())

    def recorded(self) -> set[str]:
        return {each["id"] for each in self.state()["deployment"]["resources"] if "id" in each}

    def calls(self) -> list[str]:
        return (self.home / "calls").read_text().splitlines()

    def make(self, path: str, wrapper: str, body: dict[str, Any]) -> str:
        answer = httpx.post(
            self.sandbox.pagerduty + path, headers=HEADERS, json={wrapper: body}, trust_env=False
        ).raise_for_status()
        return str(answer.json()[wrapper]["id"])

    def team(self, description: str = MARK) -> str:
        return self.make("/teams", "team", {"type": "team", "name": "Web", "description": description})

    def lock(self, process: int) -> Path:
        folder = self.home / ".pulumi" / "locks" / "organization" / "oncall-as-code" / "prod"
        folder.mkdir(parents=True)
        content = {"pid": process, "username": "ana", "hostname": socket.gethostname()}
        (folder / "one.json").write_text(json.dumps(content))
        return folder / "one.json"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def place(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Place:
    httpx.post(f"{sandbox.page}/sandbox/reset", trust_env=False).raise_for_status()
    people = [{"name": name, "email": f"{name.lower()}@acme.example"} for name in ("Ana", "Bo")]
    sandbox.seed({"pagerduty": people})
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "pulumi").write_text(
        f'#!/bin/sh\nexec {sys.executable} {Path(__file__).with_name("fake_pulumi.py")} "$@"\n'
    )
    (tools / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_PULUMI", str(tmp_path))
    monkeypatch.setattr("oncall.cli.recover.SETTLE_S", 0.0)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inventory.yaml").write_text(INVENTORY)
    settings = {"now": "2026-11-21T12:00Z", "pagerdutyToken": TOKEN, "pagerdutyApiUrl": sandbox.pagerduty}
    config = {f"oncall-as-code:{name}": {"value": value} for name, value in settings.items()}
    (tmp_path / "config.json").write_text(json.dumps(config))
    resources = [
        {"urn": f"{ROOT}pulumi:providers:pagerduty::pagerduty", "id": "p"},
        {"urn": f"{ROOT}oncall:components:PagerDutyTeam::web"},
    ]
    team = f"{ROOT}oncall:components:PagerDutyTeam$pagerduty:index/team:Team::web"
    pending = [{"type": "creating", "resource": {"urn": team}}]
    state = {"version": 3, "deployment": {"resources": resources, "pending_operations": pending}}
    (tmp_path / "state.json").write_text(json.dumps(state))
    return Place(tmp_path, sandbox)


def run(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, dict[str, Any]]:
    code = main(["recover", "--stack", "prod", "--json", *options])
    printed = capsys.readouterr()
    assert TOKEN not in printed.out + printed.err
    return code, json.loads(printed.out) if printed.out else {"said": printed.err}


def test_what_was_made_is_imported_below_its_team(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    team = place.team()

    code, said = run(capsys)

    assert code == 2
    assert [(each["id"], each["verdict"]) for each in said["found"]] == [(team, "import")]
    assert place.state()["deployment"]["resources"][-1]["parent"].endswith("PagerDutyTeam::web")
    assert place.state()["deployment"]["pending_operations"] == []


def test_a_second_run_finds_all_in_order(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.team()
    run(capsys)
    before = place.state()

    code, said = run(capsys)

    assert (code, said["found"]) == (0, [])
    assert place.state() == before


def test_a_dry_run_says_the_same_and_does_nothing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    team = place.team()
    before = place.state()

    code, said = run(capsys, "--dry-run")

    assert (code, said["dry_run"], [each["id"] for each in said["found"]]) == (2, True, [team])
    assert place.state() == before
    assert not {"stack import", "import --stack", "cancel --yes"} & set(place.calls())


def test_a_foreign_object_of_the_name_is_left_alone(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    team = place.team("made by hand")

    code, said = run(capsys)

    assert code == 1
    assert [(each["id"], each["verdict"]) for each in said["found"]] == [(team, "foreign")]
    assert team not in place.recorded()


def test_an_integration_without_a_known_key_is_deleted(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    ana = httpx.get(f"{place.sandbox.pagerduty}/users", headers=HEADERS, trust_env=False).json()["users"][0]["id"]
    rule = {"escalation_delay_in_minutes": 30, "targets": [{"type": "user_reference", "id": ana}]}
    named = {"name": "Web author", "description": MARK}
    policy = place.make("/escalation_policies", "escalation_policy", {**named, "escalation_rules": [rule]})
    reference = {"type": "escalation_policy_reference", "id": policy}
    service = place.make("/services", "service", {**named, "escalation_policy": reference})
    kind = "events_api_v2_inbound_integration"
    place.make(f"/services/{service}/integrations", "integration", {"type": kind, "name": "AliveMCP"})

    code, said = run(capsys)

    assert code == 2
    assert [(each["kind"], each["verdict"]) for each in said["found"]] == [
        ("pagerduty:EscalationPolicy", "import"),
        ("pagerduty:Service", "import"),
        ("pagerduty:ServiceIntegration", "delete"),
    ]
    left = httpx.get(f"{place.sandbox.pagerduty}/services/{service}", headers=HEADERS, trust_env=False).json()
    assert left["service"]["integrations"] == []


def test_what_groups_is_found_too(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    text = INVENTORY.replace("    members:", "    tags: [core]\n    members:") + (
        "groups: {site: {name: The site, servers: [shop], team: web}}\n"
    )
    own = text.replace("tier: author}", "tier: author, own_service: true}")
    (place.home / "inventory.yaml").write_text(own)
    ana = httpx.get(f"{place.sandbox.pagerduty}/users", headers=HEADERS, trust_env=False).json()["users"][0]["id"]
    rule = {"escalation_delay_in_minutes": 30, "targets": [{"type": "user_reference", "id": ana}]}
    policy = place.make(
        "/escalation_policies", "escalation_policy", {"name": "Theirs", "escalation_rules": [rule], "description": ""}
    )
    reference = {"type": "escalation_policy_reference", "id": policy}
    service = place.make("/services", "service", {"name": "Shop", "description": MARK, "escalation_policy": reference})
    site = place.make("/business_services", "business_service", {"name": "The site", "description": MARK})
    tag = place.make("/tags", "tag", {"type": "tag", "label": "core"})

    code, said = run(capsys, "--dry-run")

    assert {each["id"]: each["verdict"] for each in said["found"]} == {
        service: "import",
        site: "import",
        tag: "foreign",
    }
    assert code == 1


def test_a_schedule_of_shifts_that_was_cut_off_is_made_anew(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    text = INVENTORY.replace("    members:", "    pagerduty: {schedules: shifts}\n    members:")
    (place.home / "inventory.yaml").write_text(text.replace("time_zone: Europe/Berlin", "time_zone: UTC"))
    named = {"name": "Web primary", "time_zone": "UTC", "teams": [], "rotations": []}
    half = place.make("/v3/schedules", "schedule", {**named, "description": MARK})

    code, said = run(capsys)

    assert code == 2
    assert [(each["id"], each["verdict"]) for each in said["found"]] == [(half, "delete")]
    left = httpx.get(f"{place.sandbox.pagerduty}/v3/schedules", headers=HEADERS, trust_env=False).json()
    assert left["schedules"] == []


def test_the_lock_of_a_dead_engine_is_taken_away(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    lock = place.lock(ended.pid)

    code, said = run(capsys)

    assert (code, said["lock_taken_away"], lock.exists()) == (2, True, False)


def test_a_run_that_may_be_alive_is_not_disturbed(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.team()
    lock = place.lock(os.getpid())
    before = place.state()

    code, said = run(capsys)

    assert code == 1
    assert f"another run holds the stack (process {os.getpid()} on" in said["said"]
    assert (place.state(), lock.exists()) == (before, True)


def test_a_side_file_that_was_cut_off_is_removed(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    side = place.home / ".pulumi" / "stacks" / "prod.json.attrs"
    side.parent.mkdir(parents=True)
    side.write_text("")

    code, said = run(capsys)

    assert (code, said["files_mended"], side.exists()) == (2, 1, False)


def test_a_state_that_does_not_know_the_team_is_the_wrong_one(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.team()
    (place.home / "state.json").write_text(json.dumps({"version": 3, "deployment": {}}))

    code, said = run(capsys)

    assert (code, said["said"]) == (
        1,
        "oncall recover: the state does not know where these belong: Web; is this the right stack?\n",
    )


def test_a_missing_pulumi_is_one_line(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(place.home / "bin")
    monkeypatch.setenv("PATH", str(place.home / "bin"))

    code, said = run(capsys)

    assert code == 1
    assert said["said"].startswith("oncall recover: `pulumi` is not on PATH")


def test_people_get_a_table(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.team()

    assert main(["recover", "--stack", "prod"]) == 2
    printed = capsys.readouterr().out

    assert "imported" in printed
    assert printed.rstrip().endswith("next: pulumi up")
