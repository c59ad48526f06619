"""Overrides that people made by hand at the vendors, on a strip: a lane of their own below what the inventory says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall.drawing.days import Band
from oncall.drawing.markup import Markup, element, join, pixels
from oncall.drawing.words import span_text, visible
from oncall.preview.bars import SHARED, SLOT, Box, label
from oncall.preview.model import ByHand
from oncall.shifts.intervals import merge
from oncall.targets.checks import TITLES


@dataclass(frozen=True, slots=True)
class Placed:
    """An override and which part of the lane it has: those at one time stand below one another."""

    one: ByHand
    slot: int


def placed(some: Sequence[ByHand]) -> tuple[Placed, ...]:
    """Return overrides by their start, each in the first part of the lane that is free."""
    ends: list[datetime] = []
    found = []
    for one in sorted(some, key=lambda one: (one.start, one.end, one.vendor, one.who)):
        slot = next((number for number, end in enumerate(ends) if end <= one.start), len(ends))
        ends[slot : slot + 1] = [one.end]
        found.append(Placed(one, slot))
    return tuple(found)


def hand_height(some: Sequence[Placed]) -> int:
    """Return the height of the lane in pixels, 0 without any override."""
    count = len({each.slot for each in some})
    return SLOT if count == 1 else count * SHARED


def hand_bars(
    box: Box,
    band: Band,
    some: Sequence[Placed],
    names: Mapping[str, Sequence[str]],
    colours: Mapping[str, int],
    prefix: str,
) -> Markup:
    """Return the overrides on a row: dots and a broken outline, whoever it is; grey for people not in the inventory."""
    count = max(each.slot for each in some) + 1
    height = band.height / count
    drawn: list[Markup | None] = []
    for each in some:
        one = each.one
        across = box.across(one.start, one.end)
        top = band.top + each.slot * height
        who = visible(one.who)
        said = f"{who}, by hand at {TITLES[one.vendor]}, {span_text(one.start, one.end, box.grid.zone)}"
        place = {**across, "y": pixels(top), "height": pixels(height - 1), "rx": "4"}
        known = one.person is not None and one.person in colours
        kind = f"bar p{colours[one.person]}" if known and one.person is not None else "bar stranger"
        drawn.append(element("rect", element("title", said), class_=kind, **place))
        drawn.append(element("rect", class_="hand", fill=f"url(#{prefix}-hand)", **place))
        shorter = names.get(one.person, ()) if one.person is not None else ()
        drawn.append(label((f"{who} ({TITLES[one.vendor]})", *(shorter or (who,))), across, top, height))
    return join(drawn)


def taken(box: Box, band: Band, some: Sequence[Placed], prefix: str) -> Markup:
    """Return what lies over shifts that do not hold: dots, where somebody has taken the whole schedule by hand."""
    place = {"y": pixels(band.top), "height": pixels(band.height - 1)}
    title = element("title", "somebody else is on call by hand")
    return join(
        element("rect", title, fill=f"url(#{prefix}-hand)", **box.across(start, end), **place)
        for start, end in merge((each.one.start, each.one.end) for each in some if each.one.whole)
    )
