"""Where the bridge sends a server's outage: its entry, else the claimed team x tier, else the fallback team.

The same decision as `bridge_templates/route.js`, which takes it when a webhook comes in; a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from oncall.bridge.routes import VENDORS
from oncall.model import SEVERITIES, Inventory, Severity, TargetName
from oncall.model.escalation import tiers_in_use

Reason = Literal["server", "team", "fallback"]

# What the usual tier words mean where the inventory gives them no severity of its own (vendors.md, section 1).
_USUAL: Mapping[str, Severity] = {"internal": "critical", "author": "high", "thirdparty": "medium"}
_TAGS = (("internal", "internal"), ("author", "author"), ("claimed", "author"))
_DEFAULT_TIER = "thirdparty"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a webhook says of a server besides its slug; it decides only where the inventory has no entry."""

    team: str | None = None
    tier: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """One place an outage can be sent to: the vendor of a team x tier, or of a server with a service of its own."""

    vendor: TargetName
    team: str
    tier: str
    own_service: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """Whose outage it is, why, and where it is sent: to the first leg, the next ones where that refuses for good.

    `mismatch` has words for where the webhook's claim and the inventory disagree, as the bridge logs them.
    """

    team: str
    tier: str
    severity: Severity
    reason: Reason
    mismatch: tuple[str, ...]
    legs: tuple[Leg, ...]


class Router:
    """The routes of one inventory; what all of them need is computed once."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        in_use = tiers_in_use(inventory)
        # In the order of the file, by which two tiers of one severity are told apart.
        self._tiers = {key: [tier for tier in inventory.tiers if tier in used] for key, used in in_use.items()}
        self._former = {former: key for key, team in inventory.teams.items() for former in team.formerly}

    def route(self, slug: str, claim: Claim) -> Route:
        """Return the route of a server, known to the inventory or not."""
        server = self.inventory.servers.get(slug)
        if server is not None:
            disagree = [
                f"{word}-differs-from-inventory"
                for word, claimed, own in (("team", claim.team, server.team), ("tier", claim.tier, server.tier))
                if claimed is not None and claimed != own
            ]
            return self._route(server.team, server.tier, "server", disagree, own_service=server.own_service)
        tier, severity, known = self._claimed(claim)
        mismatch = [] if known else ["unknown-tier"]
        team = self._former.get(claim.team, claim.team) if claim.team is not None else None
        reason: Reason = "team"
        if team is None or not self._tiers.get(team):
            mismatch.append("unknown-server" if claim.team is None else "unknown-team")
            team, reason = self.inventory.bridge.fallback, "fallback"
        nearest = self._nearest(team, tier, severity)
        return self._route(team, nearest, reason, mismatch + ["tier-not-in-use"] * (nearest != tier))

    def legs(self, team: str, tier: str, *, own_service: bool = False) -> tuple[Leg, ...]:
        """Return where a team x tier's outage is sent: its own vendors in order, then the fallback team's."""
        rescue = self.inventory.bridge.fallback
        nearest = self._nearest(rescue, tier, self.inventory.tiers[tier].severity)
        places = ((team, tier, own_service), (rescue, nearest, False))
        found = (
            Leg(vendor, key, of, own and vendor == "pagerduty")
            for key, of, own in places
            for vendor in self.inventory.teams[key].pages_through
            if vendor in VENDORS
        )
        return tuple(dict.fromkeys(found))

    def _route(self, team: str, tier: str, reason: Reason, mismatch: list[str], *, own_service: bool = False) -> Route:
        legs = self.legs(team, tier, own_service=own_service)
        return Route(team, tier, self.inventory.tiers[tier].severity, reason, tuple(mismatch), legs)

    def _claimed(self, claim: Claim) -> tuple[str, Severity, bool]:
        """Return the tier a webhook claims, its severity, and whether that is a tier anybody knows."""
        severity = self._severity(claim.tier) if claim.tier is not None else None
        if claim.tier is not None and severity is not None:
            return claim.tier, severity, True
        tagged = next((tier for tag, tier in _TAGS if tag in claim.tags), None)
        if tagged is not None:
            return tagged, self._severity(tagged) or _USUAL[tagged], claim.tier is None
        if claim.tier is None:
            return _DEFAULT_TIER, self._severity(_DEFAULT_TIER) or _USUAL[_DEFAULT_TIER], True
        # A misspelt tier must not become the quietest one.
        return claim.tier, SEVERITIES[0], False

    def _severity(self, tier: str) -> Severity | None:
        return self.inventory.tiers[tier].severity if tier in self.inventory.tiers else _USUAL.get(tier)

    def _nearest(self, team: str, tier: str, severity: Severity) -> str:
        """Return the team's tier: this one, else the next more severe one in use, else its most severe one."""
        tiers = self._tiers[team]
        if tier in tiers:
            return tier
        ranked = sorted(tiers, key=lambda key: SEVERITIES.index(self.inventory.tiers[key].severity))
        above = [
            key for key in ranked if SEVERITIES.index(self.inventory.tiers[key].severity) < SEVERITIES.index(severity)
        ]
        return above[-1] if above else ranked[0]
