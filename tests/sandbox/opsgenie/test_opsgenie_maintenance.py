"""Maintenance: its states over time, what it does to integrations and policies, what may still be changed."""

import pytest

PATH = "/v1/maintenance"
HOUR = {"type": "for-1-hour"}
LATER = {"type": "schedule", "startDate": "2026-03-02T12:00:00Z", "endDate": "2026-03-02T14:00:00Z"}


def integration(opsgenie, name: str = "bridge") -> str:
    return next(one["id"] for one in opsgenie.get("/v2/integrations") if one["name"] == name)


def rule(kind: str, identifier: str, state: str = "disabled"):
    return {"state": state, "entity": {"id": identifier, "type": kind}}


def maintain(opsgenie, time, *rules, **more) -> str:
    return opsgenie.make(PATH, {"description": "move", "time": time, "rules": list(rules)} | more)["id"]


@pytest.fixture
def key(opsgenie) -> str:
    return opsgenie.key(opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana"))))


def test_a_maintenance_reads_back_whole(opsgenie, key):
    one = integration(opsgenie)
    made = maintain(opsgenie, LATER, rule("integration", one))
    assert opsgenie.get(f"{PATH}/{made}") == {
        "id": made,
        "status": "planned",
        "description": "move",
        "time": LATER,
        "rules": [rule("integration", one)],
    }


def test_a_maintenance_is_planned_then_active_then_past(opsgenie, key):
    made = maintain(opsgenie, LATER, rule("integration", integration(opsgenie)))
    states = []
    for hour in (9, 12, 14):
        opsgenie.move_to(f"2026-03-02T{hour:02}:30:00+00:00")
        states.append(opsgenie.get(f"{PATH}/{made}")["status"])
    assert states == ["planned", "active", "past"]


@pytest.mark.parametrize(
    ("which", "expected"), [("all", ["past", "active", "planned"]), ("past", ["past"]), ("non-expired", None)]
)
def test_maintenances_are_listed_by_what_is_over(opsgenie, key, which: str, expected):
    one = rule("integration", integration(opsgenie))
    maintain(opsgenie, {"type": "for-5-minutes"}, one, description="past")
    opsgenie.move(minutes=10)
    maintain(opsgenie, {"type": "indefinitely"}, rule("policy", policy(opsgenie)), description="active")
    maintain(opsgenie, LATER, one, description="planned")
    found = [each["description"] for each in opsgenie.get(f"{PATH}?type={which}")]
    assert found == (expected or ["active", "planned"])


def policy(opsgenie, **more) -> str:
    body = {"type": "alert", "name": "tag", "message": "{{message}}", "tags": ["tagged"]} | more
    return opsgenie.make("/v2/policies", body)["id"]


def test_an_integration_in_maintenance_is_refused_and_works_again_afterwards(opsgenie, key):
    maintain(opsgenie, HOUR, rule("integration", integration(opsgenie)))
    during = opsgenie.http("POST", "/v2/alerts", {"message": "x"}, key=key).status_code
    opsgenie.move(minutes=61)
    assert (during, opsgenie.http("POST", "/v2/alerts", {"message": "x"}, key=key).status_code) == (401, 202)


def test_an_integration_in_maintenance_may_lose_its_alerts_instead(make_opsgenie):
    opsgenie = make_opsgenie(maintenance_refuses_key=False)
    key = opsgenie.key()
    maintain(opsgenie, HOUR, rule("integration", integration(opsgenie)))
    found = opsgenie.outcome(opsgenie.alert(key))
    assert (found["success"], found["status"]) == (False, "Integration is disabled by a maintenance")


@pytest.mark.parametrize(("enabled", "state", "tags"), [(True, "disabled", []), (False, "enabled", ["tagged"])])
def test_a_policys_own_state_gives_way_to_a_maintenance(opsgenie, enabled: bool, state: str, tags: list[str]):
    maintain(opsgenie, HOUR, rule("policy", policy(opsgenie, enabled=enabled), state))
    opsgenie.alert()
    assert opsgenie.the_alert()["tags"] == tags


def test_a_cancelled_maintenance_does_nothing_more(opsgenie, key):
    made = maintain(opsgenie, HOUR, rule("integration", integration(opsgenie)))
    opsgenie.send("POST", f"{PATH}/{made}/cancel", {})
    assert opsgenie.get(f"{PATH}/{made}")["status"] == "cancelled"
    assert opsgenie.http("GET", "/v2/alerts", key=key).status_code == 200


def test_a_planned_maintenance_may_be_replaced(opsgenie, key):
    one = rule("integration", integration(opsgenie))
    made = maintain(opsgenie, LATER, one)
    opsgenie.send("PUT", f"{PATH}/{made}", {"description": "other", "time": LATER, "rules": [one]})
    assert opsgenie.get(f"{PATH}/{made}")["description"] == "other"


def test_of_an_active_maintenance_only_the_end_may_be_changed(opsgenie, key):
    one = rule("integration", integration(opsgenie))
    made = maintain(opsgenie, HOUR, one)
    body = {"description": "other", "time": HOUR, "rules": [one]}
    assert opsgenie.http("PUT", f"{PATH}/{made}", body).status_code == 422
    opsgenie.send("POST", f"{PATH}/{made}/change-end-date", {"endDate": "2026-03-02T09:30:00Z"})
    opsgenie.move(minutes=31)
    assert opsgenie.get(f"{PATH}/{made}")["status"] == "past"


def test_what_is_past_may_only_be_deleted(opsgenie, key):
    made = maintain(opsgenie, HOUR, rule("integration", integration(opsgenie)))
    opsgenie.move(hours=2)
    answers = [
        opsgenie.http("POST", f"{PATH}/{made}/cancel", {}),
        opsgenie.http("POST", f"{PATH}/{made}/change-end-date", {"endDate": "2026-03-03T09:30:00Z"}),
        opsgenie.http("DELETE", f"{PATH}/{made}"),
        opsgenie.http("GET", f"{PATH}/{made}"),
    ]
    assert [each.status_code for each in answers] == [422, 422, 200, 404]


@pytest.mark.parametrize(
    "more",
    [
        {"time": None},
        {"time": {"type": "for-ever"}},
        {"time": {"type": "schedule", "startDate": "2026-03-02T12:00:00Z"}},
        {"time": LATER | {"endDate": "2026-03-02T11:00:00Z"}},
        {"rules": []},
        {"rules": [rule("integration", "nobody")]},
        {"rules": [rule("schedule", "x")]},
    ],
)
def test_an_unusable_maintenance_is_refused_with_422(opsgenie, key, more):
    body = {"time": HOUR, "rules": [rule("integration", integration(opsgenie))]} | more
    assert opsgenie.http("POST", PATH, body).status_code == 422


def test_an_integration_cannot_be_enabled_by_a_maintenance(opsgenie, key):
    body = {"time": HOUR, "rules": [rule("integration", integration(opsgenie), "enabled")]}
    assert opsgenie.http("POST", PATH, body).status_code == 422


def test_a_teams_key_may_not_put_others_into_maintenance(opsgenie, key):
    other = opsgenie.key(opsgenie.team("Core"), "core", allowConfigurationAccess=True)
    body = {"time": HOUR, "rules": [rule("integration", integration(opsgenie))]}
    assert opsgenie.http("POST", PATH, body, key=other).status_code == 403
    assert opsgenie.get(PATH) == []
