"""PagerDuty escalation policies: who is told, and how many minutes later the next are.

A rule's delay is the time until the next rule, so it is the difference of two moments of the inventory; the first rule
acts at once. https://support.pagerduty.com/main/docs/escalation-policies
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from oncall.model import Inventory
from oncall.model.escalation import PersonRef, Policy, Recipient, policy
from oncall.resource import Ref, Resource, Value
from oncall.targets.common import MANAGED, minute_levels, whole_minutes
from oncall.targets.pagerduty.kinds import POLICY, team, user
from oncall.targets.pagerduty.names import tier_name
from oncall.targets.vendor_schedules import Schedules

# https://developer.pagerduty.com/api-reference/ - EscalationRule, in minutes
MIN_DELAY = 1


def policies(
    inventory: Inventory,
    tiers: Mapping[str, Sequence[str]],
    schedules: Schedules,
    memberships: Mapping[str, tuple[Ref, ...]],
) -> list[Resource]:
    """Return a policy for each team x tier; none where no rule would have a target, which PagerDuty refuses."""
    return [
        Resource(
            POLICY,
            f"{key}/{tier}",
            {
                "name": tier_name(inventory, key, tier),
                "description": MANAGED,
                "teams": team(key),
                "num_loops": wanted.times,
                "rules": _assigned(inventory, key, found),
            },
            key,
            after=memberships.get(key, ()),
        )
        for key, used in tiers.items()
        for tier in sorted(used)
        if (found := rules(wanted := policy(inventory, key, tier), schedules))
    ]


def _assigned(inventory: Inventory, key: str, found: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return the rules with the way of choosing among their targets, where the team asks for turns."""
    extras = inventory.teams[key].pagerduty
    if extras is None or extras.round_robin is None:
        return found
    strategy: Value = {"type": "round_robin" if extras.round_robin else "assign_to_everyone"}
    return tuple(
        {**rule, "escalation_rule_assignment_strategy": strategy} for rule in found if isinstance(rule, Mapping)
    )


def rules(wanted: Policy, schedules: Schedules) -> tuple[Value, ...]:
    """Return the rules of a policy: when the next one acts counts from when this one did, the first at once."""
    levels = told(wanted, schedules)
    return tuple(
        {"escalation_delay_in_minutes": delay, "targets": targets}
        for (_, targets), delay in zip(levels, delays(wanted, [minute for minute, _ in levels]), strict=True)
    )


def delays(wanted: Policy, minutes: Sequence[int]) -> tuple[int, ...]:
    """Return how many minutes each rule waits for the next, the last one for the first again.

    `minutes` are those of the levels that tell somebody, since the alert began.
    """
    starts = [0, *minutes[1:], whole_minutes(wanted.repeat_after)] if minutes else []
    return tuple(max(MIN_DELAY, following - start) for start, following in pairwise(starts))


def told(wanted: Policy, schedules: Schedules) -> list[tuple[int, tuple[Value, ...]]]:
    """Return the targets told at each minute; a level whose schedules are all over tells nobody and is left out."""
    levels = (
        (level.minute, tuple(target for who in level.recipients for target in _targets(who, schedules)))
        for level in minute_levels(wanted)
    )
    return [(minute, targets) for minute, targets in levels if targets]


def _targets(who: Recipient, schedules: Schedules) -> tuple[Value, ...]:
    if isinstance(who, PersonRef):
        return ({"type": "user_reference", "id": user(who.person)},)
    return tuple({"type": "schedule_reference", "id": Ref(one.kind, one.key)} for one in schedules.get(who, ()))
