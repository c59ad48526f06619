"""Who is on call: reading a schedule's plan into people, answers of the on-call endpoints, timelines."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.fields import date_text
from sandbox.opsgenie.recipients import NONE, Recipient
from sandbox.opsgenie.rendering import Duty, Plan, Rotation
from sandbox.opsgenie.schedules import Schedule
from sandbox.opsgenie.users import User

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

# How far ahead the next change of a schedule is looked for.
HORIZON = timedelta(days=100)


def on_call(account: "Account", schedule: Schedule, at: datetime) -> list[Recipient]:
    """Return whom a schedule has on call at an instant, each once."""
    return _distinct(account.schedules.plan(schedule).duties(at))


def neighbours(account: "Account", schedule: Schedule, at: datetime, step: int) -> list[Recipient]:
    """Return whose turn it is one turn later (step 1) or earlier (-1) in each running rotation (inferred: the
    escalation words "next" and "previous" go by turns)."""
    plan = account.schedules.plan(schedule)
    found = []
    for rotation in plan.rotations:
        if rotation.start <= at and (rotation.end is None or at < rotation.end):
            turn = plan.turn_number(rotation, at) + step
            found.append(rotation.participants[turn % len(rotation.participants)])
    return [each for each in dict.fromkeys(found) if each.type != NONE]


def coming(account: "Account", schedule: Schedule, at: datetime) -> tuple[list[Recipient], list[Recipient]]:
    """Return who is on call right after the present shift (maybe nobody), and the next somebody other than now."""
    plan = account.schedules.plan(schedule)
    now, exact = _distinct(plan.duties(at)), None
    for edge in plan.edges(at, at + HORIZON):
        then = _distinct(plan.duties(edge))
        if then == now and exact is None:
            continue
        exact = then if exact is None else exact
        if then and then != now:
            return exact, then
    return exact or [], []


def people(account: "Account", recipients: list[Recipient], at: datetime) -> list[User]:
    """Return the users behind recipients, each once: members of teams, everybody an escalation names."""
    found: dict[str, User] = {}
    _gather(account, recipients, at, found, set())
    return list(found.values())


def _gather(
    account: "Account", recipients: list[Recipient], at: datetime, found: dict[str, User], seen: set[Recipient]
) -> None:
    for each in recipients:
        if each in seen:
            continue
        seen.add(each)
        if each.type == "user" and (user := account.users.by_id.get(each.id)):
            found[user.id] = user
        elif each.type == "team" and (team := account.teams.by_id.get(each.id)):
            _gather(account, [Recipient("user", m.user_id) for m in team.members], at, found, seen)
        elif each.type == "schedule" and (schedule := account.schedules.by_id.get(each.id)):
            _gather(account, on_call(account, schedule, at), at, found, seen)
        elif each.type == "escalation" and (escalation := account.escalations.by_id.get(each.id)):
            _gather(account, [rule.recipient for rule in escalation.rules], at, found, seen)


def participants_wire(account: "Account", recipients: list[Recipient], at: datetime) -> list[dict[str, Any]]:
    """Return participants as the on-call endpoints write them: a team or escalation with those in it."""
    wire = []
    for each in recipients:
        entry: dict[str, Any] = {"id": each.id, "name": account.name_of(each), "type": each.type}
        if each.type == "escalation" and (escalation := account.escalations.by_id.get(each.id)):
            entry["onCallParticipants"] = [
                {
                    "id": rule.recipient.id,
                    "name": account.name_of(rule.recipient),
                    "type": rule.recipient.type,
                    "escalationTime": int(rule.delay.total_seconds() // 60),
                    "notifyType": rule.notify_type,
                }
                for rule in escalation.rules
            ]
        elif each.type == "team":
            users = [Recipient("user", user.id) for user in people(account, [each], at)]
            entry["onCallParticipants"] = participants_wire(account, users, at)
        wire.append(entry)
    return wire


def on_call_wire(account: "Account", schedule: Schedule, at: datetime, *, flat: bool) -> dict[str, Any]:
    """Return the answer about one schedule: user names (flat), or participants."""
    now = on_call(account, schedule, at)
    if flat:
        return {"_parent": schedule.meta(), "onCallRecipients": _usernames(account, now, at)}
    return {"_parent": schedule.meta(), "onCallParticipants": participants_wire(account, now, at)}


def next_on_call_wire(account: "Account", schedule: Schedule, at: datetime, *, flat: bool) -> dict[str, Any]:
    """Return who comes next: the next somebody, and exactly whom the next change brings.

    The words are the other way round than those of `on_call_wire`: user names are participants here, objects are
    recipients (opsgenie-oas `NextOnCall`, opsgenie-go-sdk-v2 `GetNextOnCallsResult`).
    """
    exact, following = coming(account, schedule, at)
    if flat:
        return {
            "_parent": schedule.meta(),
            "nextOnCallParticipants": _usernames(account, following, at),
            "exactNextOnCallParticipants": _usernames(account, exact, at),
        }
    return {
        "_parent": schedule.meta(),
        "nextOnCallRecipients": participants_wire(account, following, at),
        "exactNextOnCallRecipients": participants_wire(account, exact, at),
    }


def timeline_wire(
    account: "Account", schedule: Schedule, start: datetime, end: datetime, expand: set[str]
) -> dict[str, Any]:
    """Return a schedule's timeline: the final one, and those asked for (base, override, forwarding)."""
    plan = account.schedules.plan(schedule)
    wire: dict[str, Any] = {
        "_parent": schedule.meta(),
        "startDate": date_text(start),
        "endDate": date_text(end),
        "finalTimeline": {"rotations": _final(account, plan, start, end)},
    }
    if "base" in expand:
        base = Plan(plan.zone, plan.rotations, wall_clock=plan.wall_clock)
        wire["baseTimeline"] = {"rotations": _final(account, base, start, end)}
    if "override" in expand:
        overriding = Plan(plan.zone, (), plan.overrides)
        periods = [
            _period(account, each.who, max(each.start, start), min(each.end, end), "override")
            for each in overriding.overrides
            if each.start < end and each.end > start
        ]
        wire["overrideTimeline"] = {"rotations": [{"name": "Overrides", "order": 0, "periods": periods}]}
    if "forwarding" in expand:
        wire["forwardingTimeline"] = {"rotations": []}
    return wire


def _final(account: "Account", plan: Plan, start: datetime, end: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": rotation.id,
            "name": rotation.name,
            "order": order,
            "periods": _periods(account, plan, rotation, start, end),
        }
        for order, rotation in enumerate(plan.rotations, 1)
    ]


def _periods(
    account: "Account", plan: Plan, rotation: Rotation, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """Return one rotation's part of a timeline; neighbouring periods of one holder are one."""
    found: list[tuple[Recipient, str, datetime, datetime]] = []
    edges = [*plan.edges(start, end), end]
    for at, until in pairwise(edges):
        override = plan.override_of(rotation.id, at)
        base = plan.holder(rotation, at)
        who, kind = (override.who, "override") if override else (base, "default")
        if who is None or who.type == NONE or (override and not plan.override_fills_gaps and base is None):
            continue
        if found and found[-1][0] == who and found[-1][1] == kind and found[-1][3] == at:
            found[-1] = (who, kind, found[-1][2], until)
        else:
            found.append((who, kind, at, until))
    return [_period(account, who, at, until, kind) for who, kind, at, until in found]


def _period(account: "Account", who: Recipient, start: datetime, end: datetime, kind: str) -> dict[str, Any]:
    return {
        "startDate": date_text(start),
        "endDate": date_text(end),
        "type": kind,
        "recipient": {"id": who.id, "type": who.type, "name": account.name_of(who)},
    }


def _usernames(account: "Account", recipients: list[Recipient], at: datetime) -> list[str]:
    return [user.username for user in people(account, recipients, at)]


def _distinct(duties: list[Duty]) -> list[Recipient]:
    return list(dict.fromkeys(duty.who for duty in duties))
