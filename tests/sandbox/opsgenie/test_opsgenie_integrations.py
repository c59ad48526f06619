"""Integrations with their keys, and heartbeats."""

import pytest

HEARTBEAT = {"name": "bridge", "interval": 10, "intervalUnit": "minutes", "enabled": True}


def made(opsgenie, name: str = "bridge"):
    (found,) = [one for one in opsgenie.get("/v2/integrations") if one["name"] == name]
    return found


def test_the_key_is_told_in_the_create_answer_only(opsgenie):
    key = opsgenie.key(opsgenie.team())
    meta = made(opsgenie)
    answers = [opsgenie.get(f"/v2/integrations/{meta['id']}"), meta, opsgenie.vendor.state()]
    assert [key in str(each) for each in answers] == [False, False, False]


def test_an_integration_reads_back_whole_with_its_owner(opsgenie):
    team = opsgenie.team()
    opsgenie.key(team, ignoreRespondersFromPayload=True)
    found = opsgenie.get(f"/v2/integrations/{made(opsgenie)['id']}")
    assert (found["type"], found["ownerTeam"], found["isGlobal"]) == ("API", {"id": team, "name": "Edge"}, False)
    assert {
        key: found[key] for key in ("allowWriteAccess", "ignoreRespondersFromPayload", "suppressNotifications")
    } == {
        "allowWriteAccess": True,
        "ignoreRespondersFromPayload": True,
        "suppressNotifications": False,
    }
    assert set(found["_readOnly"]) <= set(found)


def test_the_sdks_way_to_update_keeps_what_it_does_not_change(opsgenie):
    key = opsgenie.key(opsgenie.team(), allowConfigurationAccess=True)
    path = f"/v2/integrations/{made(opsgenie)['id']}"
    found = opsgenie.get(path)
    body = {name: value for name, value in found.items() if name not in {*found["_readOnly"], "_readOnly"}}
    opsgenie.send("PUT", path, body | {"suppressNotifications": True})
    assert opsgenie.get(path) == found | {"suppressNotifications": True}
    assert opsgenie.http("GET", "/v2/alerts", key=key).status_code == 200


@pytest.mark.parametrize("kept", [True, False])
def test_a_put_resets_what_it_leaves_out_but_the_owner_by_a_switch(make_opsgenie, kept: bool):
    opsgenie = make_opsgenie(put_keeps_owner=kept)
    opsgenie.key(opsgenie.team(), ignoreRespondersFromPayload=True)
    path = f"/v2/integrations/{made(opsgenie)['id']}"
    opsgenie.send("PUT", path, {"type": "API", "name": "bridge", "ownerTeam": None, "assignedTeam": None})
    found = opsgenie.get(path)
    assert (found["ignoreRespondersFromPayload"], "ownerTeam" in found) == (False, kept)


def test_an_email_integration_is_reached_by_its_address(opsgenie):
    body = {"type": "Email", "name": "mail", "emailUsername": "inbox"}
    told = opsgenie.send("POST", "/v2/integrations", body, 201)["data"]
    found = opsgenie.get(f"/v2/integrations/{told['id']}")
    assert ("apiKey" in told, told["emailAddress"].partition("@")[0], found["emailUsername"]) == (
        False,
        "inbox",
        "inbox",
    )
    assert opsgenie.http("POST", "/v2/integrations", body | {"name": "other"}).status_code == 409
    assert opsgenie.http("POST", "/v2/integrations", {"type": "Email", "name": "none"}).status_code == 422


def test_enabling_and_disabling_answer_201(opsgenie):
    opsgenie.key()
    path = f"/v2/integrations/{made(opsgenie)['id']}"
    answers = [opsgenie.send("POST", f"{path}/{verb}", {}, 201)["data"]["enabled"] for verb in ("disable", "enable")]
    assert answers == [False, True]


def test_a_second_integration_of_one_name_is_a_409(opsgenie):
    opsgenie.key()
    assert opsgenie.http("POST", "/v2/integrations", {"type": "API", "name": "bridge"}).status_code == 409


def test_the_key_of_a_deleted_integration_is_dead(opsgenie):
    key = opsgenie.key()
    opsgenie.send("DELETE", f"/v2/integrations/{made(opsgenie)['id']}")
    assert opsgenie.http("GET", "/v2/alerts", key=key).status_code == 401


def test_integrations_are_listed_by_team(opsgenie):
    team = opsgenie.team()
    opsgenie.key(team)
    assert [one["name"] for one in opsgenie.get("/v2/integrations?teamName=Edge")] == ["bridge"]


def test_authenticate_tells_whether_a_key_is_of_the_type(opsgenie):
    key = opsgenie.key(opsgenie.team())
    statuses = [
        opsgenie.http("POST", "/v2/integrations/authenticate", {"type": kind}, key=key).status_code
        for kind in ("API", "Jira")
    ]
    assert statuses == [200, 422]


# --- heartbeats ---


def test_a_heartbeat_reads_back_with_its_defaults(opsgenie):
    team = opsgenie.team()
    opsgenie.make("/v2/heartbeats", HEARTBEAT | {"ownerTeam": {"id": team}})
    assert opsgenie.get("/v2/heartbeats/bridge") == {
        "name": "bridge",
        "description": "",
        "interval": 10,
        "enabled": True,
        "intervalUnit": "minutes",
        "expired": False,
        "alertMessage": "bridge is expired",
        "alertTags": [],
        "alertPriority": "P3",
        "ownerTeam": {"id": team, "name": "Edge"},
    }


def test_heartbeats_are_listed_under_their_own_word(opsgenie):
    opsgenie.make("/v2/heartbeats", HEARTBEAT | {"ownerTeam": {}})
    assert [one["name"] for one in opsgenie.get("/v2/heartbeats")["heartbeats"]] == ["bridge"]


@pytest.mark.parametrize(
    "more",
    [
        {"name": "a b"},
        {"name": "x" * 201},
        {"interval": 0},
        {"intervalUnit": "weeks"},
        {"alertMessage": "x" * 131},
        {"alertTags": ["t"] * 21},
        {"alertPriority": "P9"},
    ],
)
def test_an_unusable_heartbeat_is_refused(opsgenie, more):
    assert opsgenie.http("POST", "/v2/heartbeats", HEARTBEAT | more).status_code == 422


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH"])
def test_a_ping_is_taken_in_every_way_even_for_an_unknown_name(opsgenie, method: str):
    answer = opsgenie.send(method, "/v2/heartbeats/nobody/ping", None, 202)
    assert answer["result"] == "PONG - Heartbeat received"


def test_a_ping_needs_no_configuration_access(opsgenie):
    opsgenie.make("/v2/heartbeats", HEARTBEAT)
    opsgenie.send("GET", "/v2/heartbeats/bridge/ping", status=202, key=opsgenie.key(opsgenie.team()))
    assert opsgenie.get("/v2/heartbeats/bridge")["lastPingTime"] == "2026-03-02T09:00:00Z"


def test_a_heartbeat_waits_for_its_first_ping(opsgenie):
    opsgenie.make("/v2/heartbeats", HEARTBEAT)
    opsgenie.move(hours=2)
    assert opsgenie.get("/v2/alerts") == []


def test_a_heartbeat_counts_from_its_creation_where_the_switch_says_so(make_opsgenie):
    opsgenie = make_opsgenie(heartbeat_starts_at_creation=True)
    opsgenie.make("/v2/heartbeats", HEARTBEAT)
    opsgenie.move(minutes=11)
    assert [one["message"] for one in opsgenie.get("/v2/alerts")] == ["bridge is expired"]


def test_a_missed_ping_opens_one_alert_for_the_owner_team(opsgenie):
    team = opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")))
    more = {"ownerTeam": {"id": team}, "alertMessage": "bridge is silent", "alertTags": ["x"], "alertPriority": "P1"}
    opsgenie.make("/v2/heartbeats", HEARTBEAT | more)
    opsgenie.send("GET", "/v2/heartbeats/bridge/ping", status=202)
    opsgenie.move(minutes=60)
    (alert,) = opsgenie.get("/v2/alerts")
    assert (alert["message"], alert["priority"], alert["tags"], alert["count"]) == ("bridge is silent", "P1", ["x"], 1)
    assert opsgenie.paged() == [("10m", "Ana")]
    assert opsgenie.get("/v2/heartbeats/bridge")["expired"]


def test_regular_pings_keep_a_heartbeat_alive(opsgenie):
    opsgenie.make("/v2/heartbeats", HEARTBEAT)
    for _ in range(6):
        opsgenie.send("GET", "/v2/heartbeats/bridge/ping", status=202)
        opsgenie.move(minutes=9)
    assert opsgenie.get("/v2/alerts") == []


@pytest.mark.parametrize(("closes", "status"), [(True, "closed"), (False, "open")])
def test_a_late_ping_closes_the_alert_unless_switched(make_opsgenie, closes: bool, status: str):
    opsgenie = make_opsgenie(ping_closes_alert=closes)
    opsgenie.make("/v2/heartbeats", HEARTBEAT)
    opsgenie.send("GET", "/v2/heartbeats/bridge/ping", status=202)
    opsgenie.move(minutes=11)
    opsgenie.send("GET", "/v2/heartbeats/bridge/ping", status=202)
    (alert,) = opsgenie.get("/v2/alerts")
    assert (alert["status"], opsgenie.get("/v2/heartbeats/bridge")["expired"]) == (status, False)


def test_a_disabled_or_deleted_heartbeat_never_expires(opsgenie):
    for name in ("a", "b"):
        opsgenie.make("/v2/heartbeats", HEARTBEAT | {"name": name})
        opsgenie.send("GET", f"/v2/heartbeats/{name}/ping", status=202)
    opsgenie.send("POST", "/v2/heartbeats/a/disable", {})
    opsgenie.send("DELETE", "/v2/heartbeats/b")
    opsgenie.move(hours=1)
    assert opsgenie.get("/v2/alerts") == []


def test_a_patch_of_the_interval_moves_the_expiry(opsgenie):
    opsgenie.make("/v2/heartbeats", HEARTBEAT)
    opsgenie.send("GET", "/v2/heartbeats/bridge/ping", status=202)
    opsgenie.send("PATCH", "/v2/heartbeats/bridge", {"interval": 1, "intervalUnit": "hours"})
    opsgenie.move(minutes=30)
    before = len(opsgenie.get("/v2/alerts"))
    opsgenie.move(minutes=31)
    assert (before, len(opsgenie.get("/v2/alerts"))) == (0, 1)
