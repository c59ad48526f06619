"""Whether the people an inventory names can be paged at the vendors: told beforehand, each with the way out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oncall.model import Inventory, TargetName
from oncall.preview.model import Obstacle
from oncall.preview.words import named
from oncall.resource import Ref, Resource, Value
from oncall.targets.checks import TITLES
from oncall.targets.existing import Existing, Lists, Row, instant, part, parts, text
from oncall.targets.pagerduty.kinds import STAKEHOLDER_ROLES, USER

RULES: Mapping[str, str] = {
    "user-missing": "Everybody the inventory names has a user at the vendor.",
    "user-deactivated": "Nobody's user was deactivated, which at PagerDuty deletes it.",
    "user-stakeholder": "Their users have a role with which people can be on call.",
    "user-blocked": "Their users are not blocked.",
    "user-invited": "They have accepted their invitation.",
    "user-unreachable": "Their users have a way to be told.",
}
_MOST = 3


@dataclass(frozen=True, slots=True)
class Deleted:
    """A user that PagerDuty has no more: when it was deleted and by whom, where that is known."""

    at: datetime | None
    who: str = ""


def missing_people(inventory: Inventory, wanted: Iterable[Resource], there: Existing) -> tuple[str, ...]:
    """Return the keys of those of whom PagerDuty has no user."""
    return tuple(
        each.key
        for each in wanted
        if each.kind == USER and each.key in inventory.people and (each.kind, each.key) not in there.ids
    )


def pagerduty_users(
    inventory: Inventory,
    wanted: Sequence[Resource],
    there: Existing,
    lists: Lists,
    deleted: Mapping[str, Deleted] | None = None,
) -> Iterator[Obstacle]:
    """Give the people who can't be on call at PagerDuty, or won't be told there.

    `deleted` are users deleted lately, by name. PagerDuty has no users that are switched off: deactivating somebody,
    be it through an identity provider, deletes the user. What is left of them is a name where they were on call, and
    a record of who deleted them.
    """
    if "/users" not in lists:
        return
    rows = {text(row, "id"): row for row in lists["/users"]}
    stubs = _stubs(lists)
    gone = {name.casefold(): each for name, each in (deleted or {}).items()}
    missing = set(missing_people(inventory, wanted, there))
    for each in wanted:
        if each.kind != USER or each.key not in inventory.people:
            continue
        name = inventory.people[each.key].name.casefold()
        if each.key in missing:
            places, at = stubs.get(name, ([], None))
            if places or name in gone:
                yield _deactivated(inventory, each, places, gone.get(name) or Deleted(at))
            elif each.lookup:
                yield _no_user("pagerduty", inventory, each.key)
            continue
        row = rows[there.ids[USER, each.key]]
        if text(row, "role") in STAKEHOLDER_ROLES and "role" not in each.properties:
            yield _stakeholder("pagerduty", inventory, each.key)
        elif "contact_methods" in row and not parts(row, "contact_methods"):
            yield _unreachable(inventory, each.key)
        elif row.get("invitation_sent") is True:
            yield _invited("pagerduty", inventory, each.key)


def _stubs(lists: Lists) -> dict[str, tuple[list[str], datetime | None]]:
    """Return where users that were deleted still stand, and since when they are deleted, by name.

    `deleted_at` is not documented; it is in the answers (https://github.com/PagerDuty/go-pagerduty/issues/509).
    """
    found: dict[str, tuple[list[str], datetime | None]] = {}

    def take(user: Row, place: str) -> None:
        if text(user, "deleted_at"):
            places, _ = found.setdefault(text(user, "summary").casefold(), ([], instant(user["deleted_at"])))
            if place not in places:
                places.append(place)

    for row in lists.get("/schedules", ()):
        for user in parts(row, "users"):
            take(user, f"schedule {text(row, 'name')}")
    for path, rows in lists.items():
        if path.startswith("/schedules/"):
            for row in rows:
                for layer in parts(row, "schedule_layers"):
                    for one in parts(layer, "users"):
                        take(part(one, "user"), f"schedule {text(row, 'name')}")
    for row in lists.get("/escalation_policies", ()):
        for rule in parts(row, "escalation_rules"):
            for target in parts(rule, "targets"):
                take(target, f"escalation policy {text(row, 'name')}")
    return found


def _deactivated(inventory: Inventory, user: Resource, places: Sequence[str], how: Deleted) -> Obstacle:
    person = inventory.people[user.key]
    when = f" on {how.at:%Y-%m-%d}" if how.at is not None else ""
    who = f" by {how.who}" if how.who else ""
    stands = f", and it still stands in {named(places, _MOST)}" if places else ""
    message = f"{person.name}'s user was deactivated: PagerDuty deleted it{when}{who}{stands}"
    if user.lookup:
        way = f"take them out of the turns, or invite {person.email} again, which makes a new user"
    else:
        way = "if they have left take them out: `pulumi up` makes them a new user and invites them"
    return Obstacle("user-deactivated", "pagerduty", message, way, stops=user.lookup)


def _no_user(vendor: TargetName, inventory: Inventory, key: str) -> Obstacle:
    person = inventory.people[key]
    message = f"{person.name} has no user with the address {person.email}"
    return Obstacle(
        "user-missing", vendor, message, f"invite them, or correct `email` of `{key}`, or give `manage: all`"
    )


def _stakeholder(vendor: TargetName, inventory: Inventory, key: str) -> Obstacle:
    name = inventory.people[key].name
    if vendor == "pagerduty":
        message = f"{name} is a stakeholder: PagerDuty lets them into no team, schedule or escalation policy"
    else:
        message = f"{name} is a stakeholder: OpsGenie sends them no alerts"
    way = "give them another role there, which takes a full licence, or take them out of the turns"
    return Obstacle("user-stakeholder", vendor, message, way, stops=vendor == "pagerduty")


def _invited(vendor: TargetName, inventory: Inventory, key: str) -> Obstacle:
    message = f"{inventory.people[key].name} has not accepted the invitation to {TITLES[vendor]} yet"
    way = "they accept it (it can be sent again there), and add their phone or its app"
    return Obstacle("user-invited", vendor, message, way, stops=False)


def _unreachable(inventory: Inventory, key: str) -> Obstacle:
    message = f"{inventory.people[key].name} has no contact method: pages reach nobody"
    way = "they add one in their profile, or `manage: rules` makes one"
    return Obstacle("user-unreachable", "pagerduty", message, way, stops=False)


def opsgenie_users(inventory: Inventory, wanted: Iterable[Resource], lists: Lists) -> Iterator[Obstacle]:
    """Give the people who can't be on call at OpsGenie, or won't be told there."""
    if "/v2/users" not in lists:
        return
    rows = {text(row, "username").casefold(): row for row in lists["/v2/users"]}
    made, names = set(), dict[str, None]()
    for each in wanted:
        if each.kind == "opsgenie:User":
            made.add(str(each.properties["username"]).casefold())
        names |= dict.fromkeys(_names_in(tuple(each.properties.values())))
    keys = {person.email.casefold(): key for key, person in inventory.people.items()}
    for name in names:
        key, row = keys.get(name), rows.get(name)
        if key is None:
            continue
        if row is None:
            if name not in made:
                yield _no_user("opsgenie", inventory, key)
        elif row.get("blocked") is True:
            message = f"{inventory.people[key].name}'s user is blocked: pages don't reach them"
            yield Obstacle(
                "user-blocked", "opsgenie", message, "unblock it there, or take them out of the turns", stops=False
            )
        elif text(part(row, "role"), "name").casefold() == "stakeholder" and name not in made:
            yield _stakeholder("opsgenie", inventory, key)
        elif row.get("verified") is False:
            yield _invited("opsgenie", inventory, key)


def _names_in(value: Value) -> Iterator[str]:
    if isinstance(value, Mapping):
        name = value.get("username")
        if isinstance(name, str):
            yield name.casefold()
        value = tuple(value.values())
    if isinstance(value, tuple):
        for each in value:
            if not isinstance(each, Ref):
                yield from _names_in(each)
