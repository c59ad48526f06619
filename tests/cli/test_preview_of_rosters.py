"""A preview of an edit that moves a running shift says so, and is an error unless the edit says so itself."""

from pathlib import Path

import pytest

from oncall.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
NOW = ("--now", "2026-11-21T12:00Z")


@pytest.fixture
def preview(tmp_path, monkeypatch, capsys):
    """Preview the sample with `people: [lea, max]` written otherwise."""
    monkeypatch.chdir(tmp_path)
    sample = (ROOT / "inventory.yaml").read_text(encoding="utf-8")
    (tmp_path / "base.yaml").write_text(sample, encoding="utf-8")

    def run(words):
        edited = sample.replace("            people: [lea, max]\n", words)
        (tmp_path / "inventory.yaml").write_text(edited, encoding="utf-8")
        return main(("preview", "--base", "base.yaml", *NOW)), capsys.readouterr().out

    return run


def test_a_running_shift_that_moves_by_accident(preview):
    code, out = preview("            people: [max, lea]\n")
    assert (code, "1 running shift is moved by accident" in out, "roster-reshuffle" in out) == (1, True, True)
    assert "Who changes" in out


def test_one_that_is_meant_to(preview):
    code, out = preview("            people: [max, lea]\n            rollout: now\n")
    assert (code, "roster-reshuffle" in out) == (2, False)
