"""OpsGenie: priorities, rotations that add up, routing rules, a key per team."""

from oncall.targets.base import Target
from oncall.targets.opsgenie.audit import audit
from oncall.targets.opsgenie.desired import desired

OPSGENIE = Target("opsgenie", audit, desired)

__all__ = ["OPSGENIE"]
