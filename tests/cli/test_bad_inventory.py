"""Every way of being wrong in tests/bad_inventory is answered with the lines beside it.

`make golden` writes the lines anew; read the diff before you commit it.
"""

import os
from pathlib import Path

import pytest

from oncall.cli.main import main

FOLDER = Path(__file__).resolve().parents[1] / "bad_inventory"


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_it_is_answered_in_lines(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FOLDER)
    code = main(["check", f"{name}.yaml", "--now", "2026-11-21T12:00Z"])
    lines = capsys.readouterr().err
    golden = FOLDER / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(lines, encoding="utf-8")
    assert (code, lines) == (1, golden.read_text(encoding="utf-8"))
