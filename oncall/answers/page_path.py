"""Who is paged when a server is down: the whole way of an outage, from its route to the last page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall.answers.route import Claim, Leg, Route, Router
from oncall.errors import Path
from oncall.model import Severity, TargetName
from oncall.model.escalation import raised_tier, tiers_in_use
from oncall.shifts.clock import moment_end, moment_instant
from oncall.shifts.rota import Rota
from oncall.targets.opsgenie.paging import paged as paged_by_opsgenie
from oncall.targets.pagerduty.paging import paged as paged_by_pagerduty
from oncall.targets.paging import Paged

PAGED_BY: Mapping[TargetName, Callable[[Rota, str, str, datetime], Paged]] = {
    "pagerduty": paged_by_pagerduty,
    "opsgenie": paged_by_opsgenie,
}
GIVE_UP = timedelta(
    hours=24
)  # after this the bridge repeats no more and gives one quiet notice (vendors.md, section 1)


@dataclass(frozen=True, slots=True)
class InMaintenance:
    """Nobody is paged for the server until `until` (UTC); windows that follow each other are one."""

    until: datetime
    why: str | None
    place: Path


@dataclass(frozen=True, slots=True)
class Incident:
    """What a vendor is sent at `at`, and whom it pages."""

    at: datetime
    leg: Leg
    severity: Severity
    paged: Paged


@dataclass(frozen=True, slots=True)
class PagePath:
    """Everything that follows an outage nobody answers and that doesn't end. Instants are UTC.

    `begins` is `at`, or the end of a maintenance. `incident` is None where the tier opens a ticket instead; `raised`
    is the second incident, opened when the outage has lasted. `zone` is that of the team that answers.
    """

    server: str
    name: str | None
    at: datetime
    zone: str
    route: Route
    maintenance: InMaintenance | None
    begins: datetime
    incident: Incident | None
    raised: Incident | None
    ticket: bool
    ticket_after_ack: timedelta | None
    digest: str | None
    notice: Leg | None

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """Return what the vendors are sent, in order of time."""
        return tuple(each for each in (self.incident, self.raised) if each is not None)


def who_is_paged(rota: Rota, slug: str, instant: datetime, claim: Claim | None = None) -> PagePath:
    """Return the page path of a server that goes down at an aware instant.

    A slug the inventory doesn't know goes by `claim`, what its webhook would say: the owner's team x tier, else the
    fallback team.
    """
    inventory = rota.inventory
    router = Router(inventory)
    route = router.route(slug, claim or Claim())
    tier, server = inventory.tiers[route.tier], inventory.servers.get(slug)
    maintenance = _maintenance(rota, slug, instant)
    begins = maintenance.until if maintenance is not None else instant
    in_use = tiers_in_use(inventory)[route.team]
    above = raised_tier(inventory, frozenset(in_use), route.tier)
    raised = None
    if above is not None and tier.raise_after is not None:
        raised = _incident(rota, router.legs(route.team, above), begins + tier.raise_after)
    return PagePath(
        slug,
        server.name if server is not None else None,
        instant,
        inventory.team_zone(inventory.teams[route.team]),
        route,
        maintenance,
        begins,
        None if tier.ticket == "instead" else _incident(rota, route.legs, begins),
        raised,
        tier.ticket is not None,
        tier.ticket_after_ack,
        tier.digest.strftime("%H:%M") if tier.digest is not None else None,
        next(iter(router.legs(route.team, in_use[-1])), None),
    )


def _incident(rota: Rota, legs: tuple[Leg, ...], at: datetime) -> Incident | None:
    if not legs:
        return None
    leg = legs[0]
    return Incident(
        at, leg, rota.inventory.tiers[leg.tier].severity, PAGED_BY[leg.vendor](rota, leg.team, leg.tier, at)
    )


def _maintenance(rota: Rota, slug: str, instant: datetime) -> InMaintenance | None:
    inventory = rota.inventory
    windows = [
        (moment_instant(one.start, inventory.time_zone), moment_end(one.end, inventory.time_zone), one.why, number)
        for number, one in enumerate(inventory.maintenance)
        if slug in one.servers
    ]
    found = None
    for start, end, why, number in sorted(windows, key=lambda window: window[:2]):
        if start <= (found.until if found else instant) < end:
            found = (
                InMaintenance(end, why, ("maintenance", number))
                if found is None
                else InMaintenance(end, found.why, found.place)
            )
    return found
