"""Stories of the official provider with what stands around services: windows, webhooks, orchestrations, groups."""

import re

import pytest


@pytest.fixture
def service(account):
    return account.service(account.policy(("user", account.users[0])))


def window(service, start="2026-12-01T10:00:00Z", end="2026-12-01T12:00:00Z", **more):
    services = [{"id": service, "type": "service_reference"}]
    body = {"description": "deploy", "start_time": start, "end_time": end, "services": services}
    return {"maintenance_window": {**body, **more}}


def webhook(service, headers=None, **more):
    method = {"type": "http_delivery_method", "url": "https://bridge.example/pd", "custom_headers": headers}
    body = {
        "type": "webhook_subscription",
        "active": True,
        "description": "bridge",
        "delivery_method": method,
        "events": ["incident.acknowledged", "incident.resolved"],
        "filter": {"id": service, "type": "service_reference"},
    }
    return {"webhook_subscription": {**body, **more}}


# Maintenance windows


def test_a_window_is_made_without_a_read_changed_and_removed(account, service):
    made = account.sdk.call("POST", "/maintenance_windows", window(service))["maintenance_window"]
    path = f"/maintenance_windows/{made['id']}"
    account.sdk.call("PUT", path, window(service, description="other"))
    read = account.sdk.call("GET", path)["maintenance_window"]
    assert (read["description"], [one["id"] for one in read["services"]]) == ("other", [service])
    assert read["start_time"].startswith("2026-12-01T1")
    account.sdk.call("DELETE", path, status=204)
    assert account.sdk.answer("GET", path).status_code == 404


def test_a_window_that_is_over_cannot_be_deleted_which_the_provider_takes_as_done(account, service):
    made = account.sdk.call("POST", "/maintenance_windows", window(service))["maintenance_window"]
    account.move(days=30)
    assert account.sdk.answer("DELETE", f"/maintenance_windows/{made['id']}").status_code == 405


# Webhook subscriptions


def test_a_subscriptions_secret_is_in_the_answer_to_the_create_only(account, service):
    made = account.sdk.call("POST", "/webhook_subscriptions", webhook(service))["webhook_subscription"]
    assert made["delivery_method"]["secret"]
    read = account.sdk.call("GET", f"/webhook_subscriptions/{made['id']}", {})["webhook_subscription"]
    assert not read["delivery_method"].get("secret")


def test_a_subscription_comes_back_in_the_order_sent_with_its_header_values_hidden(account, service):
    sent = webhook(service, headers=[{"name": "X-Key", "value": "k"}])
    made = account.sdk.call("POST", "/webhook_subscriptions", sent)["webhook_subscription"]
    read = account.sdk.call("GET", f"/webhook_subscriptions/{made['id']}", {})["webhook_subscription"]
    assert read["delivery_method"]["custom_headers"] == [{"name": "X-Key", "value": "-- redacted --"}]
    assert not read["delivery_method"]["temporarily_disabled"]
    body = sent["webhook_subscription"]
    assert [read[key] for key in ("type", "active", "description", "events")] == [
        body[key] for key in ("type", "active", "description", "events")
    ]
    assert read["filter"]["id"] == service


def test_an_update_answers_with_the_whole_subscription(account, service):
    made = account.sdk.call("POST", "/webhook_subscriptions", webhook(service))["webhook_subscription"]
    path = f"/webhook_subscriptions/{made['id']}"
    changed = account.sdk.call("PUT", path, webhook(service, active=False))["webhook_subscription"]
    assert (changed["active"], changed["delivery_method"]["url"]) == (False, "https://bridge.example/pd")
    account.sdk.call("DELETE", path, status=204)
    assert account.sdk.answer("GET", path, {}).status_code == 404


def test_a_filter_of_the_account_has_no_id(account, service):
    body = webhook(service, filter={"type": "account_reference"})
    made = account.sdk.call("POST", "/webhook_subscriptions", body)["webhook_subscription"]
    assert (made["filter"]["type"], made["filter"].get("id")) == ("account_reference", None)


# Event orchestrations


def test_an_orchestration_has_a_key_in_the_answer_to_the_create(account):
    team = account.team()
    body = {"orchestration": {"name": "Ingest", "description": "", "team": {"id": team}}}
    made = account.sdk.call("POST", "/event_orchestrations", body)["orchestration"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["id"])
    (integration,) = made["integrations"]
    assert integration["parameters"]["type"] == "global"
    assert re.fullmatch(r"R[0-9A-Z]{30,31}", integration["parameters"]["routing_key"])
    path = f"/event_orchestrations/{made['id']}"
    changed = {"orchestration": {"name": "Other", "description": "x", "team": {"id": None}}}
    account.sdk.call("PUT", path, changed)
    read = account.sdk.call("GET", path, {})["orchestration"]
    assert (read["name"], read["description"], read.get("team") or {}) == ("Other", "x", read.get("team") or {})
    assert not (read.get("team") or {}).get("id")
    assert read["integrations"] == made["integrations"]
    account.sdk.call("DELETE", path, status=204)


# Tags


def test_a_tag_is_put_on_a_team_found_there_and_taken_off(account):
    team = account.team()
    body = {"tag": {"type": "tag", "label": "tier-1"}}
    tag = account.framework.call("POST", "/tags", body)["tag"]
    assert (tag["label"], tag["summary"]) == ("tier-1", "tier-1")
    assert account.framework.call("GET", f"/tags/{tag['id']}")["tag"]["id"] == tag["id"]
    reference = [{"type": "tag_reference", "id": tag["id"]}]
    account.framework.call("POST", f"/teams/{team}/change_tags", {"add": reference})
    account.framework.call("GET", f"/teams/{team}")
    page = account.framework.call("GET", f"/teams/{team}/tags?offset=0")
    # `more` without a limit would be walked for ever.
    assert ([one["id"] for one in page["tags"]], page["more"], page["offset"]) == ([tag["id"]], False, 0)
    assert page["limit"] > 0
    account.framework.call("POST", f"/teams/{team}/change_tags", {"remove": reference})
    assert account.framework.call("GET", f"/teams/{team}/tags?offset=0")["tags"] == []
    account.framework.call("DELETE", f"/tags/{tag['id']}", status=204)


@pytest.mark.parametrize("kind", ["users", "escalation_policies"])
def test_users_and_policies_take_tags_too(account, kind):
    key = account.users[0] if kind == "users" else account.policy(("user", account.users[0]))
    tag = account.framework.call("POST", "/tags", {"tag": {"type": "tag", "label": "tier-1"}})["tag"]["id"]
    body = {"add": [{"type": "tag_reference", "id": tag}]}
    account.framework.call("POST", f"/{kind}/{key}/change_tags", body)
    account.framework.call("GET", f"/{kind}/{key}?")
    assert [one["id"] for one in account.framework.call("GET", f"/{kind}/{key}/tags?offset=0")["tags"]] == [tag]


# Business services and dependencies


def test_a_business_service_without_a_team_is_sent_an_empty_one(account):
    body = {"name": "Shop", "type": "business_service", "description": "Managed by Pulumi", "team": {}}
    made = account.framework.call("POST", "/business_services", {"business_service": body})["business_service"]
    path = f"/business_services/{made['id']}"
    read = account.framework.call("GET", path)["business_service"]
    assert [read[key] for key in ("name", "type", "description")] == ["Shop", "business_service", "Managed by Pulumi"]
    assert not read.get("team")
    team = account.team()
    changed = {"business_service": {**body, "id": made["id"], "team": {"id": team}, "point_of_contact": "ana"}}
    whole = account.framework.call("PUT", path, changed)["business_service"]
    assert (whole["team"]["id"], whole["point_of_contact"], whole["summary"]) == (team, "ana", "Shop")
    account.framework.call("DELETE", path, status=204)


def test_a_dependency_is_made_found_by_its_id_and_dissolved(account, service):
    body = {"name": "Shop", "type": "business_service", "description": "x", "team": {"id": account.team()}}
    shop = account.framework.call("POST", "/business_services", {"business_service": body})["business_service"]
    shop_id = shop["id"]
    relation = {
        "supporting_service": {"id": service, "type": "service"},
        "dependent_service": {"id": shop_id, "type": "business_service"},
    }
    answer = account.framework.call("POST", "/service_dependencies/associate", {"relationships": [relation]})
    (made,) = answer["relationships"]
    assert (made["supporting_service"]["id"], made["dependent_service"]["id"]) == (service, shop_id)
    for path in (f"business_services/{shop_id}", f"technical_services/{service}"):
        found = account.framework.call("GET", f"/service_dependencies/{path}")["relationships"]
        assert [one["id"] for one in found] == [made["id"]]
        assert found[0]["dependent_service"]["type"] in ("business_service", "business_service_reference")
        assert found[0]["supporting_service"]["type"] in ("service", "technical_service_reference")
    gone = {"relationships": [{**relation, "id": made["id"], "type": made["type"]}]}
    account.framework.call("POST", "/service_dependencies/disassociate", gone)
    answer = account.framework.call("GET", f"/service_dependencies/business_services/{shop_id}")
    assert answer["relationships"] == []
