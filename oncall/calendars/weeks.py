"""The week view of a schedule: a row of seven days for each week, in it a lane for each rotation."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from oncall.calendars.book import ScheduleBook
from oncall.calendars.chart import (
    CHART,
    LABELS,
    background,
    bar,
    clock_line,
    clock_note,
    framed,
    gap_box,
    hand_overs,
    now_line,
    stacked,
)
from oncall.drawing.days import Band, Grid
from oncall.drawing.labels import fitted, short_names
from oncall.drawing.markup import Markup, element, join
from oncall.drawing.words import MONTHS, WEEKDAYS
from oncall.shifts.clock import to_wall

_SMALL = 0.88  # the names of public holidays, to other text
_HEAD, _NUMBERS, _NOTE, _LANE, _BAR, _FOOT = 20, 19, 15, 27, 24, 9


def weeks_chart(
    schedule: ScheduleBook, people: Mapping[str, str], colours: Mapping[str, int], now: datetime, name: str
) -> tuple[Markup, Markup]:
    """Return the labels and the chart of all weeks of the period, two drawings of one height.

    `name` begins the ids of its parts, which must be the document's own.
    """
    labels: list[Markup] = []
    drawn: list[Markup] = []
    names = short_names({shift.person: people[shift.person] for shift in schedule.shifts})
    handed = hand_overs(schedule.shifts)
    top = float(_HEAD)
    for number, weekday in enumerate(WEEKDAYS):
        drawn.append(element("text", weekday, class_="head", x=f"{number * 100 / 7:.2f}%", dx="8", y="13"))
    for monday in _mondays(schedule):
        grid = Grid(tuple(monday + timedelta(days=number) for number in range(7)), schedule.zone)
        changes = [change for change in schedule.clock_changes if grid.start <= change.at < grid.end]
        lanes_top = top + _NUMBERS + _NOTE * len(changes)
        lanes = Band(lanes_top, _LANE * len(schedule.lanes))
        whole = Band(top, lanes_top - top + lanes.height + _FOOT - 4)
        drawn.append(background(grid, schedule, now, whole))
        drawn.append(_numbers(grid, top, schedule))
        alone = len(schedule.lanes) == 1
        week_y = lanes_top + _BAR / 2 + 4 if alone else top + 13
        labels.append(element("text", f"Week {monday.isocalendar().week}", class_="week", x="0", y=f"{week_y:.0f}"))
        for number, lane in enumerate(() if alone else schedule.lanes):
            label = fitted(lane.key, LABELS - 10)
            middle = lanes_top + number * _LANE + _BAR / 2 + 4
            labels.append(
                element("text", label, element("title", f"{lane.key}, {lane.zone}"), x="0", y=f"{middle:.0f}")
            )
        for number, rotation in enumerate([None, *(lane.key for lane in schedule.lanes)]):
            band = (
                Band(lanes.top, lanes.height - (_LANE - _BAR))
                if rotation is None
                else Band(lanes.top + (number - 1) * _LANE, _BAR)
            )
            here = [
                shift
                for shift in schedule.shifts
                if shift.rotation == (rotation or "") and grid.shows(shift.start, shift.end)
            ]
            for shift, place in stacked(here, band):
                colour = colours[shift.person]
                drawn.append(
                    bar(
                        schedule,
                        shift,
                        grid,
                        place,
                        people,
                        colour,
                        names[shift.person] if place.height > 14 else (),
                        shift in handed,
                    )
                )
        gaps = [gap for gap in schedule.gaps if grid.shows(gap.start, gap.end)]
        drawn += [gap_box(gap, grid, Band(lanes.top, lanes.height - (_LANE - _BAR)), named=True) for gap in gaps]
        for number, change in enumerate(changes):
            below = Band(top + _NUMBERS - 3, whole.height - _NUMBERS + 3)
            drawn.append(clock_line(change, grid, below))
            drawn.append(clock_note(change, grid, top + _NUMBERS + number * _NOTE + 9))
        drawn.append(now_line(now, grid, Band(whole.top + 1, whole.height)) or Markup())
        top += whole.height + 4
    return framed(schedule, "week by week", name, top, labels, drawn)


def _mondays(schedule: ScheduleBook) -> list[date]:
    first = schedule.period.first - timedelta(days=schedule.period.first.weekday())
    return [first + timedelta(weeks=n) for n in range((schedule.period.last - first).days // 7 + 1)]


def _numbers(grid: Grid, top: float, schedule: ScheduleBook) -> Markup:
    """Return the days of the month, the first one shown of each month with its name; and whoever's holiday it is."""
    found = []
    y = f"{top + 13:.0f}"
    for number, day in enumerate(grid.days):
        said = f"{day.day} {MONTHS[day.month - 1]}" if number == 0 or day.day == 1 else str(day.day)
        left = f"{number * 100 / len(grid.days):.2f}%"
        found.append(element("text", said, class_="number", x=left, dx="8", y=y))
        names = dict.fromkeys(
            name for days in schedule.holidays.values() for start, _, name in days if _is(day, start, grid)
        )
        if names:
            right = f"{(number + 1) * 100 / len(grid.days):.2f}%"
            room = (CHART / len(grid.days) - 7 * len(said) - 16) / _SMALL
            short = element(
                "text",
                fitted(", ".join(names), room),
                element("title", ", ".join(names)),
                class_="feast",
                x=right,
                dx="-6",
                y=y,
                text_anchor="end",
            )
            found.append(short)
    return join(found)


def _is(day: date, start: datetime, grid: Grid) -> bool:
    """Whether a public holiday that begins at an instant is on this day, by the schedule's clock for the most part."""
    return to_wall(start + timedelta(hours=12), grid.zone).date() == day
