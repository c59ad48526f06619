"""Services, forwarding rules, custom roles, saved searches, the account: the smaller nouns."""

import pytest

DAY = {"startDate": "2026-03-02T00:00:00Z", "endDate": "2026-03-03T00:00:00Z"}


def user(name: str) -> dict[str, str]:
    return {"username": f"{name}@acme.example"}


# --- services ---


def test_a_service_reads_back_and_can_be_changed(opsgenie):
    team = opsgenie.team()
    made = opsgenie.make("/v1/services", {"name": "Weather", "teamId": team, "tags": ["eu"]})
    opsgenie.send("PATCH", f"/v1/services/{made['id']}", {"description": "forecasts", "visibility": "OPSGENIE_USERS"})
    assert opsgenie.get(f"/v1/services/{made['id']}") == {
        "id": made["id"],
        "name": "Weather",
        "teamId": team,
        "description": "forecasts",
        "visibility": "OPSGENIE_USERS",
        "tags": ["eu"],
    }


def test_services_are_listed_by_name_in_pages(opsgenie):
    team = opsgenie.team()
    for name in ("b", "a", "c"):
        opsgenie.make("/v1/services", {"name": name, "teamId": team})
    pages = [opsgenie.get(f"/v1/services?limit=2&offset={offset}") for offset in (0, 2)]
    assert [[one["name"] for one in page] for page in pages] == [["a", "b"], ["c"]]


def test_a_teams_services_go_with_it(opsgenie):
    team = opsgenie.team()
    opsgenie.make("/v1/services", {"name": "Weather", "teamId": team})
    opsgenie.send("DELETE", f"/v2/teams/{team}")
    assert opsgenie.get("/v1/services") == []


@pytest.mark.parametrize("more", [{"name": "x" * 100}, {"name": ""}, {"teamId": "x"}, {"visibility": "ALL"}])
def test_an_unusable_service_is_refused_with_422(opsgenie, more):
    body = {"name": "Weather", "teamId": opsgenie.team()} | more
    assert opsgenie.http("POST", "/v1/services", body).status_code == 422


def test_a_second_service_of_one_name_is_a_409(opsgenie):
    body = {"name": "Weather", "teamId": opsgenie.team()}
    opsgenie.make("/v1/services", body)
    assert opsgenie.http("POST", "/v1/services", body).status_code == 409


# --- forwarding rules ---


def forward(opsgenie, one: str, two: str, **more) -> str:
    return opsgenie.make("/v2/forwarding-rules", {"fromUser": user(one), "toUser": user(two)} | DAY | more)["id"]


def test_a_forwarding_rule_reads_back_by_id_and_alias(opsgenie):
    made = forward(opsgenie, "ana", "bo", alias="trip")
    found = opsgenie.get("/v2/forwarding-rules/trip?identifierType=alias")
    assert found == opsgenie.get(f"/v2/forwarding-rules/{made}")
    assert (found["fromUser"]["username"], found["toUser"]["username"], found["endDate"]) == (
        "ana@acme.example",
        "bo@acme.example",
        "2026-03-03T00:00:00Z",
    )


def test_what_is_meant_for_one_goes_to_the_other_while_the_rule_holds(opsgenie):
    forward(opsgenie, "ana", "bo")
    opsgenie.alert(alias="a", responders=[opsgenie.user("ana")])
    opsgenie.move(days=1)
    opsgenie.alert(alias="b", responders=[opsgenie.user("ana")])
    assert [who for _, who in opsgenie.paged()] == ["Bo", "Ana"]


def test_forwarding_is_followed_and_ends_in_a_circle(opsgenie):
    for one, two in (("ana", "bo"), ("bo", "cy"), ("cy", "ana")):
        forward(opsgenie, one, two)
    opsgenie.alert(responders=[opsgenie.user("ana")])
    assert opsgenie.paged() == [("0m", "Cy")]


def test_a_users_own_forwarding_rules_are_listed(opsgenie):
    made = forward(opsgenie, "ana", "bo")
    listed = [opsgenie.get(f"/v2/users/{name}@acme.example/forwarding-rules") for name in ("ana", "bo")]
    assert [[one["id"] for one in each] for each in listed] == [[made], []]


def test_a_forwarding_rule_goes_with_its_user(opsgenie):
    forward(opsgenie, "ana", "bo")
    opsgenie.send("DELETE", "/v2/users/bo@acme.example")
    assert opsgenie.get("/v2/forwarding-rules") == []


def test_a_forwarding_rule_can_be_replaced_and_deleted(opsgenie):
    made = forward(opsgenie, "ana", "bo")
    opsgenie.send("PUT", f"/v2/forwarding-rules/{made}", {"fromUser": user("ana"), "toUser": user("cy")} | DAY)
    after = opsgenie.get(f"/v2/forwarding-rules/{made}")["toUser"]["username"]
    opsgenie.send("DELETE", f"/v2/forwarding-rules/{made}")
    assert (after, opsgenie.get("/v2/forwarding-rules")) == ("cy@acme.example", [])


@pytest.mark.parametrize(
    "more", [{"toUser": user("ana")}, {"toUser": user("x")}, {"fromUser": None}, {"endDate": DAY["startDate"]}]
)
def test_an_unusable_forwarding_rule_is_refused_with_422(opsgenie, more):
    body = {"fromUser": user("ana"), "toUser": user("bo")} | DAY | more
    assert opsgenie.http("POST", "/v2/forwarding-rules", body).status_code == 422


# --- custom roles ---

ROLE = {"name": "Reader", "extendedRole": "observer", "grantedRights": ["logs-page"]}


def test_a_custom_role_reads_back_and_can_be_changed(opsgenie):
    made = opsgenie.make("/v2/roles", ROLE)["id"]
    opsgenie.send("PUT", "/v2/roles/Reader?identifierType=name", {"disallowedRights": ["reports-access"]})
    assert opsgenie.get(f"/v2/roles/{made}") == ROLE | {"id": made, "disallowedRights": ["reports-access"]}


def test_a_custom_role_that_a_user_has_cannot_be_deleted(opsgenie):
    made = opsgenie.make("/v2/roles", ROLE)["id"]
    opsgenie.send("PATCH", "/v2/users/ana@acme.example", {"role": {"name": "Reader"}})
    before = opsgenie.http("DELETE", f"/v2/roles/{made}").status_code
    opsgenie.send("PATCH", "/v2/users/ana@acme.example", {"role": {"name": "User"}})
    assert (before, opsgenie.http("DELETE", f"/v2/roles/{made}").status_code) == (422, 200)


@pytest.mark.parametrize(
    ("more", "status"),
    [({"name": "Admin"}, 409), ({"extendedRole": "owner"}, 422), ({"disallowedRights": ["logs-page"]}, 422)],
)
def test_an_unusable_custom_role_is_refused(opsgenie, more, status: int):
    assert opsgenie.http("POST", "/v2/roles", ROLE | more).status_code == status


# --- saved searches ---

SEARCH = {"name": "mine", "query": "tag:eu", "owner": user("ana")}


def test_a_saved_search_is_used_by_the_alert_list_and_the_count(opsgenie):
    made = opsgenie.make("/v2/alerts/saved-searches", SEARCH)
    opsgenie.alert(alias="a", tags=["eu"])
    opsgenie.alert(alias="b")
    listed = opsgenie.get(f"/v2/alerts?searchIdentifier={made['id']}")
    count = opsgenie.get("/v2/alerts/count?searchIdentifier=mine&searchIdentifierType=name")
    assert ([one["alias"] for one in listed], count) == (["a"], {"count": 1})


def test_a_saved_search_can_be_read_changed_and_deleted(opsgenie):
    made = opsgenie.make("/v2/alerts/saved-searches", SEARCH)
    path = f"/v2/alerts/saved-searches/{made['id']}"
    opsgenie.send("PATCH", path, SEARCH | {"query": "tag:us"})
    after = opsgenie.get(path)["query"]
    opsgenie.send("DELETE", path)
    assert (after, opsgenie.get("/v2/alerts/saved-searches")) == ("tag:us", [])


@pytest.mark.parametrize("more", [{"query": "(tag:eu"}, {"name": ""}, {"owner": user("x")}])
def test_an_unusable_saved_search_is_refused_with_422(opsgenie, more):
    assert opsgenie.http("POST", "/v2/alerts/saved-searches", SEARCH | more).status_code == 422


# --- the account ---


def test_the_account_tells_its_plan_and_its_users(make_opsgenie):
    opsgenie = make_opsgenie(plan="Standard", most_users=4)
    assert opsgenie.get("/v2/account") == {
        "name": "sandbox",
        "userCount": 3,
        "plan": {"maxUserCount": 4, "name": "Standard", "isYearly": True},
    }


def test_a_user_more_than_the_plan_holds_is_a_402(make_opsgenie):
    opsgenie = make_opsgenie(most_users=3)
    body = {"username": "dee@acme.example", "fullName": "Dee", "role": {"name": "User"}}
    assert opsgenie.http("POST", "/v2/users", body).status_code == 402


def test_a_user_can_be_read_with_their_contacts(opsgenie):
    found = opsgenie.get("/v2/users/ana@acme.example?expand=contact")["userContacts"]
    assert [(one["contactMethod"], one["enabled"]) for one in found] == [("mobile", True), ("email", True)]
