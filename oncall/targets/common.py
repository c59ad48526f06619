"""What every target needs from an inventory: its teams, their members, who has left, minutes, texts, instants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from oncall.model import Inventory, TargetName
from oncall.model.escalation import Policy, Recipient
from oncall.resource import Ref, Resource

MANAGED = "Managed from the inventory"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MinuteLevel:
    """Everybody who is told `minute` whole minutes after the alert began."""

    minute: int
    recipients: tuple[Recipient, ...]


def described(text: str | None) -> str:
    """Return the description of an object: our own words, and that it is managed."""
    return f"{text} - {MANAGED}" if text else MANAGED


def teams_at(inventory: Inventory, target: TargetName) -> tuple[str, ...]:
    """Return the keys of the teams that have objects at a target, sorted."""
    return tuple(sorted(key for key, team in inventory.teams.items() if target in team.pages_through))


def has_left(inventory: Inventory, person_key: str, now: datetime) -> bool:
    """Whether a person's last day is over; days are those of the person's zone."""
    person = inventory.people[person_key]
    return person.until is not None and now.astimezone(ZoneInfo(inventory.person_zone(person))).date() > person.until


def by_team(memberships: Iterable[Resource]) -> dict[str, tuple[Ref, ...]]:
    """Return memberships by team, for what has to be made after them.

    What is made after something is gone before it: schedules and escalations let go of a person before the team does.
    PagerDuty refuses another order ("User cannot be removed as they belong to an escalation policy on this team",
    api-behaviour.md, 5).
    """
    found: dict[str, list[Ref]] = {}
    for resource in memberships:
        if resource.team:
            found.setdefault(resource.team, []).append(Ref(resource.kind, resource.key))
    return {key: tuple(refs) for key, refs in found.items()}


def utc_text(instant: datetime) -> str:
    """Return a UTC instant as RFC 3339, to the second."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def whole_minutes(span: timedelta) -> int:
    """Return a duration in minutes, rounded up: nobody is paged earlier than written."""
    return -(-span // MINUTE)


def minute_levels(policy: Policy) -> tuple[MinuteLevel, ...]:
    """Return a policy's levels at whole minutes; those that fall on the same minute are one."""
    found: dict[int, list[Recipient]] = {}
    for level in policy.levels:
        found.setdefault(whole_minutes(level.after), []).extend(level.recipients)
    return tuple(MinuteLevel(minute, tuple(dict.fromkeys(recipients))) for minute, recipients in found.items())
