"""What was changed at the vendor is seen by a refresh and put right by the next update."""

from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def schedule(team):
    return {"name": "Edge sun", "timezone": "Europe/Berlin", "ownerTeamId": team.id}


def roles(vendor, team):
    return {each["user"]["username"]: each["role"] for each in vendor.get(f"/v2/teams/{team.id}")["members"]}


def test_a_changed_field_is_seen_and_put_right(plugin, vendor, schedule):
    held = plugin.create("opsgenie:Schedule", schedule)
    vendor.patch(f"/v2/schedules/{held.id}", {"timezone": "UTC"})

    drifted = plugin.refresh(held)

    assert plugin.changes(drifted, schedule) == {"timezone": "update"}
    plugin.update(drifted, schedule)
    assert vendor.get(f"/v2/schedules/{held.id}")["timezone"] == "Europe/Berlin"


def test_a_members_role_changed_by_hand_is_seen_and_put_right_beside_the_others(plugin, vendor, team):
    inputs = {"teamId": team.id, "username": "Ana@acme.example", "role": "admin"}
    held = plugin.create("opsgenie:TeamMember", inputs)
    by_hand = [{"user": {"username": name}} for name in ("ana@acme.example", "bo@acme.example")]
    vendor.patch(f"/v2/teams/{team.id}", {"members": by_hand})

    drifted = plugin.refresh(held)

    assert plugin.changes(drifted, inputs) == {"role": "update"}
    assert plugin.changes(plugin.refresh(plugin.update(drifted, inputs)), inputs) == {}
    assert roles(vendor, team) == {"ana@acme.example": "admin", "bo@acme.example": "user"}


def test_a_member_taken_out_by_hand_is_gone_and_comes_back(plugin, vendor, team):
    inputs = {"teamId": team.id, "username": "ana@acme.example"}
    held = plugin.create("opsgenie:TeamMember", inputs)
    vendor.delete(f"/v2/teams/{team.id}/members/ana@acme.example")

    assert plugin.refresh(held) is None
    plugin.delete(held)
    plugin.create("opsgenie:TeamMember", inputs)
    assert roles(vendor, team) == {"ana@acme.example": "user"}


def test_a_member_whose_removal_is_refused_is_gone_only_if_the_team_says_so(plugin, vendor, team):
    held = plugin.create("opsgenie:TeamMember", {"teamId": team.id, "username": "ana@acme.example"})
    plugin.line.answer("DELETE", ".*", 422, json={"message": "No user"})
    with pytest.raises(Exception, match=r'member "ana@acme\.example": OpsGenie answered 422: No user'):
        plugin.delete(held)

    vendor.delete(f"/v2/teams/{team.id}/members/ana@acme.example")
    plugin.line.answer("DELETE", ".*", 422, json={"message": "No user"})
    plugin.delete(held)


def test_a_team_that_is_written_keeps_its_members(plugin, vendor, team):
    plugin.create("opsgenie:TeamMember", {"teamId": team.id, "username": "ana@acme.example"})

    plugin.update(team, {"name": "Edge and more"})

    assert roles(vendor, team) == {"ana@acme.example": "user"}


def test_who_is_a_member_already_is_taken_over_with_the_role_asked_for(start, plugin, vendor, team):
    everybody = ("ana@acme.example", "bo@acme.example", "cy@acme.example")
    vendor.patch(f"/v2/teams/{team.id}", {"members": [{"user": {"username": name}} for name in everybody]})
    run = start()

    for name in everybody:
        run.create("opsgenie:TeamMember", {"teamId": team.id, "username": name, "role": "admin"}, name)

    assert roles(vendor, team) == dict.fromkeys(everybody, "admin")
    assert run.line.count("POST") == 0


def test_members_of_one_team_made_and_removed_at_once_do_not_undo_each_other(plugin, vendor, team):
    def member(name, role="user"):
        return {"teamId": team.id, "username": f"{name}@acme.example", "role": role}

    ana, bo = (plugin.create("opsgenie:TeamMember", member(name), name) for name in ("ana", "bo"))
    with ThreadPoolExecutor(3) as threads:
        done = [
            threads.submit(plugin.update, ana, member("ana", "admin")),
            threads.submit(plugin.create, "opsgenie:TeamMember", member("cy"), "cy"),
            threads.submit(plugin.delete, bo),
        ]
        for each in done:
            each.result()

    assert roles(vendor, team) == {"ana@acme.example": "admin", "cy@acme.example": "user"}


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
