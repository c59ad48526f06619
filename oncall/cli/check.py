"""`oncall check`: everything that is wrong with an inventory, each with its place."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oncall.cli.instants import Now, the_clock
from oncall.errors import InventoryError, Problem

if TYPE_CHECKING:
    from oncall.errors import Finding
    from oncall.model import Inventory


def check(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The inventory: a file, or a folder of them.")] = Path(
        "inventory.yaml"
    ),
    base: Annotated[
        str | None,
        typer.Option(
            metavar="REF|PATH",
            help="Compare with this, as `oncall preview` does: an edit that moves a running shift without saying so is "
            "an error.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
    now: Now = None,
) -> None:
    """Check the inventory: its syntax, its words, its references, who is on call, what the vendors can't do.

    Each problem is a line on stderr, `file:line:column: rule: what is wrong (what is allowed)`. The exit code is 1
    where something stops `pulumi up`: an error, or a difference at a vendor (a Reason) that the inventory does
    not accept. Notices stop nothing. Needs no credentials and asks nobody.
    """
    from oncall.cli.files import read_files
    from oncall.cli.load import check_document
    from oncall.source import read

    summary: dict[str, Any] = {}
    at = now or the_clock()
    try:
        document = read(read_files(path))
        checked = check_document(document, at)
    except InventoryError as fault:
        problems = fault.problems
    else:
        inventory = checked.inventory
        moved = _reshuffles(path, base, inventory, at) if base is not None else []
        problems = tuple(sorted({*checked.problems, *(document.problem(each, key=True) for each in moved)}))
        summary = {
            "organization": inventory.organization,
            "people": len(inventory.people),
            "teams": len(inventory.teams),
            "servers": len(inventory.servers),
        }
    ok = all(problem.severity == "notice" for problem in problems)
    if as_json:
        result = {"ok": ok, **summary, "problems": [as_data(problem) for problem in problems]}
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        if problems:
            typer.echo("\n".join(map(str, problems)), err=True)
        typer.echo(f"{path}: {_counts(problems)}{_size(summary)}")
    if not ok:
        raise typer.Exit(1)


def _reshuffles(path: Path, ref: str, head: "Inventory", now: datetime) -> "list[Finding]":
    """Compare with the inventory at a ref: where the present branch left it, so that its later edits are not ours."""
    from oncall.cli.files import read_files
    from oncall.cli.git import GitError, Repository, as_path
    from oncall.model.load import load
    from oncall.source import read
    from oncall.validate.reshuffle import reshuffles

    try:
        if (place := as_path(ref, path) if ref else None) is not None:
            files: list[tuple[str, bytes]] | None = read_files(place)
        else:
            repository = Repository(path)
            files = repository.inventory(repository.merge_base(ref)[0])
        if files is None:
            typer.echo(f"There is no inventory at {ref}: nothing to compare with.", err=True)
            return []
        base = load(read(files))
    except GitError as fault:
        typer.echo(f"oncall: {fault}", err=True)
        raise typer.Exit(1) from None
    except InventoryError as fault:
        first = fault.problems[0]
        typer.echo(f"The inventory at {ref} can't be read, so nothing is compared with it: {first}", err=True)
        return []
    return reshuffles(base, head, now)


def as_data(problem: Problem) -> dict[str, Any]:
    """Return a problem for programs."""
    mark = problem.mark
    return {
        "file": mark.file,
        "line": mark.line,
        "column": mark.column,
        "rule": problem.rule,
        "severity": problem.severity,
        "message": problem.message,
        **({"spans": spans_data(problem)} if problem.spans else {}),
    }


def spans_data(problem: Problem) -> list[dict[str, str]]:
    """Return when a problem is there, for programs: all of it, where the message names the first few."""
    return [{"start": start.isoformat(), "end": end.isoformat()} for start, end in problem.spans]


def _counts(problems: Sequence[Problem]) -> str:
    """`2 errors, 1 notice`, or `in order`."""
    parts = []
    for severity in ("error", "reason", "notice"):
        count = sum(problem.severity == severity for problem in problems)
        if count:
            parts.append(f"{count} {severity}{'s' if count > 1 else ''}")
    return ", ".join(parts) or "in order"


def _size(summary: dict[str, Any]) -> str:
    if not summary:
        return ""
    return f" ({summary['teams']} teams, {summary['people']} people, {summary['servers']} servers)"
