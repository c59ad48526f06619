"""From an incident to people: levels of its policy, notification rules, escalation, assignment by hand.

The order of things: https://support.pagerduty.com/main/docs/escalation-policies and .../dynamic-notifications.
"""

from sandbox.pagerduty import who
from sandbox.pagerduty.account import Account, minutes
from sandbox.pagerduty.history import log, service_agent, timer_key
from sandbox.pagerduty.models import Incident, Notification, Policy, User
from sandbox.pagerduty.responses import Json, reference


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


def page_level(account: Account, incident: Incident, kind: str, agent: Json, *, tells: str | None = None) -> None:
    """Assign the incident to whoever is on call on its level now, tell them, and set the next escalation."""
    users = held_users(account, incident.policy, incident.position, take_turn=True)
    incident.assigned_via = "escalation_policy"
    assign(account, incident, users, kind, agent, f"level {incident.level} of {incident.policy.name}", tells=tells)
    await_escalation(account, incident)


def assign(
    account: Account,
    incident: Incident,
    users: list[str],
    kind: str,
    agent: Json,
    why: str,
    *,
    tells: str | None = None,
) -> None:
    """Assign the incident to users and begin their notification rules; those assigned before are told no more."""
    now = account.now()
    incident.assigned = dict.fromkeys(users, now)
    names = ", ".join(account.users[user].name for user in users)
    word = "Escalated to" if kind == "escalate" else "Assigned to"
    extra = {"assignees": [reference(account, "user", user) for user in users]}
    log(account, incident, kind, f"{word} {names} ({why})", agent, extra, tells=tells)
    begin_notifications(account, incident)


def begin_notifications(account: Account, incident: Incident) -> None:
    """Set every notification rule of the assigned users for the present urgency, counted from now."""
    account.timers.cancel(timer_key("notify", incident))
    for key in incident.assigned:
        for rule in account.users[key].rules.values():
            if rule.urgency == incident.urgency:
                due = account.now() + minutes(rule.delay_minutes)
                method = rule.contact_method
                account.timers.at(
                    due,
                    lambda user=key, method=method: _notify(account, incident, user, method),  # type: ignore[misc]
                    timer_key("notify", incident),
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
        "channel": {
            "type": "auto",
            "notification": {"type": f"{how}_notification", "address": method.address, "status": "success"},
        },
    }
    log(account, incident, "notify", f"Notified {user.name} by {how}", service_agent(incident), extra)


def await_escalation(account: Account, incident: Incident) -> None:
    """Set the timer of the next level: only while triggered, only for high urgency; after the last, of its end."""
    for kind in ("escalate", "exhaust"):
        account.timers.cancel(timer_key(kind, incident))
    if incident.status != "triggered" or incident.urgency != "high":
        return
    levels = len(incident.policy.rules)
    due = account.now() + minutes(incident.policy.rules[incident.position % levels].delay_minutes)
    if incident.position + 1 < levels * (incident.policy.num_loops + 1):
        account.timers.at(due, lambda: _escalate(account, incident), timer_key("escalate", incident))
    else:
        account.timers.at(due, lambda: _exhaust(account, incident), timer_key("exhaust", incident))


def _escalate(account: Account, incident: Incident) -> None:
    levels = len(incident.policy.rules)
    position = next_held_position(account, incident.policy, incident.position + 1)
    if position is None:
        _exhaust(account, incident)
        return
    agent = service_agent(incident)
    if position // levels > incident.position // levels:
        text = f"{incident.policy.name} begins again with its first level"
        log(account, incident, "repeat_escalation_path", text, agent)
    incident.position = position
    page_level(account, incident, "escalate", agent, tells="escalated")


def _exhaust(account: Account, incident: Incident) -> None:
    text = f"{incident.policy.name} has no further level"
    log(account, incident, "exhaust_escalation_path", text, service_agent(incident))


def escalate_to(account: Account, incident: Incident, level: int, agent: Json) -> None:
    """Move a high-urgency incident to a level (from 1) by hand, within the loop it is in."""
    levels = len(incident.policy.rules)
    incident.position = incident.position // levels * levels + level - 1
    page_level(account, incident, "escalate", agent, tells="escalated")


def delegate(account: Account, incident: Incident, policy: Policy, position: int, agent: Json) -> None:
    """Give the incident to another policy, whose levels begin at `position`."""
    incident.policy, incident.position = policy, position
    page_level(account, incident, "delegate", agent, tells="delegated")


def reassign(account: Account, incident: Incident, users: list[str], agent: Json) -> None:
    """Give the incident to these users by hand: it escalates no further."""
    for kind in ("escalate", "exhaust"):
        account.timers.cancel(timer_key(kind, incident))
    incident.assigned_via = "direct_assignment"
    assign(account, incident, users, "assign", agent, f"by {agent['summary']}", tells="reassigned")


def stop(account: Account, incident: Incident) -> None:
    """Tell nobody any more, and escalate no further."""
    for kind in ("notify", "escalate", "exhaust", "unacknowledge"):
        account.timers.cancel(timer_key(kind, incident))
