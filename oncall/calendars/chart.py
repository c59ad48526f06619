"""What week and month charts share: where an instant is on a row of days, bars, gaps, marks.

Across, everything is in percent, so that a chart fills its box at any width; down, in pixels.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from oncall.calendars.book import ClockChange, ScheduleBook
from oncall.calendars.labels import bar_label, repeated_names
from oncall.drawing.days import Band, Grid
from oncall.drawing.gaps import Gap
from oncall.drawing.labels import text_width
from oncall.drawing.markup import Markup, element, join, percent, pixels
from oncall.drawing.words import clock_text, moment_text, span_text
from oncall.shifts.clock import to_wall
from oncall.shifts.intervals import intersect
from oncall.shifts.timeline import Shift

CHART = 840  # a chart is at least so many pixels wide (the style sheet's `.plan`), so text that fits there always fits
LABELS = 118  # the width of the labels beside it
_PADDING = 10


def framed(
    schedule: ScheduleBook, what: str, name: str, height: float, labels: Iterable[Markup], drawn: Iterable[Markup]
) -> tuple[Markup, Markup]:
    """Return the labels and the chart as two drawings of one height, the chart with a title and ids that begin with
    `name`; `what` says how it goes, `week by week`.
    """
    return (
        element("svg", *labels, class_="labels", width=LABELS, height=f"{height:.0f}", aria_hidden="true"),
        element(
            "svg",
            element("title", f"{schedule.title}, {what}", id=f"{name}:title"),
            element("desc", f"Times in {schedule.zone}. The table below says the same in words.", id=f"{name}:text"),
            join(drawn),
            class_="plan",
            width="100%",
            height=f"{height:.0f}",
            role="img",
            aria_labelledby=f"{name}:title {name}:text",
        ),
    )


def background(grid: Grid, schedule: ScheduleBook, now: datetime, band: Band) -> Markup:
    """Return what is behind the bars: weekends, today, days outside the period, lines between days."""
    found = []
    share = 100 / len(grid.days)
    for number, day in enumerate(grid.days):
        outside = not schedule.period.first <= day <= schedule.period.last
        today = grid.edges[number] <= now < grid.edges[number + 1]
        kinds = [name for name, so in (("out", outside), ("day", today), ("end", day.weekday() > 4)) if so]
        if kinds:
            place = {"x": percent(number * share), "width": percent(share)}
            found.append(element("rect", class_=kinds[0], **place, y=pixels(band.top), height=pixels(band.height)))
    for number in range(1, len(grid.days)):
        at = percent(number * share)
        found.append(
            element("line", class_="rule", x1=at, x2=at, y1=pixels(band.top), y2=pixels(band.top + band.height))
        )
    return join(found)


def bar(
    schedule: ScheduleBook,
    shift: Shift,
    grid: Grid,
    band: Band,
    people: Mapping[str, str],
    colour: int,
    names: Sequence[str],
    handed_over: bool,
) -> Markup:
    """Return a shift as a bar with its public holidays, and on it the first of the names for which there is room."""
    first, last = schedule.period.instants(schedule.zone)
    first, last = max(first, grid.start), min(last, grid.end)
    start, end = max(shift.start, first), min(shift.end, last)
    left, right = grid.place(start), grid.place(end)
    classes = ["bar", f"p{colour}"]
    if shift.start < first:
        classes.append("from")
    if shift.end > last:
        classes.append("on")
    if shift.why != "turn":
        classes.append(shift.why)
    inner: list[Markup | None] = [
        element("title", shift_text(schedule, shift, people)),
        element("rect", width="100%", height="100%", rx="4"),
    ]
    if handed_over and shift.start >= first:
        inner.append(element("path", class_="hand", d="M0 0h7l-7 7z"))
    if names:
        room = (right - left) / 100 * CHART - _PADDING
        begins = None if shift.start < first else clock_text(to_wall(shift.start, grid.zone))
        inner.append(bar_label(names, schedule.reasons.get(shift), room, begins, band.height / 2 + 3.5))
        inner += repeated_names(names[0], room, band.height / 2 + 3.5)
    drawn = [
        element(
            "svg",
            *inner,
            class_=" ".join(classes),
            x=percent(left),
            y=pixels(band.top),
            width=percent(right - left),
            height=pixels(band.height),
        )
    ]
    for begins_at, ends_at, name in schedule.holidays.get(shift.person, ()):
        for left_at, right_at in intersect(((begins_at, ends_at),), ((start, end),)):
            title = element("title", f"{name}: public holiday for {people[shift.person]}")
            left, right = grid.place(left_at), grid.place(right_at)
            foot = pixels(band.top + band.height - 3.5)
            drawn.append(element("line", title, class_="feast", x1=percent(left), x2=percent(right), y1=foot, y2=foot))
    return join(drawn)


def gap_box(gap: Gap, grid: Grid, band: Band, named: bool) -> Markup:
    """Return a gap as a hatched box: red, or grey where it is accepted."""
    left, right = grid.place(gap.start), grid.place(gap.end)
    said = gap_text(gap)
    inner = [element("title", f"{said}, {span_text(gap.start, gap.end, grid.zone)}")]
    inner.append(element("rect", width="100%", height="100%", rx="3"))
    if named and gap.accepted is None and (right - left) / 100 * CHART > text_width("nobody") + _PADDING:
        inner.append(element("text", "nobody", x="7", y=pixels(min(band.height, 22) / 2 + 4)))
    return element(
        "svg",
        *inner,
        class_="gap fine" if gap.accepted else "gap",
        x=percent(left),
        y=pixels(band.top),
        width=percent(right - left),
        height=pixels(band.height),
    )


def clock_line(change: ClockChange, grid: Grid, band: Band) -> Markup:
    """Return the dashed line at which clocks change."""
    at = percent(grid.place(change.at))
    title = element("title", f"{change.text}, {moment_text(change.at, grid.zone)}")
    return element("line", title, class_="clock", x1=at, x2=at, y1=pixels(band.top), y2=pixels(band.top + band.height))


def clock_note(change: ClockChange, grid: Grid, baseline: float) -> Markup:
    """Return the sentence beside that line, on the side where there is more room."""
    place = grid.place(change.at)
    to_the_left = place > 60
    anchor, shift = ("end", -5) if to_the_left else ("start", 5)
    return element(
        "text", change.text, class_="note", x=percent(place), dx=shift, y=pixels(baseline), text_anchor=anchor
    )


def now_line(now: datetime, grid: Grid, band: Band) -> Markup | None:
    """Return the line at the present, None where it is not on the row."""
    if not grid.start <= now < grid.end:
        return None
    at = percent(grid.place(now))
    knob = element("circle", class_="now", cx=at, cy=pixels(band.top), r="3.5")
    line = element("line", class_="now", x1=at, x2=at, y1=pixels(band.top), y2=pixels(band.top + band.height))
    return join([line, knob])


def shift_text(schedule: ScheduleBook, shift: Shift, people: Mapping[str, str]) -> str:
    """Return all there is to say about a shift on one line."""
    said = [people[shift.person], span_text(shift.start, shift.end, schedule.zone)]
    reason = schedule.reasons.get(shift)
    return ", ".join([*said, reason.text] if reason else said)


def gap_text(gap: Gap) -> str:
    """Return what a gap is, in words."""
    return f"nobody is on call (accepted: {gap.accepted})" if gap.accepted else "nobody is on call"


def hand_overs(shifts: Iterable[Shift]) -> frozenset[Shift]:
    """Return the shifts at whose start a rotation goes from one person to another."""
    found: list[Shift] = []
    last: dict[str, str] = {}
    for shift in shifts:
        before = last.get(shift.rotation)
        if before is not None and before != shift.person:
            found.append(shift)
        last[shift.rotation] = shift.person
    return frozenset(found)


def stacked(shifts: Sequence[Shift], band: Band) -> list[tuple[Shift, Band]]:
    """Return shifts of one lane with the place of each: those that run at once share the height."""
    ends: list[datetime] = []
    slots = []
    for shift in shifts:
        slot = next((number for number, end in enumerate(ends) if end <= shift.start), len(ends))
        ends[slot : slot + 1] = [shift.end]
        slots.append(slot)
    height = band.height / max(len(ends), 1)
    return [(shift, Band(band.top + slot * height, height)) for shift, slot in zip(shifts, slots, strict=True)]
