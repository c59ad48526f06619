"""What the sandbox's page shows of the PagerDuty account (the shape: `sandbox.core`)."""

from datetime import datetime

from sandbox.core import instant_text
from sandbox.pagerduty import who
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import by_name
from sandbox.pagerduty.models import Incident, Notification, Schedule
from sandbox.pagerduty.responses import Json
from sandbox.pagerduty.shift_models import ShiftSchedule

MAX_NOTIFICATIONS = 200
MAX_DROPPED = 50


def state_of(account: Account) -> Json:
    """Return the account as the page shows it; besides the common keys "dropped": events that opened nothing."""
    incidents = sorted(account.incidents.values(), key=lambda incident: incident.number, reverse=True)
    sent = [(one, incident) for incident in incidents for one in incident.notifications]
    sent.sort(key=lambda pair: pair[0].at, reverse=True)
    return {
        "title": "PagerDuty",
        "account": {
            "users": len(account.users),
            "teams": len(account.teams),
            "schedules": len(account.schedules) + len(account.shift_schedules),
            "escalation policies": len(account.policies),
            "services": len(account.services),
            "integrations": sum(len(service.integrations) for service in account.services.values()),
        },
        "users": [
            {"id": user.id, "name": user.name, "email": user.email, "role": user.role}
            | {"teams": [team.name for team in account.teams_of(user.id)]}
            for user in by_name(account.users.values())
        ],
        "on_call": [
            _on_call(account, schedule)
            for schedule in by_name([*account.schedules.values(), *account.shift_schedules.values()])
        ],
        "incidents": [_incident(account, incident) for incident in incidents],
        "notifications": [
            _notification(one) | {"about": incident.id, "title": incident.title}
            for one, incident in sent[:MAX_NOTIFICATIONS]
        ],
        "webhooks": [
            {"at": instant_text(one.made_at), "what": one.event_type, "about": one.about, "to": one.subscription}
            | {"tries": one.tried, "outcome": one.outcome}
            for one in reversed(account.deliveries[-MAX_DROPPED:])
        ],
        "dropped": [
            {"at": instant_text(one.at), "where": one.service, "key": one.key, "why": one.why}
            for one in reversed(account.dropped[-MAX_DROPPED:])
        ],
    }


def _on_call(account: Account, schedule: Schedule | ShiftSchedule) -> Json:
    held = [
        {"name": account.users[one.user].name, "until": _text(one.until), "part": one.part}
        for one in who.present(account, schedule.id)
        if one.user in account.users
    ]
    team = account.teams.get(schedule.teams[0]) if schedule.teams else None
    return {
        "id": schedule.id,
        "schedule": schedule.name,
        "team": team.name if team else None,
        "time_zone": schedule.time_zone,
        "who": held,
    }


def _incident(account: Account, incident: Incident) -> Json:
    return {
        "id": incident.id,
        "number": incident.number,
        "title": incident.title,
        "status": incident.status,
        "open": incident.open,
        "level": incident.urgency,
        "where": incident.service_name,
        "key": incident.key,
        "count": sum(alert.count for alert in incident.alerts),
        "opened_at": instant_text(incident.created_at),
        "closed_at": _text(incident.resolved_at),
        "assigned": [account.users[user].name for user in incident.assigned if user in account.users],
        "notifications": [_notification(one) for one in incident.notifications],
        "timeline": [
            {"at": instant_text(entry.at), "what": entry.type, "text": entry.summary} for entry in incident.log
        ],
    }


def _notification(one: Notification) -> Json:
    return {"at": instant_text(one.at), "who": one.user, "how": one.how, "to": one.to}


def _text(moment: datetime | None) -> str | None:
    return instant_text(moment) if moment else None
