"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

InventoryPath = Annotated[
    Path, typer.Option("--inventory", metavar="PATH", help="The inventory: a file, or a folder of them.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")]
DEFAULT = Path("inventory.yaml")
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, write nothing.")]
