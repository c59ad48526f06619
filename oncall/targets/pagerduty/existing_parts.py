"""What a PagerDuty account holds besides its teams, schedules, policies and services."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from oncall.resource import Value
from oncall.targets.common import utc_text
from oncall.targets.existing import Lists, Matching, Properties, Row, instant, is_ours, part, parts, text
from oncall.targets.pagerduty.kinds import (
    BUSINESS_SERVICE,
    CONTACT,
    DEPENDENCY,
    NOTIFICATION_RULE,
    SERVICE,
    TAG,
    TAG_ASSIGNMENT,
    TEAM,
    WEBHOOK,
    WINDOW,
)


def telling(found: Matching, lists: Lists, _now: datetime) -> None:
    """Match contact methods and notification rules, which users have in their list."""
    by_id = {text(row, "id"): row for row in lists["/users"]}
    found.kinds |= {CONTACT, NOTIFICATION_RULE}
    for resource in found.of(CONTACT):
        user = by_id.get(found.id_of(resource.properties["user_id"]), {})
        for row in parts(user, "contact_methods"):
            if _is_contact(row, resource.properties):
                found.place(resource, row, {} if resource.lookup else resource.properties)
                break
    for resource in found.of(NOTIFICATION_RULE):
        user = by_id.get(found.id_of(resource.properties["user_id"]), {})
        for row in parts(user, "notification_rules"):
            if _is_rule(found, row, resource.properties):
                found.place(resource, row, resource.properties)
                break


def _is_contact(row: Row, wanted: Properties) -> bool:
    if row.get("type") != wanted["type"]:
        return False
    if "label" in wanted:
        return row.get("label") == wanted["label"]
    code = wanted.get("country_code")
    same = text(row, "address").casefold() == str(wanted.get("address")).casefold()
    return same and (code is None or str(row.get("country_code")) == str(code))


def _is_rule(found: Matching, row: Row, wanted: Properties) -> bool:
    method = wanted["contact_method"]
    ref = method.get("id") if isinstance(method, Mapping) else None
    contact = found.id_of(ref)
    return bool(contact) and (
        row.get("urgency") == wanted["urgency"]
        and row.get("start_delay_in_minutes") == wanted["start_delay_in_minutes"]
        and text(part(row, "contact_method"), "id") == contact
    )


def windows(found: Matching, lists: Lists, _now: datetime) -> None:
    """Match windows by what they say; one of ours that says something else is the wanted one that begins with it."""
    found.kinds.add(WINDOW)

    def read(row: Row) -> dict[str, Value]:
        services = [found.ref(SERVICE, each) for each in parts(row, "services")]
        live = {name: instant(row.get(name)) for name in ("start_time", "end_time")}
        return {
            **{name: None if each is None else utc_text(each) for name, each in live.items()},
            "description": text(row, "description"),
            "services": tuple(sorted(services, key=repr)),
        }

    left = [(row, read(row)) for row in lists["/maintenance_windows"]]
    tests: tuple[Callable[[Properties, Properties], bool], ...] = (
        lambda live, wanted: live == wanted,
        lambda live, wanted: (
            live["description"] == wanted["description"] and live["start_time"] == wanted["start_time"]
        ),
        lambda live, wanted: live["description"] == wanted["description"] and live["services"] == wanted["services"],
    )
    waiting = found.of(WINDOW)
    for same in tests:
        for resource in tuple(waiting):
            wanted = {**resource.properties, "services": _sorted(resource.properties["services"])}
            for row, live in left:
                if same(live, wanted):
                    found.place(resource, row, {**live, "services": resource.properties["services"]}
                                if live["services"] == wanted["services"] else live)  # fmt: skip
                    left.remove((row, live))
                    waiting.remove(resource)
                    break
    found.count(WINDOW, len([row for row, _ in left if not is_ours(row)]))


def _sorted(refs: Value) -> Value:
    return tuple(sorted(refs, key=repr)) if isinstance(refs, tuple) else refs


def tags(found: Matching, lists: Lists, _now: datetime) -> None:
    """Match tags by their label, and assignments by who has them."""
    found.named(TAG, lists["/tags"], lambda row, _: {"label": text(row, "label")}, called="label", marked=False)
    found.kinds.add(TAG_ASSIGNMENT)
    for resource in found.of(TAG_ASSIGNMENT):
        tag = found.id_of(resource.properties["tag_id"])
        team = found.id_of(resource.properties["entity_id"])
        if any(text(row, "id") == team for row in lists.get(f"/tags/{tag}/teams", ())):
            found.place(resource, {"id": f"{tag}/{team}"}, resource.properties)


def business_services(found: Matching, lists: Lists, _now: datetime) -> None:
    """Match business services by name, and what supports them."""

    def read(row: Row, wanted: Properties) -> dict[str, Value]:
        team = part(row, "team")
        live: dict[str, Value] = {"name": text(row, "name"), "description": text(row, "description")}
        if "point_of_contact" in wanted:
            live["point_of_contact"] = text(row, "point_of_contact")
        return live | ({"team": found.ref(TEAM, team)} if team and "team" in wanted else {})

    found.named(BUSINESS_SERVICE, lists["/business_services"], read)
    found.kinds.add(DEPENDENCY)
    for resource in found.of(DEPENDENCY):
        business, service = _pair(resource.properties["dependency"])
        path = f"/service_dependencies/business_services/{found.id_of(business)}"
        supporting = {text(part(row, "supporting_service"), "id") for row in lists.get(path, ())}
        if found.id_of(service) in supporting:
            found.place(resource, {"id": resource.key}, resource.properties)


def _pair(dependency: Value) -> Iterator[Value]:
    for side in ("dependent_services", "supporting_services"):
        rows = dependency.get(side) if isinstance(dependency, Mapping) else None
        yield rows[0].get("id") if isinstance(rows, tuple) and isinstance(rows[0], Mapping) else None


def webhooks(found: Matching, lists: Lists, _now: datetime) -> None:
    """Match subscriptions by team and address; those of others are counted."""
    found.kinds.add(WEBHOOK)
    left = list(lists["/webhook_subscriptions"])
    for resource in found.of(WEBHOOK):
        wanted = resource.properties
        for row in left:
            url = text(part(row, "delivery_method"), "url")
            if url == wanted["url"] and text(part(row, "filter"), "id") == found.id_of(wanted["team_id"]):
                events = row.get("events")
                live = tuple(sorted(map(str, events))) if isinstance(events, list) else ()
                found.place(resource, row, {**wanted, "events": live, "enabled": row.get("active") is not False})
                left.remove(row)
                break
    found.count(WEBHOOK, len(left))
