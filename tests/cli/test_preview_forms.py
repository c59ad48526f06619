"""`oncall preview` in all its forms, and what it leaves in a folder."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from oncall.cli import preview_screen
from oncall.cli.main import main
from oncall.preview.report import Report, Section, Swap

ROOT = Path(__file__).resolve().parents[2]
FILES = {"preview.md", "preview.html", "preview.json", ".oncall-preview.json"}


@pytest.fixture
def preview(tmp_path, monkeypatch, capsys):
    """Preview the sample with some text replaced."""
    monkeypatch.chdir(tmp_path)
    sample = (ROOT / "inventory.yaml").read_text(encoding="utf-8")
    (tmp_path / "base.yaml").write_text(sample, encoding="utf-8")

    def run(old, new, *words):
        assert old in sample
        (tmp_path / "inventory.yaml").write_text(sample.replace(old, new), encoding="utf-8")
        return main(("preview", "--base", "base.yaml", "--now", "2026-11-21T12:00Z", *words)), capsys.readouterr().out

    return run


def written(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_folder_holds_every_form_whatever_is_printed(preview, tmp_path):
    swapped = ("people: [pia, olu]", "people: [olu, pia]")
    printed = {form: preview(*swapped, "--as", form)[1] for form in ("markdown", "html", "json")}
    code, out = preview(*swapped, "--write", "out")

    assert (code, out.startswith("2 people's shifts change")) == (2, True)
    assert written(tmp_path / "out") == FILES | {"strips/data.primary.svg"}
    for name, form in (("preview.md", "markdown"), ("preview.html", "html"), ("preview.json", "json")):
        assert (tmp_path / "out" / name).read_text(encoding="utf-8") == printed[form]
    assert json.loads(printed["json"])["verdict"] in printed["html"].replace("&#x27;", "'")
    ET.parse(tmp_path / "out" / "strips" / "data.primary.svg")


def test_strips_of_the_run_before_go_and_files_of_others_stay(preview, tmp_path):
    preview("people: [pia, olu]", "people: [olu, pia]", "--write", "out")
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")

    assert preview("# for every team", "# for all teams", "--write", "out")[0] == 0
    assert written(tmp_path / "out") == FILES | {"mine.txt"}


def test_a_file_of_somebody_else_is_not_overwritten(preview, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "preview.md").write_text("mine", encoding="utf-8")

    assert preview("people: [pia, olu]", "people: [olu, pia]", "--write", "out")[0] == 1
    assert written(tmp_path / "out") == {"preview.md"}
    assert (tmp_path / "out" / "preview.md").read_text(encoding="utf-8") == "mine"


def test_an_inventory_that_cant_be_used_has_its_problems_in_every_form(preview, tmp_path):
    assert preview("people: [pia, olu]", "people: [pia, zoe]", "--write", "out")[0] == 1
    assert written(tmp_path / "out") == FILES
    assert "unknown-person" in (tmp_path / "out" / "preview.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [60, 100])
def test_a_terminal_shows_all_words_at_any_width(width, monkeypatch):
    screen = Console(width=width, record=True, force_terminal=True, highlight=False, markup=False)
    monkeypatch.setattr(preview_screen, "console", lambda: screen)
    row = ("Platform primary", "Mon 7 Dec 09:00 - Mon 14 Dec 09:00 Europe/Berlin", Swap("[red]Ana", "Bo\x1b[2J"))
    section = Section("Who changes", ("schedule", "when", "who"), (row,), alarming=True)
    preview_screen.print_report(Report("1 person's shifts change", "Acme", (section,)), 2)
    text = " ".join(screen.export_text().split())

    assert "! Who changes" in text
    assert "[red]Ana → Bo\\x1b[2J" in text
    for word in ("1 person's shifts change", "Platform primary", "Mon 7 Dec 09:00"):
        assert word in text
