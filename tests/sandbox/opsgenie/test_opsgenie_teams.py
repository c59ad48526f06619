"""Users, teams with what comes with them, and routing rules as configuration."""

import pytest


def rule_body(name: str = "critical", **more):
    conditions = [{"field": "priority", "operation": "equals", "expectedValue": "P1"}]
    return {
        "name": name,
        "criteria": {"type": "match-all-conditions", "conditions": conditions},
        "notify": {"type": "none"},
    } | more


def names(opsgenie, team: str) -> list[str]:
    return [rule["name"] for rule in opsgenie.get(f"/v2/teams/{team}/routing-rules")]


# --- users ---


def test_a_user_is_found_by_id_and_by_username_in_any_case(opsgenie):
    by_name = opsgenie.get("/v2/users/ANA@acme.example")
    assert opsgenie.get(f"/v2/users/{by_name['id']}") == by_name


def test_a_user_that_is_made_can_be_changed_and_deleted(opsgenie):
    body = {"username": "dee@acme.example", "fullName": "Dee", "role": {"name": "User"}, "timeZone": "Asia/Tokyo"}
    user = opsgenie.make("/v2/users", body)["id"]
    opsgenie.send("PATCH", f"/v2/users/{user}", {"fullName": "Dee Ruiz"})
    found = opsgenie.get(f"/v2/users/{user}")
    opsgenie.send("DELETE", f"/v2/users/{user}")
    assert (found["fullName"], found["timeZone"]) == ("Dee Ruiz", "Asia/Tokyo")
    assert opsgenie.http("GET", f"/v2/users/{user}").status_code == 404


@pytest.mark.parametrize(("status"), [409, 422])
def test_a_second_user_of_one_name_is_refused_with_the_status_of_the_switch(make_opsgenie, status: int):
    body = {"username": "Ana@acme.example", "fullName": "Ana", "role": {"name": "User"}}
    assert make_opsgenie(duplicate_status=status).http("POST", "/v2/users", body).status_code == status


@pytest.mark.parametrize(
    "body",
    [
        {"fullName": "Dee", "role": {"name": "User"}},
        {"username": "dee", "fullName": "Dee", "role": {"name": "User"}},
        {"username": "dee@acme.example", "role": {"name": "User"}},
        {"username": "dee@acme.example", "fullName": "Dee"},
        {"username": "dee@acme.example", "fullName": "Dee", "role": {"name": "User"}, "timeZone": "Mars/One"},
        {"username": "d" * 100 + "@x.y", "fullName": "Dee", "role": {"name": "User"}},
    ],
)
def test_an_unusable_user_is_refused(opsgenie, body):
    assert opsgenie.http("POST", "/v2/users", body).status_code == 422


def test_the_list_of_users_counts_and_pages(opsgenie):
    first = opsgenie.send("GET", "/v2/users?limit=2")
    rest = opsgenie.send("GET", first["paging"]["next"])
    assert ([u["fullName"] for u in first["data"] + rest["data"]], first["totalCount"]) == (["Ana", "Bo", "Cy"], 3)
    assert "next" not in rest["paging"]


def test_a_user_in_a_rotation_cannot_be_deleted(opsgenie):
    opsgenie.schedule(opsgenie.rotation("ana"))
    assert opsgenie.http("DELETE", "/v2/users/ana@acme.example").status_code == 428


def test_a_deleted_user_leaves_their_teams(opsgenie):
    team = opsgenie.team("Edge", "ana", "bo")
    opsgenie.send("DELETE", "/v2/users/ana@acme.example")
    assert [m["user"]["username"] for m in opsgenie.get(f"/v2/teams/{team}")["members"]] == ["bo@acme.example"]


def test_a_users_teams_schedules_and_escalations_are_listed(opsgenie):
    opsgenie.team("Edge", "ana")
    opsgenie.schedule(opsgenie.rotation("ana"))
    opsgenie.escalation(opsgenie.rule(0, opsgenie.user("ana")))
    listed = [opsgenie.get(f"/v2/users/ana@acme.example/{what}") for what in ("teams", "schedules", "escalations")]
    assert [[one["name"] for one in each] for each in listed] == [["Edge"], ["sun"], ["steps"]]


# --- teams ---


def test_a_new_team_comes_with_a_routing_rule_an_escalation_and_a_schedule_of_its_own(opsgenie):
    team = opsgenie.team("Edge")
    (schedule,), (escalation,) = opsgenie.get("/v2/schedules"), opsgenie.get("/v2/escalations")
    rule = opsgenie.default_rule(team)
    owner = {"id": team, "name": "Edge"}
    assert (schedule["name"], schedule["ownerTeam"]) == ("Edge_schedule", owner)
    assert (escalation["name"], escalation["ownerTeam"]) == ("Edge_escalation", owner)
    assert (rule["isDefault"], rule["notify"]["id"]) == (True, escalation["id"])


def test_the_providers_way_to_drop_the_default_objects_works(opsgenie):
    team = opsgenie.team("Edge")
    path = f"/v2/teams/Edge/routing-rules/{opsgenie.default_rule(team)['id']}?teamIdentifierType=name"
    opsgenie.send("PATCH", path, {"notify": {"type": "none"}})
    for noun in ("escalations", "schedules"):
        opsgenie.send("DELETE", f"/v2/{noun}/{opsgenie.get(f'/v2/{noun}')[0]['id']}?identifierType=id")
    assert opsgenie.default_rule(team)["notify"] == {"type": "none"}


def test_a_deleted_team_takes_what_it_owns_with_it(opsgenie):
    team = opsgenie.team("Edge")
    opsgenie.key(team)
    opsgenie.make(
        "/v2/heartbeats",
        {"name": "h", "interval": 5, "intervalUnit": "minutes", "enabled": True, "ownerTeam": {"id": team}},
    )
    opsgenie.send("DELETE", "/v2/teams/Edge?identifierType=name")
    counts = opsgenie.vendor.state()["account"]
    assert counts == {
        "users": 3,
        "teams": 0,
        "schedules": 0,
        "escalations": 0,
        "integrations": 1,
        "heartbeats": 0,
        "open alerts": 0,
    }


def test_a_team_is_read_by_id_and_by_name(opsgenie):
    team = opsgenie.team("Edge One", "ana")
    assert opsgenie.get(f"/v2/teams/{team}") == opsgenie.get("/v2/teams/Edge%20One?identifierType=name")


def test_the_list_of_teams_leaves_the_members_out(opsgenie):
    team = opsgenie.team("Edge", "ana")
    assert opsgenie.get("/v2/teams") == [{"id": team, "name": "Edge", "description": ""}]


@pytest.mark.parametrize("name", ["", "Edge/One", "Éclair", "e" * 100])
def test_a_team_name_outside_the_pattern_or_too_long_is_refused(opsgenie, name: str):
    assert opsgenie.http("POST", "/v2/teams", {"name": name}).status_code == 422


def test_a_second_team_of_one_name_is_a_409(opsgenie):
    opsgenie.team("Edge")
    assert opsgenie.http("POST", "/v2/teams", {"name": "Edge"}).status_code == 409


def test_an_unknown_member_is_refused_and_no_team_is_made(opsgenie):
    body = {"name": "Edge", "members": [{"user": {"username": "nobody@acme.example"}}]}
    assert opsgenie.http("POST", "/v2/teams", body).status_code == 422
    assert opsgenie.get("/v2/teams") == []


def test_a_patch_with_members_replaces_them_and_one_without_keeps_them(opsgenie):
    team = opsgenie.team("Edge", "ana")
    opsgenie.send("PATCH", f"/v2/teams/{team}", {"description": "edges"})
    kept = opsgenie.get(f"/v2/teams/{team}")["members"]
    opsgenie.send(
        "PATCH", f"/v2/teams/{team}", {"members": [{"user": {"username": "bo@acme.example"}, "role": "admin"}]}
    )
    replaced = opsgenie.get(f"/v2/teams/{team}")["members"]
    assert [[(m["user"]["username"], m["role"]) for m in each] for each in (kept, replaced)] == [
        [("ana@acme.example", "user")],
        [("bo@acme.example", "admin")],
    ]


def test_members_can_be_added_and_removed_one_by_one(opsgenie):
    team = opsgenie.team("Edge")
    opsgenie.send("POST", f"/v2/teams/{team}/members", {"user": {"username": "bo@acme.example"}})
    opsgenie.send("POST", f"/v2/teams/{team}/members", {"user": {"username": "cy@acme.example"}})
    opsgenie.send("DELETE", f"/v2/teams/{team}/members/bo@acme.example")
    assert [m["user"]["username"] for m in opsgenie.get(f"/v2/teams/{team}")["members"]] == ["cy@acme.example"]


# --- routing rules ---


def test_a_new_rule_stands_above_the_default_rule_at_its_order(opsgenie):
    team = opsgenie.team()
    for name, order in (("second", 0), ("first", 0), ("third", 99)):
        opsgenie.make(f"/v2/teams/{team}/routing-rules", rule_body(name, order=order))
    assert names(opsgenie, team) == ["first", "second", "third", "Default Routing Rule"]


def test_a_rule_without_an_order_goes_below_the_others(opsgenie):
    team = opsgenie.team()
    for name in ("first", "second"):
        opsgenie.make(f"/v2/teams/{team}/routing-rules", rule_body(name))
    assert names(opsgenie, team) == ["first", "second", "Default Routing Rule"]


def test_a_rule_can_be_moved_but_never_below_the_default_rule(opsgenie):
    team = opsgenie.team()
    made = [opsgenie.make(f"/v2/teams/{team}/routing-rules", rule_body(name))["id"] for name in ("a", "b")]
    opsgenie.send("POST", f"/v2/teams/{team}/routing-rules/{made[0]}/change-order", {"order": 7})
    assert names(opsgenie, team) == ["b", "a", "Default Routing Rule"]


def test_the_default_rule_can_neither_be_deleted_nor_moved(opsgenie):
    team = opsgenie.team()
    path = f"/v2/teams/{team}/routing-rules/{opsgenie.default_rule(team)['id']}"
    statuses = [
        opsgenie.http("DELETE", path).status_code,
        opsgenie.http("POST", f"{path}/change-order", {"order": 0}).status_code,
    ]
    assert statuses == [422, 422]


def test_a_rule_reads_back_as_it_was_written(opsgenie):
    team = opsgenie.team()
    hours = {"startHour": 9, "startMin": 0, "endHour": 18, "endMin": 30}
    body = rule_body(timezone="Europe/Berlin", timeRestriction={"type": "time-of-day", "restriction": hours})
    rule = opsgenie.make(f"/v2/teams/{team}/routing-rules", body)["id"]
    found = opsgenie.get(f"/v2/teams/{team}/routing-rules/{rule}")
    assert found["criteria"] == {
        "type": "match-all-conditions",
        "conditions": [{"field": "priority", "not": False, "operation": "equals", "expectedValue": "P1", "order": 0}],
    }
    assert {key: found[key] for key in ("timezone", "timeRestriction", "notify", "order", "isDefault")} == {
        "timezone": "Europe/Berlin",
        "timeRestriction": body["timeRestriction"],
        "notify": {"type": "none"},
        "order": 0,
        "isDefault": False,
    }


@pytest.mark.parametrize(
    "more",
    [
        {"notify": None},
        {"notify": {"type": "user", "id": "x"}},
        {"notify": {"type": "schedule", "id": "nothing"}},
        {"timezone": "Mars/One"},
        {"order": -1},
        {"timeRestriction": {"type": "time-of-day"}},
        {"timeRestriction": {"type": "weekday-and-time-of-day", "restrictions": []}},
    ],
)
def test_an_unusable_rule_is_refused(opsgenie, more):
    team = opsgenie.team()
    assert opsgenie.http("POST", f"/v2/teams/{team}/routing-rules", rule_body(**more)).status_code == 422


def test_a_team_has_at_most_100_rules(opsgenie):
    team = opsgenie.team()
    statuses = [
        opsgenie.http("POST", f"/v2/teams/{team}/routing-rules", rule_body(f"r{n}")).status_code for n in range(100)
    ]
    assert statuses == [201] * 99 + [422]


@pytest.mark.parametrize(("clears", "left"), [(False, True), (True, False)])
def test_null_in_a_patch_empties_a_field_only_where_the_switch_says_so(make_opsgenie, clears: bool, left: bool):
    opsgenie = make_opsgenie(patch_null_clears=clears)
    team = opsgenie.team()
    hours = {"startHour": 9, "startMin": 0, "endHour": 18, "endMin": 0}
    body = rule_body(timeRestriction={"type": "time-of-day", "restriction": hours})
    path = f"/v2/teams/{team}/routing-rules/" + opsgenie.make(f"/v2/teams/{team}/routing-rules", body)["id"]
    opsgenie.send("PATCH", path, {"timeRestriction": None})
    assert ("timeRestriction" in opsgenie.get(path)) is left
