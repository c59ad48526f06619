"""What the engine would do, as rows of a report."""

from collections.abc import Iterator

from oncall.preview.model import EngineRun
from oncall.preview.objects import ACTIONS, ENGINE_ACTIONS
from oncall.targets.checks import TITLES

NOTHING = "-"


def engine_title(run: EngineRun | None) -> str:
    """Return what a run comes to, over its counts."""
    return "The engine agrees" if run is None or run.agrees else "What the engine would do"


def count_rows(run: EngineRun | None) -> Iterator[tuple[str, ...]]:
    """Give how many objects it would touch at each vendor, and those that get another id or key by it."""
    if run is None:
        return
    for vendor, counts in run.counts.items():
        parts = [f"{counts[action]} {word}" for action, word in ENGINE_ACTIONS.items() if action in counts]
        anew = ", ".join(name for of, name in run.made_anew if of == vendor)
        yield (TITLES[vendor], ", ".join(parts) + (f" ({anew})" if anew else ""))
    if not run.counts:
        yield ("", "nothing")


def difference_rows(run: EngineRun | None) -> Iterator[tuple[str, ...]]:
    """Give the objects that the edit and the engine don't agree on."""
    for one in run.differences if run is not None else ():
        edit = ACTIONS[one.edit] if one.edit is not None else NOTHING
        engine = ENGINE_ACTIONS[one.engine] if one.engine is not None else NOTHING
        yield (TITLES[one.vendor], one.title, edit, engine, one.why)
