"""`oncall preview --engine`: the engine's own preview of the stack, beside ours."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import typer
from rich.console import Console

from oncall.cli.engine import EngineError
from oncall.cli.instants import parse_instant, the_clock
from oncall.cli.user_stack import UserStack
from oncall.model import Inventory
from oncall.preview.engine_steps import NoStepsError, Steps, compare, steps_of, with_engine
from oncall.preview.model import Preview


class EngineBeside:
    """A stack whose inventory is the one that is previewed; `now` is the instant its program takes for the present."""

    def __init__(self, stack: UserStack, inventory: Path) -> None:
        """Raise EngineError where there is no such stack, or it is of another inventory."""
        settings = stack.settings()
        own = Path(settings.get("inventory") or "inventory.yaml")
        if own.resolve() != inventory.resolve():
            raise EngineError(f"the stack applies {own}, and not {inventory}: say --inventory {own}")
        self._stack = stack
        self.now: datetime = parse_instant(settings["now"]) if settings.get("now") else the_clock()

    def added(self, found: Preview, base: Inventory | None, head: Inventory) -> Preview:
        """Return a preview with what the engine says to it. Raises EngineError where the engine fails.

        Where the two differ the engine is asked a second time, without looking at the accounts: that tells what was
        changed by hand from what was never applied.
        """
        before = None if found.from_nothing else base
        steps = self._steps(refresh=True)
        if compare(found, before, head, steps).agrees:
            return with_engine(found, before, head, steps)
        return with_engine(found, before, head, steps, self._steps(refresh=False))

    def _steps(self, *, refresh: bool) -> Steps:
        doing = "reads the accounts and previews the stack" if refresh else "previews the stack by its state alone"
        with _progress(f"the engine {doing} ..."):
            try:
                return steps_of(self._stack.preview(refresh=refresh))
            except NoStepsError as fault:
                raise EngineError(str(fault)) from None


@contextmanager
def _progress(text: str) -> Iterator[None]:
    if not sys.stderr.isatty():
        typer.echo(text, err=True)
        yield
        return
    with Console(stderr=True).status(text):
        yield
