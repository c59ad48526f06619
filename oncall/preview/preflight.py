"""What passes a plan and fails an apply: told beforehand from what the accounts hold, each with the way out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from oncall.model import Inventory, TargetName
from oncall.plan import Change
from oncall.preview.model import Obstacle
from oncall.preview.objects import title
from oncall.preview.preflight_users import RULES as USER_RULES
from oncall.preview.preflight_users import Deleted, opsgenie_users, pagerduty_users
from oncall.resource import Resource, Value
from oncall.targets.checks import TITLES
from oncall.targets.existing import Existing, Lists, Row, part, parts, text
from oncall.targets.pagerduty.kinds import MEMBERSHIP, POLICY, SCHEDULE, SERVICE, SHIFT_SCHEDULE, TEAM, USER

RULES: Mapping[str, str] = {
    "open-incidents": "Nothing that an open incident still pages through is deleted.",
    "still-on-call": "Nobody is taken out of a team whose own escalation policies there still tell them.",
    **USER_RULES,
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
    deleted: Mapping[str, Deleted] | None = None,
) -> tuple[Obstacle, ...]:
    """Return what PagerDuty would refuse of the changes from the inventory before to the one edited (`wanted`).

    `before` and `there` are what exists of both, `deleted` the users deleted lately, by name.
    """
    ids = {**there.ids, **(before.ids if before is not None else {})}
    return (
        *_held(changes, ids, lists),
        *_still_on_call(inventory, changes, ids, lists),
        *pagerduty_users(inventory, wanted, there, lists, deleted),
        *_taken("pagerduty", changes, there),
        *_plan(wanted, lists),
    )


def at_opsgenie(
    inventory: Inventory, changes: Sequence[Change], wanted: Sequence[Resource], there: Existing, lists: Lists
) -> tuple[Obstacle, ...]:
    """Return what OpsGenie would refuse of the changes, or would not do as meant."""
    return (
        *opsgenie_users(inventory, wanted, lists),
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


def _taken(vendor: TargetName, changes: Iterable[Change], there: Existing) -> Iterator[Obstacle]:
    for change in changes:
        each = change.resource
        if change.action == "create" and (each.kind, each.key) in there.unmarked:
            message = f"{title(each)} is to be made, and one of that name is there that is not ours"
            own = there.ids[each.kind, each.key]
            way = f"rename it there or here, or take {own} over with the `pulumi import` that `pulumi up` then prints"
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
