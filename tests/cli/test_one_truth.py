"""Commands that answer from one inventory give one answer: who, shifts, simulate, calendar and pay, side by side."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from oncall.cli.main import main

SAMPLE = Path(__file__).resolve().parents[2] / "inventory.yaml"
# Swaps, leave with and without cover, overrides, a shift that the clocks change in: December to January, and March.
PERIODS = ("2026-12-14", "2027-03-22")
WEEKS = 4

Ask = Callable[..., Any]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command on the sample and return what it prints for programs."""

    def run(*arguments: str) -> Any:
        assert main((*arguments, "--inventory", str(SAMPLE), "--now", "2026-11-21T12:00Z", "--json")) in (0, None)
        return json.loads(capsys.readouterr().out)

    return run


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def held(ask: Ask, first: str, days: int) -> set[tuple[str, datetime, datetime, str]]:
    """Who has which schedule from when to when, by `oncall shifts`."""
    rows = ask("shifts", "--from", f"{first}T00:00Z", "--days", str(days))["shifts"]
    return {
        (f"{row['team']}/{row['schedule']}", instant(row["start"]), instant(row["end"]), row["person"])
        for row in rows
        if row["person"] is not None
    }


@pytest.mark.parametrize("first", PERIODS)
def test_who_and_simulate_name_the_people_of_shifts(ask: Ask, first: str) -> None:
    shifts = held(ask, first, 7 * WEEKS)
    edges = sorted({shift[1] for shift in shifts if shift[1] >= instant(f"{first}T00:00+00:00")})
    for at in (*edges[1:-1:9], *(edge + timedelta(minutes=-1) for edge in edges[5::17])):
        there = {(schedule, person) for schedule, start, end, person in shifts if start <= at < end}
        said = ask("who", "--at", at.isoformat())["schedules"]
        assert {(f"{one['team']}/{one['schedule']}", who["person"]) for one in said for who in one["on_call"]} == there
        (incident, *_) = ask("simulate", "auth-mcp", "--at", at.isoformat())["incidents"]
        told = {(who["schedule"], who["person"]) for who in incident["pages"][0]["people"]}
        assert told == {(schedule, person) for schedule, person in there if schedule == "platform/primary"}


@pytest.mark.parametrize("first", PERIODS)
def test_calendars_hold_the_shifts(ask: Ask, tmp_path: Path, first: str) -> None:
    ask("calendar", "--out", str(tmp_path), "--from", first, "--weeks", str(WEEKS), "--only", "ics")
    within = [instant(f"{first}T00:00+00:00") + timedelta(days=days) for days in (1, 7 * WEEKS - 1)]
    events = {
        (path.stem, event["DTSTART"].dt, event["DTEND"].dt)
        for path in (tmp_path / "schedules").iterdir()
        for event in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    }
    shifts = {(schedule.replace("/", "-"), start, end) for schedule, start, end, _ in held(ask, first, 7 * WEEKS)}
    inner = [{one for one in some if one[2] > within[0] and one[1] < within[1]} for some in (events, shifts)]
    assert inner[0] == inner[1] != set()


@pytest.mark.parametrize("month", ["2026-12", "2027-03"])
def test_pay_is_the_minutes_of_shifts(ask: Ask, month: str) -> None:
    first = datetime.fromisoformat(f"{month}-01")
    shifts = held(ask, f"{first - timedelta(days=2):%Y-%m-%d}", 36)
    for one in ask("pay", "--month", month)["people"]:
        begin = first.replace(tzinfo=ZoneInfo(one["time_zone"]))
        end = (begin + timedelta(days=31)).replace(day=1).astimezone(UTC)
        minutes: set[datetime] = set()
        for _, start, stop, person in shifts:
            at, stop = max(start, begin.astimezone(UTC)), min(stop, end)
            while person == one["person"] and at < stop:
                minutes.add(at)
                at += timedelta(minutes=1)
        assert one["minutes"]["total"] == len(minutes), one["person"]
