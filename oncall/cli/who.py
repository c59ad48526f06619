"""`oncall who`: who is on call, until when, and who is next."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oncall.cli.instants import Now, read_instant, the_clock
from oncall.cli.options import DEFAULT, AsJson, InventoryPath

if TYPE_CHECKING:
    from oncall.answers.who import OnDuty
    from oncall.model import Inventory
    from oncall.model.escalation import ScheduleRef
    from oncall.shifts.rota import Rota
    from oncall.shifts.timeline import Shift


def who(
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="TEAM|TEAM/SCHEDULE|SERVER", help="A team, team/schedule or server; all teams if left out."
        ),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="At this moment, by the schedule's clock; now if left out.")
    ] = None,
    inventory: InventoryPath = DEFAULT,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Tell who is on call: in all schedules, in those of a team, in one; or whom a server's outage would page.

    Swaps, leave, holidays and overrides are applied. Times are by the clock of each schedule's zone.

    `--json`: `at` and `schedules` (each with `on_call`, `until` and `next`); for a team its `steps` too; for a server
    what `oncall simulate --json` prints, without the story.
    """
    from oncall.answers.names import UnknownNameError, schedules_named, team_named
    from oncall.cli.load import load_to_look
    from oncall.shifts.rota import Rota

    clock = now or the_clock()
    found = load_to_look(inventory, clock)
    rota = Rota(found)
    try:
        team = None
        if subject is not None and "/" not in subject:
            if subject in found.servers and subject not in found.teams:
                _server(rota, subject, _instant(at, _team_zone(found, found.servers[subject].team), clock), as_json)
                return
            team = team_named(found, subject, also=("server", found.servers))
        refs = schedules_named(found, team or subject)
    except UnknownNameError as fault:
        raise typer.BadParameter(str(fault)) from None
    zone = _team_zone(found, team) if team is not None else found.time_zone if subject is None else rota.zone(refs[0])
    instant = _instant(at, zone, clock)
    if as_json:
        typer.echo(json.dumps(_as_data(rota, refs, instant, zone, team), indent=2, ensure_ascii=False))
    else:
        _print(rota, refs, instant, zone, team)


def _team_zone(inventory: "Inventory", team: str) -> str:
    return inventory.team_zone(inventory.teams[team])


def _instant(typed: str | None, zone: str, clock: datetime) -> datetime:
    return clock if typed is None else read_instant(typed, zone)


def _server(rota: "Rota", slug: str, instant: datetime, as_json: bool) -> None:
    from oncall.answers.page_path import who_is_paged
    from oncall.cli.page_path import as_data, print_head, print_in_short
    from oncall.cli.tables import console, shown
    from oncall.shifts.clock import instant_text

    path = who_is_paged(rota, slug, instant)
    if as_json:
        typer.echo(json.dumps(as_data(rota.inventory, path), indent=2, ensure_ascii=False))
        return
    screen = console()
    print_head(screen, rota.inventory, path)
    if path.maintenance is not None:
        why = f" ({path.maintenance.why})" if path.maintenance.why else ""
        until = instant_text(path.maintenance.until, path.zone)
        screen.print(shown(f"  in maintenance until {until}{why}: nobody is paged. Still down then:", "yellow"))
    print_in_short(screen, rota.inventory, path)


def _print(rota: "Rota", refs: "tuple[ScheduleRef, ...]", instant: datetime, zone: str, team: str | None) -> None:
    from oncall.answers.who import on_duty
    from oncall.cli.tables import console, shown, table
    from oncall.shifts.clock import instant_text

    inventory, screen = rota.inventory, console()
    screen.print(shown(f"on call at {instant_text(instant, zone)} {zone}", "bold"))
    rows = []
    for duty in on_duty(rota, refs, instant):
        now = _people(inventory, duty.now)
        rows.append(
            (
                str(duty.schedule),
                shown(now, "" if duty.now else "red"),
                instant_text(duty.until, duty.zone) if duty.until is not None else "no change in sight",
                _people(inventory, duty.next) if duty.until is not None else "",
                duty.zone,
            )
        )
    if rows:
        screen.print(table(("schedule", "on call", "until", "next", "zone"), rows))
    if team is not None:
        screen.print(table(("after", "pages"), _steps(rota, team, instant)))


def _steps(rota: "Rota", team: str, instant: datetime) -> list[tuple[str, str]]:
    from oncall.answers.story import duration_text, whence_text
    from oncall.cli.tables import full_name
    from oncall.shifts.paging import on_call

    found = on_call(rota, team, instant)
    rows = [
        (
            duration_text(step.after),
            ", ".join(
                f"{full_name(rota.inventory, told.person)}: {whence_text(rota.inventory, team, told)}"
                for told in step.people
            )
            or "nobody",
        )
        for step in found.steps
    ]
    rows += [
        (
            duration_text(step.after),
            f"{', '.join(full_name(rota.inventory, boss) for boss in step.people)}: manager, for {step.tier}",
        )
        for step in found.managers
    ]
    return rows


def _people(inventory: "Inventory", shifts: "tuple[Shift, ...]") -> str:
    from oncall.answers.story import why_text
    from oncall.cli.tables import full_name

    names = []
    for shift in shifts:
        why = why_text(inventory, shift)
        names.append(full_name(inventory, shift.person) + (f", {why}" if why else ""))
    return "; ".join(names) or "nobody"


def _as_data(
    rota: "Rota", refs: "tuple[ScheduleRef, ...]", instant: datetime, zone: str, team: str | None
) -> dict[str, Any]:
    from oncall.answers.who import on_duty
    from oncall.cli.tables import stamp

    data: dict[str, Any] = {
        "at": stamp(instant, zone),
        "schedules": [_duty(rota.inventory, duty) for duty in on_duty(rota, refs, instant)],
    }
    if team is not None:
        from oncall.shifts.paging import on_call

        found = on_call(rota, team, instant)
        data["steps"] = [
            {
                "after": int(step.after.total_seconds()),
                "people": [
                    {
                        "person": told.person,
                        "name": rota.inventory.people[told.person].name,
                        "schedule": str(told.schedule) if told.schedule else None,
                    }
                    for told in step.people
                ],
            }
            for step in found.steps
        ]
        data["managers"] = [
            {"tier": step.tier, "after": int(step.after.total_seconds()), "people": list(step.people)}
            for step in found.managers
        ]
    return data


def _duty(inventory: "Inventory", duty: "OnDuty") -> dict[str, Any]:
    from oncall.cli.tables import stamp

    def people(shifts: "tuple[Shift, ...]") -> list[dict[str, Any]]:
        return [
            {
                "person": shift.person,
                "name": inventory.people[shift.person].name,
                "rotation": shift.rotation or None,
                "why": shift.why,
                "instead_of": shift.instead_of,
            }
            for shift in shifts
        ]

    return {
        "team": duty.schedule.team,
        "schedule": duty.schedule.schedule,
        "time_zone": duty.zone,
        "on_call": people(duty.now),
        "until": stamp(duty.until, duty.zone) if duty.until is not None else None,
        "next": people(duty.next),
    }
