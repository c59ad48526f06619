"""A strip: the next weeks of a schedule that changes, before above after, as SVG.

Nothing is said by colour alone: people are named on their bars, what is given away is hatched, what is taken over has
an outline, hours of nobody a pattern. The same picture gives the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby

from oncall.drawing.colours import FILLS
from oncall.drawing.days import Band, Grid
from oncall.drawing.document import asset
from oncall.drawing.labels import fitted, short_names, text_width
from oncall.drawing.markup import Markup, element, join, pixels, trusted
from oncall.drawing.words import MONTHS, WEEKDAYS, day_text, moment_text, span_text, visible
from oncall.preview.bars import Box, lane_bars, lane_height, slots
from oncall.preview.pictures import Picture
from oncall.shifts.clock import to_wall

WIDE, NARROW = 1000, 350
"""The widths of strips in pixels: of a desk and of a phone."""
_LABELS = {WIDE: 58, NARROW: 50}
_MARGIN = 16  # around a strip that stands alone
_ROOMY, _TIGHT = 26, 22  # pixels that a usual shift should have, and must have
_ALL, _MONTH, _FORTNIGHT, _WEEK, _PART = 35, 28, 14, 7, 4
_MOST_ROWS = {WIDE: 6, NARROW: 8}
_NOTE, _BETWEEN, _AFTER = 15, 6, 20
_MONTH_WIDTH = 68  # of `Nov 2026`
_TOLD = 12  # changes that are read out


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all rows of a strip share: how wide it is, and the names and colours of people."""

    picture: Picture
    width: int
    names: Mapping[str, tuple[str, ...]]
    colours: Mapping[str, int]
    slots: Mapping[str, int]
    prefix: str

    @property
    def left(self) -> int:
        """Where days begin."""
        return _LABELS[self.width]


def strip(
    picture: Picture, names: Mapping[str, str], colours: Mapping[str, int], width: int = WIDE, prefix: str = "strip"
) -> Markup:
    """Return a strip for a page that has `strip_style`; `prefix` begins its ids, which must be the page's own."""
    drawn, height = _body(picture, names, colours, width, prefix)
    return _svg(picture, names, prefix, drawn, (0, 0, width, height))


def strip_file(picture: Picture, names: Mapping[str, str], colours: Mapping[str, int]) -> str:
    """Return a strip as a file of its own, with a ground to stand on in light and dark."""
    drawn, height = _body(picture, names, colours, WIDE, "strip")
    box = (-_MARGIN, -_MARGIN, WIDE + 2 * _MARGIN, height + 2 * _MARGIN + _AFTER)
    ground = element("rect", class_="ground", x=box[0], y=box[1], width=box[2], height=box[3], rx="10")
    style = element("style", trusted(strip_style()))
    legend = _legend(height + 8)
    return (
        f"{_svg(picture, names, 'strip', [style, ground, *drawn, legend], box, xmlns='http://www.w3.org/2000/svg')}\n"
    )


@cache
def strip_style() -> str:
    """Return the style sheet of strips."""
    light, dark = (
        "".join(f".strip .p{number} {{ fill: {fill[scheme]}; }}\n" for number, fill in enumerate(FILLS))
        for scheme in (0, 1)
    )
    sheet, _, night = asset("preview", "strip.css").partition("/* dark */\n")
    return f"{sheet}{light}@media screen and (prefers-color-scheme: dark) {{\n{night}{dark}}}\n"


def _svg(
    picture: Picture,
    names: Mapping[str, str],
    prefix: str,
    drawn: Sequence[Markup | None],
    box: tuple[int, int, int, int],
    **more: str,
) -> Markup:
    title = element("title", f"{visible(picture.name)}, before and after", id=f"{prefix}-title")
    desc = element("desc", _told(picture, names), id=f"{prefix}-desc")
    return element(
        "svg",
        title,
        desc,
        *drawn,
        class_="strip",
        role="img",
        aria_labelledby=f"{prefix}-title {prefix}-desc",
        viewBox=" ".join(map(str, box)),
        width=box[2],
        height=box[3],
        **more,
    )


def _told(picture: Picture, names: Mapping[str, str]) -> str:
    """Return what the picture shows, for those who don't see it."""

    def said(people: Sequence[str]) -> str:
        return ", ".join(visible(names.get(key, key)) for key in people) or "nobody"

    parts = [
        f"{span_text(one.start, one.end, picture.zone)}: {said(one.before)} before, {said(one.after)} after."
        for one in picture.changes[:_TOLD]
    ]
    left = len(picture.changes) - len(parts)
    if left > 0:
        parts.append(f"And {left} more.")
    return " ".join([f"Times in {picture.zone}.", *parts])


def _body(
    picture: Picture, names: Mapping[str, str], colours: Mapping[str, int], width: int, prefix: str
) -> tuple[list[Markup], int]:
    people = {key: visible(names.get(key, key)) for key in sorted(picture.people)}
    frame = _Frame(picture, width, _names(people), colours, slots(picture), prefix)
    zone = f"times in {picture.zone}"
    title = fitted(visible(picture.name), (width - text_width(zone) - 20 if width == WIDE else width) / 1.2)
    drawn = [patterns(prefix), element("text", title, class_="title", x="0", y="15")]
    top = 30
    if width == WIDE:
        drawn.append(element("text", zone, class_="soft", x=width, y="15", text_anchor="end"))
    else:
        drawn.append(element("text", zone, class_="soft", x="0", y="32"))
        top = 44
    for grids, said in _rows(frame):
        if said is None:
            part, top = _row(frame, grids[0], top)
            drawn.append(part)
        else:
            text = f"{day_text(grids[0].days[0])} to {day_text(grids[-1].days[-1])}: {said}"
            drawn.append(element("text", text, class_="soft", x=frame.left, y=top + 10))
            top += 26
    return drawn, top - 10


def _names(people: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return people's names and shorter ones: given names, else initials. Family names read like somebody else's."""
    found = {}
    for key, (name, *forms) in short_names(people).items():
        shorter = [form for form in forms if form not in (key, name.split()[-1])]
        found[key] = (name, *(shorter or forms))
    return found


def _rows(frame: _Frame) -> Iterator[tuple[list[Grid], str | None]]:
    """Give the rows of days one by one; those that are not drawn together, with what there is to say of them."""
    picture = frame.picture

    def differs(grid: Grid) -> bool:
        return any(grid.shows(one.start, one.end) for one in picture.changes)

    whole = [grid for grid in _grids(frame) if grid.shows(picture.start, picture.end)]
    changed = [grid for grid in whole if differs(grid)][: _MOST_ROWS[frame.width]]
    for kind, some in groupby(whole, lambda grid: (grid in changed, differs(grid))):
        grids = list(some)
        if kind[0]:
            yield from (([grid], None) for grid in grids)
        else:
            yield grids, "more changes" if kind[1] else "as before"


def _grids(frame: _Frame) -> list[Grid]:
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


def _row(frame: _Frame, grid: Grid, top: int) -> tuple[Markup, int]:
    picture = frame.picture
    room = frame.width - frame.left
    heads, below = _heads(frame, grid, top)
    notes, lines = _notes(frame, grid, below)
    lanes_top = below + lines * _NOTE + 4
    height = lane_height(frame.slots)
    after_top = lanes_top + height + _BETWEEN
    bottom = after_top + height
    box = Box(grid, frame.left, room, max(grid.start, picture.start), min(grid.end, picture.end))
    drawn: list[Markup | None] = [_days(frame, grid, below, bottom)]
    drawn += [
        element(
            "rect", class_="stretch", **box.across(one.start, one.end), y=lanes_top - 4, height=bottom - lanes_top + 8
        )
        for one in picture.changes
        if box.shows(one.start, one.end)
    ]
    drawn += _lines(frame, grid, below, bottom, ("now", "first"))
    for word, lane, at, marked in (
        ("before", picture.before, lanes_top, "gone"),
        ("after", picture.after, after_top, "new"),
    ):
        drawn.append(element("text", word, class_="side", x="0", y=pixels(at + height / 2 + 4)))
        band = Band(at, height)
        drawn.append(
            lane_bars(box, band, lane, picture.changes, marked, frame.names, frame.colours, frame.slots, frame.prefix)
        )
    drawn += [*_lines(frame, grid, below, bottom, ("clock",)), heads, notes]
    return join(drawn), int(bottom) + _AFTER


def _heads(frame: _Frame, grid: Grid, top: int) -> tuple[Markup, int]:
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


def _notes(frame: _Frame, grid: Grid, top: int) -> tuple[Markup, int]:
    """Return what is said of single instants, in as many lines as they need."""
    ends: list[float] = []
    found = []
    for instant, text, kind in _moments(frame, grid):
        at = frame.left + grid.place(instant) / 100 * (frame.width - frame.left)
        length = text_width(text) + 10
        right = at + length > frame.width
        start = max(at - length, 0) if right else at
        line = next((number for number, end in enumerate(ends) if end <= start), len(ends))
        ends[line : line + 1] = [start + length]
        x, anchor = (pixels(start + length - 5), "end") if right else (pixels(start + 5), "start")
        found.append(element("text", text, class_=f"note {kind}", x=x, y=top + line * _NOTE + 11, text_anchor=anchor))
    return join(found), len(ends)


def _moments(frame: _Frame, grid: Grid) -> list[tuple[datetime, str, str]]:
    """Return the instants of a row that are marked: now, the first change, clocks that change."""
    picture = frame.picture
    found = [(at, text, "clock") for at, text in picture.clock_changes]
    found.append((picture.first, f"first change {moment_text(picture.first, picture.zone)}", "first"))
    if picture.first - picture.now > timedelta(0):
        found.append((picture.now, "now", "now"))
    return sorted(one for one in found if grid.start <= one[0] < grid.end)


def _lines(frame: _Frame, grid: Grid, top: int, bottom: float, kinds: Sequence[str]) -> Iterator[Markup]:
    for instant, _, kind in _moments(frame, grid):
        if kind not in kinds:
            continue
        at = pixels(frame.left + grid.place(instant) / 100 * (frame.width - frame.left))
        yield element("line", class_=f"mark {kind}", x1=at, x2=at, y1=top + 2, y2=pixels(bottom + 4))
        if kind == "first":
            yield element("path", class_="flag", d=f"M{at} {pixels(bottom + 4)}l-5 7h10z")


def _days(frame: _Frame, grid: Grid, top: int, bottom: float) -> Markup:
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


def patterns(prefix: str) -> Markup:
    """Return the hatches: of what is given away, and of nobody, wanted or not."""

    def hatch(name: str, ground: str, stripe: str, turn: int) -> Markup:
        return element(
            "pattern",
            element("rect", class_=ground, width="7", height="7"),
            element("rect", class_=stripe, width="2.5", height="7"),
            id=f"{prefix}-{name}",
            width="7",
            height="7",
            patternUnits="userSpaceOnUse",
            patternTransform=f"rotate({turn})",
        )

    return element(
        "defs",
        hatch("gone", "clear", "given", 135),
        hatch("gap", "red-ground", "red", 45),
        hatch("fine", "clear", "grey", 45),
    )


def _legend(top: int) -> Markup:
    """Return what the marks mean, for a strip that stands alone."""
    found = []
    x = _LABELS[WIDE]
    for kind, text in (("gone", "given away"), ("new", "taken over"), ("gap", "nobody")):
        found.append(
            element("rect", class_="p0" if kind != "gap" else "clear", x=x, y=top, width="26", height="14", rx="3")
        )
        if kind == "new":
            found.append(element("rect", class_="new", x=x + 1, y=top + 1, width="24", height="12", rx="3"))
        else:
            found.append(element("rect", x=x, y=top, width="26", height="14", rx="3", fill=f"url(#strip-{kind})"))
        found.append(element("text", text, class_="soft", x=x + 33, y=top + 11))
        x += 60 + int(text_width(text))
    return join(found)
