"""PagerDuty's audit records: who changed an object last, and when.

https://developer.pagerduty.com/docs/audit-records-api: an administrator's token may read them, on plans that have them;
at most 31 days at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from oncall.clients.errors import NotFound
from oncall.clients.pagerduty import Pagerduty

Row = Mapping[str, Any]
LONGEST = timedelta(days=31)
ROOTS = frozenset({"users", "teams", "schedules", "escalation_policies", "services"})
"""The lists whose objects have records."""
_FEW = 10


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed something, as PagerDuty calls them, and when (UTC); None where it does not say."""

    who: str
    at: datetime | None


def last_change(account: Pagerduty, root: str, own: str, now: datetime) -> LastChange | None:
    """Return the last change of an object in one of `ROOTS`, None where there was none lately.

    Raises Forbidden where the token, or the account's plan, lacks the right.
    """
    try:
        answer = account.get(f"/{root}/{quote(own, safe='')}/audit/records", limit=_FEW, **_window(now))
    except NotFound:
        return None
    return _newest(answer.get("records"))


def last_deletes(account: Pagerduty, root: str, now: datetime) -> Mapping[str, LastChange]:
    """Return who deleted objects in one of `ROOTS` lately, by their names. Raises Forbidden as above."""
    params = {"root_resource_types[]": (root,), "actions[]": ("delete",), **_window(now)}
    found: dict[str, LastChange] = {}
    for record in _rows(account.get("/audit/records", limit=100, **params).get("records")):
        resource = record.get("root_resource")
        name = resource.get("summary") if isinstance(resource, Mapping) else None
        change = _newest([record])
        if isinstance(name, str) and change is not None:
            found.setdefault(name, change)
    return found


def _window(now: datetime) -> dict[str, str]:
    return {"since": _text(now - LONGEST + timedelta(minutes=1)), "until": _text(now + timedelta(minutes=1))}


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rows(value: object) -> list[Row]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, Iterable) else []


def _newest(records: object) -> LastChange | None:
    """Return who and when of the first record: they come newest first."""
    rows = _rows(records)
    if not rows:
        return None
    actor = next(iter(_rows(rows[0].get("actors"))), {})
    method = rows[0].get("method")
    token = method.get("truncated_token") if isinstance(method, Mapping) else None
    who = actor.get("summary") or (f"an API key ending in {token}" if token else "")
    try:
        at = datetime.fromisoformat(str(rows[0].get("execution_time")))
    except ValueError:
        at = None
    return LastChange(str(who), at.astimezone(UTC) if at is not None and at.tzinfo is not None else None)
