"""`oncall leave`: somebody is away, and who stands in."""

from typing import Annotated

import typer

from oncall.cli.instants import Now, the_clock
from oncall.cli.options import DEFAULT, AsJson, DryRun, InventoryPath


def leave(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Who is away: a key or an e-mail address.")],
    start: Annotated[
        str | None, typer.Option("--from", metavar="INSTANT", help="The first day, or a time, by the person's clock.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="INSTANT", help="The last day, included; or a time, excluded.")
    ] = None,
    cover: Annotated[str | None, typer.Option(metavar="PERSON", help="Who stands in.")] = None,
    schedule: Annotated[
        str | None, typer.Option(metavar="TEAM/SCHEDULE", help="The cover is for this schedule only.")
    ] = None,
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="The reason, for people.")] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take a leave out again: the only one, or the one with these dates.")
    ] = False,
    dry_run: DryRun = False,
    inventory: InventoryPath = DEFAULT,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Write into the inventory that somebody is away, and tell who has their turns then.

    The same dates once more change the cover or the reason. Shifts that nobody has then are told, with who is free.
    The exit code is 2 where the file changed, 0 where nothing was to be done.

    `--json`: `changed`, `written`, `diff`, `findings`, `taken` and `uncovered`.
    """
    from oncall.answers.names import person_named
    from oncall.cli import exceptions as words
    from oncall.cli.edit import finish, prepare
    from oncall.cli.tables import full_name
    from oncall.edits.effect import taken, uncovered
    from oncall.edits.exceptions import add_leave, leave_period, remove_leave
    from oncall.model import Inventory
    from oncall.shifts.rota import Rota
    from oncall.source.writer import Files

    clock = now or the_clock()
    number = -1

    def change(files: Files, found: Inventory) -> Files:
        nonlocal number
        key = person_named(found, person)
        zone = found.person_zone(found.people[key])
        only = words.schedule(found, schedule)
        if remove:
            first, last = words.optional_moment(start, zone), words.optional_moment(end, zone)
            changed, number = remove_leave(files, found, key, first, last, only)
        else:
            stand_in = words.person(found, cover)
            changed, number = add_leave(files, found, key, words.period(start, end, zone), stand_in, only, why)
        return changed

    edit = prepare(inventory, clock, words.refusing(change))
    found = edit.before if remove else edit.after
    rota = Rota(found)
    entry = found.leave[number]
    who, span = full_name(found, entry.person), leave_period(found, entry)
    given = taken(rota, ("leave", number))
    if remove:
        lines = [f"{who} is no longer away {span}", *words.given_back_words(found, given)]
        lines += words.past_words(given, clock)
        finish(edit, lines, {"taken": words.taken_data(given)}, dry_run=dry_run, as_json=as_json)
    missing = uncovered(rota, number, clock)
    already = "" if edit.diff else "already "
    lines = [f"{who} is {already}away {span} ({span.zone})", *words.taken_words(found, given)]
    lines += words.past_words(given, clock)
    if not given and not missing:
        lines.append("no shift is concerned")
    lines += words.uncovered_words(found, missing)
    if missing and entry.cover is None:
        able = next((each.person for one in missing for each in one.proposals), "PERSON")
        lines.append(f"say who stands in: the same command with --cover {able}")
    if any(problem.rule == "leave-uncovered" and problem.severity == "reason" for problem in edit.told):
        lines.append("`oncall check` and `pulumi up` stop at this until somebody does, or a reason is accepted")
    data = {"taken": words.taken_data(given), "uncovered": words.uncovered_data(missing)}
    finish(edit, lines, data, dry_run=dry_run, as_json=as_json, said=("leave-uncovered",))
