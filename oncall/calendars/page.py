"""The page: who is on call when, for people's eyes. One file that needs nothing else, no network and no script to read.

A page of hundreds of schedules would be too heavy for a phone: beyond MOST_SCHEDULES the first page tells who is on
call now, and every team has a page of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from oncall.calendars.book import Book, ScheduleBook, TeamBook
from oncall.calendars.legend import legend, patterns
from oncall.calendars.months import months_chart
from oncall.calendars.names import FileNames
from oncall.calendars.weeks import weeks_chart
from oncall.drawing.colours import colours
from oncall.drawing.document import asset, document
from oncall.drawing.gaps import Gap
from oncall.drawing.markup import Markup, element, join
from oncall.drawing.words import day_text, long_day_text, moment_text
from oncall.shifts.timeline import Shift

MOST_SCHEDULES = 40


@dataclass(frozen=True, slots=True)
class _View:
    """What all parts of one page share. `up` leads from its folder to that of the calendars."""

    book: Book
    names: FileNames
    now: datetime
    colours: Mapping[str, int]
    linked: bool
    up: str = ""

    def calendar(self, path: str, text: str) -> Markup | None:
        """Return a link to an iCalendar file, None where none are written."""
        return element("a", text, href=self.up + path) if self.linked else None


def pages(book: Book, names: FileNames, now: datetime, linked: bool) -> dict[str, str]:
    """Return path -> HTML of the page, or pages; `linked` says whether the iCalendar files are there to link to."""
    chosen = colours(book.people, ({shift.person for shift in each.shifts} for each in book.schedules))
    view = _View(book, names, now, chosen, linked)
    if len(book.schedules) <= MOST_SCHEDULES:
        body = [_now_panel(view, {}), legend(), *(_team(view, team) for team in book.teams), _people(view)]
        return {"index.html": _document(view, f"On call: {book.organization}", body)}
    found = {"index.html": _document(view, f"On call: {book.organization}", _overview(view))}
    for team in book.teams:
        if not team.schedules:
            continue
        narrow = Book(book.organization, book.zone, book.period, book.people, book.on_rotations, (team,))
        one = _View(narrow, names, now, chosen, linked, "../")
        back = element("p", element("a", "All teams", href="../index.html"), class_="lead")
        body = [back, _now_panel(one, {}), legend(), _team(one, team)]
        found[names.team_page(team.key)] = _document(one, f"On call: {team.name}", body)
    return found


def _overview(view: _View) -> list[Markup | None]:
    count = len(view.book.schedules)
    said = f"{count} schedules are too many for one page: every team has its own."
    targets = {schedule.ref.team: view.names.team_page(schedule.ref.team) for schedule in view.book.schedules}
    return [element("p", said, class_="lead"), _now_panel(view, targets), _people(view)]


def _document(view: _View, title: str, body: Iterable[Markup | None]) -> str:
    parts = (patterns(), _top(view, title), element("main", *body))
    return document(title, asset("calendars", "page.css"), *parts, script=asset("calendars", "page.js"))


def _top(view: _View, title: str) -> Markup:
    period = view.book.period
    days = f"{long_day_text(period.first)} to {long_day_text(period.last)}"
    made = f"as of {moment_text(view.now, view.book.zone)} ({view.book.zone})"
    views = [
        element(
            "label",
            element("input", type="radio", name="view", id=key, checked=key == "weeks", autocomplete="off"),
            word,
        )
        for key, word in (("weeks", "Weeks"), ("months", "Months"))
    ]
    search = element(
        "input", id="filter", type="search", placeholder="Filter by person or team", aria_label="Filter", hidden=True
    )
    bar = element(
        "div",
        element("h1", element("bdi", title), element("small", f"{days}, {made}")),
        element("div", *views, class_="views", role="group", aria_label="View"),
        search,
    )
    return element("header", bar, class_="bar-top")


def _now_panel(view: _View, pages: Mapping[str, str]) -> Markup | None:
    """Return the table of who is on call at the present; None where that is not in the period."""
    rows = []
    for team in view.book.teams:
        for schedule in team.schedules:
            if not _has_now(view, schedule):
                continue
            target = pages.get(team.key, "") + f"#{view.names.schedule(schedule.ref)}"
            name = element("a", element("bdi", f"{team.name} "), element("bdi", schedule.name), href=target)
            rows.append(element("tr", element("th", name, scope="row"), *_now_cells(view, schedule)))
    if not rows:
        return None
    heads = [element("th", word, scope="col") for word in ("Schedule", "On call", "Until", "Then")]
    table = element("table", element("thead", element("tr", *heads)), element("tbody", *rows))
    when = element("small", f" {moment_text(view.now, view.book.zone)}, {view.book.zone}")
    return element("section", element("h2", "On call now", when), table, class_="now panel")


def _now_cells(view: _View, schedule: ScheduleBook) -> list[Markup]:
    here = _at(schedule, view.now)
    if not here:
        after = min((shift.start for shift in schedule.shifts if shift.start > view.now), default=None)
        until = "" if after is None else moment_text(after, schedule.zone)
        then = _names(view, _at(schedule, after)) if after else None
        cells: list[Markup | str | None] = [_nobody(_gap_at(schedule, view.now)), until, then]
    else:
        end = _until(schedule, here)
        zone = element("span", f" {schedule.zone}") if schedule.zone != view.book.zone else None
        beyond = f"after {day_text(schedule.period.last)}"  # where it goes on is not looked at
        until = join([moment_text(end, schedule.zone) if _covers(schedule, end) else beyond, zone])
        nobody = _nobody(_gap_at(schedule, end))
        then = _names(view, _at(schedule, end)) or (nobody if _covers(schedule, end) else None)
        cells = [join([_names(view, here)]), until, then]
    return [element("td", cell, class_="when" if number == 1 else None) for number, cell in enumerate(cells)]


def _names(view: _View, shifts: Iterable[Shift]) -> Markup | None:
    people = dict.fromkeys(shift.person for shift in shifts)
    return join((element("bdi", view.book.people[person], class_="who") for person in people), ", ") or None


def _nobody(gap: Gap | None) -> Markup:
    fine = gap is not None and gap.accepted is not None
    return element("b", "nobody", class_="nobody fine" if fine else "nobody")


def _at(schedule: ScheduleBook, instant: datetime) -> list[Shift]:
    return [shift for shift in schedule.shifts if shift.start <= instant < shift.end]


def _until(schedule: ScheduleBook, here: list[Shift]) -> datetime:
    """Return when somebody else is on call, or nobody: a person who goes on in another rotation goes on."""
    people = {shift.person for shift in here}
    while {shift.person for shift in here} == people:
        end = min(shift.end for shift in here)
        here = _at(schedule, end)
    return end


def _gap_at(schedule: ScheduleBook, instant: datetime) -> Gap | None:
    return next((gap for gap in schedule.gaps if gap.start <= instant < gap.end), None)


def _covers(schedule: ScheduleBook, instant: datetime) -> bool:
    start, end = schedule.period.instants(schedule.zone)
    return start <= instant < end


def _has_now(view: _View, schedule: ScheduleBook) -> bool:
    return _covers(schedule, view.now)


def _team(view: _View, team: TeamBook) -> Markup | None:
    parts: list[Markup | None] = [element("h2", element("bdi", team.name))]
    if not team.schedules:
        told = join((element("bdi", view.book.people[person]) for person in team.direct), ", ")
        parts.append(element("p", "No schedule: its pages go to ", told, ".", class_="nothing") if told else None)
    parts += [_schedule(view, team, schedule) for schedule in team.schedules]
    return element("section", *parts, class_="team" if team.schedules else None)


def _schedule(view: _View, team: TeamBook, schedule: ScheduleBook) -> Markup:
    name, people = view.names.schedule(schedule.ref), view.book.people
    links = [
        view.calendar(view.names.schedule_calendar(schedule.ref), "this schedule"),
        view.calendar(view.names.team_calendar(team.key), "the team"),
    ]
    head = element(
        "header",
        element("h3", element("bdi", schedule.name)),
        element("span", _zones(schedule), class_="zone"),
        element("span", "Subscribe to ", join(links, " or "), class_="links") if view.linked else None,
    )
    charts = []
    for kind, draw in (("weeks", weeks_chart), ("months", months_chart)):
        labels, plan = draw(schedule, people, view.colours, view.now, f"{name}:{kind}")
        scroll = element(
            "div", plan, class_="scroll", tabindex="0", role="group", aria_label=f"{schedule.title}, {kind}"
        )
        charts.append(element("div", labels, scroll, class_=f"chart {kind}"))
    words = [team.name, schedule.name, *(people[person] for person in dict.fromkeys(s.person for s in schedule.shifts))]
    return element(
        "article",
        head,
        *charts,
        _table(view, schedule),
        id=name,
        class_="schedule panel",
        data_words=" ".join(words),
    )


def _zones(schedule: ScheduleBook) -> str:
    """Return the zone of all times, and those of rotations that follow another clock."""
    others = [f"{lane.key} by {lane.zone}" for lane in schedule.lanes if lane.zone != schedule.zone]
    return "; ".join([f"times in {schedule.zone}", *others])


def _table(view: _View, schedule: ScheduleBook) -> Markup:
    rows: list[tuple[datetime, Markup]] = []
    several = len(schedule.lanes) > 1
    for shift in schedule.shifts:
        reason = schedule.reasons.get(shift)
        days = [
            name
            for start, end, name in schedule.holidays.get(shift.person, ())
            if start < shift.end and shift.start < end
        ]
        why = "; ".join([*([reason.text] if reason else []), *(f"public holiday: {day}" for day in days)])
        who = element("bdi", view.book.people[shift.person])
        rows.append(
            (shift.start, _row(schedule, shift.start, shift.end, who, shift.rotation if several else None, why))
        )
    for gap in schedule.gaps:
        who = _nobody(gap)
        rows.append((gap.start, _row(schedule, gap.start, gap.end, who, "" if several else None, gap.accepted or "")))
    rows.sort(key=lambda row: row[0])
    heads = ["From", "To", "Who", *(["Rotation"] if several else []), "Why"]
    table = element(
        "table",
        element("caption", f"{schedule.title}, times in {schedule.zone}"),
        element("thead", element("tr", *(element("th", word, scope="col") for word in heads))),
        element("tbody", *(row for _, row in rows)),
    )
    box = element("div", table, class_="table", tabindex="0", role="group", aria_label=f"{schedule.title} as a table")
    return element("details", element("summary", "As a table"), box)


def _row(schedule: ScheduleBook, start: datetime, end: datetime, who: Markup, rotation: str | None, why: str) -> Markup:
    return element(
        "tr",
        element("td", moment_text(start, schedule.zone), class_="when"),
        element("td", moment_text(end, schedule.zone), class_="when"),
        element("td", who),
        element("td", rotation) if rotation is not None else None,
        element("td", why),
    )


def _people(view: _View) -> Markup | None:
    if not view.linked:
        return None
    items = [
        element("li", view.calendar(view.names.person_calendar(person), name))
        for person, name in view.book.people.items()
        if person in view.book.on_rotations
    ]
    title = element("h2", "Calendars to subscribe to", element("small", " your own shifts in any calendar program"))
    return element("section", title, element("ul", *items, class_="calendars"), class_="panel calendars-panel")
