"""`oncall preview --live` on accounts that hold nothing yet, and without the tokens or rights it needs."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from oncall.cli.local_sandbox import Sandbox, running_sandbox
from oncall.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
TOKEN, KEY = "sandbox-token-pdpdpd", "11111111-2222-3333-4444-555555555555"
NOW = "2026-11-21T12:00:00Z"
Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox("--now", NOW) as found:
        yield found


@pytest.fixture
def ask(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    monkeypatch.chdir(ROOT)
    for name in ("PAGERDUTY_TOKEN", "OPSGENIE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PAGERDUTY_API_URL", sandbox.pagerduty)
    monkeypatch.setenv("OPSGENIE_API_URL", sandbox.opsgenie)

    def run(*options: str, **tokens: str) -> tuple[int, str, str]:
        for name, token in tokens.items():
            monkeypatch.setenv(name, token)
        code = main(["preview", "--base", "inventory.yaml", "--live", "--now", NOW, *options])
        return (code, *capsys.readouterr())

    return run


def found(out: str) -> Any:
    return json.loads(out)["live"]


def test_an_account_without_anything_of_it_is_said_once_and_so_are_the_people_it_does_not_know(ask: Ask) -> None:
    code, out, err = ask("--json", PAGERDUTY_TOKEN=TOKEN, OPSGENIE_API_KEY=KEY)

    rules = {(each["vendor"], each["rule"]) for each in found(out)["preflight"]}
    assert (code, err, found(out)["drift"]) == (1, "", [])
    assert rules == {
        (vendor, rule) for vendor in ("pagerduty", "opsgenie") for rule in ("nothing-there", "user-missing")
    }


def test_nothing_is_written_and_no_token_is_told(ask: Ask, sandbox: Sandbox) -> None:
    before = len(sandbox.journal())

    printed = "".join(str(part) for part in ask(PAGERDUTY_TOKEN=TOKEN, OPSGENIE_API_KEY=KEY))

    calls = sandbox.journal()[before:]
    assert calls
    assert {each["method"] for each in calls} == {"GET"}
    assert TOKEN not in printed
    assert KEY not in printed


def test_a_vendor_without_a_token_is_named_and_the_other_asked(ask: Ask) -> None:
    _, out, _ = ask("--json", PAGERDUTY_TOKEN=TOKEN)

    assert found(out)["asked"] == ["pagerduty"]
    assert found(out)["notes"] == ["OpsGenie was not asked: OPSGENIE_API_KEY is not set."]
    assert json.loads(out)["verdict"].endswith("; OpsGenie was not asked")


def test_without_any_token_it_says_where_one_is_looked_for(ask: Ask) -> None:
    code, out, err = ask()

    assert (code, out) == (1, "")
    assert "--live needs PAGERDUTY_TOKEN or OPSGENIE_API_KEY in the environment" in err
    assert err.count("\n") == 1


def test_a_token_that_is_refused_is_one_line_without_it(ask: Ask) -> None:
    code, out, err = ask(PAGERDUTY_TOKEN="planted-wrong-token-9")

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "PagerDuty answered 401" in err
    assert "planted-wrong-token-9" not in err


def test_users_who_were_deactivated_are_stakeholders_or_only_invited_are_told(ask: Ask, sandbox: Sandbox) -> None:
    people = [
        {"name": "Ana Petrova", "email": "ana@acme.example"},
        {"name": "Bo Lind", "email": "bo@acme.example", "role": "read_only_user"},
        {"name": "Cy Okafor", "email": "cy@acme.example", "invitation_sent": True},
    ]
    httpx.post(f"{sandbox.page}/sandbox/seed", json={"pagerduty": {"users": people}}, trust_env=False)
    headers = {"Authorization": f"Token token={TOKEN}"}
    (ana,) = httpx.get(f"{sandbox.pagerduty}/users?query=ana@", headers=headers, trust_env=False).json()["users"]
    httpx.delete(f"{sandbox.pagerduty}/users/{ana['id']}", headers=headers, trust_env=False).raise_for_status()

    _, out, _ = ask("--json", PAGERDUTY_TOKEN=TOKEN)

    said = {each["message"].partition(" ")[0]: each for each in found(out)["preflight"]}
    assert [said[name]["rule"] for name in ("Ana", "Bo", "Cy")] == [
        "user-deactivated",
        "user-stakeholder",
        "user-invited",
    ]
    assert "PagerDuty deleted it on 2026-11-21 by an API key ending in pdpd" in said["Ana"]["message"]


def test_without_the_right_to_audit_records_a_deactivated_user_is_a_missing_one(ask: Ask, sandbox: Sandbox) -> None:
    lists = ("users", "teams", "schedules", "escalation_policies", "services", "incidents", "abilities")
    token = {"token": "half-token-pd-61", "read_only": True, "paths": [f"GET /{name}" for name in lists]}
    httpx.post(f"{sandbox.page}/sandbox/seed", json={"pagerduty": {"tokens": [token]}}, trust_env=False)

    _, out, _ = ask("--json", PAGERDUTY_TOKEN="half-token-pd-61")

    assert {each["rule"] for each in found(out)["preflight"] if each["message"].startswith("Ana")} == {"user-missing"}
    (note,) = (each for each in found(out)["notes"] if "deactivated" in each)
    assert note.startswith("Whether a missing user was deactivated can't be told: ")


@pytest.fixture
def stack(sandbox: Sandbox, fake_pulumi: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets what `pulumi` says of a stack; in the environment there is nothing but a wrong address."""

    def set_to(**settings: str) -> None:
        addresses = {"pagerdutyApiUrl": sandbox.pagerduty, "opsgenieApiUrl": sandbox.opsgenie}
        for name in ("PAGERDUTY_API_URL", "OPSGENIE_API_URL"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        found = {f"oncall-as-code:{name}": {"value": value} for name, value in (addresses | settings).items()}
        (fake_pulumi / "config.json").write_text(json.dumps({**found, "aws:region": {"value": "eu-west-1"}}))

    return set_to


def test_tokens_and_addresses_come_from_a_stack(ask: Ask, stack: Callable[..., None]) -> None:
    stack(pagerdutyToken=TOKEN, opsgenieApiKey=KEY)
    code, out, err = ask("--json", "--stack", "prod")

    assert (code, err, found(out)["asked"]) == (1, "", ["pagerduty", "opsgenie"])
    assert TOKEN not in out
    assert KEY not in out


def test_a_stack_counts_instead_of_the_environment(ask: Ask, stack: Callable[..., None]) -> None:
    stack(pagerdutyToken=TOKEN)
    _, out, _ = ask("--json", "--stack", "prod", OPSGENIE_API_KEY=KEY)

    assert found(out)["asked"] == ["pagerduty"]
    assert found(out)["notes"][0] == "OpsGenie was not asked: opsgenieApiKey is not set."


def test_a_stack_without_any_token_is_said(ask: Ask, stack: Callable[..., None]) -> None:
    stack()
    code, out, err = ask("--stack", "prod", PAGERDUTY_TOKEN=TOKEN)

    assert (code, out) == (1, "")
    assert err == (
        "oncall: --live needs pagerdutyToken or opsgenieApiKey, which the stack does not set: "
        "`pulumi config set --secret ...`\n"
    )


def test_a_stack_that_can_not_be_read_is_one_line(
    ask: Ask, stack: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = '#!/bin/sh\necho "error: no stack named \'prod\' found" >&2\necho "and more" >&2\nexit 255\n'
    (tmp_path / "bin" / "pulumi").write_text(fails)
    code, out, err = ask("--stack", "prod")
    assert (code, out, err) == (1, "", "oncall: pulumi config: no stack named 'prod' found; and more\n")

    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, err = ask("--base", "inventory.yaml", "--stack", "prod")
    assert (code, out, err.startswith("oncall: `pulumi` is not on PATH: install it")) == (1, "", True)


@pytest.mark.parametrize("option", [("--stack", "prod"), ("--config-file", "Pulumi.prod.yaml")])
def test_a_stack_that_nothing_asks_for_is_a_fault_of_usage(
    capsys: pytest.CaptureFixture[str], option: tuple[str, str]
) -> None:
    assert main(["preview", "--base", "inventory.yaml", *option]) == 1
    assert "say where --live and --engine look" in " ".join(capsys.readouterr().err.split())
