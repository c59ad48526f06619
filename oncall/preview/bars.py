"""The bars of a strip: people's shifts on a lane, what of them changes hands, and when nobody is there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall.drawing.days import Band, Grid
from oncall.drawing.gaps import Gap
from oncall.drawing.labels import fitted, text_width
from oncall.drawing.markup import Markup, element, join, pixels
from oncall.drawing.words import span_text
from oncall.preview.model import ShiftChange
from oncall.preview.pictures import Lane, Picture
from oncall.shifts.intervals import Intervals, intersect, merge
from oncall.shifts.timeline import Shift

SLOT = 24  # pixels of a bar, where one person at a time is on call
SHARED = 19  # and where several are
_ROOMY = 60  # where a name that is cut off says more than two letters
_PADDING = 10
_AGAIN = 380  # a name is said again so far on, for screens that show only a part


@dataclass(frozen=True, slots=True)
class Box:
    """A row of days `width` pixels wide, of which the time from `start` to `end` is drawn."""

    grid: Grid
    left: float
    width: float
    start: datetime
    end: datetime

    def shows(self, start: datetime, end: datetime) -> bool:
        """Whether any of a stretch of time is drawn."""
        return start < self.end and self.start < end

    def across(self, start: datetime, end: datetime) -> dict[str, str]:
        """Return where a stretch of time is: x and width."""
        x, right = (self.place(min(max(at, self.start), self.end)) for at in (start, end))
        return {"x": pixels(x), "width": pixels(right - x)}

    def place(self, instant: datetime) -> float:
        """Return the x of an instant."""
        return self.left + self.grid.place(instant) / 100 * self.width


def slots(picture: Picture) -> dict[str, int]:
    """Return which part of a lane each rotation has: one of its own where they ever run at once, on either side."""
    together: dict[str, set[str]] = defaultdict(set)
    for side in (picture.before, picture.after):
        running: list[Shift] = []
        for shift in side.shifts if side is not None else ():
            running = [each for each in running if each.end > shift.start]
            for each in running:
                if each.rotation != shift.rotation:
                    together[shift.rotation].add(each.rotation)
                    together[each.rotation].add(shift.rotation)
            running.append(shift)
            together.setdefault(shift.rotation, set())
    found: dict[str, int] = {}
    for rotation, others in together.items():
        taken = {found[other] for other in others if other in found}
        found[rotation] = next(number for number in range(len(together)) if number not in taken)
    return found


def lane_height(slots: Mapping[str, int]) -> int:
    """Return the height of a lane in pixels."""
    count = max(slots.values(), default=0) + 1
    return SLOT if count == 1 else count * SHARED


def lane_bars(
    box: Box,
    band: Band,
    lane: Lane | None,
    changes: Sequence[ShiftChange],
    marked: str,
    names: Mapping[str, Sequence[str]],
    colours: Mapping[str, int],
    slots: Mapping[str, int],
    prefix: str,
) -> Markup:
    """Return a side of a schedule on a row. `marked` is `gone` or `new`: how those stand out whom only it has."""
    if lane is None:
        said = "no such schedule"
        return element("text", said, class_="soft", x=pixels(box.left + 6), y=pixels(band.top + band.height / 2 + 4))
    height = band.height / (max(slots.values(), default=0) + 1)
    bars = [_gap(box, band, gap, prefix) for gap in lane.gaps if box.shows(gap.start, gap.end)]
    marks: list[Markup] = []
    texts: list[Markup | None] = []
    for shift in lane.shifts:
        if not box.shows(shift.start, shift.end):
            continue
        top = band.top + slots[shift.rotation] * height
        across = box.across(shift.start, shift.end)
        said = f"{names[shift.person][0]}, {span_text(shift.start, shift.end, box.grid.zone)}"
        place = {"y": pixels(top), "height": pixels(height - 1)}
        kind = f"bar p{colours[shift.person]}"
        bars.append(element("rect", element("title", said), class_=kind, **across, **place, rx="4"))
        for start, end in _only_here(shift, changes, marked):
            if not box.shows(start, end):
                continue
            if marked == "gone":
                marks.append(element("rect", **box.across(start, end), **place, rx="4", fill=f"url(#{prefix}-gone)"))
            else:
                marks.append(_outline(box, start, end, top, height))
        texts.append(label(names[shift.person], across, top, height))
    return join([*bars, *marks, *texts])


def _only_here(shift: Shift, changes: Sequence[ShiftChange], side: str) -> Intervals:
    """Return the parts of a shift in which its person is on call on this side only."""
    mine = merge(
        (one.start, one.end)
        for one in changes
        if shift.person not in (one.after if side == "gone" else one.before)
        and one.start < shift.end
        and shift.start < one.end
    )
    return intersect(((shift.start, shift.end),), mine)


def _outline(box: Box, start: datetime, end: datetime, top: float, height: float) -> Markup:
    x, right = (box.place(min(max(at, box.start), box.end)) for at in (start, end))
    inner = max(right - x - 3, 0.5)
    return element(
        "rect",
        class_="new",
        x=pixels(x + 1.5),
        y=pixels(top + 1.5),
        width=pixels(inner),
        height=pixels(height - 4),
        rx="3",
    )


def _gap(box: Box, band: Band, gap: Gap, prefix: str) -> Markup:
    kind = "fine" if gap.accepted else "gap"
    said = f"nobody is on call ({gap.accepted})" if gap.accepted else "nobody is on call"
    across = box.across(gap.start, gap.end)
    place = {"y": pixels(band.top), "height": pixels(band.height - 1)}
    title = element("title", f"{said}, {span_text(gap.start, gap.end, box.grid.zone)}")
    parts = [element("rect", title, class_=f"{kind}-box", **across, **place, rx="3", fill=f"url(#{prefix}-{kind})")]
    room = text_width("nobody") * 1.15 + 8
    if not gap.accepted and float(across["width"]) > room + 4:
        middle, left = band.top + band.height / 2, float(across["x"])
        plate = {"x": pixels(left + 4), "y": pixels(middle - 8), "width": pixels(room), "height": "15", "rx": "3"}
        parts.append(element("rect", class_="plate", **plate))
        parts.append(element("text", "nobody", class_="none", x=pixels(left + 8), y=pixels(middle + 3.5)))
    return join(parts)


def label(names: Sequence[str], across: Mapping[str, str], top: float, height: float) -> Markup | None:
    """Return the first of a person's names for which there is room, again along a bar that is very long."""
    room = float(across["width"]) - _PADDING
    said = next((name for name in names if text_width(name) <= room), None)
    if said is None and room >= _ROOMY:
        said = fitted(names[0], room)
    if said is None:
        return None
    times = max(int(room // _AGAIN), 1)
    places = [6 + number * (room / times) for number in range(times)]
    # Letters of this machine may be wider than those reckoned with: what is too long is cut off at the bar's end.
    texts = (element("text", said, class_="name", x=pixels(x), y=pixels(height / 2 + 3.5)) for x in places)
    return element("svg", *texts, **across, y=pixels(top), height=pixels(height))
