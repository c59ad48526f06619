"""What people do to open alerts: snooze, assign, escalate, responders, tags and details taken away, own actions."""

import pytest

EDGE = {"type": "team", "name": "Edge"}
ALERT = "/v2/alerts/alivemcp-weather"
BY_ALIAS = "identifierType=alias"


def lines(opsgenie) -> list[str]:
    return [one["log"] for one in opsgenie.get(f"{ALERT}/logs?{BY_ALIAS}")]


def outcome(opsgenie, action: str, **body):
    return opsgenie.outcome(opsgenie.act(action, **body))


def snooze(opsgenie, until: str) -> None:
    opsgenie.act("snooze", endTime=until)


# --- snooze ---


def test_a_snoozed_alert_pages_nobody_until_the_end_and_then_like_a_new_one(opsgenie):
    opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")), opsgenie.rule(5, opsgenie.user("bo")))
    opsgenie.alert(responders=[EDGE])
    snooze(opsgenie, "2026-03-02T10:00:00Z")
    opsgenie.move(minutes=70)
    assert opsgenie.paged() == [("0m", "Ana"), ("60m", "Ana"), ("65m", "Bo")]


def test_a_snooze_shows_in_the_alert_until_it_ends(opsgenie):
    opsgenie.alert()
    snooze(opsgenie, "2026-03-02T10:00:00Z")
    during = opsgenie.the_alert()
    opsgenie.move(hours=2)
    after = opsgenie.the_alert()
    assert (during["snoozed"], during["snoozedUntil"]) == (True, "2026-03-02T10:00:00Z")
    assert (after["snoozed"], "snoozedUntil" in after) == (False, False)


def test_an_acknowledged_alert_is_open_again_when_its_snooze_ends(opsgenie):
    opsgenie.alert(responders=[opsgenie.user("ana")])
    opsgenie.act("acknowledge")
    snooze(opsgenie, "2026-03-02T10:00:00Z")
    opsgenie.move(hours=2)
    assert (opsgenie.the_alert()["acknowledged"], len(opsgenie.paged())) == (False, 2)


@pytest.mark.parametrize("action", ["acknowledge", "close"])
def test_an_acknowledgement_or_the_close_ends_a_snooze(opsgenie, action: str):
    opsgenie.alert(responders=[opsgenie.user("ana")])
    snooze(opsgenie, "2026-03-02T10:00:00Z")
    opsgenie.act(action)
    opsgenie.move(hours=2)
    assert (opsgenie.the_alert()["snoozed"], opsgenie.paged()) == (False, [("0m", "Ana")])


def test_a_second_snooze_replaces_the_first(opsgenie):
    opsgenie.alert(responders=[opsgenie.user("ana")])
    snooze(opsgenie, "2026-03-02T10:00:00Z")
    snooze(opsgenie, "2026-03-02T09:30:00Z")
    opsgenie.move(hours=2)
    assert opsgenie.paged() == [("0m", "Ana"), ("30m", "Ana")]


@pytest.mark.parametrize("until", [None, "tomorrow", "2026-03-02T08:00:00Z", "2026-03-10T09:00:00Z"])
def test_a_snooze_to_an_unusable_time_is_refused(opsgenie, until: str | None):
    opsgenie.alert()
    assert opsgenie.http("POST", f"{ALERT}/snooze?{BY_ALIAS}", {"endTime": until}).status_code == 422


def test_a_closed_alert_cannot_be_snoozed(opsgenie):
    opsgenie.alert()
    opsgenie.act("close")
    found = outcome(opsgenie, "snooze", endTime="2026-03-02T10:00:00Z")
    assert (found["success"], found["status"]) == (False, "Alert is closed")


# --- assign, escalate, responders ---


def test_an_assigned_alert_has_an_owner_and_stays_unacknowledged(opsgenie):
    opsgenie.alert()
    opsgenie.act("assign", owner={"username": "bo@acme.example"}, note="yours")
    found = opsgenie.the_alert()
    notes = [one["note"] for one in opsgenie.get(f"{ALERT}/notes?{BY_ALIAS}")]
    assert (found["owner"], found["acknowledged"], notes) == ("bo@acme.example", False, ["yours"])


def test_the_owner_is_told_where_a_rule_of_theirs_is_for_it(opsgenie):
    steps = [{"contact": {"method": "mobile", "to": "bo@acme.example"}, "enabled": True}]
    body = {"name": "mine", "actionType": "assigned-alert", "enabled": True, "steps": steps}
    opsgenie.make("/v2/users/bo@acme.example/notification-rules", body)
    opsgenie.alert(responders=[opsgenie.user("ana")])
    opsgenie.act("assign", owner={"username": "bo@acme.example"})
    assert opsgenie.paged() == [("0m", "Ana"), ("0m", "Bo")]


def test_escalating_runs_the_next_rule_at_once(opsgenie):
    opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")), opsgenie.rule(30, opsgenie.user("bo")))
    opsgenie.alert(responders=[EDGE])
    opsgenie.move(minutes=5)
    opsgenie.act("escalate", escalation={"name": "steps"})
    assert opsgenie.paged() == [("0m", "Ana"), ("5m", "Bo")]


def test_escalating_past_the_last_rule_fails(opsgenie):
    opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")))
    opsgenie.alert(responders=[EDGE])
    assert outcome(opsgenie, "escalate", escalation={"name": "steps"})["status"] == "Escalation has no rule left"


def test_an_escalation_that_has_not_begun_begins_with_its_first_rule(opsgenie):
    opsgenie.escalation(opsgenie.rule(10, opsgenie.user("cy")), name="others")
    opsgenie.alert()
    opsgenie.act("escalate", escalation={"name": "others"})
    assert opsgenie.paged() == [("0m", "Cy")]


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("responders", {"responder": {"type": "user", "username": "bo@acme.example"}}),
        ("teams", {"team": {"name": "Core"}}),
    ],
)
def test_an_added_responder_is_paged_from_then_on(opsgenie, action: str, body):
    core = opsgenie.team("Core")
    path = f"/v2/teams/{core}/routing-rules/{opsgenie.default_rule(core)['id']}"
    steps = opsgenie.escalation(opsgenie.rule(0, opsgenie.user("bo")))
    opsgenie.send("PATCH", path, {"notify": {"type": "escalation", "id": steps}})
    opsgenie.alert(responders=[opsgenie.user("ana")])
    opsgenie.move(minutes=3)
    opsgenie.act(action, **body)
    assert opsgenie.paged() == [("0m", "Ana"), ("3m", "Bo")]
    assert len(opsgenie.the_alert()["responders"]) == 2


def test_a_responder_who_is_one_already_is_not_paged_anew(opsgenie):
    opsgenie.alert(responders=[opsgenie.user("ana")])
    opsgenie.act("responders", responder=opsgenie.user("ana"))
    assert opsgenie.paged() == [("0m", "Ana")]


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("assign", {"owner": {"username": "x@acme.example"}}, "Owner does not exist"),
        ("escalate", {"escalation": {"name": "x"}}, "Escalation does not exist"),
        ("teams", {"team": {"name": "x"}}, "Responder does not exist"),
        ("responders", {"responder": {"type": "team", "name": "x"}}, "Responder does not exist"),
        ("actions/restart", {}, "Alert has no such action"),
    ],
)
def test_what_names_nothing_is_taken_and_fails(opsgenie, action: str, body, status: str):
    opsgenie.alert()
    found = outcome(opsgenie, action, **body)
    assert (found["success"], found["status"]) == (False, status)


@pytest.mark.parametrize("action", ["assign", "escalate", "teams", "responders"])
def test_an_action_without_its_object_is_refused_with_422(opsgenie, action: str):
    opsgenie.alert()
    assert opsgenie.http("POST", f"{ALERT}/{action}?{BY_ALIAS}", {}).status_code == 422


# --- tags, details, own actions ---


def test_tags_and_details_can_be_taken_away(opsgenie):
    opsgenie.alert(tags=["a", "b", "c"], details={"x": "1", "y": "2"})
    opsgenie.send("DELETE", f"{ALERT}/tags?{BY_ALIAS}&tags=a,c,z&user=ana@acme.example", status=202)
    opsgenie.send("DELETE", f"{ALERT}/details?{BY_ALIAS}&keys=y", status=202)
    found = opsgenie.the_alert()
    assert (found["tags"], found["details"]) == (["b"], {"x": "1"})
    assert "Tags are removed: a, c, z" in lines(opsgenie)


def test_a_delete_that_names_no_tags_is_refused(opsgenie):
    opsgenie.alert(tags=["a"])
    assert opsgenie.http("DELETE", f"{ALERT}/tags?{BY_ALIAS}").status_code == 422


def test_an_alerts_own_action_is_logged(opsgenie):
    opsgenie.alert(actions=["restart"])
    assert outcome(opsgenie, "actions/restart", user="ana@acme.example")["success"]
    assert "Action restart is executed" in lines(opsgenie)
