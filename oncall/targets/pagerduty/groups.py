"""PagerDuty's words for finding and grouping: tags of teams, business services that technical ones support."""

from collections.abc import Collection, Iterable

from oncall.model import Inventory
from oncall.resource import Ref, Resource, Value
from oncall.targets.common import described
from oncall.targets.pagerduty.kinds import BUSINESS_SERVICE, DEPENDENCY, SERVICE, TAG, TAG_ASSIGNMENT, team


def tags(inventory: Inventory, keys: Iterable[str]) -> list[Resource]:
    """Return the tags of the teams, each once, and which team has which."""
    wanted = sorted({(key, label) for key in keys for label in inventory.teams[key].tags})
    labels = sorted({label for _, label in wanted})
    return [
        *(Resource(TAG, label, {"label": label}) for label in labels),
        *(
            Resource(
                TAG_ASSIGNMENT,
                f"{key}/{label}",
                {"tag_id": Ref(TAG, label), "entity_type": "teams", "entity_id": team(key)},
                key,
            )
            for key, label in wanted
        ),
    ]


def business_services(inventory: Inventory, keys: Collection[str], made: Iterable[Resource]) -> list[Resource]:
    """Return a business service for each group with a server whose team (of `keys`) is here, and what supports it."""
    known = frozenset(service.key for service in made)
    found: list[Resource] = []
    for key in sorted(inventory.groups):
        supporting = supporting_services(inventory, key, keys) & known
        if supporting:
            whole = _business_service(inventory, key, keys)
            found += [whole, *(_dependency(key, service, whole.team) for service in sorted(supporting))]
    return found


def supporting_services(inventory: Inventory, group: str, keys: Collection[str]) -> set[str]:
    """Return the keys of the services through which a group's servers page; one may carry other servers too."""
    servers = ((slug, inventory.servers[slug]) for slug in inventory.groups[group].servers)
    return {
        f"server/{slug}" if server.own_service else f"{server.team}/{server.tier}"
        for slug, server in servers
        if server.team in keys
    }


def _business_service(inventory: Inventory, key: str, keys: Collection[str]) -> Resource:
    group = inventory.groups[key]
    properties: dict[str, Value] = {"name": group.name, "description": described(group.description)}
    if group.pagerduty is not None and group.pagerduty.point_of_contact is not None:
        properties["point_of_contact"] = group.pagerduty.point_of_contact
    owner = group.team if group.team in keys else None
    if owner is not None:
        properties["team"] = team(owner)
    return Resource(BUSINESS_SERVICE, key, properties, owner)


def _dependency(group: str, service: str, owner: str | None) -> Resource:
    dependency: Value = {
        "dependent_services": ({"id": Ref(BUSINESS_SERVICE, group), "type": "business_service"},),
        "supporting_services": ({"id": Ref(SERVICE, service), "type": "service"},),
    }
    return Resource(DEPENDENCY, f"{group}/{service}", {"dependency": dependency}, owner)
