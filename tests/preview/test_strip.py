"""What is drawn of a schedule that changes."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from oncall.cli.load import check_document
from oncall.drawing.colours import INK
from oncall.model.escalation import ScheduleRef
from oncall.preview.compute import preview
from oncall.preview.live import with_live
from oncall.preview.model import ByHand, Live, Preview, Side
from oncall.preview.page import strip_files
from oncall.preview.pictures import Picture, pictures
from oncall.preview.strip import strip, strip_style
from oncall.preview.strip_rows import NARROW, WIDE
from oncall.source import read

SAMPLE = (Path(__file__).resolve().parents[2] / "inventory.yaml").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NASTY = "<img src=x onerror=alert(1)> ]]> \u202eevil & 'co' @channel"
OVERRIDE = (
    "overrides:\n",
    "overrides:\n  - {schedule: payments/primary, person: nia, from: 2026-12-02 09:00, to: 2026-12-03 18:00}\n",
)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(
    *edits: tuple[str, str], now: datetime = NOW, days: int = 28, by_hand: tuple[ByHand, ...] = ()
) -> tuple[Preview, tuple[Picture, ...]]:
    text = SAMPLE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    base, head = (check_document(read([("inventory.yaml", some.encode())]), now) for some in (SAMPLE, text))
    found = preview(*(Side(each.inventory, each.problems) for each in (base, head)), now, days)
    assert found.usable, found.new_problems
    if by_hand:
        found = with_live(found, Live(("pagerduty", "opsgenie"), by_hand=by_hand), {})
    return found, pictures(found, base.inventory, head.inventory)


def one_strip(
    *edits: tuple[str, str], now: datetime = NOW, days: int = 28, by_hand: tuple[ByHand, ...] = ()
) -> ET.Element:
    found, some = drawn(*edits, now=now, days=days, by_hand=by_hand)
    (text,) = strip_files(found, some).values()
    return ET.fromstring(text)


def by_hand(start: str, end: str, who: str = "Nia Costa", person: str | None = "nia", **more: Any) -> ByHand:
    """An override of Payments primary; times of December in UTC."""
    first, last = (datetime.strptime(f"2026-12-{at} +0000", "%Y-%m-%d %H:%M %z") for at in (start, end))
    vendor = more.pop("vendor", "pagerduty")
    ref = ScheduleRef("payments", "primary")
    return ByHand(vendor, ref, "Payments primary", "Europe/Paris", first, last, who, person, **more)


def span(node: ET.Element) -> tuple[float, float]:
    start = float(node.get("x") or 0)
    return start, start + float(node.get("width") or 0)


def texts(root: ET.Element) -> list[str]:
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [node for node in root.iter() if name in (node.get("class") or "").split()]


def test_what_is_taken_over_is_outlined_below_what_is_given_away() -> None:
    root = one_strip(OVERRIDE)
    (stretch,) = of_class(root, "stretch")
    new, _legend = of_class(root, "new")
    gone, _ = (node for node in root.iter() if node.get("fill") == "url(#strip-gone)")

    start, width = float(stretch.get("x") or 0), float(stretch.get("width") or 0)
    assert 0 < width < 60  # a day and nine hours of 29 days
    for mark in (new, gone):
        left, right = float(mark.get("x") or 0), float(mark.get("x") or 0) + float(mark.get("width") or 0)
        assert start - 0.2 <= left < right <= start + width + 0.2
    assert float(gone.get("y") or 0) < float(new.get("y") or 0)
    assert "first change Wed 2 Dec 09:00" in texts(root)
    assert "Nia" in texts(root)
    assert root.findtext(f"{SVG}title") == "Payments primary, before and after"
    said = "Wed 2 Dec 09:00 to Thu 3 Dec 18:00: Lea Moreau before, Nia Costa after."
    assert said in (root.findtext(f"{SVG}desc") or "")


def test_hours_of_nobody_have_a_pattern_and_the_word() -> None:
    until = (
        "hand_off: Tue 10:00\n            since: 2026-10-06\n",
        "hand_off: Tue 10:00\n            since: 2026-10-06\n            until: 2026-12-08 10:00\n",
    )
    root = one_strip(until)
    (gap,) = of_class(root, "gap-box")

    assert gap.get("fill") == "url(#strip-gap)"
    assert texts(root).count("nobody") == 2  # on the lane and in the legend
    assert "nobody after" in (root.findtext(f"{SVG}desc") or "")


def test_a_clock_change_is_marked() -> None:
    edit = (OVERRIDE[0], OVERRIDE[1].replace("2026-12-02", "2027-03-29").replace("2026-12-03", "2027-03-30"))
    root = one_strip(edit, now=datetime(2027, 3, 20, 12, tzinfo=UTC))

    assert "clocks go forward 02:00→03:00" in texts(root)
    assert len(of_class(root, "clock")) == 2


def test_so_are_those_of_regions_with_their_zone() -> None:
    edit = (
        "overrides:\n",
        "overrides:\n  - {schedule: edge/sun, person: kim, from: 2027-03-29 09:00, to: 2027-03-29 12:00}\n",
    )
    _, (picture,) = drawn(edit, now=datetime(2027, 3, 1, 12, tzinfo=UTC), days=35)

    assert [text for _, text in picture.clock_changes] == [
        "America/New_York: clocks go forward 02:00→03:00",
        "Europe/Berlin: clocks go forward 02:00→03:00",
    ]


def test_a_schedule_that_is_new_has_nothing_before() -> None:
    edit = (
        "    schedules:\n      primary:\n        rotations:\n          weekly:\n            people: [lea, max]\n",
        "    schedules:\n      spare:\n        rotations:\n"
        "          weekly: {people: [max, lea], turn: 1 week, hand_off: Tue 10:00, since: 2026-10-06}\n"
        "      primary:\n        rotations:\n          weekly:\n            people: [lea, max]\n",
    )
    root = one_strip(edit)

    assert texts(root).count("no such schedule") == 1
    assert not of_class(root, "gap-box")


def test_weeks_in_which_nothing_changes_are_one_line() -> None:
    found, (picture,) = drawn(OVERRIDE)
    narrow = strip(picture, found.names, dict.fromkeys(picture.people, 0), NARROW)

    assert "Mon 7 Dec to Sun 20 Dec: as before" in narrow
    assert narrow.count(">before<") == 1


def test_initials_are_told_whose_they_are() -> None:
    found, (picture,) = drawn(("people: [hana, ivo]", "people: [ivo, hana]\n            rollout: now"))
    narrow = strip(picture, found.names, dict.fromkeys(picture.people, 0), NARROW)
    wide = strip(picture, found.names, dict.fromkeys(picture.people, 0), WIDE)

    assert ">HT<" in narrow
    assert "HT Hana Tan" in narrow
    assert ">Hana<" in wide
    assert "HT Hana Tan" not in wide


def test_rows_beyond_the_most_are_told() -> None:
    found, (picture,) = drawn(("people: [hana, ivo]", "people: [ivo, hana]\n            rollout: now"), days=56)
    wide = strip(picture, found.names, dict.fromkeys(picture.people, 0), WIDE)

    assert ": more changes" in wide
    assert wide.count(">before<") == 6


def test_a_change_far_away_is_drawn_from_the_week_before_it() -> None:
    edit = (OVERRIDE[0], OVERRIDE[1].replace("2026-12-02", "2027-05-05").replace("2026-12-03", "2027-05-06"))
    found, (picture,) = drawn(edit)

    assert not found.shifts
    assert picture.first - timedelta(days=14) < picture.start < picture.first - timedelta(days=7) + timedelta(hours=1)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_hostile_names_stay_text(width: int) -> None:
    found, (picture,) = drawn(OVERRIDE, ("name: Lea Moreau,", f"name: {json.dumps(NASTY)},"))
    made = strip(picture, found.names, dict.fromkeys(picture.people, 0), width)
    root = ET.fromstring(made)

    assert not list(root.iter("img"))
    assert "\u202e" not in made
    assert "[U+202E]evil & 'co' @channel" in (root.findtext("desc") or "")


def test_ink_is_the_one_that_colours_are_held_to() -> None:
    light, dark = strip_style().split("@media")
    assert [f".strip .name {{ fill: {ink};" in sheet for ink, sheet in zip(INK, (light, dark), strict=True)] == [
        True
    ] * 2


def test_overrides_made_by_hand_have_a_lane_below_and_dots_over_what_does_not_hold() -> None:
    root = one_strip(OVERRIDE, by_hand=(by_hand("02 08:00", "03 17:00", "Max Dubois", "max"),))
    bar, legend = of_class(root, "hand")
    (stretch,) = of_class(root, "stretch")
    dotted = [node for node in root.iter(f"{SVG}rect") if node.get("fill") == "url(#strip-hand)"]

    assert span(bar) == span(stretch)  # the edit's override has the same hours, by the clock of Paris
    assert float(bar.get("y") or 0) > max(float(node.get("y") or 0) for node in of_class(root, "new")[:-1])
    assert len(dotted) == 4  # before, after, by hand, the legend
    assert len({span(node) for node in dotted if node is not legend}) == 1
    assert "by hand" in texts(root)
    assert "made by hand at a vendor" in texts(root)
    titles = [node.text or "" for node in root.iter(f"{SVG}title")]
    assert titles.count("Max Dubois, by hand at PagerDuty, Wed 2 Dec 09:00 to Thu 3 Dec 18:00") == 1
    assert "Max Dubois by hand at PagerDuty." in (root.findtext(f"{SVG}desc") or "")


def test_people_keep_their_colour_and_somebody_unknown_is_grey_and_told_by_name() -> None:
    some = (
        by_hand("02 08:00", "09 17:00", "Max Dubois", "max"),
        by_hand("03 08:00", "10 17:00", "Zed", None, vendor="opsgenie"),
    )
    root = one_strip(OVERRIDE, by_hand=some)
    (grey,) = of_class(root, "stranger")
    upper, lower, _ = of_class(root, "hand")
    bars = [
        node.get("class") for node in of_class(root, "bar") if (node.findtext(f"{SVG}title") or "").startswith("Max")
    ]

    assert (len(bars) > 2, len(set(bars))) == (True, 1)
    assert grey.findtext(f"{SVG}title", "").startswith("Zed, by hand at OpsGenie, ")
    assert float(upper.get("y") or 0) < float(lower.get("y") or 0)
    assert "Zed (OpsGenie)" in texts(root)


def test_a_part_of_a_schedule_taken_by_hand_leaves_the_rest_as_it_is() -> None:
    root = one_strip(OVERRIDE, by_hand=(by_hand("02 08:00", "03 17:00", whole=False),))

    assert len([node for node in root.iter(f"{SVG}rect") if node.get("fill") == "url(#strip-hand)"]) == 2


def test_a_schedule_that_nobody_edits_is_drawn_for_what_was_made_by_hand() -> None:
    root = one_strip(by_hand=(by_hand("02 08:00", "03 17:00"),))
    said = texts(root)

    assert root.findtext(f"{SVG}title") == "Payments primary, with what was made by hand"
    assert [word for word in said if word in ("before", "after", "on call", "by hand")] == ["on call", "by hand"]
    assert [word for word in said if word in ("given away", "taken over")] == []
    assert not [text for text in said if text.startswith("first change")]


def test_weeks_without_anything_by_hand_are_one_line() -> None:
    found, (picture,) = drawn(by_hand=(by_hand("02 08:00", "03 17:00"),))
    narrow = strip(picture, found.names, dict.fromkeys(picture.people, 0), NARROW)

    assert "Mon 7 Dec to Sun 20 Dec: nothing by hand" in narrow
    assert narrow.count(">on call<") == 1


def test_one_made_by_hand_that_is_far_away_is_drawn_from_the_week_before_it() -> None:
    far = replace(by_hand("02 08:00", "03 17:00"), start=NOW + timedelta(days=200), end=NOW + timedelta(days=201))
    _, (picture,) = drawn(by_hand=(far,), days=400)

    assert picture.by_hand == (far,)
    assert far.start - timedelta(days=15) < picture.start < far.start - timedelta(days=6)


def test_overrides_beyond_what_is_drawn_are_not_on_it() -> None:
    far = (OVERRIDE[0], OVERRIDE[1].replace("2026-12-02", "2027-05-05").replace("2026-12-03", "2027-05-06"))
    found, (picture,) = drawn(far, by_hand=(by_hand("02 08:00", "03 17:00"),))

    assert picture.by_hand == ()
    assert "by hand" not in strip(picture, found.names, dict.fromkeys(picture.people, 0), WIDE)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_whatever_a_vendor_calls_somebody_stays_text(width: int) -> None:
    found, (picture,) = drawn(by_hand=(by_hand("02 08:00", "18 17:00", NASTY, None),))
    made = strip(picture, found.names, dict.fromkeys(picture.people, 0), width)
    root = ET.fromstring(made)

    assert not list(root.iter("img"))
    assert "\u202e" not in made
    assert "[U+202E]evil & 'co' @channel by hand at PagerDuty." in (root.findtext("desc") or "")
