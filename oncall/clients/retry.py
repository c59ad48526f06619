"""The one retry policy of all clients.

Safe requests (reads, and writes that say the whole truth: PUT, PATCH, DELETE) are repeated. A create is repeated only
after a look-up has shown that the lost attempt made nothing. A vendor's own advice (Retry-After, rate-limit headers)
goes before our back-off, and holds every other request of the account back as well.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from oncall.clients.errors import ClientError, RateLimited, Unreachable

Answer = TypeVar("Answer")

# 501 says that the method will never work; everything else from 500 up may pass.
# https://docs.opsgenie.com/docs/response#response-codes
LASTING_STATUSES = frozenset({501, 505})


@dataclass(frozen=True, slots=True)
class Policy:
    """How often and how long: times in seconds. `patience` bounds the waiting of one request in all.

    A host that takes no connection at all is more often a wrong address than a passing fault: fewer attempts.
    """

    attempts: int = 8
    attempts_to_connect: int = 4
    first_wait: float = 0.5
    longest_wait: float = 30.0
    patience: float = 240.0

    def wait(self, attempt: int, error: ClientError, jitter: float) -> float | None:
        """Seconds until the next attempt after the given number of failed ones, or None to give up.

        `jitter` in [0, 1) spreads our own back-off over half its length; advice is followed to the letter.
        """
        connected = not isinstance(error, Unreachable) or error.sent
        most = self.attempts if connected else self.attempts_to_connect
        if not error.retryable or error.status in LASTING_STATUSES or attempt >= most:
            return None
        backoff = min(self.first_wait * 2.0 ** (attempt - 1), self.longest_wait) * (0.5 + 0.5 * jitter)
        return backoff if error.retry_after is None else max(error.retry_after, 0.0)


class Gate:
    """Holds the requests of one account back until an instant of the monotonic clock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open_at = 0.0

    def close(self, until: float) -> None:
        """Hold back until then, or longer if it is held already."""
        with self._lock:
            self._open_at = max(self._open_at, until)

    def wait_from(self, now: float) -> float:
        """Seconds still to wait."""
        with self._lock:
            return max(self._open_at - now, 0.0)


@dataclass
class Retrier:
    """Runs requests under a policy. `sleep` may return early, when the engine cancels; `cancelled` then says so."""

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
        started = self.clock()
        attempt = 0
        while True:
            self._pause(self.gate.wait_from(self.clock()))
            attempt += 1
            try:
                return request()
            except ClientError as error:
                if _in_doubt(error):
                    found = after_doubt()
                    if found is not None:
                        return found
                seconds = self.policy.wait(attempt, error, self.jitter())
                spent = self.clock() - started
                if seconds is None or spent + seconds > self.policy.patience or self.cancelled():
                    raise
                if isinstance(error, RateLimited):
                    self.gate.close(self.clock() + seconds)
                self.on_wait(error, seconds)
                self._pause(seconds)

    def _pause(self, seconds: float) -> None:
        if seconds > 0:
            self.sleep(seconds)


def _in_doubt(error: ClientError) -> bool:
    """Whether the vendor may have carried the request out although no good answer came."""
    if isinstance(error, Unreachable):
        return error.sent
    return error.retryable and not isinstance(error, RateLimited)
