"""The month view of a schedule: a row of days for each month, in it a lane for each person."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from oncall.calendars.book import ScheduleBook
from oncall.calendars.chart import (
    LABELS,
    background,
    bar,
    clock_line,
    framed,
    gap_box,
    now_line,
    stacked,
)
from oncall.drawing.days import Band, Grid
from oncall.drawing.labels import fitted
from oncall.drawing.markup import Markup, element, join
from oncall.drawing.words import MONTHS

_NUMBERS, _LANE, _BAR, _FOOT = 19, 21, 17, 20


def months_chart(
    schedule: ScheduleBook, people: Mapping[str, str], colours: Mapping[str, int], now: datetime, name: str
) -> tuple[Markup, Markup]:
    """Return the labels and the chart of all months of the period, two drawings of one height.

    `name` begins the ids of its parts, which must be the document's own.
    """
    labels: list[Markup] = []
    drawn: list[Markup] = []
    top = 4.0
    for days in _months(schedule):
        grid = Grid(days, schedule.zone)
        here = [shift for shift in schedule.shifts if grid.shows(shift.start, shift.end)]
        there = {shift.person for shift in here}
        rows = [person for person in dict.fromkeys(shift.person for shift in schedule.shifts) if person in there]
        gaps = [gap for gap in schedule.gaps if grid.shows(gap.start, gap.end)]
        lanes_top = top + _NUMBERS
        whole = Band(top, _NUMBERS + _LANE * (len(rows) + bool(gaps)))
        title = f"{MONTHS[days[0].month - 1]} {days[0].year}"
        labels.append(element("text", title, class_="month", x="0", y=f"{top + 13:.0f}"))
        drawn.append(background(grid, schedule, now, whole))
        drawn.append(_numbers(grid, top))
        for number, person in enumerate(rows):
            band = Band(lanes_top + number * _LANE, _BAR)
            labels.append(_row_label(people[person], band))
            own = [shift for shift in here if shift.person == person]
            drawn += [
                bar(schedule, shift, grid, at, people, colours[person], (), False) for shift, at in stacked(own, band)
            ]
        if gaps:
            band = Band(lanes_top + len(rows) * _LANE, _BAR)
            labels.append(_row_label("nobody", band, "fine" if all(gap.accepted for gap in gaps) else "none"))
            drawn += [gap_box(gap, grid, band, named=False) for gap in gaps]
        for change in schedule.clock_changes:
            if grid.start <= change.at < grid.end:
                drawn.append(clock_line(change, grid, Band(lanes_top - 2, whole.height - _NUMBERS + 2)))
        drawn.append(now_line(now, grid, whole) or Markup())
        top += whole.height + _FOOT
    return framed(schedule, "month by month", name, top, labels, drawn)


def _months(schedule: ScheduleBook) -> list[tuple[date, ...]]:
    found: list[list[date]] = []
    day = schedule.period.first.replace(day=1)
    while day <= schedule.period.last or day.day != 1:
        if day.day == 1:
            found.append([])
        found[-1].append(day)
        day += timedelta(days=1)
    return [tuple(days) for days in found]


def _numbers(grid: Grid, top: float) -> Markup:
    share = 100 / len(grid.days)
    return join(
        element(
            "text",
            str(day.day),
            class_="number",
            x=f"{(n + 0.5) * share:.2f}%",
            y=f"{top + 13:.0f}",
            text_anchor="middle",
        )
        for n, day in enumerate(grid.days)
    )


def _row_label(name: str, band: Band, kind: str | None = None) -> Markup:
    middle = band.top + band.height / 2 + 4
    return element("text", fitted(name, LABELS - 10), element("title", name), class_=kind, x="0", y=f"{middle:.0f}")
