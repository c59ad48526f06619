"""How urgent an incident of a service is: by rule, by support hours, by severity; and when it is raised.

https://support.pagerduty.com/main/docs/dynamic-notifications (the mapping of severities is fixed and minds case)
"""

from datetime import datetime, time, timedelta

from sandbox.pagerduty.models import Service
from sandbox.pagerduty.times import instant, local

_LOW_SEVERITIES = frozenset({"warning", "info"})
_DAY = timedelta(days=1)


def of_service(service: Service, severity: str | None, at: datetime) -> str:
    """Return "high" or "low" for an alert of this severity at an instant."""
    rule = service.urgency_rule
    if rule["type"] == "use_support_hours":
        rule = rule["during_support_hours" if in_support_hours(service, at) else "outside_support_hours"]
    urgency = str(rule["urgency"])
    if urgency == "severity_based":
        return "low" if severity in _LOW_SEVERITIES else "high"
    return urgency


def in_support_hours(service: Service, at: datetime) -> bool:
    """Return whether an instant lies in the service's support hours; False where it has none."""
    hours = service.support_hours
    if not hours:
        return False
    clock = local(at, hours["time_zone"])
    begin, end = _clock(hours["start_time"]), _clock(hours["end_time"])
    if begin < end:
        return clock.isoweekday() in hours["days_of_week"] and begin <= clock.time() < end
    # Hours over midnight belong to the day they begin on.
    if clock.time() >= begin:
        return clock.isoweekday() in hours["days_of_week"]
    return clock.time() < end and (clock - _DAY).isoweekday() in hours["days_of_week"]


def next_raise(service: Service, after: datetime) -> datetime | None:
    """Return when the first scheduled action to high urgency comes after an instant, or None."""
    found: list[datetime] = []
    hours = service.support_hours
    for action in service.scheduled_actions if hours else ():
        name = action["at"]["name"]
        clock = _clock((hours or {})["start_time" if name == "support_hours_start" else "end_time"])
        zone, days = (hours or {})["time_zone"], (hours or {})["days_of_week"]
        today = local(after, zone).replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
        for ahead in range(9):
            day = today + ahead * _DAY
            if day.isoweekday() in days and instant(day, zone) > after:
                found.append(instant(day, zone))
                break
    return min(found, default=None)


def _clock(text: str) -> time:
    return time.fromisoformat(text)
