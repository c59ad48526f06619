"""Whom an alert pages, how and when: responders, routing rules, escalations, each user's own rules."""

import pytest

EDGE = {"type": "team", "name": "Edge"}


def test_a_user_who_is_a_responder_is_told_by_push_and_mail_at_once(opsgenie):
    opsgenie.alert(responders=[opsgenie.user("ana")])
    assert opsgenie.told() == [("0m", "Ana", "push"), ("0m", "Ana", "email")]


def test_a_schedule_that_is_a_responder_means_who_is_on_call_now(opsgenie):
    schedule = opsgenie.schedule(opsgenie.rotation("ana", "bo"))
    opsgenie.move_to("2026-03-10T12:00:00+00:00")
    opsgenie.alert(responders=[{"type": "schedule", "id": schedule}])
    assert [who for _, who in opsgenie.paged()] == ["Bo"]


def test_a_team_goes_through_its_first_matching_routing_rule(opsgenie):
    team = opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")))
    critical = opsgenie.escalation(opsgenie.rule(0, opsgenie.user("bo")), name="critical")
    conditions = [{"field": "priority", "operation": "equals", "expectedValue": "P1"}]
    opsgenie.make(
        f"/v2/teams/{team}/routing-rules",
        {
            "name": "critical",
            "criteria": {"type": "match-all-conditions", "conditions": conditions},
            "notify": {"type": "escalation", "id": critical},
        },
    )
    opsgenie.alert(alias="one", responders=[EDGE], priority="P1")
    first = opsgenie.paged()
    opsgenie.alert(alias="two", responders=[EDGE], priority="P2")
    assert (first, opsgenie.paged()) == ([("0m", "Bo")], [("0m", "Bo"), ("0m", "Ana")])


def test_a_routing_rule_outside_its_hours_is_passed_over(opsgenie):
    team = opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")))
    night = {"startHour": 22, "startMin": 0, "endHour": 6, "endMin": 0}
    opsgenie.make(
        f"/v2/teams/{team}/routing-rules",
        {
            "name": "at night",
            "timezone": "Europe/Berlin",
            "timeRestriction": {"type": "time-of-day", "restriction": night},
            "notify": {"type": "none"},
        },
    )
    opsgenie.alert(responders=[EDGE])
    assert opsgenie.paged() == [("0m", "Ana")]
    opsgenie.act("close")
    opsgenie.move_to("2026-03-02T22:00:00+00:00")
    opsgenie.alert(responders=[EDGE])
    assert opsgenie.paged() == [("0m", "Ana")]


def test_a_rule_that_notifies_none_pages_nobody(opsgenie):
    team = opsgenie.team("Edge", "ana")
    path = f"/v2/teams/{team}/routing-rules/{opsgenie.default_rule(team)['id']}"
    opsgenie.send("PATCH", path, {"notify": {"type": "none"}})
    opsgenie.alert(responders=[EDGE])
    opsgenie.move(hours=1)
    assert opsgenie.paged() == []


def test_a_new_teams_own_escalation_ends_with_all_its_members(opsgenie):
    opsgenie.team("Edge", "ana", "bo")
    opsgenie.alert(responders=[EDGE])
    opsgenie.move(hours=1)
    assert opsgenie.paged() == [("10m", "Ana"), ("10m", "Bo")]


def test_delays_count_from_the_alerts_creation(opsgenie):
    opsgenie.routed_team(
        opsgenie.rule(0, opsgenie.user("ana")),
        opsgenie.rule(5, opsgenie.user("bo")),
        opsgenie.rule(15, opsgenie.user("cy")),
    )
    opsgenie.alert(responders=[EDGE])
    opsgenie.move(minutes=16)
    assert opsgenie.paged() == [("0m", "Ana"), ("5m", "Bo"), ("15m", "Cy")]


def test_an_acknowledgement_stops_the_rules_for_the_unacknowledged_only(opsgenie):
    opsgenie.routed_team(
        opsgenie.rule(0, opsgenie.user("ana")),
        opsgenie.rule(5, opsgenie.user("bo")),
        opsgenie.rule(15, opsgenie.user("cy"), condition="if-not-closed"),
    )
    opsgenie.alert(responders=[EDGE])
    opsgenie.move(minutes=2)
    opsgenie.act("acknowledge", user="ana@acme.example")
    opsgenie.move(minutes=20)
    assert opsgenie.paged() == [("0m", "Ana"), ("15m", "Cy")]


def test_closing_stops_everything(opsgenie):
    opsgenie.routed_team(
        opsgenie.rule(0, opsgenie.user("ana")), opsgenie.rule(5, opsgenie.user("bo"), condition="if-not-closed")
    )
    opsgenie.alert(responders=[EDGE])
    opsgenie.act("close")
    opsgenie.move(hours=1)
    assert opsgenie.paged() == [("0m", "Ana")]


def test_an_escalation_repeats_after_its_wait_as_often_as_it_says(opsgenie):
    opsgenie.routed_team(
        opsgenie.rule(0, opsgenie.user("ana")),
        opsgenie.rule(5, opsgenie.user("bo")),
        repeat={"waitInterval": 25, "count": 2},
    )
    opsgenie.alert(responders=[EDGE])
    opsgenie.move(hours=4)
    assert opsgenie.paged() == [
        ("0m", "Ana"),
        ("5m", "Bo"),
        ("30m", "Ana"),
        ("35m", "Bo"),
        ("60m", "Ana"),
        ("65m", "Bo"),
    ]


def test_a_repeat_that_resets_states_pages_again_after_an_acknowledgement(opsgenie):
    opsgenie.routed_team(
        opsgenie.rule(0, opsgenie.user("ana")),
        repeat={"waitInterval": 30, "count": 1, "resetRecipientStates": True},
    )
    opsgenie.alert(responders=[EDGE])
    opsgenie.act("acknowledge", user="ana@acme.example")
    opsgenie.move(hours=1)
    assert opsgenie.paged() == [("0m", "Ana"), ("30m", "Ana")]


def test_an_escalation_may_close_the_alert_after_all_its_repeats(opsgenie):
    opsgenie.routed_team(
        opsgenie.rule(0, opsgenie.user("ana")), repeat={"waitInterval": 30, "count": 1, "closeAlertAfterAll": True}
    )
    opsgenie.alert(responders=[EDGE])
    opsgenie.move(minutes=59)
    before = opsgenie.the_alert()["status"]
    opsgenie.move(minutes=2)
    assert (before, opsgenie.the_alert()["status"]) == ("open", "closed")


def test_a_wait_of_zero_means_no_repeat(opsgenie):
    opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")), repeat={"waitInterval": 0, "count": 5})
    opsgenie.alert(responders=[EDGE])
    opsgenie.move(hours=4)
    assert opsgenie.paged() == [("0m", "Ana")]


def test_a_schedule_in_a_step_is_read_when_the_step_runs(opsgenie):
    schedule = opsgenie.schedule(opsgenie.rotation("ana", "bo", type="hourly"))
    target = {"type": "schedule", "id": schedule}
    # The rotation began at 08:00 UTC, so hands over each full hour.
    opsgenie.routed_team(opsgenie.rule(0, target), opsgenie.rule(90, target))
    opsgenie.alert(responders=[EDGE])
    opsgenie.move(minutes=91)
    assert opsgenie.paged() == [("0m", "Bo"), ("90m", "Ana")]


@pytest.mark.parametrize(("kind", "expected"), [("default", "Ana"), ("next", "Bo"), ("previous", "Cy")])
def test_a_schedule_step_may_mean_the_one_on_call_the_next_or_the_previous(opsgenie, kind: str, expected: str):
    schedule = opsgenie.schedule(opsgenie.rotation("ana", "bo", "cy"))
    opsgenie.routed_team(opsgenie.rule(0, {"type": "schedule", "id": schedule}, notifyType=kind))
    opsgenie.alert(responders=[EDGE])
    assert opsgenie.paged() == [("0m", expected)]


@pytest.mark.parametrize(("kind", "expected"), [("all", ["Ana", "Bo"]), ("admins", ["Bo"]), ("users", ["Ana"])])
def test_a_team_step_may_mean_all_members_or_those_of_a_role(opsgenie, kind: str, expected: list[str]):
    members = [{"user": {"username": "ana@acme.example"}}, {"user": {"username": "bo@acme.example"}, "role": "admin"}]
    crew = opsgenie.make("/v2/teams", {"name": "Crew", "members": members})["id"]
    opsgenie.routed_team(opsgenie.rule(0, {"type": "team", "id": crew}, notifyType=kind))
    opsgenie.alert(responders=[EDGE])
    assert sorted(who for _, who in opsgenie.paged()) == expected


def test_nobody_on_call_still_makes_an_alert(opsgenie):
    schedule = opsgenie.schedule()
    opsgenie.routed_team(opsgenie.rule(0, {"type": "schedule", "id": schedule}))
    opsgenie.alert(responders=[EDGE])
    assert (opsgenie.the_alert()["status"], opsgenie.paged()) == ("open", [])


def test_an_escalation_inside_its_own_schedule_ends(opsgenie):
    schedule = opsgenie.schedule()
    escalation = opsgenie.escalation(
        opsgenie.rule(0, {"type": "schedule", "id": schedule}), opsgenie.rule(1, opsgenie.user("ana"))
    )
    opsgenie.make(
        f"/v2/schedules/{schedule}/rotations",
        opsgenie.rotation(participants=[{"type": "escalation", "id": escalation}]),
    )
    opsgenie.alert(responders=[{"type": "escalation", "id": escalation}])
    opsgenie.move(minutes=2)
    assert opsgenie.paged() == [("1m", "Ana")]


# --- integrations ---


def test_a_team_integrations_alert_goes_to_its_team(opsgenie):
    team = opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")))
    opsgenie.alert(opsgenie.key(team))
    assert opsgenie.paged() == [("0m", "Ana")]
    assert opsgenie.the_alert()["responders"] == [{"type": "team", "id": team}]


def test_one_event_pages_once_where_integration_and_payload_name_the_same_team(opsgenie):
    team = opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")), opsgenie.rule(5, opsgenie.user("bo")))
    opsgenie.alert(opsgenie.key(team), responders=[EDGE, {"type": "team", "id": team}])
    opsgenie.move(minutes=6)
    assert opsgenie.paged() == [("0m", "Ana"), ("5m", "Bo")]


def test_two_ways_to_one_user_at_one_moment_are_one_page(opsgenie):
    opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")))
    opsgenie.alert(responders=[EDGE, opsgenie.user("ana")])
    assert opsgenie.paged() == [("0m", "Ana")]


def test_an_integration_may_ignore_the_payloads_responders(opsgenie):
    team = opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")))
    opsgenie.alert(opsgenie.key(team, ignoreRespondersFromPayload=True), responders=[opsgenie.user("bo")])
    assert opsgenie.paged() == [("0m", "Ana")]


def test_an_integration_that_suppresses_notifications_pages_nobody(opsgenie):
    team = opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")))
    opsgenie.alert(opsgenie.key(team, suppressNotifications=True))
    assert (opsgenie.paged(), opsgenie.the_alert()["status"]) == ([], "open")


def test_an_unknown_responder_is_left_out_and_logged(opsgenie):
    opsgenie.alert(responders=[{"type": "team", "name": "Nobody"}, opsgenie.user("ana")])
    logs = opsgenie.get("/v2/alerts/alivemcp-weather/logs?identifierType=alias")
    assert opsgenie.paged() == [("0m", "Ana")]
    assert "Responder not found: team Nobody" in [one["log"] for one in logs]


def test_a_repeated_event_pages_nobody_anew(opsgenie):
    opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")))
    for _ in range(3):
        opsgenie.alert(responders=[EDGE])
    assert opsgenie.paged() == [("0m", "Ana")]


def test_recipients_tell_who_was_notified_and_who_acted(opsgenie):
    opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")), opsgenie.rule(1, opsgenie.user("bo")))
    opsgenie.alert(responders=[EDGE])
    opsgenie.move(minutes=2)
    opsgenie.act("acknowledge", user="bo@acme.example")
    found = opsgenie.get("/v2/alerts/alivemcp-weather/recipients?identifierType=alias")
    assert [(one["user"]["username"], one["state"], one["method"]) for one in found] == [
        ("ana@acme.example", "active", ""),
        ("bo@acme.example", "action", "Acknowledge"),
    ]


# --- a user's own rules ---


def own_rules(opsgenie, *rules) -> None:
    user = {
        "username": "ana@acme.example",
        "fullName": "Ana",
        "timeZone": "Europe/Berlin",
        "notificationRules": list(rules),
    }
    opsgenie.vendor.seed({"users": [user]})


def step(method: str, minutes: int = 0):
    return {"contact": {"method": method, "to": "x"}, "sendAfter": {"timeAmount": minutes}}


def test_a_users_steps_follow_at_their_own_times(opsgenie):
    own_rules(opsgenie, {"name": "all", "steps": [step("mobile"), step("voice", 5), step("sms", 10)]})
    opsgenie.alert(responders=[opsgenie.user("ana")])
    opsgenie.move(minutes=30)
    assert opsgenie.told() == [("0m", "Ana", "push"), ("5m", "Ana", "voice"), ("10m", "Ana", "sms")]


def test_an_acknowledgement_stops_a_users_later_steps(opsgenie):
    own_rules(opsgenie, {"name": "all", "steps": [step("mobile"), step("voice", 5)]})
    opsgenie.alert(responders=[opsgenie.user("ana")])
    opsgenie.move(minutes=1)
    opsgenie.act("acknowledge")
    opsgenie.move(minutes=30)
    assert opsgenie.told() == [("0m", "Ana", "push")]


def test_of_a_users_rules_the_first_that_matches_is_the_only_one(opsgenie):
    critical = {"type": "match-all-conditions"}
    critical["conditions"] = [{"field": "priority", "operation": "equals", "expectedValue": "P1"}]
    own_rules(
        opsgenie,
        {"name": "critical", "criteria": critical, "steps": [step("voice")]},
        {"name": "rest", "steps": [step("email")]},
    )
    opsgenie.alert(alias="a", priority="P1", responders=[opsgenie.user("ana")])
    opsgenie.alert(alias="b", priority="P3", responders=[opsgenie.user("ana")])
    assert [how for _, _, how in opsgenie.told()] == ["voice", "email"]


def test_a_users_rule_outside_its_hours_does_not_apply(opsgenie):
    night = {"type": "time-of-day", "restriction": {"startHour": 22, "startMin": 0, "endHour": 6, "endMin": 0}}
    own_rules(opsgenie, {"name": "night", "timeRestriction": night, "steps": [step("voice")]})
    opsgenie.alert(responders=[opsgenie.user("ana")])
    logs = [one["log"] for one in opsgenie.get("/v2/alerts/alivemcp-weather/logs?identifierType=alias")]
    assert opsgenie.told() == []
    assert "No notification rule of ana@acme.example matches" in logs


def test_moving_the_clock_far_gives_the_same_history_as_waiting(opsgenie, make_opsgenie):
    histories = []
    for steps in ([60], [1] * 60):
        driver = make_opsgenie()
        driver.routed_team(
            driver.rule(0, driver.user("ana")),
            driver.rule(7, driver.user("bo")),
            repeat={"waitInterval": 13, "count": 2},
        )
        driver.alert(responders=[EDGE])
        for minutes in steps:
            driver.move(minutes=minutes)
        histories.append(driver.told())
    assert histories[0] == histories[1]


# --- what the page shows ---


def test_the_state_shows_who_is_on_call_and_until_when(opsgenie):
    opsgenie.team("Edge")
    opsgenie.schedule(opsgenie.rotation("ana", "bo"), ownerTeam={"name": "Edge"})
    (sun,) = [one for one in opsgenie.vendor.state()["on_call"] if one["schedule"] == "sun"]
    assert {key: sun[key] for key in ("team", "time_zone", "who")} == {
        "team": "Edge",
        "time_zone": "Europe/Berlin",
        "who": [{"name": "Ana", "until": "2026-03-09T08:00:00Z", "part": "weekly"}],
    }


def test_the_state_shows_an_alert_with_its_pages_and_its_timeline(opsgenie):
    team = opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")))
    opsgenie.alert(opsgenie.key(team), priority="P1")
    opsgenie.act("close")
    (alert,) = opsgenie.vendor.state()["alerts"]
    shown = ("number", "title", "open", "status", "level", "where", "key", "count", "assigned")
    assert [alert[key] for key in shown] == [
        1,
        "weather is down",
        False,
        "closed",
        "P1",
        "Edge",
        "alivemcp-weather",
        1,
        ["Ana"],
    ]
    assert sorted(one["how"] for one in alert["notifications"]) == ["email", "push"]
    assert [one["what"] for one in alert["timeline"]] == [
        "opened",
        "routed",
        "escalation",
        "escalated",
        "notified",
        "notified",
        "closed",
    ]
