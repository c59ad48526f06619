"""Calls on a user's on-call hand-off notification rules: who is told before their turn begins or ends."""

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import not_found
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.models import HandoffRule, User
from sandbox.pagerduty.responses import Json, as_reference, contact_method_json

KINDS = ("both", "oncall", "offcall")
MAX_ADVANCE_MINUTES = 7 * 24 * 60


def listed(call: Call) -> Response:
    """GET /users/{user}/oncall_handoff_notification_rules."""
    user = call.account.user(call.path("user"))
    return json_answer({"oncall_handoff_notification_rules": [_json(user, rule) for rule in user.handoffs.values()]})


def create(call: Call) -> Response:
    """POST /users/{user}/oncall_handoff_notification_rules."""
    user = call.account.user(call.path("user"))
    rule = _taken(call, user, HandoffRule(call.account.new_id(), "both", 0, ""))
    return json_answer({"oncall_handoff_notification_rule": _json(user, rule)}, 201)


def read(call: Call) -> Response:
    """GET /users/{user}/oncall_handoff_notification_rules/{id}."""
    user = call.account.user(call.path("user"))
    return json_answer({"oncall_handoff_notification_rule": _json(user, _found(user, call.path()))})


def update(call: Call) -> Response:
    """PUT /users/{user}/oncall_handoff_notification_rules/{id}."""
    user = call.account.user(call.path("user"))
    _taken(call, user, _found(user, call.path()))
    return read(call)


def delete(call: Call) -> Response:
    """DELETE /users/{user}/oncall_handoff_notification_rules/{id}."""
    user = call.account.user(call.path("user"))
    del user.handoffs[_found(user, call.path()).id]
    return json_answer(None, 204)


def _found(user: User, key: str) -> HandoffRule:
    if key not in user.handoffs:
        raise not_found("Handoff Notification Rule")
    return user.handoffs[key]


def _taken(call: Call, user: User, old: HandoffRule) -> HandoffRule:
    fields = Fields(call.wrapped("oncall_handoff_notification_rule"))
    method = fields.reference("contact_method", old.contact_method or None, user.contact_methods)
    if method is None:
        fields.refuse("Contact method can't be blank")
    kind = fields.choice("handoff_type", old.kind, KINDS)
    advance = fields.number("notify_advance_in_minutes", old.advance_minutes, 0, MAX_ADVANCE_MINUTES)
    fields.check()
    rule = HandoffRule(old.id, kind, advance, str(method))
    user.handoffs[rule.id] = rule
    return rule


def _json(user: User, rule: HandoffRule) -> Json:
    return {
        "id": rule.id,
        "handoff_type": rule.kind,
        "notify_advance_in_minutes": rule.advance_minutes,
        "contact_method": as_reference(contact_method_json(user, user.contact_methods[rule.contact_method])),
    }
