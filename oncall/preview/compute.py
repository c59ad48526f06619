"""Two inventories in, one preview out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from oncall.errors import Finding, Mark, Problem
from oncall.model import Inventory, TargetName
from oncall.plan import Change, diff
from oncall.preview.guard import stops
from oncall.preview.model import Preview, Side
from oncall.preview.paging import coverage_changes, escalation_changes, route_changes
from oncall.preview.rosters import roster_edits
from oncall.preview.settings import setting_changes
from oncall.preview.shifts import hours_changes, later_changes, shift_changes
from oncall.preview.staying import without_staying
from oncall.preview.verdict import verdict
from oncall.resource import Resource
from oncall.shifts.rota import Rota
from oncall.targets import TARGETS
from oncall.targets.checks import TITLES
from oncall.validate import unresolved


def preview(
    base: Side, head: Side, now: datetime, days: int = 28, accepted: Mapping[str, str] | None = None
) -> Preview:
    """Return what the edit from `base` to `head` means for the `days` from an aware instant `now` on.

    A head that is no usable inventory gives its problems and nothing else; a base without one is an empty beginning.
    `accepted` are the guard's rules that are let through, each with the reason.
    """
    end = now + timedelta(days=days)
    if head.inventory is None or head.stopped_by:
        organization = head.inventory.organization if head.inventory is not None else ""
        zone = head.inventory.time_zone if head.inventory is not None else "UTC"
        text = verdict(None, head.stopped_by)
        return Preview(now, end, organization, zone, text, new_problems=_located(head, head.problems), usable=False)
    was, note = _usable(base, now)
    will = head.inventory
    came, went = _problems(base.problems, head.problems)
    new, fixed = _located(head, came), _located(base, went)
    before, after = (Rota(was) if was is not None else None), Rota(will)
    shifts = shift_changes(before, after, now, end)
    later = later_changes(before, after, shifts, end)
    objects, counts, staying = _objects(was, will, now) if was is not will else ({}, {}, ())
    found = Preview(
        start=now,
        end=end,
        organization=will.organization,
        zone=will.time_zone,
        verdict="",
        shifts=shifts,
        later=later,
        hours=hours_changes(shifts, end),
        edits=roster_edits(before, after, now),
        coverage=coverage_changes(was, will, now, end),
        new_problems=(*head.moved, *new, *_located(head, [each.at(Mark("inventory")) for each in staying])),
        fixed_problems=fixed,
        routes=route_changes(was, will),
        escalations=escalation_changes(was, will),
        settings=setting_changes(was, will, [each for one in (*shifts, *later) for each in one.made_by]),
        objects=objects,
        names=_names(was, will),
        note=note,
        from_nothing=was is None,
    )
    if was is not None:
        found = replace(found, stops=stops(found, was, will, counts, accepted or {}))
    return replace(found, verdict=verdict(found, ()))


def _usable(base: Side, now: datetime) -> tuple[Inventory | None, str]:
    """Return the inventory to compare with, and a sentence where there is none."""
    if base.inventory is None and not base.problems:
        return None, "There was no inventory before: everything is new."
    if base.inventory is None or unresolved(base.inventory, now):
        return None, "The inventory before can't be used (see the fixed findings): everything shows as new."
    return base.inventory, ""


def _problems(before: Sequence[Problem], after: Sequence[Problem]) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the problems that are new and those that are gone; on which line they stand does not matter.

    A notice about the same thing in other words (one gap more, a date on) is neither.
    """
    old, new = (Counter(map(_said, some)) for some in (before, after))
    came, went = _surplus(after, new - old), _surplus(before, old - new)
    still = set(map(_place, came)) & set(map(_place, went))
    left = [tuple(each for each in some if _place(each) not in still) for some in (came, went)]
    return left[0], left[1]


def _located(side: Side, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(map(side.locate, problems))))


def _said(problem: Problem) -> tuple[str, str, str]:
    return (problem.rule, problem.severity, problem.message)


def _place(problem: Problem) -> tuple[object, ...]:
    return (problem.rule, problem.path) if problem.severity == "notice" else (problem,)


def _surplus(problems: Sequence[Problem], left: Counter[tuple[str, str, str]]) -> list[Problem]:
    found = []
    for each in problems:
        if left[_said(each)]:
            left[_said(each)] -= 1
            found.append(each)
    return found


def _objects(
    base: Inventory | None, head: Inventory, now: datetime
) -> tuple[dict[TargetName, tuple[Change, ...]], dict[tuple[str, str], int], tuple[Finding, ...]]:
    """Return what changes at each vendor, how many objects of a noun the base has there, and what stays as it is."""
    changes: dict[TargetName, tuple[Change, ...]] = {}
    counts: dict[tuple[str, str], int] = {}
    staying: list[Finding] = []
    for target in TARGETS:
        before: Sequence[Resource] = target.desired(base, now) if base is not None else ()
        for each in before:
            noun = (target.name, each.kind.partition(":")[2])
            counts[noun] = counts.get(noun, 0) + 1
        found, stays = without_staying(diff(before, target.desired(head, now)), head, TITLES[target.name])
        staying += stays
        if found:
            changes[target.name] = found
    return changes, counts, tuple(staying)


def _names(base: Inventory | None, head: Inventory) -> dict[str, str]:
    people = {**(base.people if base is not None else {}), **head.people}
    return {key: person.name for key, person in people.items()}
