"""What of the base became what of the head: keys that were renamed (`formerly`), people known by their address."""

from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef


def team_pairs(base: Inventory | None, head: Inventory | None) -> dict[str, str]:
    """Return the teams of the base by those of the head that they became."""
    if base is None or head is None:
        return {}
    found = {
        key: next((each for each in (key, *team.formerly) if each in base.teams), None)
        for key, team in head.teams.items()
    }
    return {key: was for key, was in found.items() if was is not None}


def schedule_pairs(base: Inventory | None, head: Inventory | None) -> dict[ScheduleRef, ScheduleRef]:
    """Return the schedules of the base by those of the head that they became."""
    if base is None or head is None:
        return {}
    found: dict[ScheduleRef, ScheduleRef] = {}
    for key, was in team_pairs(base, head).items():
        there = base.teams[was].schedules
        for name, schedule in head.teams[key].schedules.items():
            before = next((each for each in (name, *schedule.formerly) if each in there), None)
            if before is not None:
                found[ScheduleRef(key, name)] = ScheduleRef(was, before)
    return found


def person_pairs(base: Inventory | None, head: Inventory | None) -> dict[str, str]:
    """Return the people whose key is another now, the new key by the old: the vendors know people by their address."""
    if base is None or head is None:
        return {}
    new = {person.email.casefold(): key for key, person in head.people.items() if key not in base.people}
    gone = {key: person.email.casefold() for key, person in base.people.items() if key not in head.people}
    return {key: new[email] for key, email in gone.items() if email in new}
