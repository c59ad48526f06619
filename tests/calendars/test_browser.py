"""The page in a real browser: no error, hostile text stays text, and a phone has nothing to scroll sideways."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

Probed = Callable[..., dict[str, Any]]
NASTY = "<img src=x onerror=\"document.title='owned'\"> & \u202eevil\u202c </title></script><script>alert(1)</script>"
LONG = "W" * 255
# Looks at the page from inside, after its own script: how wide everything is, and what the filter does.
PROBE = """
const faults = [];
addEventListener("error", (event) => faults.push(String(event.message)));
addEventListener("DOMContentLoaded", () => {
  const shown = () => [...document.querySelectorAll(".schedule:not(.hidden)")].map((node) => node.id);
  const field = document.getElementById("filter"), all = shown();
  field.value = "dee";
  field.dispatchEvent(new Event("input"));
  const filtered = shown(), found = document.querySelectorAll(".bar.found").length;
  field.value = "";
  field.dispatchEvent(new Event("input"));
  const sees = (query) => getComputedStyle(document.querySelector(query)).display !== "none";
  const weeks = [sees(".weeks"), sees(".months")];
  document.getElementById("months").checked = true;
  const facts = {
    faults, all, filtered, found, weeks, months: [sees(".weeks"), sees(".months")], after: shown(),
    width: innerWidth, page: document.documentElement.scrollWidth, body: document.body.scrollWidth,
    chart: document.querySelector(".months .plan").getBoundingClientRect().width,
    fill: getComputedStyle(document.querySelector(".bar > rect")).fill,
    images: document.images.length, title: document.title,
  };
  parent.document.documentElement.dataset.facts = JSON.stringify(facts);
});
"""


@pytest.fixture(scope="module")
def hostile(made: Callable[..., SimpleNamespace], spring: SimpleNamespace) -> str:
    """The harbour's page, with names that want to be markup and one that wants to be wide."""
    data: dict[str, Any] = json.loads(json.dumps(spring.data))
    data["organization"] = data["teams"]["quay"]["name"] = data["people"]["ana"]["name"] = NASTY
    data["people"]["bo"]["name"] = data["teams"]["tide"]["name"] = LONG
    data["teams"]["tide"]["schedules"]["sun"]["name"] = LONG
    return made(data).pages["index.html"]


def test_the_page_runs_under_its_own_policy_without_a_word_on_the_console(
    tmp_path: Path, hostile: str, browse: Callable[..., Any]
) -> None:
    (tmp_path / "index.html").write_text(hostile, encoding="utf-8")
    seen = browse(tmp_path / "index.html", 1280)

    assert [line for line in seen.stderr.splitlines() if "CONSOLE" in line] == []
    (field,) = re.findall(r'<input id="filter"[^>]*>', seen.stdout)
    assert "hidden" not in field  # which its script has seen to
    assert re.search(r"<title>On call: &lt;img ", seen.stdout)
    assert "<img" not in seen.stdout


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_never_scrolls_sideways_and_charts_do(probed: Probed, hostile: str, width: int) -> None:
    facts = probed(hostile, PROBE, width)

    assert facts["faults"] == []
    assert (facts["images"], facts["title"]) == (0, f"On call: {NASTY}")
    assert facts["width"] == width
    assert max(facts["page"], facts["body"]) <= width
    assert facts["chart"] >= 840


def test_views_and_the_filter_work(probed: Probed, spring: SimpleNamespace) -> None:
    facts = probed(spring.pages["index.html"], PROBE, 1280)

    assert (facts["weeks"], facts["months"]) == ([True, False], [False, True])
    assert facts["all"] == facts["after"] == ["quay-deck", "tide-sun", "tide-desk"]
    assert facts["filtered"] == ["quay-deck"]
    assert facts["found"] == 2  # Dee's one shift, in both views


def test_dark_and_light_have_colours_of_their_own(probed: Probed, spring: SimpleNamespace) -> None:
    light = probed(spring.pages["index.html"], PROBE, 1280, "--blink-settings=preferredColorScheme=1")
    dark = probed(spring.pages["index.html"], PROBE, 1280, "--blink-settings=preferredColorScheme=0")

    assert light["fill"] != dark["fill"]
