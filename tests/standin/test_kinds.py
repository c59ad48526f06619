"""The ways of the single kinds, through the plugin: reads, adoption, deletes, imports."""

import grpc
import pytest

LICENSE = {"license": {"id": "PLIC", "type": "license_reference"}}
INCLUDE_STRATEGIES = "include%5B%5D=escalation_rule_assignment_strategies"
IN_USE = "Schedule can't be deleted if it's being used by escalation policies"


def fault_of(call, *arguments):
    """The one line a failed call shows the user."""
    with pytest.raises(grpc.RpcError) as caught:
        call(*arguments)
    return caught.value.details()


def holds(engine, name, kind, resource_id, /, **state):
    """Puts a resource into the engine's state."""
    inputs = {key: value for key, value in state.items() if key not in ("integrationKey",)}
    engine.resources[name] = {
        "id": resource_id,
        "urn": engine.urn(name, kind),
        "kind": kind,
        "state": state,
        "inputs": inputs,
    }


def raw_layer(layer_id, **more):
    return {
        "id": layer_id,
        "name": f"layer {layer_id}",
        "start": "2026-10-05T09:00:00+02:00",
        "end": None,
        "rotation_virtual_start": "2026-10-05T09:00:00+02:00",
        "rotation_turn_length_seconds": 86400,
        "users": [{"user": {"id": "P1", "type": "user_reference"}}],
        "restrictions": [],
        "rendered_coverage_percentage": 100.0,
        **more,
    }


def raw_schedule(*layers, **more):
    return {
        "schedule": {
            "id": "S1",
            "name": "Primary",
            "description": "x",
            "time_zone": "Europe/Berlin",
            "teams": [],
            "schedule_layers": list(layers),
            "final_schedule": {"name": "Final Schedule", "rendered_coverage_percentage": 100.0},
            "escalation_policies": [],
            "users": [],
            **more,
        }
    }


def raw_policy(*rules, **more):
    return {"id": "EP1", "name": "EP", "num_loops": 0, "teams": [], "escalation_rules": list(rules), **more}


def rule(*targets):
    return {"id": "R", "escalation_delay_in_minutes": 5, "targets": list(targets)}


SCHEDULE_TARGET = {"id": "S1", "type": "schedule_reference"}
USER_TARGET = {"id": "P1", "type": "user_reference"}


# Users


def test_a_taken_email_adopts_the_same_user(engine, stub):
    user = {"id": "P1", "name": "Ann", "email": "ann@acme.example", "role": "user"}
    stub.refuses("POST", "/users", 400, "Email has already been taken")
    stub.answers("GET", "/users?query=ann%40acme.example", {"users": [user]})
    stub.answers("GET", "/users/P1", {"user": user})
    stub.answers("PUT", "/users/P1", {"user": user})
    stub.answers("GET", "/users/P1/license", LICENSE)
    engine.create("ann", "User", {"name": "Ann", "email": "ann@acme.example", "role": "user"})
    assert engine.resources["ann"]["id"] == "P1"


def test_a_taken_email_of_another_person_is_an_error(engine, stub):
    user = {"id": "P1", "name": "Anna", "email": "ann@acme.example", "role": "user"}
    stub.refuses("POST", "/users", 400, "Email has already been taken")
    stub.answers("GET", "/users?query=ann%40acme.example", {"users": [user]})
    inputs = {"name": "Ann", "email": "ann@acme.example", "role": "user"}
    assert fault_of(engine.create, "ann", "User", inputs) == "POST /users: 400 Refused: Email has already been taken"


def test_a_locked_account_is_asked_again_for_a_new_user(engine, stub):
    locked = "License error: Unable to perform request at this time. account could not be locked"
    user = {"id": "P1", "name": "Ann", "email": "ann@acme.example", "role": "user"}
    stub.refuses("POST", "/users", 400, locked)
    stub.answers("POST", "/users", {"user": user}, 201)
    stub.answers("PUT", "/users/P1", {"user": user})
    stub.answers("GET", "/users/P1", {"user": user})
    stub.answers("GET", "/users/P1/license", LICENSE)
    engine.create("ann", "User", {"name": "Ann", "email": "ann@acme.example", "role": "user"})
    assert stub.calls()[:3] == ["POST /users", "POST /users", "PUT /users/P1"]


def test_another_refusal_of_a_new_user_is_not_asked_again(engine, stub):
    stub.refuses("POST", "/users", 400, "Name is too long")
    inputs = {"name": "Ann", "email": "ann@acme.example", "role": "user"}
    assert fault_of(engine.create, "ann", "User", inputs) == "POST /users: 400 Refused: Name is too long"
    assert stub.calls() == ["POST /users"]


def test_a_users_licence_is_sent_only_when_nothing_else_changes(engine, stub):
    state = {"name": "Ann", "email": "ann@acme.example", "role": "user", "license": "PLIC"}
    holds(engine, "ann", "User", "P1", **state)
    user = {"id": "P1", "name": "Ann", "email": "ann@acme.example", "role": "admin"}
    stub.answers("PUT", "/users/P1", {"user": user})
    stub.answers("GET", "/users/P1", {"user": user})
    stub.answers("GET", "/users/P1/license", LICENSE)
    engine.up(lambda register: register("ann", "User", name="Ann", email="ann@acme.example", role="admin"))
    assert "license" not in stub.requests[0]["body"]["user"]


def test_a_user_delete_waits_for_what_still_holds_the_user(engine, stub):
    holds(engine, "ann", "User", "P1")
    stub.refuses("DELETE", "/users/P1", 400, "User has open incidents")
    stub.answers("DELETE", "/users/P1", status=204)
    engine.destroy()
    assert stub.calls() == ["DELETE /users/P1"] * 2


# Teams and memberships


def test_a_team_that_is_gone_is_dropped_by_a_refresh(engine, stub):
    holds(engine, "t", "Team", "T1", name="Platform")
    stub.refuses("GET", "/teams/T1", 404)
    engine.refresh()
    assert (engine.resources, stub.calls()) == ({}, ["GET /teams/T1"])


def test_a_team_that_is_gone_counts_as_deleted(engine, stub):
    holds(engine, "t", "Team", "T1", name="Platform")
    stub.refuses("DELETE", "/teams/T1", 404)
    engine.destroy()
    assert stub.calls() == ["DELETE /teams/T1"]


def test_a_membership_that_is_gone_is_dropped_by_a_refresh(engine, stub):
    holds(engine, "m", "TeamMembership", "P1:T1", teamId="T1", userId="P1", role="manager")
    stub.answers("GET", "/teams/T1/members?limit=100", {"members": [], "more": False})
    engine.refresh()
    assert engine.resources == {}


def test_a_new_role_is_waited_for(engine, stub):
    stub.answers("PUT", "/teams/T1/users/P1", status=204)
    for role in ("observer", "manager"):
        rows = [{"user": {"id": "P1"}, "role": role}]
        stub.answers("GET", "/teams/T1/members?limit=100", {"members": rows, "more": False})
    engine.create("m", "TeamMembership", {"teamId": "T1", "userId": "P1", "role": "manager"})
    assert engine.resources["m"]["id"] == "P1:T1"
    assert stub.calls()[1:] == ["GET /teams/T1/members?limit=100"] * 2


def test_members_are_read_to_the_last_page(engine, stub):
    last = [{"user": {"id": "P1"}, "role": "manager"}]
    stub.answers("GET", "/teams/T1/members?limit=100", {"members": [], "limit": 100, "more": True})
    stub.answers("GET", "/teams/T1/members?limit=100&offset=100", {"members": last, "more": False})
    assert engine.adopt("m", "TeamMembership", "P1:T1").id == "P1:T1"


def test_a_removal_that_a_policy_forbids_names_the_policy(engine, stub):
    holds(engine, "m", "TeamMembership", "P1:T1", teamId="T1", userId="P1", role="manager")
    text = "User cannot be removed as they belong to an escalation policy on this team"
    stub.refuses("DELETE", "/teams/T1/users/P1", 400, text)
    oncalls = "/oncalls?limit=100&since=2026-11-21T12%3A13%3A19Z&until=2027-02-19T12%3A13%3A19Z&user_ids%5B%5D=P1"
    stub.answers("GET", oncalls, {"oncalls": [{"escalation_policy": {"id": "EP1"}}]})
    fault = fault_of(engine.delete, "m")
    assert fault == "user P1 can't be removed from team T1: remove them first from the escalation policies EP1"
    assert stub.calls() == ["DELETE /teams/T1/users/P1"] * 5 + [f"GET {oncalls}"]


# Schedules


def test_ended_layers_are_dropped_and_the_others_reversed(engine, stub):
    layers = [raw_layer("L3"), raw_layer("L2", end="2026-11-01T00:00:00Z"), raw_layer("L1", end="2027-01-01T00:00:00Z")]
    stub.answers("GET", "/schedules/S1", raw_schedule(*layers))
    properties = dict(engine.adopt("s", "Schedule", "S1").properties)
    assert [layer["id"] for layer in properties["layers"]] == ["L1", "L3"]


def test_the_clock_that_layers_end_by_can_be_set(engine, stub, monkeypatch):
    monkeypatch.setenv("SANDBOX_PLUGIN_NOW", "2027-01-01T00:00:01+00:00")
    engine.restart()
    stub.answers("GET", "/schedules/S1", raw_schedule(raw_layer("L2"), raw_layer("L1", end="2027-01-01T00:00:00Z")))
    properties = dict(engine.adopt("s", "Schedule", "S1").properties)
    assert [layer["id"] for layer in properties["layers"]] == ["L2"]


def test_a_clock_that_is_no_time_is_an_error(engine, monkeypatch):
    monkeypatch.setenv("SANDBOX_PLUGIN_NOW", "tomorrow")
    assert fault_of(engine.restart) == "SANDBOX_PLUGIN_NOW: 'tomorrow' is not an RFC 3339 time"


def test_an_imported_schedule_can_be_kept_as_it_is(engine, stub):
    stub.answers("GET", "/schedules/S1", raw_schedule(raw_layer("L1")))
    inputs = dict(engine.adopt("s", "Schedule", "S1").inputs)
    assert sorted(inputs) == ["description", "layers", "name", "timeZone"]
    assert sorted(dict(inputs["layers"][0])) == [
        "name",
        "rotationTurnLengthSeconds",
        "rotationVirtualStart",
        "start",
        "users",
    ]


def test_an_update_sends_the_old_past_start(engine, stub):
    layer = {
        "id": "L1",
        "name": "weekly",
        "start": "2026-11-20T10:00:00Z",
        "rotationVirtualStart": "2026-10-05T07:00:00Z",
        "rotationTurnLengthSeconds": 86400,
        "users": ["P1"],
    }
    holds(engine, "s", "Schedule", "S1", name="Primary", description="x", timeZone="UTC", layers=[layer])
    stub.answers("PUT", "/schedules/S1", raw_schedule())
    edited = {**{k: v for k, v in layer.items() if k != "id"}, "start": "2026-10-05T07:00:00Z", "users": ["P2"]}
    engine.up(
        lambda register: register("s", "Schedule", name="Primary", description="x", timeZone="UTC", layers=[edited])
    )
    (sent,) = stub.requests[0]["body"]["schedule"]["schedule_layers"]
    assert (sent["id"], sent["start"]) == ("L1", "2026-11-20T10:00:00Z")
    assert stub.requests[0]["body"]["schedule"]["teams"] is None


def test_overflow_is_a_query_of_writes(engine, stub):
    stub.answers("POST", "/schedules?overflow=true", raw_schedule(raw_layer("L1")), 201)
    stub.answers("GET", "/schedules/S1", raw_schedule(raw_layer("L1")))
    layer = {
        "start": "2026-11-20T10:00:00Z",
        "rotationVirtualStart": "2026-10-05T07:00:00Z",
        "rotationTurnLengthSeconds": 86400,
        "users": ["P1"],
    }
    inputs = {"name": "Primary", "timeZone": "UTC", "overflow": True, "layers": [layer]}
    state = engine.create("s", "Schedule", inputs)
    assert stub.calls() == ["POST /schedules?overflow=true", "GET /schedules/S1"]
    assert state["overflow"] is True


def test_a_layer_time_in_gos_print_form_fails_before_any_request(engine, stub):
    layer = {
        "id": "L1",
        "start": "2026-11-20T10:00:00Z",
        "rotationVirtualStart": "2026-10-05 07:00:00 +0000 UTC",
        "rotationTurnLengthSeconds": 86400,
        "users": ["P1"],
    }
    holds(engine, "s", "Schedule", "S1", name="Primary", timeZone="UTC", layers=[layer, {**layer, "id": "L2"}])
    fresh = {**layer, "rotationVirtualStart": "2026-10-05T07:00:00Z"}
    del fresh["id"]
    fault = fault_of(
        engine.up, lambda register: register("s", "Schedule", name="Primary", timeZone="UTC", layers=[fresh])
    )
    assert "'2026-10-05 07:00:00 +0000 UTC' is not an RFC 3339 time" in fault
    assert stub.calls() == []


def test_a_used_schedule_is_taken_out_of_policies_before_it_is_deleted(engine, stub):
    holds(engine, "s", "Schedule", "S1")
    stub.answers("GET", "/schedules/S1", raw_schedule(escalation_policies=[{"id": "EP1"}], users=[{"id": "P1"}]))
    stub.refuses("DELETE", "/schedules/S1", 400, IN_USE)
    stub.answers("DELETE", "/schedules/S1", status=204)
    incidents = (
        "/incidents?date_range=all&limit=100&statuses%5B%5D=triggered&statuses%5B%5D=acknowledged&user_ids%5B%5D=P1"
    )
    stub.answers("GET", incidents, {"incidents": []})
    policy = raw_policy(rule(SCHEDULE_TARGET), rule(SCHEDULE_TARGET, USER_TARGET))
    stub.answers("GET", "/escalation_policies/EP1", {"escalation_policy": policy})
    stub.answers("PUT", "/escalation_policies/EP1", {"escalation_policy": policy})
    engine.destroy()
    assert stub.calls() == [
        "GET /schedules/S1",
        "DELETE /schedules/S1",
        f"GET {incidents}",
        "GET /escalation_policies/EP1",
        "PUT /escalation_policies/EP1",
        "DELETE /schedules/S1",
    ]
    assert stub.requests[4]["body"]["escalation_policy"]["escalation_rules"] == [rule(USER_TARGET)]


def test_the_only_target_of_a_policy_is_not_deleted(engine, stub):
    holds(engine, "s", "Schedule", "S1")
    stub.answers("GET", "/schedules/S1", raw_schedule(escalation_policies=[{"id": "EP1"}]))
    stub.refuses("DELETE", "/schedules/S1", 400, IN_USE)
    incidents = "/incidents?date_range=all&limit=100&statuses%5B%5D=triggered&statuses%5B%5D=acknowledged"
    stub.answers("GET", incidents, {"incidents": []})
    stub.answers("GET", "/escalation_policies/EP1", {"escalation_policy": raw_policy(rule(SCHEDULE_TARGET))})
    assert (
        fault_of(engine.delete, "s")
        == "schedule S1 is the only target of escalation policy EP1: delete or change that first"
    )


# Escalation policies


def test_a_policy_is_read_without_strategies_where_they_are_refused(engine, stub):
    stub.refuses("GET", f"/escalation_policies/EP1?{INCLUDE_STRATEGIES}", 403)
    stub.answers("GET", "/escalation_policies/EP1", {"escalation_policy": raw_policy(rule(USER_TARGET))})
    assert engine.adopt("ep", "EscalationPolicy", "EP1").id == "EP1"


def test_targets_in_another_order_are_no_change(engine, stub):
    targets = [{"type": "schedule_reference", "id": "S1"}, {"type": "user_reference", "id": "P1"}]
    rules = [{"escalationDelayInMinutes": 5, "targets": targets}]
    holds(engine, "ep", "EscalationPolicy", "EP1", name="EP", rules=rules)
    raw = raw_policy(rule(USER_TARGET, SCHEDULE_TARGET))
    stub.answers("GET", f"/escalation_policies/EP1?{INCLUDE_STRATEGIES}", {"escalation_policy": raw})
    engine.refresh()
    assert engine.resources["ep"]["state"]["rules"][0]["targets"] == targets


def test_a_shift_based_schedule_is_a_schedule_like_any_other(engine, stub):
    raw = raw_policy(rule({"id": "S3", "type": "schedule_v3_reference"}))
    stub.answers("GET", f"/escalation_policies/EP1?{INCLUDE_STRATEGIES}", {"escalation_policy": raw})
    inputs = engine.adopt("ep", "EscalationPolicy", "EP1").inputs
    assert dict(inputs["rules"][0]["targets"][0]) == {"id": "S3", "type": "schedule_reference"}


def test_a_policy_delete_waits_for_its_services(engine, stub):
    holds(engine, "ep", "EscalationPolicy", "EP1")
    stub.refuses("DELETE", "/escalation_policies/EP1", 400, "in use")
    stub.answers("DELETE", "/escalation_policies/EP1", status=204)
    engine.destroy()
    assert stub.calls() == ["DELETE /escalation_policies/EP1"] * 2


# Services and integrations


def test_support_hours_without_actions_send_upstreams_null_action(engine, stub):
    service = {"service": {"id": "SV", "name": "x", "escalation_policy": {"id": "EP"}}}
    stub.answers("POST", "/services", service, 201)
    stub.answers("GET", "/services/SV?include%5B%5D=auto_pause_notifications_parameters", service)
    urgency = {"type": "use_support_hours"}
    engine.create("s", "Service", {"name": "x", "escalationPolicy": "EP", "incidentUrgencyRule": urgency})
    assert stub.requests[0]["body"]["service"]["scheduled_actions"] == [None]


def test_switched_off_timeouts_read_as_the_text_null(engine, stub):
    service = {
        "id": "SV",
        "name": "x",
        "escalation_policy": {"id": "EP"},
        "acknowledgement_timeout": None,
        "auto_resolve_timeout": 14400,
    }
    stub.answers("GET", "/services/SV?include%5B%5D=auto_pause_notifications_parameters", {"service": service})
    properties = dict(engine.adopt("s", "Service", "SV").properties)
    assert (properties["acknowledgementTimeout"], properties["autoResolveTimeout"]) == ("null", "14400")


def test_an_integration_is_imported_by_service_and_id(engine, stub):
    integration = {
        "id": "I1",
        "name": "AliveMCP",
        "type": "events_api_v2_inbound_integration",
        "service": {"id": "SV", "type": "service_reference"},
        "vendor": None,
        "integration_key": "K",
    }
    stub.answers("GET", "/services/SV/integrations/I1", {"integration": integration})
    answer = engine.adopt("i", "ServiceIntegration", "SV.I1")
    assert (answer.id, answer.properties["service"]) == ("I1", "SV")
    assert stub.calls() == ["GET /services/SV/integrations/I1"] * 2


def test_an_integration_cannot_be_imported_by_its_id_alone(engine):
    fault = fault_of(engine.adopt, "i", "ServiceIntegration", "I1")
    assert fault == "'I1': an integration is imported as SERVICE_ID.INTEGRATION_ID"


def test_an_integration_with_a_new_service_is_deleted_before_it_is_made_anew(engine):
    holds(engine, "i", "ServiceIntegration", "I1", name="AliveMCP", service="S1", type="t", integrationKey="K")
    answer = engine.diff("i", {"name": "AliveMCP", "service": "S2", "type": "t"})
    assert list(answer.replaces) == ["service"]
    assert answer.deleteBeforeReplace
    assert list(answer.detailedDiff) == ["service"]


def test_an_update_of_an_integration_keeps_its_key(engine, stub):
    holds(engine, "i", "ServiceIntegration", "I1", name="old", service="S1", type="t", integrationKey="K")
    stub.answers("PUT", "/services/S1/integrations/I1", {"integration": {"id": "I1"}})
    engine.up(lambda register: register("i", "ServiceIntegration", name="new", service="S1", type="t"))
    assert stub.calls() == ["PUT /services/S1/integrations/I1"]
    assert engine.resources["i"]["state"]["integrationKey"] == "K"


# All kinds


def test_a_resource_without_a_name_gets_one_from_its_logical_name(engine):
    inputs = dict(engine.check("platform", "Team", {}).inputs)
    assert inputs["name"].startswith("platform-")
    assert len(inputs["name"]) == len("platform-") + 7


def test_a_preview_sends_nothing(engine, stub):
    outputs = engine.create("t", "Team", {"name": "Platform"}, preview=True)
    assert outputs["name"] == "Platform"
    assert stub.calls() == []


def test_a_kind_that_is_not_built_is_named(engine):
    fault = fault_of(engine.check, "r", "Ruleset", {})
    assert fault == "the stand-in plugin has no resource pagerduty:index/ruleset:Ruleset"
