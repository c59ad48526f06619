"""Stories of the official provider with API v3's schedules, which it makes and changes part by part."""

import pytest

V3 = "/v3/schedules"


def event(*users, since="2026-11-23T08:00:00Z", **more):
    members = [{"type": "user_member", "user_id": user} for user in users]
    times = {
        key: {"date_time": f"{day}T08:00:00Z", "time_zone": "Europe/Berlin"}
        for key, day in (("start_time", "2026-11-23"), ("end_time", "2026-11-30"))
    }
    return {
        "event": {
            "name": "weekly",
            **times,
            "effective_since": since,
            "effective_until": None,
            "recurrence": ["RRULE:FREQ=WEEKLY"],
            "assignment_strategy": {
                "type": "rotating_member_assignment_strategy",
                "shifts_per_member": 1,
                "members": members,
            },
            **more,
        }
    }


@pytest.fixture
def shifts(account):
    """The paths of a schedule, its rotation and its event, made as the provider makes them."""
    body = {"schedule": {"name": "Shifts", "time_zone": "Europe/Berlin", "rotations": []}}
    schedule = f"{V3}/{account.framework.call('POST', V3, body, 201)['schedule']['id']}"
    rotation = account.framework.call("POST", f"{schedule}/rotations", {}, 201)["rotation"]["id"]
    path = f"{schedule}/rotations/{rotation}"
    made = account.framework.call("POST", f"{path}/events", event(*account.users[:2]), 201)["event"]
    return schedule, path, f"{path}/events/{made['id']}"


def test_every_part_is_answered_with_201_and_an_id(account, shifts):
    assert all(not path.endswith("/None") for path in shifts)


def test_a_read_holds_rotations_and_events_inline(account, shifts):
    schedule, path, item = shifts
    read = account.framework.call("GET", schedule)["schedule"]
    (rotation,) = read["rotations"]
    assert path.endswith(rotation["id"])
    assert [f"{path}/events/{one['id']}" for one in rotation["events"]] == [item]


def test_an_events_times_are_written_as_sent(account, shifts):
    # The state after a create is the answer: another writing of the same instant would be a change for ever.
    (one,) = account.framework.call("GET", shifts[0])["schedule"]["rotations"][0]["events"]
    sent = event(*account.users[:2])["event"]
    for key in ("start_time", "end_time"):
        assert one[key]["date_time"] == sent[key]["date_time"]
    assert one["assignment_strategy"]["members"] == sent["assignment_strategy"]["members"]
    assert (one["effective_until"], one["recurrence"]) == (None, sent["recurrence"])


def test_an_event_that_is_to_come_is_changed_by_put(account, shifts):
    account.framework.call("PUT", shifts[2], event(*account.users))
    (one,) = account.framework.call("GET", shifts[0])["schedule"]["rotations"][0]["events"]
    assert [member["user_id"] for member in one["assignment_strategy"]["members"]] == account.users


def test_an_event_in_force_takes_no_put_but_goes_and_comes_anew(account, shifts):
    _, path, ahead = shifts
    account.framework.call("DELETE", ahead, status=204)
    started = event(*account.users[:2], since="2026-11-01T08:00:00Z")
    made = account.framework.call("POST", f"{path}/events", started, 201)["event"]
    running = f"{path}/events/{made['id']}"
    assert account.framework.errors("PUT", running, event(*account.users)) != []
    account.framework.call("DELETE", running, status=204)
    anew = event(*account.users, since="2026-11-21T12:10:00Z")
    made = account.framework.call("POST", f"{path}/events", anew, 201)["event"]
    events = account.framework.call("GET", shifts[0])["schedule"]["rotations"][0]["events"]
    assert [one["id"] for one in events] == [made["id"]]


def test_a_schedules_own_fields_are_put_with_an_empty_list_of_rotations(account, shifts):
    body = {"schedule": {"name": "Other", "time_zone": "Europe/Berlin", "rotations": []}}
    account.framework.call("PUT", shifts[0], body)
    read = account.framework.call("GET", shifts[0])["schedule"]
    assert (read["name"], len(read["rotations"])) == ("Other", 1)


def test_rotation_and_schedule_are_deleted_and_then_gone(account, shifts):
    account.framework.call("DELETE", shifts[1], status=204)
    account.framework.call("DELETE", shifts[0], status=204)
    assert account.framework.answer("GET", shifts[0]).status_code == 404


def test_a_used_schedule_is_not_deleted(account, shifts):
    account.policy(("schedule", shifts[0].rpartition("/")[2]))
    assert account.framework.answer("DELETE", shifts[0]).status_code == 400
