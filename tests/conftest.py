"""What holds for every test: property tests are judged by what they find, never by how long a busy machine takes."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("people", deadline=None)
# The same examples each time, so that a change is blamed for what it did; people's own runs look further.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "people")


NO_WORKERD = "NO WORKERD: the bridge is untested; run `make setup` or set ONCALL_WORKERD"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in red what is not among the failures and should not pass for tested."""
    if any(NO_WORKERD in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())):
        terminalreporter.write_sep("!", NO_WORKERD, red=True)


@pytest.fixture
def own_event_loop() -> Iterator[None]:
    """Give Pulumi's mocks a loop: they take the thread's, which `asyncio.run` in any earlier test takes away."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(scope="session")
def browse() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Show a page in a real browser without a window: what it has become, and what the console said."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no chromium or google-chrome on PATH")

    def show(page: Path, width: int, *more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                browser,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--enable-logging=stderr",
                f"--user-data-dir={page.parent / 'profile'}",
                f"--window-size={width},900",
                "--dump-dom",
                *more,
                page.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
            env={**os.environ, "HOME": str(page.parent)},
        )

    return show


@pytest.fixture
def probed(tmp_path: Path, browse: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[..., dict[str, Any]]:
    """Run a probe in a page: a script that leaves its facts at `parent.document.documentElement.dataset.facts`.

    It could not run under the page's own policy, so that is taken out of a copy. The copy is shown in a frame: no
    window of the browser can be as narrow as a phone.
    """

    def look(page: str, probe: str, width: int, *more: str) -> dict[str, Any]:
        copy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', f"<script>{probe}</script>", page)
        assert copy != page
        frame = f'<iframe width="{width}" height="900" style="border: 0" srcdoc="{escape(copy)}"></iframe>'
        (tmp_path / "frame.html").write_text(f"<!doctype html><meta charset=utf-8>{frame}", encoding="utf-8")
        dumped = browse(tmp_path / "frame.html", 1400, *more).stdout
        (facts,) = re.findall(r'<html[^>]* data-facts="([^"]*)"', dumped)
        found: dict[str, Any] = json.loads(unescape(facts))
        return found

    return look
