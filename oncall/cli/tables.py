"""What commands print for people: tables, instants by a zone's clock, people by name. Text is never read as markup."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from oncall.model import Inventory

WIDTH = 120  # at least, where no terminal says how wide it is

Cell = str | Text


def console() -> Console:
    """Return where tables are printed; as wide as the terminal, and never too narrow in a pipe."""
    made = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not made.is_terminal:
        made.width = max(made.width, WIDTH)
    return made


def table(titles: Sequence[str], rows: Iterable[Sequence[Cell]], title: str | None = None) -> Table:
    """Return a plain table; rows may hold styled text."""
    made = Table(
        title=Text(title) if title is not None else None,
        title_justify="left",
        title_style="bold",
        box=None,
        padding=(0, 2, 0, 0),
        header_style="dim",
    )
    for name in titles:
        made.add_column(name, overflow="fold")
    for row in rows:
        made.add_row(*(shown(cell) if isinstance(cell, str) else cell for cell in row))
    return made


def shown(text: str, style: str = "") -> Text:
    """Return text from an inventory or a vendor as it is safe to print: control characters become visible."""
    return Text("".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text), style=style)


def stamp(instant: datetime, zone: str) -> str:
    """Return an instant for programs: ISO 8601 with the zone's offset."""
    return instant.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def full_name(inventory: Inventory, person: str) -> str:
    """Return `Ana Petrova (ana)`."""
    return f"{inventory.people[person].name} ({person})" if person in inventory.people else person
