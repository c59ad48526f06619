"""`oncall check`: everything that is wrong with an inventory, each with its place."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from oncall.cli.instants import Now, the_clock
from oncall.errors import InventoryError, Problem


def check(
    path: Annotated[Path, typer.Argument(help="The inventory: a file, or a folder of them.")] = Path("inventory.yaml"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
    now: Now = None,
) -> None:
    """Check the inventory: its syntax, its words, its references, who is on call, what the vendors can't do.

    Each problem is a line on stderr, `file:line:column: rule: what is wrong (what is allowed)`. The exit code is 1
    where something stops `pulumi up`: an error, or a difference at a vendor (a Reason) that the inventory does
    not accept. Notices stop nothing. Needs no credentials and asks nobody.
    """
    from oncall.cli.load import check_inventory

    summary: dict[str, Any] = {}
    try:
        checked = check_inventory(path, now or the_clock())
    except InventoryError as fault:
        problems = fault.problems
    else:
        problems = checked.problems
        inventory = checked.inventory
        summary = {
            "organization": inventory.organization,
            "people": len(inventory.people),
            "teams": len(inventory.teams),
            "servers": len(inventory.servers),
        }
    ok = all(problem.severity == "notice" for problem in problems)
    if as_json:
        result = {"ok": ok, **summary, "problems": [_as_data(problem) for problem in problems]}
        typer.echo(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        if problems:
            typer.echo("\n".join(map(str, problems)), err=True)
        typer.echo(f"{path}: {_counts(problems)}{_size(summary)}")
    if not ok:
        raise typer.Exit(1)


def _as_data(problem: Problem) -> dict[str, Any]:
    mark = problem.mark
    return {
        "file": mark.file,
        "line": mark.line,
        "column": mark.column,
        "rule": problem.rule,
        "severity": problem.severity,
        "message": problem.message,
    }


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
