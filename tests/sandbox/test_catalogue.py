"""The page docs/sandbox.md: fresh, whole and without a word too many."""

import os
import re
from pathlib import Path

from sandbox.catalogue import sandbox_page

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "sandbox.md"


def test_the_page_names_the_clients_in_the_versions_that_are_run() -> None:
    go = re.findall(r"(opsgenie-go-sdk-v2|go-pagerduty) v(\S+)", (ROOT / "tests/conformance/go/go.mod").read_text())
    python = re.findall(r'"(opsgenie-sdk|pagerduty)==([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    named = re.findall(r"^\| ([\w-]+).*? \| (\d+\.\d+\.\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(go + python) == sorted(named)
    assert len(named) == 4


def test_the_page_is_fresh() -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(sandbox_page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == sandbox_page(), "run `make golden`"


def test_every_call_of_both_vendors_is_in_it(sandbox) -> None:
    rows = set(re.findall(r"^\| `([A-Z]+)` \| `([^`]+)` \|", sandbox_page(), re.MULTILINE))
    routes = {
        (method, route.path)
        for vendor in sandbox.vendors.values()
        for route in vendor.routes()
        for method in route.methods - {"HEAD"}
        if not route.endpoint.__doc__.startswith("Refuse ")
    }
    assert rows == routes


def test_every_refusal_in_it_refuses() -> None:
    statuses = re.findall(r"^\|[^|]*\|[^|]*\| `[A-Z]+ [^|]*\| (\d+) \|", sandbox_page(), re.MULTILINE)
    assert (len(statuses) > 20, [status for status in statuses if int(status) < 400]) == (True, [])
