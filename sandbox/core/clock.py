"""The sandbox's clock: real time plus an offset that tests and the page can move."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return datetime.now(UTC)


class Clock:
    """Real time plus a movable offset; all vendors of one sandbox share it."""

    def __init__(self, start: datetime | None = None, real: Callable[[], datetime] = real_now) -> None:
        self._real = real
        self._start = timedelta(0) if start is None else start - real()
        self._offset = self._start
        self._held: datetime | None = None

    def now(self) -> datetime:
        """Return the sandbox's present instant (aware, UTC); inside a timer the instant it was due at."""
        if self._held is not None:
            return self._held
        return (self._real() + self._offset).astimezone(UTC)

    def set(self, instant: datetime) -> None:
        """Move the clock to an aware instant; it runs on from there. Timers that have run stay run."""
        self._offset = instant - self._real()

    def advance(self, seconds: float) -> None:
        """Move the clock on by so many seconds (back, if negative)."""
        self._offset += timedelta(seconds=seconds)

    def reset(self) -> None:
        """Give back the offset the clock was made with."""
        self._offset = self._start

    @contextmanager
    def held_at(self, instant: datetime) -> Iterator[None]:
        """Let `now()` be this instant for the length of a `with` block: how a timer sees its own time."""
        before, self._held = self._held, instant.astimezone(UTC)
        try:
            yield
        finally:
            self._held = before
