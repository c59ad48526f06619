"""`oncall demo`, as a newcomer runs it: the whole line in one go, ending by itself."""

import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from oncall.cli.load import load_inventory
from oncall.model.escalation import ScheduleRef
from oncall.shifts.rota import Rota

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.e2e, pytest.mark.worker]


def start(*options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "oncall.cli.main", "demo", *options]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_it_opens_pages_and_closes_at_both_vendors_and_leaves_nothing_behind() -> None:
    began = datetime.now(UTC)
    with start() as running:
        printed, _ = running.communicate(timeout=240)

    assert running.returncode == 0, printed
    inventory = load_inventory(ROOT / "inventory.yaml", began)
    (shift,) = Rota(inventory).on_call(ScheduleRef("platform", "primary"), began)
    for words in (
        "weather-mcp is down",
        "gateway-mcp is down",
        f"pages {inventory.people[shift.person].name} by email and push",
        "weather-mcp is back    bridge answers 202; Platform internal: resolved",
        "gateway-mcp is back    bridge answers 202; Edge: closed",
        "0 changes",
    ):
        assert words in printed, printed
    assert not (ROOT / ".sandbox" / "demo").exists()


def test_kept_it_serves_the_page_and_ends_all_of_it_on_a_signal() -> None:
    with start("--keep") as running:
        assert running.stdout is not None
        text = ""
        until = time.monotonic() + 240
        while "Ctrl-C stops everything" not in text and time.monotonic() < until:
            text += running.stdout.readline()
        page = re.search(r"accounts page  (\S+)", text)
        bridge = re.search(r"bridge         (\S+)/alivemcp", text)
        assert page is not None, text
        assert bridge is not None, text
        assert "On-call sandbox" in httpx.get(page[1], trust_env=False).text
        assert httpx.get(f"{bridge[1]}/healthz", trust_env=False).json()["status"] == "ok"
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)

    assert running.returncode == 130
    for address in (page[1], bridge[1]):
        with pytest.raises(httpx.ConnectError):
            httpx.get(address, trust_env=False)
