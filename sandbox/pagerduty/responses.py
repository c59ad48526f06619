"""What PagerDuty answers: the JSON of every object and of a reference to it."""

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.core import instant_text
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.models import (
    ContactMethod,
    Integration,
    NotificationRule,
    Offboarded,
    Policy,
    Service,
    Team,
    User,
)

API = "https://api.pagerduty.com"
WEB = "https://sandbox.pagerduty.com"

Json = dict[str, Any]
_HOST = "api.pagerduty.com"


def base(kind: str, key: str, summary: str | None, path: str) -> Json:
    """Return the five fields that every object and every reference carries."""
    return {"id": key, "type": kind, "summary": summary, "self": API + path, "html_url": WEB + path}


def addressed(request: Request, answer: Response) -> Response:
    """Return an answer whose objects' `self` begins with the address the request came to, as at each of the vendor's
    own hosts: python-pagerduty follows no `self` that doesn't begin with its base URL."""
    host = request.headers.get("host", _HOST)
    if host != _HOST and b'"self":"' in answer.body:
        scheme = "https" if host.endswith(".pagerduty.com") else request.url.scheme
        answer.body = bytes(answer.body).replace(f'"self":"{API}/'.encode(), f'"self":"{scheme}://{host}/'.encode())
        answer.headers["content-length"] = str(len(answer.body))
    return answer


def reference(account: Account, kind: str, key: str) -> Json:
    """Return a reference to a user, team, schedule, escalation_policy or service; one that is gone keeps its id."""
    objects: dict[str, tuple[dict[str, Any], str]] = {
        "user": (account.users, "users"),
        "team": (account.teams, "teams"),
        "schedule": (account.schedules, "schedules"),
        "escalation_policy": (account.policies, "escalation_policies"),
        "service": (account.services, "services"),
    }
    if kind == "schedule" and key in account.shift_schedules:
        shifts = account.shift_schedules[key]
        return base("schedule_v3_reference", key, shifts.name, f"/v3/schedules/{key}") | {
            "html_url": f"{WEB}/schedules/{key}"
        }
    held, path = objects[kind]
    found = held.get(key)
    if kind == "user" and found is None and key in account.offboarded:
        return offboarded(account.offboarded[key])
    return base(f"{kind}_reference", key, found.name if found else None, f"/{path}/{key}")


def offboarded(user: Offboarded) -> Json:
    """Return what stands for somebody who was deleted while on call.

    `deleted_at` is undocumented, and known from https://github.com/PagerDuty/go-pagerduty/issues/509.
    """
    stub = {"id": user.id, "type": "user_reference", "summary": user.name, "self": None, "html_url": None}
    return stub | {"deleted_at": instant_text(user.at)}


def references(account: Account, kind: str, keys: Iterable[str]) -> list[Json]:
    """Return references to several objects of one kind."""
    return [reference(account, kind, key) for key in keys]


def user_json(account: Account, user: User, include: frozenset[str] = frozenset()) -> Json:
    """Return a user; `include` holds contact_methods, notification_rules, teams to have them whole."""
    methods = [contact_method_json(user, method) for method in user.contact_methods.values()]
    rules = [notification_rule_json(user, rule) for rule in user.rules.values()]
    teams = account.teams_of(user.id)
    return base("user", user.id, user.name, f"/users/{user.id}") | {
        "name": user.name,
        "email": user.email,
        "time_zone": user.time_zone,
        "color": user.color,
        "role": user.role,
        "avatar_url": None,
        "description": user.description,
        "invitation_sent": user.invitation_sent,
        "job_title": user.job_title,
        "license": license_json(user.license or licence_for(user.role), "license_reference"),
        "teams": [team_json(team) if "teams" in include else reference(account, "team", team.id) for team in teams],
        "contact_methods": methods if "contact_methods" in include else [as_reference(one) for one in methods],
        "notification_rules": rules if "notification_rules" in include else [as_reference(one) for one in rules],
    }


def as_reference(whole: Json) -> Json:
    """Return the reference to an object, from its whole form."""
    return {
        "id": whole["id"],
        "type": f"{whole['type']}_reference",
        "summary": whole["summary"],
        "self": whole["self"],
        "html_url": whole["html_url"],
    }


def contact_method_json(user: User, method: ContactMethod) -> Json:
    """Return a contact method."""
    path = f"/users/{user.id}/contact_methods/{method.id}"
    return (
        base(f"{method.kind}_contact_method", method.id, method.label, path)
        | {"html_url": None, "label": method.label, "address": method.address}
        | method.extra
    )


def notification_rule_json(user: User, rule: NotificationRule) -> Json:
    """Return a notification rule; its contact method with the plain type, which the provider compares."""
    method = user.contact_methods[rule.contact_method]
    path = f"/users/{user.id}/notification_rules/{rule.id}"
    summary = f"{rule.delay_minutes} minutes: channel {method.id}"
    return base("assignment_notification_rule", rule.id, summary, path) | {
        "html_url": None,
        "start_delay_in_minutes": rule.delay_minutes,
        "created_at": instant_text(rule.created_at),
        "contact_method": contact_method_json(user, method),
        "urgency": rule.urgency,
    }


# https://developer.pagerduty.com/api-reference: the document's own example of GET /licenses
_FULL = ["owner", "admin", "user", "limited_user", "observer", "restricted_access"]
_STAKEHOLDER = ["read_only_user", "read_only_limited_user"]
LICENSES: dict[str, Json] = {
    "PLICFUL": {"name": "Business (Full User)", "role_group": "FullUser", "valid_roles": _FULL},
    "PLICSTK": {"name": "Business (Stakeholder)", "role_group": "Stakeholder", "valid_roles": _STAKEHOLDER},
}


def licence_for(role: str) -> str:
    """Return the id of the licence a role needs."""
    return "PLICSTK" if role in _STAKEHOLDER else "PLICFUL"


def license_json(key: str, kind: str = "license") -> Json:
    """Return a licence."""
    facts = LICENSES[key]
    return {
        "id": key,
        "type": kind,
        "summary": facts["name"],
        "self": None,
        "html_url": None,
        "description": "",
    } | facts


def team_json(team: Team) -> Json:
    """Return a team."""
    parent = {"id": team.parent, "type": "team_reference"} if team.parent else None
    return base("team", team.id, team.name, f"/teams/{team.id}") | {
        "name": team.name,
        "description": team.description,
        "default_role": team.default_role,
        "parent": parent,
    }


def teams_json(account: Account, keys: Iterable[str], include: frozenset[str]) -> list[Json]:
    """Return teams: whole where `include` holds teams, else references."""
    if "teams" in include:
        return [team_json(account.teams[key]) for key in keys if key in account.teams]
    return references(account, "team", keys)


def policy_json(account: Account, policy: Policy, include: frozenset[str] = frozenset()) -> Json:
    """Return an escalation policy; each rule with its assignment strategy, which the provider reads.

    `include` holds services, teams, targets to have them whole.
    """
    rules = [
        {
            "id": rule.id,
            "escalation_delay_in_minutes": rule.delay_minutes,
            "targets": [_target(account, kind, key, include) for kind, key in rule.targets],
            "escalation_rule_assignment_strategy": {"type": rule.strategy},
        }
        for rule in policy.rules
    ]
    return base("escalation_policy", policy.id, policy.name, f"/escalation_policies/{policy.id}") | {
        "name": policy.name,
        "description": policy.description,
        "num_loops": policy.num_loops,
        "on_call_handoff_notifications": policy.handoff_notifications,
        "escalation_rules": rules,
        "services": [
            service_json(account, service) if "services" in include else reference(account, "service", service.id)
            for service in account.services_of(policy.id)
        ],
        "teams": teams_json(account, policy.teams, include),
    }


def _target(account: Account, kind: str, key: str, include: frozenset[str]) -> Json:
    if "targets" in include and kind == "user" and key in account.users:
        return user_json(account, account.users[key])
    return reference(account, kind, key)


def service_json(account: Account, service: Service, include: frozenset[str] = frozenset()) -> Json:
    """Return a service; `include` holds escalation_policies, teams, integrations to have them whole."""
    policy = account.policies[service.policy]
    integrations = [integration_json(account, one) for one in service.integrations.values()]
    last = max((one.created_at for one in account.incidents.values() if one.service == service.id), default=None)
    return base("service", service.id, service.name, f"/services/{service.id}") | {
        "name": service.name,
        "description": service.description,
        "created_at": instant_text(service.created_at),
        "last_incident_timestamp": instant_text(last) if last else None,
        "status": account.status_of(service),
        "acknowledgement_timeout": service.acknowledgement_timeout,
        "auto_resolve_timeout": service.auto_resolve_timeout,
        "alert_creation": service.alert_creation,
        "alert_grouping_parameters": service.alert_grouping_parameters,
        "auto_pause_notifications_parameters": service.auto_pause,
        "response_play": service.response_play,
        "escalation_policy": policy_json(account, policy)
        if "escalation_policies" in include
        else reference(account, "escalation_policy", service.policy),
        "teams": teams_json(account, policy.teams, include),
        "incident_urgency_rule": service.urgency_rule,
        "support_hours": service.support_hours,
        "scheduled_actions": service.scheduled_actions,
        "integrations": integrations if "integrations" in include else [as_reference(one) for one in integrations],
        "addons": [],
    }


def integration_json(account: Account, integration: Integration) -> Json:
    """Return an integration with its key, which every read gives."""
    path = f"/services/{integration.service}/integrations/{integration.id}"
    vendor = VENDORS.get(integration.vendor or "")
    answer = base(integration.type, integration.id, integration.name, path) | {
        "name": integration.name,
        "service": reference(account, "service", integration.service),
        "created_at": instant_text(integration.created_at),
        "vendor": vendor_json(integration.vendor, "vendor_reference") if integration.vendor and vendor else None,
        "integration_key": integration.key,
    }
    return answer | ({"integration_email": integration.email} if integration.email else {})


VENDORS: dict[str, Json] = {
    "PVENDDG": {"name": "Datadog", "website_url": "https://www.datadoghq.com"},
    "PVENDCW": {"name": "Amazon CloudWatch", "website_url": "https://aws.amazon.com/cloudwatch"},
    "PVENDPR": {"name": "Prometheus", "website_url": "https://prometheus.io"},
    "PVENDEM": {"name": "Email", "website_url": None},
}


def vendor_json(key: str, kind: str = "vendor") -> Json:
    """Return one of the tools that can be connected."""
    facts = VENDORS[key]
    service_type = {"generic_service_type": "generic_events_api_inbound_integration"}
    return (
        base(kind, key, facts["name"], f"/vendors/{key}")
        | {"html_url": None, "description": None}
        | facts
        | service_type
    )


PRIORITIES: dict[str, str] = {f"PPRIOR{number}": f"P{number}" for number in range(1, 6)}
_COLORS = {"P1": "a8171c", "P2": "eb6016", "P3": "f9b406", "P4": "555555", "P5": "555555"}


def priority_json(key: str, kind: str = "priority") -> Json:
    """Return one of the account's five priorities."""
    name = PRIORITIES[key]
    fields = {"name": name, "description": "", "color": _COLORS[name], "html_url": None}
    return base(kind, key, name, f"/priorities/{key}") | fields
