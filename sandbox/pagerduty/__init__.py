"""PagerDuty in the sandbox: REST API v2 and Events API v2 over one account held in memory."""

from sandbox.pagerduty.vendor import PagerDuty

__all__ = ["PagerDuty"]
