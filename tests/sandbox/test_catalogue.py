"""The page docs/sandbox.md: fresh, whole and without a word too many."""

import os
import re
from pathlib import Path

from sandbox.catalogue import sandbox_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sandbox.md"


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
