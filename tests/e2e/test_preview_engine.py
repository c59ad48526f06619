"""`oncall preview --engine` with the real engine: it agrees, and it says what was never applied or changed by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from oncall.cli.main import main
from tests.e2e.conftest import ROOT, SECRETS, Stack

pytestmark = pytest.mark.e2e

TOKEN = {"Authorization": f"Token token={SECRETS['pagerdutyToken']}"}
LATER = ("- {notify: bo, after: 5m}", "- {notify: bo, after: 7m}")
TURNS = ("people: [cy, ana], turn: 1 week", "people: [ana, cy], turn: 1 week, rollout: now")
Previewed = Callable[[], tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def base(stack: Stack) -> Path:
    """The inventory that was applied; the one of the stack is edited."""
    stack.engine.up()
    kept = stack.home / "base.yaml"
    kept.write_text(stack.inventory.read_text())
    return kept


@pytest.fixture
def previewed(
    stack: Stack, base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Previewed:
    for name, value in stack.engine.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(ROOT)
    place = ("--inventory", str(stack.inventory), "--base", str(base))
    settings = ("--stack", stack.engine.stack, "--config-file", str(stack.engine.config_file))

    def run() -> tuple[int, dict[str, Any]]:
        code = main(["preview", "--engine", "--json", *place, *settings])
        printed = capsys.readouterr()
        assert not [secret for secret in SECRETS.values() if secret in printed.out + printed.err]
        assert "urn:" not in printed.out
        return code, json.loads(printed.out)

    return run


def differences(said: dict[str, Any]) -> set[tuple[str, str | None, str | None, str]]:
    return {(one["object"], one["edit"], one["engine"], one["why"]) for one in said["engine"]["differences"]}


def test_nothing_edited_is_nothing_to_both(previewed: Previewed) -> None:
    code, said = previewed()

    assert (code, said["verdict"]) == (0, "nothing changes")
    assert said["engine"] == {"agrees": True, "counts": {}, "made_anew": [], "differences": []}


def test_both_agree_on_an_edit(stack: Stack, previewed: Previewed) -> None:
    stack.edit(*LATER)
    stack.edit(*TURNS)

    code, said = previewed()

    assert (code, said["engine"]["differences"]) == (2, [])
    assert said["engine"]["counts"] == {"pagerduty": {"update": 2}, "opsgenie": {"update": 1}}


def test_what_was_changed_by_hand(stack: Stack, previewed: Previewed) -> None:
    pagerduty = httpx.Client(base_url=stack.sandbox.pagerduty, headers=TOKEN, trust_env=False)
    (team,) = pagerduty.get("/teams").json()["teams"]
    pagerduty.put(f"/teams/{team['id']}", json={"team": {"type": "team", "name": "By hand"}}).raise_for_status()
    docs = next(each for each in pagerduty.get("/services").json()["services"] if each["name"] == "Docs")
    pagerduty.delete(f"/services/{docs['id']}").raise_for_status()

    code, said = previewed()

    assert code == 2
    assert said["verdict"].endswith("; the engine would also change 3 objects")
    assert differences(said) == {
        ("team Platform", None, "changed", "changed there by hand"),
        ("service Docs", None, "new", "deleted there by hand"),
        ("key of docs-mcp", None, "new", "deleted there by hand"),
    }


def test_what_was_never_applied(stack: Stack, base: Path, previewed: Previewed) -> None:
    stack.engine.up("--refresh")  # the edit of before, and what was changed by hand
    stack.edit("{notify: ana, after: 5m}", "{notify: ana, after: 6m}")  # merged, as it were, and never applied
    base.write_text(stack.inventory.read_text())
    stack.edit("    heartbeat: {ping_every: 1m, alert_after: 5m}\n", "")

    _, said = previewed()

    assert said["engine"]["counts"] == {"opsgenie": {"update": 1, "delete": 1}}
    assert differences(said) == {
        ("escalation Search internal", None, "changed", "an earlier edit that was never applied")
    }


def test_what_was_applied_already(stack: Stack, previewed: Previewed) -> None:
    stack.engine.up()

    _, said = previewed()

    assert differences(said) == {("heartbeat query-mcp", "deleted", None, "done already: applied before, or by hand")}
