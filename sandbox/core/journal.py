"""The journal: every vendor request in order, with its answer's status, keys and tokens redacted."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.core.wire import instant_text

REDACTED = "***"
# Compared without case, "_" and "-", so that routing_key, apiKey and x-api-key are all caught.
_SECRET_NAMES = frozenset(
    {"routingkey", "integrationkey", "servicekey", "apikey", "xapikey", "geniekey", "token", "accesstoken"}
    | {"secret", "clientsecret", "webhooksecret", "password", "authorization"}
)
# Old entries are dropped so that a sandbox left running does not grow without end.
MAX_ENTRIES = 100_000


def redact(value: Any) -> Any:
    """Return a copy of JSON data in which the value of every key that names a secret is `***`."""
    if isinstance(value, Mapping):
        return {
            name: REDACTED if _is_secret(name) and item is not None else redact(item) for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    return value


def _is_secret(name: str) -> bool:
    return name.lower().replace("_", "").replace("-", "") in _SECRET_NAMES


class Journal:
    """Requests seen, numbered from 1."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=MAX_ENTRIES)
        self._next = 1

    def record(
        self,
        *,
        at: datetime,
        vendor: str,
        method: str,
        path: str,
        query: str,
        status: int,
        body: Any,
        fault: str | None = None,
    ) -> None:
        """Add a request: `query` is the raw query string, `body` the request's JSON (None without one).

        `status` is 0 where there was no answer; `fault` says which fault applied, and is left out where none did.
        """
        pairs = "&".join(_redact_pair(pair) for pair in query.split("&"))
        self._entries.append(
            {"seq": self._next, "at": instant_text(at), "vendor": vendor, "method": method, "path": path}
            | {"query": pairs, "status": status, "body": redact(body)}
            | ({"fault": fault} if fault else {})
        )
        self._next += 1

    def since(self, number: int = 0) -> dict[str, Any]:
        """Return {"entries": those numbered after `number`, "next": what to pass next time}."""
        entries = [entry for entry in self._entries if entry["seq"] > number]
        return {"entries": entries, "next": self._next - 1}

    def clear(self) -> None:
        """Forget all entries; the numbering goes on, so that a reader's `since` stays right."""
        self._entries.clear()


def _redact_pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name}={REDACTED}" if equals and _is_secret(name) else pair
