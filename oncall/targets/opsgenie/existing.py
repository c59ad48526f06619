"""What an OpsGenie account holds, from the answers to its lists, in the words of `desired`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from oncall.resource import Ref, Resource, Value
from oncall.targets.common import utc_text
from oncall.targets.existing import (
    Existing,
    Lists,
    Matching,
    Properties,
    Row,
    as_wanted,
    in_any_order,
    instant,
    part,
    parts,
    plain,
    text,
)
from oncall.targets.opsgenie.existing_parts import (
    alert_policies,
    contacts,
    maintenance,
    notification_policies,
    services,
)
from oncall.targets.opsgenie.kinds import (
    ESCALATION,
    HEARTBEAT,
    INTEGRATION,
    MEMBER,
    OVERRIDE,
    ROTATION,
    ROUTING_RULE,
    SCHEDULE,
    TEAM,
    USER,
)

MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}
# Known only when a team is made: what OpsGenie made with it, and takes away again.
_ONCE = ("remove_schedule_id", "remove_escalation_id")


def existing(wanted: Sequence[Resource], lists: Lists, now: datetime) -> Existing:
    """Return what the account holds of `wanted`; kinds whose lists were not asked for are left out."""
    found = Matching(wanted)
    for path, step in _STEPS:
        if path in lists:
            step(found, lists, now)
    return found.result()


def _users(found: Matching, lists: Lists, _now: datetime) -> None:
    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        live: dict[str, Value] = {
            "username": _spelt(text(row, "username"), wanted.get("username")),
            "full_name": text(row, "fullName"),
            "time_zone": text(row, "timeZone"),
        }
        if "locale" in wanted:
            live["locale"] = text(row, "locale")
        role = text(part(row, "role"), "name")
        return live | ({"role": _spelt(role, wanted["role"])} if "role" in wanted else {})

    for row in lists["/v2/users"]:
        found.keys.setdefault((USER, text(row, "id")), text(row, "username"))
    found.named(USER, lists["/v2/users"], read, called="username", marked=False)
    found.foreign.pop(USER, None)


def _teams(found: Matching, lists: Lists, _now: datetime) -> None:
    def read(row: Row, _wanted: Properties) -> dict[str, Value]:
        return {"name": text(row, "name"), "description": text(_whole(lists, text(row, "id")) or row, "description")}

    found.named(TEAM, lists["/v2/teams"], read)


def _members(found: Matching, lists: Lists, _now: datetime) -> None:
    ours: set[str] = set()
    for resource in found.of(MEMBER):
        wanted = resource.properties
        team = found.id_of(wanted["team_id"])
        if not team or f"/v2/teams/{team}" in lists:
            found.kinds.add(MEMBER)
        for each in parts(_whole(lists, team), "members"):
            if text(part(each, "user"), "username").casefold() == str(wanted["username"]).casefold():
                own = f"{team}/{wanted['username']}"
                ours.add(own.casefold())
                found.place(resource, {"id": own}, {**wanted, "role": text(each, "role")})
    for resource in found.of(TEAM):
        team = found.ids.get((TEAM, resource.key), "")
        names = [text(part(each, "user"), "username") for each in parts(_whole(lists, team), "members")]
        found.count(MEMBER, len([name for name in names if f"{team}/{name}".casefold() not in ours]))


def _whole(lists: Lists, team_id: str) -> Row:
    """Return a team as its own call shows it: the list leaves the members out."""
    return next(iter(lists.get(f"/v2/teams/{team_id}", ())), {})


def _schedules(found: Matching, lists: Lists, now: datetime) -> None:
    def read(row: Row, _wanted: Properties) -> dict[str, Value]:
        live: dict[str, Value] = {
            "name": text(row, "name"),
            "description": text(row, "description"),
            "timezone": text(row, "timezone"),
            "owner_team_id": found.ref(TEAM, part(row, "ownerTeam")),
        }
        return live | ({"enabled": False} if row.get("enabled") is False else {})

    rows = lists["/v2/schedules"]
    found.named(SCHEDULE, rows, read)
    found.kinds |= {ROTATION, OVERRIDE}
    for row in rows:
        key = found.keys.get((SCHEDULE, text(row, "id")))
        if key is not None:
            _rotations(found, row, key, now)
    for resource in found.of(OVERRIDE):
        schedule = found.id_of(resource.properties["schedule_id"])
        for row in lists.get(f"/v2/schedules/{schedule}/overrides", ()):
            if row.get("alias") == resource.properties["alias"]:
                found.place(resource, {"id": text(row, "alias")}, _override(found, row, resource.properties))
                break


def _rotations(found: Matching, schedule: Row, key: str, now: datetime) -> None:
    """Match a schedule's rotations by name; those that are over are left out; one made by hand pages people too."""
    wanted = {
        str(each.properties["name"]): each
        for each in found.of(ROTATION)
        if each.properties["schedule_id"] == Ref(SCHEDULE, key)
    }
    for row in parts(schedule, "rotations"):
        end = instant(row.get("endDate"))
        if end is not None and end <= now:
            continue
        name = text(row, "name")
        made = wanted.pop(name, None) or Resource(ROTATION, f"{key}/{name or text(row, 'id')}", {})
        found.place(made, row, _rotation(found, row, key, made.properties))


def _rotation(found: Matching, row: Row, key: str, wanted: Properties) -> dict[str, Value]:
    live: dict[str, Value] = {
        "schedule_id": Ref(SCHEDULE, key),
        "name": text(row, "name"),
        "start_date": _when(row.get("startDate")),
        "end_date": _when(row.get("endDate")),
        "type": text(row, "type"),
        "length": plain(row.get("length")),
        "participants": tuple(_recipient(found, each) for each in parts(row, "participants")),
        "time_restriction": time_restriction(row.get("timeRestriction"), wanted.get("time_restriction")),
    }
    return {name: each for name, each in live.items() if each is not None}


def _override(found: Matching, row: Row, wanted: Properties) -> dict[str, Value]:
    live = {
        **wanted,
        "username": _spelt(text(part(row, "user"), "username"), wanted.get("username")),
        "start_date": _when(row.get("startDate")),
        "end_date": _when(row.get("endDate")),
    }
    rotations = tuple(found.ref(ROTATION, each) for each in parts(row, "rotations"))
    if rotations or "rotation_ids" in wanted:
        live["rotation_ids"] = in_any_order(rotations, wanted.get("rotation_ids"))
    return live


def _escalations(found: Matching, lists: Lists, _now: datetime) -> None:
    def rule(row: Row) -> Value:
        delay = part(row, "delay")
        amount, unit = delay.get("timeAmount"), str(delay.get("timeUnit") or "minutes")
        minutes = amount * MINUTES.get(unit if unit.endswith("s") else f"{unit}s", 1) if isinstance(amount, int) else 0
        return {
            "condition": text(row, "condition"),
            "notifyType": text(row, "notifyType"),
            "delay": minutes,
            "recipient": _recipient(found, part(row, "recipient")),
        }

    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        repeat = part(row, "repeat")
        names = ("waitInterval", "count", "resetRecipientStates", "closeAlertAfterAll")
        return {
            "name": text(row, "name"),
            "description": text(row, "description"),
            "owner_team_id": found.ref(TEAM, part(row, "ownerTeam")),
            "rules": in_any_order(tuple(rule(each) for each in parts(row, "rules")), wanted.get("rules")),
            # There is always one; a wait of 0 is none.
            "repeat": {name: plain(repeat.get(name)) for name in names} if repeat.get("waitInterval") else None,
        }

    found.named(ESCALATION, lists["/v2/escalations"], read)


def _routing_rules(found: Matching, lists: Lists, _now: datetime) -> None:
    """Match a team's rules by name, the default rule by what it is. Of that one only its target is ours."""
    found.kinds.add(ROUTING_RULE)
    ours: set[str] = set()
    for resource in found.of(ROUTING_RULE):
        wanted = resource.properties
        team = found.id_of(wanted["team_id"])
        for row in lists.get(f"/v2/teams/{team}/routing-rules", ()):
            default = row.get("isDefault") is True
            if default is (wanted.get("is_default") is True) and (default or text(row, "name") == wanted["name"]):
                live = {**wanted, "notify": _recipient(found, part(row, "notify"))}
                if not default:
                    live |= {
                        "order": plain(row.get("order")),
                        "criteria": as_wanted(plain(row.get("criteria")), wanted.get("criteria")),
                    }
                ours.add(text(row, "id"))
                found.place(resource, row, live)
                break
    for path, rows in lists.items():
        if path.endswith("/routing-rules"):
            found.count(ROUTING_RULE, len([row for row in rows if text(row, "id") not in ours]))


def _integrations(found: Matching, lists: Lists, _now: datetime) -> None:
    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        own = text(row, "id")
        whole = next(iter(lists.get(f"/v2/integrations/{own}", ())), {})
        owner = part(whole, "ownerTeam") or {"id": text(row, "teamId")}
        live: dict[str, Value] = {
            "name": text(row, "name"),
            "owner_team_id": found.ref(TEAM, owner) if text(owner, "id") else wanted.get("owner_team_id"),
        }
        switched = {"enabled": False} if row.get("enabled") is False else {}
        for name, theirs in (("suppress_notifications", "suppressNotifications"),):
            if whole.get(theirs) or name in wanted:
                live[name] = plain(whole.get(theirs))
        return live | switched

    found.named(INTEGRATION, lists["/v2/integrations"], read, marked=False)


def _heartbeats(found: Matching, lists: Lists, _now: datetime) -> None:
    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        tags = row.get("alertTags")
        return {
            "name": text(row, "name"),
            "description": text(row, "description"),
            "interval": plain(row.get("interval")),
            "interval_unit": text(row, "intervalUnit"),
            "enabled": plain(row.get("enabled")),
            "owner_team_id": found.ref(TEAM, part(row, "ownerTeam")) if row.get("ownerTeam") else None,
            "alert_message": text(row, "alertMessage"),
            "alert_tags": in_any_order(plain(tags), wanted.get("alert_tags")),
            "alert_priority": text(row, "alertPriority"),
        }

    rows = [{"id": text(row, "name"), **row} for row in lists["/v2/heartbeats"]]
    found.named(HEARTBEAT, rows, read)


def _recipient(found: Matching, row: Row) -> Value:
    kind = text(row, "type")
    if kind == "none":
        return {"type": kind}
    if kind == "user":
        return {"type": kind, "username": text(row, "username").casefold()}
    nouns = {"schedule": SCHEDULE, "escalation": ESCALATION, "team": TEAM}
    return {"type": kind, "id": found.ref(nouns.get(kind, kind), row)}


def time_restriction(live: object, wanted: Value) -> Value:
    """Return hours; the order of stretches means nothing, and an answer may hold both forms."""
    if not isinstance(live, Mapping) or not live:
        return None
    name = "restriction" if live.get("type") == "time-of-day" else "restrictions"
    theirs: dict[str, Value] = {"type": plain(live.get("type")), name: plain(live.get(name))}
    ours = wanted.get(name) if isinstance(wanted, Mapping) else None
    return theirs | {name: in_any_order(theirs[name], ours)}


def _when(value: object) -> Value:
    found = instant(value)
    return utc_text(found) if found is not None else None


def _spelt(live: str, wanted: Value) -> Value:
    """Return a text as we spell it, where case means nothing."""
    return wanted if isinstance(wanted, str) and wanted.casefold() == live.casefold() else live


Step = Callable[[Matching, Lists, datetime], None]
# In the order in which they refer to one another: the list a step needs, and the step.
_STEPS: tuple[tuple[str, Step], ...] = (
    ("/v2/users", _users),
    ("/v2/users", contacts),
    ("/v2/teams", _teams),
    ("/v2/teams", _members),
    ("/v2/schedules", _schedules),
    ("/v2/escalations", _escalations),
    ("/v2/teams", _routing_rules),
    ("/v2/teams", alert_policies),
    ("/v2/teams", notification_policies),
    ("/v2/integrations", _integrations),
    ("/v2/heartbeats", _heartbeats),
    ("/v1/services", services),
    ("/v1/maintenance", maintenance),
)
