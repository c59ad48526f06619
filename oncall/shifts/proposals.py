"""Who could stand in for a shift: free at that time, and having carried least before it.

What somebody on leave still holds is `Held.shifts(person, start, end)`: covers, swaps and overrides are applied there.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from oncall.model import NOBODY
from oncall.model.escalation import ScheduleRef
from oncall.shifts.clock import moment_end
from oncall.shifts.held import Held

LOOK_BACK = timedelta(weeks=13)  # in which what people have carried is counted


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody free to take a shift.

    `takes_turns` says whether they stand in the schedule anyway, `carried` is how long they were on call, over all
    schedules, in the 13 weeks before the shift; `holiday` is the name of a public holiday of theirs that it falls on.
    """

    person: str
    carried: timedelta
    takes_turns: bool
    holiday: str | None


def proposals(
    held: Held, ref: ScheduleRef, start: datetime, end: datetime, absent: frozenset[str] = frozenset()
) -> tuple[Proposal, ...]:
    """Return who could take a schedule from one aware instant to another, the best first.

    People of the team who stay that long, aren't `absent`, on leave or on call anywhere meanwhile. First come those
    without a public holiday, of them those who take turns in the schedule, of them whoever has carried least.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    rota, inventory = held.rota, held.rota.inventory
    in_turn = {
        person
        for spans in rota.spans(ref).values()
        for span in spans
        if span.end is None or span.end > start
        for person in span.people
    } - {NOBODY}
    members = [member.person for member in inventory.teams[ref.team].members if member.role != "observer"]
    found = []
    for key in dict.fromkeys([*sorted(in_turn), *members]):
        person = inventory.people[key]
        stays = person.until is None or moment_end(person.until, inventory.person_zone(person)) >= end
        if key in absent or not stays or rota.away(key, start, end) or held.shifts(key, start, end):
            continue
        holidays = rota.public_holidays(key, start, end)
        carried = held.hours(key, start - LOOK_BACK, start)
        found.append(Proposal(key, carried, key in in_turn, holidays[0][2] if holidays else None))
    return tuple(sorted(found, key=lambda one: (one.holiday is not None, not one.takes_turns, one.carried, one.person)))
