"""What every command that edits the inventory does: read, change, check again, show, write.

Nothing is written that brings an error which was not there before. Exit codes: 0 nothing to do, 1 refused, 2 changed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import typer

from oncall.cli.files import read_files
from oncall.cli.load import Checked, check_document
from oncall.cli.unified import coloured, unified
from oncall.cli.write import write_files
from oncall.errors import InventoryError, Problem
from oncall.model import Inventory
from oncall.source import read
from oncall.source.writer import Files
from oncall.validate import unresolved

_WOULD_BE_WRONG = "nothing is written; with this edit the inventory would be wrong:"

Change = Callable[[Files, Inventory], Files]


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit that may be written: the inventory and its files before and after it.

    `told` are the Reasons and notices that were not there before; errors of that kind never get here.
    """

    before: Inventory
    after: Inventory
    files: Files
    changed: Files
    told: tuple[Problem, ...]
    _read: list[tuple[str, bytes]]

    @property
    def diff(self) -> str:
        """The change as a unified diff; "" where there is none."""
        return unified(self.files, self.changed)

    def write(self) -> None:
        """Write what changed, all of it or nothing. Raises InventoryError."""
        write_files(self._read, self.changed)

    def as_data(self, *, dry_run: bool) -> dict[str, Any]:
        """What `--json` says of every edit."""
        changed = self.files != self.changed
        return {
            "changed": changed,
            "written": changed and not dry_run,
            "diff": self.diff,
            "findings": [
                {"place": str(one.mark), "rule": one.rule, "severity": one.severity, "message": one.message}
                for one in self.told
            ],
        }


def prepare(path: Path, now: datetime, change: Change) -> Edit:
    """Read the inventory, let `change` edit its text, and check what came out.

    Raises InventoryError where it can't be read, names lead nowhere, or the edit brings errors.
    """
    contents = read_files(path)
    document = read(contents)
    before = check_document(document, now)
    lost = [document.problem(finding) for finding in unresolved(before.inventory, now)]
    if lost:
        raise InventoryError(lost)
    changed = change(document.texts, before.inventory)
    if changed == document.texts:
        return Edit(before.inventory, before.inventory, document.texts, changed, (), contents)
    after = _checked_again(changed, now)
    known = Counter((problem.rule, problem.message) for problem in before.problems)
    new: list[Problem] = []
    for problem in after.problems:
        known[problem.rule, problem.message] -= 1
        if known[problem.rule, problem.message] < 0:
            new.append(problem)
    errors = [problem for problem in new if problem.severity == "error"]
    if errors:
        typer.echo(_WOULD_BE_WRONG, err=True)
        raise InventoryError(errors)
    return Edit(before.inventory, after.inventory, document.texts, changed, tuple(new), contents)


def _checked_again(changed: Files, now: datetime) -> Checked:
    try:
        return check_document(read([(name, text.encode()) for name, text in changed]), now)
    except InventoryError:
        typer.echo(_WOULD_BE_WRONG, err=True)
        raise


def finish(
    edit: Edit,
    words: Sequence[str],
    data: Mapping[str, Any],
    *,
    dry_run: bool,
    as_json: bool,
    quiet: bool = False,
    said: Collection[str] = (),
) -> NoReturn:
    """Write an edit unless this is a trial, show it, and end the command with 2 where something changed, else 0.

    `words` say what it means, line by line; `data` says the same for `--json`. `quiet` leaves the diff out, `said` the
    findings of these rules, of which the words speak already.
    """
    changed = edit.files != edit.changed
    if changed and not dry_run:
        edit.write()
    if as_json:
        typer.echo(json.dumps({**edit.as_data(dry_run=dry_run), **data}, indent=2, ensure_ascii=False))
    else:
        _show(edit, words, diff=not quiet)
        for problem in edit.told:
            if problem.rule not in said:
                typer.echo(str(problem), err=True)
        if changed and dry_run and not quiet:
            typer.echo("nothing is written: this is a dry run")
    raise typer.Exit(2 if changed else 0)


def _show(edit: Edit, words: Sequence[str], *, diff: bool) -> None:
    from rich.console import Console

    from oncall.cli.tables import shown

    # Lines are as long as they are: a diff is for other programs too.
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    if diff and edit.diff:
        console.print(coloured(edit.diff))
    for line in words:
        console.print(shown(line))
