"""Spans of time as the API writes them: {timeAmount, timeUnit}.

The Terraform provider writes the unit of a notification rule's step as "minute", so the singular is taken too;
answers are always in minutes (terraform-provider-opsgenie resource_opsgenie_notification_rule.go).
"""

from datetime import timedelta
from typing import Any

from sandbox.opsgenie.errors import invalid
from sandbox.opsgenie.fields import Fields

# An upper bound of ours for spans of time, so that no sum leaves the calendar.
MOST_UNITS = 100_000
_MINUTES = {"minutes": 1, "hours": 60, "days": 1440}
UNIT_MINUTES = _MINUTES | {name.removesuffix("s"): length for name, length in _MINUTES.items()}


def read_minutes(fields: Fields | None) -> int:
    """Return the whole minutes of a {timeAmount, timeUnit} (absent: 0; no unit: minutes)."""
    if fields is None:
        return 0
    amount = fields.number("timeAmount", high=MOST_UNITS)
    return amount * UNIT_MINUTES[fields.choice("timeUnit", tuple(UNIT_MINUTES), "minutes")]


def read_span(fields: Fields, name: str) -> timedelta:
    """Return the required span of a field, at least a minute long."""
    inner = fields.inner(name)
    minutes = read_minutes(inner)
    if minutes < 1:
        raise invalid(fields.name_of(name), "is required, and must be at least one minute")
    return timedelta(minutes=minutes)


def span_wire(span: timedelta) -> dict[str, Any]:
    """Return a span as the API writes it, in minutes."""
    return {"timeAmount": int(span.total_seconds() // 60), "timeUnit": "minutes"}
