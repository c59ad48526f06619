"""Escalation: steps with somebody behind them, policies that reach someone, repeats that come after the last step."""

from collections.abc import Iterator
from datetime import timedelta

from oncall.model import Severity, TargetName, Team
from oncall.model.escalation import ScheduleRef, managers
from oncall.validate.base import Context, Fault, Rule
from oncall.validate.words import duration_text

AVAILABLE: tuple[TargetName, ...] = ("pagerduty", "opsgenie")  # the targets whose objects we can make
MUST_REACH: tuple[Severity, ...] = ("critical", "high")  # vendors.md, section 1


def target_unavailable(context: Context) -> Iterator[Fault]:
    """Find teams that page through a vendor we can't drive yet."""
    for key, team in context.inventory.teams.items():
        for place, target in enumerate(team.pages_through):
            if target not in AVAILABLE:
                message = "Jira Service Management is not available yet"
                yield Fault(message, ("teams", key, "pages_through", place), f"use {' or '.join(AVAILABLE)}")


def empty_step(context: Context) -> Iterator[Fault]:
    """Find schedules on steps in which nobody ever takes a turn."""
    for _, recipient, path in context.resolved():
        if isinstance(recipient, ScheduleRef) and not context.people_of(recipient):
            yield Fault(f"nobody stands behind `{recipient.schedule}`: no rotation of it has people", path)


def empty_policy(context: Context) -> Iterator[Fault]:
    """Find critical and high pages that would reach no one, ever."""
    for team, tier in _in_use(context):
        if context.inventory.tiers[tier].severity in MUST_REACH and reaches_nobody(context, team, tier):
            message = f"nobody is told when a server of tier `{tier}` is down"
            yield Fault(message, ("teams", team, "escalation"), "name a schedule with people, or a person")


def manager_missing(context: Context) -> Iterator[Fault]:
    """Find teams without the manager that a tier of theirs pages."""
    for team, tier in _in_use(context):
        after = context.inventory.tiers[tier].manager_after
        if after is not None and not managers(context.inventory.teams[team]):
            message = f"tier `{tier}` pages the manager after {duration_text(after)}, and team `{team}` has none"
            yield Fault(message, ("teams", team, "members"), "mark one: `{key: manager}`")


def repeat_too_early(context: Context) -> Iterator[Fault]:
    """Find escalations that would start over before their last step."""
    for key, team in context.inventory.teams.items():
        if team.repeat.after is None:
            continue
        last, why = _last_step(context, key, team)
        if team.repeat.after <= last:
            message = f"repeating after {duration_text(team.repeat.after)} is not later than {why}"
            yield Fault(message, ("teams", key, "repeat", "after"), "times count from when the alert began")


def reaches_nobody(context: Context, team: str, tier: str) -> bool:
    """Whether no step of a team x tier has anybody, in any turn."""
    return not any(context.people_of(who) for who in context.recipients(team, tier))


def _last_step(context: Context, key: str, team: Team) -> tuple[timedelta, str]:
    last = max((step.after for step in team.escalation), default=timedelta(0))
    why = f"the last step at {duration_text(last)}"
    for tier in context.in_use[key]:
        levels = context.policy(key, tier).levels
        if levels and levels[-1].after > last:
            last = levels[-1].after
            why = f"the manager's step at {duration_text(last)} of tier `{tier}`"
    return last, why


def _in_use(context: Context) -> Iterator[tuple[str, str]]:
    for team, tiers in context.in_use.items():
        for tier in tiers:
            yield team, tier


RULES = (
    Rule("target-unavailable", "error", "Teams page through targets that we can drive.", target_unavailable),
    Rule("empty-step", "error", "A schedule on a step has people.", empty_step),
    Rule("empty-policy", "error", "Critical and high pages reach someone.", empty_policy),
    Rule("manager-missing", "error", "A team whose tier pages the manager has one.", manager_missing),
    Rule("repeat-too-early", "error", "An escalation starts over after its last step.", repeat_too_early),
)
