"""What the page shows of the account, in the shape that `sandbox.core` describes, and a little more.

Beyond that shape: "teams", "heartbeats", "integrations" (keys are never in it), and "webhooks" sent (newest first).
"""

from datetime import timedelta
from typing import Any

from sandbox.core import instant_text
from sandbox.opsgenie.alert import Alert, Notification
from sandbox.opsgenie.models import Account
from sandbox.opsgenie.recipients import NONE, Recipient
from sandbox.opsgenie.schedules import Schedule

# How far ahead the end of a shift is looked for: the page asks often.
HORIZON = timedelta(days=40)


def account_state(account: Account) -> dict[str, Any]:
    """Return the whole account as the page shows it."""
    alerts = [_alert(account, each) for each in reversed(account.alerts.by_id.values())]
    sent = [(n, alert) for alert in account.alerts.by_id.values() for n in alert.notifications]
    sent.sort(key=lambda pair: pair[0].at)
    return {
        "title": "OpsGenie",
        "account": {
            "users": len(account.users.by_id),
            "teams": len(account.teams.by_id),
            "schedules": len(account.schedules.by_id),
            "escalations": len(account.escalations.by_id),
            "integrations": len(account.integrations.by_id),
            "heartbeats": len(account.heartbeats.by_name),
            "open alerts": sum(each.open for each in account.alerts.by_id.values()),
        },
        "users": [_user(account, user.id) for user in account.users.by_id.values()],
        "teams": [_team(account, team_id) for team_id in account.teams.by_id],
        "on_call": [_schedule(account, each) for each in account.schedules.by_id.values()],
        "alerts": alerts,
        "notifications": [
            _notification(account, n) | {"about": alert.id, "title": alert.content.message}
            for n, alert in reversed(sent)
        ],
        "heartbeats": [
            {
                "name": each.name,
                "team": _team_name(account, each.team_id),
                "enabled": each.enabled,
                "expired": each.expired,
                "every": f"{each.interval} {each.unit}",
                "last_ping": instant_text(each.last_ping) if each.last_ping else None,
            }
            for each in account.heartbeats.by_name.values()
        ],
        "integrations": [
            {
                "id": each.id,
                "name": each.name,
                "type": each.type,
                "team": _team_name(account, each.team_id),
                "enabled": each.enabled,
            }
            for each in account.integrations.by_id.values()
        ],
        "webhooks": [each.wire() for each in reversed(account.webhooks.deliveries)],
    }


def _user(account: Account, user_id: str) -> dict[str, Any]:
    user = account.users.by_id[user_id]
    teams = [t.name for t in account.teams.by_id.values() if any(m.user_id == user_id for m in t.members)]
    return {"id": user.id, "name": user.full_name, "email": user.username, "role": user.role, "teams": teams}


def _team(account: Account, team_id: str) -> dict[str, Any]:
    team = account.teams.by_id[team_id]
    return {
        "id": team.id,
        "name": team.name,
        "members": [{"name": account.users.by_id[each.user_id].full_name, "role": each.role} for each in team.members],
        "routing": [
            {"name": rule.name, "notify": rule.notify.type, "to": _name(account, rule.notify) or None}
            for rule in team.rules
        ],
    }


def _schedule(account: Account, schedule: Schedule) -> dict[str, Any]:
    now, plan = account.now(), account.schedules.plan(schedule)
    who = []
    for duty in plan.duties(now):
        until = plan.until(duty, now, HORIZON)
        who.append(
            {
                "name": _name(account, duty.who),
                "until": instant_text(until) if until else None,
                "part": duty.part,
            }
        )
    return {
        "id": schedule.id,
        "schedule": schedule.name,
        "team": _team_name(account, schedule.team_id),
        "time_zone": schedule.timezone,
        "who": who,
    }


def _alert(account: Account, alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "number": alert.number,
        "title": alert.content.message,
        "open": alert.open,
        "status": "closed" if not alert.open else "acknowledged" if alert.acknowledged else "open",
        "level": alert.content.priority,
        "where": next((_team_name(account, each) or "" for each in alert.team_ids()), ""),
        "key": alert.alias,
        "count": alert.count,
        "opened_at": instant_text(alert.created_at),
        "closed_at": instant_text(alert.closed_at) if alert.closed_at else None,
        "assigned": [_name(account, Recipient("user", each)) for each in alert.recipients],
        "responders": [{"type": each.type, "name": _name(account, each)} for each in alert.responders],
        "notifications": [_notification(account, each) for each in alert.notifications],
        "timeline": [{"at": instant_text(e.at), "what": e.what, "text": e.text} for e in alert.log],
    }


def _notification(account: Account, sent: Notification) -> dict[str, Any]:
    user = account.users.by_id.get(sent.user_id)
    name = user.full_name if user else sent.who
    return {"at": instant_text(sent.at), "who": name, "how": sent.how, "to": sent.to}


def _team_name(account: Account, team_id: str | None) -> str | None:
    return account.name_of(Recipient("team", team_id)) or None if team_id else None


def _name(account: Account, recipient: Recipient) -> str:
    """Return a recipient's name for people: of a user the full name."""
    if recipient.type == NONE:
        return ""
    if recipient.type == "user" and (user := account.users.by_id.get(recipient.id)):
        return user.full_name
    return account.name_of(recipient)
