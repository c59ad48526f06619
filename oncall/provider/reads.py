"""Objects read back by many creates at once: one list answers all that wait for it."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


LINGER = 0.25
"""Seconds that a read waits for company. An `up` that makes hundreds of objects starts some ten a second."""


@dataclass(slots=True, eq=False)
class _Reader:
    wanted: str
    answered: bool = False
    row: Row | None = None


class SharedReads:
    """At most one read of a list is under way. Who comes meanwhile waits, and the next list is for all who wait: it
    begins after each of them had written, so it shows what each of them wrote.
    """

    def __init__(self, linger: Callable[[], object] = lambda: None) -> None:
        """`linger` is called by a read that is alone, before it looks whether it still is."""
        self._linger = linger
        self._lock = threading.Lock()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._waiting: defaultdict[str, list[_Reader]] = defaultdict(list)

    def read(
        self, listing: str, wanted: str, one: Callable[[], Row | None], everything: Callable[[], Mapping[str, Row]]
    ) -> tuple[Row | None, bool]:
        """The object `wanted`, None where it is not there, and whether it is from the list.

        `one` reads the object alone, `everything` the list, by id. What they raise is raised for the one who read; the
        others that wait read for themselves.
        """
        reader = _Reader(wanted)
        with self._lock:
            self._waiting[listing].append(reader)
            turn = self._turns[listing]
        with turn:
            try:
                if not reader.answered:
                    self._answer(listing, reader, one, everything)
            finally:
                with self._lock:
                    self._waiting[listing].remove(reader)
        return reader.row, reader.answered

    def _answer(
        self,
        listing: str,
        reader: _Reader,
        one: Callable[[], Row | None],
        everything: Callable[[], Mapping[str, Row]],
    ) -> None:
        if self._unanswered(listing) == [reader]:
            self._linger()
        waiting = self._unanswered(listing)
        if waiting == [reader]:
            reader.row = one()
            return
        rows = everything()
        for each in waiting:
            each.row, each.answered = rows.get(each.wanted), True

    def _unanswered(self, listing: str) -> list[_Reader]:
        with self._lock:
            return [each for each in self._waiting[listing] if not each.answered]
