"""Who changed at PagerDuty what differs there, and when, by its audit records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from oncall.clients.errors import Forbidden
from oncall.clients.pagerduty import Pagerduty
from oncall.clients.pagerduty_audit import LastChange, last_change, last_deletes
from oncall.preview.model import Drift
from oncall.preview.preflight_users import Deleted
from oncall.resource import Ref, Resource
from oncall.targets.pagerduty.kinds import INTEGRATION, MEMBERSHIP, OVERRIDE, POLICY, SCHEDULE, SERVICE, TEAM, USER

ROOTS = {USER: "users", TEAM: "teams", SCHEDULE: "schedules", POLICY: "escalation_policies", SERVICE: "services"}
PART_OF = {MEMBERSHIP: "team_id", INTEGRATION: "service", OVERRIDE: "schedule_id"}
"""Kinds whose changes stand in the records of another object: the property that names it."""
MOST = 25
"""Objects whose records are asked for, each by a call."""


def with_history(
    account: Pagerduty,
    found: Sequence[Drift],
    ids: Mapping[tuple[str, str], str],
    now: datetime,
    on_progress: Callable[[str], None],
) -> tuple[tuple[Drift, ...], str]:
    """Return what differs with who did it and when, and a sentence where that can't be told."""
    told: list[Drift] = []
    deletes: dict[str, Mapping[str, LastChange]] = {}
    known: dict[tuple[str, str], LastChange | None] = {}
    for one in found[:MOST]:
        place = _root(one.change.resource)
        on_progress("/audit/records")
        try:
            change = None
            if place is not None and place in ids:
                if place not in known:
                    known[place] = last_change(account, ROOTS[place[0]], ids[place], now)
                change = known[place]
            elif place is not None:
                root = ROOTS[place[0]]
                if root not in deletes:
                    deletes[root] = last_deletes(account, root, now)
                change = deletes[root].get(str(one.change.resource.properties.get("name")))
        except Forbidden as fault:
            return tuple(found), f"Who did it can't be told: {fault}."
        told.append(replace(one, who=change.who, at=change.at) if change is not None else one)
    more = len(found) - MOST
    return (*told, *found[MOST:]), (f"Who changed {more} more was not asked." if more > 0 else "")


def deleted_users(
    account: Pagerduty, now: datetime, on_progress: Callable[[str], None]
) -> tuple[Mapping[str, Deleted], str]:
    """Return the users that were deleted lately, by name, and a sentence where that can't be told."""
    on_progress("/audit/records")
    try:
        found = last_deletes(account, ROOTS[USER], now)
    except Forbidden as fault:
        return {}, f"Whether a missing user was deactivated can't be told: {fault}."
    return {name: Deleted(change.at, change.who) for name, change in found.items()}, ""


def _root(resource: Resource) -> tuple[str, str] | None:
    """Return kind and key of the object whose records tell of a resource."""
    if resource.kind in ROOTS:
        return resource.kind, resource.key
    ref = resource.properties.get(PART_OF.get(resource.kind, ""))
    return (ref.kind, ref.key) if isinstance(ref, Ref) and ref.kind in ROOTS else None
