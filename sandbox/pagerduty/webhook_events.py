"""From what happens to webhook messages: the types, the data each carries, and which subscriptions want it.

https://developer.pagerduty.com/docs/webhooks-overview
"""

import json
from collections.abc import Sequence

from sandbox.pagerduty import deliveries
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.models import Incident, Note, Service
from sandbox.pagerduty.responses import PRIORITIES, Json, base, priority_json, reference, references
from sandbox.pagerduty.webhook_models import Subscription

EVENT_TYPES = frozenset(
    {
        "incident.acknowledged",
        "incident.annotated",
        "incident.conference_bridge.updated",
        "incident.custom_field_values.updated",
        "incident.delegated",
        "incident.escalated",
        "incident.incident_type.changed",
        "incident.priority_updated",
        "incident.reassigned",
        "incident.reopened",
        "incident.resolved",
        "incident.responder.added",
        "incident.responder.replied",
        "incident.status_update_published",
        "incident.triggered",
        "incident.unacknowledged",
        "service.created",
        "service.deleted",
        "service.updated",
    }
)
# Of a note no more than this is sent; the length is the sandbox's choice.
MAX_NOTE = 2000


def of_incident(account: Account, kind: str, incident: Incident, agent: Json) -> None:
    """Tell the subscriptions of an incident's service, teams and account what happened to it."""
    _tell(account, kind, incident.service, incident.policy.teams, agent, incident_data(account, incident), incident.id)


def of_note(account: Account, incident: Incident, note: Note, agent: Json) -> None:
    """Tell that a note was added."""
    path = f"/incidents/{incident.id}"
    data = {
        "incident": base("incident_reference", incident.id, incident.title, path),
        "id": note.id,
        "content": note.content[:MAX_NOTE],
        "trimmed": len(note.content) > MAX_NOTE,
        "type": "incident_note",
    }
    _tell(account, "incident.annotated", incident.service, incident.policy.teams, agent, data, incident.id)


def of_service(account: Account, kind: str, service: Service) -> None:
    """Tell that a service was created, updated or deleted."""
    teams = account.policies[service.policy].teams
    data = base("service", service.id, service.name, f"/services/{service.id}") | {
        "alert_creation": service.alert_creation,
        "teams": references(account, "team", teams),
    }
    _tell(account, kind, service.id, teams, None, data, service.id)


def ping(account: Account, subscription: Subscription) -> None:
    """Send the test message to one subscription."""
    data = {"message": "Hello from your friend Pagey!", "type": "ping"}
    deliveries.enqueue(account, subscription, "pagey.ping", subscription.id, _body(account, "pagey.ping", None, data))


def _tell(
    account: Account, kind: str, service: str, teams: Sequence[str], agent: Json | None, data: Json, about: str
) -> None:
    for subscription in list(account.subscriptions.values()):
        if kind in subscription.events and subscription.active and _wants(subscription, service, teams):
            deliveries.enqueue(account, subscription, kind, about, _body(account, kind, agent, data))


def _wants(subscription: Subscription, service: str, teams: Sequence[str]) -> bool:
    match subscription.filter_type:
        case "service_reference":
            return subscription.filter_id == service
        case "team_reference":
            return subscription.filter_id in teams
        case _:
            return True


def _body(account: Account, kind: str, agent: Json | None, data: Json) -> bytes:
    at = account.core.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    event = {
        "id": account.core.ids.capitals("0", 26),
        "event_type": kind,
        "resource_type": kind.partition(".")[0],
        "occurred_at": at,
        "agent": agent,
        "client": None,
        "data": data,
    }
    return json.dumps({"event": event}, ensure_ascii=False, separators=(",", ":")).encode()


def incident_data(account: Account, incident: Incident) -> Json:
    """Return an incident as webhooks carry it."""
    policy = incident.policy
    return {
        **base("incident", incident.id, None, f"/incidents/{incident.id}"),
        "number": incident.number,
        "status": incident.status,
        "incident_key": incident.key,
        "created_at": incident.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "title": incident.title,
        "service": base("service_reference", incident.service, incident.service_name, f"/services/{incident.service}"),
        "assignees": [reference(account, "user", user) for user in incident.assigned],
        "escalation_policy": base(
            "escalation_policy_reference", policy.id, policy.name, f"/escalation_policies/{policy.id}"
        ),
        "teams": references(account, "team", policy.teams),
        "priority": priority_json(incident.priority, "priority_reference") if incident.priority in PRIORITIES else None,
        "urgency": incident.urgency,
        "conference_bridge": incident.conference_bridge,
        "resolve_reason": incident.resolve_reason,
    }
