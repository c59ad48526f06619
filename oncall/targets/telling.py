"""How people whose rules are ours are told: which severities they hear of at a target, by which ways, after how long.

A call or SMS needs a phone, push needs a device: the API of neither vendor registers one, only their apps do
(https://docs.opsgenie.com/docs/contact-api, "adding mobile contact is not supported").
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall.errors import Finding, Path
from oncall.model import NOBODY, SEVERITIES, Inventory, PageStep, Severity, TargetName
from oncall.model.escalation import PersonRef, policy
from oncall.model.phones import split_phone
from oncall.model.words import Method
from oncall.shifts.rota import Rota
from oncall.targets.checks import TITLES
from oncall.targets.common import MINUTE, has_left, whole_minutes
from oncall.targets.vendor_schedules import running_rotations

Heard = Mapping[str, frozenset[Severity]]
"""The severities that somebody hears of, by person."""
MUST_REACH: tuple[Severity, ...] = ("critical", "high")


@dataclass(frozen=True, slots=True)
class Way:
    """One way of telling somebody, whole minutes after the page reached them."""

    method: Method
    minute: int


def telling_rules(target: TargetName) -> dict[str, str]:
    """Return the rules about people's own ways of being told, under a target's ids."""
    return {
        f"{target}-push-without-device": "Managed people who get push name the device that the app registered.",
    }


def heard(inventory: Inventory, tiers: Mapping[str, Sequence[str]], now: datetime) -> Heard:
    """Return what people hear of through the tiers in use of some teams, now or later; others hear of nothing."""
    found: dict[str, set[Severity]] = {}
    rota = Rota(inventory)
    for team, used in tiers.items():
        for tier in used:
            for person in people_told(rota, team, tier, now):
                found.setdefault(person, set()).add(inventory.tiers[tier].severity)
    return {person: frozenset(severities) for person, severities in found.items()}


def people_told(rota: Rota, team: str, tier: str, now: datetime) -> set[str]:
    """Return the people whom a policy tells now or later, stand-ins too."""
    people: set[str] = set()
    inventory = rota.inventory
    for level in policy(inventory, team, tier).levels:
        for who in level.recipients:
            if isinstance(who, PersonRef):
                people.add(who.person)
            else:
                rotations = running_rotations(inventory, who, now)
                people.update(person for each in rotations for span in each.spans for person in span.people)
                people.update(shift.person for shift in rota.exceptional(who, now))
    return people - {NOBODY}


def members(inventory: Inventory, teams: Iterable[str]) -> set[str]:
    """Return everybody who belongs to some of these teams."""
    return {member.person for team in teams for member in inventory.teams[team].members}


def managed(inventory: Inventory, people: Iterable[str], now: datetime) -> list[str]:
    """Return those whose contacts and rules are ours, sorted; somebody whose last day is over keeps their own."""
    return [
        key
        for key in sorted(set(people))
        if key in inventory.people
        and inventory.manage_of(inventory.people[key]) != "none"
        and not has_left(inventory, key, now)
    ]


def ways(inventory: Inventory, person: str, severity: Severity) -> tuple[Way, ...]:
    """Return the ways in which somebody can be told at a severity, each once, in the order they act."""
    found = {
        Way(step.method, whole_minutes(step.after))
        for step in inventory.pages_of(inventory.people[person], severity)
        if _possible(inventory, person, step)
    }
    return tuple(sorted(found, key=lambda way: (way.minute, way.method)))


def phone_of(inventory: Inventory, person: str) -> tuple[int, str] | None:
    """Return a person's calling code and number, if there is a number that can be split."""
    phone = inventory.people[person].phone
    return split_phone(phone) if phone else None


def telling_findings(
    inventory: Inventory, target: TargetName, people: Iterable[str], hears: Heard
) -> Iterator[Finding]:
    """Give what a target can't do of the ways in which these people are told, each place once."""
    places: dict[tuple[str, Path], Finding] = {}
    for key in people:
        for severity in SEVERITIES:
            for finding in _findings(inventory, target, key, severity, severity in hears.get(key, ())):
                known = places.setdefault((finding.rule, finding.path), finding)
                if finding.severity == "error" and known.severity != "error":
                    places[finding.rule, finding.path] = finding
    yield from places.values()


def _findings(inventory: Inventory, target: TargetName, key: str, severity: Severity, hears: bool) -> Iterator[Finding]:
    person = inventory.people[key]
    own = person.pages is not None and getattr(person.pages, severity) is not None
    for place, step in enumerate(inventory.pages_of(person, severity)):
        path: Path = (*(("people", key) if own else ()), "pages", severity, place)
        if step.after % MINUTE:
            message = f"{step.after.total_seconds():.0f} s become {whole_minutes(step.after)} min"
            yield Finding(f"{target}-step-seconds", f"{TITLES[target]} counts whole minutes: {message}", path, "reason")
        if step.method == "push" and person.device is None:
            alone = hears and severity in MUST_REACH and not ways(inventory, key, severity)
            rest = "nothing else tells them of this" if alone else "the others of their ways stay"
            yield Finding(
                f"{target}-push-without-device",
                f"`{key}` is to be told by push and names no device, which only the app can register; {rest}",
                ("people", key),
                "error" if alone else "reason",
                "give `device`, the phone's name in the app, once it is logged in",
            )


def _possible(inventory: Inventory, person: str, step: PageStep) -> bool:
    if step.method == "push":
        return inventory.people[person].device is not None
    return step.method == "email" or phone_of(inventory, person) is not None
