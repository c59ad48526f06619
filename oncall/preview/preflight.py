"""What passes a plan and fails an apply: told beforehand from what the accounts hold, each with the way out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from oncall.model import Inventory, TargetName
from oncall.plan import Change
from oncall.preview.model import Obstacle
from oncall.preview.objects import title
from oncall.resource import Ref, Resource, Value
from oncall.targets.checks import TITLES
from oncall.targets.existing import Existing, Lists, Row, part, parts, text
from oncall.targets.pagerduty.kinds import MEMBERSHIP, POLICY, SCHEDULE, SERVICE, SHIFT_SCHEDULE, TEAM, USER

RULES: Mapping[str, str] = {
    "open-incidents": "Nothing that an open incident still pages through is deleted.",
    "still-on-call": "Nobody is taken out of a team whose own escalation policies there still tell them.",
    "user-missing": "Everybody the inventory names has a user at the vendor.",
    "user-blocked": "Their users are not blocked.",
    "user-unreachable": "Their users have a way to be told.",
    "name-taken": "No object of somebody else has a name that the inventory wants.",
    "plan-lacks": "The account's plan has what the inventory uses.",
    "nothing-there": "An account holds something of an inventory that was applied before.",
    "default-objects": "What OpsGenie makes with a team is gone.",
}
_MOST = 3


def at_pagerduty(
    inventory: Inventory,
    changes: Sequence[Change],
    before: Existing | None,
    wanted: Sequence[Resource],
    there: Existing,
    lists: Lists,
) -> tuple[Obstacle, ...]:
    """Return what PagerDuty would refuse of the changes from the inventory before to the one edited (`wanted`).

    `before` and `there` are what exists of both.
    """
    ids = {**there.ids, **(before.ids if before is not None else {})}
    return (
        *_held(changes, ids, lists),
        *_still_on_call(inventory, changes, ids, lists),
        *_users(inventory, wanted, there, lists),
        *_taken("pagerduty", changes, there),
        *_plan(wanted, lists),
    )


def at_opsgenie(
    inventory: Inventory, changes: Sequence[Change], wanted: Sequence[Resource], there: Existing, lists: Lists
) -> tuple[Obstacle, ...]:
    """Return what OpsGenie would refuse of the changes, or would not do as meant."""
    return (
        *_usernames(inventory, wanted, lists),
        *_taken("opsgenie", changes, there),
        *_default_objects(wanted, there, lists),
    )


def nothing_there(vendor: TargetName) -> Obstacle:
    """Return what is said of an account that has nothing of the inventory before the edit."""
    message = f"{TITLES[vendor]} has nothing of this inventory"
    way = "run `pulumi up`; if you did before, look whether this is the right account"
    return Obstacle("nothing-there", vendor, message, way, stops=False)


def _held(changes: Iterable[Change], ids: Mapping[tuple[str, str], str], lists: Lists) -> Iterator[Obstacle]:
    policies = {text(row, "id"): row for row in lists.get("/escalation_policies", ())}
    for change in changes:
        each = change.resource
        own = ids.get((each.kind, each.key))
        if change.action != "delete" or own is None or each.kind not in (POLICY, SCHEDULE, SHIFT_SCHEDULE):
            continue
        open_ = [row for row in lists.get("/incidents", ()) if _pages_through(row, own, policies)]
        if open_:
            shown = "; ".join(_incident(row) for row in open_[:_MOST])
            more = f"; and {len(open_) - _MOST} more" if len(open_) > _MOST else ""
            message = f"{title(each)} goes while incidents are open that page through it: {shown}{more}"
            yield Obstacle("open-incidents", "pagerduty", message, "resolve them there first, then run `pulumi up`")


def _pages_through(incident: Row, own: str, policies: Mapping[str, Row]) -> bool:
    policy = text(part(incident, "escalation_policy"), "id")
    rules = parts(policies.get(policy, {}), "escalation_rules")
    return own == policy or any(text(target, "id") == own for rule in rules for target in parts(rule, "targets"))


def _incident(row: Row) -> str:
    number = row.get("incident_number")
    return " ".join(
        filter(None, (f"#{number}" if isinstance(number, int) else "", text(row, "title"), text(row, "html_url")))
    )


def _still_on_call(
    inventory: Inventory, changes: Iterable[Change], ids: Mapping[tuple[str, str], str], lists: Lists
) -> Iterator[Obstacle]:
    ours = {own for (kind, _), own in ids.items() if kind == POLICY}
    foreign = [row for row in lists.get("/escalation_policies", ()) if text(row, "id") not in ours]
    for change in changes:
        if change.action != "delete" or change.resource.kind != MEMBERSHIP:
            continue
        team_key, _, person = change.resource.key.partition("/")
        team, user = ids.get((TEAM, team_key)), ids.get((USER, person))
        for row in foreign:
            targets = [text(each, "id") for rule in parts(row, "escalation_rules") for each in parts(rule, "targets")]
            if user in targets and team in [text(each, "id") for each in parts(row, "teams")]:
                name = inventory.people[person].name if person in inventory.people else person
                message = (
                    f"{name} can't leave the team: its escalation policy {text(row, 'name')!r}, not ours, tells them"
                )
                yield Obstacle("still-on-call", "pagerduty", message, "take them out of that policy there first")


def _users(inventory: Inventory, wanted: Iterable[Resource], there: Existing, lists: Lists) -> Iterator[Obstacle]:
    if "/users" not in lists:
        return
    rows = {text(row, "id"): row for row in lists["/users"]}
    for each in wanted:
        if each.kind != USER:
            continue
        row = rows.get(there.ids.get((USER, each.key), ""))
        if row is None:
            if each.lookup:
                yield _no_user("pagerduty", inventory, each.key)
        elif "contact_methods" in row and not parts(row, "contact_methods"):
            yield _unreachable(inventory, each.key, "has no contact method")


def _no_user(vendor: TargetName, inventory: Inventory, key: str) -> Obstacle:
    person = inventory.people[key]
    message = f"{person.name} has no user with the address {person.email}"
    return Obstacle(
        "user-missing", vendor, message, f"invite them, or correct `email` of `{key}`, or give `manage: all`"
    )


def _unreachable(inventory: Inventory, key: str, what: str) -> Obstacle:
    message = f"{inventory.people[key].name} {what}: pages reach nobody"
    way = "they add one in their profile, or `manage: rules` makes one"
    return Obstacle("user-unreachable", "pagerduty", message, way, stops=False)


def _taken(vendor: TargetName, changes: Iterable[Change], there: Existing) -> Iterator[Obstacle]:
    for change in changes:
        each = change.resource
        if change.action == "create" and (each.kind, each.key) in there.unmarked:
            message = f"{title(each)} is to be made, and one of that name is there that is not ours"
            own = there.ids[each.kind, each.key]
            way = f"rename it there or here, or take it over: `pulumi import` of {own}"
            yield Obstacle("name-taken", vendor, message, way)


def _plan(wanted: Iterable[Resource], lists: Lists) -> Iterator[Obstacle]:
    if "/abilities" not in lists:
        return
    has = {text(row, "name") for row in lists["/abilities"]}
    needs: dict[str, tuple[str, str]] = {}
    for each in wanted:
        rule: Value = each.properties.get("incident_urgency_rule") if each.kind == SERVICE else None
        if each.kind == TEAM:
            needs.setdefault("teams", ("teams", "change the plan: there is no way around teams"))
        if each.kind == SERVICE and "support_hours" in each.properties:
            way = "change the plan, or leave `hold_outside` out of the tier"
            needs.setdefault("service_support_hours", ("support hours of services (`hold_outside`)", way))
        if isinstance(rule, Mapping) and rule.get("urgency") != "high":
            way = "change the plan, or have critical and high tiers only"
            needs.setdefault("urgencies", ("low urgency (tiers of medium and low severity)", way))
    for ability, (what, way) in needs.items():
        if ability not in has:
            yield Obstacle("plan-lacks", "pagerduty", f"the account's plan has no {what}", way)


def _usernames(inventory: Inventory, wanted: Iterable[Resource], lists: Lists) -> Iterator[Obstacle]:
    if "/v2/users" not in lists:
        return
    rows = {text(row, "username").casefold(): row for row in lists["/v2/users"]}
    made, named = set(), dict[str, None]()
    for each in wanted:
        if each.kind == "opsgenie:User":
            made.add(str(each.properties["username"]).casefold())
        named |= dict.fromkeys(_names_in(tuple(each.properties.values())))
    keys = {person.email.casefold(): key for key, person in inventory.people.items()}
    for name in named:
        key = keys.get(name)
        if key is None or name in made:
            continue
        if name not in rows:
            yield _no_user("opsgenie", inventory, key)
        elif rows[name].get("blocked") is True:
            message = f"{inventory.people[key].name}'s user is blocked: pages don't reach them"
            yield Obstacle(
                "user-blocked", "opsgenie", message, "unblock it there, or take them out of the turns", stops=False
            )


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


def _default_objects(wanted: Iterable[Resource], there: Existing, lists: Lists) -> Iterator[Obstacle]:
    """Give what OpsGenie made with a team of ours and is still there, under the names that it gives."""
    ours = set(there.ids.values())
    for each in wanted:
        if each.kind != "opsgenie:Team" or (each.kind, each.key) not in there.ids:
            continue
        name = str(each.properties["name"])
        left = [
            text(row, "name")
            for path, ending in (("/v2/schedules", "_schedule"), ("/v2/escalations", "_escalation"))
            for row in lists.get(path, ())
            if text(row, "name") == f"{name}{ending}" and text(row, "id") not in ours
        ]
        if left:
            message = f"{TITLES['opsgenie']} made {' and '.join(left)} with the team {name}, and they are still there"
            yield Obstacle(
                "default-objects", "opsgenie", message, "delete them there if nothing of yours uses them", stops=False
            )
