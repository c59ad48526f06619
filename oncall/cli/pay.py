"""`oncall pay`: hours on call for payroll."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oncall.cli.instants import Now, read_day, read_month, the_clock
from oncall.cli.options import DEFAULT, AsJson, InventoryPath

if TYPE_CHECKING:
    from oncall.answers.pay import Pay, PersonPay, Piece
    from oncall.model import Inventory

LONGEST = timedelta(days=3 * 366)
_WHO = ("person", "name", "email")
_PIECE = (
    "date",
    "start",
    "end",
    "minutes",
    "kind",
    "holiday",
    "team",
    "schedule",
    "rotation",
    "why",
    "instead_of",
    "also",
)
_TOTAL = ("weekday", "night", "weekend", "holiday", "total")


def pay(
    month: Annotated[
        str | None, typer.Option(metavar="MONTH", help="A month, 2026-12; else the one before now.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first day, instead of a month.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day.")] = None,
    team: Annotated[list[str] | None, typer.Option(help="Only the schedules of this team; may be repeated.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print every piece of a shift as CSV.")] = False,
    totals: Annotated[bool, typer.Option("--totals", help="With --csv: a line per person instead.")] = False,
    inventory: InventoryPath = DEFAULT,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Show who was on call for how long, by kind of time: for payroll.

    Days and months are those of each person's own clock, a day with 25 hours has 25. Each minute is of one kind: public
    holiday of the person's own, else weekend (Saturday and Sunday), else night (23:00-06:00), else weekday. It is
    listed once: where somebody is on call in several schedules, `also` names the others. So the minutes of all lines
    are those to be paid. `why` is turn, swap, leave (they cover for `instead_of`), holiday (likewise) or override.

    The past is what the inventory says of it: for a month long gone, take the file of that time.
    """
    from oncall.answers.names import UnknownNameError, team_named
    from oncall.answers.pay import pay as pay_of
    from oncall.cli.load import load_to_look
    from oncall.shifts.clock import to_wall
    from oncall.shifts.rota import Rota

    clock = now or the_clock()
    if as_csv and as_json:
        raise typer.BadParameter("--csv or --json, not both")
    if totals and not as_csv:
        raise typer.BadParameter("--totals goes with --csv; the table and --json have them anyway")
    asked = _days(month, start, end)
    found = load_to_look(inventory, clock)
    try:
        teams = [team_named(found, name) for name in team] if team else None
    except UnknownNameError as fault:
        raise typer.BadParameter(str(fault)) from None
    first, last = asked or _month_before(to_wall(clock, found.time_zone).date())
    paid = pay_of(Rota(found), first, last, teams)
    if as_csv:
        _print_csv(found, paid, totals)
    elif as_json:
        typer.echo(json.dumps(_as_data(found, paid), indent=2, ensure_ascii=False))
    else:
        _print(found, paid)


def _days(month: str | None, start: str | None, end: str | None) -> tuple[date, date] | None:
    if month is not None:
        if start is not None or end is not None:
            raise typer.BadParameter("--month, or --from and --to")
        return read_month(month)
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise typer.BadParameter("--from and --to go together; both days are included")
    first, last = read_day(start), read_day(end)
    if not first <= last <= first + LONGEST:
        raise typer.BadParameter(f"--to is not before --from, and {LONGEST.days} days after it at most")
    return first, last


def _month_before(today: date) -> tuple[date, date]:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def _print_csv(inventory: "Inventory", paid: "Pay", totals: bool) -> None:
    from oncall.answers.spreadsheet import csv_text

    if totals:
        rows: Iterator[Sequence[str | int]] = (
            (*_who(inventory, one.person), *_minutes(one).values()) for one in paid.people
        )
        text = csv_text((*_WHO, *_TOTAL), rows)
    else:
        pieces = (piece for one in paid.people for piece in one.pieces)
        text = csv_text(
            (*_WHO, *_PIECE),
            ((*_who(inventory, piece.person), *map(_cell, _line(inventory, piece).values())) for piece in pieces),
        )
    typer.echo(text.encode(), nl=False)  # UTF-8 with CRLF, whatever the terminal's way


def _who(inventory: "Inventory", person: str) -> tuple[str, str, str]:
    found = inventory.people[person]
    return person, found.name, found.email


def _minutes(one: "PersonPay") -> dict[str, int]:
    hours = one.hours
    found = (hours.weekday, hours.night, hours.weekend, hours.holiday, hours.total)
    return dict(zip(_TOTAL, found, strict=True))


def _cell(value: str | int | list[str] | None) -> str | int:
    return " ".join(value) if isinstance(value, list) else "" if value is None else value


def _line(inventory: "Inventory", piece: "Piece") -> dict[str, str | int | list[str] | None]:
    from oncall.answers.hours import from_minute
    from oncall.cli.tables import stamp

    zone = inventory.person_zone(inventory.people[piece.person])
    stretch, duty = piece.stretch, piece.duty
    values = (
        stretch.day.isoformat(),
        stamp(from_minute(stretch.start), zone),
        stamp(from_minute(stretch.end), zone),
        piece.minutes,
        stretch.kind,
        stretch.holiday or None,
        duty.schedule.team,
        duty.schedule.schedule,
        duty.rotation or None,
        duty.why,
        duty.instead_of,
        list(duty.also),
    )
    return dict(zip(_PIECE, values, strict=True))


def _as_data(inventory: "Inventory", paid: "Pay") -> dict[str, Any]:
    people = []
    for one in paid.people:
        person, name, email = _who(inventory, one.person)
        people.append(
            {
                "person": person,
                "name": name,
                "email": email,
                "time_zone": inventory.person_zone(inventory.people[person]),
                "minutes": _minutes(one),
                "pieces": [_line(inventory, piece) for piece in one.pieces],
            }
        )
    first, last = paid.first.isoformat(), paid.last.isoformat()
    return {"from": first, "to": last, "people": people, "total": {"minutes": paid.minutes}}


def _print(inventory: "Inventory", paid: "Pay") -> None:
    from rich.text import Text

    from oncall.cli.tables import console, full_name, shown, table

    rows: list[Sequence[str | Text]] = [
        (
            shown(full_name(inventory, one.person)),
            *(_clock(minutes) for minutes in _minutes(one).values()),
            inventory.person_zone(inventory.people[one.person]),
        )
        for one in paid.people
    ]
    made = table(("person", "weekday", "night", "weekend", "holiday", "total", "zone"), rows)
    for column in made.columns[1:-1]:
        column.justify, column.no_wrap = "right", True
    screen = console()
    screen.print(made)
    days = f"{paid.first:%a %Y-%m-%d} to {paid.last:%a %Y-%m-%d}, both included, by each person's own clock"
    screen.print(f"\n{days}: {_clock(paid.minutes)} hours in all; --csv lists every piece", style="dim")


def _clock(minutes: int) -> str:
    """Return minutes as hours and minutes, `1,234:05`."""
    return f"{minutes // 60:,}:{minutes % 60:02}"
