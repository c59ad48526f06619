"""Overrides and custom shifts of PagerDuty's shift-based schedules: found again, left alone, told in words."""

from datetime import UTC, datetime, timedelta

import pytest

OVERRIDE, SHIFT = "pagerduty:ShiftOverride", "pagerduty:CustomShift"
TOKEN = "sandbox-token-pdpdpd"


def at(**ago):
    return (datetime.now(UTC) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def run(start, pagerduty):
    """Starts a plugin with a PagerDuty account."""

    def started(token=TOKEN):
        plugin = start()
        plugin.configure(pagerdutyToken=token, pagerdutyApiUrl=str(pagerduty.base_url))
        plugin.line.requests.clear()
        return plugin

    return started


@pytest.fixture
def people(pagerduty):
    return [user["id"] for user in pagerduty.get("/users").json()["users"]]


@pytest.fixture
def schedule(pagerduty):
    body = {"schedule": {"name": "Edge", "time_zone": "UTC", "rotations": []}}
    return pagerduty.post("/v3/schedules", json=body).json()["schedule"]["id"]


@pytest.fixture
def rotation(pagerduty, schedule, people):
    path = f"/v3/schedules/{schedule}/rotations"
    made = pagerduty.post(path, json={}).json()["rotation"]["id"]
    event = {
        "name": "weekly",
        "start_time": {"date_time": at(days=1), "time_zone": "UTC"},
        "end_time": {"date_time": at(days=-6), "time_zone": "UTC"},
        "effective_since": at(days=1),
        "effective_until": None,
        "recurrence": ["RRULE:FREQ=WEEKLY"],
        "assignment_strategy": {
            "type": "rotating_member_assignment_strategy",
            "shifts_per_member": 1,
            "members": [{"type": "user_member", "user_id": people[0]}],
        },
    }
    assert pagerduty.post(f"{path}/{made}/events", json={"event": event}).status_code == 201
    return made


@pytest.fixture(params=[OVERRIDE, SHIFT])
def kind(request):
    return request.param


@pytest.fixture
def asked(kind, schedule, rotation, people):
    """The inputs of one of either kind."""

    def inputs(start, end, user=1):
        common = {"scheduleId": schedule, "start": start, "end": end, "userId": people[user]}
        instead = {"rotationId": rotation, "overriddenUserId": people[0]}
        return common | (instead if kind == OVERRIDE else {})

    return inputs


@pytest.fixture
def standing(pagerduty, schedule, kind):
    def rows():
        name = "overrides" if kind == OVERRIDE else "custom_shifts"
        window = {"since": at(days=30), "until": at(days=-30), "overflow": "true"}
        return pagerduty.get(f"/v3/schedules/{schedule}/{name}", params=window).json()[name]

    return rows


def said(action, *args):
    with pytest.raises(Exception) as failure:
        action(*args)
    text = str(failure.value)
    assert "\n" not in text
    assert TOKEN not in text
    return text


def test_one_is_made_with_two_requests_and_needs_no_change_after_a_refresh(run, kind, asked, standing, schedule):
    plugin, inputs = run(), asked(at(hours=-1), at(hours=-2))

    held = plugin.create(kind, inputs)

    assert len(plugin.line.requests) == 2
    assert held.id == f"{schedule}/{standing()[0]['id']}"
    assert plugin.changes(plugin.refresh(held), inputs) == {}


def test_its_person_is_on_call(run, kind, asked, pagerduty, schedule, people):
    plugin = run()
    plugin.create(kind, asked(at(hours=-1), at(hours=-2)))

    window = {"since": at(minutes=-90), "until": at(minutes=-91), "include[]": "final_schedule"}
    final = pagerduty.get(f"/v3/schedules/{schedule}", params=window).json()["schedule"]["final_schedule"]
    there = {one["member"]["user_id"] for one in final["computed_shift_assignments"]}
    assert there == ({people[1]} if kind == OVERRIDE else {people[0], people[1]})


def test_a_create_whose_answer_is_lost_makes_one(run, kind, asked, standing):
    plugin = run()
    plugin.line.lose("POST", ".*")

    plugin.create(kind, asked(at(hours=3), at(hours=-2)))

    assert len(standing()) == 1


def test_one_of_a_killed_run_is_found_again(run, kind, asked, standing):
    inputs = asked(at(hours=3), at(hours=-2))
    first = run().create(kind, inputs)

    again = run().create(kind, inputs)

    assert (again.id, len(standing())) == (first.id, 1)


def test_one_that_only_covers_the_time_is_another(run, kind, asked, standing):
    run().create(kind, asked(at(hours=-1), at(hours=-5)))

    run().create(kind, asked(at(hours=-2), at(hours=-3)))

    assert len(standing()) == 2


def test_nothing_of_it_can_be_changed_in_place(run, kind, asked):
    plugin, inputs = run(), asked(at(hours=-1), at(hours=-2))
    held = plugin.create(kind, inputs)

    changes = plugin.changes(held, asked(inputs["start"], at(hours=-3), user=2))

    assert changes == {"end": "update_replace", "userId": "update_replace"}


def test_one_that_is_over_is_never_made_nor_deleted(run, kind, asked, standing):
    plugin, inputs = run(), asked(at(days=2), at(days=1))

    held = plugin.create(kind, inputs)
    plugin.delete(held)

    assert plugin.refresh(held) is None  # the program asks for it no more
    assert (plugin.line.requests, standing()) == ([], [])


def test_a_delete_of_one_to_come_takes_it_away(run, kind, asked, standing):
    plugin = run()
    held = plugin.create(kind, asked(at(hours=-1), at(hours=-2)))

    plugin.delete(held)
    plugin.delete(held)

    assert standing() == []
    assert plugin.refresh(held) is None


def test_one_can_be_imported_by_its_id(run, kind, asked):
    plugin, inputs = run(), asked(at(hours=-1), at(hours=-2))
    held = plugin.create(kind, inputs)

    imported = run().imported(kind, held.id)

    assert (imported.id, plugin.changes(imported, inputs)) == (held.id, {})


def test_an_id_of_the_wrong_form(run, kind):
    expected = {
        OVERRIDE: '"no-slash" is no id of an override: it must be scheduleId/overrideId',
        SHIFT: '"no-slash" is no id of a custom shift: it must be scheduleId/shiftId',
    }
    assert expected[kind] in said(run().imported, kind, "no-slash")


def test_what_it_is_refused_for_is_told(run, kind, asked):
    inputs = asked(at(hours=-1), at(hours=-2)) | {"userId": "PNOBODY"}

    text = said(run().create, kind, inputs)

    assert "PagerDuty answered 400: " in text
    assert "user not found" in text


@pytest.mark.parametrize("kind", [OVERRIDE], indirect=True)
def test_one_whose_rotation_is_gone_needs_no_delete(run, kind, asked, pagerduty, schedule, rotation):
    # The service does not delete the override of a rotation that is gone; it replaces nobody any more.
    plugin = run()
    held = plugin.create(kind, asked(at(hours=-1), at(hours=-2)))
    assert pagerduty.delete(f"/v3/schedules/{schedule}/rotations/{rotation}").status_code == 204
    plugin.line.answer("DELETE", ".*", 400, json={"error": {"message": "Invalid Input Provided", "code": 2001}})

    plugin.delete(held)


@pytest.mark.parametrize("kind", [OVERRIDE], indirect=True)
def test_a_refused_delete_of_one_that_counts_is_an_error(run, kind, asked):
    plugin = run()
    held = plugin.create(kind, asked(at(hours=-1), at(hours=-2)))
    plugin.line.answer("DELETE", ".*", 400, json={"error": {"message": "Invalid Input Provided", "code": 2001}})

    assert "PagerDuty answered 400" in said(plugin.delete, held)
