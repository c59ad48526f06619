"""`oncall shifts`: who is on call from when to when, and why."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oncall.cli.instants import Now, read_instant, the_clock
from oncall.cli.options import DEFAULT, AsJson, InventoryPath

if TYPE_CHECKING:
    from oncall.answers.shift_rows import Foreign, ShiftRow
    from oncall.model import Inventory
    from oncall.model.escalation import ScheduleRef

LONGEST = timedelta(days=3 * 366)


def shifts(
    subject: Annotated[
        str | None, typer.Argument(metavar="TEAM|TEAM/SCHEDULE", help="A team or team/schedule; all if left out.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="INSTANT", help="From here on, by the schedule's clock; else now.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="INSTANT", help="Up to here.")] = None,
    days: Annotated[int, typer.Option(min=1, max=LONGEST.days, help="This many days, where there is no --to.")] = 28,
    person: Annotated[
        str | None, typer.Option(help="Only the shifts of this person: a key or an e-mail address.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Also ask the accounts for overrides made by hand there. Only reads.")
    ] = False,
    stack: Annotated[str | None, typer.Option(help="With --live: take tokens and addresses from this stack.")] = None,
    inventory: InventoryPath = DEFAULT,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """List shifts: from when to when who has which schedule and why, with the gaps. Shifts are shown whole.

    Swaps, leave, holidays and overrides are applied. Times are by the clock of the schedule's zone; with `--person` by
    the person's own.

    `--live` takes its tokens from the environment, `PAGERDUTY_TOKEN` and `OPSGENIE_API_KEY` (with other addresses from
    `PAGERDUTY_API_URL` and `OPSGENIE_API_URL`), or from `--stack`; one that may only read is enough. Overrides that
    are not in the inventory are drawn in and left alone.

    `--json`: `from`, `to` and `shifts`, each with `start`, `end`, `person` (null: a gap), `why` and `instead_of`;
    overrides made by hand have `why: "by hand"` and `vendor`. `notes` say what could not be asked.
    """
    from oncall.answers.names import UnknownNameError, person_named, schedules_named
    from oncall.answers.shift_rows import shift_rows
    from oncall.cli.load import load_to_look
    from oncall.cli.tables import stamp
    from oncall.shifts.rota import Rota

    clock = now or the_clock()
    found = load_to_look(inventory, clock)
    rota = Rota(found)
    try:
        refs = schedules_named(found, subject)
        key = person_named(found, person) if person is not None else None
    except UnknownNameError as fault:
        raise typer.BadParameter(str(fault)) from None
    zone = (
        found.person_zone(found.people[key])
        if key is not None
        else rota.zone(refs[0])
        if subject and refs
        else found.time_zone
    )
    first = read_instant(start, zone) if start is not None else clock
    last = read_instant(end, zone) if end is not None else first + timedelta(days=days)
    if not first < last <= first + LONGEST:
        raise typer.BadParameter(f"--to comes after --from, by {LONGEST.days} days at most")
    foreign, notes = _foreign(found, refs, first, last, stack) if live else ((), ())
    rows = shift_rows(rota, refs, first, last, key, foreign)
    if as_json:
        shown = [_as_data(found, row) for row in rows]
        data = {"from": stamp(first, zone), "to": stamp(last, zone), "shifts": shown, "notes": list(notes)}
        typer.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        _print(found, rows, (key, zone) if key is not None else None)
        for note in notes:
            typer.echo(f"oncall: {note}", err=True)


def _foreign(
    inventory: "Inventory", refs: "Sequence[ScheduleRef]", start: datetime, end: datetime, stack: str | None
) -> "tuple[tuple[Foreign, ...], tuple[str, ...]]":
    from oncall.answers.by_hand import UnreadableError
    from oncall.cli.engine import EngineError
    from oncall.cli.live import NoAccountError, live_overrides, of_stack
    from oncall.cli.user_stack import UserStack
    from oncall.clients.errors import ClientError

    try:
        given = of_stack(UserStack(stack, None).settings()) if stack is not None else None
        found = live_overrides(inventory, refs, start, end, given)
    except (ClientError, EngineError, NoAccountError, UnreadableError) as fault:
        typer.echo(f"oncall: {fault}", err=True)
        raise typer.Exit(1) from None
    return found.foreign, found.unasked


def _print(inventory: "Inventory", rows: "Sequence[ShiftRow]", of: tuple[str, str] | None) -> None:
    from oncall.answers.story import duration_text, why_text
    from oncall.cli.tables import Cell, console, full_name, shown, table
    from oncall.shifts.clock import instant_text
    from oncall.targets.checks import TITLES

    screen = console()

    def cells(row: "ShiftRow", clock: str) -> tuple[Cell, ...]:
        why = shown(why_text(inventory, row.shift) if row.shift is not None else "")
        if row.foreign is not None:
            partly = "" if row.foreign.whole else ", in part"
            why = shown(f"made by hand at {TITLES[row.foreign.vendor]}{partly}", "magenta")
        return instant_text(row.start, clock), instant_text(row.end, clock), duration_text(row.end - row.start), why

    def who(row: "ShiftRow") -> Cell:
        if row.foreign is not None:
            return shown(full_name(inventory, row.foreign.person) if row.foreign.person else row.foreign.who, "magenta")
        return full_name(inventory, row.shift.person) if row.shift is not None else shown("nobody", "bold red")

    def name(row: "ShiftRow") -> str:
        return str(row.schedule)

    if of is not None:
        person, zone = of
        titles = ("schedule", "from", "to", "for", "why")
        title = f"{full_name(inventory, person)}, by the clock of {zone}"
        screen.print(table(titles, ((name(row), *cells(row, zone)) for row in rows), title))
    else:
        for _, some in groupby(rows, key=name):
            group = list(some)
            title = f"{name(group[0])}, {group[0].zone}"
            lines = ((who(row), *cells(row, row.zone)) for row in group)
            screen.print(table(("who", "from", "to", "for", "why"), lines, title))
    if not rows:
        screen.print("no shifts", style="dim")


def _as_data(inventory: "Inventory", row: "ShiftRow") -> dict[str, Any]:
    from oncall.cli.tables import stamp

    shift, foreign = row.shift, row.foreign
    person = shift.person if shift is not None else foreign.person if foreign is not None else None
    data: dict[str, Any] = {
        "team": row.schedule.team,
        "schedule": row.schedule.schedule,
        "time_zone": row.zone,
        "start": stamp(row.start, row.zone),
        "end": stamp(row.end, row.zone),
        "person": person,
        "name": inventory.people[person].name if person is not None else foreign.who if foreign is not None else None,
        "rotation": (shift.rotation or None) if shift is not None else None,
        "why": shift.why if shift is not None else "by hand" if foreign is not None else "gap",
        "instead_of": shift.instead_of if shift is not None else None,
    }
    return data | ({"vendor": foreign.vendor, "whole_schedule": foreign.whole} if foreign is not None else {})
