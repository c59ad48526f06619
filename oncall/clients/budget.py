"""What an answer says of the requests that an account may still send: heeded before there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FEW = 0.1
"""The share of a limit from which on requests are spread over the time until it is full again."""
LONGEST_PERIOD = 120.0
"""Seconds believed of a header: PagerDuty's period is a minute (https://developer.pagerduty.com/docs/rest-api-rate-limits)."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How many requests `vendor` lets through in the next `seconds`, of at most `most` in a period.

    `throttled`: it slows us already without counting for us.
    """

    vendor: str
    left: int = 0
    most: int = 0
    seconds: float = 0.0
    throttled: bool = False

    @property
    def pace(self) -> float:
        """Seconds between requests with which the rest lasts until there are more; 0 while there are enough."""
        if self.throttled or self.left > self.most * FEW:
            return 0.0
        return self.seconds / max(self.left, 1)


def budget_of(vendor: str, headers: Mapping[str, str]) -> Budget | None:
    """Return what an answer's headers say; None where that is nothing.

    PagerDuty counts on every answer (ratelimit-limit, -remaining, -reset in seconds); OpsGenie only says whether it
    slows us, X-RateLimit-State: THROTTLED (https://docs.opsgenie.com/docs/api-rate-limiting).
    """
    if headers.get("X-RateLimit-State", "").upper() == "THROTTLED":
        return Budget(vendor, throttled=True)
    names = ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")
    most, left, seconds = (headers.get(name, "").strip() for name in names)
    if not all(each.isascii() and each.isdigit() for each in (most, left, seconds)):
        return None
    return Budget(vendor, int(left), int(most), min(float(seconds), LONGEST_PERIOD))
