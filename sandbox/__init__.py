"""Local stand-ins for PagerDuty and OpsGenie; shares no code with `oncall`."""
