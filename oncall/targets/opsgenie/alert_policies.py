"""OpsGenie alert policies: tags that the alerts of a tier get besides their own.

They only enrich: an alert's priority picks whom it pages, and no policy changes that, its team or its responders.
"""

from collections.abc import Mapping, Sequence

from oncall.model import Inventory
from oncall.resource import Resource, Value
from oncall.targets.common import MANAGED
from oncall.targets.opsgenie.kinds import ALERT_POLICY, team

SOURCE_TAG = "alivemcp"  # the bridge puts it on every alert, beside the tier (bridge_templates/opsgenie.js)


def alert_policies(inventory: Inventory, tiers: Mapping[str, Sequence[str]]) -> list[Resource]:
    """Return a policy for each team x tier whose tier has tags."""
    return [
        _policy(key, tier, extras.tags)
        for key, used in tiers.items()
        for tier in sorted(used)
        if (extras := inventory.tiers[tier].opsgenie) is not None and extras.tags
    ]


def _policy(key: str, tier: str, tags: tuple[str, ...]) -> Resource:
    properties: dict[str, Value] = {
        "team_id": team(key),
        "name": f"{tier} tags",
        "policy_description": MANAGED,
        "filter": {"type": "match-all-conditions", "conditions": (_tagged(SOURCE_TAG), _tagged(tier))},
        "message": "{{message}}",
        "tags": tags,
        "continue_": True,
    }
    return Resource(ALERT_POLICY, f"{key}/{tier}", properties, key)


def _tagged(tag: str) -> Value:
    return {"field": "tags", "operation": "contains", "expectedValue": tag}
