"""PagerDuty: high and low urgency, layered schedules, services with a routing key each."""

from oncall.targets.base import Target
from oncall.targets.pagerduty.audit import RULES, audit
from oncall.targets.pagerduty.desired import desired

PAGERDUTY = Target("pagerduty", RULES, audit, desired)

__all__ = ["PAGERDUTY"]
