"""The rows of a strip: days, what is behind the bars, both lanes, and what is said of single instants."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from oncall.drawing.days import Band, Grid
from oncall.drawing.labels import text_width
from oncall.drawing.markup import Markup, element, join, pixels
from oncall.drawing.words import MONTHS, WEEKDAYS, day_text, moment_text
from oncall.preview.bars import Box, lane_bars, lane_height
from oncall.preview.hand_bars import Placed, hand_bars, hand_height, taken
from oncall.preview.pictures import Lane, Picture
from oncall.shifts.clock import to_wall

WIDE, NARROW = 1000, 350
"""The widths of strips in pixels: of a desk and of a phone."""
LABELS = {WIDE: 58, NARROW: 50}
_ROOMY, _TIGHT = 26, 22  # pixels that a usual shift should have, and must have
_ALL, _MONTH, _FORTNIGHT, _WEEK, _PART = 35, 28, 14, 7, 4
_MOST_ROWS = {WIDE: 6, NARROW: 8}
NOTE, _BETWEEN, AFTER = 15, 9, 20
_MONTH_WIDTH = 68  # of `Nov 2026`


@dataclass(frozen=True, slots=True)
class Frame:
    """What all rows of a strip share: how wide it is, and the names and colours of people."""

    picture: Picture
    width: int
    names: Mapping[str, tuple[str, ...]]
    colours: Mapping[str, int]
    slots: Mapping[str, int]
    prefix: str
    by_hand: tuple[Placed, ...] = ()

    @property
    def left(self) -> int:
        """Where days begin."""
        return LABELS[self.width]


def rows(frame: Frame) -> Iterator[tuple[list[Grid], str | None]]:
    """Give the rows of days one by one; those that are not drawn together, with what there is to say of them."""
    picture = frame.picture

    def differs(grid: Grid) -> bool:
        spans = [(one.start, one.end) for one in picture.changes] + [(one.start, one.end) for one in picture.by_hand]
        return any(grid.shows(start, end) for start, end in spans)

    whole = [grid for grid in _grids(frame) if grid.shows(picture.start, picture.end)]
    changed = [grid for grid in whole if differs(grid)][: _MOST_ROWS[frame.width]]
    for kind, some in groupby(whole, lambda grid: (grid in changed, differs(grid))):
        grids = list(some)
        if kind[0]:
            yield from (([grid], None) for grid in grids)
        else:
            yield grids, "more changes" if kind[1] else "as before" if picture.first is not None else "nothing by hand"


def _grids(frame: Frame) -> list[Grid]:
    picture = frame.picture
    first, last = (to_wall(at, picture.zone).date() for at in (picture.start, picture.end - timedelta(seconds=1)))
    days = (last - first).days + 1
    room = frame.width - frame.left
    usual = _usual_shift(picture)
    fitting = [
        count
        for count in (days, _MONTH, _FORTNIGHT)
        if count <= min(days, _ALL) and room / count >= _ROOMY and room / count * usual >= _ROOMY
    ]
    count = fitting[0] if fitting else _WEEK
    if count == _WEEK and room / count * usual < _TIGHT:
        return [_grid(first + timedelta(days=start), _PART, picture.zone) for start in range(0, days, _PART)]
    if count == days:
        return [_grid(first, days, picture.zone)]
    monday = first - timedelta(days=first.weekday())
    return [_grid(monday + timedelta(days=start), count, picture.zone) for start in range(0, days + 7, count)]


def _grid(first: date, count: int, zone: str) -> Grid:
    return Grid(tuple(first + timedelta(days=number) for number in range(count)), zone)


def _usual_shift(picture: Picture) -> float:
    """Return the length of a middling shift in days."""
    sides = [side for side in (picture.before, picture.after) if side is not None]
    lengths = sorted(shift.end - shift.start for side in sides for shift in side.shifts)
    return lengths[len(lengths) // 2] / timedelta(days=1) if lengths else 1.0


def row(frame: Frame, grid: Grid, top: int) -> tuple[Markup, int]:
    """Return a row of days from `top` down, and where the next may begin."""
    picture = frame.picture
    room = frame.width - frame.left
    heads, below = _heads(frame, grid, top)
    notes, lines = _notes(frame, grid, below)
    lanes_top = below + lines * NOTE + 4
    height = lane_height(frame.slots)
    lanes = _lanes(picture)
    tops = [lanes_top + number * (height + _BETWEEN) for number in range(len(lanes))]
    lanes_end = tops[-1] + height
    box = Box(grid, frame.left, room, max(grid.start, picture.start), min(grid.end, picture.end))
    hand = [each for each in frame.by_hand if box.shows(each.one.start, each.one.end)]
    hand_band = Band(lanes_end + _BETWEEN, hand_height(frame.by_hand))
    bottom = hand_band.top + hand_band.height if hand else lanes_end
    drawn: list[Markup | None] = [_days(frame, grid, below, bottom)]
    drawn += [
        element(
            "rect",
            class_="stretch",
            **box.across(one.start, one.end),
            y=lanes_top - 4,
            height=lanes_end - lanes_top + 8,
        )
        for one in picture.changes
        if box.shows(one.start, one.end)
    ]
    drawn += _lines(frame, grid, below, bottom, ("now", "first"))
    for (word, lane, marked), at in zip(lanes, tops, strict=True):
        drawn.append(element("text", word, class_="side", x="0", y=pixels(at + height / 2 + 4)))
        band = Band(at, height)
        drawn.append(
            lane_bars(box, band, lane, picture.changes, marked, frame.names, frame.colours, frame.slots, frame.prefix)
        )
    if hand:
        drawn.append(
            element("text", "by hand", class_="side by", x="0", y=pixels(hand_band.top + hand_band.height / 2 + 4))
        )
        drawn += [taken(box, Band(top, height), hand, frame.prefix) for top in tops]
        drawn.append(hand_bars(box, hand_band, hand, frame.names, frame.colours, frame.prefix))
    drawn += [*_lines(frame, grid, below, bottom, ("clock",)), heads, notes]
    return join(drawn), int(bottom) + AFTER


def _lanes(picture: Picture) -> tuple[tuple[str, Lane | None, str], ...]:
    """Return the lanes with their names, and how what only they have stands out."""
    if picture.first is None:
        return (("on call", picture.after, "new"),)
    return (("before", picture.before, "gone"), ("after", picture.after, "new"))


def _heads(frame: Frame, grid: Grid, top: int) -> tuple[Markup, int]:
    """Return the names of the days, and where they end."""
    share = (frame.width - frame.left) / len(grid.days)
    found = []
    for number, day in enumerate(grid.days):
        x = pixels(frame.left + number * share + 4)
        kind = "head end" if day.weekday() > 4 else "head"
        new = number == 0 or day.day == 1
        if share >= 74:
            said = day_text(day) if new else f"{WEEKDAYS[day.weekday()]} {day.day}"
            found.append(element("text", said, class_=kind, x=x, y=top + 10))
            continue
        if new:
            crowded = any(after.day == 1 for after in grid.days[number + 1 : number + 1 + int(_MONTH_WIDTH / share)])
            said = MONTHS[day.month - 1] if crowded else f"{MONTHS[day.month - 1]} {day.year}"
            found.append(element("text", said, class_="head month", x=x, y=top + 10))
        found.append(element("text", WEEKDAYS[day.weekday()][: 3 if share >= 30 else 2], class_=kind, x=x, y=top + 24))
        found.append(element("text", str(day.day), class_=kind, x=x, y=top + 37))
    return join(found), top + (16 if share >= 74 else 43)


def _notes(frame: Frame, grid: Grid, top: int) -> tuple[Markup, int]:
    """Return what is said of single instants, in as many lines as they need."""
    ends: list[float] = []
    found = []
    for instant, said, kind in _moments(frame, grid):
        at = frame.left + grid.place(instant) / 100 * (frame.width - frame.left)
        length = text_width(said) + 10
        right = at + length > frame.width
        start = max(at - length, 0) if right else at
        line = next((number for number, end in enumerate(ends) if end <= start), len(ends))
        ends[line : line + 1] = [start + length]
        x, anchor = (pixels(start + length - 5), "end") if right else (pixels(start + 5), "start")
        found.append(element("text", said, class_=f"note {kind}", x=x, y=top + line * NOTE + 11, text_anchor=anchor))
    return join(found), len(ends)


def _moments(frame: Frame, grid: Grid) -> list[tuple[datetime, str, str]]:
    """Return the instants of a row that are marked: now, the first change, clocks that change."""
    picture = frame.picture
    found = [(at, text, "clock") for at, text in picture.clock_changes]
    if picture.first is not None:
        found.append((picture.first, f"first change {moment_text(picture.first, picture.zone)}", "first"))
    if picture.first is None or picture.first - picture.now > timedelta(0):
        found.append((picture.now, "now", "now"))
    return sorted(one for one in found if grid.start <= one[0] < grid.end)


def _lines(frame: Frame, grid: Grid, top: int, bottom: float, kinds: Sequence[str]) -> Iterator[Markup]:
    for instant, _, kind in _moments(frame, grid):
        if kind not in kinds:
            continue
        at = pixels(frame.left + grid.place(instant) / 100 * (frame.width - frame.left))
        yield element("line", class_=f"mark {kind}", x1=at, x2=at, y1=top + 2, y2=pixels(bottom + 4))
        if kind == "first":
            yield element("path", class_="flag", d=f"M{at} {pixels(bottom + 4)}l-5 7h10z")


def _days(frame: Frame, grid: Grid, top: int, bottom: float) -> Markup:
    """Return what is behind the bars: weekends, lines between days, time that is not looked at."""
    share = (frame.width - frame.left) / len(grid.days)
    found = []
    for number, day in enumerate(grid.days):
        x = pixels(frame.left + number * share)
        if day.weekday() > 4:
            found.append(
                element("rect", class_="weekend", x=x, y=top, width=pixels(share), height=pixels(bottom - top + 4))
            )
        found.append(element("line", class_="rule", x1=x, x2=x, y1=top, y2=pixels(bottom + 4)))
    for start, end in ((grid.start, frame.picture.start), (frame.picture.end, grid.end)):
        if start < end:
            left, right = (frame.left + grid.place(at) / 100 * (frame.width - frame.left) for at in (start, end))
            place = {"x": pixels(left), "width": pixels(right - left), "height": pixels(bottom - top + 4)}
            found.append(element("rect", class_="out", y=top, **place))
    return join(found)
