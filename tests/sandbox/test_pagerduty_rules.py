"""The rules common to all of PagerDuty's REST API, and those of teams, policies and services."""

import pytest

UNKNOWN = "PNOTHERE"


def test_a_wrong_token_is_a_401_in_the_vendors_form(pagerduty) -> None:
    answer = pagerduty.http.get("/abilities", headers={"authorization": "Token token=wrong"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, 2006)


def test_no_token_is_a_401(pagerduty) -> None:
    assert pagerduty.http.get("/users", headers={"authorization": ""}).status_code == 401


@pytest.mark.parametrize("form", ["Token token=sandbox-token-pdpdpd", 'Token token="sandbox-token-pdpdpd"'])
def test_both_spellings_of_the_token_are_taken(pagerduty, form: str) -> None:
    assert pagerduty.http.get("/users", headers={"authorization": form}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/rulesets/X"), ("POST", "/rulesets"), ("PATCH", "/users"), ("GET", "/")]
)
def test_what_is_not_built_is_a_400_with_an_error_body_and_never_a_404(pagerduty, method: str, path: str) -> None:
    answer = pagerduty.http.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json; charset=utf-8")
    assert set(answer.json()["error"]) == {"message", "code", "errors"}


def test_an_object_that_is_not_there_is_a_404(pagerduty) -> None:
    paths = ["users", "teams", "schedules", "escalation_policies", "services", "incidents", "vendors"]
    codes = [pagerduty.get(f"/{path}/{UNKNOWN}", 404)["error"]["code"] for path in paths]
    assert codes == [2100] * len(paths)


def test_double_slashes_and_a_last_slash_are_one_path(pagerduty) -> None:
    assert [pagerduty.http.get(path).status_code for path in ("http://127.0.0.1//users", "/users/")] == [200, 200]


def test_a_body_that_is_not_json_is_refused(pagerduty) -> None:
    assert pagerduty.http.request("POST", "/teams", content=b"{").status_code == 400


def test_a_body_without_its_wrapper_is_refused(pagerduty) -> None:
    assert pagerduty.errors("POST", "/users", {"name": "x"}) == ["user must be an object"]


def test_a_get_may_carry_a_body(pagerduty) -> None:
    assert pagerduty.http.request("GET", "/teams", json={}).status_code == 200


def test_lists_come_25_at_a_time_and_say_whether_there_is_more(pagerduty) -> None:
    for number in range(30):
        pagerduty.team(f"Team {number:02}")
    first = pagerduty.get("/teams")
    assert (len(first["teams"]), first["limit"], first["offset"], first["more"], first["total"]) == (
        25,
        25,
        0,
        True,
        None,
    )
    rest = pagerduty.get("/teams", offset=25, total="true")
    assert (rest["teams"][0]["name"], rest["more"], rest["total"]) == ("Team 25", False, 30)


@pytest.mark.parametrize("query", [{"limit": 101}, {"limit": 0}, {"limit": "x"}, {"offset": 9990, "limit": 11}])
def test_a_page_out_of_bounds_is_refused(pagerduty, query: dict[str, object]) -> None:
    assert pagerduty.get("/users", 400, **query)["error"]["code"] == 2001


def test_every_entity_carries_the_five_common_fields(pagerduty) -> None:
    key = pagerduty.team("Platform")
    assert pagerduty.get(f"/teams/{key}")["team"] == {
        "id": key,
        "type": "team",
        "summary": "Platform",
        "self": f"http://127.0.0.1/teams/{key}",
        "html_url": f"https://sandbox.pagerduty.com/teams/{key}",
        "name": "Platform",
        "description": None,
        "default_role": "manager",
        "parent": None,
    }


def test_abilities_can_be_listed_and_asked_for_one_by_one(pagerduty) -> None:
    listed = pagerduty.get("/abilities")["abilities"]
    asked = [pagerduty.http.get(f"/abilities/{name}").status_code for name in ("teams", "magic")]
    assert ("service_support_hours" in listed, asked) == (True, [204, 402])


def test_vendors_are_found_by_name(pagerduty) -> None:
    assert [one["name"] for one in pagerduty.get("/vendors", query="prom")["vendors"]] == ["Prometheus"]


def test_licences_are_listed(pagerduty) -> None:
    assert [one["role_group"] for one in pagerduty.get("/licenses")["licenses"]] == ["FullUser", "Stakeholder"]


# Teams


def test_a_teams_name_is_given_once(pagerduty) -> None:
    pagerduty.team("Platform")
    assert pagerduty.errors("POST", "/teams", {"team": {"name": "platform"}}) == ["Name has already been taken"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x" * 101, "Name is too long (maximum is 100 characters)"),
        (" ", "Name can't be blank"),
        (None, "Name can't be blank"),
        ("a\x00b", "Name contains characters that can't be printed"),
    ],
)
def test_a_teams_name_has_limits(pagerduty, name: str | None, said: str) -> None:
    assert pagerduty.errors("POST", "/teams", {"team": {"name": name}}) == [said]


def test_a_put_may_be_partial(pagerduty) -> None:
    key = pagerduty.team("Platform")
    pagerduty.send("PUT", f"/teams/{key}", {"team": {"description": "new"}})
    team = pagerduty.get(f"/teams/{key}")["team"]
    assert (team["name"], team["description"]) == ("Platform", "new")


def test_a_member_is_put_with_a_role_and_listed(pagerduty) -> None:
    team, ann = pagerduty.team(), pagerduty.user("ann")
    pagerduty.send("PUT", f"/teams/{team}/users/{ann}", {"role": "responder"}, 204)
    members = pagerduty.get(f"/teams/{team}/members", limit=100)["members"]
    assert [(one["user"]["id"], one["user"]["type"], one["role"]) for one in members] == [
        (ann, "user_reference", "responder")
    ]


def test_a_member_without_a_role_is_a_manager(pagerduty) -> None:
    team, ann = pagerduty.team(), pagerduty.user("ann")
    pagerduty.send("PUT", f"/teams/{team}/users/{ann}", None, 204)
    assert pagerduty.get(f"/teams/{team}/members")["members"][0]["role"] == "manager"


def test_a_stakeholder_cant_be_a_member(pagerduty) -> None:
    team = pagerduty.team()
    body = {"user": {"name": "S", "email": "s@acme.example", "role": "read_only_user"}}
    user = pagerduty.send("POST", "/users", body, 201)["user"]["id"]
    assert pagerduty.http.request("PUT", f"/teams/{team}/users/{user}", json={}).status_code == 400


def test_a_member_on_a_policy_of_the_team_cant_be_removed(pagerduty) -> None:
    team, ann = pagerduty.team(), pagerduty.user("ann")
    pagerduty.send("PUT", f"/teams/{team}/users/{ann}", {}, 204)
    pagerduty.policy((5, [ann]), teams=[{"id": team, "type": "team_reference"}])
    said = "User cannot be removed as they belong to an escalation policy on this team"
    assert pagerduty.errors("DELETE", f"/teams/{team}/users/{ann}") == [said]


def test_a_member_on_a_schedule_of_such_a_policy_cant_be_removed_until_off_it(pagerduty) -> None:
    team, ann, bob = pagerduty.team(), pagerduty.user("ann"), pagerduty.user("bob")
    pagerduty.send("PUT", f"/teams/{team}/users/{ann}", {}, 204)
    schedule = pagerduty.schedule(pagerduty.layer(ann))
    pagerduty.policy((5, [schedule]), teams=[{"id": team, "type": "team_reference"}])
    before = pagerduty.http.request("DELETE", f"/teams/{team}/users/{ann}").status_code
    pagerduty.send("PUT", f"/schedules/{schedule}", pagerduty.schedule_body(pagerduty.layer(bob)))
    after = pagerduty.http.request("DELETE", f"/teams/{team}/users/{ann}").status_code
    assert (before, after) == (400, 204)


def test_a_team_with_objects_cant_be_deleted(pagerduty) -> None:
    team, ann = pagerduty.team(), pagerduty.user("ann")
    reference = [{"id": team, "type": "team_reference"}]
    policy = pagerduty.policy((5, [ann]), teams=reference)
    schedule = pagerduty.schedule(pagerduty.layer(ann), teams=reference)
    error = pagerduty.send("DELETE", f"/teams/{team}", None, 400)["error"]
    assert (error["code"], error["errors"]) == (
        6006,
        ["Team has escalation policies: EP", "Team has schedules: Primary"],
    )
    pagerduty.send("DELETE", f"/escalation_policies/{policy}", None, 204)
    pagerduty.send("DELETE", f"/schedules/{schedule}", None, 204)
    pagerduty.send("DELETE", f"/teams/{team}", None, 204)
    assert pagerduty.get("/teams")["teams"] == []


def test_a_parent_team_cant_be_deleted(pagerduty) -> None:
    parent = pagerduty.team("Parent")
    pagerduty.send("POST", "/teams", {"team": {"name": "Child", "parent": {"id": parent}}}, 201)
    assert pagerduty.send("DELETE", f"/teams/{parent}", None, 400)["error"]["code"] == 6006


# Escalation policies


def test_a_policy_answers_ids_strategies_and_references(pagerduty) -> None:
    ann = pagerduty.user("ann")
    key = pagerduty.policy((5, [ann]))
    policy = pagerduty.get(f"/escalation_policies/{key}", **{"include[]": "escalation_rule_assignment_strategies"})
    (rule,) = policy["escalation_policy"]["escalation_rules"]
    assert rule["escalation_rule_assignment_strategy"] == {"type": "assign_to_everyone"}
    assert [(one["type"], one["summary"]) for one in rule["targets"]] == [("user_reference", "ann")]
    assert rule["id"].startswith("P")


def test_a_policy_without_teams_may_say_null(pagerduty) -> None:
    key = pagerduty.policy((5, [pagerduty.user("ann")]), teams=None)
    assert pagerduty.get(f"/escalation_policies/{key}")["escalation_policy"]["teams"] == []


def test_a_policys_name_is_given_once(pagerduty) -> None:
    ann = pagerduty.user("ann")
    pagerduty.policy((5, [ann]))
    said = pagerduty.errors("POST", "/escalation_policies", pagerduty.policy_body((5, [ann])))
    assert said == ["Escalation Policy has already been taken"]


@pytest.mark.parametrize("more", [{"num_loops": 10}, {"num_loops": -1}, {"escalation_rules": []}, {"name": ""}])
def test_a_policy_out_of_bounds_is_refused(pagerduty, more: dict[str, object]) -> None:
    body = pagerduty.policy_body((5, [pagerduty.user("ann")]), **more)
    assert len(pagerduty.errors("POST", "/escalation_policies", body)) == 1


def test_a_delay_below_a_minute_and_an_unknown_target_are_refused_together(pagerduty) -> None:
    said = pagerduty.errors("POST", "/escalation_policies", pagerduty.policy_body((0, [UNKNOWN])))
    assert [text[:38] for text in said] == [
        "Escalation rule 1: Escalation delay in",
        "Escalation rule 1: Target not found: {",
    ]


def test_the_only_rule_of_a_policy_cant_go(pagerduty) -> None:
    key = pagerduty.policy((5, [pagerduty.user("ann")]))
    body = {"escalation_policy": {"escalation_rules": []}}
    assert pagerduty.errors("PUT", f"/escalation_policies/{key}", body) == [
        "Cannot Delete Only Rule For Escalation Policy"
    ]


def test_a_policy_in_use_cant_be_deleted(pagerduty) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]))
    service = pagerduty.service(policy)
    before = pagerduty.http.request("DELETE", f"/escalation_policies/{policy}").status_code
    pagerduty.send("DELETE", f"/services/{service}", None, 204)
    assert (before, pagerduty.http.request("DELETE", f"/escalation_policies/{policy}").status_code) == (400, 204)


# Services and integrations


def test_a_service_answers_its_policy_and_the_policys_team(pagerduty) -> None:
    team = pagerduty.team()
    policy = pagerduty.policy((5, [pagerduty.user("ann")]), teams=[{"id": team, "type": "team_reference"}])
    service = pagerduty.get(f"/services/{pagerduty.service(policy)}")["service"]
    assert (service["escalation_policy"]["id"], [one["id"] for one in service["teams"]]) == (policy, [team])
    assert (service["status"], service["acknowledgement_timeout"], service["auto_resolve_timeout"]) == (
        "active",
        None,
        None,
    )


def test_a_service_has_the_vendors_defaults(pagerduty) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]))
    body = {"service": {"name": "plain", "escalation_policy": {"id": policy, "type": "escalation_policy"}}}
    service = pagerduty.send("POST", "/services", body, 201)["service"]
    assert (service["acknowledgement_timeout"], service["auto_resolve_timeout"]) == (1800, 14400)
    assert service["incident_urgency_rule"] == {"type": "constant", "urgency": "high"}


def test_a_null_among_the_scheduled_actions_is_dropped(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])), scheduled_actions=[None])
    assert pagerduty.get(f"/services/{service}")["service"]["scheduled_actions"] == []


def test_a_services_name_is_given_once(pagerduty) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]))
    pagerduty.service(policy)
    said = pagerduty.errors("POST", "/services", pagerduty.service_body(policy))
    assert said == ["Name has already been taken"]


def test_a_service_needs_a_policy(pagerduty) -> None:
    assert pagerduty.errors("POST", "/services", {"service": {"name": "x"}}) == ["Escalation policy can't be blank"]


@pytest.mark.parametrize(
    "more",
    [
        {"incident_urgency_rule": {"type": "constant", "urgency": "urgent"}},
        {"incident_urgency_rule": {"type": "use_support_hours"}},
        {"support_hours": {"type": "fixed_time_per_day", "time_zone": "Mars"}},
        {"scheduled_actions": [{"type": "urgency_change", "to_urgency": "low"}]},
        {"acknowledgement_timeout": -5},
    ],
)
def test_a_service_out_of_bounds_is_refused(pagerduty, more: dict[str, object]) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]))
    assert pagerduty.http.request("POST", "/services", json=pagerduty.service_body(policy, **more)).status_code == 400


def test_an_integration_has_a_key_of_32_letters_and_digits_in_every_read(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    key = pagerduty.integration(service)
    (listed,) = pagerduty.get(f"/services/{service}/integrations")["integrations"]
    read = pagerduty.get(f"/services/{service}/integrations/{listed['id']}")["integration"]
    assert (len(key), key.isalnum(), listed["integration_key"], read["integration_key"]) == (32, True, key, key)
    assert (read["type"], read["vendor"]) == ("events_api_v2_inbound_integration", None)


def test_an_update_of_an_integration_keeps_its_key(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    key = pagerduty.integration(service)
    path = (
        f"/services/{service}/integrations/{pagerduty.get(f'/services/{service}')['service']['integrations'][0]['id']}"
    )
    changed = pagerduty.send("PUT", path, {"integration": {"name": "New"}})["integration"]
    assert (changed["name"], changed["integration_key"]) == ("New", key)


def test_a_deleted_integrations_key_is_unknown(pagerduty) -> None:
    service = pagerduty.service(pagerduty.policy((5, [pagerduty.user("ann")])))
    key = pagerduty.integration(service)
    integration = pagerduty.get(f"/services/{service}")["service"]["integrations"][0]["id"]
    pagerduty.send("DELETE", f"/services/{service}/integrations/{integration}", None, 204)
    pagerduty.event(key, status=400)
