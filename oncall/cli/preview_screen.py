"""A preview on a terminal: the verdict first, bad news red, before and after in two colours."""

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from oncall.cli.tables import console, shown, table
from oncall.preview.report import Report, Section, Swap

NARROW = 90  # columns; below, a table of long cells is a list
_TONES = {0: "green", 1: "red", 2: "yellow", 3: "red"}
_STYLES = {"was": "dim", "will be": "bold", "less": "magenta", "more": "cyan"}


def print_report(report: Report, exit_code: int) -> None:
    """Print a report; `exit_code` says how bad it is."""
    screen = console()
    head = Group(shown(report.verdict, "bold"), *([shown(report.about, "dim")] if report.about else []))
    if screen.is_terminal:
        screen.print(Panel(head, border_style=_TONES[exit_code], padding=(0, 1)))
    else:
        screen.print(head)
    for section in report.sections:
        screen.print()
        screen.print(shown(f"{'! ' if section.alarming else ''}{section.title}", _title_style(section)))
        if screen.width < NARROW and len(section.columns) > 2:
            _print_list(screen, section)
        else:
            rows = ([_cell(*pair) for pair in zip(section.columns, row, strict=True)] for row in section.rows)
            screen.print(table(section.columns, rows))


def _title_style(section: Section) -> str:
    return "bold red" if section.alarming else "dim bold" if section.folded else "bold"


def _print_list(screen: Console, section: Section) -> None:
    """Print each row below the one before: the first cell, the others under it with what they are."""
    for row in section.rows:
        screen.print(shown(row[0], "bold") if section.columns[0] else shown(row[0], "dim"))
        for name, cell in zip(section.columns[1:], row[1:], strict=True):
            if cell:
                screen.print(Padding(Text.assemble((f"{name} ", "dim"), _cell(name, cell)), (0, 0, 0, 2)))


def _cell(column: str, cell: str) -> Text:
    if not isinstance(cell, Swap):
        return shown(cell, _STYLES.get(column, ""))
    return Text.assemble(shown(cell.before, "magenta"), " → ", shown(cell.after, "bold cyan"), shown(cell.rest))
