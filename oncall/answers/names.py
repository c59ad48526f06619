"""What people name on the command line: teams, schedules, servers, people; for a slip, the nearest there is."""

from collections.abc import Collection
from difflib import get_close_matches

from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef

_SHOWN = 8


class UnknownNameError(Exception):
    """A name that leads nowhere; its text says what was looked for and what is near."""


def team_named(inventory: Inventory, name: str, also: tuple[str, Collection[str]] = ("", ())) -> str:
    """Return the key of a team, also for one it had before; `also` is what else might have been meant, for a slip."""
    if name in inventory.teams:
        return name
    former = next((key for key, team in inventory.teams.items() if name in team.formerly), None)
    if former is not None:
        return former
    kind, others = also
    raise unknown(f"team or {kind}" if kind else "team", name, [*inventory.teams, *others])


def schedule_named(inventory: Inventory, name: str) -> ScheduleRef:
    """Return the schedule `team/schedule`."""
    team, _, schedule = name.partition("/")
    found = team_named(inventory, team)
    if schedule not in inventory.teams[found].schedules:
        raise unknown("schedule", name, [f"{found}/{key}" for key in inventory.teams[found].schedules])
    return ScheduleRef(found, schedule)


def schedules_named(inventory: Inventory, name: str | None) -> tuple[ScheduleRef, ...]:
    """Return the schedules of a team, the one of `team/schedule`, or (None) all, as written."""
    if name is not None and "/" in name:
        return (schedule_named(inventory, name),)
    teams = inventory.teams if name is None else (team_named(inventory, name),)
    return tuple(ScheduleRef(team, schedule) for team in teams for schedule in inventory.teams[team].schedules)


def person_named(inventory: Inventory, name: str) -> str:
    """Return the key of a person, also for an e-mail address."""
    if name in inventory.people:
        return name
    address = name.casefold()
    found = next((key for key, person in inventory.people.items() if person.email.casefold() == address), None)
    if found is None:
        raise unknown("person", name, inventory.people)
    return found


def unknown(kind: str, name: str, known: Collection[str]) -> UnknownNameError:
    """Return the fault that names the nearest of what is known, or some of it."""
    near = nearest(name, known)
    some = ", ".join(sorted(known)[:_SHOWN]) + (f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else "")
    way_out = f"did you mean `{near}`?" if near else f"known: {some}" if known else "there is none"
    return UnknownNameError(f"no {kind} `{name[:100]}` ({way_out})")


def nearest(name: str, known: Collection[str], cutoff: float = 0.6) -> str | None:
    """Return the known name most like another, if any is like it."""
    return next(iter(get_close_matches(name[:100], known, n=1, cutoff=cutoff)), None)
