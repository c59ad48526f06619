from datetime import UTC, datetime

import pytest

from oncall.resource import Ref

SCHEDULE = "pagerduty:Schedule"


def users(*people):
    return tuple(Ref("pagerduty:User", person) for person in people)


@pytest.fixture
def schedules(acme, team, pagerduty):
    """The vendor schedules of one inventory schedule `primary` with these rotations, by key."""

    def make(rotations, at=None, **words):
        inventory = acme(teams={"platform": team(schedules={"primary": {"rotations": rotations, **words}})})
        account = pagerduty(inventory, at) if at else pagerduty(inventory)
        return {key: account.properties(SCHEDULE, key) for key in account.keys(SCHEDULE)}

    return make


def layers(schedules, key="platform/primary"):
    return schedules[key]["layers"]


def names(schedules):
    return {key: [layer["name"] for layer in one["layers"]] for key, one in schedules.items()}


def test_a_weekly_rotation_is_one_layer_from_its_first_hand_off(schedules, rotation):
    expected = {
        "name": "weekly from 2026-10-05",
        "start": "2026-10-05T07:00:00Z",
        "rotation_virtual_start": "2026-10-05T07:00:00Z",
        "rotation_turn_length_seconds": 604800,
        "users": users("ana", "bo"),
    }
    assert layers(schedules({"weekly": rotation()})) == (expected,)


def test_a_schedule_has_its_name_zone_and_team(schedules, rotation):
    found = schedules({"weekly": rotation()}, name="On call", time_zone="Africa/Lagos")["platform/primary"]
    expected = ("Platform On call", "Africa/Lagos", (Ref("pagerduty:Team", "platform"),), "Managed from the inventory")
    assert (found["name"], found["time_zone"], found["teams"], found["description"]) == expected


def test_a_line_up_that_changes_ends_its_layer_and_starts_another(schedules, rotation):
    found = layers(
        schedules({"weekly": rotation(since="2026-12-07", before={"people": ["cy"], "since": "2026-10-05"})})
    )
    expected = [
        ("weekly from 2026-10-05", "2026-10-05T07:00:00Z", "2026-12-07T08:00:00Z"),
        ("weekly from 2026-12-07", "2026-12-07T08:00:00Z", None),
    ]
    assert [(layer["name"], layer["start"], layer.get("end")) for layer in found] == expected


def test_a_line_up_that_is_over_is_left_out(schedules, rotation):
    rotations = {"weekly": rotation(since="2026-12-07", before={"people": ["cy"], "since": "2026-10-05"})}
    found = schedules(rotations, at=datetime(2026, 12, 7, 8, 0, tzinfo=UTC))
    assert names(found) == {"platform/primary": ["weekly from 2026-12-07"]}


def test_a_schedule_whose_rotations_are_over_is_left_out(schedules, rotation):
    assert schedules({"weekly": rotation(until="2026-11-01")}) == {}


def test_daily_hours_are_a_daily_restriction(schedules, rotation):
    (layer,) = layers(schedules({"weekly": rotation(only="22:00-06:00")}))
    expected = {"type": "daily_restriction", "start_time_of_day": "22:00:00", "duration_seconds": 8 * 3600}
    assert layer["restrictions"] == (expected,)


def test_a_whole_day_is_no_restriction(schedules, rotation):
    (layer,) = layers(schedules({"weekly": rotation(only="00:00-24:00")}))
    assert "restrictions" not in layer


def test_hours_of_weekdays_are_a_weekly_restriction_a_day(schedules, rotation):
    (layer,) = layers(schedules({"weekly": rotation(only="Sat-Sun 10:00-14:00")}))
    expected = [("weekly_restriction", day, "10:00:00", 14400) for day in (6, 7)]
    found = [
        (one["type"], one["start_day_of_week"], one["start_time_of_day"], one["duration_seconds"])
        for one in layer["restrictions"]
    ]
    assert found == expected


def test_days_round_the_clock_are_one_weekly_restriction(schedules, rotation):
    (layer,) = layers(schedules({"weekly": rotation(only="Mon-Fri 00:00-24:00")}))
    expected = {
        "type": "weekly_restriction",
        "start_time_of_day": "00:00:00",
        "duration_seconds": 5 * 86400,
        "start_day_of_week": 1,
    }
    assert layer["restrictions"] == (expected,)


def test_rotations_that_never_overlap_share_a_schedule(schedules, rotation):
    found = schedules({"day": rotation(only="08:00-20:00"), "night": rotation(only="20:00-08:00")})
    assert names(found) == {"platform/primary": ["day from 2026-10-05", "night from 2026-10-05"]}


def test_rotations_that_overlap_get_schedules_of_their_own(schedules, rotation):
    found = schedules({"one": rotation(), "two": rotation(people=["cy"])})
    expected = {"platform/primary/one": "Platform primary one", "platform/primary/two": "Platform primary two"}
    assert {key: one["name"] for key, one in found.items()} == expected


def test_only_the_rotations_that_overlap_are_taken_apart(schedules, rotation):
    found = schedules(
        {
            "day": rotation(only="08:00-20:00"),
            "night": rotation(only="20:00-08:00"),
            "lunch": rotation(only="12:00-13:00"),
        }
    )
    expected = {
        "platform/primary": ["night from 2026-10-05"],
        "platform/primary/day": ["day from 2026-10-05"],
        "platform/primary/lunch": ["lunch from 2026-10-05"],
    }
    assert names(found) == expected


def test_each_zone_has_a_schedule(schedules, rotation):
    found = schedules(
        {
            "emea": rotation(only="09:00-17:00"),
            "americas": rotation(only="09:00-17:00", time_zone="America/New_York"),
        }
    )
    expected = {
        "platform/primary": ("Platform primary", "Europe/Berlin"),
        "platform/primary/americas": ("Platform primary americas", "America/New_York"),
    }
    assert {key: (one["name"], one["time_zone"]) for key, one in found.items()} == expected


def test_several_rotations_of_a_zone_go_by_its_city(schedules, rotation):
    found = schedules(
        {
            "emea": rotation(only="09:00-17:00"),
            "early": rotation(only="08:00-12:00", time_zone="America/New_York"),
            "late": rotation(only="12:00-17:00", time_zone="America/New_York"),
        }
    )
    assert found["platform/primary@America/New_York"]["name"] == "Platform primary New York"


def test_where_the_last_wins_rotations_are_layers_in_the_order_of_the_file(schedules, rotation):
    found = schedules({"one": rotation(), "all": rotation(people=["cy"])}, overlap="last_wins")
    assert names(found) == {"platform/primary": ["one from 2026-10-05", "all from 2026-10-05"]}


def test_turns_of_hours_that_divide_a_day_are_daily_layers(schedules, rotation):
    found = layers(schedules({"r": rotation(people=["ana", "bo", "cy"], turn="12 hours", hand_off="08:00")}))
    expected = [
        ("r from 2026-10-05 08:00", "2026-10-05T06:00:00Z", 86400, users("ana", "cy", "bo"), "08:00:00"),
        ("r from 2026-10-05 20:00", "2026-10-05T18:00:00Z", 86400, users("bo", "ana", "cy"), "20:00:00"),
    ]
    shown = [
        (
            layer["name"],
            layer["rotation_virtual_start"],
            layer["rotation_turn_length_seconds"],
            layer["users"],
            layer["restrictions"][0]["start_time_of_day"],
        )
        for layer in found
    ]
    assert shown == expected


def test_slots_outside_the_hours_of_the_rotation_are_left_out(schedules, rotation):
    found = layers(schedules({"r": rotation(turn="6 hours", hand_off="00:00", only="06:00-18:00")}))
    assert [layer["name"] for layer in found] == ["r from 2026-10-05 06:00", "r from 2026-10-05 12:00"]


def test_other_turns_of_hours_are_elapsed_time(schedules, rotation):
    (layer,) = layers(schedules({"r": rotation(turn="7 hours", hand_off="08:00")}))
    assert (layer["rotation_turn_length_seconds"], "restrictions" in layer) == (7 * 3600, False)


def test_turns_of_24_hours_are_days(schedules, rotation):
    (layer,) = layers(schedules({"r": rotation(turn="24 hours", hand_off="08:00")}))
    assert (layer["rotation_turn_length_seconds"], "restrictions" in layer) == (86400, False)


def test_the_next_person_takes_the_turn_of_nobody(schedules, rotation):
    (layer,) = layers(schedules({"r": rotation(people=["nobody", "ana", "nobody"])}))
    assert layer["users"] == users("ana", "ana", "ana")


def test_a_rotation_of_nobody_at_all_is_left_out(schedules, rotation):
    assert schedules({"r": rotation(people=["nobody"])}) == {}


def test_turns_of_months_become_thirty_days(schedules, rotation):
    (layer,) = layers(schedules({"r": rotation(turn="2 months", hand_off="09:00")}))
    assert layer["rotation_turn_length_seconds"] == 60 * 86400


def test_schedules_come_after_the_memberships_of_their_team(acme, pagerduty):
    found = pagerduty(acme()).get(SCHEDULE, "platform/primary")
    expected = tuple(Ref("pagerduty:TeamMembership", f"platform/{person}") for person in ("ana", "bo", "cy", "dee"))
    assert found.after == expected
