"""`oncall fmt`: what is past goes from the inventory."""

from typing import Annotated

import typer

from oncall.cli.instants import Now, read_instant, the_clock
from oncall.cli.options import DEFAULT, AsJson, DryRun, InventoryPath


def fmt(
    inventory: InventoryPath = DEFAULT,
    check: Annotated[bool, typer.Option("--check", help="Only tell what is past; change nothing.")] = False,
    before: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="Only what was over by then, or when that day began; else by now."),
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Drop what is past from the inventory: line-ups, leave, swaps, overrides, maintenance, people who have left.

    Nobody is paged differently from now on, and nothing changes at the vendors: what would is kept, and named. What
    `oncall pay` and `oncall load` say of the time before is read from the same file: `--before` spares what they still
    need. The exit code is 2 where something is dropped, or would be with `--check`, else 0.

    `--json`: `changed`, `written`, `diff`, `findings`, `dropped` and `kept`.
    """
    from oncall.cli.edit import finish, prepare
    from oncall.edits.tidy import Tidied, tidy
    from oncall.model import Inventory
    from oncall.source.writer import Files

    clock = now or the_clock()
    done: Tidied | None = None

    def change(files: Files, found: Inventory) -> Files:
        nonlocal done
        try:
            by = read_instant(before, found.time_zone) if before is not None else None
        except typer.BadParameter as fault:
            raise typer.TyperException(fault.message) from None
        done = tidy(files, found, clock, by)
        return done.files

    edit = prepare(inventory, clock, change)
    dropped, kept = (done.dropped, done.kept) if done is not None else ((), ())
    lines = [f"past: {one.words}" for one in dropped] or ["nothing is past"]
    lines += [f"past, but it still decides what there is at a vendor: {one.words}" for one in kept]
    data = {"dropped": [one.words for one in dropped], "kept": [one.words for one in kept]}
    finish(edit, lines, data, dry_run=dry_run or check, as_json=as_json, quiet=check)
