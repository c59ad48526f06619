"""OpsGenie routing rules: an alert's priority picks the escalation; the first rule that matches is the only one."""

from collections.abc import Iterable, Mapping, Sequence

from oncall.model import Inventory
from oncall.resource import Ref, Resource, Value
from oncall.targets.opsgenie.holds import by_priority
from oncall.targets.opsgenie.kinds import ESCALATION, ROUTING_RULE, team

DEFAULT_NAME = "default"


def routing_rules(
    inventory: Inventory, tiers: Mapping[str, Sequence[str]], escalations: Iterable[str]
) -> list[Resource]:
    """Return the rules of each team, most severe first, the default rule last (`escalations` has the known keys).

    Each waits for the one before it, so that the order they are given is the order they are made in.
    """
    known = frozenset(escalations)
    return [
        rule
        for key, used in tiers.items()
        for rule in _team_rules(inventory, key, [t for t in used if f"{key}/{t}" in known])
    ]


def _team_rules(inventory: Inventory, key: str, tiers: list[str]) -> Iterable[Resource]:
    escalations = by_priority(inventory, tiers)
    before: tuple[Ref, ...] = ()
    for order, (priority, tier) in enumerate(escalations.items()):
        condition: Value = {"field": "priority", "operation": "equals", "expectedValue": priority}
        properties: dict[str, Value] = {
            "team_id": team(key),
            "name": tier,
            "order": order,
            "criteria": {"type": "match-all-conditions", "conditions": (condition,)},
            "notify": _to_escalation(key, tier),
        }
        yield Resource(ROUTING_RULE, f"{key}/{tier}", properties, key, after=before)
        before = (Ref(ROUTING_RULE, f"{key}/{tier}"),)
    yield Resource(
        ROUTING_RULE,
        key,
        {
            "team_id": team(key),
            "name": DEFAULT_NAME,
            "order": len(escalations),
            "is_default": True,
            "criteria": {"type": "match-all"},
            "notify": _to_escalation(key, tiers[0]) if tiers else {"type": "none"},
            # What OpsGenie made with the team goes once nothing points at it (vendors.md, section 1).
            "remove_schedule_id": team(key, "default_schedule_id"),
            "remove_escalation_id": team(key, "default_escalation_id"),
        },
        key,
        after=before,
    )


def _to_escalation(key: str, tier: str) -> Value:
    return {"type": "escalation", "id": Ref(ESCALATION, f"{key}/{tier}")}
