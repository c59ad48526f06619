"""`oncall schema`: the JSON Schema of the inventory, for editors."""

from pathlib import Path
from typing import Annotated

import typer


def schema(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it to this file.")] = None,
) -> None:
    """Print the JSON Schema of the inventory.

    Editors complete and check `inventory.yaml` with it: its first line names `inventory.schema.json`, which is this
    text. What goes across objects (an unknown person, an hour nobody answers) only `oncall check` finds.
    """
    from oncall.schema import render

    if output is None:
        typer.echo(render(), nl=False)
        return
    try:
        output.write_text(render(), encoding="utf-8")
    except OSError as fault:
        typer.echo(f"oncall: {output}: {fault.strerror}", err=True)
        raise typer.Exit(1) from fault
