"""`oncall coverage`: how much of the required hours somebody is on call, and when nobody is."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oncall.cli.instants import Now, the_clock
from oncall.cli.options import DEFAULT, AsJson, InventoryPath

if TYPE_CHECKING:
    from rich.text import Text

    from oncall.answers.coverage import Report, TierCoverage
    from oncall.errors import Problem
    from oncall.shifts.intervals import Intervals

_SHOWN = 2  # gaps named in a cell


def coverage(
    team: Annotated[str | None, typer.Argument(metavar="TEAM", help="Only this team.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="So many days from now.")] = 90,
    inventory: InventoryPath = DEFAULT,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Show how much of the hours in which each tier of a team must reach somebody are covered, and every finding.

    Critical and high must reach somebody always, unless the team's `coverage: {required: {TIER: HOURS}}` says
    otherwise; what other tiers are raised to, whatever it says. A gap outside those hours is *meant*, one that an
    `accept` speaks of is *accepted*. Overrides of a whole schedule fill gaps. Times are by the clock of the team, or of
    the schedule.

    The exit code is 1 where required hours are left open. Below the tables stand the findings of `oncall check` about
    who is there when.

    `--json`: `from`, `to`, `ok`, `tiers` and `schedules` with every gap, `findings`.
    """
    from oncall.answers.coverage import coverage_report, findings_of
    from oncall.answers.names import UnknownNameError, team_named
    from oncall.cli.files import read_files
    from oncall.cli.load import check_document
    from oncall.errors import InventoryError
    from oncall.source import read

    clock = now or the_clock()
    document = read(read_files(inventory))
    checked = check_document(document, clock)
    errors = [problem for problem in checked.problems if problem.severity == "error" and problem.rule != "raise-gap"]
    if errors:
        raise InventoryError(errors)
    found = checked.inventory
    try:
        key = team_named(found, team) if team is not None else None
    except UnknownNameError as fault:
        raise typer.BadParameter(str(fault)) from None
    report = coverage_report(found, clock, days, None if key is None else (key,))
    problems = sorted({document.problem(finding) for finding in findings_of(found, checked.findings, key)})
    if as_json:
        typer.echo(json.dumps(_as_data(report, problems), indent=2, ensure_ascii=False))
    else:
        _print(report, problems, days)
    if report.failed:
        raise typer.Exit(1)


def _print(report: "Report", problems: "Sequence[Problem]", days: int) -> None:
    from oncall.answers.coverage import share, windows_text
    from oncall.cli.tables import console, shown, table

    screen = console()
    tiers = [
        (
            one.team,
            one.tier,
            windows_text(one.required) + (f" (raised from {one.raised_from})" if one.raised_from else ""),
            shown(f"{share(one.covered, one.length):.2f} %", "bold red" if one.failed else ""),
            f"{_hours(one.covered)} of {_hours(one.length)} h",
            _gaps_cell(one),
        )
        for one in report.tiers
    ]
    screen.print(table(("team", "tier", "required", "covered", "", "gaps"), tiers))
    schedules = [
        (
            str(one.ref) + ("" if one.on_step else " (on no step)"),
            f"{share(one.covered, one.length):.2f} %",
            f"{_hours(one.covered)} of {_hours(one.length)} h",
            _gaps_text(one.gaps, one.zone),
        )
        for one in report.schedules
    ]
    if schedules:
        screen.print()
        screen.print(table(("schedule", "covered", "", "gaps"), schedules))
    screen.print(f"\n{days} days from {report.start:%Y-%m-%d %H:%M} (UTC)", style="dim")
    for problem in problems:
        typer.echo(str(problem))


def _gaps_cell(one: "TierCoverage") -> "Text":
    """Return the open gaps, the accepted and the meant ones, a line each."""
    from rich.text import Text

    from oncall.cli.tables import shown

    lines = []
    if one.open:
        lines.append(shown(_gaps_text(one.open, one.zone), "red" if one.failed else ""))
    lines += [shown(f"accepted ({each.why}): {_gaps_text(each.gaps, one.zone)}", "dim") for each in one.accepted]
    if one.meant:
        lines.append(shown(f"meant: {_gaps_text(one.meant, one.zone)}", "dim"))
    return Text("\n").join(lines)


def _gaps_text(gaps: "Intervals", zone: str) -> str:
    """Return the first gaps by a zone's clock, and how many there are: the zone is told once."""
    from oncall.answers.coverage import length_of
    from oncall.shifts.clock import instant_text

    if not gaps:
        return ""
    first = ", ".join(f"{instant_text(start, zone)} to {instant_text(end, zone)}" for start, end in gaps[:_SHOWN])
    more = len(gaps) - _SHOWN
    return f"{first}{f' and {more} more' if more > 0 else ''}, {_hours(length_of(gaps))} h ({zone})"


def _hours(length: Any) -> str:
    """Return hours with one decimal, as `1,234.5`; whole ones without."""
    return f"{length.total_seconds() / 3600:,.1f}".removesuffix(".0")


def _as_data(report: "Report", problems: "Sequence[Problem]") -> dict[str, Any]:
    from oncall.answers.coverage import share, windows_text
    from oncall.cli.check import as_data
    from oncall.cli.tables import stamp

    def gaps(spans: "Intervals", zone: str) -> list[dict[str, str]]:
        return [{"start": stamp(start, zone), "end": stamp(end, zone)} for start, end in spans]

    return {
        "from": stamp(report.start, "UTC"),
        "to": stamp(report.end, "UTC"),
        "ok": not report.failed,
        "tiers": [
            {
                "team": one.team,
                "tier": one.tier,
                "severity": one.severity,
                "time_zone": one.zone,
                "required": None if one.required is None else windows_text(one.required),
                "raised_from": one.raised_from,
                "minutes": {"required": _minutes(one.length), "covered": _minutes(one.covered)},
                "percent": share(one.covered, one.length),
                "gaps": gaps(one.open, one.zone),
                "accepted": [{"why": each.why, "gaps": gaps(each.gaps, one.zone)} for each in one.accepted],
                "meant": gaps(one.meant, one.zone),
            }
            for one in report.tiers
        ],
        "schedules": [
            {
                "team": one.ref.team,
                "schedule": one.ref.schedule,
                "time_zone": one.zone,
                "on_step": one.on_step,
                "minutes": {"all": _minutes(one.length), "covered": _minutes(one.covered)},
                "percent": share(one.covered, one.length),
                "gaps": gaps(one.gaps, one.zone),
            }
            for one in report.schedules
        ],
        "findings": [as_data(problem) for problem in problems],
    }


def _minutes(length: Any) -> int | float:
    """Return whole minutes, as a number with decimals only where seconds are left."""
    minutes = length.total_seconds() / 60
    return int(minutes) if minutes.is_integer() else round(minutes, 2)
