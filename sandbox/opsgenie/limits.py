"""OpsGenie's rate limits: two token buckets (a minute's, a second's) for each domain of requests of the account.

docs.opsgenie.com/docs/api-rate-limiting names the domains; the figures differ by plan and number of users, so those
here are a small account's guess and can be set. Headers: opsgenie-go-sdk-v2 client `setResultMetadata`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request

from sandbox.core import Ids, TokenBucket, Verdict, covers
from sandbox.opsgenie.errors import ApiError
from sandbox.opsgenie.responses import refused

PERIODS = {"minute": timedelta(minutes=1), "second": timedelta(seconds=1)}
DOMAINS = (
    "alert",
    "configuration",
    "heartbeat",
    "incident",
    "integration-configuration",
    "schedule-oncalls",
    "search",
)
FIGURES = {"minute": 300, "second": 30}
SEARCHES = ("/v2/alerts", "/v2/alerts/count", "/v2/users")


def domain_of(method: str, path: str) -> str:
    """Return the domain whose bucket a request draws from."""
    if method == "GET" and path in SEARCHES:
        return "search"
    if covers("/v2/alerts", path):
        return "alert"
    if covers("/v2/heartbeats/{name}/ping", path):
        return "heartbeat"
    if covers("/v1/incidents", path):
        return "incident"
    if path.endswith("on-calls"):
        return "schedule-oncalls"
    if method != "GET" and covers("/v2/integrations", path):
        return "integration-configuration"
    return "configuration"


def too_many(headers: Mapping[str, str] | None = None) -> ApiError:
    """Return the 429."""
    return ApiError(429, "You are making too many requests!", headers=headers)


class Limits:
    """The limits of one account; off until turned on."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._figures: dict[str, dict[str, int]] | None = None
        self._buckets: dict[tuple[str, str], TokenBucket] = {}

    def take(self, request: Request, _body: Any, now: datetime) -> Verdict:
        """Count a request against both buckets of its domain; one that is refused takes no token."""
        if self._figures is None:
            return Verdict()
        domain = domain_of(request.method, request.url.path)
        buckets = {period: self._buckets[domain, period] for period in PERIODS}
        short = [period for period, bucket in buckets.items() if not bucket.has_token(now)]
        if short:
            # The longer wait is named where both are empty.
            seconds = int(PERIODS[short[0]].total_seconds())
            headers = {
                "X-RateLimit-State": "THROTTLED",
                "X-RateLimit-Reason": "ACCOUNT",
                "X-RateLimit-Period-In-Sec": str(seconds),
            }
            return Verdict(headers, refused(self._ids, too_many()))
        for bucket in buckets.values():
            bucket.take()
        return Verdict({"X-RateLimit-State": "OK", "X-RateLimit-Period-In-Sec": "60"})

    def turn(self, wanted: Any) -> None:
        """Turn the limits on (true, or {domain: {"minute": n, "second": n}}) or off (false)."""
        if not isinstance(wanted, bool | Mapping):
            raise ValueError("opsgenie: limits are true, false or an object of domains")
        figures = {domain: dict(FIGURES) for domain in DOMAINS}
        for domain, numbers in (wanted if isinstance(wanted, Mapping) else {}).items():
            if domain not in figures:
                raise ValueError(f"opsgenie: no domain {domain!r}; there are: {', '.join(DOMAINS)}")
            if not isinstance(numbers, Mapping) or set(numbers) - set(PERIODS):
                raise ValueError(f"opsgenie: limits of {domain} are an object of {', '.join(PERIODS)}")
            if not all(type(value) is int and value > 0 for value in numbers.values()):
                raise ValueError(f"opsgenie: limits of {domain} are whole numbers above 0")
            figures[domain] |= numbers
        self._figures = None if wanted is False else figures
        self._buckets = {
            (domain, period): TokenBucket(numbers[period], length)
            for domain, numbers in figures.items()
            for period, length in PERIODS.items()
        }

    def shown(self) -> dict[str, dict[str, int]] | bool:
        """Return the figures of each domain, or False."""
        return False if self._figures is None else {domain: dict(each) for domain, each in self._figures.items()}
