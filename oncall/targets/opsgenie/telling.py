"""How OpsGenie tells people: contacts, and a notification rule for each priority.

Of a user's rules for new alerts the first that matches is the only one applied, so ours stand in front of those that
people wrote themselves (https://docs.opsgenie.com/docs/notification-rule-api).
"""

from collections.abc import Iterable, Mapping

from oncall.model import SEVERITIES, Inventory, Severity
from oncall.model.words import Method
from oncall.resource import Ref, Resource, Value
from oncall.targets.opsgenie.kinds import CONTACT, NOTIFICATION_RULE, PRIORITY, made_users, username
from oncall.targets.telling import Way, phone_of, ways

METHODS: Mapping[Method, str] = {"push": "mobile", "call": "voice", "sms": "sms", "email": "email"}
BY_PHONE: tuple[Method, ...] = ("call", "sms")


def contacts(inventory: Inventory, people: Iterable[str]) -> list[Resource]:
    """Return the phones that some people's rules use; their address and their app are contacts of every user anyway."""
    return [
        Resource(
            CONTACT,
            f"{person}/{METHODS[method]}",
            {"username": username(inventory, person), "method": METHODS[method], "to": _to(inventory, person, method)},
            after=made_users(inventory, (person,)),
        )
        for person in people
        for method in sorted(_methods(inventory, person))
        if method in BY_PHONE
    ]


def notification_rules(inventory: Inventory, people: Iterable[str]) -> list[Resource]:
    """Return a rule for each severity of which somebody is told in some way, the most severe first.

    Each waits for the one before it, so that the order they are given is the order they are made in.
    """
    found: list[Resource] = []
    for person in people:
        before: tuple[Ref, ...] = ()
        told = [(severity, steps) for severity in SEVERITIES if (steps := ways(inventory, person, severity))]
        for order, (severity, steps) in enumerate(told):
            found.append(_rule(inventory, person, severity, order, steps, before))
            before = (Ref(NOTIFICATION_RULE, found[-1].key),)
    return found


def _rule(
    inventory: Inventory, person: str, severity: Severity, order: int, steps: tuple[Way, ...], before: tuple[Ref, ...]
) -> Resource:
    condition: Value = {"field": "priority", "operation": "equals", "expectedValue": PRIORITY[severity]}
    properties: dict[str, Value] = {
        "username": username(inventory, person),
        "name": f"{PRIORITY[severity]} by the inventory",
        "action_type": "create-alert",
        "criteria": {"type": "match-all-conditions", "conditions": (condition,)},
        "order": order,
        "steps": tuple(
            {
                "contact": {"method": METHODS[step.method], "to": _to(inventory, person, step.method)},
                "sendAfter": {"timeAmount": step.minute, "timeUnit": "minutes"},
                "enabled": True,
            }
            for step in steps
        ),
    }
    phones = sorted({step.method for step in steps} & set(BY_PHONE))
    contacts = tuple(Ref(CONTACT, f"{person}/{METHODS[method]}") for method in phones)
    users = made_users(inventory, (person,))
    return Resource(NOTIFICATION_RULE, f"{person}/{severity}", properties, after=(*users, *contacts, *before))


def _methods(inventory: Inventory, person: str) -> set[Method]:
    return {step.method for severity in SEVERITIES for step in ways(inventory, person, severity)}


def _to(inventory: Inventory, person: str, method: Method) -> str | None:
    """Return a contact's address as the API writes it: `49-305550101` for a phone, the app's name of it for push."""
    noun = inventory.people[person]
    if method in BY_PHONE:
        return "-".join(map(str, phone_of(inventory, person) or ()))
    return noun.device if method == "push" else noun.email
