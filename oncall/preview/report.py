"""A preview in the order in which people read it: sections of plain text, which every form lays out in its own way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import repeat
from zoneinfo import ZoneInfo

from oncall.errors import Problem
from oncall.model import TargetName
from oncall.preview.drift_words import drift_rows
from oncall.preview.engine_rows import count_rows, difference_rows, engine_title
from oncall.preview.live import counted
from oncall.preview.model import Live, Preview, RosterEdit, Route, RouteChange, SettingChange, ShiftChange
from oncall.preview.objects import object_row
from oncall.preview.words import hours_text, named
from oncall.shifts.clock import is_ambiguous, to_wall
from oncall.shifts.intervals import Intervals
from oncall.targets.checks import TITLES

NOBODY = "nobody"
ARROW = "→"
# So many changes alike, at the same hours of different days, are told as one row.
ALIKE = 3


class Swap(str):
    """`before → after`, and what follows; a form that has colours or strokes shows the two apart."""

    before: str
    after: str
    rest: str

    def __new__(cls, before: str, after: str, rest: str = "") -> "Swap":
        """Put the parts together."""
        made = super().__new__(cls, f"{before} {ARROW} {after}{rest}")
        made.before, made.after, made.rest = before, after, rest
        return made


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
    days = (preview.end - preview.start).days
    live = preview.live or Live(())
    errors = tuple(each for each in preview.new_problems if each.severity == "error" or not preview.usable)
    found = tuple(each for each in preview.new_problems if each not in errors)
    stopping = tuple(each for each in errors if each.severity != "notice")
    sections = [
        Section("What stops it", ("where", "rule", "what is wrong"), _problems(stopping), alarming=True),
        Section("Stopped by the guard", ("rule", "why", "way on"), tuple(_stops(preview)), alarming=True),
        Section("Let through, though the guard would stop it", ("rule", "why", "reason"), tuple(_accepted(preview))),
        Section(
            "`pulumi up` would fail",
            ("at", "rule", "why", "way out"),
            tuple(_obstacles(live, stops=True)),
            alarming=True,
        ),
        Section(
            "Not as meant at the accounts", ("at", "rule", "what", "way out"), tuple(_obstacles(live, stops=False))
        ),
        Section("Who changes", ("schedule", "when", "UTC", "who"), (*_shifts(preview), *_by_hand(preview))),
        Section(f"Who changes after these {days} days", ("schedule", "from", "UTC", "who"), tuple(_later(preview))),
        Section(f"Hours on call in these {days} days", ("person", "less", "more", "in all"), tuple(_hours(preview))),
        Section("Rosters", ("rotation", "what is edited", "first change", "rollout"), tuple(_edits(preview))),
        Section("Nobody answers any more", ("escalation", "when"), tuple(_lost(preview)), alarming=True),
        Section("Somebody answers again", ("escalation", "when"), tuple(_won(preview))),
        Section("New findings", ("where", "rule", "what"), _problems(found)),
        Section("Fixed findings", ("rule", "what"), tuple(_fixed(preview.fixed_problems))),
        Section("Servers", ("server", "was", "will be"), tuple(_routes(preview.routes))),
        Section("Escalations", ("team", "was", "will be"), tuple(_escalations(preview))),
        Section("Settings", ("of", "was", "will be"), tuple(map(_setting, preview.settings))),
        Section(
            "Changed by hand, or not applied yet",
            ("at", "object", "inventory → account", "by"),
            tuple(drift_rows(live, preview.names)),
            alarming=True,
        ),
        Section(
            "Where the engine does not agree",
            ("at", "object", "this edit", "the engine", "why"),
            tuple(difference_rows(preview.engine)),
            alarming=True,
        ),
        Section(engine_title(preview.engine), ("at", "what `pulumi up` would do"), tuple(count_rows(preview.engine))),
        *(
            Section(
                f"At {TITLES[vendor]}: {_counts([change.action for change in changes])}",
                ("", "object", "what changes"),
                tuple(object_row(change, preview.names) for change in changes),
                folded=True,
            )
            for vendor, changes in preview.objects.items()
        ),
    ]
    notes = [preview.note, *live.notes, *map(_foreign, live.asked, repeat(live))]
    note = "".join(f" {each}" for each in notes if each)
    start = when(preview.start, preview.zone, with_year=True)
    about = f"{preview.organization}, {days} days from {start} {preview.zone}.{note}" if preview.usable else ""
    return Report(preview.verdict, about, tuple(_narrowed(section) for section in sections if section.rows))


def _narrowed(section: Section) -> Section:
    """Return a section without the columns that no row fills."""
    filled = [place for place, _ in enumerate(section.columns) if any(row[place] for row in section.rows)]
    rows = tuple(tuple(row[place] for place in filled) for row in section.rows)
    return replace(section, columns=tuple(section.columns[place] for place in filled), rows=rows)


def when(instant: datetime, zone: str, *, with_year: bool = False) -> str:
    """Return an instant by a zone's clock: `Mon 7 Dec 09:00`; with its offset where the clock shows it twice."""
    wall = to_wall(instant, zone)
    text = f"{wall:%a} {wall.day} {wall:%b %Y %H:%M}" if with_year else f"{wall:%a} {wall.day} {wall:%b %H:%M}"
    return f"{text} {instant.astimezone(ZoneInfo(zone)):%z}" if is_ambiguous(wall, zone) else text


def span_text(start: datetime, end: datetime, zone: str, *, with_year: bool = False) -> str:
    """Return a stretch of time by a zone's clock; the second day only where it is another."""
    first, last = to_wall(start, zone), to_wall(end, zone)
    if first.date() == last.date() and not is_ambiguous(last, zone):
        return f"{when(start, zone, with_year=with_year)}-{last:%H:%M}"
    return f"{when(start, zone, with_year=with_year)} - {when(end, zone, with_year=first.year != last.year)}"


def _shifts(preview: Preview) -> Iterator[tuple[str, ...]]:
    """Give the changes, soonest first: a schedule that is new or gone, and what repeats day by day, as one row."""
    rows: dict[tuple[object, ...], list[ShiftChange]] = {}
    for one in preview.shifts:
        rows.setdefault(_alike(one), []).append(one)
    taken: set[tuple[object, ...]] = set()
    for one in preview.shifts:
        key = _alike(one)
        some = rows[key]
        if one.schedule != "stays" or len(some) >= ALIKE:
            if key not in taken:
                taken.add(key)
                yield _as_one(preview, some)
        else:
            yield (one.name, f"{_span(one, preview)} {one.zone}", _utc(one), _who(preview, one))


def _obstacles(live: Live, *, stops: bool) -> Iterator[tuple[str, ...]]:
    for one in live.obstacles:
        if one.stops is stops:
            yield (TITLES[one.vendor], one.rule, one.message, one.way_out)


def _foreign(vendor: TargetName, live: Live) -> str:
    found = counted(live.foreign.get(vendor, {}))
    return f"Not ours at {TITLES[vendor]}, and left alone: {found}." if found else ""


def _by_hand(preview: Preview) -> Iterator[tuple[str, ...]]:
    """Give the overrides that people made by hand at the vendors: no edit makes them, and they hold all the same."""
    for one in preview.live.by_hand if preview.live is not None else ():
        span = span_text(one.start, one.end, one.zone)
        yield (one.name, f"{span} {one.zone}", "", f"{one.who} (by hand at {TITLES[one.vendor]})")


def _alike(one: ShiftChange) -> tuple[object, ...]:
    """Return what changes have in common that are told as one: all of a schedule, or people and hours of the day."""
    if one.schedule != "stays":
        return (one.ref, one.schedule)
    first, last = to_wall(one.start, one.zone), to_wall(one.end, one.zone)
    hours = (first.time(), last.time(), (last.date() - first.date()).days, one.goes_on)
    return (one.ref, one.before, one.after, one.reason, *hours)


def _as_one(preview: Preview, some: Sequence[ShiftChange]) -> tuple[str, ...]:
    first, last = some[0], some[-1]
    if first.schedule != "stays":
        side = [person for one in some for person in (one.after or one.before)]
        people = named([preview.names.get(key, key) for key in dict.fromkeys(side)])
        who = f"new: {people}" if first.schedule == "new" else f"gone: {people}"
        return (first.name, f"from {_when(first.start, first.zone, preview)} on {first.zone}", _utc(first, 1), who)
    start, end = to_wall(first.start, first.zone), to_wall(first.end, first.zone)
    days = (end.date() - start.date()).days
    hours = f"{start:%H:%M}-{end:%H:%M}{f' {days} days on' if days > 1 else ''}"
    weekday = f"{start:%a} " if len({to_wall(one.start, one.zone).weekday() for one in some}) == 1 else ""
    dates = [to_wall(one.start, one.zone) for one in (first, last)]
    text = (
        f"{weekday}{hours}, {len(some)} times from {_day(dates[0], preview)} to {_day(dates[1], preview)} {first.zone}"
    )
    return (first.name, text, _utc(first), _who(preview, first))


def _day(wall: datetime, preview: Preview) -> str:
    return f"{wall:%a} {wall.day} {wall:%b}{f' {wall:%Y}' if wall.year != preview.start.year else ''}"


def _when(instant: datetime, zone: str, preview: Preview) -> str:
    """Return an instant with its year where that is not the one of the preview."""
    return when(instant, zone, with_year=to_wall(instant, zone).year != preview.start.year)


def _span(one: ShiftChange, preview: Preview) -> str:
    if one.goes_on:
        return f"from {_when(one.start, one.zone, preview)} on"
    year = to_wall(one.start, one.zone).year != preview.start.year
    return span_text(one.start, one.end, one.zone, with_year=year)


def _utc(one: ShiftChange, edges: int = 2) -> str:
    """Return the time in UTC, where the schedule's own clock shows another."""
    first, last = one.start.astimezone(UTC), one.end.astimezone(UTC)
    if to_wall(one.start, one.zone) == to_wall(one.start, "UTC"):
        return ""
    if one.goes_on or edges == 1:
        return f"{first.day} {first:%b %H:%M}"
    if first.date() == last.date():
        return f"{first.day} {first:%b %H:%M}-{last:%H:%M}"
    return f"{first.day} {first:%b %H:%M} - {last.day} {last:%b %H:%M}"


def _later(preview: Preview) -> Iterator[tuple[str, ...]]:
    for one in preview.later:
        at = when(one.start, one.zone, with_year=True)
        yield (one.name, f"{at} {one.zone}", _utc(one, 1), _who(preview, one))


def _who(preview: Preview, one: ShiftChange) -> str:
    """Return who has it instead of whom, why, and who is on call there on both sides."""
    stay = [person for person in one.after if person in one.before]
    before, after = ([person for person in side if person not in stay] for side in (one.before, one.after))
    beside = f", beside {_people(preview, stay)}" if stay else ""
    reason = f" ({one.reason})" if one.reason else ""
    nobody = "-" if stay else NOBODY
    return Swap(_people(preview, before) or nobody, _people(preview, after) or nobody, f"{beside}{reason}")


def _people(preview: Preview, keys: Sequence[str]) -> str:
    return ", ".join(preview.names.get(key, key) for key in keys)


def _hours(preview: Preview) -> Iterator[tuple[str, ...]]:
    for one in preview.hours:
        less = f"-{hours_text(one.lost)}" if one.lost else ""
        more = f"+{hours_text(one.won)}" if one.won else ""
        sign = "+" if one.won > one.lost else "-" if one.won < one.lost else ""
        yield (preview.names.get(one.person, one.person), less, more, f"{sign}{hours_text(abs(one.won - one.lost))}")


def _edits(preview: Preview) -> Iterator[tuple[str, ...]]:
    for one in preview.edits:
        what: list[str] = []
        if one.before != one.after:
            what.append(Swap(_people(preview, one.before), _people(preview, one.after)))
        what += [f"{word} {before or '-'} {ARROW} {after or '-'}" for word, before, after in one.words]
        text = what[0] if len(what) == 1 else "; ".join(what) or "the line-ups before"
        if one.first_change is None:
            yield (one.name, text, "nobody's turn changes", "")
            continue
        utc = one.first_change.astimezone(UTC)
        first = f"{when(one.first_change, one.zone, with_year=True)} {one.zone}"
        first += f" ({utc.day} {utc:%b %H:%M} UTC)" if to_wall(utc, one.zone) != to_wall(utc, "UTC") else ""
        yield (one.name, text, first, _rollout(one))


def _rollout(one: RosterEdit) -> str:
    if one.first_change is None or one.hand_off is None or one.first_change >= one.hand_off:
        return "the running shift stays"
    return "within the running shift, as written (rollout: now)" if one.rollout_now else "within the running shift"


def _stops(preview: Preview) -> Iterator[tuple[str, ...]]:
    for stop in preview.stops:
        if stop.accepted is None:
            yield (stop.rule, stop.message, f"--accept {stop.rule}, if it is meant")


def _accepted(preview: Preview) -> Iterator[tuple[str, ...]]:
    for stop in preview.stops:
        if stop.accepted is not None:
            yield (stop.rule, stop.message, stop.accepted)


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


def _fixed(problems: Iterable[Problem]) -> Iterator[tuple[str, ...]]:
    yield from ((f"{each.rule} ({each.severity})", each.message) for each in problems)


def _routes(changes: Iterable[RouteChange]) -> Iterator[tuple[str, ...]]:
    """Give where servers go, those that go the same way together."""
    together: dict[tuple[str, ...], list[str]] = {}
    for change in changes:
        together.setdefault(_places(change), []).append(change.server)
    for places, servers in together.items():
        count = f" ({len(servers)} servers)" if len(servers) > 1 else ""
        yield (f"{named(servers)}{count}", *places)


def _places(change: RouteChange) -> tuple[str, str]:
    """Return both sides: team and severity, and whatever else differs."""
    was, will = change.before, change.after
    if was is None or will is None:
        return (_place(was, will) if was else "new", _place(will, was) if will else "gone")
    return _place(was, will), _place(will, was)


def _place(route: Route, other: Route | None) -> str:
    parts = [route.team_name, route.severity]
    if other is not None and (route.severity, route.tier) != (other.severity, other.tier):
        parts[1] += f" ({route.tier})"
    if other is None or route.vendors != other.vendors:
        parts.append(" then ".join(TITLES[vendor] for vendor in route.vendors))
    if other is not None and route.own_service != other.own_service:
        parts.append("a service of its own" if route.own_service else "the team's service")
    return ", ".join(parts)


def _escalations(preview: Preview) -> Iterator[tuple[str, ...]]:
    for one in preview.escalations:
        gone = "gone" if one.before else "-"
        yield (f"{one.team_name} {', '.join(one.tiers)}", one.before or "new", one.after or gone)


def _setting(change: SettingChange) -> tuple[str, ...]:
    title = f"{change.thing}: {change.word}" if change.word else change.thing
    return (title, change.before or "-", change.after or ("-" if change.word else "gone"))


def _counts(actions: Sequence[str]) -> str:
    words = {"create": "new", "update": "changed", "rekey": "renamed", "delete": "deleted"}
    parts = [f"{actions.count(action)} {word}" for action, word in words.items() if action in actions]
    return ", ".join(parts)
