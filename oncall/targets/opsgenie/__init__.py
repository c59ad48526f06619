"""OpsGenie: priorities, rotations that add up, routing rules, a key per team."""

from oncall.targets.base import Target
from oncall.targets.opsgenie.audit import RULES, audit
from oncall.targets.opsgenie.desired import desired

OPSGENIE = Target("opsgenie", RULES, audit, desired)

__all__ = ["OPSGENIE"]
