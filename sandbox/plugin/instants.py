"""Points in time as the official provider reads (RFC 3339) and writes them (Go's print form)."""

import re
from datetime import UTC, datetime

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def parse_instant(text: str) -> datetime:
    """The instant an RFC 3339 text names, in UTC; ValueError for any other form, Go's print form included."""
    if not isinstance(text, str) or not _RFC3339.fullmatch(text):
        raise ValueError(f"{text!r} is not an RFC 3339 time")
    return datetime.fromisoformat(text).astimezone(UTC)


def go_form(instant: datetime) -> str:
    """What Go's `time.Time.String` prints for an instant in UTC: "2026-11-23 08:00:00 +0000 UTC"."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} +0000 UTC"


def same_instant(old: str, new: str) -> bool:
    """Whether two texts are RFC 3339 and mean one instant, in whatever offset."""
    try:
        return parse_instant(old) == parse_instant(new)
    except ValueError:
        return False


def same_or_both_past(old: str, new: str, now: datetime) -> bool:
    """As `same_instant`, and also where both lie in the past.

    PagerDuty moves a layer's past start to the moment of the request, so a difference between past starts is no change.
    """
    try:
        old_instant, new_instant = parse_instant(old), parse_instant(new)
    except ValueError:
        return False
    return old_instant == new_instant or (old_instant < now and new_instant < now)
