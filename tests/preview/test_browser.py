"""The page of a preview in a real browser: nothing on the console, nothing fetched, nothing wider than a phone."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from oncall.cli.load import check_document
from oncall.cli.preview_forms import Forms
from oncall.model.escalation import ScheduleRef
from oncall.preview.compute import preview
from oncall.preview.live import with_live
from oncall.preview.model import ByHand, Live, Side
from oncall.source import read

Probed = Callable[..., dict[str, Any]]
SAMPLE = (Path(__file__).resolve().parents[2] / "inventory.yaml").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NASTY = "<img src=x onerror=\"document.title='owned'\"> & \u202eevil\u202c </title></style><script>alert(1)</script>"
LONG = "W" * 255
PROBE = """
const faults = [];
addEventListener("error", (event) => faults.push(String(event.message)));
addEventListener("load", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  const sees = (query) => getComputedStyle(document.querySelector(query)).display !== "none";
  const facts = {
    faults, width: innerWidth, page: document.documentElement.scrollWidth, body: document.body.scrollWidth,
    widest: Math.max(...[...document.querySelectorAll("main *:not(svg *)")]
      .filter((node) => node.getClientRects().length && getComputedStyle(node).position !== "absolute")
      .map((node) => node.getBoundingClientRect().right)),
    wide: sees(".wide"), narrow: sees(".narrow"), images: document.images.length, title: document.title,
    fetched: performance.getEntriesByType("resource").map((each) => each.name),
    ink: getComputedStyle(document.querySelector(".strip .name")).fill,
    ground: getComputedStyle(document.body).backgroundColor,
    heads: [...document.querySelectorAll("h1, h2")].map((node) => node.textContent),
  };
  parent.document.documentElement.dataset.facts = JSON.stringify(facts);
});
"""


def forms(*edits: tuple[str, str]) -> Forms:
    text = SAMPLE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    base, head = (check_document(read([("inventory.yaml", some.encode())]), NOW) for some in (SAMPLE, text))
    sides = [Side(each.inventory, each.problems) for each in (base, head)]
    return Forms(preview(*sides, NOW), *sides)


@pytest.fixture(scope="module")
def hostile() -> str:
    """A page of names that want to be markup, and of one that wants to be wide."""
    made = forms(
        ("organization: Acme", f"organization: {json.dumps(NASTY)}"),
        ("name: Lea Moreau", f"name: {json.dumps(NASTY)}"),
        ("name: Max Dubois", f"name: {LONG}"),
        ("people: [lea, max]", "people: [max, lea]\n            rollout: now"),
        ("pages_through: [opsgenie, pagerduty]", "pages_through: pagerduty"),
        ("{notify: secondary, after: 5m}", "{notify: secondary, after: 7m}"),
    )
    by_hand = tuple(
        ByHand(
            vendor, ScheduleRef(team, "primary"), name, "UTC", NOW + timedelta(days=day), NOW + timedelta(days=20), name
        )
        for team in ("payments", "data")
        for day, vendor, name in ((1, "pagerduty", NASTY), (2, "opsgenie", LONG))
    )
    return replace(made, preview=with_live(made.preview, Live(("pagerduty",), by_hand=by_hand), {})).html


def test_nothing_is_on_the_console_and_no_name_is_markup(
    tmp_path: Path, hostile: str, browse: Callable[..., Any]
) -> None:
    (tmp_path / "preview.html").write_text(hostile, encoding="utf-8")
    seen = browse(tmp_path / "preview.html", 1280)

    assert [line for line in seen.stderr.splitlines() if "CONSOLE" in line] == []
    assert "<img" not in seen.stdout
    assert "<script" not in seen.stdout
    assert "\u202e" not in seen.stdout


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_no_width_has_anything_to_scroll_sideways(probed: Probed, hostile: str, width: int) -> None:
    facts = probed(hostile, PROBE, width)

    assert (facts["faults"], facts["fetched"], facts["images"]) == ([], [], 0)
    assert facts["title"].startswith("On-call preview: <img src=x")
    assert facts["width"] == width
    assert max(facts["page"], facts["body"], facts["widest"]) <= width
    assert (facts["wide"], facts["narrow"]) == (width > 700, width <= 700)


def test_the_order_is_that_of_the_report_and_alarms_come_first(probed: Probed) -> None:
    made = forms(
        ("pages_through: [opsgenie, pagerduty]", "pages_through: pagerduty"),
        ("people: [pia, olu]", "people: [olu, pia]"),
    )
    heads = [re.sub(r" \d+$", "", head) for head in probed(made.html, PROBE, 1280)["heads"]]

    assert heads[0] == made.preview.verdict
    assert sorted(heads[1:]) == sorted(section.title for section in made.report.sections)
    assert heads[1] == "Stopped by the guard"


def test_dark_and_light_have_colours_of_their_own(probed: Probed, hostile: str) -> None:
    light = probed(hostile, PROBE, 1280, "--blink-settings=preferredColorScheme=1")
    dark = probed(hostile, PROBE, 1280, "--blink-settings=preferredColorScheme=0")

    assert light["ink"] != dark["ink"]
    assert light["ground"] != dark["ground"]
