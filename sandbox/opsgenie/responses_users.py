"""Calls about users' contacts and notification rules; a team's key may read them and change none (inferred)."""

from typing import Any

from sandbox.opsgenie.contacts import Contact
from sandbox.opsgenie.errors import forbidden
from sandbox.opsgenie.notification_rules import NotificationRule, Step
from sandbox.opsgenie.responses import Answer, Call, created, deleted, updated
from sandbox.opsgenie.users import User


def _user(call: Call) -> User:
    if call.request.method != "GET" and call.by.team_id is not None:
        raise forbidden("this key reaches only its own team's objects")
    return call.account.users.find(call.path("identifier"))


# --- contacts -------------------------------------------------------------------------------------------------------


def list_contacts(call: Call) -> Answer:
    """GET /v2/users/{identifier}/contacts."""
    return Answer([each.wire() | {"applyOrder": i} for i, each in enumerate(_user(call).contacts)])


def create_contact(call: Call) -> Answer:
    """POST /v2/users/{identifier}/contacts: {method, to}."""
    return created({"id": call.account.contacts.create(_user(call), call.fields()).id})


def get_contact(call: Call) -> Answer:
    """GET /v2/users/{identifier}/contacts/{contact}."""
    return Answer(_contact(call)[1].wire())


def update_contact(call: Call) -> Answer:
    """PATCH /v2/users/{identifier}/contacts/{contact}: {to}."""
    user, contact = _contact(call)
    call.account.contacts.update(user, contact, call.fields())
    return updated({"id": contact.id})


def delete_contact(call: Call) -> Answer:
    """DELETE /v2/users/{identifier}/contacts/{contact}."""
    call.account.contacts.delete(*_contact(call))
    return deleted()


def enable_contact(call: Call) -> Answer:
    """POST /v2/users/{identifier}/contacts/{contact}/enable."""
    _, contact = _contact(call)
    contact.enabled = True
    return Answer({"id": contact.id}, "Enabled")


def disable_contact(call: Call) -> Answer:
    """POST /v2/users/{identifier}/contacts/{contact}/disable: nothing is sent there from now on."""
    _, contact = _contact(call)
    contact.enabled = False
    return Answer({"id": contact.id}, "Disabled")


def _contact(call: Call) -> tuple[User, Contact]:
    user = _user(call)
    return user, call.account.contacts.find(user, call.path("contact"))


# --- notification rules ---------------------------------------------------------------------------------------------


def list_rules(call: Call) -> Answer:
    """GET /v2/users/{identifier}/notification-rules: the short form, in order."""
    user = _user(call)
    return Answer([_meta(call, user, each) for each in user.rules])


def create_rule(call: Call) -> Answer:
    """POST /v2/users/{identifier}/notification-rules."""
    user = _user(call)
    return created(_meta(call, user, call.account.notification_rules.create(user, call.fields())))


def get_rule(call: Call) -> Answer:
    """GET /v2/users/{identifier}/notification-rules/{rule}."""
    return Answer(call.account.notification_rules.wire(*_rule(call)))


def update_rule(call: Call) -> Answer:
    """PATCH /v2/users/{identifier}/notification-rules/{rule}."""
    user, rule = _rule(call)
    return updated(_meta(call, user, call.account.notification_rules.update(user, rule, call.fields())))


def delete_rule(call: Call) -> Answer:
    """DELETE /v2/users/{identifier}/notification-rules/{rule}."""
    user, rule = _rule(call)
    user.rules.remove(rule)
    return deleted()


def enable_rule(call: Call) -> Answer:
    """POST /v2/users/{identifier}/notification-rules/{rule}/enable."""
    user, rule = _rule(call)
    rule.enabled = True
    return Answer(_meta(call, user, rule), "Enabled")


def disable_rule(call: Call) -> Answer:
    """POST /v2/users/{identifier}/notification-rules/{rule}/disable."""
    user, rule = _rule(call)
    rule.enabled = False
    return Answer(_meta(call, user, rule), "Disabled")


def move_rule(call: Call) -> Answer:
    """POST /v2/users/{identifier}/notification-rules/{rule}/change-order: {order}, from 0."""
    user, rule = _rule(call)
    call.account.notification_rules.move(user, rule, call.fields().number("order"))
    return Answer(_meta(call, user, rule), "Changed Order")


def _rule(call: Call) -> tuple[User, NotificationRule]:
    user = _user(call)
    return user, call.account.notification_rules.find(user, call.path("rule"))


def _meta(call: Call, user: User, rule: NotificationRule) -> dict[str, Any]:
    return rule.meta(call.account.notification_rules.order(user, rule))


# --- steps ----------------------------------------------------------------------------------------------------------


def list_steps(call: Call) -> Answer:
    """GET /v2/users/{identifier}/notification-rules/{rule}/steps."""
    _, rule = _rule(call)
    return Answer([_step_wire(rule, step) for step in rule.steps])


def create_step(call: Call) -> Answer:
    """POST /v2/users/{identifier}/notification-rules/{rule}/steps."""
    user, rule = _rule(call)
    return created({"id": call.account.notification_rules.add_step(user, rule, call.fields()).id})


def get_step(call: Call) -> Answer:
    """GET /v2/users/{identifier}/notification-rules/{rule}/steps/{step}."""
    _, rule, step = _step(call)
    return Answer(_step_wire(rule, step))


def update_step(call: Call) -> Answer:
    """PATCH /v2/users/{identifier}/notification-rules/{rule}/steps/{step}."""
    changed = call.account.notification_rules.update_step(*_step(call), call.fields())
    return updated({"id": changed.id})


def delete_step(call: Call) -> Answer:
    """DELETE /v2/users/{identifier}/notification-rules/{rule}/steps/{step}."""
    _, rule, step = _step(call)
    rule.steps.remove(step)
    return deleted()


def enable_step(call: Call) -> Answer:
    """POST /v2/users/{identifier}/notification-rules/{rule}/steps/{step}/enable."""
    return _switch_step(call, enabled=True)


def disable_step(call: Call) -> Answer:
    """POST /v2/users/{identifier}/notification-rules/{rule}/steps/{step}/disable."""
    return _switch_step(call, enabled=False)


def _switch_step(call: Call, *, enabled: bool) -> Answer:
    user, rule, step = _step(call)
    changed = call.account.notification_rules.update_step(user, rule, step, call.account.fields({"enabled": enabled}))
    return Answer({"id": changed.id}, "Enabled" if enabled else "Disabled")


def _step(call: Call) -> tuple[User, NotificationRule, Step]:
    user, rule = _rule(call)
    return user, rule, call.account.notification_rules.find_step(rule, call.path("step"))


def _step_wire(rule: NotificationRule, step: Step) -> dict[str, Any]:
    return {"_parent": {"id": rule.id, "name": rule.name}} | step.wire()
