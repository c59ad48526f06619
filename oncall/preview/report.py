"""A preview in the order in which people read it: sections of plain text, which every form lays out in its own way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from oncall.errors import Problem
from oncall.preview.model import Preview, Route, RouteChange, SettingChange
from oncall.preview.objects import object_row
from oncall.shifts.clock import is_ambiguous, to_wall
from oncall.shifts.intervals import Intervals
from oncall.targets.checks import TITLES

NOBODY = "nobody"
ARROW = "→"


@dataclass(frozen=True, slots=True)
class Section:
    """A title over lines or a table, the most urgent row first. `alarming` sections are bad news, `folded` ones
    are there for whoever asks.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    folded: bool = False
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict, and the sections below it."""

    verdict: str
    about: str
    sections: tuple[Section, ...]


def report(preview: Preview) -> Report:
    """Return a preview as text for people; empty sections are left out."""
    if not preview.usable:
        problems = Section("What stops it", ("where", "rule", "what is wrong"), _problems(preview.new_problems))
        return Report(preview.verdict, "", (problems,))
    sections = [
        Section("Stopped by the guard", ("rule", "why", "way on"), tuple(_stops(preview)), alarming=True),
        Section("Who changes", ("schedule", "when", "UTC", "who"), tuple(_shifts(preview))),
        Section("Who changes later", ("schedule", "from", "UTC", "who"), tuple(_later(preview))),
        Section("Hours on call", ("person", "less", "more", "in all"), tuple(_hours(preview))),
        Section("Rosters", ("rotation", "line-up", "first change", "rollout"), tuple(_edits(preview))),
        Section("Nobody answers any more", ("escalation", "when"), tuple(_lost(preview)), alarming=True),
        Section("Somebody answers again", ("escalation", "when"), tuple(_won(preview))),
        Section("New findings", ("where", "rule", "what"), _problems(preview.new_problems)),
        Section(
            "Fixed findings", ("rule", "what"), tuple((each.rule, each.message) for each in preview.fixed_problems)
        ),
        Section("Servers", ("server", "was", "will be"), tuple(map(_route, preview.routes))),
        Section("Escalations", ("team", "was", "will be"), tuple(_escalations(preview))),
        Section("Settings", ("of", "was", "will be"), tuple(map(_setting, preview.settings))),
        *(
            Section(
                f"At {TITLES[vendor]}: {_counts([change.action for change in changes])}",
                ("", "object", "what changes"),
                tuple(map(object_row, changes)),
                folded=True,
            )
            for vendor, changes in preview.objects.items()
        ),
    ]
    days = (preview.end - preview.start).days
    note = f" {preview.note}" if preview.note else ""
    about = f"{preview.organization}, {days} days from {when(preview.start, preview.zone)} {preview.zone}.{note}"
    return Report(preview.verdict, about, tuple(section for section in sections if section.rows))


def when(instant: datetime, zone: str) -> str:
    """Return an instant by a zone's clock: `Mon 7 Dec 2026 09:00`; with its offset where the clock shows it twice."""
    wall = to_wall(instant, zone)
    text = f"{wall:%a} {wall.day} {wall:%b %Y %H:%M}"
    return f"{text} {instant.astimezone(ZoneInfo(zone)):%z}" if is_ambiguous(wall, zone) else text


def span_text(start: datetime, end: datetime, zone: str) -> str:
    """Return a stretch of time by a zone's clock; the second day and year only where they are others."""
    first, last = to_wall(start, zone), to_wall(end, zone)
    if first.date() == last.date():
        return f"{when(start, zone)}-{last:%H:%M}"
    year = f" {last:%Y}" if first.year != last.year else ""
    return f"{when(start, zone)} - {last:%a} {last.day} {last:%b}{year} {last:%H:%M}"


def _utc(start: datetime, end: datetime) -> str:
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    if first.date() == last.date():
        return f"{first:%d %b %H:%M}-{last:%H:%M}"
    return f"{first:%d %b %H:%M} - {last:%d %b %H:%M}"


def _shifts(preview: Preview) -> Iterator[tuple[str, ...]]:
    for one in preview.shifts:
        beyond = " and on" if one.end == preview.end else ""
        who = f"{_people(preview, one.before)} {ARROW} {_people(preview, one.after)}"
        yield (one.name, f"{span_text(one.start, one.end, one.zone)}{beyond} {one.zone}", _utc(one.start, one.end), who)


def _later(preview: Preview) -> Iterator[tuple[str, ...]]:
    for one in preview.later:
        who = f"{_people(preview, one.before)} {ARROW} {_people(preview, one.after)}"
        yield (one.name, f"{when(one.start, one.zone)} {one.zone}", f"{one.start:%d %b %H:%M}", who)


def _people(preview: Preview, keys: Sequence[str]) -> str:
    return ", ".join(preview.names.get(key, key) for key in keys) or NOBODY


def _hours(preview: Preview) -> Iterator[tuple[str, ...]]:
    for one in preview.hours:
        less = f"-{hours_text(one.lost)}" if one.lost else ""
        more = f"+{hours_text(one.won)}" if one.won else ""
        sign = "+" if one.won >= one.lost else "-"
        yield (preview.names.get(one.person, one.person), less, more, f"{sign}{hours_text(abs(one.won - one.lost))}")


def hours_text(length: timedelta) -> str:
    """Return a length in hours: `12 h`, `7.5 h`."""
    hours = length.total_seconds() / 3600
    return f"{hours:.0f} h" if hours == int(hours) else f"{hours:.1f} h"


def _edits(preview: Preview) -> Iterator[tuple[str, ...]]:
    for one in preview.edits:
        lineup = f"{_people(preview, one.before)} {ARROW} {_people(preview, one.after)}"
        if one.before == one.after:
            lineup = _people(preview, one.after)
        if one.first_change is None:
            yield (one.name, lineup, "nobody's turn changes", "")
            continue
        if one.hand_off is None or one.first_change >= one.hand_off:
            rollout = "after the running shift"
        else:
            rollout = "at once, as written (rollout: now)" if one.rollout_now else "within the running shift"
        yield (one.name, lineup, f"{when(one.first_change, one.zone)} {one.zone}", rollout)


def _stops(preview: Preview) -> Iterator[tuple[str, ...]]:
    for stop in preview.stops:
        way = f"accepted: {stop.accepted}" if stop.accepted is not None else f"--accept {stop.rule}, if it is meant"
        yield (stop.rule, stop.message, way)


def _lost(preview: Preview) -> Iterator[tuple[str, ...]]:
    for one in preview.coverage:
        if one.lost:
            yield (f"{one.team_name} {one.tier} ({one.severity})", _spans(one.lost, preview.zone))


def _won(preview: Preview) -> Iterator[tuple[str, ...]]:
    for one in preview.coverage:
        if one.won:
            yield (f"{one.team_name} {one.tier} ({one.severity})", _spans(one.won, preview.zone))


def _spans(spans: Intervals, zone: str, most: int = 3) -> str:
    shown = "; ".join(span_text(start, end, zone) for start, end in spans[:most])
    more = f"; and {len(spans) - most} more times" if len(spans) > most else ""
    whole = sum(((end - start) for start, end in spans), timedelta(0))
    return f"{shown}{more} {zone}, {hours_text(whole)} in all"


def _problems(problems: Iterable[Problem]) -> tuple[tuple[str, ...], ...]:
    order = {"error": 0, "reason": 1, "notice": 2}
    found = sorted(problems, key=lambda each: (order[each.severity], each.mark))
    return tuple((str(each.mark), f"{each.rule} ({each.severity})", each.message) for each in found)


def _route(change: RouteChange) -> tuple[str, ...]:
    name = change.server if change.name == change.server else f"{change.server} ({change.name})"
    return (name, _place(change.before, "new"), _place(change.after, "gone"))


def _place(route: Route | None, instead: str) -> str:
    if route is None:
        return instead
    vendors = " then ".join(TITLES[vendor] for vendor in route.vendors)
    own = ", a service of its own" if route.own_service else ""
    return f"{route.team_name}, {route.severity} ({route.tier}), {vendors}{own}"


def _escalations(preview: Preview) -> Iterator[tuple[str, ...]]:
    for one in preview.escalations:
        title = f"{one.team_name}, {', '.join(one.tiers)}"
        yield (title, one.before or "not in use", one.after or "not in use")


def _setting(change: SettingChange) -> tuple[str, ...]:
    title = f"{change.thing}: {change.word.replace('_', ' ')}" if change.word else change.thing
    return (title, change.before or "-", change.after or "-")


def _counts(actions: Sequence[str]) -> str:
    words = {"create": "new", "update": "changed", "rekey": "renamed", "delete": "deleted"}
    parts = [f"{actions.count(action)} {word}" for action, word in words.items() if action in actions]
    return ", ".join(parts)
