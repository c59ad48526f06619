"""What `oncall leave`, `swap` and `override` share: names and moments from the command line, and what an edit means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import typer

from oncall.answers.names import UnknownNameError, person_named, schedule_named
from oncall.cli.instants import read_instant, read_moment
from oncall.cli.tables import full_name, stamp
from oncall.edits.effect import Taken, Uncovered
from oncall.edits.moments import Moment, Period
from oncall.edits.refusal import Refusal
from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import instant_text
from oncall.source.writer import Files

_PROPOSED = 3  # people named for a shift that nobody has


def refusing(change: Callable[[Files, Inventory], Files]) -> Callable[[Files, Inventory], Files]:
    """Let a change end the command with one line where it is refused, or a name or moment is none."""

    def edit(files: Files, inventory: Inventory) -> Files:
        try:
            return change(files, inventory)
        except (Refusal, UnknownNameError) as fault:
            raise typer.TyperException(str(fault)) from None
        except typer.BadParameter as fault:
            raise typer.TyperException(fault.message) from None

    return edit


def moment(text: str, zone: str) -> Moment:
    """Read a date or a time by the clock of a zone, as it will stand in the file.

    Raises typer.BadParameter, with the way out, where it is none, doesn't exist or comes twice.
    """
    read_instant(text, zone)
    return read_moment(text)


def optional_moment(text: str | None, zone: str) -> Moment | None:
    """Read a moment that may be left out."""
    return moment(text, zone) if text is not None else None


def person_at(inventory: Inventory, text: str, zone: str) -> tuple[str, Moment | None]:
    """Read `ana@2026-12-07`, or `ana` alone. Raises UnknownNameError."""
    name, _, at = text.rpartition("@")
    if not name or (not at[:1].isdigit() and name not in inventory.people):  # a key alone, or an e-mail address
        return person_named(inventory, text), None
    return person_named(inventory, name), moment(at, zone)


def period(start: str | None, end: str | None, zone: str) -> Period:
    """Read `--from` and `--to`, both of which are needed."""
    if start is None or end is None:
        raise typer.BadParameter("--from and --to say from when to when, like --from 2026-12-28 --to 2027-01-03")
    return Period(moment(start, zone), moment(end, zone), zone)


def person(inventory: Inventory, name: str | None) -> str | None:
    """Return the key of a person who may be left out. Raises UnknownNameError."""
    return person_named(inventory, name) if name is not None else None


def schedule(inventory: Inventory, name: str | None) -> ScheduleRef | None:
    """Return a schedule that may be left out. Raises UnknownNameError."""
    return schedule_named(inventory, name) if name is not None else None


def taken_words(inventory: Inventory, taken: Iterable[Taken]) -> Iterator[str]:
    """Say who has which shifts, instead of whom."""
    for (ref, zone, holder), some in groupby(taken, key=lambda one: (one.ref, one.zone, one.person)):
        yield f"{full_name(inventory, holder)} has in {ref} ({zone}):"
        for one in some:
            instead = (
                f"instead of {full_name(inventory, one.instead_of)}" if one.instead_of else "when nobody was there"
            )
            yield f"  {instant_text(one.start, zone)} to {instant_text(one.end, zone)}, {instead}"


def past_words(taken: Sequence[Taken], now: datetime) -> Iterator[str]:
    """Say so where an edit is about the past only, which no vendor lets anybody rewrite."""
    if taken and all(one.end <= now for one in taken):
        yield "all of that is over: nobody is paged differently, only what `shifts`, `load` and `pay` tell changes"


def given_back_words(inventory: Inventory, taken: Iterable[Taken]) -> Iterator[str]:
    """Say who no longer has which shifts."""
    for (ref, zone, holder), some in groupby(taken, key=lambda one: (one.ref, one.zone, one.person)):
        yield f"{full_name(inventory, holder)} no longer has in {ref} ({zone}):"
        for one in some:
            back = f", {full_name(inventory, one.instead_of)} has it again" if one.instead_of else ""
            yield f"  {instant_text(one.start, zone)} to {instant_text(one.end, zone)}{back}"


def uncovered_words(inventory: Inventory, uncovered: Iterable[Uncovered]) -> Iterator[str]:
    """Say which shifts somebody on leave still has, and who could take each."""
    for one in uncovered:
        name = str(one.ref)
        times = f"{instant_text(one.start, one.zone)} to {instant_text(one.end, one.zone)} ({one.zone})"
        yield f"nobody stands in for {full_name(inventory, one.person)} in {name}, {times}"
        for proposal in one.proposals[:_PROPOSED]:
            hours = round(proposal.carried.total_seconds() / 3600)
            turns = "" if proposal.takes_turns else ", takes no turns there"
            holiday = f", has a public holiday then: {proposal.holiday}" if proposal.holiday else ""
            who = full_name(inventory, proposal.person)
            yield f"  free: {who}, on call {hours} h in the 13 weeks before{turns}{holiday}"
        if not one.proposals:
            yield "  nobody of the team is free then"


def taken_data(taken: Iterable[Taken]) -> list[dict[str, Any]]:
    """The same for `--json`."""
    return [
        {
            "schedule": str(one.ref),
            "start": stamp(one.start, one.zone),
            "end": stamp(one.end, one.zone),
            "person": one.person,
            "instead_of": one.instead_of,
        }
        for one in taken
    ]


def uncovered_data(uncovered: Iterable[Uncovered]) -> list[dict[str, Any]]:
    """The same for `--json`."""
    return [
        {
            "schedule": str(one.ref),
            "start": stamp(one.start, one.zone),
            "end": stamp(one.end, one.zone),
            "person": one.person,
            "free": [
                {
                    "person": each.person,
                    "hours_in_13_weeks": each.carried.total_seconds() / 3600,
                    "takes_turns": each.takes_turns,
                    "holiday": each.holiday,
                }
                for each in one.proposals
            ],
        }
        for one in uncovered
    ]
