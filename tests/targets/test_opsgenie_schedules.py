from datetime import UTC, datetime

import pytest

from oncall.resource import Ref

SCHEDULE, ROTATION = "opsgenie:Schedule", "opsgenie:Rotation"


def user(person):
    return {"type": "user", "username": f"{person}@acme.example"}


@pytest.fixture
def account(acme, team, opsgenie):
    """The OpsGenie account of one team whose schedule `primary` has these rotations."""

    def make(rotations, at=None, **words):
        schedules = {"primary": {"rotations": rotations, **words}}
        inventory = acme(teams={"platform": team(pages_through="opsgenie", schedules=schedules)})
        return opsgenie(inventory, at) if at else opsgenie(inventory)

    return make


@pytest.fixture
def only_rotation(account):
    """The properties of the one rotation with these words."""

    def make(words):
        (key,) = (made := account({"weekly": words})).keys(ROTATION)
        return made.properties(ROTATION, key)

    return make


def test_a_weekly_rotation_starts_at_its_first_hand_off(only_rotation, rotation):
    expected = {
        "schedule_id": Ref(SCHEDULE, "platform/primary"),
        "name": "weekly from 2026-10-05",
        "start_date": "2026-10-05T07:00:00Z",
        "type": "weekly",
        "length": 1,
        "participants": (user("ana"), user("bo")),
    }
    assert only_rotation(rotation()) == expected


@pytest.mark.parametrize(
    "turn, unit, length",
    [("2 weeks", "weekly", 2), ("3 days", "daily", 3), ("12 hours", "hourly", 12), ("1 month", "daily", 30)],
)
def test_turns_are_hours_days_or_weeks(only_rotation, rotation, turn, unit, length):
    found = only_rotation(rotation(turn=turn))
    assert (found["type"], found["length"]) == (unit, length)


def test_a_line_up_that_changes_is_two_rotations(account, rotation):
    made = account({"weekly": rotation(since="2026-12-07", before={"people": ["cy"], "since": "2026-10-05"})})
    expected = {
        "platform/primary/weekly/2026-10-05": "2026-12-07T08:00:00Z",
        "platform/primary/weekly/2026-12-07": None,
    }
    assert {key: made.properties(ROTATION, key).get("end_date") for key in made.keys(ROTATION)} == expected


def test_a_line_up_that_takes_over_within_a_turn_is_the_rest_of_that_turn_and_then_the_others(account, rotation):
    before = {"people": ["cy"], "since": "2026-10-05"}
    words = rotation(
        people=["ana", "bo", "dee"], since="2026-12-07", takes_over="2026-12-16 14:30", rollout="now", before=before
    )
    made = account({"weekly": words})
    found = {
        key.rpartition("/")[2]: (
            words["start_date"],
            words.get("end_date"),
            [one["username"].partition("@")[0] for one in words["participants"]],
        )
        for key, words in ((key, made.properties(ROTATION, key)) for key in made.keys(ROTATION))
    }
    assert found == {
        "2026-10-05": ("2026-10-05T07:00:00Z", "2026-12-16T13:30:00Z", ["cy"]),
        "2026-12-16T1430": ("2026-12-16T13:30:00Z", "2026-12-21T08:00:00Z", ["bo"]),
        "2026-12-21T0900": ("2026-12-21T08:00:00Z", None, ["dee", "ana", "bo"]),
    }
    later = account({"weekly": words}, at=datetime(2026, 12, 21, 8, tzinfo=UTC))
    assert later.keys(ROTATION) == ["platform/primary/weekly/2026-12-21T0900"]


def test_a_line_up_that_is_over_is_left_out(account, rotation):
    words = rotation(since="2026-12-07", before={"people": ["cy"], "since": "2026-10-05"})
    made = account({"weekly": words}, at=datetime(2026, 12, 7, 8, 0, tzinfo=UTC))
    assert made.keys(ROTATION) == ["platform/primary/weekly/2026-12-07"]


def test_nobody_is_an_empty_turn(only_rotation, rotation):
    assert only_rotation(rotation(people=["ana", "nobody"]))["participants"] == (user("ana"), {"type": "none"})


def test_rotations_of_one_zone_share_a_schedule_even_where_they_overlap(account, rotation):
    made = account({"one": rotation(), "two": rotation(people=["cy"])})
    assert made.keys(SCHEDULE) == ["platform/primary"]


def test_each_zone_has_a_schedule(account, rotation):
    made = account({"emea": rotation(), "americas": rotation(time_zone="America/New_York")})
    found = {key: made.properties(SCHEDULE, key) for key in made.keys(SCHEDULE)}
    expected = {
        "platform/primary": ("Platform_primary", "Europe/Berlin"),
        "platform/primary/americas": ("Platform_primary_americas", "America/New_York"),
    }
    assert {key: (one["name"], one["timezone"]) for key, one in found.items()} == expected


def test_names_of_schedules_keep_to_what_opsgenie_allows(account, rotation):
    made = account({"weekly": rotation()}, name="On call (first line)")
    assert made.properties(SCHEDULE, "platform/primary")["name"] == "Platform_On_call_first_line_"


def test_hours_of_every_day_are_a_time_of_day(only_rotation, rotation):
    expected = {
        "type": "time-of-day",
        "restriction": {"startHour": 22, "startMin": 0, "endHour": 6, "endMin": 30},
    }
    assert only_rotation(rotation(only="22:00-06:30"))["time_restriction"] == expected


def test_hours_until_midnight_end_at_the_next_days_beginning(only_rotation, rotation):
    found = only_rotation(rotation(only="Sat 18:00-24:00"))["time_restriction"]
    expected = {"startDay": "saturday", "endDay": "sunday", "startHour": 18, "startMin": 0, "endHour": 0, "endMin": 0}
    assert found == {"type": "weekday-and-time-of-day", "restrictions": (expected,)}


def test_hours_of_the_week_are_stretches_of_it(only_rotation, rotation):
    found = only_rotation(rotation(only=["Mon-Thu 18:00-09:00", "Fri 18:00 - Mon 09:00"]))["time_restriction"]
    expected = [
        ("monday", 18, "tuesday", 9),
        ("tuesday", 18, "wednesday", 9),
        ("wednesday", 18, "thursday", 9),
        ("thursday", 18, "friday", 9),
        ("friday", 18, "monday", 9),
    ]
    shown = [(one["startDay"], one["startHour"], one["endDay"], one["endHour"]) for one in found["restrictions"]]
    assert shown == expected


def test_several_hours_of_every_day_are_told_for_each_day(only_rotation, rotation):
    found = only_rotation(rotation(only=["08:00-12:00", "14:00-18:00"]))["time_restriction"]
    assert (found["type"], len(found["restrictions"])) == ("weekday-and-time-of-day", 14)


def test_a_rotation_waits_for_the_users_it_names(acme, team, opsgenie):
    people = {
        key: {"name": key.title(), "email": f"{key}@acme.example", "manage": "all"}
        for key in ("ana", "bo", "cy", "dee")
    }
    account = opsgenie(acme(people=people, teams={"platform": team(pages_through="opsgenie")}))
    found = account.get(ROTATION, "platform/primary/weekly/2026-10-05").after
    assert found == (Ref("opsgenie:User", "ana"), Ref("opsgenie:User", "bo"))
