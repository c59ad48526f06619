"""Instants given on the command line, or the clock's."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

from oncall.shifts.clock import MIDNIGHT, is_ambiguous, is_missing, to_instant, to_wall

FORM = "write it like 2026-11-21T09:00Z, '2026-11-21 09:00' or 2026-11-21"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
Day = TypeVar("Day", date, date | datetime)
_YEARS = range(2000, 2100)  # as in the inventory


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant; one without a zone is in UTC."""
    return read_instant(text, "UTC")


def read_instant(text: str, zone: str) -> datetime:
    """Read a typed instant as UTC: a date is its first moment, one without an offset is by the clock of the zone.

    Raises typer.BadParameter where it is none, doesn't exist or comes twice in the zone, with the way out.
    """
    moment = read_moment(text)
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC)
    wall = moment if isinstance(moment, datetime) else datetime.combine(moment, MIDNIGHT)
    if isinstance(moment, datetime) and is_missing(wall, zone):
        exists = to_wall(to_instant(wall, zone), zone)
        message = f"{wall:%Y-%m-%d %H:%M} does not exist in {zone}, the clocks jump over it"
        raise typer.BadParameter(f"{message}; the next time that does is '{exists:%Y-%m-%d %H:%M}'")
    if isinstance(moment, datetime) and is_ambiguous(wall, zone):
        zoned = wall.replace(tzinfo=ZoneInfo(zone))
        either = " or ".join(f"'{zoned.replace(fold=n).isoformat(' ', 'minutes')}'" for n in (0, 1))
        raise typer.BadParameter(f"{wall:%Y-%m-%d %H:%M} comes twice in {zone}; say which: {either}")
    return to_instant(wall, zone)


def read_moment(text: str) -> date | datetime:
    """Read a date, or a date with a time, naive without an offset. Raises typer.BadParameter for anything else."""
    found = _INSTANT.fullmatch(text.strip())
    try:
        moment = (datetime if found and found[1] else date).fromisoformat(text.strip() if found else "")
    except ValueError as fault:
        raise typer.BadParameter(f"{text[:40]!r} is no instant; {FORM}") from fault
    return _in_range(moment)


def read_day(text: str) -> date:
    """Read a date. Raises typer.BadParameter for anything else."""
    form = re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII)
    try:
        day = date.fromisoformat(text.strip() if form else "")
    except ValueError as fault:
        raise typer.BadParameter(f"{text[:40]!r} is no date; write it like 2026-11-21") from fault
    return _in_range(day)


def _in_range(moment: Day) -> Day:
    if moment.year not in _YEARS:
        raise typer.BadParameter(f"the year {moment.year} is out of range: {_YEARS[0]} to {_YEARS[-1]}")
    return moment


def read_month(text: str) -> tuple[date, date]:
    """Read a month, `2026-12`, as its first and its last day. Raises typer.BadParameter for anything else."""
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text.strip(), re.ASCII) is None:
        raise typer.BadParameter(f"{text[:40]!r} is no month; write it like 2026-12")
    first = read_day(f"{text.strip()}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


Now = Annotated[
    datetime | None,
    typer.Option("--now", parser=parse_instant, metavar="INSTANT", help="Take this for the present, not the clock."),
]


def the_clock() -> datetime:
    """The present; the commands read it once, at their start."""
    return datetime.now(UTC)
