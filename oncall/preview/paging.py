"""Who answers for which server, in what order people are told, and where nobody would be."""

from datetime import datetime, timedelta

from oncall.model import SEVERITIES, Inventory
from oncall.model.escalation import Level, PersonRef, policy, tiers_in_use
from oncall.preview.model import CoverageChange, EscalationChange, Route, RouteChange
from oncall.preview.words import duration_text
from oncall.shifts.coverage import gaps
from oncall.shifts.intervals import subtract


def team_pairs(base: Inventory | None, head: Inventory | None) -> dict[str, str]:
    """Return the teams of the base by those of the head that they became."""
    if base is None or head is None:
        return {}
    found = {
        key: next((each for each in (key, *team.formerly) if each in base.teams), None)
        for key, team in head.teams.items()
    }
    return {key: was for key, was in found.items() if was is not None}


def route_changes(base: Inventory | None, head: Inventory | None) -> tuple[RouteChange, ...]:
    """Return the servers whose outages go elsewhere, by slug. A team's new name alone changes nothing."""
    before, after = _routes(base), _routes(head)
    same = team_pairs(base, head)
    found = []
    for slug in sorted(before.keys() | after.keys()):
        was, now = before.get(slug), after.get(slug)
        if was is not None and now is not None and _place(was, was.team) == _place(now, same.get(now.team, now.team)):
            continue
        inventory = head if slug in after else base
        assert inventory is not None  # noqa: S101 - the slug is of one of them
        found.append(RouteChange(slug, inventory.servers[slug].name or slug, was, now))
    return tuple(found)


def _place(route: Route, team: str) -> tuple[object, ...]:
    return (team, route.tier, route.severity, route.vendors, route.own_service)


def _routes(inventory: Inventory | None) -> dict[str, Route]:
    if inventory is None:
        return {}
    return {
        slug: Route(
            server.team,
            inventory.teams[server.team].name,
            server.tier,
            inventory.tiers[server.tier].severity,
            inventory.teams[server.team].pages_through,
            server.own_service,
        )
        for slug, server in inventory.servers.items()
    }


def escalation_changes(base: Inventory | None, head: Inventory | None) -> tuple[EscalationChange, ...]:
    """Return the teams whose people are told in another order or at other times; tiers told alike come together."""
    before, after = _sentences(base), _sentences(head)
    same = team_pairs(base, head)
    found: list[EscalationChange] = []
    for team in sorted(after):
        was = before.get(same.get(team, ""), {})
        found += _of_team(head, team, was, after[team])
    for team in sorted(before.keys() - set(same.values())):
        found += _of_team(base, team, before[team], {})
    return tuple(found)


def _of_team(
    inventory: Inventory | None, team: str, before: dict[str, str], after: dict[str, str]
) -> list[EscalationChange]:
    assert inventory is not None  # noqa: S101 - the team is of this one
    alike: dict[tuple[str | None, str | None], list[str]] = {}
    for tier in dict.fromkeys([*after, *before]):
        sides = (before.get(tier), after.get(tier))
        if sides[0] != sides[1]:
            alike.setdefault(sides, []).append(tier)
    name = inventory.teams[team].name
    return [EscalationChange(team, name, tuple(tiers), was, now) for (was, now), tiers in alike.items()]


def _sentences(inventory: Inventory | None) -> dict[str, dict[str, str]]:
    if inventory is None:
        return {}
    return {
        team: {tier: sentence(inventory, team, tier) for tier in tiers}
        for team, tiers in tiers_in_use(inventory).items()
        if tiers
    }


def sentence(inventory: Inventory, team: str, tier: str) -> str:
    """Return an escalation in words: `primary at once; Bo Lind after 5m; twice more, from 20m on`."""
    found = policy(inventory, team, tier)
    steps = "; ".join(_step(inventory, team, level) for level in found.levels) or "nobody"
    if not found.times:
        return steps
    times = {1: "once more", 2: "twice more"}.get(found.times, f"{found.times} times more")
    return f"{steps}; {times}, {duration_text(found.repeat_after)} after it began"


def _step(inventory: Inventory, team: str, level: Level) -> str:
    names = [
        inventory.people[who.person].name
        if isinstance(who, PersonRef)
        else (who.schedule if who.team == team else f"{inventory.teams[who.team].name} {who.schedule}")
        for who in level.recipients
    ]
    return f"{', '.join(names)} {f'after {duration_text(level.after)}' if level.after else 'at once'}"


def coverage_changes(
    base: Inventory | None, head: Inventory | None, start: datetime, end: datetime
) -> tuple[CoverageChange, ...]:
    """Return when pages between two instants reach nobody any more, or somebody again; the most severe first."""
    if head is None:
        return ()
    in_use = tiers_in_use(head)
    known = tiers_in_use(base) if base is not None else {}
    same = team_pairs(base, head)
    found: list[CoverageChange] = []
    for team, tiers in in_use.items():
        was = same.get(team, "")
        for tier in tiers:
            now_open = gaps(head, team, tier, start, end)
            # What is new has lost nothing, but whatever is open in it is worth saying.
            was_open = gaps(base, was, tier, start, end) if base is not None and tier in known.get(was, ()) else ()
            lost, won = subtract(now_open, was_open), subtract(was_open, now_open)
            if lost or won:
                severity = head.tiers[tier].severity
                found.append(CoverageChange(team, head.teams[team].name, tier, severity, lost, won))
    return tuple(sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.team, one.tier)))


def length(spans: tuple[tuple[datetime, datetime], ...]) -> timedelta:
    """Return how long some stretches of time are together."""
    return sum(((end - start) for start, end in spans), timedelta(0))
