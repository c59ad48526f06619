"""Tables as CSV (RFC 4180: CRLF, quotes doubled) that a spreadsheet program reads as text, whatever people are called.

A cell that begins like a formula would be worked out by the program that opens the file: it gets an apostrophe in
front, as OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection).
"""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int
_WIDE = "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", *_WIDE)


def csv_text(titles: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table with one line of titles."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: Cell) -> Cell:
    # Programs skip blanks before they look for a formula.
    if isinstance(cell, str) and (cell.startswith(_FORMULAS) or cell.lstrip().startswith(_FORMULAS)):
        return f"'{cell}"
    return cell
