"""PagerDuty: high and low urgency, layered schedules, services with a routing key each."""

from oncall.targets.base import Target
from oncall.targets.pagerduty.audit import audit
from oncall.targets.pagerduty.desired import desired

PAGERDUTY = Target("pagerduty", audit, desired)

__all__ = ["PAGERDUTY"]
