"""Overrides that people made by hand at the vendors, told from ours in the vendors' answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from oncall.answers.shift_rows import Foreign
from oncall.model import Inventory, TargetName
from oncall.model.escalation import ScheduleRef
from oncall.targets.checks import TITLES
from oncall.targets.opsgenie.names import schedule_name as opsgenie_name
from oncall.targets.opsgenie.schedules import alias_of
from oncall.targets.opsgenie.schedules import vendor_schedules as at_opsgenie
from oncall.targets.overrides import Stint, stints
from oncall.targets.pagerduty.names import schedule_name as pagerduty_name
from oncall.targets.pagerduty.schedules import vendor_schedules as at_pagerduty

Row = Mapping[str, Any]


class UnreadableError(Exception):
    """A vendor's answer that is not what its documents say."""


@dataclass(frozen=True, slots=True)
class Known:
    """A schedule of ours at a vendor: its name there, and what of it is ours.

    `alone`: the inventory's schedule is this one there, so an override of it is one of the whole schedule.
    """

    vendor: TargetName
    ref: ScheduleRef
    name: str
    alone: bool
    ours: tuple[Stint, ...]


def known_schedules(
    inventory: Inventory, vendor: TargetName, refs: Iterable[ScheduleRef], now: datetime
) -> tuple[Known, ...]:
    """Return what some schedules are at a vendor, of those whose team is there; `now` as for `desired`."""
    wanted = [ref for ref in refs if vendor in inventory.teams[ref.team].pages_through]
    teams = dict.fromkeys(ref.team for ref in wanted)
    schedules, name = (at_pagerduty, pagerduty_name) if vendor == "pagerduty" else (at_opsgenie, opsgenie_name)
    found = schedules(inventory, teams, now)
    found = {ref: parts for ref, parts in found.items() if ref in wanted}
    ours: dict[str, list[Stint]] = {}
    for stint in stints(inventory, found, now):
        ours.setdefault(stint.schedule.key, []).append(stint)
    return tuple(
        Known(vendor, ref, name(inventory, part), len(parts) == 1, tuple(ours.get(part.key, ())))
        for ref, parts in found.items()
        for part in parts
    )


def by_hand_at_pagerduty(
    inventory: Inventory, known: Known, rows: Iterable[Row], addresses: Mapping[str, str]
) -> Iterator[Foreign]:
    """Give the overrides of a schedule that are not ours; `addresses` has the e-mail address of each user's id.

    Raises UnreadableError. PagerDuty knows overrides by nothing of ours; and one of ours may begin later than
    it says: a start that was past when it was made was moved to that moment.
    """
    people = _people(inventory)
    for row in rows:
        user = _user(row)
        start, end = _instant(known, row.get("start")), _instant(known, row.get("end"))
        person = people.get(addresses.get(str(user.get("id")), ""))
        if any(one.person == person and one.end == end and one.start <= start for one in known.ours):
            continue
        who = str(user.get("summary") or user.get("name") or user.get("id"))
        yield Foreign(known.ref, start, end, person, who, known.vendor, known.alone)


def by_hand_at_opsgenie(inventory: Inventory, known: Known, rows: Iterable[Row]) -> Iterator[Foreign]:
    """Give the overrides of a schedule that are not ours: ours are known by their alias. Raises UnreadableError."""
    people = _people(inventory)
    ours = {alias_of(one) for one in known.ours}
    for row in rows:
        if row.get("alias") in ours:
            continue
        user = _user(row)
        who = str(user.get("username") or user.get("name") or user.get("id"))
        whole = known.alone and not row.get("rotations")
        start, end = _instant(known, row.get("startDate")), _instant(known, row.get("endDate"))
        yield Foreign(known.ref, start, end, people.get(who.casefold()), who, known.vendor, whole)


def within(found: Iterable[Foreign], start: datetime, end: datetime) -> tuple[Foreign, ...]:
    """Return those that touch two instants, by schedule and start."""
    touching = (one for one in found if one.start < end and start < one.end)
    return tuple(sorted(touching, key=lambda one: (one.schedule, one.start, one.end, one.who)))


def _people(inventory: Inventory) -> dict[str, str]:
    return {person.email.casefold(): key for key, person in inventory.people.items()}


def _user(row: Row) -> Row:
    user = row.get("user")
    return user if isinstance(user, Mapping) else {}


def _instant(known: Known, text: object) -> datetime:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise UnreadableError(f"{TITLES[known.vendor]} answered an override of {known.name!r} without a readable time")
    return instant.astimezone(UTC)
