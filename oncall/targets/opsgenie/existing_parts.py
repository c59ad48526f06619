"""What an OpsGenie account holds besides teams, schedules, escalations, rules and integrations."""

from collections.abc import Mapping
from datetime import datetime

from oncall.resource import Value
from oncall.targets.common import utc_text
from oncall.targets.existing import (
    Lists,
    Matching,
    Properties,
    Reader,
    Row,
    as_wanted,
    in_any_order,
    instant,
    is_ours,
    part,
    parts,
    plain,
    text,
)
from oncall.targets.opsgenie.kinds import (
    ALERT_POLICY,
    CONTACT,
    INTEGRATION,
    MAINTENANCE,
    NOTIFICATION_POLICY,
    NOTIFICATION_RULE,
    SERVICE,
    TEAM,
)


def contacts(found: Matching, lists: Lists, _now: datetime) -> None:
    """Match phones of people, and the rules that are ours by their name; those of people's own are not counted."""
    for kind, path, same in (
        (CONTACT, "contacts", ("method", "to")),
        (NOTIFICATION_RULE, "notification-rules", ("name",)),
    ):
        for resource in found.of(kind):
            wanted = resource.properties
            rows = lists.get(f"/v2/users/{wanted['username']}/{path}")
            if rows is None:
                continue
            found.kinds.add(kind)
            for row in rows:
                if all(text(row, name) == wanted[name] for name in same):
                    off = {"enabled": False} if _is_off(row) else {}
                    found.place(resource, row, {**wanted, **off, **_place(row, wanted)})
                    break


def _is_off(row: Row) -> bool:
    return row.get("enabled") is False or part(row, "status").get("enabled") is False


def _place(row: Row, wanted: Properties) -> dict[str, Value]:
    return {"order": plain(row.get("order"))} if "order" in wanted and "order" in row else {}


def alert_policies(found: Matching, lists: Lists, _now: datetime) -> None:
    """Match a team's alert policies by name."""

    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        live: dict[str, Value] = {"message": text(row, "message"), "continue_": plain(row.get("continue"))}
        live["tags"] = in_any_order(plain(row.get("tags")), wanted.get("tags"))
        return live

    _policies(found, lists, ALERT_POLICY, "alert", read)


def notification_policies(found: Matching, lists: Lists, _now: datetime) -> None:
    """Match a team's notification policies by name."""

    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        delay = as_wanted(plain(row.get("delayAction")), wanted.get("delay_action"))
        return {"delay_action": delay} | ({"suppress": True} if row.get("suppress") is True else {})

    _policies(found, lists, NOTIFICATION_POLICY, "notification", read)


def _policies(found: Matching, lists: Lists, kind: str, word: str, read: Reader) -> None:
    found.kinds.add(kind)
    taken: set[str] = set()
    for resource in found.of(kind):
        wanted = resource.properties
        team = found.id_of(wanted["team_id"])
        for head in lists.get(f"/v2/policies/{word}?teamId={team}", ()):
            if text(head, "name") != wanted["name"]:
                continue
            own = text(head, "id")
            whole = next(iter(lists.get(f"/v2/policies/{own}?teamId={team}", ())), None)
            live: dict[str, Value] = dict(wanted)
            if whole is not None:
                hours = whole.get("timeRestrictions") or whole.get("timeRestriction")
                live |= {
                    "policy_description": text(whole, "policyDescription"),
                    "filter": as_wanted(plain(whole.get("filter")), wanted.get("filter")),
                    "time_restriction": _hours(hours, wanted.get("time_restriction")),
                    **read(whole, wanted),
                }
                live = {name: value for name, value in live.items() if value is not None}
            if head.get("enabled") is False:
                live["enabled"] = False
            taken.add(own)
            found.place(resource, head, live)
            break
    for path, rows in lists.items():
        if path.startswith(f"/v2/policies/{word}?"):
            found.count(kind, len([row for row in rows if text(row, "id") not in taken]))


def _hours(live: object, wanted: Value) -> Value:
    if not isinstance(live, Mapping) or not live:
        return None
    name = "restriction" if live.get("type") == "time-of-day" else "restrictions"
    ours = wanted.get(name) if isinstance(wanted, Mapping) else None
    return {"type": plain(live.get("type")), name: in_any_order(plain(live.get(name)), ours)}


def services(found: Matching, lists: Lists, _now: datetime) -> None:
    """Match services by name."""

    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        live: dict[str, Value] = {
            "name": text(row, "name"),
            "team_id": found.ref(TEAM, {"id": text(row, "teamId")}),
            "description": text(row, "description"),
            "tags": in_any_order(plain(row.get("tags")), wanted.get("tags")) or None,
        }
        return live | ({"visibility": text(row, "visibility")} if "visibility" in wanted else {})

    found.named(SERVICE, lists["/v1/services"], read)


def maintenance(found: Matching, lists: Lists, _now: datetime) -> None:
    """Match maintenance by description and time: it has no name. One that was moved shows as another."""
    found.kinds.add(MAINTENANCE)
    left = [row for row in lists["/v1/maintenance"] if row.get("status") != "cancelled"]
    for resource in found.of(MAINTENANCE):
        wanted = resource.properties
        for row in left:
            whole = next(iter(lists.get(f"/v1/maintenance/{text(row, 'id')}", ())), row)
            if text(row, "description") != wanted["description"] or _time(row) != wanted["time"]:
                continue
            rules = tuple(_rule(found, each) for each in parts(whole, "rules"))
            live = {**wanted, "rules": in_any_order(rules, wanted["rules"])} if "rules" in whole else wanted
            found.place(resource, row, live)
            left.remove(row)
            break
    found.count(MAINTENANCE, len([row for row in left if not is_ours(row)]))


def _time(row: Row) -> Value:
    time = part(row, "time")
    found: dict[str, Value] = {"type": text(time, "type")}
    for name in ("startDate", "endDate"):
        at = instant(time.get(name))
        found[name] = utc_text(at) if at is not None else None
    return found


def _rule(found: Matching, row: Row) -> Value:
    entity = part(row, "entity")
    ref: Value = found.ref(INTEGRATION, entity) if text(entity, "type") == "integration" else text(entity, "id")
    return {"state": text(row, "state"), "entity": {"id": ref, "type": text(entity, "type")}}
