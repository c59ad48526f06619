"""The life of an incident: opened by an event or by hand, acknowledged, snoozed, resolved, reopened, raised.

https://support.pagerduty.com/main/docs/incidents. Who is told, and when, is `paging`.
"""

from datetime import datetime, timedelta

from sandbox.pagerduty import paging, urgency
from sandbox.pagerduty.account import Account, Dropped
from sandbox.pagerduty.history import integration_agent, log, service_agent, timer_key
from sandbox.pagerduty.models import Alert, Incident, Integration, Policy, Service
from sandbox.pagerduty.responses import Json

PENDING = {"escalate": "escalate", "unacknowledge": "unacknowledge", "resolve": "resolve", "raise": "urgency_change"}


def trigger(account: Account, integration: Integration, key: str, payload: Json, event: Json) -> None:
    """Take a trigger: append it to the open alert of its key, or open an alert and an incident."""
    service = account.services[integration.service]
    if why := closed(account, service):
        account.dropped.append(Dropped(account.now(), service.name, key, why))
        return
    agent = integration_agent(integration)
    found = open_alert(account, integration, key)
    if found:
        incident, alert = found
        alert.count += 1
        log(account, incident, "trigger", f"Triggered again through {integration.name}", agent, _details(payload))
        return
    policy = account.policies[service.policy]
    position = paging.next_held_position(account, policy, 0)
    if position is None:
        account.dropped.append(Dropped(account.now(), service.name, key, "nobody is on call in the whole policy"))
        return
    severity = str(payload["severity"])
    level = urgency.of_service(service, severity, account.now())
    incident = new(account, service, policy, str(payload["summary"]), key, level, agent)
    incident.position = position
    details = payload.get("custom_details") or {}
    body = {"contexts": _contexts(event), "details": details, "cef_details": {**payload, "dedup_key": key}}
    alert = Alert(account.new_id("Q"), key, integration.id, incident.title, severity, account.now(), body)
    incident.alerts.append(alert)
    log(account, incident, "trigger", f"Triggered through {integration.name}", agent, _details(payload))
    start(account, incident, service)
    paging.page_level(account, incident, "assign", service_agent(incident), tells="triggered")


def closed(account: Account, service: Service) -> str | None:
    """Return why a service takes no events and no new incidents now, or None."""
    if service.disabled:
        return "the service is disabled"
    return "the service is in maintenance" if account.in_maintenance(service.id) else None


def new(account: Account, service: Service, policy: Policy, title: str, key: str, level: str, agent: Json) -> Incident:
    """Add an incident to the account; nobody is assigned and nothing is logged yet."""
    now = account.now()
    incident = Incident(
        id=account.new_id("Q"),
        number=account.next_incident,
        title=title,
        service=service.id,
        service_name=service.name,
        policy=policy,
        urgency=level,
        key=key,
        created_at=now,
        changed_at=now,
        changed_by=agent,
    )
    account.next_incident += 1
    account.incidents[incident.id] = incident
    return incident


def start(account: Account, incident: Incident, service: Service) -> None:
    """Set the timers an open incident has by its service: the end of its life, and the raise of its urgency."""
    account.timers.cancel(timer_key("resolve", incident))
    if service.auto_resolve_timeout:
        due = account.now() + timedelta(seconds=service.auto_resolve_timeout)
        account.timers.at(
            due, lambda: resolve(account, incident, service_agent(incident)), timer_key("resolve", incident)
        )
    schedule_raise(account, incident, service)


def _contexts(event: Json) -> list[Json]:
    links = [{"type": "link"} | link for link in event.get("links") or [] if isinstance(link, dict)]
    return links + [{"type": "image"} | image for image in event.get("images") or [] if isinstance(image, dict)]


def _details(payload: Json) -> Json:
    channel = {"type": "api", "summary": payload["summary"], "severity": payload["severity"]}
    return {"channel": channel, "event_details": {"description": payload["summary"]}}


def open_alert(account: Account, integration: Integration, key: str) -> tuple[Incident, Alert] | None:
    """Return the open alert of a de-duplication key at one integration, with its incident, or None."""
    for incident in account.open_incidents():
        for alert in incident.alerts:
            if not alert.resolved and alert.key == key and alert.integration == integration.id:
                return incident, alert
    return None


def acknowledge(account: Account, incident: Incident, agent: Json) -> None:
    """Acknowledge: nobody is told any more and nothing escalates, until the service's timeout if it has one."""
    if incident.status != "triggered":
        return
    _change(account, incident, "acknowledged", agent)
    incident.acknowledged_by.append((account.now(), agent))
    paging.stop(account, incident)
    log(account, incident, "acknowledge", f"Acknowledged by {agent['summary']}", agent, tells="acknowledged")
    service = account.services.get(incident.service)
    if service and service.acknowledgement_timeout:
        _until(account, incident, service.acknowledgement_timeout, "The acknowledgement timed out")


def snooze(account: Account, incident: Incident, seconds: int, agent: Json) -> None:
    """Hold an incident acknowledged for so long; then it is triggered again. One still triggered is acknowledged."""
    acknowledge(account, incident, agent)
    account.timers.cancel(timer_key("unacknowledge", incident))
    extra = {"channel": {"type": "website", "duration": seconds}}
    log(account, incident, "snooze", f"Snoozed by {agent['summary']} for {seconds} seconds", agent, extra)
    _until(account, incident, seconds, "The snooze ended")


def _until(account: Account, incident: Incident, seconds: int, why: str) -> None:
    due = account.now() + timedelta(seconds=seconds)
    account.timers.at(due, lambda: _unacknowledge(account, incident, why), timer_key("unacknowledge", incident))


def _unacknowledge(account: Account, incident: Incident, why: str) -> None:
    """Put an incident back to triggered: tell the one who had it and whoever is on call by now, and escalate again."""
    agent = service_agent(incident)
    _change(account, incident, "triggered", agent)
    log(account, incident, "unacknowledge", why, agent, tells="unacknowledged")
    had = [str(by["id"]) for _, by in incident.acknowledged_by if by["id"] in account.users]
    incident.acknowledged_by.clear()
    held = paging.held_users(account, incident.policy, incident.position, take_turn=False)
    users = list(dict.fromkeys([*had, *held])) or list(incident.assigned)
    paging.assign(account, incident, users, "assign", agent, why[0].lower() + why[1:])
    paging.await_escalation(account, incident)


def resolve_alert(account: Account, incident: Incident, alert: Alert, agent: Json) -> None:
    """Resolve one alert, and its incident with the last one."""
    alert.resolved = True
    if all(one.resolved for one in incident.alerts):
        resolve(account, incident, agent)


def resolve(account: Account, incident: Incident, agent: Json, note: str | None = None) -> None:
    """Resolve an incident and all its alerts."""
    if not incident.open:
        return
    for alert in incident.alerts:
        alert.resolved = True
    _change(account, incident, "resolved", agent)
    incident.resolved_at = account.now()
    incident.assigned = {}
    incident.acknowledged_by.clear()
    paging.stop(account, incident)
    for kind in ("raise", "resolve"):
        account.timers.cancel(timer_key(kind, incident))
    extra = {"note": note} if note else {}
    log(account, incident, "resolve", f"Resolved by {agent['summary']}", agent, extra, tells="resolved")


def reopen(account: Account, incident: Incident, status: str, agent: Json) -> None:
    """Open a resolved incident again: triggered by its policy's first level held, or acknowledged by the agent."""
    _change(account, incident, "triggered", agent)
    incident.resolved_at = None
    log(account, incident, "reopen", f"Reopened by {agent['summary']}", agent, tells="reopened")
    if incident.service in account.services:
        start(account, incident, account.services[incident.service])
    if status == "acknowledged":
        incident.assigned = {str(agent["id"]): account.now()}
        acknowledge(account, incident, agent)
        return
    incident.position = paging.next_held_position(account, incident.policy, 0) or 0
    paging.page_level(account, incident, "assign", agent)


def forget(account: Account, incident: Incident) -> None:
    """Drop an incident whose service is deleted."""
    resolve(account, incident, service_agent(incident))
    del account.incidents[incident.id]


def schedule_raise(account: Account, incident: Incident, service: Service) -> None:
    """Set (anew) the instant at which the service's scheduled action raises a low-urgency incident."""
    account.timers.cancel(timer_key("raise", incident))
    due = urgency.next_raise(service, account.now())
    if due and incident.open and incident.urgency == "low":
        account.timers.at(
            due, lambda: set_urgency(account, incident, "high", service_agent(incident)), timer_key("raise", incident)
        )


def set_urgency(account: Account, incident: Incident, level: str, agent: Json) -> None:
    """Change the urgency; while triggered the rules of the new one begin now, and high urgency begins to escalate."""
    if not incident.open or incident.urgency == level:
        return
    incident.urgency = level
    account.timers.cancel(timer_key("raise", incident))
    log(account, incident, "urgency_change", f"Urgency changed to {level}", agent)
    if incident.status == "triggered":
        paging.begin_notifications(account, incident)
        paging.await_escalation(account, incident)


def pending_actions(account: Account, incident: Incident) -> list[tuple[str, datetime]]:
    """Return what is to happen to an incident by itself, soonest first, as (action, instant)."""
    found = [(name, account.timers.due(timer_key(kind, incident))) for kind, name in PENDING.items()]
    return sorted(((name, due) for name, due in found if due), key=lambda one: one[1])


def _change(account: Account, incident: Incident, status: str, agent: Json) -> None:
    incident.status = status
    incident.changed_at = account.now()
    incident.changed_by = agent
