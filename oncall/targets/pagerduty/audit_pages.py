"""Where one person's ways of being told can't be kept apart: PagerDuty knows two urgencies, not four severities.

Only people whose rules are ours (`manage` other than none) are looked at: of the others nothing is written.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from oncall.errors import Finding, Path
from oncall.model import Inventory, Severity
from oncall.shifts.rota import Rota
from oncall.targets.telling import heard, managed, members, people_told, telling_findings, telling_rules

PAGES_RULES: Mapping[str, str] = {
    **telling_rules("pagerduty"),
    "critical-and-high-pages-differ": "Managed people are told of critical and high in one way: both are high urgency.",
    "medium-and-low-pages-differ": "Managed people are told of medium and low in one way: both are low urgency.",
    "medium-pages-like-high": "Managed people are told of held pages as of high ones, in the hours they aren't held.",
}


def pages_findings(inventory: Inventory, tiers: Mapping[str, Sequence[str]], now: datetime) -> Iterator[Finding]:
    """Give the faults of the ways in which the people behind these teams' tiers are told, each once."""
    if inventory.manage == "none" and all(person.manage in (None, "none") for person in inventory.people.values()):
        return
    rota = Rota(inventory)
    critical, high, held, medium, low = (set[str]() for _ in range(5))
    for team, used in tiers.items():
        for key in used:
            tier = inventory.tiers[key]
            people = set(managed(inventory, people_told(rota, team, key, now), now))
            if tier.severity == "critical":
                critical |= people
            elif tier.severity == "high":
                high |= people
            else:
                (medium if tier.severity == "medium" else low).update(people)
                if tier.hold_outside is not None:
                    held |= people
    seen: set[tuple[str, Path]] = set()
    for finding in (
        *_differing(
            inventory,
            critical & high,
            ("critical", "high"),
            "critical-and-high-pages-differ",
            "critical and high are one urgency at PagerDuty; both would be told as critical",
        ),
        *_differing(
            inventory,
            medium & low,
            ("medium", "low"),
            "medium-and-low-pages-differ",
            "medium and low are one urgency at PagerDuty; both would be told as medium",
        ),
        *_differing(
            inventory,
            held,
            ("high", "medium"),
            "medium-pages-like-high",
            "within its hours a held page is high urgency at PagerDuty; it would be told as high, not as medium",
        ),
    ):
        if (finding.rule, finding.path) not in seen:
            seen.add((finding.rule, finding.path))
            yield finding
    hears = heard(inventory, tiers, now)
    ours = managed(inventory, {*members(inventory, tiers), *hears}, now)
    yield from telling_findings(inventory, "pagerduty", ours, hears)


def _differing(
    inventory: Inventory, people: set[str], severities: tuple[Severity, Severity], rule: str, message: str
) -> Iterator[Finding]:
    """Give the people who are told of two severities in two ways where PagerDuty has one; the first is named first."""
    for key in sorted(people):
        person = inventory.people[key]
        first, second = (inventory.pages_of(person, severity) for severity in severities)
        if first != second:
            yield Finding(rule, message, _place(inventory, key, severities), "reason")


def _place(inventory: Inventory, person: str, severities: Sequence[Severity]) -> Path:
    """Return where a person's way of being told is written: with the person, else with the organisation."""
    own = inventory.people[person].pages
    if own is not None and any(getattr(own, severity) is not None for severity in severities):
        return ("people", person, "pages")
    return ("pages",)
