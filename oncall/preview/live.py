"""What the accounts say beside an edit: what was changed there by hand, and what would make `pulumi up` fail."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from oncall.model import TargetName
from oncall.plan import diff
from oncall.preview.model import Drift, Live, Preview
from oncall.resource import Resource
from oncall.targets.checks import TITLES
from oncall.targets.existing import Existing

NOUNS: Mapping[str, str] = {
    "EscalationPolicy": "escalation policies",
    "MaintenanceWindow": "maintenance windows",
    "ServiceIntegration": "integrations",
    "ApiIntegration": "integrations",
    "TeamMembership": "members",
    "TeamMember": "members",
    "AlertPolicy": "alert policies",
    "NotificationPolicy": "notification policies",
    "BusinessService": "business services",
    "WebhookSubscription": "webhooks",
    "RoutingRule": "routing rules",
}
"""The plural of a kind where it isn't the kind's name in small letters and an s."""


def drift(
    vendor: TargetName,
    before: tuple[Sequence[Resource], Existing] | None,
    after: tuple[Sequence[Resource], Existing],
) -> tuple[tuple[Drift, ...], bool]:
    """Return what an account has otherwise than the inventory says, and whether it has nothing at all of it.

    Both sides are what is wanted and what exists of it. What counts is what was applied last, so the inventory before
    the edit; without one, only what is there of the edited one. What was made by hand and is as the edit will have it
    is no drift.
    """
    wanted, existing = before or after
    looked_at = [each for each in wanted if each.kind in existing.kinds and not each.lookup]
    there = {(each.kind, each.key) for each in existing.resources}
    if looked_at and not any((each.kind, each.key) in there for each in looked_at):
        return (), before is not None
    found = diff(looked_at, existing.resources)
    if before is None:
        found = tuple(each for each in found if each.action != "delete")
    agreed = _agreed(*after) if before is not None else frozenset()
    return tuple(
        Drift(vendor, each, existing.links.get((each.resource.kind, each.resource.key), ""))
        for each in found
        if (each.resource.kind, each.resource.key) not in agreed
    ), False


def _agreed(wanted: Sequence[Resource], existing: Existing) -> frozenset[tuple[str, str]]:
    """Return the places at which the account is as the edited inventory wants it, absences included."""
    differs = {(each.resource.kind, each.resource.key) for each in diff(wanted, existing.resources)}
    places = {(each.kind, each.key) for each in (*wanted, *existing.resources)}
    return frozenset(places - differs)


def with_live(preview: Preview, live: Live, people: Mapping[str, str]) -> Preview:
    """Return a preview that also tells what the accounts say; its first line says so too.

    `people` are names by e-mail address, for that is what vendors call people by.
    """
    parts = [preview.verdict]
    for vendor in live.asked:
        count = sum(one.vendor == vendor for one in live.drift)
        if count:
            differs = "object differs" if count == 1 else "objects differ"
            parts.append(f"{count} {differs} at {TITLES[vendor]}")
    stopping = sum(one.stops for one in live.obstacles)
    if stopping:
        parts.append(f"pulumi up would fail ({stopping} reason{'s' if stopping > 1 else ''})")
    warned = len(live.obstacles) - stopping
    if warned:
        parts.append(f"{warned} thing{'s' if warned > 1 else ''} not as meant at the accounts")
    # Or else an issue that is kept of the differences would be closed because nobody looks any more.
    parts += [f"{TITLES[vendor]} was not asked" for vendor in live.unasked]
    return replace(preview, verdict="; ".join(parts), live=live, names={**people, **preview.names})


def counted(foreign: Mapping[str, int]) -> str:
    """Return how many objects are somebody else's: `3 teams, 1 service`; "" for none."""
    return ", ".join(f"{count} {_noun(kind, count)}" for kind, count in sorted(foreign.items()) if count)


def _noun(kind: str, count: int) -> str:
    noun = kind.partition(":")[2]
    plural = NOUNS.get(noun) or "".join(f" {char.lower()}" if char.isupper() else char for char in noun).strip() + "s"
    if count > 1:
        return plural
    return f"{plural.removesuffix('ies')}y" if plural.endswith("ies") else plural.removesuffix("s")
