"""Tags, business services and dependencies, extensions, hand-off rules, licences: what stands around paging."""

from typing import Any

import pytest

# Tags


def tag(pagerduty: Any, label: str) -> str:
    return pagerduty.send("POST", "/tags", {"tag": {"type": "tag", "label": label}}, 201)["tag"]["id"]


@pytest.fixture
def entities(pagerduty: Any) -> dict[str, str]:
    """One of each kind that can have tags."""
    ann = pagerduty.user("ann")
    return {"users": ann, "teams": pagerduty.team(), "escalation_policies": pagerduty.policy((5, [ann]))}


@pytest.mark.parametrize("kind", ["users", "teams", "escalation_policies"])
def test_tags_are_added_by_id_or_label_and_removed(pagerduty, entities, kind: str) -> None:
    key, one = entities[kind], tag(pagerduty, "eu")
    add = [{"type": "tag_reference", "id": one}, {"type": "tag", "label": "managed"}]
    pagerduty.send("POST", f"/{kind}/{key}/change_tags", {"add": add})
    assert [row["label"] for row in pagerduty.get(f"/{kind}/{key}/tags")["tags"]] == ["eu", "managed"]
    assert [row["id"] for row in pagerduty.get(f"/tags/{one}/{kind}")[kind]] == [key]
    pagerduty.send("POST", f"/{kind}/{key}/change_tags", {"remove": [{"type": "tag_reference", "id": one}]})
    assert [row["label"] for row in pagerduty.get(f"/{kind}/{key}/tags")["tags"]] == ["managed"]


def test_a_label_is_unique_and_needed(pagerduty) -> None:
    tag(pagerduty, "eu")
    assert pagerduty.errors("POST", "/tags", {"tag": {"label": "EU"}}) == ["Label has already been taken"]
    assert pagerduty.errors("POST", "/tags", {"tag": {"label": ""}}) == ["Label can't be blank"]


def test_an_unknown_tag_to_add_is_a_400_because_clients_wait_on_a_404(pagerduty, entities) -> None:
    path = f"/users/{entities['users']}/change_tags"
    body = {"add": [{"type": "tag", "label": "new"}, {"type": "tag_reference", "id": "PNOBODY"}]}
    pagerduty.send("POST", path, body, 400)
    pagerduty.send("POST", path, {"remove": [{"type": "tag_reference", "id": "PNOBODY"}]}, 404)
    assert pagerduty.get("/tags")["tags"] == []


def test_a_deleted_tag_is_gone_from_what_had_it_and_a_deleted_entity_from_its_tags(pagerduty, entities) -> None:
    one, other = tag(pagerduty, "eu"), tag(pagerduty, "us")
    path = f"/teams/{entities['teams']}"
    add = [{"type": "tag_reference", "id": key} for key in (one, other)]
    pagerduty.send("POST", f"{path}/change_tags", {"add": add})
    pagerduty.send("DELETE", f"/tags/{one}", None, 204)
    assert [row["id"] for row in pagerduty.get(f"{path}/tags")["tags"]] == [other]
    pagerduty.send("DELETE", path, None, 204)
    assert pagerduty.get(f"/tags/{other}")["tag"]["label"] == "us"
    assert pagerduty.get(f"/tags/{other}/teams")["teams"] == []


# Business services and dependencies


def business(pagerduty: Any, name: str = "Checkout", **more: Any) -> str:
    body = {"business_service": {"name": name} | more}
    return pagerduty.send("POST", "/business_services", body)["business_service"]["id"]


def relation(supporting: tuple[str, str], dependent: tuple[str, str]) -> dict[str, Any]:
    both = {"supporting_service": supporting, "dependent_service": dependent}
    return {"relationships": [{name: {"id": key, "type": kind} for name, (key, kind) in both.items()}]}


def test_business_services_are_made_changed_listed_and_deleted(pagerduty) -> None:
    team = pagerduty.team()
    one = business(pagerduty, team={"id": team}, point_of_contact="Ann")
    path = f"/business_services/{one}"
    changed = pagerduty.send("PUT", path, {"business_service": {"description": "x"}})["business_service"]
    assert (changed["name"], changed["description"], changed["team"]["id"]) == ("Checkout", "x", team)
    assert pagerduty.get(path)["business_service"] == changed
    assert [row["id"] for row in pagerduty.get("/business_services")["business_services"]] == [one]
    assert pagerduty.send("PUT", path, {"business_service": {"team": {}}})["business_service"]["team"] is None
    pagerduty.send("DELETE", path, None, 204)
    pagerduty.get(path, 404)
    assert pagerduty.errors("POST", "/business_services", {"business_service": {}}) == ["Name can't be blank"]


def test_dependencies_are_associated_once_read_from_both_ends_and_disassociated(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    one = business(pagerduty)
    body = relation((service, "service"), (one, "business_service"))
    (made,) = pagerduty.send("POST", "/service_dependencies/associate", body)["relationships"]
    assert made["supporting_service"] == {"id": service, "type": "technical_service_reference"}
    assert made["dependent_service"] == {"id": one, "type": "business_service_reference"}
    assert pagerduty.send("POST", "/service_dependencies/associate", body)["relationships"] == [made]
    assert pagerduty.get(f"/service_dependencies/business_services/{one}")["relationships"] == [made]
    assert pagerduty.get(f"/service_dependencies/technical_services/{service}")["relationships"] == [made]
    assert pagerduty.send("POST", "/service_dependencies/disassociate", body)["relationships"] == [made]
    assert pagerduty.get(f"/service_dependencies/business_services/{one}")["relationships"] == []
    pagerduty.send("POST", "/service_dependencies/disassociate", body, 404)


def test_dependencies_go_with_their_services_and_need_two_that_are_there(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    one = business(pagerduty)
    pagerduty.send("POST", "/service_dependencies/associate", relation((service, "service"), (one, "business_service")))
    pagerduty.send("DELETE", f"/services/{service}", None, 204)
    assert pagerduty.get(f"/service_dependencies/business_services/{one}")["relationships"] == []
    path = "/service_dependencies/associate"
    pagerduty.send("POST", path, relation((service, "service"), (one, "business_service")), 404)
    pagerduty.send("POST", path, relation((one, "business_service"), (one, "business_service")), 400)
    pagerduty.send("POST", path, relation((one, "galaxy"), (one, "business_service")), 400)


# Extensions


def test_extensions_are_made_by_a_schema_for_services(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    schema = pagerduty.get("/extension_schemas")["extension_schemas"][0]
    assert pagerduty.get(f"/extension_schemas/{schema['id']}")["extension_schema"] == schema
    fields = {
        "name": "Hook",
        "endpoint_url": "https://bridge.example/x",
        "extension_schema": {"id": schema["id"], "type": "extension_schema_reference"},
        "extension_objects": [{"id": service, "type": "service_reference"}],
    }
    one = pagerduty.send("POST", "/extensions", {"extension": fields}, 201)["extension"]["id"]
    path = f"/extensions/{one}"
    assert pagerduty.send("PUT", path, {"extension": {"name": "Other"}})["extension"]["name"] == "Other"
    assert pagerduty.get(path) == pagerduty.send("POST", f"{path}/enable")
    by = {"extension_object_id": service, "query": "oth"}
    assert [row["id"] for row in pagerduty.get("/extensions", **by)["extensions"]] == [one]
    pagerduty.send("POST", "/extensions", {"extension": {"name": "x"}}, 400)
    pagerduty.send("DELETE", path, None, 204)
    pagerduty.get(path, 404)


# Users' hand-off rules and licences


def test_handoff_rules_are_made_changed_listed_and_deleted_with_their_contact_method(pagerduty) -> None:
    ann = pagerduty.user("ann")
    method = pagerduty.get(f"/users/{ann}/contact_methods")["contact_methods"][0]["id"]
    path = f"/users/{ann}/oncall_handoff_notification_rules"
    contact = {"id": method, "type": "email_contact_method_reference"}
    fields = {"handoff_type": "oncall", "notify_advance_in_minutes": 30, "contact_method": contact}
    made = pagerduty.send("POST", path, {"oncall_handoff_notification_rule": fields}, 201)
    one = f"{path}/{made['oncall_handoff_notification_rule']['id']}"
    changed = pagerduty.send("PUT", one, {"oncall_handoff_notification_rule": fields | {"handoff_type": "both"}})
    assert pagerduty.get(one) == changed
    assert pagerduty.get(path)["oncall_handoff_notification_rules"] == [changed["oncall_handoff_notification_rule"]]
    pagerduty.send("DELETE", one, None, 204)
    pagerduty.send("POST", path, {"oncall_handoff_notification_rule": fields}, 201)
    pagerduty.send("DELETE", f"/users/{ann}/contact_methods/{method}", None, 204)
    assert pagerduty.get(path)["oncall_handoff_notification_rules"] == []


def test_a_handoff_rule_needs_a_contact_method_of_the_user(pagerduty) -> None:
    path = f"/users/{pagerduty.user('ann')}/oncall_handoff_notification_rules"
    body = {"oncall_handoff_notification_rule": {"handoff_type": "sometimes", "contact_method": {"id": "PNOBODY"}}}
    assert len(pagerduty.errors("POST", path, body)) == 3


def test_licences_in_use_are_counted_and_allocations_listed(pagerduty) -> None:
    for name in ("ann", "bob"):
        pagerduty.user(name)
    used = {row["name"]: row["current_value"] for row in pagerduty.get("/licenses")["licenses"]}
    assert used == {"Business (Full User)": 2, "Business (Stakeholder)": 0}
    rows = pagerduty.get("/license_allocations")["license_allocations"]
    assert [(row["user"]["summary"], row["license"]["role_group"]) for row in rows] == [
        ("ann", "FullUser"),
        ("bob", "FullUser"),
    ]
