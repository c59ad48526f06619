"""People: told apart, reachable, and members of the teams they are on call for."""

from collections.abc import Iterator
from typing import Literal

from oncall.errors import Path
from oncall.model import NOBODY, SEVERITIES, Inventory, Person, Severity
from oncall.model.escalation import PersonRef
from oncall.model.phones import split_phone
from oncall.validate.base import Context, Fault, Rule, standing

ALOUD = ("call", "sms")  # ways of telling that need a phone


def duplicate_email(context: Context) -> Iterator[Fault]:
    """Find people who would be one user at the vendors, which find them by e-mail."""
    first: dict[str, str] = {}
    for key, person in context.inventory.people.items():
        other = first.setdefault(person.email.casefold(), key)
        if other != key:
            yield Fault(f"`{key}` has the e-mail address of `{other}`", ("people", key, "email"))


def duplicate_member(context: Context) -> Iterator[Fault]:
    """Find people listed twice in a team."""
    for key, team in context.inventory.teams.items():
        seen: set[str] = set()
        for place, member in enumerate(team.members):
            if member.person in seen:
                yield Fault(f"`{member.person}` is listed twice", ("teams", key, "members", place))
            seen.add(member.person)


def call_without_phone(context: Context) -> Iterator[Fault]:
    """Find people who are to be called and have no number; an error where we write their rules."""
    inventory = context.inventory
    for key, person in inventory.people.items():
        if person.phone is not None:
            continue
        ours = inventory.manage_of(person) != "none"
        heard = [severity for severity in SEVERITIES if ours or severity in context.told.get(key, ())]
        aloud = [severity for severity in heard if _aloud(inventory, person, severity)]
        if aloud:
            message = f"`{key}` is to be called for {' and '.join(aloud)} and has no phone"
            yield Fault(message, ("people", key), "give `phone`, or `pages` without call and sms", _or_notice(ours))


def phone_not_split(context: Context) -> Iterator[Fault]:
    """Find numbers of people whose contacts are ours, that can't be told apart into country and number."""
    inventory = context.inventory
    for key, person in inventory.people.items():
        if person.phone is None or inventory.manage_of(person) == "none" or split_phone(person.phone) is not None:
            continue
        message = f"`{person.phone}` is no number that can be called from abroad"
        hint = "a country's calling code, then the number without the 0 that is dialled inside the country"
        yield Fault(message, ("people", key, "phone"), hint)


def never_told(context: Context) -> Iterator[Fault]:
    """Find people whose notification rules are ours and empty for a severity that must always reach someone."""
    inventory = context.inventory
    for key, severities in context.told.items():
        person = inventory.people.get(key)
        if person is None or inventory.manage_of(person) == "none":
            continue
        silent = [s for s in SEVERITIES[:2] if s in severities and not inventory.pages_of(person, s)]
        if silent:
            message = f"`{key}` would be told in no way of {' and '.join(silent)}"
            yield Fault(message, ("people", key), "give `pages`, here or for the organisation")


def not_a_member(context: Context) -> Iterator[Fault]:
    """Find people on call for a team they don't belong to."""
    members = {key: {member.person for member in team.members} for key, team in context.inventory.teams.items()}
    for team, person, path in _on_duty(context):
        if person in context.inventory.people and team in members and person not in members[team]:
            message = f"`{person}` is on call for team `{team}` and no member of it"
            yield Fault(message, path, f"add them to the members of `{team}`")


def _on_duty(context: Context) -> Iterator[tuple[str, str, Path]]:
    inventory = context.inventory
    for at in context.lineups:
        for place, person in enumerate(at.lineup.people):
            if person != NOBODY:
                yield at.team, person, (*at.path, "people", place)
    for team, recipient, path in context.resolved():
        if isinstance(recipient, PersonRef):
            yield team, recipient.person, path
    for number, override in enumerate(inventory.overrides):
        yield override.schedule.partition("/")[0], override.person, ("overrides", number, "person")
    for number, swap in enumerate(inventory.swaps):
        for n, person in enumerate(swap.people):
            yield swap.schedule.partition("/")[0], person, ("swaps", number, "people", n)
    covers = [(number, leave) for number, leave in enumerate(inventory.leave) if leave.cover]
    if covers:
        duties = {
            key: frozenset().union(*(standing(schedule) for schedule in team.schedules.values()))
            for key, team in inventory.teams.items()
        }
        for number, leave in covers:
            only = leave.schedule.partition("/")[0] if leave.schedule else None
            for team, people in duties.items():
                if leave.person in people and only in (None, team) and leave.cover is not None:
                    yield team, leave.cover, ("leave", number, "cover")


def _aloud(inventory: Inventory, person: Person, severity: Severity) -> bool:
    return any(step.method in ALOUD for step in inventory.pages_of(person, severity))


def _or_notice(is_error: bool) -> Literal["error", "notice"]:
    return "error" if is_error else "notice"


RULES = (
    Rule("duplicate-email", "error", "Every person has an e-mail address of their own.", duplicate_email),
    Rule("duplicate-member", "error", "A person is a member of a team once.", duplicate_member),
    Rule("not-a-member", "error", "Whoever is on call for a team is a member of it.", not_a_member),
    Rule(
        "call-without-phone",
        "error",
        "Whoever is called has a phone; a notice under `manage: none`.",
        call_without_phone,
    ),
    Rule("phone-not-split", "error", "Managed people's numbers can be called from abroad.", phone_not_split),
    Rule("never-told", "error", "Managed people on call hear of critical and high in some way.", never_told),
)
