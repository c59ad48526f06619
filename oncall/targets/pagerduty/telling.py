"""How PagerDuty tells people: contact methods, and notification rules of two urgencies."""

from collections.abc import Iterable, Mapping

from oncall.model import Inventory, Severity
from oncall.model.words import Method
from oncall.resource import Ref, Resource, Value
from oncall.targets.pagerduty.kinds import CONTACT, NOTIFICATION_RULE, user
from oncall.targets.telling import Heard, Way, phone_of, ways

TYPES: Mapping[Method, str] = {
    "push": "push_notification_contact_method",
    "call": "phone_contact_method",
    "sms": "sms_contact_method",
    "email": "email_contact_method",
}


def urgencies(inventory: Inventory, person: str, hears: Heard) -> dict[str, tuple[Way, ...]]:
    """Return the ways of each urgency: there are two for four severities.

    High urgency has the ways of critical for whoever hears of critical (the Reason `critical-and-high-pages-differ`
    tells where high would have others), else those of high; low urgency those of medium, or of low for whoever hears
    of low only.
    """
    severities = hears.get(person, frozenset())
    high: tuple[Severity, Severity] = ("critical", "high") if "critical" in severities else ("high", "critical")
    low: tuple[Severity, Severity] = (
        ("low", "medium") if severities & {"low", "medium"} == {"low"} else ("medium", "low")
    )
    return {
        urgency: ways(inventory, person, first) or ways(inventory, person, second)
        for urgency, (first, second) in (("high", high), ("low", low))
    }


def contact_methods(inventory: Inventory, people: Iterable[str], hears: Heard) -> list[Resource]:
    """Return the contact methods that some people's rules use; the phone's app is found, never made."""
    return [
        _contact(inventory, person, method)
        for person in people
        for method in sorted({way.method for found in urgencies(inventory, person, hears).values() for way in found})
    ]


def notification_rules(inventory: Inventory, people: Iterable[str], hears: Heard) -> list[Resource]:
    """Return the rules of some people; a rule is known by what it says, so that adding one leaves the others alone."""
    return [
        Resource(
            NOTIFICATION_RULE,
            f"{person}/{urgency}/{way.method}/{way.minute}",
            {
                "user_id": user(person),
                "urgency": urgency,
                "start_delay_in_minutes": way.minute,
                "contact_method": {
                    "type": TYPES[way.method],
                    "id": Ref(CONTACT, f"{person}/{way.method}", "vendor_id"),
                },
            },
        )
        for person in people
        for urgency, found in urgencies(inventory, person, hears).items()
        for way in found
    ]


def _contact(inventory: Inventory, person: str, method: Method) -> Resource:
    key, noun = f"{person}/{method}", inventory.people[person]
    properties: dict[str, Value] = {"user_id": user(person), "type": TYPES[method]}
    if method == "push":
        return Resource(CONTACT, key, {**properties, "label": noun.device}, lookup=True)
    if method == "email":
        return Resource(CONTACT, key, {**properties, "address": noun.email})
    code, number = phone_of(inventory, person) or (None, noun.phone)
    return Resource(CONTACT, key, {**properties, "country_code": code, "address": number})
