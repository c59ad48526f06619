"""`oncall calendar`: who is on call when, as calendars to subscribe to and a page to look at."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer

from oncall.cli.instants import Now, read_day, the_clock
from oncall.cli.options import DEFAULT, AsJson, InventoryPath

MANIFEST = ".oncall-calendars.json"
USUAL_WEEKS, MOST_WEEKS = 12, 104


def calendar(
    inventory: InventoryPath = DEFAULT,
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("calendars"),
    start: Annotated[
        date | None,
        typer.Option("--from", parser=read_day, metavar="DATE", help="The first day; else Monday of this week."),
    ] = None,
    end: Annotated[
        date | None, typer.Option("--to", parser=read_day, metavar="DATE", help="The last day, instead of --weeks.")
    ] = None,
    weeks: Annotated[int | None, typer.Option(min=1, max=MOST_WEEKS, help="How many weeks. [default: 12]")] = None,
    team: Annotated[str | None, typer.Option(help="Only this team: its calendar, its schedules, its page.")] = None,
    person: Annotated[str | None, typer.Option(help="Only this person's calendar.")] = None,
    only: Annotated[Literal["ics", "html"] | None, typer.Option(help="Only the calendars, or only the page.")] = None,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Write iCalendar files to subscribe to, for people, teams and schedules, and a page to look at: index.html.

    The folder then holds exactly what this run wrote: files of an earlier run that are no longer asked for are
    removed, files of others stay. The same inventory and the same present give the same bytes, and a calendar changes
    only if its shifts do: a shift that an edit leaves alone stays the same event.
    """
    from oncall.answers.names import UnknownNameError, person_named, team_named
    from oncall.calendars.book import Period, make_book
    from oncall.calendars.ics import calendars
    from oncall.calendars.names import FileNames
    from oncall.calendars.page import pages
    from oncall.cli.load import load_to_look
    from oncall.provider.faults import ProviderError
    from oncall.provider.files import Directory, Text
    from oncall.shifts.clock import to_wall
    from oncall.shifts.rota import Rota

    if end is not None and weeks is not None:
        raise typer.BadParameter("--to and --weeks both say where it ends; give one of them")
    if team is not None and person is not None:
        raise typer.BadParameter("--team and --person are two different calendars; give one of them")
    if person is not None and only == "html":
        raise typer.BadParameter("a person has a calendar, and no page: leave --only out")
    present = now or the_clock()
    found = load_to_look(inventory, present)
    try:
        team = None if team is None else team_named(found, team)
        person = None if person is None else person_named(found, person)
    except UnknownNameError as fault:
        raise typer.BadParameter(str(fault)) from fault
    usual = Period.of_weeks(to_wall(present, found.time_zone).date(), weeks or USUAL_WEEKS)
    first = start or usual.first
    last = end or first + (usual.last - usual.first)
    if not first <= last < first + timedelta(weeks=MOST_WEEKS):
        raise typer.BadParameter(f"{first} to {last} is no period of one day to {MOST_WEEKS} weeks")

    rota = Rota(found)
    book = make_book(rota, Period(first, last), present, None if team is None else [team])
    names = FileNames(rota.schedules())
    texts: dict[str, str] = {}
    if only != "html":
        texts |= calendars(book, names, people=team is None, groups=person is None)
        if person is not None:
            texts = {path: text for path, text in texts.items() if path == names.person_calendar(person)}
            if not texts:
                raise typer.BadParameter(f"{found.people[person].name} ({person}) is on no rotation")
    if only != "ics" and person is None:
        texts |= pages(book, names, present, linked=only != "html")
    try:
        Directory(str(out), "oncall calendar", MANIFEST).write({path: Text(text) for path, text in texts.items()}, {})
    except ProviderError as fault:
        typer.echo(f"oncall: {fault}", err=True)
        raise typer.Exit(1) from fault
    _tell(out, first, last, texts, as_json)


def _tell(out: Path, first: date, last: date, texts: dict[str, str], as_json: bool) -> None:
    if as_json:
        facts = {"directory": str(out), "from": str(first), "to": str(last), "files": sorted(texts)}
        typer.echo(json.dumps(facts, indent=2))
        return
    counts = []
    for folder, one, many in (
        ("people/", "person", "people"),
        ("teams/", "team", "teams"),
        ("schedules/", "schedule", "schedules"),
    ):
        count = sum(path.startswith(folder) and path.endswith(".ics") for path in texts)
        if count:
            counts.append(f"{count} {one if count == 1 else many}")
    size = sum(len(text.encode()) for text in texts.values())
    typer.echo(f"{out}: {len(texts)} files, {size // 1024} KiB, {first} to {last}")
    if counts:
        typer.echo(f"Calendars of {', '.join(counts)}.")
    if "index.html" in texts:
        typer.echo(f"Open {out / 'index.html'} in a browser.")
