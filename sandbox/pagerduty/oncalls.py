"""GET /oncalls: who is on call on which level of which policy, through which schedule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response

from sandbox.pagerduty import schedules, shift_schedules, who
from sandbox.pagerduty.account import Account
from sandbox.pagerduty.call import Call
from sandbox.pagerduty.errors import bad_range
from sandbox.pagerduty.render import Span
from sandbox.pagerduty.responses import Json, policy_json, reference, user_json
from sandbox.pagerduty.times import zoned_text

MAX_AHEAD = timedelta(days=90)


@dataclass(frozen=True)
class Row:
    """One turn of one user on one level; without start and end for someone targeted directly."""

    policy: str
    level: int
    schedule: str | None
    user: str
    start: datetime | None
    end: datetime | None


def listed(call: Call) -> Response:
    """GET /oncalls; since and until default to now."""
    account = call.account
    since = call.instant("since", account.now())
    until = call.instant("until", since)
    if until < since or until > since + MAX_AHEAD + timedelta(days=1):
        raise bad_range(f"until must lie after since, by {MAX_AHEAD.days} days at most")
    rows = [row for row in _rows(account, since, until) if row.user in account.users and _wanted(call, row)]
    if call.query("earliest") == "true":
        first: dict[tuple[str, int, str], Row] = {}
        for row in sorted(rows, key=lambda row: (row.start is not None, row.start or since)):
            first.setdefault((row.policy, row.level, row.user), row)
        rows = [row for row in rows if first[row.policy, row.level, row.user] is row]
    return call.page("oncalls", rows, lambda row: _json(call, row))


def _rows(account: Account, since: datetime, until: datetime) -> Iterator[Row]:
    held: dict[str, list[Span]] = {}
    for policy in account.policies.values():
        for level, rule in enumerate(policy.rules, 1):
            for kind, key in rule.targets:
                if kind == "user":
                    yield Row(policy.id, level, None, key, None, None)
                    continue
                if key not in held:
                    held[key] = who.shifts(account, key, since, until)
                for span in held[key]:
                    yield Row(policy.id, level, key, span.user, span.start, span.end)


def _wanted(call: Call, row: Row) -> bool:
    filters = {"user_ids": row.user, "schedule_ids": row.schedule, "escalation_policy_ids": row.policy}
    # "null" among the schedules asks for people who are on call directly.
    return all(not call.many(name) or (value or "null") in call.many(name) for name, value in filters.items())


def _json(call: Call, row: Row) -> Json:
    account = call.account
    schedule = (account.schedules | account.shift_schedules)[row.schedule] if row.schedule else None
    zone = schedule.time_zone if schedule else "UTC"
    whole = "users" in call.include
    policy = account.policies[row.policy]
    return {
        "escalation_policy": policy_json(account, policy)
        if "escalation_policies" in call.include
        else reference(account, "escalation_policy", row.policy),
        "escalation_level": row.level,
        "schedule": _schedule(call, row.schedule) if row.schedule else None,
        "user": user_json(account, account.users[row.user]) if whole else reference(account, "user", row.user),
        "start": zoned_text(row.start, zone) if row.start else None,
        "end": zoned_text(row.end, zone) if row.end else None,
    }


def _schedule(call: Call, key: str) -> Json:
    account = call.account
    if "schedules" in call.include and key in account.schedules:
        return schedules.head_json(account, account.schedules[key])
    if "schedules" in call.include and key in account.shift_schedules:
        return shift_schedules.head_json(account, account.shift_schedules[key])
    return reference(account, "schedule", key)
