"""Calls on escalation policies."""

from collections.abc import Mapping

from starlette.responses import Response

from sandbox.core import json_answer
from sandbox.pagerduty import tags
from sandbox.pagerduty.account import Account, has_target, taken
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import invalid
from sandbox.pagerduty.fields import Fields
from sandbox.pagerduty.models import Policy, Rule
from sandbox.pagerduty.responses import policy_json

MAX_NAME = 255
MAX_DESCRIPTION = 1024
# https://support.pagerduty.com/main/docs/escalation-policies
MAX_LOOPS = 9
MAX_DELAY_MINUTES = 30 * 24 * 60
# The EscalationRule schema of the published REST document.
MAX_TARGETS = 10
STRATEGIES = ("assign_to_everyone", "round_robin")


def listed(call: Call) -> Response:
    """GET /escalation_policies."""
    teams, users = call.many("team_ids"), call.many("user_ids")
    found = [
        policy
        for policy in call.account.policies.values()
        if call.matches(policy.name)
        and (not teams or set(teams).intersection(policy.teams))
        and (not users or any(has_target(policy, "user", user) for user in users))
    ]
    return call.page(
        "escalation_policies", call.by_name(found), lambda policy: policy_json(call.account, policy, call.include)
    )


def create(call: Call) -> Response:
    """POST /escalation_policies."""
    return _stored(call, None, 201)


def read(call: Call) -> Response:
    """GET /escalation_policies/{id}."""
    return _answer(call, call.account.policy(call.path()))


def update(call: Call) -> Response:
    """PUT /escalation_policies/{id}; incidents already open keep the policy they were triggered under."""
    return _stored(call, call.account.policy(call.path()), 200)


def delete(call: Call) -> Response:
    """DELETE /escalation_policies/{id}: refused while a service uses it."""
    policy = call.account.policy(call.path())
    services = [service.name for service in call.account.services_of(policy.id)]
    if services:
        raise invalid(f"The escalation policy can't be deleted: the services {', '.join(services)} use it")
    del call.account.policies[policy.id]
    tags.forget(call.account, "escalation_policies", policy.id)
    return json_answer(None, 204)


def _answer(call: Call, policy: Policy, status: int = 200) -> Response:
    return json_answer({"escalation_policy": policy_json(call.account, policy, call.include)}, status)


def _stored(call: Call, old: Policy | None, status: int) -> Response:
    account = call.account
    fields = Fields(call.wrapped("escalation_policy"))
    name = fields.name(old.name if old else None, MAX_NAME)
    if taken(name, account.policies.values(), old.id if old else None):
        fields.refuse("Escalation Policy has already been taken")
    teams = fields.references("teams", list(old.teams) if old else [], account.teams)
    if len(teams) > 1:
        fields.refuse("An escalation policy can belong to one team only")
    description = fields.text("description", old.description if old else None, MAX_DESCRIPTION)
    loops = fields.number("num_loops", old.num_loops if old else 0, 0, MAX_LOOPS)
    handoff = fields.choice(
        "on_call_handoff_notifications",
        old.handoff_notifications if old else "if_has_services",
        ("if_has_services", "always"),
    )
    rules = _rules(account, fields, old)
    fields.check()
    policy = Policy(
        id=old.id if old else account.new_id(),
        name=name,
        description=description,
        num_loops=loops,
        teams=tuple(teams),
        rules=rules,
        handoff_notifications=handoff,
    )
    account.policies[policy.id] = policy
    return _answer(call, policy, status)


def _rules(account: Account, fields: Fields, old: Policy | None) -> tuple[Rule, ...]:
    if old and not fields.has("escalation_rules"):
        return old.rules
    sent = fields.raw("escalation_rules") or []
    if not sent:
        fields.refuse("Cannot Delete Only Rule For Escalation Policy" if old else "Escalation rules can't be empty")
    known = {rule.id for rule in old.rules} if old else set()
    rules: list[Rule] = []
    for number, one in enumerate(sent):
        if not isinstance(one, Mapping):
            fields.refuse(f"Escalation rule {number + 1} must be an object")
            continue
        rule = Fields(one)
        delay = rule.number("escalation_delay_in_minutes", 30, 1, MAX_DELAY_MINUTES)
        strategy = one.get("escalation_rule_assignment_strategy") or {}
        kind = Fields(strategy).choice("type", "assign_to_everyone", STRATEGIES)
        targets = _targets(account, rule)
        fields.errors.extend(f"Escalation rule {number + 1}: {error}" for error in rule.errors)
        # A rule keeps the id it is sent with; one that comes without keeps the id of its place.
        key = one.get("id")
        if key not in known:
            key = old.rules[number].id if old and number < len(old.rules) else account.new_id()
        rules.append(Rule(str(key), delay, targets, kind))
    return tuple(rules)


def _targets(account: Account, rule: Fields) -> tuple[tuple[str, str], ...]:
    targets: list[tuple[str, str]] = []
    for one in rule.raw("targets") or []:
        kind = str(one.get("type")).removesuffix("_reference") if isinstance(one, Mapping) else ""
        # A schedule of shifts may be named by its own type or, as the provider does, by that of any schedule.
        kind = "schedule" if kind == "schedule_v3" else kind
        known = {"user": (account.users,), "schedule": (account.schedules, account.shift_schedules)}.get(kind, ())
        if not any(one.get("id") in objects for objects in known):
            rule.refuse(f"Target not found: {one}")
            continue
        if kind == "user" and account.stakeholder(one["id"]):
            rule.refuse("Stakeholders cannot be added to escalation policies")
            continue
        targets.append((kind, str(one["id"])))
    if not 1 <= len(targets) <= MAX_TARGETS and not rule.errors:
        rule.refuse(f"Targets must be 1 to {MAX_TARGETS}")
    return tuple(targets)
