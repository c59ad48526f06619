"""`oncall swap`: two people trade turns."""

from typing import Annotated

import typer

from oncall.cli.instants import Now, the_clock
from oncall.cli.options import DEFAULT, AsJson, DryRun, InventoryPath


def swap(
    schedule: Annotated[str, typer.Argument(metavar="TEAM/SCHEDULE")],
    first: Annotated[
        str, typer.Argument(metavar="PERSON@INSTANT", help="One of the two, and a day or time of their turn.")
    ],
    second: Annotated[str, typer.Argument(metavar="PERSON@INSTANT", help="The other one, and theirs.")],
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="The reason, for people.")] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take a swap out again; moments are needed only where there are several.")
    ] = False,
    dry_run: DryRun = False,
    inventory: InventoryPath = DEFAULT,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Write into the inventory that two people trade a turn each, and tell who has which then.

    `oncall swap platform/primary ana@2026-12-07 bo@2026-12-14`: a date is the turn that begins that day, else the one
    that runs as it begins; by the schedule's clock. The exit code is 2 where the file changed, 0 where nothing was to
    be done.

    `--json`: `changed`, `written`, `diff`, `findings` and `taken`.
    """
    from oncall.answers.names import schedule_named
    from oncall.cli import exceptions as words
    from oncall.cli.edit import finish, prepare
    from oncall.edits.effect import taken
    from oncall.edits.exceptions import add_swap, remove_swap
    from oncall.model import Inventory
    from oncall.shifts.rota import Rota
    from oncall.source.writer import Files

    number = -1

    def change(files: Files, found: Inventory) -> Files:
        nonlocal number
        ref = schedule_named(found, schedule)
        zone = Rota(found).zone(ref)
        (one, at), (other, then) = (words.person_at(found, each, zone) for each in (first, second))
        if remove:
            changed, number = remove_swap(files, found, ref, (one, other), (at, then))
            return changed
        if at is None or then is None:
            raise typer.BadParameter("say which turns: like ana@2026-12-07 bo@2026-12-14, a day or time in each")
        changed, number = add_swap(files, found, ref, (one, other), (at, then), why)
        return changed

    clock = now or the_clock()
    edit = prepare(inventory, clock, words.refusing(change))
    found = edit.before if remove else edit.after
    given = taken(Rota(found), ("swaps", number))
    lines = ["they have swapped these turns already"] if not edit.diff else []
    lines += words.given_back_words(found, given) if remove else words.taken_words(found, given)
    lines += words.past_words(given, clock)
    finish(edit, lines, {"taken": words.taken_data(given)}, dry_run=dry_run, as_json=as_json)
