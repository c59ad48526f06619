"""An incident's history: each line is a log entry, and most are also told to the webhook subscriptions."""

from typing import Any

from sandbox.pagerduty import webhook_events
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.models import Incident, Integration, LogEntry
from sandbox.pagerduty.responses import Json, base


def log(
    account: Account,
    incident: Incident,
    kind: str,
    text: str,
    agent: Json,
    extra: dict[str, Any] | None = None,
    *,
    tells: str | None = None,
) -> None:
    """Add a line; `tells` names the webhook event it is ("acknowledged"), the incident being as it is afterwards."""
    incident.log.append(LogEntry(account.new_id("R"), kind, account.now(), text, agent, extra or {}))
    if tells:
        webhook_events.of_incident(account, f"incident.{tells}", incident, agent)


def integration_agent(integration: Integration) -> Json:
    """Return the agent of what an integration did."""
    path = f"/services/{integration.service}/integrations/{integration.id}"
    return base(f"{integration.type}_reference", integration.id, integration.name, path)


def service_agent(incident: Incident) -> Json:
    """Return the agent of what happens by itself: the service."""
    return base("service_reference", incident.service, incident.service_name, f"/services/{incident.service}")


def timer_key(kind: str, incident: Incident) -> str:
    """Return the key of an incident's timers of one kind: "escalate", "notify", "raise", "unacknowledge", "resolve"."""
    return f"{kind} {incident.id}"
