"""`oncall override`: somebody takes a schedule for a while."""

from typing import Annotated

import typer

from oncall.cli.instants import Now, the_clock
from oncall.cli.options import DEFAULT, AsJson, DryRun, InventoryPath


def override(
    schedule: Annotated[str, typer.Argument(metavar="TEAM/SCHEDULE")],
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Who takes it: a key or an e-mail address.")],
    start: Annotated[
        str | None, typer.Option("--from", metavar="INSTANT", help="A day or a time, by the schedule's clock.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="INSTANT", help="The last day, included; or a time, excluded.")
    ] = None,
    instead_of: Annotated[
        str | None, typer.Option(metavar="PERSON", help="Take only this person's shifts, not everybody's.")
    ] = None,
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="The reason, for people.")] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take an override out again: the only one, or the one with these dates.")
    ] = False,
    dry_run: DryRun = False,
    inventory: InventoryPath = DEFAULT,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Write into the inventory that somebody is on call for a while, whoever's turn it is, and tell instead of whom.

    Hours that nobody has are taken too, unless `--instead-of` names somebody. The exit code is 2 where the file
    changed, 0 where nothing was to be done.

    `--json`: `changed`, `written`, `diff`, `findings` and `taken`.
    """
    from oncall.answers.names import person_named, schedule_named
    from oncall.cli import exceptions as words
    from oncall.cli.edit import finish, prepare
    from oncall.cli.tables import full_name
    from oncall.edits.effect import replaced
    from oncall.edits.exceptions import add_override, override_period, remove_override
    from oncall.model import Inventory
    from oncall.shifts.rota import Rota
    from oncall.source.writer import Files

    number = -1

    def change(files: Files, found: Inventory) -> Files:
        nonlocal number
        ref = schedule_named(found, schedule)
        zone = Rota(found).zone(ref)
        key, other = person_named(found, person), words.person(found, instead_of)
        if remove:
            begin, finish_ = words.optional_moment(start, zone), words.optional_moment(end, zone)
            changed, number = remove_override(files, found, ref, key, begin, finish_, other)
        else:
            changed, number = add_override(files, found, ref, key, words.period(start, end, zone), other, why)
        return changed

    clock = now or the_clock()
    edit = prepare(inventory, clock, words.refusing(change))
    # What it takes is seen against the inventory without it.
    with_it, without = (edit.before, edit.after) if remove else (edit.after, edit.before)
    entry = with_it.overrides[number]
    span = override_period(with_it, entry)
    given = replaced(Rota(without), Rota(with_it), ("overrides", number))
    who = full_name(with_it, entry.person)
    if remove:
        lines = [f"{who} no longer takes {entry.schedule} {span}", *words.given_back_words(with_it, given)]
    else:
        already = "" if edit.diff else "already "
        lines = [f"{who} {already}takes {entry.schedule} {span} ({span.zone})", *words.taken_words(with_it, given)]
        if not given:
            lines.append(f"{who} has these shifts anyway: it changes nothing of who is on call")
    lines += words.past_words(given, clock)
    finish(edit, lines, {"taken": words.taken_data(given)}, dry_run=dry_run, as_json=as_json)
