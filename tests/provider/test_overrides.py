"""OpsGenie's overrides in time: what is over is a record, what runs is cut, what is to come goes."""

from datetime import UTC, datetime, timedelta

import pytest


def at(**ago):
    return (datetime.now(UTC) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def schedule(plugin, team):
    return plugin.create("opsgenie:Schedule", {"name": "Edge sun", "timezone": "UTC", "ownerTeamId": team.id}).id


@pytest.fixture
def override(schedule):
    def inputs(start, end, **more):
        one = {"scheduleId": schedule, "alias": "ana-for-bo", "username": "ana@acme.example"}
        return one | {"startDate": start, "endDate": end} | more

    return inputs


def overrides(vendor, schedule):
    return vendor.get(f"/v2/schedules/{schedule}/overrides")


def test_its_id_is_the_schedule_and_the_alias(plugin, schedule, override):
    held = plugin.create("opsgenie:ScheduleOverride", override(at(hours=-1), at(hours=-2)))

    assert held.id == f"{schedule}/ana-for-bo"


def test_one_that_is_over_is_never_made(plugin, vendor, schedule, override):
    inputs = override(at(days=2), at(days=1))
    held = plugin.create("opsgenie:ScheduleOverride", inputs)

    assert overrides(vendor, schedule) == []
    assert plugin.refresh(held) is None
    plugin.delete(held)


def test_a_delete_of_one_that_is_over_does_nothing(plugin, vendor, schedule, override):
    held = plugin.create("opsgenie:ScheduleOverride", override(at(hours=1), at(seconds=-600)))
    held.state["endDate"] = at(seconds=1)
    plugin.line.requests.clear()

    plugin.delete(held)

    assert plugin.line.requests == []
    assert len(overrides(vendor, schedule)) == 1


def test_a_delete_of_one_that_runs_ends_it_now(plugin, vendor, schedule, override):
    start = at(hours=1)
    held = plugin.create("opsgenie:ScheduleOverride", override(start, at(hours=-1)))

    plugin.delete(held)

    (left,) = overrides(vendor, schedule)
    assert left["startDate"] == start
    assert left["endDate"] <= at(seconds=0)


def test_a_delete_of_one_to_come_takes_it_away(plugin, vendor, schedule, override):
    held = plugin.create("opsgenie:ScheduleOverride", override(at(hours=-1), at(hours=-2)))

    plugin.delete(held)

    assert overrides(vendor, schedule) == []


def test_a_delete_of_one_that_runs_and_is_gone_is_done(plugin, vendor, schedule, override):
    held = plugin.create("opsgenie:ScheduleOverride", override(at(hours=1), at(hours=-1)))
    vendor.delete(f"/v2/schedules/{schedule}/overrides/ana-for-bo")

    plugin.delete(held)

    assert overrides(vendor, schedule) == []


def test_one_made_by_hand_is_never_touched(plugin, vendor, schedule, override):
    user = {"type": "user", "username": "bo@acme.example"}
    by_hand = {"alias": "by hand", "user": user, "startDate": at(hours=-1), "endDate": at(hours=-2)}
    vendor.post(f"/v2/schedules/{schedule}/overrides", by_hand)

    plugin.delete(plugin.create("opsgenie:ScheduleOverride", override(at(hours=-1), at(hours=-2))))

    assert [each["alias"] for each in overrides(vendor, schedule)] == ["by hand"]


def test_rotations_may_be_named_by_the_ids_of_their_resources(plugin, vendor, schedule, override):
    rotation = plugin.create(
        "opsgenie:Rotation",
        {
            "scheduleId": schedule,
            "name": "weekly",
            "startDate": "2020-01-06T08:00:00Z",
            "type": "weekly",
            "participants": [{"type": "none"}],
        },
    )
    inputs = override(at(hours=-1), at(hours=-2), rotationIds=[rotation.id])

    held = plugin.create("opsgenie:ScheduleOverride", inputs)

    assert overrides(vendor, schedule)[0]["rotations"][0]["name"] == "weekly"
    assert plugin.changes(plugin.refresh(held), inputs) == {}


def test_another_alias_or_schedule_is_another_override(plugin, override):
    inputs = override(at(hours=-1), at(hours=-2))
    held = plugin.create("opsgenie:ScheduleOverride", inputs)

    assert plugin.changes(held, inputs | {"alias": "other"}) == {"alias": "update_replace"}


def test_an_end_before_the_start_is_refused_by_the_check(plugin, override):
    assert plugin.check("opsgenie:ScheduleOverride", override("2126-01-02T00:00:00Z", "2126-01-01T00:00:00Z")) == {
        "failures": ["endDate: '2126-01-01T00:00:00Z' must be after startDate '2126-01-02T00:00:00Z'"]
    }
