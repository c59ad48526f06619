"""What all calls have in common: envelope, headers, keys and rights, paths that are not built."""

import base64
from urllib.parse import quote

import pytest

from sandbox.opsgenie import ACCOUNT_KEY


def test_a_success_has_data_took_and_the_request_id(opsgenie):
    answer = opsgenie.http("GET", "/v2/teams")
    said = {"data": [], "expandable": ["member"], "took": 0.003, "requestId": answer.headers["x-request-id"]}
    assert answer.json() == said


def test_a_delete_answers_200_with_a_body(opsgenie):
    team = opsgenie.team()
    answer = opsgenie.send("DELETE", f"/v2/teams/{team}")
    assert sorted(answer) == ["requestId", "result", "took"]
    assert answer["result"] == "Deleted"


def test_a_refusal_has_a_message_and_a_text_for_the_field(opsgenie):
    answer = opsgenie.send("POST", "/v2/teams", {"description": "x"}, 422)
    assert answer["errors"] == {"name": "is required"}
    assert sorted(answer) == ["errors", "message", "requestId", "took"]


@pytest.mark.parametrize("path", ["/v2/teams", "/v2/teams/none", "/v2/nothing"])
def test_every_answer_tells_the_state_of_the_rate_limit(opsgenie, path: str):
    assert opsgenie.http("GET", path).headers["x-ratelimit-state"] == "OK"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/incidents/x"),
        ("GET", "/v2/teams/x/roles"),
        ("GET", "/v1/services/x/audience-templates"),
        ("GET", "/v2/schedules/x.ics"),
        ("PATCH", "/v2/account"),
        ("GET", "/"),
    ],
)
def test_what_is_not_built_answers_400_with_a_message(opsgenie, method: str, path: str):
    answer = opsgenie.http(method, path)
    assert (answer.status_code, "message" in answer.json()) == (400, True)


def test_a_body_that_is_no_json_is_a_400(opsgenie):
    answer = opsgenie.http("POST", "/v2/teams", content=b"{name:")
    assert answer.status_code == 400


def test_a_body_that_is_no_object_is_a_422(opsgenie):
    assert opsgenie.http("POST", "/v2/teams", ["Edge"]).status_code == 422


def test_the_capitalised_keys_of_the_go_sdk_are_ignored(opsgenie):
    body = {"IdentifierType": 1, "TeamIdentifierValue": "x", "Name": "wrong", "name": "Edge"}
    assert opsgenie.make("/v2/teams", body)["name"] == "Edge"


@pytest.mark.parametrize("key", [None, "", "00000000-0000-0000-0000-000000000000"])
def test_a_missing_or_unknown_key_is_a_401(opsgenie, key: str | None):
    assert opsgenie.http("GET", "/v2/teams", key=key).status_code == 401


def test_a_key_may_come_as_basic_credentials_or_as_a_parameter(opsgenie):
    basic = base64.b64encode(f":{ACCOUNT_KEY}".encode()).decode()
    answers = [
        opsgenie.http("GET", "/v2/teams", key=None, headers={"authorization": f"Basic {basic}"}),
        opsgenie.http("GET", "/v2/teams", key=None, params={"apiKey": ACCOUNT_KEY}),
    ]
    assert [each.status_code for each in answers] == [200, 200]


def test_the_key_of_a_disabled_integration_is_a_401(opsgenie):
    key = opsgenie.key()
    (made,) = [one for one in opsgenie.get("/v2/integrations") if one["name"] == "bridge"]
    opsgenie.send("POST", f"/v2/integrations/{made['id']}/disable", {}, 201)
    assert opsgenie.http("GET", "/v2/alerts", key=key).status_code == 401


def test_a_key_without_configuration_access_is_refused_with_code_40301(opsgenie):
    answer = opsgenie.send("GET", "/v2/teams", status=403, key=opsgenie.key(opsgenie.team()))
    assert answer["code"] == 40301


def test_a_read_only_key_may_read_alerts_and_not_create_them(opsgenie):
    key = opsgenie.key(opsgenie.team(), allowWriteAccess=False)
    statuses = [
        opsgenie.http(method, "/v2/alerts", {"message": "x"}, key=key).status_code for method in ("GET", "POST")
    ]
    assert statuses == [200, 403]


def test_a_team_key_with_configuration_access_reaches_its_own_team_only(opsgenie):
    mine, other = opsgenie.team("Edge"), opsgenie.team("Core")
    key = opsgenie.key(mine, allowConfigurationAccess=True)
    statuses = [opsgenie.http("GET", f"/v2/teams/{team}", key=key).status_code for team in (mine, other)]
    assert statuses == [200, 403]


def test_a_team_key_lists_only_what_its_team_owns(opsgenie):
    mine, _ = opsgenie.team("Edge"), opsgenie.team("Core")
    key = opsgenie.key(mine, allowConfigurationAccess=True)
    listed = [opsgenie.get(path, key=key) for path in ("/v2/teams", "/v2/schedules", "/v2/escalations")]
    assert [[one["name"] for one in each] for each in listed] == [["Edge"], ["Edge_schedule"], ["Edge_escalation"]]


def test_what_a_team_key_makes_belongs_to_its_team(opsgenie):
    mine = opsgenie.team("Edge")
    key = opsgenie.key(mine, allowConfigurationAccess=True)
    made = opsgenie.make("/v2/schedules", {"name": "sun"}, key=key)
    assert opsgenie.get(f"/v2/schedules/{made['id']}")["ownerTeam"] == {"id": mine, "name": "Edge"}


def test_a_team_key_may_not_make_things_for_another_team(opsgenie):
    key = opsgenie.key(opsgenie.team("Edge"), allowConfigurationAccess=True)
    body = {"name": "sun", "ownerTeam": {"id": opsgenie.team("Core")}}
    assert opsgenie.http("POST", "/v2/schedules", body, key=key).status_code == 403


def test_the_journal_shows_a_request_without_keys(opsgenie):
    opsgenie.http("GET", "/v2/teams", key=None, params={"apiKey": ACCOUNT_KEY})
    assert ACCOUNT_KEY not in str(opsgenie.core.journal.since())


def test_a_reset_empties_the_account_and_keeps_the_account_key(opsgenie):
    opsgenie.team()
    opsgenie.vendor.reset()
    assert (opsgenie.get("/v2/teams"), opsgenie.get("/v2/users")) == ([], [])


def test_seeding_twice_adds_nothing(opsgenie):
    user = {"username": "dee@acme.example", "fullName": "Dee"}
    for _ in range(2):
        opsgenie.vendor.seed({"users": [user]})
    assert [one["fullName"] for one in opsgenie.get("/v2/users")] == ["Ana", "Bo", "Cy", "Dee"]


@pytest.mark.parametrize(
    "data",
    [
        {"people": []},
        {"users": ["ana"]},
        {"users": [{"username": "ana"}]},
        {"switches": {"warp": True}},
        {"switches": {"process_at_once": "no"}},
    ],
)
def test_seed_data_that_cannot_be_used_is_a_value_error(opsgenie, data):
    with pytest.raises(ValueError, match="opsgenie"):
        opsgenie.vendor.seed(data)


def test_a_switch_can_be_set_by_seeding_and_falls_back_at_a_reset(opsgenie):
    opsgenie.vendor.seed({"switches": {"duplicate_status": 422}})
    seeded = opsgenie.vendor.account.switches.duplicate_status
    opsgenie.vendor.reset()
    assert (seeded, opsgenie.vendor.account.switches.duplicate_status) == (422, 409)


@pytest.mark.parametrize("alias", ["alivemcp/weather", "a//b/", "100%", "a%2Fb", "søk 1?x=y#z", "a+b&c@d"])
def test_an_alias_may_hold_any_character_when_it_is_encoded_in_the_path(opsgenie, alias: str):
    opsgenie.alert(alias=alias)
    encoded = quote(alias, safe="")
    found = opsgenie.get(f"/v2/alerts/{encoded}?identifierType=alias")
    opsgenie.send("POST", f"/v2/alerts/{encoded}/close?identifierType=alias", {}, 202)
    assert (found["alias"], opsgenie.get(f"/v2/alerts/{found['id']}")["status"]) == (alias, "closed")


def test_a_name_with_a_slash_is_found_by_that_name(opsgenie):
    opsgenie.schedule(name="sun/moon")
    assert opsgenie.get("/v2/schedules/sun%2Fmoon?identifierType=name")["name"] == "sun/moon"


def test_double_and_trailing_slashes_are_passed_over(opsgenie):
    assert [opsgenie.http("GET", path).status_code for path in ("/v2//teams", "/v2/teams/")] == [200, 200]
