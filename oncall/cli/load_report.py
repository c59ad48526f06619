"""`oncall load`: who carries how much, and how even it is."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oncall.cli.instants import Now, read_day, the_clock
from oncall.cli.options import DEFAULT, AsJson, InventoryPath

if TYPE_CHECKING:
    from rich.text import Text

    from oncall.answers.load import Load, PersonLoad, Share
    from oncall.model import Inventory

BAR = 8  # characters
WIDE = 140  # what all columns need
_COLUMNS = ("hours", "", "weekday", "night", "weekend", "holiday", "double")
_MORE = ("shifts", "hand-offs", "nights", "weekends", "streak", "short rests")
_NAMED = 3  # so many overloaded people are named in the table


def load(
    weeks: Annotated[int, typer.Option(min=1, max=520, help="So many weeks.")] = 52,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="From this day on, else from today's or the next Monday."),
    ] = None,
    team: Annotated[list[str] | None, typer.Option(help="Only the schedules of this team; may be repeated.")] = None,
    inventory: InventoryPath = DEFAULT,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Show what people carry: hours, shifts, nights, weekends, and how evenly each schedule shares them out.

    Swaps, leave, holidays and overrides are applied. Each minute is of one kind, by the person's own clock: public
    holiday, else weekend (Saturday and Sunday), else night (23:00-06:00), else weekday. A person on call in several
    schedules at once is counted once; the rest is *double*. A *hand-off* is a shift taken over from somebody at once,
    the *streak* the most days in a row on call, *short rests* are breaks shorter than the `limits` of a team ask for.
    *Balance* is Grafana OnCall's: the mean of lesser over greater hours of all pairs of people, from 95 % on balanced.

    `--json`: minutes instead of hours; `from`, `to`, `people`, `schedules`, `teams` and `total`.
    """
    from oncall.answers.hours import day_start
    from oncall.answers.load import load as load_of
    from oncall.answers.names import UnknownNameError, team_named
    from oncall.cli.load import load_to_look
    from oncall.shifts.clock import to_wall
    from oncall.shifts.rota import Rota

    clock = now or the_clock()
    found = load_to_look(inventory, clock)
    try:
        teams = [team_named(found, name) for name in team] if team else None
    except UnknownNameError as fault:
        raise typer.BadParameter(str(fault)) from None
    first = read_day(start) if start is not None else _monday(to_wall(clock, found.time_zone).date())
    last = first + timedelta(weeks=weeks)
    carried = load_of(Rota(found), day_start(first, found.time_zone), day_start(last, found.time_zone), teams)
    if as_json:
        typer.echo(json.dumps(_as_data(found, carried), indent=2, ensure_ascii=False))
    else:
        _print(found, carried, first, last)


def _monday(today: date) -> date:
    return today + timedelta(days=-today.weekday() % 7)


def _print(inventory: "Inventory", carried: "Load", first: date, last: date) -> None:
    from oncall.cli.tables import console, full_name, shown, table

    screen = console()
    if not screen.is_terminal:
        screen.width = max(screen.width, WIDE)
    wide = screen.width >= WIDE
    most = max((one.hours.total for one in carried.people), default=0)
    rows = [
        (shown(full_name(inventory, one.person)), *_cells(one, most)[: None if wide else len(_COLUMNS)])
        for one in carried.people
    ]
    people = table(("person", *_COLUMNS, *(_MORE if wide else ())), rows)
    for n, column in enumerate(people.columns):
        column.no_wrap = n > 0
        column.justify = "right" if n > 0 and column.header else "left"
    screen.print(people)
    shares = [
        share
        for share in sorted(
            (*carried.schedules, *carried.teams), key=lambda share: list(inventory.teams).index(share.team)
        )
        if share.schedule is not None or len(inventory.teams[share.team].schedules) > 1
    ]
    screen.print()
    screen.print(
        table(("schedule", "people", "balance", "", "overloaded"), [_balance(inventory, one) for one in shares])
    )
    days = f"{first:%a %Y-%m-%d} to {last:%a %Y-%m-%d}, {inventory.time_zone}"
    sums = f"shifts {_h(carried.person_minutes + carried.double)} h = people {_h(carried.person_minutes)} h"
    screen.print(f"\n{days}: {sums} + double {_h(carried.double)} h", style="dim")
    if not wide:
        screen.print(f"wider than {WIDE} columns this shows {', '.join(_MORE)} as well", style="dim")


def _cells(one: "PersonLoad", most: int) -> tuple["str | Text", ...]:
    hours = one.hours
    return (
        _h(hours.total),
        bar(hours.total / most),
        _h(hours.weekday),
        _h(hours.night),
        _h(hours.weekend),
        _h(hours.holiday),
        _h(one.double),
        str(one.shifts),
        str(one.hand_offs),
        str(one.nights),
        str(one.weekends),
        f"{one.days_in_a_row} d",
        "-" if one.short_rests is None else str(one.short_rests),
    )


def _balance(inventory: "Inventory", share: "Share") -> tuple["str | Text", ...]:
    from oncall.cli.tables import full_name, shown

    name = f"{share.team}/{share.schedule}" if share.schedule is not None else f"{share.team}, all schedules"
    if share.balance is None:
        return name, "0", "-", "", "nobody is on call"
    over = [f"{full_name(inventory, person)} +{percent} %" for person, percent in share.balance.overloaded]
    more = f" and {len(over) - _NAMED} more" if len(over) > _NAMED else ""
    style = "green" if share.balance.balanced else "yellow"
    return (
        name,
        str(len(share.minutes)),
        shown(f"{share.balance.percent} %" + (" balanced" if share.balance.balanced else ""), style),
        shown(bar(share.balance.percent / 100), style),
        ", ".join(over[:_NAMED]) + more,
    )


def bar(share: float) -> str:
    """Return a bar of so much of its whole length, in eighths of a character."""
    eighths = round(share * BAR * 8)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def _h(minutes: int) -> str:
    """Return hours with one decimal, as `1,234.5`; whole ones without."""
    return f"{minutes / 60:,.1f}".removesuffix(".0")


def _as_data(inventory: "Inventory", carried: "Load") -> dict[str, Any]:
    from oncall.cli.tables import stamp

    zone = inventory.time_zone
    return {
        "from": stamp(carried.start, zone),
        "to": stamp(carried.end, zone),
        "time_zone": zone,
        "people": [
            {
                "person": one.person,
                "name": inventory.people[one.person].name,
                "time_zone": inventory.person_zone(inventory.people[one.person]),
                "minutes": {**asdict(one.hours), "total": one.hours.total},
                "double": one.double,
                "shifts": one.shifts,
                "hand_offs": one.hand_offs,
                "nights": one.nights,
                "weekends": one.weekends,
                "days_in_a_row": one.days_in_a_row,
                "longest": one.longest,
                "short_rests": one.short_rests,
            }
            for one in carried.people
        ],
        "schedules": [{"team": one.team, "schedule": one.schedule, **_share(one)} for one in carried.schedules],
        "teams": [{"team": one.team, **_share(one)} for one in carried.teams],
        "total": {"minutes": carried.person_minutes, "double": carried.double},
    }


def _share(share: "Share") -> dict[str, Any]:
    found = share.balance
    return {
        "minutes": dict(share.minutes),
        "balance": found.percent if found else None,
        "balanced": found.balanced if found else None,
        "overloaded": dict(found.overloaded) if found else {},
    }
