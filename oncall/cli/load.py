"""From a path to a checked inventory: what every command and the engine's program begin with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from oncall.cli.files import read_files
from oncall.errors import Finding, InventoryError, Problem, Severity
from oncall.errors import Path as DataPath
from oncall.model import Inventory
from oncall.model.load import load, salvage
from oncall.source import Document, read
from oncall.targets import TARGETS
from oncall.validate import unresolved, validate


@dataclass(frozen=True, slots=True)
class Checked:
    """An inventory of good shape, and everything that is to be said about it: `problems` are sorted by place."""

    inventory: Inventory
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]


def check_inventory(path: Path, now: datetime) -> Checked:
    """Read a file or folder and check it, also by the rules of the vendors it pages through.

    `now` is an aware instant. Raises InventoryError only where there is no inventory: for faults of files and shape.
    """
    return check_document(read(read_files(path)), now)


def check_document(document: Document, now: datetime) -> Checked:
    """Check an inventory that has been read. Raises InventoryError where it is none: for faults of shape."""
    inventory, findings = judged(document, now)
    return Checked(inventory, tuple(sorted({document.problem(finding) for finding in findings})), tuple(findings))


def judged(document: Document, now: datetime) -> tuple[Inventory, list[Finding]]:
    """Return an inventory and what is to be said about it, by paths: finding the lines costs a second reading.

    Raises InventoryError where it is none: for faults of shape.
    """
    try:
        inventory = load(document)
    except InventoryError as fault:
        rest = salvage(document)
        more = unresolved(rest, now) if rest is not None else []
        raise InventoryError([*fault.problems, *map(document.problem, more)]) from None
    rules = frozenset(rule for target in TARGETS for rule in target.rules)
    return inventory, validate(inventory, now, [target.audit for target in TARGETS], rules)


def load_inventory(path: Path, now: datetime) -> Inventory:
    """The inventory of a file or folder. Raises InventoryError with all that stops it: errors and Reasons."""
    return _loaded(path, now, "error", "reason")


def load_to_look(path: Path, now: datetime) -> Inventory:
    """The inventory for commands that only answer questions: who is on call is asked where a limit is broken, too.

    Raises InventoryError with all errors.
    """
    return _loaded(path, now, "error")


def _loaded(path: Path, now: datetime, *stopping: Severity) -> Inventory:
    checked = check_inventory(path, now)
    problems = [problem for problem in checked.problems if problem.severity in stopping]
    if problems:
        raise InventoryError(problems)
    return checked.inventory


def places(path: Path) -> Callable[[DataPath], str]:
    """What tells where a path of an inventory stands, as `file:line:column`; files are read when it is asked."""

    @cache
    def document() -> Document:
        return read(read_files(path))

    return lambda at: str(document().mark(at, key=True))
