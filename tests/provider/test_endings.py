"""What is over pages nobody: it stays as a record until somebody in it is deleted."""

import pytest

DEE = {"username": "dee@acme.example", "fullName": "Dee Ruiz"}


@pytest.fixture
def dee(plugin):
    return plugin.create("opsgenie:User", DEE, "dee")


@pytest.fixture
def rotation(plugin, team, dee):
    schedule = {"name": "Edge sun", "timezone": "UTC", "ownerTeamId": team.id}
    held = plugin.create("opsgenie:Schedule", schedule)

    def made(end):
        inputs = {
            "scheduleId": held.id,
            "name": "weekly",
            "startDate": "2020-01-06T08:00:00Z",
            "endDate": end,
            "type": "weekly",
            "participants": [{"type": "user", "username": DEE["username"]}],
        }
        return plugin.create("opsgenie:Rotation", inputs)

    return made


def rotations(vendor, held):
    return vendor.names(f"/v2/schedules/{held.id.split('/')[0]}/rotations")


def test_a_delete_of_a_rotation_that_is_over_does_nothing(plugin, vendor, rotation):
    held = rotation("2020-06-01T08:00:00Z")

    plugin.delete(held)

    assert rotations(vendor, held) == ["weekly"]


def test_a_refresh_lets_go_of_a_rotation_that_is_over(plugin, vendor, rotation):
    held = rotation("2020-06-01T08:00:00Z")
    plugin.line.requests.clear()

    assert plugin.refresh(held) is None
    assert (plugin.line.requests, rotations(vendor, held)) == ([], ["weekly"])


def test_a_delete_of_a_rotation_that_runs_deletes_it(plugin, vendor, rotation):
    held = rotation("2120-06-03T08:00:00Z")

    plugin.delete(held)

    assert rotations(vendor, held) == []


def test_somebody_in_a_rotation_that_is_over_can_be_deleted(plugin, vendor, rotation, dee):
    held = rotation("2020-06-01T08:00:00Z")
    plugin.delete(held)

    plugin.delete(dee)

    assert plugin.refresh(dee) is None
    assert rotations(vendor, held) == []


def test_somebody_in_a_rotation_that_runs_can_not_be_deleted(plugin, rotation, dee):
    rotation("2120-06-03T08:00:00Z")

    with pytest.raises(Exception, match=r'user "dee@acme\.example": OpsGenie answered 428: .* used by rotation'):
        plugin.delete(dee)


def test_a_user_who_was_there_before_stays(plugin, vendor):
    held = plugin.imported("opsgenie:User", "ana@acme.example")

    plugin.delete(held)

    assert plugin.refresh(held) == held
    assert plugin.warnings == ['user "ana@acme.example" was not made here: the account stays at OpsGenie']


def test_a_rotation_that_is_over_can_be_taken_up_again_without_an_end(start, plugin, vendor, rotation):
    held = rotation("2020-06-01T08:00:00Z")
    endless = {name: value for name, value in held.inputs.items() if name != "endDate"}
    assert plugin.changes(held, endless) == {"endDate": "delete_replace"}

    run = start()
    run.delete(held)
    anew = run.create("opsgenie:Rotation", endless)

    assert rotations(vendor, held) == ["weekly"]
    assert plugin.changes(plugin.refresh(anew), endless) == {}
