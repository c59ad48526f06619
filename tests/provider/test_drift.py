"""What was changed at the vendor is seen by a refresh and put right by the next update."""

import pytest


@pytest.fixture
def schedule(team):
    return {"name": "Edge sun", "timezone": "Europe/Berlin", "ownerTeamId": team.id}


def test_a_changed_field_is_seen_and_put_right(plugin, vendor, schedule):
    held = plugin.create("opsgenie:Schedule", schedule)
    vendor.patch(f"/v2/schedules/{held.id}", {"timezone": "UTC"})

    drifted = plugin.refresh(held)

    assert plugin.changes(drifted, schedule) == {"timezone": "update"}
    plugin.update(drifted, schedule)
    assert vendor.get(f"/v2/schedules/{held.id}")["timezone"] == "Europe/Berlin"


def test_a_member_added_by_hand_is_seen_and_taken_out(plugin, vendor, team):
    members = [{"user": {"username": name}} for name in ("ana@acme.example", "bo@acme.example")]
    vendor.patch(f"/v2/teams/{team.id}", {"members": members})

    drifted = plugin.refresh(team)

    assert plugin.changes(drifted, team.inputs) == {"members": "update"}
    assert plugin.changes(plugin.refresh(plugin.update(drifted, team.inputs)), team.inputs) == {}


def test_an_object_deleted_with_its_parent_is_gone(plugin, vendor, schedule):
    parent = plugin.create("opsgenie:Schedule", schedule)
    rotation = {
        "scheduleId": parent.id,
        "name": "weekly",
        "startDate": "2026-12-07T08:00:00Z",
        "type": "weekly",
        "participants": [{"type": "none"}],
    }
    held = plugin.create("opsgenie:Rotation", rotation)
    vendor.delete(f"/v2/schedules/{parent.id}")

    assert plugin.refresh(held) is None
    plugin.delete(held)


def test_rotations_added_to_a_schedule_that_was_there_take_two_requests_each(start, plugin, schedule):
    parent = plugin.create("opsgenie:Schedule", schedule)
    run = start()

    for number in range(3):
        rotation = {
            "scheduleId": parent.id,
            "name": f"rotation {number}",
            "startDate": "2026-12-07T08:00:00Z",
            "type": "weekly",
            "participants": [{"type": "none"}],
        }
        run.create("opsgenie:Rotation", rotation, f"r{number}")

    # One list of what is there, then a create and its read-back each.
    assert len(run.line.requests) == 1 + 3 * 2


@pytest.mark.parametrize("kind", ["opsgenie:Team", "opsgenie:Schedule", "opsgenie:Escalation"])
def test_objects_with_a_name_can_be_imported_by_it(start, plugin, examples, kind):
    inputs, _ = examples(kind)
    held = plugin.create(kind, inputs)

    assert start().imported(kind, inputs["name"]).id == held.id
