"""The vendors that page people: what their accounts should hold for an inventory, and what they can't express."""

from oncall.targets.base import Target
from oncall.targets.opsgenie import OPSGENIE
from oncall.targets.pagerduty import PAGERDUTY

TARGETS: tuple[Target, ...] = (PAGERDUTY, OPSGENIE)

__all__ = ["OPSGENIE", "PAGERDUTY", "TARGETS", "Target"]
