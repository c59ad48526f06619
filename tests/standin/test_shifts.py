"""Schedules of API v3, through the plugin: parts made and changed one by one."""

import grpc
import pytest

V3 = "/v3/schedules"
NOW = "2026-11-21T12:13:19Z"  # where the plugin's clock stands
EVENTS = f"{V3}/S1/rotations/R1/events"


def event(name="weekly", since="2026-11-23T08:00:00Z", users=("P1", "P2"), **more):
    members = [{"type": "user_member", "userId": user} for user in users]
    return {
        "name": name,
        "startTime": "2026-11-23T08:00:00Z",
        "endTime": "2026-11-30T08:00:00Z",
        "effectiveSince": since,
        "recurrences": ["RRULE:FREQ=WEEKLY"],
        "assignmentStrategies": [{"type": "rotating_member_assignment_strategy", "members": members}],
        **more,
    }


def raw_event(resource_id="E1", name="weekly", since="2026-11-23T08:00:00Z", users=("P1", "P2"), clock="08:00:00Z"):
    members = [{"type": "user_member", "user_id": user} for user in users]
    return {
        "id": resource_id,
        "name": name,
        "start_time": {"date_time": f"2026-11-23T{clock}", "time_zone": "Europe/Berlin"},
        "end_time": {"date_time": f"2026-11-30T{clock}", "time_zone": "Europe/Berlin"},
        "effective_since": since,
        "effective_until": None,
        "recurrence": ["RRULE:FREQ=WEEKLY"],
        "assignment_strategy": {
            "type": "rotating_member_assignment_strategy",
            "shifts_per_member": 1,
            "members": members,
        },
    }


def raw_schedule(*rotations, **more):
    named = {"id": "S1", "name": "Shifts", "description": None, "time_zone": "Europe/Berlin", "teams": []}
    return {"schedule": {**named, "rotations": list(rotations), **more}}


def program(*rotations, **more):
    inputs = {"name": "Shifts", "timeZone": "Europe/Berlin"} | more
    return lambda register: register(
        "s", "Schedulev2", rotations=[{"events": list(one)} for one in rotations], **inputs
    )


@pytest.fixture
def shifts(engine, stub):
    """Makes a schedule of one rotation with these events; the stub's list of requests is empty again."""

    def make(*events):
        stub.answers("POST", V3, raw_schedule(), 201)
        stub.answers("POST", f"{V3}/S1/rotations", {"rotation": {"id": "R1"}}, 201)
        for number, one in enumerate(events, 1):
            stub.answers("POST", EVENTS, {"event": raw_event(f"E{number}", one["name"], since=NOW)}, 201)
        engine.up(program(events))
        stub.requests.clear()
        stub.forgets("POST", EVENTS)
        return engine

    return make


def test_shifts_per_member_default_in_the_body_and_not_in_the_state(engine, stub):
    stub.answers("POST", V3, raw_schedule(), 201)
    stub.answers("POST", f"{V3}/S1/rotations", {"rotation": {"id": "R1"}}, 201)
    stub.answers("POST", EVENTS, {"event": raw_event()}, 201)
    engine.up(program([event()]))
    assert stub.requests[2]["body"]["event"]["assignment_strategy"]["shifts_per_member"] == 1
    assert engine.up(program([event()])) == []


def test_a_time_the_account_writes_in_another_way_shows_as_a_change_as_upstream_does(engine, stub):
    stub.answers("POST", V3, raw_schedule(), 201)
    stub.answers("POST", f"{V3}/S1/rotations", {"rotation": {"id": "R1"}}, 201)
    stub.answers("POST", EVENTS, {"event": raw_event(clock="09:00:00+01:00")}, 201)
    engine.up(program([event()]))
    inputs = {"name": "Shifts", "timeZone": "Europe/Berlin", "rotations": [{"events": [event()]}]}
    changed = sorted(engine.diff("s", inputs).detailedDiff)
    assert changed == ["rotations[0].events[0].endTime", "rotations[0].events[0].startTime"]


def test_an_answer_other_than_201_is_no_success(engine, stub):
    stub.answers("POST", V3, raw_schedule(), 200)
    stub.refuses("POST", V3, 400, "No more")
    with pytest.raises(grpc.RpcError) as caught:
        engine.up(program([event()]))
    assert caught.value.details() == "POST /v3/schedules: 400 Refused: No more"


def test_a_schedule_whose_parts_fail_is_taken_back(engine, stub):
    stub.answers("POST", V3, raw_schedule(), 201)
    stub.refuses("POST", f"{V3}/S1/rotations", 400, "Too many")
    stub.answers("DELETE", f"{V3}/S1", status=204)
    with pytest.raises(grpc.RpcError) as caught:
        engine.up(program([event()]))
    assert caught.value.details() == "POST /v3/schedules/S1/rotations: 400 Refused: Too many"
    assert stub.calls() == ["POST /v3/schedules", "POST /v3/schedules/S1/rotations", "DELETE /v3/schedules/S1"]


def test_a_read_keeps_what_the_program_says_where_it_means_the_same(shifts, stub):
    engine = shifts(event())
    read = raw_event(since=NOW, clock="09:00:00+01:00")
    stub.answers("GET", f"{V3}/S1", raw_schedule({"id": "R1", "events": [read]}))
    engine.refresh()
    assert engine.up(program([event()])) == []


def test_rotations_without_events_are_read_one_by_one(engine, stub):
    stub.answers("GET", f"{V3}/S1", raw_schedule({"id": "R1"}, time_zone="Etc/UTC"))
    stub.answers("GET", f"{V3}/S1/rotations/R1", {"rotation": {"id": "R1", "events": [raw_event()]}})
    properties = dict(engine.adopt("s", "Schedulev2", "S1").properties)
    assert stub.calls() == ["GET /v3/schedules/S1", "GET /v3/schedules/S1/rotations/R1"]
    assert (properties["timeZone"], properties["rotations"][0]["events"][0]["id"]) == ("UTC", "E1")


def test_only_the_event_that_differs_is_changed(shifts, stub):
    engine = shifts(event("a"), event("b"))
    stub.answers("PUT", f"{EVENTS}/E2", {"event": raw_event("E2", "b", users=("P3",))})
    engine.up(program([event("a"), event("b", users=["P3"])]))
    assert stub.calls() == [f"PUT {EVENTS}/E2"]


def test_an_event_in_force_is_replaced_from_now_on(shifts, stub):
    engine = shifts(event(since="2026-11-01T08:00:00Z"))
    stub.answers("DELETE", f"{EVENTS}/E1", status=204)
    stub.answers("POST", EVENTS, {"event": raw_event("E9", since=NOW)}, 201)
    engine.up(program([event(since="2026-11-01T08:00:00Z", users=["P3"])]))
    assert stub.calls() == [f"DELETE {EVENTS}/E1", f"POST {EVENTS}"]
    assert stub.requests[1]["body"]["event"]["effective_since"] == NOW
    (kept,) = engine.resources["s"]["state"]["rotations"][0]["events"]
    assert (kept["id"], kept["effectiveSince"]) == ("E9", "2026-11-01T08:00:00Z")


def test_the_clock_that_decides_what_is_in_force_can_be_set(shifts, stub, monkeypatch):
    engine = shifts(event())
    monkeypatch.setenv("SANDBOX_PLUGIN_NOW", "2026-11-24T00:00:00Z")
    engine.restart()
    stub.answers("DELETE", f"{EVENTS}/E1", status=204)
    stub.answers("POST", EVENTS, {"event": raw_event("E2")}, 201)
    engine.up(program([event(users=["P3"])]))
    assert stub.calls() == [f"DELETE {EVENTS}/E1", f"POST {EVENTS}"]


def test_events_and_rotations_come_and_go_at_the_end(shifts, stub):
    engine = shifts(event("a"), event("b"))
    stub.answers("DELETE", f"{EVENTS}/E2", status=204)
    stub.answers("POST", f"{V3}/S1/rotations", {"rotation": {"id": "R2"}}, 201)
    engine.up(program([event("a")], []))
    assert stub.calls() == [f"DELETE {EVENTS}/E2", f"POST {V3}/S1/rotations"]


def test_a_rotation_that_is_gone_already_counts_as_removed(shifts, stub):
    engine = shifts(event("a"))
    stub.refuses("DELETE", f"{V3}/S1/rotations/R1", 404)
    engine.up(program())
    assert stub.calls() == [f"DELETE {V3}/S1/rotations/R1"]


def test_a_new_name_is_a_put_of_the_schedule_alone(shifts, stub):
    engine = shifts(event())
    stub.answers("PUT", f"{V3}/S1", raw_schedule())
    engine.up(program([event()], name="Other"))
    assert [request["body"] for request in stub.requests] == [
        {"schedule": {"name": "Other", "time_zone": "Europe/Berlin", "rotations": []}}
    ]
