"""`oncall preview --engine`, with a `pulumi` that only prints what it is given."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oncall.cli.main import main

BASE = (Path(__file__).parents[1] / "e2e" / "inventory.yaml").read_text()
URN = "urn:pulumi:prod::oncall-as-code::oncall:components:PagerDutyTeam$pagerduty:index/"
PLANTED = "planted-token-91c2"
Run = Callable[..., tuple[int, str, str]]


def step(op: str, kind: str, name: str) -> dict[str, Any]:
    types = f"{kind[0].lower()}{kind[1:]}:{kind}"
    return {"op": op, "urn": f"{URN}{types}::{name}", "newState": {"inputs": {"token": PLANTED}}}


LATER = [step("update", "EscalationPolicy", f"platform/{tier}") for tier in ("internal", "author")]
TEAM = step("update", "Team", "platform")


@pytest.fixture
def run(fake_pulumi: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Preview an edit of the escalation; `steps` are the engine's, `at_rest` those by its state alone."""
    monkeypatch.setenv("PULUMI_ENABLE_STREAMING_JSON_PREVIEW", "true")
    monkeypatch.chdir(fake_pulumi)
    (fake_pulumi / "base.yaml").write_text(BASE)
    (fake_pulumi / "inventory.yaml").write_text(BASE.replace("{notify: bo, after: 5m}", "{notify: bo, after: 7m}"))
    (fake_pulumi / "config.json").write_text(json.dumps({"oncall-as-code:now": {"value": "2026-11-21T12:00Z"}}))

    def preview(
        *options: str, steps: list[dict[str, Any]], at_rest: object = None, **more: object
    ) -> tuple[int, str, str]:
        (fake_pulumi / "preview.json").write_text(json.dumps({"steps": steps, **more}))
        (fake_pulumi / "at_rest.json").write_text(json.dumps({"steps": at_rest}))
        code = main(["preview", "--base", "base.yaml", "--engine", "--stack", "prod", *options])
        printed = capsys.readouterr()
        assert PLANTED not in printed.out + printed.err
        return code, printed.out, printed.err

    return preview


def test_it_agrees(run: Run) -> None:
    code, out, err = run(steps=LATER)

    assert code == 2
    assert "The engine agrees" in out
    assert "2 changed" in out
    assert err == "the engine reads the accounts and previews the stack ...\n"


def test_it_says_what_it_would_also_change(run: Run) -> None:
    code, out, err = run(steps=[*LATER, TEAM], at_rest=LATER)

    assert code == 2
    assert "; the engine would also change 1 object" in out.splitlines()[0]
    assert "team Platform" in out
    assert "changed there by hand" in out
    assert "by its state alone" in err
    assert "urn:" not in out


def test_in_the_json(run: Run) -> None:
    said = json.loads(run("--json", steps=[*LATER, TEAM], at_rest=[*LATER, TEAM])[1])

    assert [one["why"] for one in said["engine"]["differences"]] == ["an earlier edit that was never applied"]
    assert said["exit_code"] == 2


def test_a_failure_of_the_engine_is_one_line_and_the_preview_is_there_all_the_same(run: Run) -> None:
    errors = [
        {"severity": "error", "message": "error: PagerDuty has no user for\nana <ana@acme.example>\n"},
        {"severity": "error", "message": "error: an unhandled error occurred: program exited with non-zero exit code"},
    ]
    code, out, err = run(steps=[], diagnostics=errors)

    assert code == 1
    assert err.splitlines()[1:] == ["oncall preview: pulumi preview: PagerDuty has no user for; ana <ana@acme.example>"]
    assert "1 team is told in other steps" in out
    assert "engine" not in out


def test_what_it_prints_may_be_no_preview(run: Run) -> None:
    code, _, err = run(steps=["x"])  # type: ignore[list-item]

    assert (code, "a step of the engine's preview names no object" in err) == (1, True)


def test_a_stack_of_another_inventory_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"oncall-as-code:inventory": {"value": "other.yaml"}}))

    code, out, err = run(steps=[])

    assert (code, out) == (1, "")
    assert "the stack applies other.yaml, and not inventory.yaml: say --inventory other.yaml" in err


@pytest.mark.parametrize("option", [("--now", "2026-11-21"), ("--head", "HEAD")])
def test_the_engine_goes_by_the_working_tree_and_its_own_clock(run: Run, option: tuple[str, str]) -> None:
    code, _, err = run(*option, steps=[])

    assert code == 1
    assert "leave --head and" in err


def test_an_inventory_with_faults_is_told_without_the_engine(run: Run, tmp_path: Path) -> None:
    (tmp_path / "inventory.yaml").write_text("organization: Acme\n")

    code, out, err = run(steps=[])

    assert (code, "can't be applied" in out, err) == (1, True, "")
