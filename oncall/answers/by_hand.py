"""Overrides that people made by hand at the vendors, told from ours in the vendors' answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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
from oncall.targets.pagerduty.kinds import SHIFT_SCHEDULE
from oncall.targets.pagerduty.names import schedule_name as pagerduty_name
from oncall.targets.pagerduty.schedules import vendor_schedules as at_pagerduty
from oncall.targets.pagerduty.shift_overrides import shift_overrides

Row = Mapping[str, Any]


class UnreadableError(Exception):
    """A vendor's answer that is not what its documents say."""


@dataclass(frozen=True, slots=True)
class Own:
    """An override of ours as the vendor was given it; `alias` at OpsGenie only."""

    person: str
    start: datetime
    end: datetime
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A schedule of ours at a vendor: its name there, and the overrides in it that are ours.

    `alone`: the inventory's schedule is this one there, so an override of it is one of the whole schedule. `shifts`: it
    is one of PagerDuty's shift-based schedules, whose overrides put one person in the place of one other.
    """

    vendor: TargetName
    ref: ScheduleRef
    name: str
    alone: bool
    shifts: bool
    ours: tuple[Own, ...]


def known_schedules(
    inventory: Inventory, vendor: TargetName, refs: Iterable[ScheduleRef], now: datetime
) -> tuple[Known, ...]:
    """Return what some schedules are at a vendor, of those whose team is there; `now` as for `desired`."""
    wanted = [ref for ref in refs if vendor in inventory.teams[ref.team].pages_through]
    teams = dict.fromkeys(ref.team for ref in wanted)
    schedules, name = (at_pagerduty, pagerduty_name) if vendor == "pagerduty" else (at_opsgenie, opsgenie_name)
    found = schedules(inventory, teams, now)
    found = {ref: parts for ref, parts in found.items() if ref in wanted}
    ours: dict[str, list[Own]] = {}
    for stint in stints(inventory, found, now):
        ours.setdefault(stint.schedule.key, []).extend(_owned(vendor, stint))
    return tuple(
        Known(
            vendor,
            ref,
            name(inventory, part),
            len(parts) == 1 and part.kind != SHIFT_SCHEDULE,
            part.kind == SHIFT_SCHEDULE,
            tuple(ours.get(part.key, ())),
        )
        for ref, parts in found.items()
        for part in parts
    )


def ours_before_too(known: Iterable[Known], before: Iterable[Known], keys: Mapping[str, str]) -> tuple[Known, ...]:
    """Return schedules with what was ours in them before an edit besides: it is there until the edit is applied.

    `keys` are people's keys now by those before, where they are others.
    """
    was: dict[str, list[Own]] = {}
    for one in before:
        renamed = (replace(own, person=keys.get(own.person, own.person)) for own in one.ours)
        was.setdefault(one.name.casefold(), []).extend(renamed)
    return tuple(
        replace(one, ours=tuple(dict.fromkeys((*one.ours, *was.get(one.name.casefold(), ()))))) for one in known
    )


def _owned(vendor: TargetName, stint: Stint) -> Iterator[Own]:
    if stint.schedule.kind == SHIFT_SCHEDULE:
        for made in shift_overrides(stint):
            given = made.properties
            yield Own(stint.person, _read(given["start"]), _read(given["end"]))
    else:
        yield Own(stint.person, stint.start, stint.end, alias_of(stint) if vendor == "opsgenie" else "")


def by_hand_at_pagerduty(
    inventory: Inventory, known: Known, rows: Iterable[Row], addresses: Mapping[str, str]
) -> Iterator[Foreign]:
    """Give the overrides of a schedule that are not ours; `addresses` has the e-mail address of each user's id.

    Raises UnreadableError. PagerDuty knows overrides by nothing of ours; and one of ours may begin later than
    it says: a start that was past when it was made was moved to that moment.
    """
    people = _people(inventory)
    for row in rows:
        user = _part(row, "overriding_member" if known.shifts else "user")
        start = _instant(known, row.get("start_time" if known.shifts else "start"))
        end = _instant(known, row.get("end_time" if known.shifts else "end"))
        address = addresses.get(str(user.get("user_id" if known.shifts else "id")), "")
        person = people.get(address)
        if any(one.person == person and one.end == end and one.start <= start for one in known.ours):
            continue
        who = str(user.get("summary") or address or user.get("user_id") or "nobody")
        yield Foreign(known.ref, start, end, person, who, known.vendor, known.alone)


def by_hand_at_opsgenie(inventory: Inventory, known: Known, rows: Iterable[Row]) -> Iterator[Foreign]:
    """Give the overrides of a schedule that are not ours: ours are known by their alias. Raises UnreadableError."""
    people = _people(inventory)
    ours = {one.alias for one in known.ours}
    for row in rows:
        if str(row.get("alias")) in ours:
            continue
        user = _part(row, "user")
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


def _part(row: Row, name: str) -> Row:
    part = row.get(name)
    return part if isinstance(part, Mapping) else {}


def _instant(known: Known, text: object) -> datetime:
    try:
        return _read(text)
    except (ValueError, OverflowError) as fault:
        what = f"{TITLES[known.vendor]} answered an override of {known.name!r} without a readable time"
        raise UnreadableError(what) from fault


def _read(text: object) -> datetime:
    instant = datetime.fromisoformat(str(text))
    if instant.tzinfo is None:
        raise ValueError("an instant has a zone")
    return instant.astimezone(UTC)
