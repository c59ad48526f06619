"""Calls on users, their contact methods and notification rules."""

from typing import Any

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import tags
from sandbox.pagerduty.account import ROLES, Account
from sandbox.pagerduty.call import Call, by_name
from sandbox.pagerduty.errors import invalid, no_user, not_found
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.models import ContactMethod, NotificationRule, Offboarded, User
from sandbox.pagerduty.responses import LICENSES, contact_method_json, notification_rule_json, user_json
from sandbox.pagerduty.times import zone_of

# Lengths in characters: the User schema of the published REST document.
MAX_NAME = 100
MAX_EMAIL = 100
MAX_JOB_TITLE = 100
MAX_DESCRIPTION = 1024

_METHOD_SUFFIX = "_contact_method"
METHOD_KINDS = frozenset({"email", "phone", "push_notification", "sms", "whatsapp"})
_METHOD_EXTRA = ("country_code", "send_short_email", "send_html_email", "device_type", "enabled", "blacklisted")


def listed(call: Call) -> Response:
    """GET /users."""
    teams = call.many("team_ids")
    found = [
        user
        for user in call.account.users.values()
        if call.matches(user.name, user.email)
        and (not teams or any(team.id in teams for team in call.account.teams_of(user.id)))
    ]
    return call.page("users", by_name(found), lambda user: user_json(call.account, user, call.include))


def create(call: Call) -> Response:
    """POST /users."""
    fields = _fields(call.account, call.wrapped("user"), None)
    user = call.account.add_user(fields, push=False, rules=call.account.switches.created_users_have_rules)
    return _answer(call, user, 201)


def read(call: Call) -> Response:
    """GET /users/{id}: "me" is nobody, for every token here is an account's."""
    if call.path() == "me":
        raise no_user()
    return _answer(call, call.account.user(call.path()))


def update(call: Call) -> Response:
    """PUT /users/{id}."""
    user = call.account.user(call.path())
    for name, value in _fields(call.account, call.wrapped("user"), user).items():
        setattr(user, name, value)
    return _answer(call, user)


def delete(call: Call) -> Response:
    """DELETE /users/{id}: refused while the user has an open incident, or is on call and nobody is offboarded."""
    account, user = call.account, call.account.user(call.path())
    policies = [policy.name for policy in account.policies_using("user", user.id)]
    schedules = [schedule.name for schedule in account.schedules_with(user.id)]
    incidents = [incident for incident in account.open_incidents() if user.id in incident.assigned]
    reasons: list[str] = []
    offboarded = account.switches.offboarding and bool(policies or schedules)
    if policies and not offboarded:
        reasons.append(f"The user can't be deleted: on the escalation policies {', '.join(policies)}")
    if schedules and not offboarded:
        reasons.append(f"The user can't be deleted: on the schedules {', '.join(schedules)}")
    if incidents:
        reasons.append(f"The user can't be deleted: {len(incidents)} open incidents are assigned to them")
    if reasons:
        raise invalid(*reasons)
    del account.users[user.id]
    if offboarded:
        account.offboarded[user.id] = Offboarded(user.id, user.name, account.now())
    tags.forget(account, "users", user.id)
    for team in account.teams.values():
        team.members.pop(user.id, None)
    return json_answer(None, 204)


def _answer(call: Call, user: User, status: int = 200) -> Response:
    return json_answer({"user": user_json(call.account, user, call.include)}, status)


def _fields(account: Account, body: dict[str, Any], old: User | None) -> dict[str, Any]:
    fields = Fields(body)
    email = fields.text("email", old.email if old else None, MAX_EMAIL)
    if not email or "@" not in email:
        fields.refuse("Email is invalid")
    elif any(user.email.casefold() == email.casefold() and user is not old for user in account.users.values()):
        # The provider compares this list of texts word by word, and then adopts the user it finds by e-mail.
        raise invalid("Email has already been taken")
    zone = fields.text("time_zone", old.time_zone if old else "UTC", 100) or "UTC"
    try:
        zone_of(zone)
    except (KeyError, ValueError, OSError):
        fields.refuse("Time zone is invalid")
    values = {
        "name": fields.name(old.name if old else None, MAX_NAME),
        "email": email,
        "role": fields.choice("role", old.role if old else "user", ROLES),
        "time_zone": zone,
        "description": fields.text("description", old.description if old else None, MAX_DESCRIPTION),
        "job_title": fields.text("job_title", old.job_title if old else None, MAX_JOB_TITLE),
        "color": fields.text("color", old.color if old else "green", 100) or "green",
        "license": fields.reference("license", old.license if old else None, LICENSES),
    }
    fields.check()
    return values


def contact_methods(call: Call) -> Response:
    """GET /users/{user}/contact_methods."""
    user = call.account.user(call.path("user"))
    methods = [contact_method_json(user, method) for method in user.contact_methods.values()]
    return json_answer({"contact_methods": methods})


def create_contact_method(call: Call) -> Response:
    """POST /users/{user}/contact_methods."""
    user = call.account.user(call.path("user"))
    method = _contact_method(user, call.wrapped("contact_method"), call.account.new_id(), None)
    user.contact_methods[method.id] = method
    return json_answer({"contact_method": contact_method_json(user, method)}, 201)


def contact_method(call: Call) -> Response:
    """GET /users/{user}/contact_methods/{id}."""
    user = call.account.user(call.path("user"))
    return json_answer({"contact_method": contact_method_json(user, _method(user, call.path()))})


def update_contact_method(call: Call) -> Response:
    """PUT /users/{user}/contact_methods/{id}."""
    user = call.account.user(call.path("user"))
    old = _method(user, call.path())
    user.contact_methods[old.id] = _contact_method(user, call.wrapped("contact_method"), old.id, old)
    return contact_method(call)


def delete_contact_method(call: Call) -> Response:
    """DELETE /users/{user}/contact_methods/{id}; the rules that use it go with it."""
    user = call.account.user(call.path("user"))
    method = _method(user, call.path())
    del user.contact_methods[method.id]
    user.rules = {key: rule for key, rule in user.rules.items() if rule.contact_method != method.id}
    user.handoffs = {key: rule for key, rule in user.handoffs.items() if rule.contact_method != method.id}
    return json_answer(None, 204)


def _method(user: User, key: str) -> ContactMethod:
    if key not in user.contact_methods:
        raise not_found("Contact Method")
    return user.contact_methods[key]


def _contact_method(user: User, body: dict[str, Any], key: str, old: ContactMethod | None) -> ContactMethod:
    fields = Fields(body)
    sent = str(fields.raw("type", (old.kind if old else "") + _METHOD_SUFFIX))
    kind = sent.removesuffix("_reference").removesuffix(_METHOD_SUFFIX)
    if kind not in METHOD_KINDS:
        fields.refuse("Type is not a type of contact method")
    address = fields.text("address", old.address if old else None, 255)
    if not address:
        fields.refuse("Address can't be blank")
    label = fields.text("label", old.label if old else kind, 255)
    fields.check()
    extra = dict(old.extra if old else {}) | {name: body[name] for name in _METHOD_EXTRA if name in body}
    if kind in ("phone", "sms", "whatsapp"):
        extra.setdefault("country_code", 1)
    method = ContactMethod(key, kind, address or "", label or "", extra)
    others = (one for one in user.contact_methods.values() if one.id != key)
    if any(_same_method(one, method) for one in others):
        raise invalid("User Contact method must be unique")
    return method


def _same_method(one: ContactMethod, other: ContactMethod) -> bool:
    code = one.extra.get("country_code") == other.extra.get("country_code")
    return one.kind == other.kind and one.address == other.address and code


def notification_rules(call: Call) -> Response:
    """GET /users/{user}/notification_rules, optionally of one urgency."""
    user = call.account.user(call.path("user"))
    wanted = call.query("urgency")
    rules = [rule for rule in user.rules.values() if wanted in (None, rule.urgency)]
    return json_answer({"notification_rules": [notification_rule_json(user, rule) for rule in rules]})


def create_notification_rule(call: Call) -> Response:
    """POST /users/{user}/notification_rules."""
    user = call.account.user(call.path("user"))
    rule = _notification_rule(call, user, None)
    return json_answer({"notification_rule": notification_rule_json(user, rule)}, 201)


def notification_rule(call: Call) -> Response:
    """GET /users/{user}/notification_rules/{id}."""
    user = call.account.user(call.path("user"))
    return json_answer({"notification_rule": notification_rule_json(user, _rule(user, call.path()))})


def update_notification_rule(call: Call) -> Response:
    """PUT /users/{user}/notification_rules/{id}."""
    user = call.account.user(call.path("user"))
    _notification_rule(call, user, _rule(user, call.path()))
    return notification_rule(call)


def delete_notification_rule(call: Call) -> Response:
    """DELETE /users/{user}/notification_rules/{id}."""
    user = call.account.user(call.path("user"))
    del user.rules[_rule(user, call.path()).id]
    return json_answer(None, 204)


def _rule(user: User, key: str) -> NotificationRule:
    if key not in user.rules:
        raise not_found("Notification Rule")
    return user.rules[key]


def _notification_rule(call: Call, user: User, old: NotificationRule | None) -> NotificationRule:
    fields = Fields(call.wrapped("notification_rule"))
    method = fields.reference("contact_method", old.contact_method if old else None, user.contact_methods)
    if method is None:
        fields.refuse("Contact method can't be blank")
    rule = NotificationRule(
        id=old.id if old else call.account.new_id(),
        urgency=fields.choice("urgency", old.urgency if old else "high", ("high", "low")),
        delay_minutes=fields.number("start_delay_in_minutes", old.delay_minutes if old else 0, 0, 10_000),
        contact_method=method or "",
        created_at=old.created_at if old else call.account.now(),
    )
    fields.check()
    same = (rule.urgency, rule.delay_minutes, rule.contact_method)
    others = (one for one in user.rules.values() if one.id != rule.id)
    if any((one.urgency, one.delay_minutes, one.contact_method) == same for one in others):
        raise invalid("Channel Start delay must be unique for a given contact method")
    user.rules[rule.id] = rule
    return rule
