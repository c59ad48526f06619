"""What several commands' tests share."""

import os
import sys
from pathlib import Path

import pytest


@pytest.fixture
def fake_pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder from which a `pulumi` on PATH prints what it is given; see fake_pulumi.py for the files."""
    tools = tmp_path / "bin"
    tools.mkdir()
    fake = Path(__file__).with_name("fake_pulumi.py")
    (tools / "pulumi").write_text(f'#!/bin/sh\nexec {sys.executable} {fake} "$@"\n')
    (tools / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_PULUMI", str(tmp_path))
    return tmp_path
