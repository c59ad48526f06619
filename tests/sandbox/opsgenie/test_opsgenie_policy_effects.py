"""What policies do to alerts: alert policies change new ones, notification policies decide when somebody is told."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.opsgenie.notification_actions import Delay

EDGE = {"type": "team", "name": "Edge"}
TEN = {"timeAmount": 10, "timeUnit": "minutes"}


def priority(level: str):
    condition = {"field": "priority", "operation": "equals", "expectedValue": level}
    return {"type": "match-all-conditions", "conditions": [condition]}


def alert_policy(opsgenie, team: str = "", **more) -> str:
    body = {"type": "alert", "name": "policy", "message": "{{message}}"} | more
    return opsgenie.make(f"/v2/policies?teamId={team}", body)["id"]


def notification_policy(opsgenie, team: str, **more) -> str:
    return opsgenie.make(f"/v2/policies?teamId={team}", {"type": "notification", "name": "policy"} | more)["id"]


def paged_team(opsgenie) -> str:
    return opsgenie.routed_team(opsgenie.rule(0, opsgenie.user("ana")), opsgenie.rule(5, opsgenie.user("bo")))


def lines(opsgenie) -> list[str]:
    return [one["log"] for one in opsgenie.get("/v2/alerts/alivemcp-weather/logs?identifierType=alias&order=asc")]


# --- alert policies ---


def test_an_alert_policy_enriches_a_new_alert(opsgenie):
    alert_policy(
        opsgenie,
        message="[{{priority}}] {{message}}",
        description="{{description}} ({{details.slug}})",
        entity="{{alias}}",
        tags=["eu"],
        details={"by": "{{source}}"},
        priority="P1",
    )
    opsgenie.alert(description="no answer", details={"slug": "weather"}, tags=["internal"], source="bridge")
    found = opsgenie.the_alert()
    assert {key: found[key] for key in ("message", "description", "entity", "tags", "details", "priority")} == {
        "message": "[P3] weather is down",
        "description": "no answer (weather)",
        "entity": "alivemcp-weather",
        "tags": ["internal", "eu"],
        "details": {"slug": "weather", "by": "bridge"},
        "priority": "P1",
    }
    assert "Alert policy policy is applied" in lines(opsgenie)


def test_an_alert_policy_may_drop_what_the_event_said(opsgenie):
    alert_policy(
        opsgenie,
        ignoreOriginalTags=True,
        ignoreOriginalDetails=True,
        ignoreOriginalResponders=True,
        tags=["only"],
        responders=[opsgenie.user("bo")],
    )
    opsgenie.alert(tags=["a"], details={"x": "y"}, responders=[opsgenie.user("ana")])
    found = opsgenie.the_alert()
    assert (found["tags"], found["details"], opsgenie.paged()) == (["only"], {}, [("0m", "Bo")])


def test_a_priority_set_by_a_policy_decides_the_routing(opsgenie):
    team = paged_team(opsgenie)
    opsgenie.make(
        f"/v2/teams/{team}/routing-rules", {"name": "low", "criteria": priority("P5"), "notify": {"type": "none"}}
    )
    alert_policy(opsgenie, priority="P5")
    opsgenie.alert(responders=[EDGE])
    assert opsgenie.paged() == []


@pytest.mark.parametrize(("goes_on", "expected"), [(False, ["a"]), (True, ["a", "b"])])
def test_the_first_policy_that_matches_is_the_last_unless_it_continues(opsgenie, goes_on: bool, expected: list[str]):
    alert_policy(opsgenie, filter=priority("P1"), tags=["never"])
    alert_policy(opsgenie, tags=["a"], **{"continue": goes_on})
    alert_policy(opsgenie, tags=["b"])
    alert_policy(opsgenie, tags=["c"])
    opsgenie.alert()
    assert opsgenie.the_alert()["tags"] == expected


def test_the_accounts_alert_policies_come_before_the_teams(opsgenie):
    team = paged_team(opsgenie)
    alert_policy(opsgenie, team, message="2 {{message}}")
    alert_policy(opsgenie, message="1 {{message}}")
    opsgenie.alert(opsgenie.key(team))
    assert opsgenie.the_alert()["message"] == "2 1 weather is down"


def test_a_teams_policies_are_not_for_an_account_wide_alert_that_goes_to_two_teams(opsgenie):
    team = paged_team(opsgenie)
    opsgenie.team("Core")
    alert_policy(opsgenie, team, tags=["edge"])
    opsgenie.alert(alias="one", responders=[EDGE])
    opsgenie.alert(alias="two", responders=[EDGE, {"type": "team", "name": "Core"}])
    assert [opsgenie.the_alert(alias)["tags"] for alias in ("one", "two")] == [["edge"], []]


def test_a_disabled_policy_and_one_outside_its_hours_change_nothing(opsgenie):
    night = {"type": "time-of-day", "restriction": {"startHour": 22, "startMin": 0, "endHour": 6, "endMin": 0}}
    alert_policy(opsgenie, tags=["off"], enabled=False)
    alert_policy(opsgenie, tags=["night"], timeRestrictions=night)
    opsgenie.alert()
    assert opsgenie.the_alert()["tags"] == []


def test_an_alias_given_by_a_policy_is_the_one_that_counts(opsgenie):
    alert_policy(opsgenie, alias="all-in-one")
    opsgenie.alert(alias="a")
    opsgenie.alert(alias="b")
    assert opsgenie.the_alert("all-in-one")["count"] == 2


def test_an_alert_policy_leaves_open_alerts_alone(opsgenie):
    opsgenie.alert()
    alert_policy(opsgenie, tags=["late"])
    opsgenie.alert()
    assert (opsgenie.the_alert()["tags"], opsgenie.the_alert()["count"]) == ([], 2)


# --- notification policies ---


def test_a_medium_alert_at_night_pages_at_business_hours(make_opsgenie):
    opsgenie = make_opsgenie(account_time_zone="Europe/Berlin")
    team = paged_team(opsgenie)
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    nights = [
        {"startDay": one, "startHour": 17, "startMin": 0, "endDay": two, "endHour": 9, "endMin": 0}
        for one, two in zip(days, (*days[1:], "monday"), strict=True)
    ]
    notification_policy(
        opsgenie,
        team,
        filter=priority("P3"),
        timeRestrictions={"type": "weekday-and-time-of-day", "restrictions": nights},
        delayAction={"delayOption": "next-weekday", "untilHour": 9},
    )
    # Friday, 18:00 in Berlin.
    opsgenie.move_to("2026-03-06T17:00:00+00:00")
    opsgenie.alert(opsgenie.key(team), priority="P3")
    opsgenie.move_to("2026-03-09T07:59:00+00:00")
    before = opsgenie.paged()
    opsgenie.move_to("2026-03-09T08:06:00+00:00")
    monday = 7 * 24 * 60 - 60
    assert (before, opsgenie.paged()) == ([], [(f"{monday}m", "Ana"), (f"{monday + 5}m", "Bo")])


def test_an_alert_the_policy_is_not_for_pages_at_once(opsgenie):
    team = paged_team(opsgenie)
    notification_policy(
        opsgenie, team, filter=priority("P3"), delayAction={"delayOption": "for-duration", "duration": TEN}
    )
    opsgenie.alert(opsgenie.key(team), priority="P1")
    assert opsgenie.paged() == [("0m", "Ana")]


def test_a_delayed_alert_that_is_acknowledged_or_closed_pages_nobody(opsgenie):
    team = paged_team(opsgenie)
    key = opsgenie.key(team)
    notification_policy(opsgenie, team, delayAction={"delayOption": "for-duration", "duration": TEN})
    for alias in ("acknowledge", "close"):
        opsgenie.alert(key, alias=alias)
        opsgenie.act(alias, alias)
    opsgenie.move(hours=1)
    assert opsgenie.paged() == []


def test_a_suppressed_alert_is_open_and_pages_nobody(opsgenie):
    team = paged_team(opsgenie)
    notification_policy(opsgenie, team, suppress=True)
    opsgenie.alert(opsgenie.key(team))
    opsgenie.move(hours=1)
    assert (opsgenie.the_alert()["status"], opsgenie.paged()) == ("open", [])


def test_only_the_first_notification_policy_that_matches_is_applied(opsgenie):
    team = paged_team(opsgenie)
    notification_policy(opsgenie, team, filter=priority("P3"))
    notification_policy(opsgenie, team, suppress=True)
    opsgenie.alert(opsgenie.key(team), priority="P3")
    assert opsgenie.paged() == [("0m", "Ana")]


def test_an_alert_closes_by_itself_after_the_policys_time(opsgenie):
    team = paged_team(opsgenie)
    notification_policy(opsgenie, team, autoCloseAction={"duration": TEN})
    opsgenie.alert(opsgenie.key(team))
    opsgenie.move(minutes=9)
    before = opsgenie.the_alert()["status"]
    opsgenie.move(minutes=2)
    assert (before, opsgenie.the_alert()["status"]) == ("open", "closed")


def test_notifications_wait_for_the_occurrences_a_policy_asks_for(opsgenie):
    team = paged_team(opsgenie)
    key = opsgenie.key(team)
    notification_policy(opsgenie, team, deduplicationAction={"deduplicationActionType": "value-based", "count": 3})
    paged = []
    for _ in range(3):
        opsgenie.alert(key)
        paged.append(len(opsgenie.paged()))
        opsgenie.move(minutes=20)
    assert paged == [0, 0, 1]


def test_occurrences_that_are_too_far_apart_do_not_count_where_frequency_matters(opsgenie):
    team = paged_team(opsgenie)
    key = opsgenie.key(team)
    action = {"deduplicationActionType": "frequency-based", "count": 2, "duration": TEN}
    notification_policy(opsgenie, team, deduplicationAction=action)
    paged = []
    for minutes in (20, 5, 0):
        opsgenie.alert(key)
        paged.append(len(opsgenie.paged()))
        opsgenie.move(minutes=minutes)
    assert paged == [0, 0, 1]


def test_notifications_start_over_until_acknowledged_as_often_as_a_policy_says(opsgenie):
    team = paged_team(opsgenie)
    notification_policy(opsgenie, team, autoRestartAction={"duration": TEN, "maxRepeatCount": 2})
    opsgenie.alert(opsgenie.key(team))
    opsgenie.move(hours=2)
    assert [at for at, who in opsgenie.paged() if who == "Ana"] == ["0m", "10m", "20m"]


# --- until when a delay lasts ---


@pytest.mark.parametrize(
    ("option", "at", "expected"),
    [
        # 2026-03-02 is a Monday; Berlin is an hour ahead of UTC.
        ("next-time", "2026-03-02T07:00", "2026-03-02T08:00"),
        ("next-time", "2026-03-02T08:00", "2026-03-03T08:00"),
        ("next-weekday", "2026-03-02T07:00", "2026-03-02T08:00"),
        ("next-weekday", "2026-03-06T20:00", "2026-03-09T08:00"),
        ("next-monday", "2026-03-02T09:00", "2026-03-09T08:00"),
        ("next-sunday", "2026-03-02T09:00", "2026-03-08T08:00"),
        # The clocks go forward on the 29th: nine o'clock is an hour earlier in UTC from then on.
        ("next-monday", "2026-03-27T20:00", "2026-03-30T07:00"),
    ],
)
def test_a_delay_ends_at_the_next_wall_clock_time_of_its_kind(option: str, at: str, expected: str):
    until = Delay(option, hour=9).until(datetime.fromisoformat(at).replace(tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    assert until.strftime("%Y-%m-%dT%H:%M") == expected


def test_a_delay_to_a_day_passes_over_today_where_the_switch_says_so():
    at = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
    until = Delay("next-weekday", hour=9).until(at, ZoneInfo("Europe/Berlin"), may_end_today=False)
    assert until == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def test_a_zone_that_does_not_exist_is_no_position_of_the_switch(opsgenie):
    with pytest.raises(ValueError, match="no zone"):
        opsgenie.vendor.seed({"switches": {"account_time_zone": "Mars/Olympus"}})
