"""Who answers for which server, in what order people are told, and where nobody would be."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from oncall.model import SEVERITIES, Inventory
from oncall.model.escalation import Level, PersonRef, Policy, Recipient, ScheduleRef, policy, tiers_in_use
from oncall.preview.model import CoverageChange, EscalationChange, Route, RouteChange
from oncall.preview.pairs import person_pairs, schedule_pairs, team_pairs
from oncall.preview.words import duration_text
from oncall.shifts.coverage import gaps
from oncall.shifts.intervals import subtract


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
        hands = was is not None and now is not None and was.team != same.get(now.team, now.team)
        found.append(RouteChange(slug, inventory.servers[slug].name or slug, was, now, hands))
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
    """Return the teams whose people are told in another order or at other times; tiers told alike come together.

    What is only called otherwise (a person, a team, a schedule) changes nothing.
    """
    same = team_pairs(base, head)
    after = _told(head, {}, {})
    before = _told(base, person_pairs(base, head), {was: ref for ref, was in schedule_pairs(base, head).items()})
    found: list[EscalationChange] = []
    for team in sorted(after):
        assert head is not None  # noqa: S101 - the team is of this one
        found += _of_team(team, head.teams[team].name, before.get(same.get(team, ""), {}), after[team])
    for team in sorted(before.keys() - set(same.values())):
        assert base is not None  # noqa: S101 - the team is of this one
        found += _of_team(team, base.teams[team].name, before[team], {})
    return tuple(found)


_Told = tuple[object, str]
"""What of an escalation somebody notices, and the escalation in words."""


def _told(
    inventory: Inventory | None, people: Mapping[str, str], schedules: Mapping[ScheduleRef, ScheduleRef]
) -> dict[str, dict[str, _Told]]:
    """Return every escalation in use by team and tier, with people and schedules by the keys they have now.

    In which order those of one step are named, nobody notices.
    """

    def now(one: Recipient) -> Recipient:
        return PersonRef(people.get(one.person, one.person)) if isinstance(one, PersonRef) else schedules.get(one, one)

    def noticed(one: Policy) -> object:
        steps = tuple((level.after, frozenset(map(now, level.recipients))) for level in one.levels)
        return steps, (one.times, one.repeat_after) if one.times else ()

    found: dict[str, dict[str, _Told]] = {}
    for team, tiers in (tiers_in_use(inventory) if inventory is not None else {}).items():
        for tier in tiers:
            assert inventory is not None  # noqa: S101 - the team is of this one
            one = policy(inventory, team, tier)
            found.setdefault(team, {})[tier] = (noticed(one), sentence(inventory, team, one))
    return found


def _of_team(team: str, name: str, before: dict[str, _Told], after: dict[str, _Told]) -> list[EscalationChange]:
    alike: dict[tuple[str | None, str | None], list[str]] = {}
    for tier in dict.fromkeys([*after, *before]):
        was, will = before.get(tier, (None, None)), after.get(tier, (None, None))
        if was[0] != will[0]:
            alike.setdefault((was[1], will[1]), []).append(tier)
    return [EscalationChange(team, name, tuple(tiers), was, now) for (was, now), tiers in alike.items()]


def sentence(inventory: Inventory, team: str, found: Policy) -> str:
    """Return an escalation in words: `primary at once; Bo Lind after 5m; twice more, 20m after it began`."""
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
