"""Alerts by their API: asynchronous writes, de-duplication, limits, actions, lists."""

import pytest


def test_a_create_is_taken_and_its_outcome_told_by_the_request_id(opsgenie):
    outcome = opsgenie.outcome(opsgenie.alert())
    alert = opsgenie.the_alert()
    assert (outcome["action"], outcome["isSuccess"], outcome["alertId"]) == ("Create", True, alert["id"])
    assert (alert["status"], alert["tinyId"], alert["priority"]) == ("open", "1", "P3")


def test_a_request_not_yet_processed_is_a_404_with_its_own_header(make_opsgenie):
    opsgenie = make_opsgenie(process_at_once=False, process_after=2.0)
    request = opsgenie.alert()
    answer = opsgenie.http("GET", f"/v2/alerts/requests/{request}")
    opsgenie.move(seconds=3)
    assert (answer.status_code, answer.headers["x-opsgenie-errortype"]) == (404, "RequestNotProcessed")
    assert opsgenie.outcome(request)["isSuccess"]


def test_an_open_alias_counts_up_and_opens_no_second_alert(opsgenie):
    for _ in range(3):
        opsgenie.alert()
    (alert,) = opsgenie.get("/v2/alerts")
    assert alert["count"] == 3


def test_the_count_stops_at_100(opsgenie):
    for _ in range(103):
        opsgenie.alert()
    assert opsgenie.the_alert()["count"] == 100


def test_aliases_are_told_apart_by_case(opsgenie):
    opsgenie.alert(alias="a")
    opsgenie.alert(alias="A")
    assert len(opsgenie.get("/v2/alerts")) == 2


def test_a_closed_alias_opens_a_new_alert(opsgenie):
    opsgenie.alert()
    opsgenie.act("close")
    opsgenie.alert()
    assert [one["status"] for one in opsgenie.get("/v2/alerts")] == ["open", "closed"]


def test_without_an_alias_the_alias_is_the_id(opsgenie):
    opsgenie.alert(alias="")
    (alert,) = opsgenie.get("/v2/alerts")
    assert alert["alias"] == alert["id"]


def test_an_alert_is_found_by_id_alias_and_tiny_id(opsgenie):
    opsgenie.alert()
    alert = opsgenie.the_alert()
    assert opsgenie.get(f"/v2/alerts/{alert['id']}") == opsgenie.get("/v2/alerts/1?identifierType=tiny") == alert


def test_an_unknown_alert_is_a_404(opsgenie):
    assert opsgenie.http("GET", "/v2/alerts/none").status_code == 404


LIMITS = [
    ("message", "x" * 131, "x" * 130),
    ("alias", "x" * 513, "x" * 512),
    ("description", "x" * 15_001, "x" * 15_000),
    ("entity", "x" * 513, "x" * 512),
    ("source", "x" * 101, "x" * 100),
    ("tags", ["t"] * 21, ["t"] * 20),
    ("tags", ["t" * 51], ["t" * 50]),
    ("actions", ["a"] * 11, ["a"] * 10),
]


@pytest.mark.parametrize(("field", "given", "cut"), LIMITS)
def test_an_over_long_field_is_refused(opsgenie, field, given, cut):
    body = {"message": "x"} | {field: given}
    assert opsgenie.http("POST", "/v2/alerts", body).status_code == 422


@pytest.mark.parametrize(("field", "given", "cut"), LIMITS)
def test_an_over_long_field_is_cut_where_the_switch_says_so(make_opsgenie, field, given, cut):
    opsgenie = make_opsgenie(cut_long_text=True)
    opsgenie.send("POST", "/v2/alerts", {"message": "x"} | {field: given}, 202)
    assert opsgenie.get("/v2/alerts/1?identifierType=tiny")[field] == cut


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": " "},
        {"message": "x", "priority": "P0"},
        {"message": "x", "details": {"k": "x" * 8_000}},
        {"message": "x", "details": ["k"]},
        {"message": "x", "tags": "eu"},
        {"message": "x", "responders": [{"type": "group", "name": "x"}]},
        {"message": "x", "responders": [{"type": "team", "name": "x"}] * 51},
    ],
)
def test_an_unusable_alert_is_refused(opsgenie, body):
    assert opsgenie.http("POST", "/v2/alerts", body).status_code == 422


def test_closing_by_alias_closes_with_a_note(opsgenie):
    opsgenie.alert()
    outcome = opsgenie.outcome(opsgenie.act("close", note="recovered", user="AliveMCP"))
    alert = opsgenie.the_alert()
    notes = opsgenie.get("/v2/alerts/alivemcp-weather/notes?identifierType=alias")
    assert (outcome["isSuccess"], alert["status"], alert["report"]["closedBy"]) == (True, "closed", "AliveMCP")
    assert [(one["note"], one["owner"]) for one in notes] == [("recovered", "AliveMCP")]


def test_an_action_on_an_alert_that_is_not_there_is_taken_and_fails(opsgenie):
    outcome = opsgenie.outcome(opsgenie.act("close", "nothing"))
    assert (outcome["isSuccess"], outcome["status"]) == (False, "Alert does not exist")


@pytest.mark.parametrize(("fails", "success"), [(True, False), (False, True)])
def test_closing_twice_fails_unless_switched(make_opsgenie, fails: bool, success: bool):
    opsgenie = make_opsgenie(closing_twice_fails=fails)
    opsgenie.alert()
    outcomes = [opsgenie.outcome(opsgenie.act("close"))["isSuccess"] for _ in range(2)]
    assert outcomes == [True, success]


def test_who_acknowledges_becomes_the_owner(opsgenie):
    opsgenie.alert()
    opsgenie.move(minutes=2)
    opsgenie.act("acknowledge", user="ana@acme.example")
    alert = opsgenie.the_alert()
    assert (alert["acknowledged"], alert["owner"], alert["report"]["acknowledgedBy"]) == (
        True,
        "ana@acme.example",
        "ana@acme.example",
    )
    assert alert["report"]["ackTime"] // 1000 == 120


def test_an_acknowledgement_can_be_taken_back(opsgenie):
    opsgenie.alert()
    opsgenie.act("acknowledge")
    opsgenie.act("unacknowledge")
    assert not opsgenie.the_alert()["acknowledged"]


def test_a_closed_alert_cannot_be_acknowledged(opsgenie):
    opsgenie.alert()
    opsgenie.act("close")
    assert not opsgenie.outcome(opsgenie.act("acknowledge"))["isSuccess"]


def test_tags_details_priority_message_and_description_can_be_changed(opsgenie):
    opsgenie.alert(tags=["a"], details={"k": "v"})
    opsgenie.act("tags", tags=["a", "b"])
    opsgenie.act("details", details={"n": 1})
    for name, value in (("priority", "P1"), ("message", "m"), ("description", "d")):
        opsgenie.send("PUT", f"/v2/alerts/alivemcp-weather/{name}?identifierType=alias", {name: value}, 202)
    alert = opsgenie.the_alert()
    assert [alert[name] for name in ("tags", "details", "priority", "message", "description")] == [
        ["a", "b"],
        {"k": "v", "n": "1"},
        "P1",
        "m",
        "d",
    ]


def test_a_deleted_alert_is_gone(opsgenie):
    opsgenie.alert()
    opsgenie.send("DELETE", "/v2/alerts/alivemcp-weather?identifierType=alias", None, 202)
    assert opsgenie.get("/v2/alerts/count") == {"count": 0}


def test_the_list_pages_newest_first(opsgenie):
    for n in range(25):
        opsgenie.alert(alias=f"a{n}")
    first = opsgenie.send("GET", "/v2/alerts?query=status:open")
    rest = opsgenie.send("GET", first["paging"]["next"])
    found = [one["tinyId"] for one in first["data"] + rest["data"]]
    assert (len(first["data"]), found) == (20, [str(n) for n in range(25, 0, -1)])


def test_a_list_of_more_than_100_is_refused(opsgenie):
    assert opsgenie.http("GET", "/v2/alerts?limit=101").status_code == 422


def test_the_log_pages_by_offset_key(opsgenie):
    for _ in range(5):
        opsgenie.alert()
    path = "/v2/alerts/alivemcp-weather/logs?identifierType=alias&limit=3&order=asc"
    first = opsgenie.send("GET", path)
    rest = opsgenie.send("GET", first["paging"]["next"])
    texts = [one["log"] for one in first["data"] + rest["data"]]
    assert texts == [
        "Alert is created by Default API",
        "Alert has no responder",
        *(f"Alert is de-duplicated, count {n}" for n in range(2, 6)),
    ]


def test_a_team_key_sees_its_own_alerts_only(opsgenie):
    edge, core = opsgenie.team("Edge"), opsgenie.team("Core")
    keys = [opsgenie.key(team, name) for team, name in ((edge, "e"), (core, "c"))]
    opsgenie.alert(keys[0], alias="a")
    opsgenie.alert(keys[1], alias="b")
    listed = [[one["alias"] for one in opsgenie.get("/v2/alerts", key=key)] for key in keys]
    foreign = opsgenie.http("GET", "/v2/alerts/b?identifierType=alias", key=keys[0]).status_code
    assert (listed, foreign) == ([["a"], ["b"]], 403)


def test_a_team_key_cannot_close_another_teams_alert(opsgenie):
    keys = [opsgenie.key(opsgenie.team(name), name) for name in ("Edge", "Core")]
    opsgenie.alert(keys[0])
    request = opsgenie.send("POST", "/v2/alerts/alivemcp-weather/close?identifierType=alias", {}, 202, key=keys[1])[
        "requestId"
    ]
    assert (opsgenie.outcome(request)["isSuccess"], opsgenie.the_alert()["status"]) == (False, "open")
