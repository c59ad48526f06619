"""`oncall rota`: who takes turns, edited so that nobody's running shift moves unless that is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oncall.cli.edit import finish, prepare
from oncall.cli.instants import Now, read_moment, the_clock
from oncall.cli.options import AsJson, DryRun, InventoryPath

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oncall.edits.rota_orders import Change
    from oncall.edits.rota_outlook import Outlook
    from oncall.edits.rota_stage import Ask, Plan
    from oncall.model import Inventory
    from oncall.shifts.differences import Displaced
    from oncall.source.writer import Files

_INVENTORY = Path("inventory.yaml")
_SHOWN_TURNS = 8
_SHOWN_CHANGES = 20


class Rollout(StrEnum):
    """When a change takes effect."""

    AFTER_SHIFT = "after-shift"
    AFTER_ROUND = "after-round"
    NOW = "now"


RotationName = Annotated[
    str,
    typer.Argument(
        metavar="ROTATION",
        help="team/schedule/rotation, or team/schedule where there is one rotation.",
        show_default=False,
    ),
]
When = Annotated[
    Rollout,
    typer.Option(
        "--rollout",
        help="after-shift: at the next hand-off. after-round: when everybody has had a turn. now: at once.",
    ),
]

rota = typer.Typer(
    add_completion=False,
    rich_markup_mode="markdown",
    no_args_is_help=True,
    help="Change who takes turns: nobody's running shift moves, unless `--rollout now` says so.",
)


@rota.command()
def add(
    rotation: RotationName,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Who: a key or an e-mail address.")],
    after: Annotated[
        str | None, typer.Option("--after", metavar="PERSON", help="Their place is after this one's.")
    ] = None,
    first: Annotated[bool, typer.Option("--first", help="Their place is the first in the order.")] = False,
    last: Annotated[
        bool, typer.Option("--last", help="Their place is the last in the order; so it is anyway.")
    ] = False,
    rollout: When = Rollout.AFTER_SHIFT,
    inventory: InventoryPath = _INVENTORY,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Let somebody join; who is no member of the team becomes one."""
    from oncall.edits.rota_orders import Add

    if (after is not None) + first + last > 1:
        raise typer.BadParameter("one place only: --after PERSON, --first or --last")
    _edit(rotation, Add(person, after, first), rollout, inventory, dry_run, as_json, now)


@rota.command()
def remove(
    rotation: RotationName,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Who: a key or an e-mail address.")],
    cover: Annotated[
        str | None,
        typer.Option(
            "--cover", metavar="PERSON", help="Who takes the rest of their running shift; they can themselves."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="INSTANT",
            help="They are gone after this day (or from this instant on): at the last hand-off before.",
        ),
    ] = None,
    rollout: When = Rollout.AFTER_SHIFT,
    inventory: InventoryPath = _INVENTORY,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Let somebody go, out of the line-up on call and all that are waiting."""
    from oncall.edits.rota_orders import Remove

    if by is not None and rollout is not Rollout.AFTER_SHIFT:
        raise typer.BadParameter("--by says when: it goes without --rollout")
    _edit(rotation, Remove(person), rollout, inventory, dry_run, as_json, now, cover, by)


@rota.command()
def swap(
    rotation: RotationName,
    one: Annotated[str, typer.Argument(metavar="PERSON", help="One of the two: a key or an e-mail address.")],
    other: Annotated[str, typer.Argument(metavar="PERSON", help="The other one.")],
    rollout: When = Rollout.AFTER_SHIFT,
    inventory: InventoryPath = _INVENTORY,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Let two people trade their places in the order, for good (`oncall swap` trades two turns)."""
    from oncall.edits.rota_orders import Swap

    _edit(rotation, Swap(one, other), rollout, inventory, dry_run, as_json, now)


@rota.command()
def order(
    rotation: RotationName,
    people: Annotated[list[str], typer.Argument(metavar="PERSON...", help="Everybody, in their order.")],
    rollout: When = Rollout.AFTER_SHIFT,
    inventory: InventoryPath = _INVENTORY,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Set the order of turns. With `--rollout now` the first one named is on call at once."""
    from oncall.edits.rota_orders import Order

    _edit(rotation, Order(tuple(people)), rollout, inventory, dry_run, as_json, now)


@rota.command()
def turn(
    rotation: RotationName,
    length: Annotated[str, typer.Argument(metavar="TURN", help="Like '2 weeks' or '12 hours'.")],
    hand_off: Annotated[
        str | None, typer.Option("--hand-off", metavar="WHEN", help="Like 'Mon 09:00' for weeks, else '09:00'.")
    ] = None,
    rollout: When = Rollout.AFTER_SHIFT,
    inventory: InventoryPath = _INVENTORY,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Set the length of turns, and when they change hands."""
    from oncall.edits.rota_orders import Retime
    from oncall.model.words import parse_hand_off, parse_turn

    try:
        change = Retime(parse_turn(length), parse_hand_off(hand_off) if hand_off is not None else None)
    except ValueError as fault:
        raise typer.BadParameter(str(fault)) from fault
    _edit(rotation, change, rollout, inventory, dry_run, as_json, now)


def _edit(
    rotation: str,
    change: Change,
    rollout: Rollout,
    path: Path,
    dry_run: bool,
    as_json: bool,
    now: datetime | None,
    cover: str | None = None,
    by: str | None = None,
) -> None:
    from oncall.answers.names import UnknownNameError, person_named
    from oncall.cli.rota_names import rotation_named, with_keys
    from oncall.edits.refusal import Refusal
    from oncall.edits.rota import plan
    from oncall.edits.rota_outlook import outlook, sentences
    from oncall.edits.rota_stage import Ask
    from oncall.edits.rota_text import new_member, out_of_order, written
    from oncall.errors import InventoryError
    from oncall.source import read

    at = now or the_clock()
    made: list[Plan] = []

    def changed(files: Files, inventory: Inventory) -> Files:
        document = read([(name, text.encode()) for name, text in files])
        stand_in = None if cover is None else person_named(inventory, cover)
        asked = with_keys(inventory, change)
        ask = Ask(rotation_named(inventory, rotation), asked, at, rollout.value, stand_in)
        wrong = out_of_order(inventory, ask.ref, at)
        if wrong:
            raise InventoryError(map(document.problem, wrong))
        made.append(plan(inventory, replace(ask, by=_gone(inventory, ask, by))))
        return written(files, document.data, inventory, made[0])

    try:
        edit = prepare(path, at, changed)
    except (Refusal, UnknownNameError) as refusal:
        typer.echo(f"oncall: {refusal}", err=True)
        raise typer.Exit(1) from None
    (found,) = made
    words = list(sentences(edit.before, found))
    if new_member(edit.before, found):
        team = edit.before.teams[found.ask.ref.team]
        words.append(f"{edit.after.people[found.ask.change.person].name} becomes a member of {team.name}.")  # type: ignore[union-attr]
    if any(line.startswith("+") and " #" in line for line in edit.diff.splitlines()):
        words.append("Comments stay where they are: see whether those beside changed lines still hold.")
    seen = outlook(found)
    try:
        finish(edit, words, _as_data(found, seen, words), dry_run=dry_run, as_json=as_json)
    finally:  # it ends the command
        if not found.empty and not as_json:
            _print_turns(edit.before, found, seen)


def _gone(inventory: Inventory, ask: Ask, by: str | None) -> datetime | None:
    """Return the instant by which somebody is to be gone: a date is their last day, by their own clock."""
    from oncall.cli.instants import read_instant
    from oncall.edits.rota_orders import Remove
    from oncall.shifts.clock import moment_end

    if by is None or not isinstance(ask.change, Remove) or ask.change.person not in inventory.people:
        return None
    zone = inventory.person_zone(inventory.people[ask.change.person])
    moment = read_moment(by)
    return read_instant(by, zone) if isinstance(moment, datetime) else moment_end(moment, zone)


def _print_turns(inventory: Inventory, plan: Plan, seen: Outlook) -> None:
    """Print the next turns before and after, and for `now` every stretch that changes hands."""
    from oncall.cli.tables import console, table
    from oncall.shifts.clock import instant_text

    def who(person: str | None) -> str:
        return inventory.people[person].name if person in inventory.people else "nobody"

    def rows(found: Sequence[Displaced]) -> list[tuple[str, ...]]:
        return [
            (
                instant_text(one.start, plan.zone),
                instant_text(one.end, plan.zone),
                who(one.before),
                "=" if same else who(one.after),
            )
            for one in found
            for same in (one.before == one.after,)
        ]

    titles = (f"from ({plan.zone})", "until", "before", "after")
    out = console()
    out.print()
    out.print(table(titles, rows(seen.turns[:_SHOWN_TURNS]), "Turns"))
    if plan.after.rollout == "now" and plan.ask.rollout == "now":
        shown = seen.displaced[:_SHOWN_CHANGES]
        out.print()
        out.print(table(titles, rows(shown), f"Hours that change hands until {instant_text(seen.end, plan.zone)}"))
        if len(shown) < len(seen.displaced):
            out.print(f"and {len(seen.displaced) - len(shown)} more: `--json` lists all")


def _as_data(plan: Plan, seen: Outlook, words: list[str]) -> dict[str, Any]:
    """What `--json` says of the plan; instants have the rotation's offset."""
    from oncall.cli.tables import stamp

    def rows(found: Sequence[Displaced]) -> list[dict[str, str | None]]:
        return [
            {
                "from": stamp(one.start, plan.zone),
                "to": stamp(one.end, plan.zone),
                "before": one.before,
                "after": one.after,
            }
            for one in found
        ]

    return {
        "rotation": plan.ask.ref.name,
        "zone": plan.zone,
        "words": words,
        "begins": stamp(plan.begins, plan.zone) if plan.begins else None,
        "people": list(plan.after.people),
        "until": stamp(seen.end, plan.zone),
        "turns": rows(seen.turns),
        "displaced": rows(seen.displaced),
    }
