"""Audit records: one for every change of what is audited, and their pages."""

from typing import Any

import pytest


def records(pagerduty: Any, path: str = "/audit/records", **query: Any) -> list[dict[str, Any]]:
    return pagerduty.get(path, **query)["records"]


def test_a_team_s_life_is_told_newest_first(pagerduty) -> None:
    team = pagerduty.team()
    pagerduty.send("PUT", f"/teams/{team}", {"team": {"name": "Other"}})
    pagerduty.send("DELETE", f"/teams/{team}", None, 204)
    found = records(pagerduty, f"/teams/{team}/audit/records")
    assert [one["action"] for one in found] == ["delete", "update", "create"]
    assert found[1]["details"]["fields"] == [{"name": "name", "value": "Other", "before_value": "Platform"}]
    assert records(pagerduty) == found


def test_a_change_that_changes_nothing_is_not_told(pagerduty) -> None:
    team = pagerduty.team()
    pagerduty.send("PUT", f"/teams/{team}", {"team": {"name": "Platform"}})
    assert [one["action"] for one in records(pagerduty)] == ["create"]


def test_what_is_refused_is_not_told(pagerduty) -> None:
    pagerduty.send("POST", "/teams", {"team": {}}, 400)
    assert records(pagerduty) == []


def test_members_that_come_and_go_are_references(pagerduty) -> None:
    team, ann = pagerduty.team(), pagerduty.user("ann")
    pagerduty.send("PUT", f"/teams/{team}/users/{ann}", {"role": "manager"}, 204)
    pagerduty.send("DELETE", f"/teams/{team}/users/{ann}", None, 204)
    gone, came = records(pagerduty, f"/teams/{team}/audit/records")[:2]
    assert [row["id"] for row in came["details"]["references"][0]["added"]] == [ann]
    assert [row["id"] for row in gone["details"]["references"][0]["removed"]] == [ann]


def test_parts_are_told_under_their_whole(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    key = pagerduty.integration(service)
    (made, *_) = found = records(pagerduty, f"/services/{service}/audit/records")
    assert (made["action"], made["root_resource"]["id"]) == ("update", service)
    assert made["details"]["resource"]["type"] == "integration_reference"
    assert key not in str(found)


@pytest.mark.parametrize("kind", ["schedules", "v3/schedules", "escalation_policies", "users"])
def test_every_audited_kind_is_told_of(pagerduty, kind: str) -> None:
    ann = pagerduty.user("ann")
    if kind == "schedules":
        key = pagerduty.schedule(pagerduty.layer(ann))
    elif kind == "v3/schedules":
        body = {"schedule": {"name": "Shifts", "time_zone": "UTC"}}
        key = pagerduty.send("POST", "/v3/schedules", body, 201)["schedule"]["id"]
        pagerduty.send("POST", f"/v3/schedules/{key}/rotations", {}, 201)
    elif kind == "users":
        body = {"user": {"type": "user", "name": "eve", "email": "eve@acme.example"}}
        key = pagerduty.send("POST", "/users", body, 201)["user"]["id"]
    else:
        key = pagerduty.policy((5, [ann]))
    assert [one["action"] for one in records(pagerduty, f"/{kind}/{key}/audit/records")][-1:] == ["create"]


def test_records_are_filtered_by_kind_action_actor_and_token(pagerduty) -> None:
    team = pagerduty.team()
    ann = pagerduty.user("ann")
    pagerduty.send("PUT", f"/teams/{team}", {"team": {"name": "Other"}}, From="ann@acme.example")
    assert len(records(pagerduty, **{"root_resource_types[]": "users"})) == 0
    assert len(records(pagerduty, **{"actions[]": "create"})) == 1
    (by_ann,) = records(pagerduty, actor_type="user_reference", actor_id=ann)
    assert by_ann["action"] == "update"
    assert len(records(pagerduty, method_type="api_token", method_truncated_token="pdpd")) == 2
    assert records(pagerduty)[0]["method"] == {"type": "api_token", "truncated_token": "pdpd"}


def test_pages_go_by_cursor_and_nothing_made_meanwhile_shifts_them(pagerduty) -> None:
    for number in range(5):
        pagerduty.team(f"team {number}")
    first = pagerduty.get("/audit/records", limit=2)
    pagerduty.team("late")
    second = pagerduty.get("/audit/records", limit=2, cursor=first["next_cursor"])
    third = pagerduty.get("/audit/records", limit=2, cursor=second["next_cursor"])
    names = [one["root_resource"]["summary"] for page in (first, second, third) for one in page["records"]]
    assert (names, third["next_cursor"]) == ([f"team {number}" for number in (4, 3, 2, 1, 0)], None)


def test_a_day_back_unless_asked_for_and_31_at_most(pagerduty) -> None:
    pagerduty.team()
    pagerduty.move(days=2)
    assert records(pagerduty) == []
    assert len(records(pagerduty, since="2026-03-01T00:00:00Z")) == 1
    pagerduty.get("/audit/records", 400, since="2026-01-01T00:00:00Z", until="2026-03-01T00:00:00Z")


@pytest.mark.parametrize(
    "query",
    [
        {"actor_id": "P1"},
        {"method_truncated_token": "pdpd"},
        {"actor_type": "ghost"},
        {"method_type": "magic"},
        {"limit": "0"},
        {"cursor": "nonsense!"},
    ],
)
def test_filters_that_can_t_be_used_are_refused(pagerduty, query: dict[str, str]) -> None:
    pagerduty.get("/audit/records", 400, **query)
