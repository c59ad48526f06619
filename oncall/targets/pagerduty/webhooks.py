"""PagerDuty webhook subscriptions: programs that hear of a team's incidents.

https://developer.pagerduty.com/docs/webhooks-overview. They are made by our own provider, for the official plugin
throws away the secret that signs what is told.
"""

from collections.abc import Iterable

from oncall.model import Inventory
from oncall.model.extras import Webhook, webhook_name
from oncall.resource import Resource, Value
from oncall.targets.pagerduty.kinds import WEBHOOK, team


def webhooks(inventory: Inventory, keys: Iterable[str]) -> list[Resource]:
    """Return the subscriptions of each team, by their address: PagerDuty can't change the address of one."""
    found: list[Resource] = []
    for key in keys:
        extras = inventory.teams[key].pagerduty
        found += [_subscription(key, each) for each in (extras.webhooks if extras else ())]
    return sorted(found, key=lambda resource: resource.key)


def _subscription(key: str, webhook: Webhook) -> Resource:
    properties: dict[str, Value] = {
        "url": webhook.url,
        "team_id": team(key),
        "events": tuple(sorted(webhook.events)),
        "enabled": True,
    }
    return Resource(WEBHOOK, f"{key}/{webhook_name(webhook.url)}", properties, key)
