"""What a PagerDuty account holds, from the answers to its lists, in the words of `desired`."""

from collections.abc import Callable, Sequence
from datetime import datetime

from oncall.resource import Resource, Value
from oncall.targets.existing import (
    Existing,
    Lists,
    Matching,
    Properties,
    Row,
    as_wanted,
    instant,
    part,
    parts,
    plain,
    text,
)
from oncall.targets.pagerduty.existing_layers import layers_of
from oncall.targets.pagerduty.existing_parts import business_services, tags, telling, webhooks, windows
from oncall.targets.pagerduty.existing_shifts import shift_schedules
from oncall.targets.pagerduty.kinds import (
    INTEGRATION,
    MEMBERSHIP,
    OVERRIDE,
    POLICY,
    SCHEDULE,
    SERVICE,
    SHIFT_SCHEDULE,
    TEAM,
    USER,
)
from oncall.targets.pagerduty.services import NEVER

EVENTS_V2 = "events_api_v2_inbound_integration"
_OURS_TO_CHOOSE = frozenset({"role", "job_title", "default_role", "time_zone"})


def existing(wanted: Sequence[Resource], lists: Lists, now: datetime) -> Existing:
    """Return what the account holds of `wanted`; kinds whose lists were not asked for are left out."""
    found = Matching(wanted)
    for path, step in _STEPS:
        if path in lists:
            step(found, lists, now)
    return found.result()


def _users(found: Matching, lists: Lists, _now: datetime) -> None:
    found.named(USER, lists["/users"], _user, called="email", marked=False)
    found.foreign.pop(USER, None)
    # Everybody in an answer is called by the e-mail address where no wanted user is theirs.
    for row in lists["/users"]:
        found.keys.setdefault((USER, text(row, "id")), text(row, "email"))
    # Shift-based schedules know their members by id alone, other answers what those who were deleted were called.
    for row in lists.get("/schedules", ()):
        for user in parts(row, "users"):
            if text(user, "deleted_at"):
                found.keys.setdefault((USER, text(user, "id")), found.ref(USER, user).key)


def _teams(found: Matching, lists: Lists, _now: datetime) -> None:
    rows = lists["/teams"]
    # A team may be a part of one that comes later in the list.
    names = {text(row, "id"): text(row, "name").casefold() for row in rows}
    keys = {str(each.properties["name"]).casefold(): each.key for each in found.of(TEAM)}
    found.keys |= {(TEAM, own): keys[name] for own, name in names.items() if name in keys}

    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        parent = part(row, "parent")
        return _chosen(wanted, {
            "name": text(row, "name"),
            "description": text(row, "description"),
            "parent": found.ref(TEAM, parent) if parent else None,
            "default_role": text(row, "default_role"),
        })  # fmt: skip

    found.named(TEAM, rows, read)
    for resource in found.of(MEMBERSHIP):
        team = found.id_of(resource.properties["team_id"])
        if (members := lists.get(f"/teams/{team}/members")) is not None or not team:
            found.kinds.add(MEMBERSHIP)
        user = found.id_of(resource.properties["user_id"])
        for row in members or ():
            if text(part(row, "user"), "id") == user:
                role = text(row, "role")
                found.place(resource, {"id": f"{team}/{user}"}, {**resource.properties, "role": role})
    for resource in found.of(TEAM):
        team = found.ids.get((TEAM, resource.key), "")
        ours = {own for (kind, _), own in found.ids.items() if kind == MEMBERSHIP}
        members = lists.get(f"/teams/{team}/members", ())
        found.count(MEMBERSHIP, len([row for row in members if f"{team}/{text(part(row, 'user'), 'id')}" not in ours]))


def _schedules(found: Matching, lists: Lists, now: datetime) -> None:
    whole = {text(row, "id"): row for path, rows in lists.items() if path.startswith("/schedules/") for row in rows}

    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        full = whole.get(text(row, "id"), row)
        return {
            "name": text(row, "name"),
            "description": text(row, "description"),
            "time_zone": text(row, "time_zone"),
            "teams": tuple(found.ref(TEAM, team) for team in parts(row, "teams")),
            "layers": layers_of(full, wanted, now, lambda user: found.ref(USER, user)),
        }

    found.named(SCHEDULE, lists["/schedules"], read)


def _overrides(found: Matching, lists: Lists, now: datetime) -> None:
    """Match overrides by what they say: a start that was past when it was made was moved to that moment."""
    found.kinds.add(OVERRIDE)
    taken: set[str] = set()
    for resource in found.of(OVERRIDE):
        wanted = resource.properties
        schedule = found.id_of(wanted["schedule_id"])
        for row in lists.get(f"/schedules/{schedule}/overrides", ()):
            start, end, begins = instant(row.get("start")), instant(row.get("end")), instant(wanted["start"])
            same_start = start == begins or (start and begins and begins < start <= now)
            if (
                text(part(row, "user"), "id") == found.id_of(wanted["user_id"])
                and end == instant(wanted["end"])
                and same_start
                and text(row, "id") not in taken
            ):
                taken.add(text(row, "id"))
                found.place(resource, row, wanted)
                break


def _policies(found: Matching, lists: Lists, _now: datetime) -> None:
    kinds = {"user": USER, "schedule": SCHEDULE}

    def target(row: Row) -> Value:
        kind = text(row, "type").removesuffix("_reference").removesuffix("_v3")
        own = text(row, "id")
        noun = SHIFT_SCHEDULE if kind == "schedule" and (SHIFT_SCHEDULE, own) in found.keys else kinds.get(kind, kind)
        return {"type": f"{kind}_reference", "id": found.ref(noun, row)}

    def rule(row: Row) -> Value:
        targets = tuple(target(each) for each in parts(row, "targets"))
        strategy = text(part(row, "escalation_rule_assignment_strategy"), "type")
        chosen: dict[str, Value] = {}
        if strategy not in ("", "assign_to_everyone"):
            chosen = {"escalation_rule_assignment_strategy": {"type": strategy}}
        return {
            "escalation_delay_in_minutes": plain(row.get("escalation_delay_in_minutes")),
            "targets": targets,
        } | chosen

    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        teams = [found.ref(TEAM, team) for team in parts(row, "teams")]
        rules = tuple(rule(each) for each in parts(row, "escalation_rules"))
        return {
            "name": text(row, "name"),
            "description": text(row, "description"),
            "teams": teams[0] if len(teams) == 1 else tuple(teams),
            "num_loops": plain(row.get("num_loops")),
            "rules": _in_order(rules, wanted.get("rules")),
        }

    found.named(POLICY, lists["/escalation_policies"], read)


def _in_order(live: tuple[Value, ...], wanted: Value) -> Value:
    """Return rules with their targets in the wanted order where they are the same: all of a rule are told at once."""
    if not isinstance(wanted, tuple) or len(wanted) != len(live):
        return live
    return tuple(theirs if not _same_rule(theirs, ours) else ours for theirs, ours in zip(live, wanted, strict=True))


def _same_rule(one: Value, other: Value) -> bool:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one == other
    targets = [sorted(map(repr, each.get("targets", ()))) for each in (one, other)]
    return targets[0] == targets[1] and {**one, "targets": ()} == {**other, "targets": ()}


def _services(found: Matching, lists: Lists, _now: datetime) -> None:
    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        actions = parts(row, "scheduled_actions")
        live: dict[str, Value] = {
            "name": text(row, "name"),
            "description": text(row, "description"),
            "escalation_policy": found.ref(POLICY, part(row, "escalation_policy")),
            "alert_creation": text(row, "alert_creation"),
            "auto_resolve_timeout": _timeout(row.get("auto_resolve_timeout")),
            "acknowledgement_timeout": _timeout(row.get("acknowledgement_timeout")),
            "incident_urgency_rule": plain(row.get("incident_urgency_rule")),
            "support_hours": _renamed(row.get("support_hours"), "days_of_week", "days_of_weeks"),
            "scheduled_actions": tuple(_renamed(each, "at", "ats", many=True) for each in actions) or None,
        }
        live |= {
            name: plain(row.get(name))
            for name in ("auto_pause_notifications_parameters", "alert_grouping_parameters")
            if name in wanted
        }
        return {name: as_wanted(value, wanted.get(name)) for name, value in live.items()}

    rows = lists["/services"]
    found.named(SERVICE, rows, read)
    found.kinds.add(INTEGRATION)
    by_id = {text(row, "id"): row for row in rows}
    for resource in found.of(INTEGRATION):
        service = by_id.get(found.id_of(resource.properties["service"]), {})
        for row in parts(service, "integrations"):
            same_type = text(row, "type").removesuffix("_reference") == EVENTS_V2
            if same_type and (text(row, "name") or text(row, "summary")) == resource.properties["name"]:
                found.place(resource, row, resource.properties)
                break


def _renamed(row: object, theirs: str, ours: str, *, many: bool = False) -> Value:
    """Return an object with a word of the API's as the plugin has it, which makes some of them lists."""
    if not isinstance(row, dict):
        return None
    found = plain(row.get(theirs))
    return {name: plain(each) for name, each in row.items() if name != theirs} | {ours: (found,) if many else found}


def _timeout(value: object) -> str:
    return NEVER if value is None else str(value)


def _chosen(wanted: Properties, live: dict[str, Value]) -> dict[str, Value]:
    """Return properties without those that we leave to the vendor."""
    return {name: value for name, value in live.items() if name in wanted or name not in _OURS_TO_CHOOSE}


def _user(row: Row, wanted: Properties) -> dict[str, Value]:
    names = ("name", "email", "description", "time_zone", "role", "job_title")
    return _chosen(wanted, {name: text(row, name) or None for name in names})


Step = Callable[[Matching, Lists, datetime], None]
# In the order in which they refer to one another: the list a step needs, and the step.
_STEPS: tuple[tuple[str, Step], ...] = (
    ("/users", _users),
    ("/users", telling),
    ("/teams", _teams),
    ("/schedules", _schedules),
    ("/schedules", _overrides),
    ("/v3/schedules", shift_schedules),
    ("/escalation_policies", _policies),
    ("/services", _services),
    ("/maintenance_windows", windows),
    ("/tags", tags),
    ("/business_services", business_services),
    ("/webhook_subscriptions", webhooks),
)
