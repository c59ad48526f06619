"""How tests run beside one another: `pytest -p xdist.plugin -p tests.beside -n 3`, as `make test` does.

A file is run by one worker, in its order: its tests share a stack and build on each other. So is a folder whose last
tests look back on all of it. What takes longest is begun first, so that it is not what the others wait for at the end.
"""

from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

TESTS = Path(__file__).parent
TOGETHER = ("tests/sandbox/",)
LONGEST = (  # ten seconds of a processor to two minutes
    "e2e/test_orders.py",
    "edits/test_rota_promises.py",
    "e2e/test_shifts.py",
    "e2e/test_roster_edits.py",
    "e2e/test_quiet.py",
    "e2e/test_preview_engine.py",
    "e2e/test_killed.py",
    "e2e/test_failures.py",
    "e2e/test_story.py",
    "e2e/test_taken_out.py",
    "sandbox/",
    "conformance/test_go_clients.py",
    "e2e/",
    "workflows/",
    "preview/test_promises.py",
    "preview/test_hostile.py",
    "provider/test_kinds.py",
    "shifts/",
    "calendars/",
)


class Files(LoadFileScheduling):
    """Gives each worker a file at a time, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Files:
    config.option.loadscopereorder = False  # by the number of their tests says nothing of how long they take
    return Files(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        name = item.path.relative_to(TESTS).as_posix()
        return next((n for n, begin in enumerate(LONGEST) if name.startswith(begin)), len(LONGEST))

    items.sort(key=place)
