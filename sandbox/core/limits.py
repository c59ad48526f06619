"""Rate limits: what a vendor's must offer the gate, and the windows they are made of, by the sandbox's clock."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True)
class Verdict:
    """What the limits say to a request: headers for its answer, and the refusal where it is one too many."""

    headers: Mapping[str, str] = field(default_factory=dict)
    refusal: Response | None = None


class RateLimits(Protocol):
    """A vendor's rate limits; off until turned on."""

    def take(self, request: Request, body: Any, now: datetime, /) -> Verdict:
        """Count a request (`body`: its JSON) and say what becomes of it."""
        ...

    def turn(self, wanted: Any, /) -> None:
        """Turn the limits on (true, or an object of figures) or off (false); ValueError for anything else."""
        ...

    def shown(self) -> Any:
        """Return the present figures, or False where the limits are off."""
        ...


class FixedWindow:
    """So many requests from the first one on until the window's end; then it begins anew."""

    def __init__(self, limit: int, length: timedelta) -> None:
        self.limit, self._length = limit, length
        self._begun: datetime | None = None
        self._used = 0

    def take(self, now: datetime) -> bool:
        """Count a request; False where it is one too many."""
        if self._begun is None or not self._begun <= now < self._begun + self._length:
            self._begun, self._used = now, 0
        if self._used >= self.limit:
            return False
        self._used += 1
        return True

    @property
    def remaining(self) -> int:
        """How many requests the window still takes."""
        return self.limit - self._used

    def seconds_left(self, now: datetime) -> int:
        """Return the whole seconds until the window ends, rounded up."""
        end = (self._begun or now) + self._length
        return max(0, -((now - end) // timedelta(seconds=1)))


class SlidingWindow:
    """So many requests in any stretch of this length."""

    def __init__(self, limit: int, length: timedelta) -> None:
        self._limit, self._length = limit, length
        self._taken: deque[datetime] = deque()

    def take(self, now: datetime) -> bool:
        """Count a request; False where it is one too many (that one is not counted)."""
        while self._taken and self._taken[0] <= now - self._length:
            self._taken.popleft()
        if len(self._taken) >= self._limit:
            return False
        self._taken.append(now)
        return True


class TokenBucket:
    """A bucket of `size` tokens that fills evenly, from empty to full in `length`."""

    def __init__(self, size: int, length: timedelta) -> None:
        self._size, self._length = size, length
        self._tokens = float(size)
        self._filled_at: datetime | None = None

    def has_token(self, now: datetime) -> bool:
        """Return whether a request may pass."""
        if self._filled_at is not None and now > self._filled_at:
            gained = self._size * ((now - self._filled_at) / self._length)
            self._tokens = min(float(self._size), self._tokens + gained)
        self._filled_at = now
        return self._tokens >= 1

    def take(self) -> None:
        """Take one token out."""
        self._tokens -= 1
