"""Faults of an inventory, as values.

A pure check knows the path in the data and makes a `Finding`; the reader, which knows the files, turns it
into a `Problem` with a `Mark`; `InventoryError` carries every problem of one inventory, sorted by place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Path = tuple[str | int, ...]
"""Where a value stands in the data: keys and list indices from the top: `("teams", "edge", "members", 0)`."""

Spans = tuple[tuple[datetime, datetime], ...]
"""Stretches of time: UTC, half-open, in order."""

Severity = Literal["error", "reason", "notice"]
"""error: always stops. reason: stops a target unless the inventory accepts it. notice: stops nothing."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a file. Lines and columns count from 1; columns count characters."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a pure check found: a kebab-case rule id, one line of text, the path of the value at fault.

    `nouns` are others that it is about as well: what they accept, or what stands above them, counts too. `spans` are
    when it is so, where that is what was found; the message names the first few.
    """

    rule: str
    message: str
    path: Path
    severity: Severity = "error"
    hint: str = ""
    nouns: tuple[Path, ...] = ()
    spans: Spans = ()

    def at(self, mark: Mark) -> Problem:
        """This finding at its place in a file; the hint follows the message in parentheses."""
        message = f"{self.message} ({self.hint})" if self.hint else self.message
        return Problem(mark, self.rule, message, self.severity, self.path, self.spans)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A finding with its place: what a person reads, one line each."""

    mark: Mark
    rule: str
    message: str
    severity: Severity = "error"
    path: Path = field(default=(), compare=False)
    spans: Spans = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.mark}: {self.rule}: {self.message}"


class InventoryError(Exception):
    """An inventory that can't be used. `problems` holds every fault, sorted by place, each once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
