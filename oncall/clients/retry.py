"""The one retry policy of all clients.

Safe requests (reads, and writes that say the whole truth: PUT, PATCH, DELETE) are repeated. A create is repeated only
after a look-up has shown that the lost attempt made nothing. A vendor's own advice (Retry-After, rate-limit headers)
goes before our back-off, and holds every other request of the account back as well; afterwards they go one by one,
faster with each that succeeds. Where answers say how many requests are left, the last of them are spread over the time
until there are more, so that the limit is not reached.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from oncall.clients.budget import Budget
from oncall.clients.errors import ClientError, Interrupted, RateLimited, Unreachable

Answer = TypeVar("Answer")

# 501 says that the method will never work; everything else from 500 up may pass.
# https://docs.opsgenie.com/docs/response#response-codes
LASTING_STATUSES = frozenset({501, 505})
FIRST_PACE, SLOWEST_PACE = 0.1, 2.0
"""Seconds between two requests of an account after it was told to slow down, once and several times in a row."""
FULL_SPEED = 0.02
"""A pace below this is none."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How often and how long: times in seconds. `patience` bounds the waiting of one request in all.

    A host that takes no connection at all is more often a wrong address than a passing fault: fewer attempts. A limit
    is no fault: as many as patience allows.
    """

    attempts: int = 8
    attempts_to_connect: int = 4
    attempts_at_a_limit: int = 60
    first_wait: float = 0.5
    longest_wait: float = 30.0
    patience: float = 300.0

    def wait(self, attempt: int, error: ClientError, jitter: float) -> float | None:
        """Seconds until the next attempt after the given number of failed ones, or None to give up.

        `jitter` in [0, 1) spreads our own back-off over half its length; advice is followed to the letter.
        """
        if not error.retryable or error.status in LASTING_STATUSES or attempt >= self._most(error):
            return None
        doublings = min(attempt - 1, 16)
        backoff = min(self.first_wait * 2.0**doublings, self.longest_wait) * (0.5 + 0.5 * jitter)
        return backoff if error.retry_after is None else max(error.retry_after, 0.0)

    def _most(self, error: ClientError) -> int:
        if isinstance(error, RateLimited):
            return self.attempts_at_a_limit
        return self.attempts if not isinstance(error, Unreachable) or error.sent else self.attempts_to_connect


@dataclass(frozen=True, slots=True)
class Turn:
    """When a request may go: seconds from now, and why not at once."""

    wait: float
    cause: RateLimited | None
    number: int


class Gate:
    """Where the requests of one account wait for their turn. All times are of the monotonic clock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open_at = 0.0
        self._pace = 0.0
        self._spread = 0.0
        self._closings = 0
        self._cause: RateLimited | None = None

    def turn(self, now: float) -> Turn:
        """A place in the row: nobody else gets the same."""
        with self._lock:
            at = max(now, self._open_at)
            if pace := max(self._pace, self._spread):
                self._open_at = at + pace
            return Turn(at - now, self._cause if at > now else None, self._closings)

    def close(self, until: float, cause: RateLimited, turn: Turn) -> None:
        """Hold everybody back until then. Those that were under way together are told the same once each: only the
        first of them slows the pace.
        """
        with self._lock:
            self._open_at = max(self._open_at, until)
            self._cause = cause
            if turn.number == self._closings:
                self._closings += 1
                self._pace = min(max(self._pace * 2, FIRST_PACE), SLOWEST_PACE)

    def heed(self, budget: Budget, now: float) -> None:
        """Spread what is left of a limit over its time; where nothing is left, wait for its end."""
        with self._lock:
            if budget.throttled:
                self._pace = min(max(self._pace * 2, FIRST_PACE), SLOWEST_PACE)
                self._cause = RateLimited(budget.vendor, "slows our requests down")
                return
            self._spread = budget.pace
            if self._spread:
                self._cause = RateLimited(budget.vendor, f"takes {budget.left} more requests in {budget.seconds:.0f} s")
                wait = budget.seconds if budget.left == 0 else self._spread
                self._open_at = max(self._open_at, now + wait)

    def passed(self) -> None:
        """A request was taken: the next may come a little sooner."""
        with self._lock:
            self._pace = self._pace * 0.8 if self._pace > FULL_SPEED else 0.0


@dataclass
class Retrier:
    """Runs requests under a policy. `sleep` may return early, when the engine cancels; `cancelled` then says so.

    `on_wait` is told what every longer wait is for, and its seconds.
    """

    policy: Policy = field(default_factory=Policy)
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random
    cancelled: Callable[[], bool] = lambda: False
    on_wait: Callable[[ClientError, float], None] = lambda error, seconds: None  # noqa: ARG005
    gate: Gate = field(default_factory=Gate)

    def run(self, request: Callable[[], Answer]) -> Answer:
        """The answer of a request that may be repeated as it is."""
        return self._run(request, lambda: None)

    def create(self, request: Callable[[], Answer], look_up: Callable[[], Answer | None]) -> tuple[Answer, bool]:
        """The answer of a create, and whether it was lost and the object itself was found by `look_up` instead.

        After every failure that may hide a success the object is looked for; only where it is not there the create
        is sent again. The last look-up comes after the last attempt.
        """

        def find() -> tuple[Answer, bool] | None:
            found = look_up()
            return None if found is None else (found, True)

        return self._run(lambda: (request(), False), find)

    def _run(self, request: Callable[[], Answer], after_doubt: Callable[[], Answer | None]) -> Answer:
        attempt, waited = 0, 0.0
        while True:
            turn = self.gate.turn(self.clock())
            if turn.cause is not None:
                self._pause(turn.wait, turn.cause, Interrupted(turn.cause.vendor, "was not asked: the run was stopped"))
            attempt += 1
            try:
                answer = request()
            except ClientError as error:
                if _in_doubt(error):
                    found = after_doubt()
                    if found is not None:
                        return found
                seconds = self.policy.wait(attempt, error, self.jitter())
                if seconds is None or waited + seconds > self.policy.patience or self.cancelled():
                    raise
                waited += seconds
                if isinstance(error, RateLimited):
                    self.gate.close(self.clock() + seconds, error, turn)
                else:
                    self._pause(seconds, error, error)
            else:
                self.gate.passed()
                return answer

    def _pause(self, seconds: float, cause: ClientError, if_stopped: ClientError) -> None:
        """Wait; a run that is stopped meanwhile sends nothing more."""
        if seconds <= 0:
            return
        self.on_wait(cause, seconds)
        self.sleep(seconds)
        if self.cancelled():
            raise if_stopped


def _in_doubt(error: ClientError) -> bool:
    """Whether the vendor may have carried the request out although no good answer came."""
    if isinstance(error, Unreachable):
        return error.sent
    return error.retryable and not isinstance(error, RateLimited)
