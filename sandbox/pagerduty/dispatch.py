"""From an event to people: opening incidents, paging, escalating, acknowledging, resolving.

The order of things: https://support.pagerduty.com/main/docs/escalation-policies and .../dynamic-notifications. Timers
are keyed by the incident: "escalate", "notify", "raise", "unacknowledge", "resolve", each with its id.
"""

from datetime import datetime, timedelta
from typing import Any

from sandbox.pagerduty import urgency, who
from sandbox.pagerduty.account import Account, Dropped, minutes
from sandbox.pagerduty.models import Alert, Incident, Integration, LogEntry, Notification, Policy, Service, User
from sandbox.pagerduty.responses import Json, base, reference

PENDING = {"escalate": "escalate", "unacknowledge": "unacknowledge", "resolve": "resolve", "raise": "urgency_change"}


def trigger(account: Account, integration: Integration, key: str, payload: Json, event: Json) -> None:
    """Take a trigger: append it to the open alert of its key, or open an alert and an incident."""
    service = account.services[integration.service]
    agent = integration_agent(integration)
    found = open_alert(account, integration, key)
    if found:
        incident, alert = found
        alert.count += 1
        log(account, incident, "trigger", f"Triggered again through {integration.name}", agent, _details(payload))
        return
    if service.disabled:
        account.dropped.append(Dropped(account.now(), service.name, key, "the service is disabled"))
        return
    policy = account.policies[service.policy]
    position = next_held_position(account, policy, 0)
    if position is None:
        account.dropped.append(Dropped(account.now(), service.name, key, "nobody is on call in the whole policy"))
        return
    now, severity = account.now(), str(payload["severity"])
    incident = Incident(
        id=account.new_id("Q"),
        number=account.next_incident,
        title=str(payload["summary"]),
        service=service.id,
        service_name=service.name,
        policy=policy,
        urgency=urgency.of_service(service, severity, now),
        key=key,
        created_at=now,
        changed_at=now,
        changed_by=agent,
        position=position,
    )
    account.next_incident += 1
    account.incidents[incident.id] = incident
    details = payload.get("custom_details") or {}
    body = {"contexts": _contexts(event), "details": details, "cef_details": {**payload, "dedup_key": key}}
    incident.alerts.append(Alert(account.new_id("Q"), key, integration.id, incident.title, severity, now, body))
    log(account, incident, "trigger", f"Triggered through {integration.name}", agent, _details(payload))
    if service.auto_resolve_timeout:
        due = now + timedelta(seconds=service.auto_resolve_timeout)
        account.timers.at(due, lambda: resolve(account, incident, service_agent(incident)), _key("resolve", incident))
    schedule_raise(account, incident, service)
    page_level(account, incident, "assign", service_agent(incident))


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


def integration_agent(integration: Integration) -> Json:
    """Return the agent of what an integration did."""
    path = f"/services/{integration.service}/integrations/{integration.id}"
    return base(f"{integration.type}_reference", integration.id, integration.name, path)


def service_agent(incident: Incident) -> Json:
    """Return the agent of what happens by itself: the service."""
    return base("service_reference", incident.service, incident.service_name, f"/services/{incident.service}")


def log(
    account: Account, incident: Incident, kind: str, text: str, agent: Json, extra: dict[str, Any] | None = None
) -> None:
    """Add a line to an incident's history."""
    incident.log.append(LogEntry(account.new_id("R"), kind, account.now(), text, agent, extra or {}))


def held_users(account: Account, policy: Policy, position: int, *, take_turn: bool) -> list[str]:
    """Return who stands behind a level now; with round robin only the next in turn, moved on if `take_turn`."""
    rule = policy.rules[position % len(policy.rules)]
    users: list[str] = []
    for kind, key in rule.targets:
        held = [key] if kind == "user" else [one.user for one in who.present(account, key)]
        users.extend(user for user in held if user in account.users and user not in users)
    if rule.strategy == "round_robin" and users:
        turn = account.round_robin.get(rule.id, 0)
        if take_turn:
            account.round_robin[rule.id] = turn + 1
        return [users[turn % len(users)]]
    return users


def next_held_position(account: Account, policy: Policy, first: int) -> int | None:
    """Return the first position from `first` on with somebody on call, all loops counted; None if there is none."""
    for position in range(first, len(policy.rules) * (policy.num_loops + 1)):
        if held_users(account, policy, position, take_turn=False):
            return position
    return None


def page_level(account: Account, incident: Incident, kind: str, agent: Json) -> None:
    """Assign the incident to whoever is on call on its level now, tell them, and set the next escalation."""
    users = held_users(account, incident.policy, incident.position, take_turn=True)
    assign(account, incident, users, kind, agent, f"level {incident.level} of {incident.policy.name}")
    _await_escalation(account, incident)


def assign(account: Account, incident: Incident, users: list[str], kind: str, agent: Json, why: str) -> None:
    """Assign the incident to users and begin their notification rules; those assigned before are told no more."""
    now = account.now()
    incident.assigned = dict.fromkeys(users, now)
    names = ", ".join(account.users[user].name for user in users)
    word = "Escalated to" if kind == "escalate" else "Assigned to"
    extra = {"assignees": [reference(account, "user", user) for user in users]}
    log(account, incident, kind, f"{word} {names} ({why})", agent, extra)
    _begin_notifications(account, incident)


def _begin_notifications(account: Account, incident: Incident) -> None:
    """Set every notification rule of the assigned users for the present urgency, counted from now."""
    account.timers.cancel(_key("notify", incident))
    for key in incident.assigned:
        for rule in account.users[key].rules.values():
            if rule.urgency == incident.urgency:
                due = account.now() + minutes(rule.delay_minutes)
                method = rule.contact_method
                account.timers.at(
                    due,
                    lambda user=key, method=method: _notify(account, incident, user, method),  # type: ignore[misc]
                    _key("notify", incident),
                )
    account.timers.run(account.now())


def _notify(account: Account, incident: Incident, key: str, method_id: str) -> None:
    user: User | None = account.users.get(key)
    method = user.contact_methods.get(method_id) if user else None
    if user is None or method is None:
        return
    how = method.kind.removesuffix("_notification")
    incident.notifications.append(Notification(account.now(), user.name, how, method.address))
    extra = {
        "user": reference(account, "user", user.id),
        "channel": {"type": "auto", "notification": {"type": how, "address": method.address, "status": "success"}},
    }
    log(account, incident, "notify", f"Notified {user.name} by {how}", service_agent(incident), extra)


def _await_escalation(account: Account, incident: Incident) -> None:
    """Set the timer of the next level: only while triggered, only for high urgency, only if a level is left."""
    account.timers.cancel(_key("escalate", incident))
    levels = len(incident.policy.rules)
    if (
        incident.status == "triggered"
        and incident.urgency == "high"
        and incident.position + 1 < levels * (incident.policy.num_loops + 1)
    ):
        delay = minutes(incident.policy.rules[incident.position % levels].delay_minutes)
        account.timers.at(account.now() + delay, lambda: _escalate(account, incident), _key("escalate", incident))


def _escalate(account: Account, incident: Incident) -> None:
    position = next_held_position(account, incident.policy, incident.position + 1)
    if position is not None:
        incident.position = position
        page_level(account, incident, "escalate", service_agent(incident))


def escalate_to(account: Account, incident: Incident, level: int, agent: Json) -> None:
    """Move a high-urgency incident to a level (from 1) by hand, within the loop it is in."""
    levels = len(incident.policy.rules)
    incident.position = incident.position // levels * levels + level - 1
    page_level(account, incident, "escalate", agent)


def reassign(account: Account, incident: Incident, users: list[str], agent: Json) -> None:
    """Give the incident to these users by hand: it escalates no further."""
    account.timers.cancel(_key("escalate", incident))
    assign(account, incident, users, "assign", agent, f"by {agent['summary']}")


def acknowledge(account: Account, incident: Incident, agent: Json) -> None:
    """Acknowledge: nobody is told any more and nothing escalates, until the service's timeout if it has one."""
    if incident.status != "triggered":
        return
    now = account.now()
    _change(account, incident, "acknowledged", agent)
    incident.acknowledged_by.append((now, agent))
    _stop_paging(account, incident)
    log(account, incident, "acknowledge", f"Acknowledged by {agent['summary']}", agent)
    service = account.services.get(incident.service)
    if service and service.acknowledgement_timeout:
        due = now + timedelta(seconds=service.acknowledgement_timeout)
        account.timers.at(due, lambda: _unacknowledge(account, incident), _key("unacknowledge", incident))


def _unacknowledge(account: Account, incident: Incident) -> None:
    """Put an incident back to triggered: tell the one who had it and whoever is on call by now, and escalate again."""
    agent = service_agent(incident)
    _change(account, incident, "triggered", agent)
    log(account, incident, "unacknowledge", "The acknowledgement timed out", agent)
    had = [str(by["id"]) for _, by in incident.acknowledged_by if by["id"] in account.users]
    incident.acknowledged_by.clear()
    held = held_users(account, incident.policy, incident.position, take_turn=False)
    users = list(dict.fromkeys([*had, *held])) or list(incident.assigned)
    assign(account, incident, users, "assign", agent, "after the acknowledgement timed out")
    _await_escalation(account, incident)


def resolve_alert(account: Account, incident: Incident, alert: Alert, agent: Json) -> None:
    """Resolve one alert, and its incident with the last one."""
    alert.resolved = True
    if all(one.resolved for one in incident.alerts):
        resolve(account, incident, agent)


def resolve(account: Account, incident: Incident, agent: Json) -> None:
    """Resolve an incident and all its alerts."""
    if not incident.open:
        return
    for alert in incident.alerts:
        alert.resolved = True
    _change(account, incident, "resolved", agent)
    incident.resolved_at = account.now()
    incident.assigned = {}
    incident.acknowledged_by.clear()
    _stop_paging(account, incident)
    for kind in ("raise", "resolve"):
        account.timers.cancel(_key(kind, incident))
    log(account, incident, "resolve", f"Resolved by {agent['summary']}", agent)


def forget(account: Account, incident: Incident) -> None:
    """Drop an incident whose service is deleted."""
    resolve(account, incident, service_agent(incident))
    del account.incidents[incident.id]


def schedule_raise(account: Account, incident: Incident, service: Service) -> None:
    """Set (anew) the instant at which the service's scheduled action raises a low-urgency incident."""
    account.timers.cancel(_key("raise", incident))
    due = urgency.next_raise(service, account.now())
    if due and incident.open and incident.urgency == "low":
        account.timers.at(
            due, lambda: set_urgency(account, incident, "high", service_agent(incident)), _key("raise", incident)
        )


def set_urgency(account: Account, incident: Incident, level: str, agent: Json) -> None:
    """Change the urgency; while triggered the rules of the new one begin now, and high urgency begins to escalate."""
    if not incident.open or incident.urgency == level:
        return
    incident.urgency = level
    account.timers.cancel(_key("raise", incident))
    log(account, incident, "urgency_change", f"Urgency changed to {level}", agent)
    if incident.status == "triggered":
        _begin_notifications(account, incident)
        _await_escalation(account, incident)


def pending_actions(account: Account, incident: Incident) -> list[tuple[str, datetime]]:
    """Return what is to happen to an incident by itself, soonest first, as (action, instant)."""
    found = [(name, account.timers.due(_key(kind, incident))) for kind, name in PENDING.items()]
    return sorted(((name, due) for name, due in found if due), key=lambda one: one[1])


def _change(account: Account, incident: Incident, status: str, agent: Json) -> None:
    incident.status = status
    incident.changed_at = account.now()
    incident.changed_by = agent


def _stop_paging(account: Account, incident: Incident) -> None:
    for kind in ("notify", "escalate", "unacknowledge"):
        account.timers.cancel(_key(kind, incident))


def _key(kind: str, incident: Incident) -> str:
    return f"{kind} {incident.id}"
