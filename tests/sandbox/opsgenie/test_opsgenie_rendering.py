"""Schedules rendered: turns, restrictions, daylight saving, overrides. Pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.opsgenie.recipients import Recipient
from sandbox.opsgenie.rendering import Override, Plan, Rotation
from sandbox.opsgenie.restrictions import (
    DAY_MINUTES,
    TIME_OF_DAY,
    WEEK_MINUTES,
    WEEKDAYS,
    Restriction,
    Window,
    to_instant,
)

BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ANA, BO, CY, NOBODY = (
    Recipient("user", "ana"),
    Recipient("user", "bo"),
    Recipient("user", "cy"),
    Recipient("none"),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def rotation(*people: Recipient, kind: str = "weekly", length: int = 1, start: str = "2026-03-02T09:00", **more):
    return Rotation(more.pop("id", "r"), "r", at(start), more.pop("end", None), kind, length, people, **more)


def who(plan: Plan, moment: datetime) -> list[str]:
    return [duty.who.id for duty in plan.duties(moment)]


def daily(start: str, end: str) -> Restriction:
    return Restriction(TIME_OF_DAY, (Window(minutes(start), minutes(end), DAY_MINUTES),))


def minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def weekly(start_day: int, start: str, end_day: int, end: str) -> Window:
    return Window(start_day * DAY_MINUTES + minutes(start), end_day * DAY_MINUTES + minutes(end), WEEK_MINUTES)


def test_turns_follow_the_order_of_participants_and_start_over():
    plan = Plan(BERLIN, (rotation(ANA, BO, kind="daily"),))
    days = [who(plan, at(f"2026-03-0{day}T10:00")) for day in (2, 3, 4)]
    assert days == [["ana"], ["bo"], ["ana"]]


def test_a_turn_changes_at_the_minute_of_the_start():
    plan = Plan(BERLIN, (rotation(ANA, BO, kind="daily"),))
    assert (who(plan, at("2026-03-03T08:59")), who(plan, at("2026-03-03T09:00"))) == (["ana"], ["bo"])


def test_length_multiplies_the_turn():
    plan = Plan(BERLIN, (rotation(ANA, BO, length=2),))
    assert [who(plan, at(f"2026-03-{day}T10:00")) for day in ("09", "16")] == [["ana"], ["bo"]]


def test_nobody_is_on_call_before_the_start_or_from_the_end_on():
    plan = Plan(BERLIN, (rotation(ANA, end=at("2026-03-09T09:00")),))
    moments = ("2026-03-02T08:59", "2026-03-02T09:00", "2026-03-09T08:59", "2026-03-09T09:00")
    assert [who(plan, at(each)) for each in moments] == [[], ["ana"], ["ana"], []]


def test_a_none_participant_leaves_its_turn_empty():
    plan = Plan(BERLIN, (rotation(ANA, NOBODY, kind="daily"),))
    assert who(plan, at("2026-03-03T10:00")) == []


def test_rotations_add_up():
    plan = Plan(BERLIN, (rotation(ANA), rotation(BO, id="s")))
    assert who(plan, at("2026-03-02T10:00")) == ["ana", "bo"]


@pytest.mark.parametrize("kind", ["daily", "weekly"])
def test_daily_and_weekly_turns_keep_the_wall_clock_when_the_clocks_change(kind: str):
    plan = Plan(BERLIN, (rotation(ANA, BO, kind=kind, start="2026-03-23T09:00"),))
    rendered = plan.turn_start(plan.rotations[0], 7 if kind == "daily" else 1)
    assert rendered == at("2026-03-30T09:00")


def test_turns_are_elapsed_time_where_the_switch_says_so():
    plan = Plan(BERLIN, (rotation(ANA, BO, start="2026-03-23T09:00"),), wall_clock=False)
    assert plan.turn_start(plan.rotations[0], 1) == at("2026-03-30T10:00")


def test_hourly_turns_are_elapsed_time_over_a_change_of_clocks():
    plan = Plan(BERLIN, (rotation(ANA, BO, kind="hourly", length=8, start="2026-03-28T16:00"),))
    starts = [plan.turn_start(plan.rotations[0], n) for n in (1, 2)]
    assert starts == [at("2026-03-29T00:00"), at("2026-03-29T09:00")]


def test_a_hand_off_in_the_missing_hour_happens_at_the_first_minute_after_it():
    plan = Plan(BERLIN, (rotation(ANA, BO, kind="daily", start="2026-03-28T02:30"),))
    change = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert (who(plan, change - timedelta(seconds=1)), who(plan, change)) == (["ana"], ["bo"])


def test_a_hand_off_in_the_doubled_hour_happens_once_at_its_first_occurrence():
    plan = Plan(BERLIN, (rotation(ANA, BO, kind="daily", start="2026-10-24T02:30"),))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    later = [first + timedelta(minutes=step) for step in (-1, 0, 35, 60)]
    assert [who(plan, each) for each in later] == [["ana"], ["bo"], ["bo"], ["bo"]]


def test_a_missing_time_in_a_zone_with_half_hour_jumps_is_its_first_existing_minute():
    missing = to_instant(datetime.fromisoformat("2026-10-04T02:15"), LORD_HOWE)
    assert missing.astimezone(LORD_HOWE).isoformat() == "2026-10-04T02:30:00+11:00"


def test_turn_numbers_agree_with_walking_the_turn_starts_across_both_changes():
    one = rotation(ANA, BO, CY, kind="daily", start="2026-01-05T02:30")
    plan = Plan(BERLIN, (one,))
    starts = [plan.turn_start(one, n) for n in range(330)]
    wrong = [n for n, start in enumerate(starts[:-1]) if plan.turn_number(one, start) != n]
    wrong += [n for n, start in enumerate(starts[1:]) if plan.turn_number(one, start - timedelta(seconds=1)) != n]
    assert wrong == []


def test_hours_of_the_day_restrict_a_rotation():
    plan = Plan(BERLIN, (rotation(ANA, restriction=daily("09:00", "17:00")),))
    moments = ("2026-03-03T08:59", "2026-03-03T09:00", "2026-03-03T16:59", "2026-03-03T17:00")
    assert [who(plan, at(each)) for each in moments] == [[], ["ana"], ["ana"], []]


def test_hours_that_end_before_they_start_run_over_midnight():
    plan = Plan(BERLIN, (rotation(ANA, restriction=daily("22:00", "06:00")),))
    moments = ("2026-03-03T21:59", "2026-03-03T22:00", "2026-03-04T05:59", "2026-03-04T06:00")
    assert [who(plan, at(each)) for each in moments] == [[], ["ana"], ["ana"], []]


def test_equal_hours_mean_the_whole_day():
    plan = Plan(BERLIN, (rotation(ANA, restriction=daily("00:00", "00:00")),))
    assert [who(plan, at(f"2026-03-03T{hour}:30")) for hour in ("00", "12", "23")] == [["ana"]] * 3


def test_weekday_windows_restrict_and_add_up():
    windows = (weekly(0, "09:00", 0, "18:00"), weekly(2, "09:00", 2, "18:00"))
    plan = Plan(BERLIN, (rotation(ANA, restriction=Restriction(WEEKDAYS, windows)),))
    days = [who(plan, at(f"2026-03-0{day}T12:00")) for day in (2, 3, 4, 5)]
    assert days == [["ana"], [], ["ana"], []]


def test_a_weekday_window_may_run_over_the_end_of_the_week():
    plan = Plan(BERLIN, (rotation(ANA, restriction=Restriction(WEEKDAYS, (weekly(4, "18:00", 0, "08:00"),))),))
    moments = ("2026-03-06T17:59", "2026-03-06T18:00", "2026-03-08T12:00", "2026-03-09T07:59", "2026-03-09T08:00")
    assert [who(plan, at(each)) for each in moments] == [[], ["ana"], ["ana"], ["ana"], []]


def test_restricted_hours_keep_the_wall_clock_when_the_clocks_change():
    plan = Plan(BERLIN, (rotation(ANA, restriction=daily("09:00", "17:00")),))
    assert [who(plan, at(f"2026-03-{day}T09:00")) for day in ("28", "29", "30")] == [["ana"]] * 3


def override(who: Recipient, start: str, end: str, *rotations: str, alias: str = "o") -> Override:
    return Override(alias, who, at(start), at(end), frozenset(rotations))


def test_an_override_replaces_every_rotation():
    change = override(CY, "2026-03-03T00:00", "2026-03-04T00:00")
    plan = Plan(BERLIN, (rotation(ANA), rotation(BO, id="s")), (change,))
    moments = ("2026-03-02T23:59", "2026-03-03T00:00", "2026-03-04T00:00")
    assert [who(plan, at(each)) for each in moments] == [["ana", "bo"], ["cy"], ["ana", "bo"]]


def test_an_override_of_one_rotation_leaves_the_others():
    change = override(CY, "2026-03-03T00:00", "2026-03-04T00:00", "s")
    plan = Plan(BERLIN, (rotation(ANA), rotation(BO, id="s")), (change,))
    assert who(plan, at("2026-03-03T12:00")) == ["cy", "ana"]


def test_an_override_to_nobody_empties_the_rotation():
    plan = Plan(BERLIN, (rotation(ANA),), (override(NOBODY, "2026-03-03T00:00", "2026-03-04T00:00"),))
    assert who(plan, at("2026-03-03T12:00")) == []


def test_of_two_overrides_the_one_made_last_holds():
    changes = (
        override(BO, "2026-03-03T00:00", "2026-03-05T00:00", alias="first"),
        override(CY, "2026-03-03T12:00", "2026-03-04T00:00", alias="second"),
    )
    plan = Plan(BERLIN, (rotation(ANA),), changes)
    assert [who(plan, at(each)) for each in ("2026-03-03T11:00", "2026-03-03T13:00")] == [["bo"], ["cy"]]


@pytest.mark.parametrize(("fills", "expected"), [(True, ["cy"]), (False, [])])
def test_outside_restricted_hours_an_override_fills_the_gap_unless_switched(fills: bool, expected: list[str]):
    restricted = rotation(ANA, restriction=daily("09:00", "17:00"))
    change = override(CY, "2026-03-03T00:00", "2026-03-04T00:00")
    plan = Plan(BERLIN, (restricted,), (change,), override_fills_gaps=fills)
    assert who(plan, at("2026-03-03T20:00")) == expected


def test_a_duty_ends_where_somebody_else_takes_over():
    plan = Plan(BERLIN, (rotation(ANA, BO),))
    now = at("2026-03-03T12:00")
    assert plan.until(plan.duties(now)[0], now) == at("2026-03-09T09:00")


def test_the_edges_of_a_schedule_miss_no_change():
    change = override(CY, "2026-03-27T13:15", "2026-03-30T08:45")
    rotations = (
        rotation(ANA, BO, kind="daily", restriction=daily("22:00", "06:30")),
        rotation(BO, CY, id="s", kind="hourly", length=5),
    )
    plan = Plan(BERLIN, rotations, (change,))
    start, end = at("2026-03-27T00:00"), at("2026-03-31T00:00")
    edges = list(plan.edges(start, end))
    missed = []
    for step in range(int((end - start) / timedelta(minutes=15))):
        moment = start + timedelta(minutes=15 * step)
        latest = max(edge for edge in edges if edge <= moment)
        if who(plan, moment) != who(plan, latest):
            missed.append(moment)
    assert missed == []
