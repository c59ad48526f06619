"""Alert and notification policies as objects: reading back, scopes, order, plans, refusals."""

import pytest

P3 = {
    "type": "match-all-conditions",
    "conditions": [{"field": "priority", "operation": "equals", "expectedValue": "P3"}],
}
NIGHT = {"type": "time-of-day", "restriction": {"startHour": 18, "startMin": 0, "endHour": 9, "endMin": 0}}
ALERT = {"type": "alert", "name": "tags", "message": "{{message}}"}
HOLD = {"type": "notification", "name": "hold", "delayAction": {"delayOption": "next-weekday", "untilHour": 9}}


def names(opsgenie, kind: str, team: str = "") -> list[str]:
    return [one["name"] for one in opsgenie.get(f"/v2/policies/{kind}?teamId={team}")]


def test_a_notification_policy_reads_back_whole(opsgenie):
    team = opsgenie.team()
    body = HOLD | {"filter": P3, "timeRestrictions": NIGHT, "policyDescription": "until nine"}
    made = opsgenie.make(f"/v2/policies?teamId={team}", body)
    assert made == {"id": made["id"], "name": "hold", "type": "notification", "order": 0, "enabled": True}
    condition = P3["conditions"][0] | {"not": False, "order": 0}
    assert opsgenie.get(f"/v2/policies/{made['id']}?teamId={team}") == {
        "id": made["id"],
        "type": "notification",
        "teamId": team,
        "name": "hold",
        "policyDescription": "until nine",
        "enabled": True,
        "filter": {"type": "match-all-conditions", "conditions": [condition]},
        "timeRestrictions": NIGHT,
        "suppress": False,
        "delayAction": {"delayOption": "next-weekday", "untilHour": 9, "untilMinute": 0},
    }


def test_an_alert_policy_reads_back_with_its_defaults(opsgenie):
    made = opsgenie.make("/v2/policies", ALERT | {"description": "see {{source}}", "tags": ["eu"]})
    assert opsgenie.get(f"/v2/policies/{made['id']}") == {
        "id": made["id"],
        "type": "alert",
        "name": "tags",
        "policyDescription": "",
        "enabled": True,
        "filter": {"type": "match-all"},
        "message": "{{message}}",
        "alias": "{{alias}}",
        "description": "see {{source}}",
        "entity": "{{entity}}",
        "source": "{{source}}",
        "ignoreOriginalActions": False,
        "ignoreOriginalDetails": False,
        "ignoreOriginalResponders": False,
        "ignoreOriginalTags": False,
        "ignoreOriginalTeams": False,
        "actions": [],
        "tags": ["eu"],
        "details": {},
        "responders": [],
        "continue": False,
    }


def test_the_sdks_spellings_of_a_deduplication_are_taken(opsgenie):
    team = opsgenie.team()
    action = {"deduplicationType": "frequency-based", "count": 3, "duration": {"timeAmount": 1, "timeUnit": "hours"}}
    body = {"type": "notification", "name": "often", "deduplicationActionAction": action}
    made = opsgenie.make(f"/v2/policies?teamId={team}", body)
    assert opsgenie.get(f"/v2/policies/{made['id']}?teamId={team}")["deduplicationAction"] == {
        "deduplicationActionType": "frequency-based",
        "deduplicationType": "frequency-based",
        "count": 3,
        "duration": {"timeAmount": 60, "timeUnit": "minutes"},
    }


def test_the_other_actions_of_a_notification_policy_read_back(opsgenie):
    team = opsgenie.team()
    ten = {"timeAmount": 10, "timeUnit": "minutes"}
    actions = {"autoCloseAction": {"duration": ten}, "autoRestartAction": {"duration": ten, "maxRepeatCount": 3}}
    made = opsgenie.make(f"/v2/policies?teamId={team}", {"type": "notification", "name": "x"} | actions)
    found = opsgenie.get(f"/v2/policies/{made['id']}?teamId={team}")
    assert {key: found[key] for key in actions} == actions


def test_policies_are_listed_by_type_and_team(opsgenie):
    team = opsgenie.team()
    opsgenie.make("/v2/policies", ALERT | {"name": "global"})
    opsgenie.make(f"/v2/policies?teamId={team}", ALERT | {"name": "of the team"})
    opsgenie.make("/v2/policies", HOLD | {"teamId": team})
    found = [names(opsgenie, "alert"), names(opsgenie, "alert", team), names(opsgenie, "notification", team)]
    assert found == [["global"], ["of the team"], ["hold"]]


@pytest.mark.parametrize(("body", "expected"), [({"targetIndex": 1}, "acb"), ({}, "cab"), ({"targetIndex": 9}, "abc")])
def test_change_order_moves_a_policy_within_its_scope(opsgenie, body, expected: str):
    made = {name: opsgenie.make("/v2/policies", ALERT | {"name": name})["id"] for name in "abc"}
    opsgenie.send("POST", f"/v2/policies/{made['c']}/change-order", body)
    assert names(opsgenie, "alert") == list(expected)


def test_a_put_resets_what_it_leaves_out_and_keeps_team_and_place(opsgenie):
    team = opsgenie.team()
    made = opsgenie.make(f"/v2/policies?teamId={team}", ALERT | {"tags": ["eu"], "priority": "P1"})
    opsgenie.make(f"/v2/policies?teamId={team}", ALERT | {"name": "second"})
    path = f"/v2/policies/{made['id']}?teamId={team}"
    opsgenie.send("PUT", path, ALERT | {"name": "renamed"})
    found = opsgenie.get(path)
    assert (found["tags"], "priority" in found, found["teamId"]) == ([], False, team)
    assert names(opsgenie, "alert", team) == ["renamed", "second"]


def test_disable_and_enable_show_in_the_policy(opsgenie):
    path = f"/v2/policies/{opsgenie.make('/v2/policies', ALERT)['id']}"
    states = []
    for verb in ("disable", "enable"):
        opsgenie.send("POST", f"{path}/{verb}", {})
        states.append(opsgenie.get(path)["enabled"])
    assert states == [False, True]


def test_a_deleted_policy_is_gone(opsgenie):
    path = f"/v2/policies/{opsgenie.make('/v2/policies', ALERT)['id']}"
    assert opsgenie.send("DELETE", path)["result"] == "Deleted"
    assert opsgenie.http("GET", path).status_code == 404


def test_a_teams_policy_is_found_with_its_team_only(opsgenie):
    team = opsgenie.team()
    made = opsgenie.make(f"/v2/policies?teamId={team}", HOLD)["id"]
    found = [opsgenie.http("GET", f"/v2/policies/{made}{query}").status_code for query in ("", f"?teamId={team}")]
    assert found == [404, 200]


def test_a_teams_policies_go_with_it(opsgenie):
    team = opsgenie.team()
    opsgenie.make(f"/v2/policies?teamId={team}", HOLD)
    opsgenie.send("DELETE", f"/v2/teams/{team}")
    assert opsgenie.vendor.account.policies.all == []


def test_a_notification_policy_needs_a_team(opsgenie):
    assert opsgenie.refusal("POST", "/v2/policies", HOLD) == (
        "Request body is not processable: teamId is required for a notification policy"
    )


@pytest.mark.parametrize(
    "more",
    [
        {"type": "other"},
        {"name": ""},
        {"suppress": True},
        {"delayAction": {"delayOption": "some-day"}},
        {"delayAction": {"delayOption": "for-duration"}},
        {"delayAction": {"delayOption": "next-time", "untilHour": 24}},
        {"autoCloseAction": {"duration": {"timeAmount": 0}}},
        {"deduplicationAction": {"deduplicationActionType": "value-based", "count": 1}},
        {"deduplicationAction": {"deduplicationActionType": "frequency-based", "count": 2}},
        {"timeRestrictions": {"type": "weekday-and-time-of-day", "restrictions": []}},
    ],
)
def test_an_unusable_notification_policy_is_refused_with_422(opsgenie, more):
    team = opsgenie.team()
    assert opsgenie.http("POST", f"/v2/policies?teamId={team}", HOLD | more).status_code == 422


@pytest.mark.parametrize(
    "more", [{"message": ""}, {"priority": "P9"}, {"tags": ["t"] * 21}, {"responders": [{"type": "team", "id": "x"}]}]
)
def test_an_unusable_alert_policy_is_refused_with_422(opsgenie, more):
    assert opsgenie.http("POST", "/v2/policies", ALERT | more).status_code == 422


def test_a_plan_without_policies_answers_402(make_opsgenie):
    assert make_opsgenie(plan="Essentials").http("POST", "/v2/policies", ALERT).status_code == 402


def test_a_teams_key_makes_policies_of_its_team(opsgenie):
    team = opsgenie.team()
    key = opsgenie.key(team, allowConfigurationAccess=True)
    opsgenie.make("/v2/policies", ALERT, key=key)
    assert (names(opsgenie, "alert"), names(opsgenie, "alert", team)) == ([], ["tags"])
