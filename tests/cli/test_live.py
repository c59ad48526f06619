"""`oncall shifts --live`: overrides made by hand in the accounts are drawn in; ours are known; nothing is changed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from oncall.cli.local_sandbox import Sandbox, running_sandbox
from oncall.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-12-20T02:00:00Z"
READS_PAGERDUTY, READS_OPSGENIE = "read-only-token-pd-77", "88888888-aaaa-bbbb-cccc-read-only-88"
PEOPLE = ("ana", "bo", "cy", "fay", "gus", "hana")
LAYER = {
    "start": NOW,
    "rotation_virtual_start": NOW,
    "rotation_turn_length_seconds": 604800,
}

Ask = Callable[..., tuple[int, str, str]]


class Accounts:
    """Both accounts, with the schedules of two teams and some overrides."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.users: dict[str, str] = {}
        seed: dict[str, Any] = {
            "pagerduty": {
                "users": [{"name": key.title(), "email": f"{key}@acme.example"} for key in (*PEOPLE, "zed")],
                "tokens": [{"token": READS_PAGERDUTY, "read_only": True}],
            },
            "opsgenie": {
                "users": [{"username": f"{key}@acme.example", "fullName": key} for key in (*PEOPLE, "zed")],
                "keys": [{"key": READS_OPSGENIE, "write": False, "delete": False}],
            },
        }
        httpx.post(f"{sandbox.page}/sandbox/seed", json=seed, trust_env=False).raise_for_status()
        rows = self.pagerduty("GET", "/users?limit=100")["users"]
        self.users = {row["email"].partition("@")[0]: row["id"] for row in rows}

    def pagerduty(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": "Token token=sandbox-token-pdpdpd"}
        return self._send(method, self.sandbox.pagerduty + path, body, headers)

    def opsgenie(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": "GenieKey 11111111-2222-3333-4444-555555555555"}
        return self._send(method, self.sandbox.opsgenie + path, body, headers)

    def _send(self, method: str, url: str, body: object, headers: dict[str, str]) -> Any:
        answer = httpx.request(method, url, json=body, headers=headers, trust_env=False)
        assert answer.is_success, answer.text
        return answer.json()

    def user(self, key: str) -> dict[str, str]:
        return {"id": self.users[key], "type": "user_reference"}

    def schedule_at_pagerduty(self, name: str) -> str:
        layer = {"name": "weekly", "users": [{"user": self.user("ana")}], **LAYER}
        schedule = {"name": name, "time_zone": "Europe/Berlin", "schedule_layers": [layer]}
        return str(self.pagerduty("POST", "/schedules", {"schedule": schedule})["schedule"]["id"])

    def override_at_pagerduty(self, schedule: str, person: str, start: str, end: str) -> None:
        override = {"start": start, "end": end, "user": self.user(person)}
        self.pagerduty("POST", f"/schedules/{schedule}/overrides", {"overrides": [override]})

    def override_of_shifts(self, name: str, person: str, start: str, end: str) -> None:
        """Make a shift-based schedule, and put a person in ana's place in it."""
        schedule = {"name": name, "time_zone": "UTC", "description": "", "teams": [], "rotations": []}
        path = f"/v3/schedules/{self.pagerduty('POST', '/v3/schedules', {'schedule': schedule})['schedule']['id']}"
        override = {
            "type": "override_shift",
            "rotation_id": self.pagerduty("POST", f"{path}/rotations", {})["rotation"]["id"],
            "start_time": start,
            "end_time": end,
            "overridden_member": {"type": "user_member", "user_id": self.users["ana"]},
            "overriding_member": {"type": "user_member", "user_id": self.users[person]},
        }
        self.pagerduty("POST", f"{path}/overrides", {"overrides": [override]})

    def override_at_opsgenie(self, schedule: str, person: str, start: str, end: str, **more: Any) -> None:
        body = {"user": {"type": "user", "username": f"{person}@acme.example"}, "startDate": start, "endDate": end}
        self.opsgenie("POST", f"/v2/schedules/{schedule}/overrides?scheduleIdentifierType=name", body | more)


@pytest.fixture(scope="module")
def accounts() -> Iterator[Accounts]:
    with running_sandbox("--now", NOW) as sandbox:
        made = Accounts(sandbox)
        primary = made.schedule_at_pagerduty("Platform primary")
        made.schedule_at_pagerduty("Somebody else's")
        made.override_at_pagerduty(primary, "ana", "2026-12-24T08:00:00Z", "2026-12-26T08:00:00Z")  # the inventory's
        made.override_at_pagerduty(primary, "zed", "2026-12-22T08:00:00Z", "2026-12-22T20:00:00Z")
        made.override_at_pagerduty(primary, "bo", "2026-12-30T08:00:00Z", "2026-12-31T08:00:00Z")
        made.override_of_shifts("Data primary", "zed", "2026-12-23T00:00:00Z", "2026-12-24T00:00:00Z")
        made.opsgenie("POST", "/v2/schedules", {"name": "Edge_backup", "timezone": "UTC"})
        alias = "edge backup weekly 2026-12-21T0900 gus"
        start, end = "2026-12-21T09:00:00Z", "2026-12-28T05:00:00Z"
        made.override_at_opsgenie("Edge_backup", "gus", start, end, alias=alias)  # for Jo, the inventory's
        made.override_at_opsgenie("Edge_backup", "zed", "2026-12-23T00:00:00Z", "2026-12-23T12:00:00Z")
        yield made


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, accounts: Accounts) -> Ask:
    monkeypatch.chdir(ROOT)
    for name in ("PAGERDUTY_TOKEN", "OPSGENIE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PAGERDUTY_API_URL", accounts.sandbox.pagerduty)
    monkeypatch.setenv("OPSGENIE_API_URL", accounts.sandbox.opsgenie)

    def run(*arguments: str, **tokens: str) -> tuple[int, str, str]:
        for name, token in tokens.items():
            monkeypatch.setenv(name, token)
        code = main(["shifts", *arguments, "--live", "--now", NOW])
        return (code, *capsys.readouterr())

    return run


def rows(out: str) -> list[tuple[str, str, str]]:
    return [(row["start"][5:16], row["end"][5:16], f"{row['why']} {row['name']}") for row in json.loads(out)["shifts"]]


def test_overrides_made_by_hand_at_pagerduty_are_drawn_in(ask: Ask) -> None:
    _, out, err = ask("platform/primary", "--days", "14", "--json", PAGERDUTY_TOKEN=READS_PAGERDUTY)

    assert err == ""
    assert rows(out) == [
        ("12-14T09:00", "12-21T09:00", "turn Bo Lind"),
        ("12-21T09:00", "12-22T09:00", "turn Cy Okafor"),
        ("12-22T09:00", "12-22T21:00", "by hand Zed"),
        ("12-22T21:00", "12-24T09:00", "turn Cy Okafor"),
        ("12-24T09:00", "12-26T09:00", "override Ana Petrova"),
        ("12-26T09:00", "12-28T09:00", "turn Cy Okafor"),
        ("12-28T09:00", "12-30T09:00", "turn Ana Petrova"),
        ("12-30T09:00", "12-31T09:00", "by hand Bo Lind"),
        ("12-31T09:00", "01-04T09:00", "turn Ana Petrova"),
    ]
    found = {row["name"]: (row["person"], row["vendor"], row["whole_schedule"]) for row in json.loads(out)["shifts"]
             if row["why"] == "by hand"}  # fmt: skip
    assert found == {"Zed": (None, "pagerduty", True), "Bo Lind": ("bo", "pagerduty", True)}


def test_overrides_made_by_hand_at_opsgenie_are_drawn_in(ask: Ask) -> None:
    code, out, err = ask("edge/backup", "--days", "7", OPSGENIE_API_KEY=READS_OPSGENIE)

    assert (code, err) == (0, "")
    assert [line.split("  ")[0] for line in out.splitlines()[2:]] == [
        "Hana Tan (hana)", "Gus Weber (gus)", "zed@acme.example", "Gus Weber (gus)"
    ]  # fmt: skip
    assert "made by hand at OpsGenie" in out


def test_overrides_of_shift_based_schedules_stand_beside_the_shifts(ask: Ask, tmp_path: Path) -> None:
    text = (ROOT / "inventory.yaml").read_text(encoding="utf-8")
    text = text.replace("    name: Data\n", "    name: Data\n    pagerduty: {schedules: shifts}\n")
    text += "accept:\n  - {rule: pagerduty-shifts-clock-changes, why: a test of two weeks}\n"
    path = tmp_path / "inventory.yaml"
    path.write_text(text, encoding="utf-8")

    code, out, err = ask("data", "--days", "4", "--inventory", str(path), PAGERDUTY_TOKEN=READS_PAGERDUTY)
    assert (code, err) == (0, "")
    assert [line.split("  ")[0] for line in out.splitlines()[2:]] == [
        "Pia Rossi (pia)",
        "zed@acme.example",
        "Olu Adeyemi (olu)",
    ]
    assert "made by hand at PagerDuty, in part" in out


def test_reading_is_all_that_is_done_with_one_call_a_schedule(ask: Ask, accounts: Accounts) -> None:
    before = len(accounts.sandbox.journal())
    code, out, err = ask(PAGERDUTY_TOKEN=READS_PAGERDUTY, OPSGENIE_API_KEY=READS_OPSGENIE)
    calls = [(call["method"], call["path"]) for call in accounts.sandbox.journal()[before:]]

    assert code == 0
    assert {method for method, _ in calls} == {"GET"}
    assert len(calls) == len(set(calls)) == 2 + 1 + 2
    assert READS_PAGERDUTY not in out + err
    assert READS_OPSGENIE not in out + err
    assert "oncall: PagerDuty has no schedule 'Platform secondary'" in err
    assert "OpsGenie has no schedule 'Search_desk'" in err


def test_a_vendor_without_a_token_is_named(ask: Ask) -> None:
    found = json.loads(ask("edge", "--json", "--days", "2", OPSGENIE_API_KEY=READS_OPSGENIE)[1])
    assert any("OpsGenie has no schedule 'Edge_sun_emea'" in note for note in found["notes"])
    found = json.loads(ask("payments", "--json", "--days", "2", OPSGENIE_API_KEY=READS_OPSGENIE)[1])
    assert "PagerDuty is not asked: PAGERDUTY_TOKEN is not set" in found["notes"]


def test_without_any_token_it_says_where_one_is_looked_for(ask: Ask) -> None:
    code, out, err = ask("platform")
    assert (code, out) == (1, "")
    assert err == ("oncall: --live needs PAGERDUTY_TOKEN in the environment, a token that may only read, or --stack\n")


def test_a_token_that_is_refused_is_one_line_without_it(ask: Ask) -> None:
    code, out, err = ask("platform", PAGERDUTY_TOKEN="stolen-token-123")
    assert (code, out) == (1, "")
    assert err.startswith("oncall: PagerDuty answered 401")
    assert (len(err.splitlines()), "stolen" in err) == (1, False)


def test_an_address_that_is_none_is_one_line(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGERDUTY_API_URL", "pagerduty.example")
    code, _, err = ask("platform", PAGERDUTY_TOKEN=READS_PAGERDUTY)
    assert (code, len(err.splitlines())) == (1, 1)
    assert err.startswith("oncall: PagerDuty has no usable address")
