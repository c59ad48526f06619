"""Timers driven by the sandbox's clock: escalations, notification rules, heartbeats, timeouts."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from sandbox.core.clock import Clock


@dataclass(order=True)
class Timer:
    """One thing to do at an instant; timers of the same instant run in the order they were set."""

    due: datetime
    order: int
    key: str = field(compare=False)
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)


class Timers:
    """A vendor's timers. They run only when `run` is called, in order of time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[Timer] = []
        self._order = count()

    def at(self, due: datetime, action: Callable[[], None], key: str = "") -> Timer:
        """Do `action` at the aware instant `due`; `key` names what it belongs to, for `cancel` and `due`."""
        timer = Timer(due, next(self._order), key, action)
        heapq.heappush(self._heap, timer)
        return timer

    def cancel(self, key: str) -> None:
        """Drop every timer set with this key."""
        for timer in self._heap:
            if timer.key == key:
                timer.cancelled = True

    def due(self, key: str) -> datetime | None:
        """Return when the next timer with this key is due, or None."""
        return min((timer.due for timer in self._heap if timer.key == key and not timer.cancelled), default=None)

    def run(self, now: datetime) -> None:
        """Run all that is due by `now`, what they set in turn included; each sees its own instant as now."""
        while self._heap and self._heap[0].due <= now:
            timer = heapq.heappop(self._heap)
            if not timer.cancelled:
                with self._clock.held_at(timer.due):
                    timer.action()

    def clear(self) -> None:
        """Drop all timers."""
        self._heap.clear()
