"""The values of terraform-provider-opsgenie's own acceptance tests, whose plans are empty after each apply.

They ran against the service itself, so what they read back is what was sent; the sandbox must do no less.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.conformance.test_opsgenie_provider import make_schedule, make_team, make_user, rotation


def holds(read: Any, sent: Any, where: str = "") -> list[str]:
    """Where what was read is not what was sent; keys and texts may be added to it, rows may not."""
    if isinstance(sent, Mapping):
        assert isinstance(read, Mapping), f"{where}: {read!r}"
        return [fault for key, value in sent.items() for fault in holds(read.get(key), value, f"{where}.{key}")]
    if sent == [] and read is None:
        return []  # the same to the client
    if isinstance(sent, Sequence) and not isinstance(sent, str):
        if not isinstance(read, list) or len(read) != len(sent):
            return [f"{where}: {read!r}, not {sent!r}"]
        pairs = enumerate(zip(read, sent, strict=True))
        return [fault for index, (one, other) in pairs for fault in holds(one, other, f"{where}[{index}]")]
    return [] if read == sent else [f"{where}: {read!r}, not {sent!r}"]


@pytest.fixture
def user(opsgenie) -> str:
    """The id of a user."""
    return make_user(opsgenie, "genie@acme.example")


@pytest.fixture
def team(opsgenie, user) -> str:
    """The id of the user's team."""
    return make_team(opsgenie, user)


NIGHTS = {
    "type": "weekday-and-time-of-day",
    "restrictions": [
        {"startDay": "sunday", "startHour": 21, "startMin": 0, "endDay": "monday", "endHour": 7, "endMin": 0},
        {"startDay": "monday", "startHour": 22, "startMin": 0, "endDay": "tuesday", "endHour": 7, "endMin": 0},
    ],
}
# What the provider sends for `filter {}`.
ALL = {"type": "match-all", "conditions": []}


def test_the_accounts_alert_policy(opsgenie):
    body = {"type": "alert", "name": "genie", "enabled": True, "policyDescription": "Perfect.", "filter": ALL}
    body |= {"timeRestrictions": NIGHTS, "message": "This is a test message", "continue": False, "alias": "{{alias}}"}
    made = opsgenie.call("POST", "/v2/policies", body)["id"]
    assert holds(opsgenie.call("GET", f"/v2/policies/{made}"), body) == []


def test_a_teams_alert_policy_answers_its_responders_without_their_names(opsgenie, team):
    # `name` and `username` are optional and not computed: an answer that held them would be a change each time.
    body = {"type": "alert", "name": "genie", "enabled": True, "policyDescription": "Perfect.", "filter": ALL}
    body |= {"timeRestrictions": NIGHTS, "message": "This is a test message", "continue": True, "alias": "alias"}
    body |= {"entity": "test", "source": "new source", "priority": "P3", "tags": ["test"], "actions": []}
    body |= {f"ignoreOriginal{name}": False for name in ("Actions", "Details", "Responders", "Tags")}
    body["responders"] = [{"type": "team", "id": team}]
    made = opsgenie.call("POST", f"/v2/policies?teamId={team}", body)["id"]
    read = opsgenie.call("GET", f"/v2/policies/{made}?teamId={team}")
    assert holds(read, body) == []
    assert read["responders"] == body["responders"]


def test_a_responder_named_by_its_name_has_it_in_the_answer(opsgenie, user):
    body = {"type": "alert", "name": "genie", "message": "m"}
    body["responders"] = [{"type": "user", "username": "genie@acme.example"}]
    made = opsgenie.call("POST", "/v2/policies", body)["id"]
    (read,) = opsgenie.call("GET", f"/v2/policies/{made}")["responders"]
    assert read == {"type": "user", "id": user, "username": "genie@acme.example"}


def test_a_notification_policy_that_delays_until_half_past_seven(opsgenie, team):
    body = {"type": "notification", "name": "genie", "enabled": True, "policyDescription": "Delay.", "filter": ALL}
    body |= {"timeRestrictions": NIGHTS, "delayAction": {"delayOption": "next-time", "untilHour": 7, "untilMinute": 30}}
    made = opsgenie.call("POST", f"/v2/policies?teamId={team}", body)["id"]
    assert holds(opsgenie.call("GET", f"/v2/policies/{made}?teamId={team}"), body) == []


@pytest.mark.parametrize(
    "action",
    [
        {"autoRestartAction": {"maxRepeatCount": 10, "duration": {"timeAmount": 5, "timeUnit": "minutes"}}},
        {"autoCloseAction": {"duration": {"timeAmount": 5, "timeUnit": "minutes"}}},
        {"suppress": True},
        {"deduplicationActionAction": {"deduplicationActionType": "value-based", "count": 5, "frequency": 2}},
        {"delayAction": {"delayOption": "for-duration", "duration": {"timeAmount": 5, "timeUnit": "minutes"}}},
    ],
)
def test_each_action_of_a_notification_policy(opsgenie, team, action):
    body = {"type": "notification", "name": "genie", "enabled": True, "policyDescription": "x", "filter": ALL, **action}
    made = opsgenie.answer("POST", f"/v2/policies?teamId={team}", body)
    assert made.is_success, made.text
    read = opsgenie.call("GET", f"/v2/policies/{made.json()['data']['id']}?teamId={team}")
    kept = {key: value for key, value in body.items() if key != "deduplicationActionAction"}
    assert holds(read, kept) == []


def test_a_maintenance_that_began_years_ago(opsgenie, team):
    mail = {"name": "mail", "type": "Email", "emailUsername": "genie", "ownerTeam": {"id": team}}
    integration = opsgenie.call("POST", "/v2/integrations", mail)["id"]
    time = {"type": "schedule", "startDate": "2019-06-20T17:45:00Z", "endDate": "2027-06-20T17:50:00Z"}
    # The provider says "disabled" of an integration, whatever its configuration says.
    rules = [{"state": "disabled", "entity": {"id": integration, "type": "integration"}}]
    made = opsgenie.call("POST", "/v1/maintenance", {"description": "genie", "time": time, "rules": rules})["id"]
    read = opsgenie.call("GET", f"/v1/maintenance/{made}")
    assert holds(read, {"description": "genie", "rules": rules, "time": time}) == []


def test_a_notification_rule_for_the_end_of_somebodys_shift(opsgenie, user, team):
    make_schedule(opsgenie, team)
    condition = {"field": "message", "operation": "contains", "expectedValue": "expected1", "not": False, "order": 0}
    hours = {"startHour": 3, "startMin": 15, "endHour": 5, "endMin": 30}
    contact = {"method": "email", "to": "genie@acme.example"}
    body = {
        "name": "genie",
        "actionType": "schedule-end",
        "notificationTime": ["just-before", "15-minutes-ago"],
        "criteria": {"type": "match-any-condition", "conditions": [condition]},
        "steps": [{"contact": contact, "enabled": True, "sendAfter": {"timeAmount": 0, "timeUnit": "minute"}}],
        "repeat": {"loopAfter": 2, "enabled": True},
        "timeRestriction": {"type": "time-of-day", "restriction": hours},
        "schedules": [{"type": "schedule", "name": "sun"}],
        "order": 1,
        "enabled": True,
    }
    path = f"/v2/users/{user}/notification-rules"
    made = opsgenie.answer("POST", path, body)
    assert made.is_success, made.text
    read = opsgenie.call("GET", f"{path}/{made.json()['data']['id']}")
    sent = {key: value for key, value in body.items() if key not in ("steps", "order")}
    assert holds(read, sent) == []
    assert read["steps"][0]["contact"]["to"] == "genie@acme.example"


def test_a_rotation_that_ended_years_ago(opsgenie, user, team):
    path = f"/v2/schedules/{make_schedule(opsgenie, team)}/rotations"
    hours = {"startHour": 1, "startMin": 1, "endHour": 10, "endMin": 1}
    body = rotation(
        user,
        name="past",
        type="hourly",
        length=6,
        startDate="2019-06-18T17:00:00Z",
        endDate="2019-06-20T17:30:00Z",
        timeRestriction={"type": "time-of-day", "restriction": hours},
    )
    made = opsgenie.call("POST", f"{path}?scheduleIdentifierType=id", body)["id"]
    assert holds(opsgenie.call("GET", f"{path}/{made}?scheduleIdentifierType=id"), body) == []


def test_a_routing_rule_to_a_schedule_by_its_name(opsgenie, team):
    make_schedule(opsgenie, team)
    conditions = [
        {"field": "message", "operation": "contains", "expectedValue": "expected1", "not": False, "order": 0},
        {"field": "message", "operation": "contains", "expectedValue": "expected2", "not": False, "order": 0},
    ]
    days = {"startDay": "monday", "startHour": 8, "startMin": 0, "endDay": "tuesday", "endHour": 18, "endMin": 30}
    body = {
        "name": "genie",
        "order": 0,
        "timezone": "America/Los_Angeles",
        "criteria": {"type": "match-any-condition", "conditions": conditions},
        "timeRestriction": {"type": "weekday-and-time-of-day", "restrictions": [days]},
        "notify": {"type": "schedule", "name": "sun"},
    }
    path = f"/v2/teams/{team}/routing-rules"
    made = opsgenie.call("POST", f"{path}?teamIdentifierType=id", body)["id"]
    read = opsgenie.call("GET", f"{path}/{made}?teamIdentifierType=id")
    assert holds(read, body) == []
    assert opsgenie.call("GET", "/v2/schedules/sun?identifierType=name")["id"] == read["notify"]["id"]


def action(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "alias": "{{alias}}", "order": 1, "user": "{{user}}", **more}


def test_two_create_actions_keep_their_sequence(opsgenie, team):
    body = {"name": "prom", "type": "Prometheus", "ownerTeam": {"id": team}}
    made = opsgenie.call("POST", "/v2/integrations", body)["id"]
    path = f"/v2/integrations/{made}/actions"
    alert = {"priority": "P1", "message": "{{message}}", "source": "{{source}}", "description": "{{description}}"}
    rest = {"entity": "{{entity}}", "tags": [], "extraProperties": {}, "responders": []}
    create = [action("create", f"action {number}", **alert, **rest) for number in (2, 1)]
    opsgenie.call("PUT", path, {"Id": made, "create": create, "close": [action("close", "low")]})
    read = opsgenie.call("GET", path)
    assert [one["name"] for one in read["create"]] == ["action 2", "action 1"]
    assert holds(read["create"], create) == []


def test_the_actions_of_an_e_mail_integration_look_at_letters(opsgenie, team):
    mail = {"name": "mail", "type": "Email", "emailUsername": "genie", "ownerTeam": {"id": team}}
    made = opsgenie.call("POST", "/v2/integrations", mail)["id"]
    path = f"/v2/integrations/{made}/actions"
    # The description of the API knows no order among an action's conditions.
    conditions = [
        {"field": field, "operation": "contains", "expectedValue": text, "not": False}
        for field, text in (("from_address", "a@b.example"), ("from_name", "A"), ("subject", "x"))
    ]
    close = action("close", "low", note="{{note}}", filter={"conditionMatchType": "match-all-conditions"})
    close["filter"]["conditions"] = conditions
    opsgenie.call("PUT", path, {"Id": made, "create": [], "close": [close]})
    assert holds(opsgenie.call("GET", path)["close"], [close]) == []


def test_a_condition_on_an_extra_property_keeps_its_key(opsgenie, team):
    service = opsgenie.call("POST", "/v1/services", {"name": "weather", "teamId": team})["id"]
    path = f"/v1/services/{service}/incident-rules"
    condition = {"field": "extra-properties", "key": "system", "operation": "equals", "expectedValue": "db"}
    condition |= {"not": False, "order": 0}
    told = {"enable": True, "message": "told", "description": "x"}
    properties = {"message": "m", "priority": "P3", "stakeholderProperties": told}
    body = {"conditionMatchType": "match-any-condition", "conditions": [condition], "incidentProperties": properties}
    opsgenie.call("POST", path, body)
    (read,) = opsgenie.call("GET", path)
    assert holds(read, body) == []
