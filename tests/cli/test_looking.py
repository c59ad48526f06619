"""`oncall who`, `shifts` and `simulate` on the sample: what people read, what programs get, what slips are told.

`make golden` writes the pages anew; read the diff before you commit it.
"""

import json
import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oncall.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("golden")
NOW = ("--now", "2026-12-20T02:00Z")
Ask = Callable[..., tuple[int, str, str]]

PAGES = {
    "who": ["who"],
    "who-team": ["who", "platform", "--at", "2027-01-05 12:00"],
    "who-server": ["who", "maps-mcp"],
    "who-maintenance": ["who", "weather-mcp", "--at", "2026-12-01 22:30"],
    "shifts-schedule": ["shifts", "platform/primary"],
    "shifts-gaps": ["shifts", "edge/sun", "--from", "2027-03-15", "--days", "2"],
    "shifts-person": ["shifts", "--person", "cy", "--days", "21"],
    "simulate-hold": ["simulate", "maps-mcp"],
    "simulate-hand-off": ["simulate", "weather-mcp", "--at", "2026-12-21 08:52"],
    "simulate-acknowledged": ["simulate", "checkout-mcp", "--acknowledged-after", "7m"],
    "simulate-maintenance": ["simulate", "jobs-mcp", "--at", "2026-12-01 22:30"],
    "simulate-unknown": ["simulate", "wether-mcp"],
}


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.chdir(ROOT)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, *NOW])
        return (code, *capsys.readouterr())

    return run


@pytest.mark.parametrize("name", PAGES)
def test_what_people_read(ask: Ask, name: str) -> None:
    code, out, err = ask(*PAGES[name])
    out = "".join(f"{line.rstrip()}\n" for line in out.splitlines())
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(out, encoding="utf-8")
    assert (code, out, err) == (0, golden.read_text(encoding="utf-8"), "")


@pytest.mark.parametrize("name", ["who-team", "who-server", "shifts-gaps", "simulate-hold"])
def test_what_programs_get(ask: Ask, name: str) -> None:
    _, out, _ = ask(*PAGES[name], "--json")
    golden = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(out, encoding="utf-8")
    assert json.loads(out) == json.loads(golden.read_text(encoding="utf-8"))
    assert out == golden.read_text(encoding="utf-8")  # the order too


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["who", "plattform"], "no team or server `plattform` (did you mean `platform`?)"),
        (["who", "wether-mcp"], "no team or server `wether-mcp` (did you mean `weather-mcp`?)"),
        (["who", "platform/primry"], "no schedule `platform/primry` (did you mean `platform/primary`?)"),
        (["who", "recipes/x"], "no schedule `recipes/x` (there is none)"),
        (["who", "--at", "soon"], "'soon' is no instant"),
        (["shifts", "dada"], "no team `dada` (did you mean `data`?)"),
        (["shifts", "--person", "kin"], "no person `kin` (did you mean `kim`?)"),
        (["shifts", "--to", "2026-12-01"], "--to comes after --from, by 1098 days at most"),
        (["shifts", "--to", "2031-12-01"], "--to comes after --from, by 1098 days at most"),
        (["simulate", "weather-mcp", "--at", "2026-03-29 02:30"], "does not exist in Europe/Berlin"),
        (["simulate", "weather-mcp", "--acknowledged-after", "soon"], "a duration is a number with s, m, h or d"),
        (["simulate", "weather-mcp", "--inventory", "nowhere.yaml"], "nowhere.yaml:1:1: no-file"),
    ],
)
def test_a_slip_is_one_sentence_and_exit_code_1(ask: Ask, arguments: list[str], said: str) -> None:
    code, out, err = ask(*arguments)
    assert (code, out, said in err, err.count("\n")) == (1, "", True, 1), err


def test_a_team_goes_by_its_former_key_and_a_person_by_their_address(ask: Ask, tmp_path: Path) -> None:
    text = (
        (ROOT / "inventory.yaml")
        .read_text(encoding="utf-8")
        .replace("name: Data\n", "name: Data\n    formerly: [etl]\n")
    )
    path = tmp_path / "inventory.yaml"
    path.write_text(text, encoding="utf-8")

    found = json.loads(ask("who", "etl", "--json", "--inventory", str(path))[1])
    assert [(one["team"], one["schedule"]) for one in found["schedules"]] == [("data", "primary")]
    assert found["steps"][1]["people"][0]["person"] == "quin"
    assert "Pia Rossi" in ask("shifts", "--person", "PIA@acme.example")[1]


def test_a_server_nobody_lists_goes_by_what_its_webhook_would_say(ask: Ask) -> None:
    found = json.loads(ask("simulate", "new-mcp", "--owner", "edge", "--tag", "claimed", "--json")[1])
    assert found["route"]["reason"] == "team"
    assert (found["route"]["team"], found["route"]["tier"]) == ("edge", "author")


def test_text_of_the_inventory_is_no_markup(ask: Ask, tmp_path: Path) -> None:
    text = (ROOT / "inventory.yaml").read_text(encoding="utf-8").replace("Pia Rossi", '"[red]Pia[/] :boom:"')
    path = tmp_path / "inventory.yaml"
    path.write_text(text, encoding="utf-8")

    for arguments in (["who"], ["who", "data"], ["who", "maps-mcp"], ["shifts", "data"], ["simulate", "maps-mcp"]):
        code, out, _ = ask(*arguments, "--inventory", str(path))
        assert code == 0
        assert "[red]Pia[/] :boom:" in " ".join(out.split()), arguments


def test_a_server_called_like_a_team_is_the_team(ask: Ask, tmp_path: Path) -> None:
    text = (ROOT / "inventory.yaml").read_text(encoding="utf-8").replace("  maps-mcp: ", "  data: ")
    path = tmp_path / "inventory.yaml"
    path.write_text(text, encoding="utf-8")
    found: dict[str, Any] = json.loads(ask("who", "data", "--json", "--inventory", str(path))[1])
    assert "schedules" in found


def test_a_reason_silences_no_answer(ask: Ask, tmp_path: Path) -> None:
    text = (ROOT / "inventory.yaml").read_text(encoding="utf-8")
    file = tmp_path / "inventory.yaml"
    file.write_text(text.replace("cover: cy}", "why: skiing}", 1), encoding="utf-8")

    assert ask("check", str(file))[0] == 1  # bo is away and on call
    code, out, err = ask("who", "platform/primary", "--at", "2027-01-05 12:00", "--inventory", str(file))
    assert (code, err) == (0, "")
    assert "Bo Lind (bo)" in out


def test_the_examples_of_the_handbook_are_true(ask: Ask) -> None:
    page = (ROOT / "docs" / "who-is-paged.md").read_text(encoding="utf-8")
    examples = re.findall(r"```console\n\$ oncall (.*)\n((?:.*\n)*?)```", page)
    assert len(examples) == 2
    for command, printed in examples:
        assert [line.rstrip() for line in ask(*shlex.split(command))[1].splitlines()] == printed.splitlines()
