"""What PagerDuty answers about an incident: itself, its alerts, its history, its notes."""

from sandbox.core import instant_text
from sandbox.pagerduty import dispatch
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.models import Alert, Incident, LogEntry, Note
from sandbox.pagerduty.responses import (
    PRIORITIES,
    Json,
    as_reference,
    base,
    integration_json,
    policy_json,
    priority_json,
    reference,
    references,
    service_json,
    teams_json,
    user_json,
)

NOTHING: frozenset[str] = frozenset()


def incident_reference(incident: Incident) -> Json:
    """Return a reference to an incident."""
    return base("incident_reference", incident.id, incident_summary(incident), f"/incidents/{incident.id}")


def incident_summary(incident: Incident) -> str:
    """Return "[#12] the title"."""
    return f"[#{incident.number}] {incident.title}"


def incident_json(account: Account, incident: Incident, include: frozenset[str] = NOTHING) -> Json:
    """Return an incident; `include` holds what is to be whole instead of a reference."""
    resolved = sum(alert.resolved for alert in incident.alerts)
    total = len(incident.alerts)
    first = incident.log[0]
    priority = priority_json(incident.priority) if incident.priority in PRIORITIES else None
    return base("incident", incident.id, incident_summary(incident), f"/incidents/{incident.id}") | {
        "incident_number": incident.number,
        "title": incident.title,
        "description": incident.title,
        "status": incident.status,
        "urgency": incident.urgency,
        "incident_key": incident.key,
        "created_at": instant_text(incident.created_at),
        "updated_at": instant_text(incident.log[-1].at),
        "resolved_at": instant_text(incident.resolved_at) if incident.resolved_at else None,
        "service": _service(account, incident, include),
        "assigned_via": incident.assigned_via,
        "assignments": [
            {"at": instant_text(at), "assignee": _user(account, user, "assignees" in include or "users" in include)}
            for user, at in incident.assigned.items()
        ],
        "acknowledgements": [
            {"at": instant_text(at), "acknowledger": _agent(account, agent, "acknowledgers" in include)}
            for at, agent in incident.acknowledged_by
        ],
        "last_status_change_at": instant_text(incident.changed_at),
        "last_status_change_by": _agent(account, incident.changed_by, "agents" in include),
        "first_trigger_log_entry": log_entry_json(account, incident, first)
        if "first_trigger_log_entries" in include
        else base("trigger_log_entry_reference", first.id, first.summary, f"/log_entries/{first.id}"),
        "escalation_policy": _policy(account, incident, include),
        "teams": teams_json(account, incident.policy.teams, include),
        "alert_counts": {"all": total, "triggered": total - resolved, "resolved": resolved},
        "pending_actions": [
            {"type": kind, "at": instant_text(at)} for kind, at in dispatch.pending_actions(account, incident)
        ],
        "is_mergeable": True,
        "incident_type": {"name": "incident_default"},
        "priority": priority,
        "resolve_reason": incident.resolve_reason,
        "conference_bridge": incident.conference_bridge,
        "body": incident.body,
        "alert_grouping": None,
        "impacted_services": references(account, "service", [incident.service]),
        "incidents_responders": [],
        "responder_requests": [],
        "subscriber_requests": [],
    }


def _service(account: Account, incident: Incident, include: frozenset[str]) -> Json:
    if "services" in include and incident.service in account.services:
        return service_json(account, account.services[incident.service])
    return base("service_reference", incident.service, incident.service_name, f"/services/{incident.service}")


def _policy(account: Account, incident: Incident, include: frozenset[str]) -> Json:
    policy = incident.policy
    if "escalation_policies" in include:
        return policy_json(account, policy)
    return base("escalation_policy_reference", policy.id, policy.name, f"/escalation_policies/{policy.id}")


def _user(account: Account, key: str, whole: bool) -> Json:
    return user_json(account, account.users[key]) if whole and key in account.users else reference(account, "user", key)


def _agent(account: Account, agent: Json, whole: bool) -> Json:
    if whole and agent.get("type") == "user_reference" and agent["id"] in account.users:
        return user_json(account, account.users[agent["id"]])
    return agent


def alert_json(account: Account, incident: Incident, alert: Alert) -> Json:
    """Return an alert of an incident."""
    service = account.services.get(incident.service)
    integration = service.integrations.get(alert.integration) if service else None
    path = f"/incidents/{incident.id}/alerts/{alert.id}"
    first = incident.log[0]
    return base("alert", alert.id, alert.summary, path) | {
        "created_at": instant_text(alert.created_at),
        "status": "resolved" if alert.resolved else "triggered",
        "alert_key": alert.key,
        "severity": alert.severity,
        "suppressed": False,
        "service": reference(account, "service", incident.service),
        "incident": incident_reference(incident),
        "first_trigger_log_entry": base(
            "trigger_log_entry_reference", first.id, first.summary, f"/log_entries/{first.id}"
        ),
        "integration": as_reference(integration_json(account, integration)) if integration else None,
        "body": {"type": "alert_body"} | alert.body,
    }


def log_entry_json(account: Account, incident: Incident, entry: LogEntry, include: frozenset[str] = NOTHING) -> Json:
    """Return one line of an incident's history; `include` holds incidents, services, teams to have them whole."""
    fields = {
        "created_at": instant_text(entry.at),
        "agent": entry.agent,
        "channel": {"type": "auto"},
        "service": _service(account, incident, include),
        "incident": incident_json(account, incident) if "incidents" in include else incident_reference(incident),
        "teams": teams_json(account, incident.policy.teams, include),
        "contexts": [],
        "event_details": {},
    }
    path = f"/log_entries/{entry.id}"
    return base(f"{entry.type}_log_entry", entry.id, entry.summary, path) | fields | entry.extra


def note_json(account: Account, note: Note) -> Json:
    """Return a note on an incident."""
    return {
        "id": note.id,
        "user": reference(account, "user", note.user),
        "channel": {"summary": "The PagerDuty website or APIs"},
        "content": note.content,
        "created_at": instant_text(note.created_at),
        "updated_at": instant_text(note.updated_at),
    }
