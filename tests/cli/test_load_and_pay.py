"""`oncall load` and `oncall pay`: tables for people, JSON and CSV for programs, refusals in a line."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from oncall.cli.load_report import bar
from oncall.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
NOW = ("--now", "2026-11-21T12:00Z")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inventory.yaml").write_bytes((ROOT / "inventory.yaml").read_bytes())
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main([*arguments, *NOW])
    return (code, *capsys.readouterr())


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, err = run(capsys, *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    code, out, err = run(capsys, "pay", "--csv", *arguments)
    assert (code, err) == (0, "")
    return list(csv.DictReader(io.StringIO(out, newline="")))


def test_the_load_is_shown_and_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "load")
    assert code == 0
    assert out.splitlines()[1].startswith("Cy Okafor (cy)")
    assert "payments/primary         2       100 % balanced  ████████" in out
    assert "Mon 2026-11-23 to Mon 2027-11-22, Europe/Berlin: shifts 61,152 h = people 59,639 h + double 1,513 h" in out


def test_the_load_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "load", "--weeks", "4", "--from", "2026-12-07")
    assert (found["from"], found["to"]) == ("2026-12-07T00:00:00+01:00", "2027-01-04T00:00:00+01:00")
    assert sum(one["minutes"]["total"] for one in found["people"]) == found["total"]["minutes"]
    assert all(sum(one["minutes"].values()) == 2 * one["minutes"]["total"] for one in found["people"])
    shared = sum(sum(one["minutes"].values()) for one in found["schedules"])
    assert shared == found["total"]["minutes"] + found["total"]["double"]
    (payments,) = (one for one in found["teams"] if one["team"] == "payments")
    assert payments == {"team": "payments", "minutes": payments["minutes"], "balance": 100, "balanced": True} | {
        "overloaded": {}
    }


def test_the_load_of_some_teams(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "load", "--team", "payments", "--team", "search")
    assert [one["team"] for one in found["teams"]] == ["payments", "search"]


def test_a_narrow_screen_gets_fewer_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    out = run(capsys, "load")[1]
    assert "hand-offs," in out
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in out.splitlines()) <= 100


def test_the_pay_of_a_month_is_that_of_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "pay", "--month", "2026-12")
    rows = lines(capsys, "--month", "2026-12")
    totals = lines(capsys, "--month", "2026-12", "--totals")
    by_person: Counter[str] = Counter()
    by_kind: Counter[tuple[str, str]] = Counter()
    for row in rows:
        by_person[row["person"]] += int(row["minutes"])
        by_kind[row["person"], row["kind"]] += int(row["minutes"])
    assert by_person == {one["person"]: one["minutes"]["total"] for one in found["people"]}
    assert by_person.total() == found["total"]["minutes"]
    for row in totals:
        for kind in ("weekday", "night", "weekend", "holiday"):
            assert int(row[kind]) == by_kind[row["person"], kind]
    assert rows == sorted(rows, key=lambda row: row["person"])
    assert {row["holiday"] for row in rows if row["person"] == "ana"} >= {"Christmas Day"}


def test_a_line_says_everything(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    text = (folder / "inventory.yaml").read_text(encoding="utf-8")
    (folder / "inventory.yaml").write_text(text.replace("name: Bo Lind", 'name: "=1+1, \\"Bo\\""'), encoding="utf-8")
    row = next(row for row in lines(capsys, "--from", "2026-12-24", "--to", "2026-12-26") if row["person"] == "bo")
    assert row["name"] == '\'=1+1, "Bo"'
    assert {key: row[key] for key in ("date", "start", "end", "minutes", "kind", "team", "schedule", "email")} == {
        "date": "2026-12-24",
        "start": "2026-12-24T00:00:00+01:00",
        "end": "2026-12-24T06:00:00+01:00",
        "minutes": "360",
        "kind": "night",
        "team": "platform",
        "schedule": row["schedule"],
        "email": "bo@acme.example",
    }


def test_pay_is_of_the_month_before_if_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "pay")
    assert (found["from"], found["to"]) == ("2026-10-01", "2026-10-31")
    assert "Thu 2026-10-01 to Sat 2026-10-31, both included" in run(capsys, "pay")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("load", "--team", "platfrom"), "no team `platfrom` (did you mean `platform`?)"),
        (("load", "--weeks", "0"), "greater than or equal to 1"),
        (("load", "--from", "2026-02-30"), "'2026-02-30' is no date"),
        (("load", "--from", "2026-12-01 09:00"), "'2026-12-01 09:00' is no date; write it like 2026-11-21"),
        (("load", "--from", "9999-12-31"), "the year 9999 is out of range"),
        (("pay", "--team", "serch"), "did you mean `search`?"),
        (("pay", "--month", "2026-13"), "'2026-13' is no month; write it like 2026-12"),
        (("pay", "--month", "0000-12"), "is no"),
        (("pay", "--month", "2026-12", "--from", "2026-12-01"), "--month, or --from and --to"),
        (("pay", "--from", "2026-12-01"), "--from and --to go together"),
        (("pay", "--from", "2026-12-02", "--to", "2026-12-01"), "--to is not before --from"),
        (("pay", "--from", "2020-12-02", "--to", "2026-12-01"), "days after it at most"),
        (("pay", "--csv", "--json"), "not both"),
        (("pay", "--totals"), "--totals goes with --csv"),
    ],
)
def test_what_can_not_be_answered_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert said in err


def test_faults_of_the_inventory_are_told(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    text = (folder / "inventory.yaml").read_text(encoding="utf-8")
    (folder / "inventory.yaml").write_text(text.replace("holidays: DE-BE", "holidays: DE-XX"), encoding="utf-8")
    for command in ("load", "pay"):
        code, out, err = run(capsys, command)
        assert (code, out) == (1, "")
        assert "unknown-holidays: no holidays of a region `DE-XX`" in err


@pytest.mark.parametrize(
    ("share", "shown"), [(0, ""), (1, "████████"), (0.5, "████"), (1 / 64, "▏"), (0.99, "███████▉")]
)
def test_a_bar_is_as_long_as_its_share(share: float, shown: str) -> None:
    assert bar(share) == shown
