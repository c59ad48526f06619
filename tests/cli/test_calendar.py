"""`oncall calendar`: what it writes, what it leaves alone, and what it refuses."""

import json
from pathlib import Path

import pytest

from oncall.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
NOW = ("--now", "2026-11-21T12:00Z")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "inventory.yaml").write_bytes((ROOT / "inventory.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["calendar", *arguments, *NOW])
    return (code, *capsys.readouterr())


def written(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith(".")
    }


def test_it_writes_calendars_and_a_page_and_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)

    assert (code, err) == (0, "")
    assert "32 files" in out
    assert "2026-11-16 to 2027-02-07" in out
    assert "Calendars of 18 people, 6 teams, 7 schedules." in out
    files = written(folder / "calendars")
    assert {"index.html", "people/ana.ics", "teams/platform.ics", "schedules/platform-primary.ics"} <= set(files)
    assert b"SUMMARY:On call: Platform primary\r\n" in files["people/ana.ics"]


def test_a_second_run_writes_the_same_and_removes_only_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "--out", "site")
    first = written(folder / "site")
    run(capsys, "--out", "site")
    assert written(folder / "site") == first

    (folder / "site" / "people" / "notes.txt").write_text("mine")
    run(capsys, "--out", "site", "--person", "ana")
    assert written(folder / "site") == {"people/ana.ics": first["people/ana.ics"], "people/notes.txt": b"mine"}


def test_a_file_of_somebody_else_is_not_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "calendars").mkdir()
    (folder / "calendars" / "index.html").write_text("mine")
    code, _, err = run(capsys)

    assert code == 1
    assert "index.html exists and was not written by oncall calendar" in err
    assert written(folder / "calendars") == {"index.html": b"mine"}


def test_one_team_has_its_calendars_and_a_page_of_its_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--team", "search", "--from", "2026-12-01", "--to", "2026-12-31", "--json")

    assert code == 0
    assert json.loads(out) == {
        "directory": "calendars",
        "from": "2026-12-01",
        "to": "2026-12-31",
        "files": ["index.html", "schedules/search-desk.ics", "teams/search.ics"],
    }
    assert b"Platform" not in (folder / "calendars" / "index.html").read_bytes()


@pytest.mark.parametrize(("only", "kept"), [("ics", ".ics"), ("html", ".html")])
def test_only_one_kind_of_file(folder: Path, capsys: pytest.CaptureFixture[str], only: str, kept: str) -> None:
    assert run(capsys, "--only", only)[0] == 0

    files = written(folder / "calendars")
    assert {Path(name).suffix for name in files} == {kept}
    assert not any(b".ics" in text for text in files.values())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--team", "platfrm"), "no team `platfrm` (did you mean `platform`?)"),
        (("--person", "anna"), "no person `anna` (did you mean `ana`?)"),
        (("--person", "dee"), "Dee Ruiz (dee) is on no rotation"),
        (("--team", "edge", "--person", "ana"), "give one of them"),
        (("--to", "2027-01-01", "--weeks", "2"), "give one of them"),
        (("--from", "2026-12-02", "--to", "2026-12-01"), "no period of one day to 104 weeks"),
        (("--from", "2026-12-02", "--to", "2036-12-01"), "no period of one day to 104 weeks"),
        (("--from", "2026-12-02 09:00"), "'2026-12-02 09:00' is no date; write it like"),
        (("--from", "tomorrow"), "'tomorrow' is no"),
        (("--weeks", "0"), "greater than or equal to 1"),
        (("--only", "pdf"), "'pdf' is not one of"),
        (("--person", "ana", "--only", "html"), "leave --only out"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    code, out, err = run(capsys, *arguments)

    assert (code, out) == (1, "")
    assert told in err
    assert not (folder / "calendars").exists()


def test_an_inventory_with_faults_makes_no_calendar(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "inventory.yaml"
    file.write_text(file.read_text().replace("people: [ana, bo, cy]", "people: [anna, bo, cy]"))
    code, _, err = run(capsys)

    assert code == 1
    assert "unknown-person" in err
    assert not (folder / "calendars").exists()


def test_a_gap_stops_no_calendar_and_is_on_the_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "inventory.yaml"
    text = file.read_text(encoding="utf-8").replace("only: 11:00-19:00", "only: 12:00-19:00")
    file.write_text(text.replace("- {notify: backup, after: 5m}", "- {notify: sun, after: 5m}"), encoding="utf-8")
    assert main(["check", *NOW]) == 1
    capsys.readouterr()

    assert run(capsys)[0] == 0
    assert b'class="gap"' in (folder / "calendars" / "index.html").read_bytes()
