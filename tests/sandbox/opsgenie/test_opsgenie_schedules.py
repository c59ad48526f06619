"""Schedules, rotations, overrides and escalations as configuration, and the on-call endpoints."""

import pytest

HOURS = {"startHour": 9, "startMin": 0, "endHour": 17, "endMin": 0}


def test_a_schedule_is_read_by_id_and_by_name_with_its_rotations(opsgenie):
    schedule = opsgenie.schedule(opsgenie.rotation("ana"))
    found = opsgenie.get(f"/v2/schedules/{schedule}")
    assert opsgenie.get("/v2/schedules/sun?identifierType=name") == found
    assert [each["name"] for each in found["rotations"]] == ["weekly"]


def test_the_list_of_schedules_has_rotations_only_where_asked(opsgenie):
    opsgenie.schedule(opsgenie.rotation("ana"))
    plain, expanded = (opsgenie.get(f"/v2/schedules{query}")[0] for query in ("", "?expand=rotation"))
    assert ("rotations" in plain, len(expanded["rotations"])) == (False, 1)


@pytest.mark.parametrize(
    "more", [{"name": ""}, {"name": None}, {"timezone": "Mars/One"}, {"ownerTeam": {"id": "none"}}, {"name": "x" * 101}]
)
def test_an_unusable_schedule_is_refused(opsgenie, more):
    assert opsgenie.http("POST", "/v2/schedules", {"name": "sun"} | more).status_code == 422


def test_a_second_schedule_of_one_name_is_a_409(opsgenie):
    opsgenie.schedule()
    assert opsgenie.http("POST", "/v2/schedules", {"name": "sun"}).status_code == 409


def test_a_patch_changes_what_it_names_and_keeps_the_rest(opsgenie):
    team = opsgenie.team()
    schedule = opsgenie.schedule(ownerTeam={"name": "Edge"}, description="sun")
    opsgenie.send("PATCH", f"/v2/schedules/{schedule}", {"timezone": "Asia/Tokyo"})
    assert opsgenie.get(f"/v2/schedules/{schedule}") == {
        "id": schedule,
        "name": "sun",
        "description": "sun",
        "timezone": "Asia/Tokyo",
        "enabled": True,
        "ownerTeam": {"id": team, "name": "Edge"},
        "rotations": [],
    }


def test_a_schedule_in_use_cannot_be_deleted_unless_switched(make_opsgenie):
    statuses = []
    for refuse in (True, False):
        opsgenie = make_opsgenie(refuse_delete_in_use=refuse)
        schedule = opsgenie.schedule()
        opsgenie.escalation(opsgenie.rule(0, {"type": "schedule", "id": schedule}))
        statuses.append(opsgenie.http("DELETE", f"/v2/schedules/{schedule}").status_code)
    assert statuses == [422, 200]


# --- rotations ---


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-03-02T09:00:00+01:00", "2026-03-02T08:00:00Z"),
        ("2026-03-02T09:14:59Z", "2026-03-02T09:00:00Z"),
        ("2026-03-02T09:15:00Z", "2026-03-02T09:30:00Z"),
        ("2026-03-02T09:44:00Z", "2026-03-02T09:30:00Z"),
        ("2026-03-02T23:45:00Z", "2026-03-03T00:00:00Z"),
        ("2026-03-02T09:00:00+0545", "2026-03-02T03:15:00Z"),
    ],
)
def test_the_server_rounds_a_rotations_start_to_half_hours(opsgenie, given: str, kept: str):
    schedule = opsgenie.schedule(opsgenie.rotation("ana", startDate=given))
    assert opsgenie.get(f"/v2/schedules/{schedule}")["rotations"][0]["startDate"] == kept


def test_a_rotation_reads_back_as_it_was_written(opsgenie):
    schedule = opsgenie.schedule()
    span = {"startDay": "friday", "startHour": 18, "startMin": 0, "endDay": "monday", "endHour": 8, "endMin": 30}
    body = {
        "name": "nights",
        "startDate": "2026-03-02T09:00:00Z",
        "endDate": "2026-06-01T09:00:00Z",
        "type": "hourly",
        "length": 12,
        "participants": [opsgenie.user("ana"), {"type": "none"}, {"type": "team", "id": opsgenie.team()}],
        "timeRestriction": {"type": "weekday-and-time-of-day", "restrictions": [span]},
    }
    rotation = opsgenie.make(f"/v2/schedules/{schedule}/rotations", body)["id"]
    found = opsgenie.get(f"/v2/schedules/sun/rotations/{rotation}?scheduleIdentifierType=name")
    assert [each["type"] for each in found["participants"]] == ["user", "none", "team"]
    same = ("name", "startDate", "endDate", "type", "length", "timeRestriction")
    assert {key: found[key] for key in same} == {key: body[key] for key in same}


def test_a_patch_of_a_rotation_keeps_what_it_does_not_name(opsgenie):
    schedule = opsgenie.schedule(
        opsgenie.rotation("ana", timeRestriction={"type": "time-of-day", "restriction": HOURS})
    )
    (rotation,) = opsgenie.get(f"/v2/schedules/{schedule}/rotations")
    path = f"/v2/schedules/{schedule}/rotations/{rotation['id']}"
    opsgenie.send("PATCH", path, {"participants": [opsgenie.user("bo")], "length": 2})
    found = opsgenie.get(path)
    assert (found["participants"][0]["username"], found["length"]) == ("bo@acme.example", 2)
    assert found["timeRestriction"] == rotation["timeRestriction"]


def test_a_deleted_rotation_is_gone(opsgenie):
    schedule = opsgenie.schedule(opsgenie.rotation("ana"))
    (rotation,) = opsgenie.get(f"/v2/schedules/{schedule}/rotations")
    path = f"/v2/schedules/{schedule}/rotations/{rotation['id']}"
    opsgenie.send("DELETE", path)
    assert opsgenie.http("GET", path).status_code == 404


@pytest.mark.parametrize(
    "more",
    [
        {"startDate": None},
        {"startDate": "2026-03-02T09:00:00"},
        {"startDate": "soon"},
        {"startDate": "9999-12-31T09:00:00Z"},
        {"endDate": "2026-03-01T09:00:00Z"},
        {"type": "monthly"},
        {"length": 0},
        {"length": 10**9},
        {"participants": []},
        {"participants": [{"type": "user", "username": "nobody@acme.example"}]},
        {"participants": [{"type": "schedule", "id": "x"}]},
        {"timeRestriction": {"type": "time-of-day", "restriction": HOURS | {"endHour": 24}}},
    ],
)
def test_an_unusable_rotation_is_refused(opsgenie, more):
    schedule = opsgenie.schedule()
    body = opsgenie.rotation("ana") | more
    assert opsgenie.http("POST", f"/v2/schedules/{schedule}/rotations", body).status_code == 422


# --- overrides ---


def override_body(opsgenie, **more):
    return {
        "alias": "christmas",
        "user": opsgenie.user("cy"),
        "startDate": "2026-03-02T08:10:00Z",
        "endDate": "2026-03-02T20:00:00Z",
    } | more


def test_an_override_is_made_read_replaced_and_deleted_by_its_alias(opsgenie):
    schedule = opsgenie.schedule(opsgenie.rotation("ana"))
    path = f"/v2/schedules/{schedule}/overrides"
    alias = opsgenie.make(path, override_body(opsgenie))["alias"]
    opsgenie.send("PUT", f"{path}/{alias}", override_body(opsgenie, user=opsgenie.user("bo")))
    found = opsgenie.get(f"{path}/{alias}")
    opsgenie.send("DELETE", f"{path}/{alias}")
    assert (found["user"]["username"], found["startDate"]) == ("bo@acme.example", "2026-03-02T08:10:00Z")
    assert opsgenie.get(path) == []


def test_an_override_takes_over_at_once(opsgenie):
    schedule = opsgenie.schedule(opsgenie.rotation("ana"))
    opsgenie.make(f"/v2/schedules/{schedule}/overrides", override_body(opsgenie))
    assert opsgenie.get(f"/v2/schedules/{schedule}/on-calls?flat=true")["onCallRecipients"] == ["cy@acme.example"]


def test_a_second_override_of_one_alias_is_a_409(opsgenie):
    schedule = opsgenie.schedule(opsgenie.rotation("ana"))
    opsgenie.make(f"/v2/schedules/{schedule}/overrides", override_body(opsgenie))
    answer = opsgenie.http("POST", f"/v2/schedules/{schedule}/overrides", override_body(opsgenie))
    assert answer.status_code == 409


@pytest.mark.parametrize("more", [{"user": None}, {"endDate": "2026-03-02T08:10:00Z"}, {"rotations": [{"name": "x"}]}])
def test_an_unusable_override_is_refused(opsgenie, more):
    schedule = opsgenie.schedule(opsgenie.rotation("ana"))
    answer = opsgenie.http("POST", f"/v2/schedules/{schedule}/overrides", override_body(opsgenie, **more))
    assert answer.status_code == 422


# --- who is on call ---


def test_on_calls_are_told_as_participants_or_flat(opsgenie):
    schedule = opsgenie.schedule(opsgenie.rotation("ana", "bo"))
    meta = {"id": schedule, "name": "sun", "enabled": True}
    ana = opsgenie.get("/v2/users/ana@acme.example")["id"]
    assert opsgenie.get("/v2/schedules/sun/on-calls?scheduleIdentifierType=name") == {
        "_parent": meta,
        "onCallParticipants": [{"id": ana, "name": "ana@acme.example", "type": "user"}],
    }
    assert opsgenie.get("/v2/schedules/on-calls?flat=true") == [
        {"_parent": meta, "onCallRecipients": ["ana@acme.example"]}
    ]


def test_on_calls_of_another_date(opsgenie):
    schedule = opsgenie.schedule(opsgenie.rotation("ana", "bo"))
    found = opsgenie.get(
        f"/v2/schedules/{schedule}/on-calls", params={"flat": "true", "date": "2026-03-09T09:00:00+01:00"}
    )
    assert found["onCallRecipients"] == ["bo@acme.example"]


def test_a_team_on_call_is_told_with_its_members(opsgenie):
    team = opsgenie.team("Edge", "ana", "bo")
    schedule = opsgenie.schedule(opsgenie.rotation(participants=[{"type": "team", "id": team}]))
    found = opsgenie.get(f"/v2/schedules/{schedule}/on-calls")["onCallParticipants"][0]
    flat = opsgenie.get(f"/v2/schedules/{schedule}/on-calls?flat=true")["onCallRecipients"]
    assert [each["name"] for each in found["onCallParticipants"]] == flat == ["ana@acme.example", "bo@acme.example"]


def test_a_disabled_schedule_has_nobody_on_call(opsgenie):
    schedule = opsgenie.schedule(opsgenie.rotation("ana"), enabled=False)
    assert opsgenie.get(f"/v2/schedules/{schedule}/on-calls?flat=true")["onCallRecipients"] == []


def test_next_on_calls_tell_the_next_somebody_and_the_exact_change(opsgenie):
    hours = {"type": "time-of-day", "restriction": HOURS}
    schedule = opsgenie.schedule(opsgenie.rotation("ana", "bo", type="daily", timeRestriction=hours))
    found = opsgenie.get(f"/v2/schedules/{schedule}/next-on-calls?flat=true")
    assert (found["nextOnCallParticipants"], found["exactNextOnCallParticipants"]) == (["bo@acme.example"], [])


def test_next_on_calls_hold_objects_unless_flat(opsgenie):
    # The Go SDK can't decode the answer where the two forms are the wrong way round.
    schedule = opsgenie.schedule(opsgenie.rotation("ana", "bo", type="daily"))
    found = opsgenie.get(f"/v2/schedules/{schedule}/next-on-calls")
    for name in ("nextOnCallRecipients", "exactNextOnCallRecipients"):
        assert [(one["type"], one["name"]) for one in found[name]] == [("user", "bo@acme.example")]


def test_the_timeline_shows_rotations_and_overrides(opsgenie):
    schedule = opsgenie.schedule(opsgenie.rotation("ana", "bo"))
    opsgenie.make(
        f"/v2/schedules/{schedule}/overrides",
        override_body(opsgenie, startDate="2026-03-03T08:00:00Z", endDate="2026-03-04T08:00:00Z"),
    )
    query = {"date": "2026-03-02T08:00:00Z", "interval": 2, "intervalUnit": "weeks", "expand": "base,override"}
    found = opsgenie.get(f"/v2/schedules/{schedule}/timeline", params=query)
    periods = [
        (each["startDate"][5:10], each["endDate"][5:10], each["recipient"]["name"][:2], each["type"])
        for each in found["finalTimeline"]["rotations"][0]["periods"]
    ]
    assert periods == [
        ("03-02", "03-03", "an", "default"),
        ("03-03", "03-04", "cy", "override"),
        ("03-04", "03-09", "an", "default"),
        ("03-09", "03-16", "bo", "default"),
    ]
    assert len(found["baseTimeline"]["rotations"][0]["periods"]) == 2
    assert [each["type"] for each in found["overrideTimeline"]["rotations"][0]["periods"]] == ["override"]


# --- escalations ---


def test_an_escalation_reads_back_with_delays_in_minutes_and_a_repeat(opsgenie):
    team = opsgenie.team()
    schedule = opsgenie.schedule()
    escalation = opsgenie.escalation(
        opsgenie.rule(0, {"type": "schedule", "name": "sun"}),
        opsgenie.rule(1, opsgenie.user("ana"), delay={"timeAmount": 1, "timeUnit": "hours"}, condition="if-not-closed"),
        ownerTeam={"id": team},
        repeat={"waitInterval": 20, "count": 2},
    )
    found = opsgenie.get("/v2/escalations/steps?identifierType=name")
    assert found["id"] == escalation
    assert [each["delay"] for each in found["rules"]] == [
        {"timeUnit": "minutes", "timeAmount": 0},
        {"timeUnit": "minutes", "timeAmount": 60},
    ]
    assert found["rules"][0]["recipient"] == {"type": "schedule", "id": schedule, "name": "sun"}
    assert found["repeat"] == {
        "waitInterval": 20,
        "count": 2,
        "resetRecipientStates": False,
        "closeAlertAfterAll": False,
    }


def test_an_escalation_a_routing_rule_points_at_cannot_be_deleted(opsgenie):
    opsgenie.team("Edge")
    (escalation,) = opsgenie.get("/v2/escalations")
    message = opsgenie.refusal("DELETE", f"/v2/escalations/{escalation['id']}")
    used_by = "routing rule [Default Routing Rule] of team [Edge]"
    assert message == f"Escalation [Edge_escalation] cannot be deleted: it is used by {used_by}"


def test_a_patch_with_rules_replaces_them(opsgenie):
    escalation = opsgenie.escalation(opsgenie.rule(0, opsgenie.user("ana")))
    opsgenie.send("PATCH", f"/v2/escalations/{escalation}", {"rules": [opsgenie.rule(5, opsgenie.user("bo"))]})
    (rule,) = opsgenie.get(f"/v2/escalations/{escalation}")["rules"]
    assert (rule["delay"]["timeAmount"], rule["recipient"]["username"]) == (5, "bo@acme.example")


@pytest.mark.parametrize(
    "more",
    [
        {"condition": "if-bored"},
        {"notifyType": "everybody"},
        {"delay": None},
        {"delay": {"timeAmount": -1}},
        {"delay": {"timeAmount": 1, "timeUnit": "nanos"}},
        {"recipient": {"type": "none"}},
        {"recipient": {"type": "user", "username": "nobody@acme.example"}},
    ],
)
def test_an_unusable_escalation_rule_is_refused(opsgenie, more):
    body = {"name": "steps", "rules": [opsgenie.rule(0, opsgenie.user("ana")) | more]}
    assert opsgenie.http("POST", "/v2/escalations", body).status_code == 422


def test_an_escalation_needs_a_rule(opsgenie):
    assert opsgenie.http("POST", "/v2/escalations", {"name": "steps", "rules": []}).status_code == 422
