"""Tokens of lesser rights and plans that lack something, at both vendors, by seed."""

from typing import Any

import pytest

GENIE = "11111111-2222-3333-4444-555555555555"


def token(name: str) -> dict[str, str]:
    return {"authorization": f"Token token={name}"}


def genie(page, method: str, path: str, key: str, body: Any = None) -> tuple[int, Any]:
    headers = {"host": "api.opsgenie.com", "authorization": f"GenieKey {key}"}
    answer = page.request(method, path, json=body, headers=headers)
    return answer.status_code, answer.json().get("code")


def test_a_read_only_token_reads_and_nothing_else(pagerduty) -> None:
    pagerduty.sandbox.seed({"pagerduty": {"tokens": [{"token": "ro", "read_only": True}]}})
    read = pagerduty.http.get("/teams", headers=token("ro"))
    write = pagerduty.http.post("/teams", json={"team": {"name": "Edge"}}, headers=token("ro"))
    assert (read.status_code, write.status_code) == (200, 403)
    assert write.json()["error"] == {
        "message": "Access Denied",
        "code": 2010,
        "errors": ["The token is read-only to POST /teams"],
    }


def test_a_half_permitted_token_uses_the_paths_it_is_given(pagerduty) -> None:
    paths = ["/users", "GET /teams", "GET /schedules/{id}"]
    pagerduty.sandbox.seed({"pagerduty": {"tokens": [{"token": "half", "paths": paths}]}})
    asked = [("GET", "/users"), ("GET", "/teams"), ("POST", "/teams"), ("GET", "/schedules"), ("GET", "/schedules/PX")]
    answers = [pagerduty.http.request(*each, headers=token("half")).status_code for each in asked]
    assert answers == [200, 200, 403, 403, 404]


def test_the_accounts_own_token_goes_on_working_and_a_reset_leaves_only_it(pagerduty, page) -> None:
    pagerduty.sandbox.seed({"pagerduty": {"tokens": [{"token": "ro", "read_only": True}]}})
    pagerduty.get("/teams")
    page.post("/sandbox/reset")
    pagerduty.get("/teams")
    assert pagerduty.http.get("/teams", headers=token("ro")).status_code == 401


def test_a_missing_ability_is_neither_listed_nor_there(pagerduty) -> None:
    pagerduty.sandbox.seed({"pagerduty": {"abilities": ["urgencies"]}})
    assert pagerduty.get("/abilities") == {"abilities": ["urgencies"]}
    assert [pagerduty.http.get(f"/abilities/{name}").status_code for name in ("urgencies", "teams")] == [204, 402]


@pytest.mark.parametrize(
    ("ability", "method", "path", "body"),
    [
        ("teams", "GET", "/teams", None),
        ("read_only_users", "POST", "/users", {"user": {"role": "read_only_user"}}),
        (
            "urgencies",
            "POST",
            "/services",
            {"service": {"incident_urgency_rule": {"type": "constant", "urgency": "low"}}},
        ),
        (
            "service_support_hours",
            "PUT",
            "/services/PX",
            {"service": {"support_hours": {"type": "fixed_time_per_day"}}},
        ),
    ],
)
def test_a_call_that_needs_a_missing_ability_is_refused(
    pagerduty, ability: str, method: str, path: str, body: Any
) -> None:
    abilities = {"teams", "read_only_users", "urgencies", "service_support_hours"} - {ability}
    pagerduty.sandbox.seed({"pagerduty": {"abilities": sorted(abilities)}})
    assert pagerduty.send(method, path, body, 402)["error"] == {
        "message": "Missing Account Ability",
        "code": 2014,
        "errors": [f"The account lacks the ability {ability}"],
    }


@pytest.mark.parametrize(
    "seed",
    [
        {"pagerduty": {"tokens": [{"read_only": True}]}},
        {"pagerduty": {"tokens": [{"token": "x", "paths": "/teams"}]}},
        {"pagerduty": {"abilities": "teams"}},
        {"opsgenie": {"keys": [{"read": True}]}},
        {"opsgenie": {"keys": [{"key": "x", "read": "yes"}]}},
        {"opsgenie": {"keys": [{"key": "x", "team": "Nobody"}]}},
        {"opsgenie": {"left_out": "/v2/teams"}},
    ],
)
def test_a_seed_of_rights_that_cant_be_used_is_refused(page, seed: Any) -> None:
    assert page.post("/sandbox/seed", json=seed).status_code == 400


def test_a_key_without_configuration_access_is_told_40301(page, sandbox) -> None:
    sandbox.seed({"opsgenie": {"keys": [{"key": "plain", "configuration": False}]}})
    answers = [genie(page, "GET", "/v2/teams", "plain"), genie(page, "GET", "/v2/alerts", "plain")]
    assert answers == [(403, 40301), (200, None)]


def test_a_read_only_key_is_told_40301(page, sandbox) -> None:
    sandbox.seed({"opsgenie": {"keys": [{"key": "ro", "write": False, "delete": False}]}})
    answers = [genie(page, "GET", "/v2/teams", "ro"), genie(page, "POST", "/v2/teams", "ro", {"name": "Edge"})]
    assert answers == [(200, None), (403, 40301)]


def test_a_key_of_key_management_configures_and_touches_no_alert(page, sandbox) -> None:
    sandbox.seed({"opsgenie": {"keys": [{"key": "managing", "management": True}]}})
    answers = [
        genie(page, "POST", "/v2/teams", "managing", {"name": "Edge"}),
        genie(page, "GET", "/v2/alerts", "managing"),
        genie(page, "POST", "/v2/alerts", "managing", {"message": "down"}),
    ]
    assert answers == [(201, None), (200, None), (403, 40301)]


def test_a_path_the_plan_leaves_out_is_402_until_the_reset(page, sandbox) -> None:
    sandbox.seed({"opsgenie": {"left_out": ["/v2/heartbeats"]}})
    without = genie(page, "GET", "/v2/heartbeats", GENIE)
    sandbox.reset()
    assert (without, genie(page, "GET", "/v2/heartbeats", GENIE)) == ((402, None), (200, None))
