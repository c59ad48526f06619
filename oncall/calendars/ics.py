"""iCalendar files (RFC 5545) to subscribe to: one for each person, team and schedule.

An event's UID follows from its schedule, its times and its person, and from nothing else: a shift that an edit of the
roster leaves alone stays the same event, and one that gets another holder is another event. For the same reason DTSTAMP
is the shift's own start: a stamp of the present would change every file at every run, though no shift had changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from icalendar import Calendar, Component, Event, Timezone, TimezoneStandard, vText
from icalendar.parser import Contentline, Parameters

from oncall.calendars.book import Book, ScheduleBook
from oncall.calendars.names import FileNames
from oncall.drawing.words import moment_text
from oncall.shifts.timeline import Shift

_PRODUCT = "-//oncall-as-code//oncall calendar//EN"
_REFRESH = timedelta(hours=1)  # how often subscribers are asked to look again
_LINE_END = "\r\n"
_NOTHING = datetime(1970, 1, 1)  # noqa: DTZ001 - the start of a zone is a wall clock


@dataclass(frozen=True, slots=True)
class _Entry:
    """One event, and its text without a summary, which differs by whose calendar it is in."""

    uid: str
    start: datetime
    end: datetime
    person: str
    schedule: ScheduleBook
    event: str


def calendars(book: Book, names: FileNames, people: bool = True, groups: bool = True) -> dict[str, str]:
    """Return path -> iCalendar text: of `people`, and of `groups`, which are teams and schedules."""
    entries = {schedule.ref: _entries(schedule, book) for schedule in book.schedules}
    found: dict[str, str] = {}
    if people:
        by_person: dict[str, list[_Entry]] = {person: [] for person in book.people if person in book.on_rotations}
        for some in entries.values():
            for entry in some:
                by_person.setdefault(entry.person, []).append(entry)
        for person, some in by_person.items():
            events = [(f"On call: {entry.schedule.title}", entry) for entry in some]
            found[names.person_calendar(person)] = _calendar(f"On call: {book.people[person]}", events)
    if groups:
        for team in book.teams:
            both = [
                (f"{book.people[entry.person]} — {schedule.name}", entry)
                for schedule in team.schedules
                for entry in entries[schedule.ref]
            ]
            found[names.team_calendar(team.key)] = _calendar(f"On call: {team.name}", both)
            for schedule in team.schedules:
                alone = [(book.people[entry.person], entry) for entry in entries[schedule.ref]]
                found[names.schedule_calendar(schedule.ref)] = _calendar(f"On call: {schedule.title}", alone)
    return found


def uid(team: str, schedule: str, start: datetime, end: datetime, person: str) -> str:
    """Return the UID of a shift: two shifts have the same one exactly if they agree in all of these."""
    said = "\n".join([team, schedule, start.astimezone(UTC).isoformat(), end.astimezone(UTC).isoformat(), person])
    return f"{sha256(said.encode()).hexdigest()[:32]}@oncall-as-code"


def _entries(schedule: ScheduleBook, book: Book) -> list[_Entry]:
    """Return the events of a schedule: a person who has two rotations of it at the same times has one event."""
    together: dict[tuple[datetime, datetime, str], list[Shift]] = {}
    for shift in schedule.shifts:
        together.setdefault((shift.start, shift.end, shift.person), []).append(shift)
    found = []
    for (start, end, person), shifts in together.items():
        own = uid(schedule.ref.team, schedule.ref.schedule, start, end, person)
        kinds = dict.fromkeys(_KINDS[shift.why] for shift in shifts if shift.why in _KINDS)
        event = _event(own, start, end, _description(schedule, shifts, book), ["On call", *kinds])
        found.append(_Entry(own, start, end, person, schedule, event))
    return found


_KINDS = {"swap": "Swap", "leave": "Cover", "holiday": "Cover", "override": "Override"}


def _description(schedule: ScheduleBook, shifts: list[Shift], book: Book) -> str:
    first = shifts[0]
    start, end = moment_text(first.start, schedule.zone, year=True), moment_text(first.end, schedule.zone, year=True)
    lines = [f"{book.people[first.person]}: {schedule.title}", f"{start} to {end} ({schedule.zone})"]
    for shift in shifts:
        if shift in schedule.reasons:
            why = schedule.reasons[shift].text
            lines.append(why[:1].upper() + why[1:])
    for begins, ends, name in schedule.holidays.get(first.person, ()):
        if begins < first.end and first.start < ends:
            lines.append(f"Public holiday: {name}")
    return "\n".join(dict.fromkeys(lines))


def _calendar(name: str, events: Iterable[tuple[str, _Entry]]) -> str:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    inner = sorted(events, key=lambda event: (event[1].start, event[1].end, event[1].uid))
    if not inner:
        calendar.add_component(_utc())  # a calendar without any component would not be valid
    head, end, _ = _text(calendar).rpartition("END:VCALENDAR")
    return "".join([head, *(_with_summary(entry.event, summary) for summary, entry in inner), end, _LINE_END])


def _with_summary(event: str, summary: str) -> str:
    """Put a summary into the text of an event: a shift is in three calendars, and differs only in this line."""
    begin, end, rest = event.partition(_LINE_END)
    return f"{begin}{end}{_summary_line(summary)}{_LINE_END}{rest}"


@lru_cache(maxsize=4096)  # a person has the same one at each turn
def _summary_line(summary: str) -> str:
    line: bytes = Contentline.from_parts("SUMMARY", Parameters(), vText(summary)).to_ical()
    return line.decode()


def _event(found: str, start: datetime, end: datetime, text: str, categories: Sequence[str]) -> str:
    event = Event()
    event.add("uid", found)
    event.add("dtstamp", start)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("description", text)
    event.add("categories", [*categories])
    # Who is on call can still meet people: the time is shown as free. Outlook looks at its own property.
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    return _text(event)


def _text(component: Component) -> str:
    content: bytes = component.to_ical()
    return content.decode()


def _utc() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", _NOTHING)
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone.add_component(standard)
    return zone
