"""Calls that the other tests have no need of, made once each so that the descriptions can judge their answers."""

from typing import Any

import pytest

WEEK = {"since": "2026-03-02T09:00:00Z", "until": "2026-03-16T09:00:00Z"}
GENIE = {"host": "api.opsgenie.com", "authorization": "GenieKey 11111111-2222-3333-4444-555555555555"}


@pytest.fixture
def incidents(pagerduty) -> tuple[Any, str, str]:
    """Two open incidents of ann's, and a way to call in her name."""
    key = pagerduty.paged_service((5, [pagerduty.user("ann")]))
    for dedup in ("first", "second"):
        pagerduty.event(key, dedup=dedup)

    def send(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        return pagerduty.send(method, path, body, status, From="ann@acme.example")

    second, first = pagerduty.incidents()
    return send, first["id"], second["id"]


@pytest.mark.parametrize(
    "path", ["/escalation_policies", "/services", "/priorities", "/log_entries?is_overview=false", "/vendors/PVENDPR"]
)
def test_lists_and_catalogues_are_answered(pagerduty, incidents, path: str) -> None:
    assert len(pagerduty.get(path)) >= 1


def test_an_incident_can_be_read_with_its_notes_and_history(pagerduty, incidents) -> None:
    send, first, _ = incidents
    note = send("POST", f"/incidents/{first}/notes", {"note": {"content": "looking"}})["note"]["id"]
    send("PUT", f"/incidents/{first}/notes/{note}", {"note": {"content": "looked"}})
    assert [one["content"] for one in pagerduty.get(f"/incidents/{first}/notes")["notes"]] == ["looked"]
    send("DELETE", f"/incidents/{first}/notes/{note}", status=204)
    assert pagerduty.get(f"/incidents/{first}")["incident"]["status"] == "triggered"
    entry = pagerduty.get(f"/incidents/{first}/log_entries")["log_entries"][0]["id"]
    assert pagerduty.get(f"/log_entries/{entry}")["log_entry"]["id"] == entry


def test_an_incident_can_be_opened_by_hand_and_snoozed(pagerduty, incidents) -> None:
    send, first, _ = incidents
    service = pagerduty.get(f"/incidents/{first}")["incident"]["service"]
    wanted = {
        "type": "incident",
        "title": "The server is slow",
        "service": {"id": service["id"], "type": "service_reference"},
        "urgency": "low",
        "body": {"type": "incident_body", "details": "very"},
    }
    made = send("POST", "/incidents", {"incident": wanted}, 201)["incident"]
    held = send("POST", f"/incidents/{made['id']}/snooze", {"duration": 3600}, 201)["incident"]
    assert (made["urgency"], held["status"]) == ("low", "acknowledged")


def test_incidents_are_merged_and_alerts_resolved(pagerduty, incidents) -> None:
    send, first, second = incidents
    source = {"id": second, "type": "incident_reference"}
    send("PUT", f"/incidents/{first}/merge", {"source_incidents": [source]})
    one, other = pagerduty.get(f"/incidents/{first}/alerts")["alerts"]
    resolved = {"type": "alert", "status": "resolved"}
    send("PUT", f"/incidents/{first}/alerts/{one['id']}", {"alert": resolved})
    send("PUT", f"/incidents/{first}/alerts", {"alerts": [{"id": other["id"]} | resolved]})
    assert pagerduty.get(f"/incidents/{first}")["incident"]["status"] == "resolved"


def test_a_policy_is_given_to_a_team_and_taken_from_it(pagerduty) -> None:
    policy = pagerduty.policy((5, [pagerduty.user("ann")]))
    path = f"/teams/{pagerduty.team()}/escalation_policies/{policy}"
    pagerduty.send("PUT", path, status=204)
    pagerduty.send("DELETE", path, status=204)
    assert pagerduty.get(f"/escalation_policies/{policy}")["escalation_policy"]["teams"] == []


def test_a_contact_method_is_changed(pagerduty) -> None:
    path = f"/users/{pagerduty.user('ann')}/contact_methods"
    sent = {"type": "sms_contact_method", "label": "mine", "address": "15551234", "country_code": 49}
    method = pagerduty.send("POST", path, {"contact_method": sent}, 201)["contact_method"]["id"]
    changed = pagerduty.send("PUT", f"{path}/{method}", {"contact_method": sent | {"label": "hers"}})
    assert changed["contact_method"]["label"] == "hers"


def test_a_shift_schedule_is_read_part_by_part(pagerduty) -> None:
    body = {"name": "Shifts", "time_zone": "Europe/Berlin", "description": "x"}
    path = f"/v3/schedules/{pagerduty.send('POST', '/v3/schedules', {'schedule': body}, 201)['schedule']['id']}"
    pagerduty.send("PUT", path, {"schedule": body | {"name": "Turns"}})
    rotation = pagerduty.send("POST", f"{path}/rotations", {}, 201)["rotation"]["id"]
    member = {"type": "user_member", "user_id": pagerduty.user("ann")}
    at = {begin: {"date_time": WEEK[begin], "time_zone": "Europe/Berlin"} for begin in WEEK}
    event = {
        "name": "weekly",
        "start_time": at["since"],
        "end_time": at["until"],
        "effective_since": WEEK["since"],
        "effective_until": None,
        "recurrence": ["RRULE:FREQ=WEEKLY;INTERVAL=2"],
        "assignment_strategy": {
            "type": "rotating_member_assignment_strategy",
            "shifts_per_member": 1,
            "members": [member],
        },
    }
    events = f"{path}/rotations/{rotation}/events"
    made = pagerduty.send("POST", events, {"event": event}, 201)["event"]["id"]
    found = [
        pagerduty.get(f"{path}/rotations")["rotations"][0]["id"],
        pagerduty.get(events)["events"][0]["id"],
        pagerduty.get(f"{events}/{made}")["event"]["id"],
    ]
    assert found == [rotation, made, made]
    shift = {
        "type": "custom_shift",
        "start_time": "2026-03-03T09:00:00Z",
        "end_time": "2026-03-04T09:00:00Z",
        "assignments": [{"type": "shift_assignment", "member": member}],
    }
    sent = {"custom_shifts": [shift]}
    custom = pagerduty.send("POST", f"{path}/custom_shifts", sent, 201)["custom_shifts"][0]["id"]
    assert pagerduty.get(f"{path}/custom_shifts/{custom}")["custom_shift"]["id"] == custom
    assert [one["id"] for one in pagerduty.get(f"{path}/custom_shifts", **WEEK)["custom_shifts"]] == [custom]
    override = {
        "type": "override_shift",
        "rotation_id": rotation,
        "start_time": "2026-03-05T09:00:00Z",
        "end_time": "2026-03-06T09:00:00Z",
        "overridden_member": member,
        "overriding_member": {"type": "user_member", "user_id": pagerduty.user("bob")},
    }
    sent = {"overrides": [override]}
    other = pagerduty.send("POST", f"{path}/overrides", sent, 201)["overrides"][0]["id"]
    assert pagerduty.get(f"{path}/overrides/{other}")["override"]["id"] == other


def test_opsgenies_lesser_calls_are_answered(page, sandbox) -> None:
    sandbox.seed({"opsgenie": {"users": [{"username": "ann@acme.example", "fullName": "Ann"}]}})

    def send(method: str, path: str, body: Any = None) -> Any:
        answer = page.request(method, path, json=body, headers=GENIE)
        assert answer.status_code < 300, answer.text
        return answer.json().get("data")

    team = send("POST", "/v2/teams", {"name": "Edge"})["id"]
    rule = {"name": "nights", "criteria": {"type": "match-all"}, "notify": {"type": "none"}}
    made = send("POST", f"/v2/teams/{team}/routing-rules", rule)["id"]
    send("DELETE", f"/v2/teams/{team}/routing-rules/{made}")
    send("POST", "/v2/heartbeats", {"name": "beat", "interval": 5, "intervalUnit": "minutes", "enabled": False})
    send("POST", "/v2/heartbeats/beat/enable")
    send("POST", "/v2/alerts", {"message": "down", "alias": "a"})
    send("POST", "/v2/alerts/a/notes?identifierType=alias", {"note": "looking"})
    send("GET", "/v2/roles")
    step = {"contact": {"method": "email", "to": "ann@acme.example"}, "sendAfter": {"timeAmount": 1}, "enabled": False}
    notify = {"name": "mine", "actionType": "create-alert", "criteria": {"type": "match-all"}, "steps": [step]}
    rules = "/v2/users/ann@acme.example/notification-rules"
    wanted = send("POST", rules, notify | {"enabled": False})["id"]
    whole = send("GET", f"{rules}/{wanted}")
    send("POST", f"{rules}/{wanted}/steps/{whole['steps'][0]['id']}/enable")
    send("POST", f"{rules}/{wanted}/enable")
    service = send("POST", "/v1/services", {"name": "web", "teamId": team})["id"]
    send("DELETE", f"/v1/services/{service}")
    assert [one["note"] for one in send("GET", "/v2/alerts/a/notes?identifierType=alias")] == ["looking"]
