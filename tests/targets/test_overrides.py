"""One person takes a schedule for a while: overrides in each vendor schedule whose holder they replace."""

from datetime import UTC, datetime

import pytest

from oncall.resource import Ref

OVERRIDE = {"pagerduty": "pagerduty:ScheduleOverride", "opsgenie": "opsgenie:ScheduleOverride"}
PEOPLE = ("ana", "bo", "cy", "dee")


@pytest.fixture
def account(acme, team, pagerduty, opsgenie):
    """What a vendor holds of one team with these rotations and overrides."""

    def make(target, *overrides, rotations=None, at=None, **nouns):
        words = {"schedules": {"primary": {"rotations": rotations}}} if rotations else {}
        inventory = acme(
            teams={"platform": team(pages_through=target, **words)},
            overrides=[{"schedule": "platform/primary", "person": "cy", **override} for override in overrides],
            **nouns,
        )
        ask = {"pagerduty": pagerduty, "opsgenie": opsgenie}[target]
        return ask(inventory, at) if at else ask(inventory)

    return make


CHRISTMAS = {"from": "2026-12-24 09:00", "to": "2026-12-26 09:00"}


def test_an_override_at_pagerduty(account):
    found = account("pagerduty", CHRISTMAS)
    expected = {
        "schedule_id": Ref("pagerduty:Schedule", "platform/primary"),
        "user_id": Ref("pagerduty:User", "cy"),
        "start": "2026-12-24T08:00:00Z",
        "end": "2026-12-26T08:00:00Z",
    }
    assert found.properties(OVERRIDE["pagerduty"], "platform/primary/2026-12-24T0900/cy") == expected


def test_an_override_at_opsgenie(account):
    found = account("opsgenie", CHRISTMAS)
    expected = {
        "schedule_id": Ref("opsgenie:Schedule", "platform/primary"),
        "alias": "platform primary 2026-12-24T0900 cy",
        "username": "cy@acme.example",
        "start_date": "2026-12-24T08:00:00Z",
        "end_date": "2026-12-26T08:00:00Z",
    }
    assert found.properties(OVERRIDE["opsgenie"], "platform/primary/2026-12-24T0900/cy") == expected


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_dates_include_their_last_day(account, target):
    found = account(target, {"from": "2026-12-24", "to": "2026-12-26"})
    (key,) = found.keys(OVERRIDE[target])
    words = found.properties(OVERRIDE[target], key)
    times = [value for name, value in words.items() if name.startswith(("start", "end"))]
    assert (key, times) == ("platform/primary/2026-12-24/cy", ["2026-12-23T23:00:00Z", "2026-12-26T23:00:00Z"])


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_what_is_over_is_left_out_and_what_runs_stays(account, target):
    past, running = {"from": "2026-11-01", "to": "2026-11-20"}, {"from": "2026-11-21", "to": "2026-11-21"}
    found = account(target, past, running, at=datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert found.keys(OVERRIDE[target]) == ["platform/primary/2026-11-21/cy"]


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_a_schedule_that_became_several_is_taken_where_somebody_is_replaced(account, rotation, target):
    rotations = {
        "emea": rotation(only="09:00-17:00"),
        "americas": rotation(only="09:00-17:00", time_zone="America/New_York"),
    }
    morning = {"from": "2026-12-24 09:00", "to": "2026-12-24 12:00"}
    found = account(target, morning, CHRISTMAS | {"from": "2026-12-24 12:00"}, rotations=rotations)
    assert found.keys(OVERRIDE[target]) == [
        "platform/primary/2026-12-24T0900/cy",
        "platform/primary/2026-12-24T1200/cy",
        "platform/primary/americas/2026-12-24T1200/cy",
    ]


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_a_schedule_that_nobody_holds_then_is_taken_all_the_same(account, rotation, target):
    night = {"from": "2026-12-24 20:00", "to": "2026-12-24 22:00"}
    found = account(target, night, rotations={"emea": rotation(only="09:00-17:00")})
    assert found.keys(OVERRIDE[target]) == ["platform/primary/2026-12-24T2000/cy"]


def test_rotations_that_add_up_at_pagerduty_are_all_taken(account, rotation):
    found = account("pagerduty", CHRISTMAS, rotations={"one": rotation(), "two": rotation(people=["dee"])})
    assert found.keys(OVERRIDE["pagerduty"]) == [
        "platform/primary/one/2026-12-24T0900/cy",
        "platform/primary/two/2026-12-24T0900/cy",
    ]


def test_somebody_who_is_made_is_made_before(account):
    people = {key: {"name": key.title(), "email": f"{key}@acme.example"} for key in PEOPLE}
    people["cy"] |= {"manage": "all"}
    found = account("opsgenie", CHRISTMAS, people=people)
    assert found.get(OVERRIDE["opsgenie"], "platform/primary/2026-12-24T0900/cy").after == (Ref("opsgenie:User", "cy"),)


def test_a_schedule_of_a_team_elsewhere_has_none(account, acme, team, pagerduty):
    inventory = acme(
        teams={"platform": team(), "edge": team(name="Edge", pages_through="opsgenie")},
        overrides=[{"schedule": "edge/primary", "person": "cy", **CHRISTMAS}],
    )
    assert pagerduty(inventory).keys(OVERRIDE["pagerduty"]) == []


# Leave, swaps and holidays: pieces of a rotation


@pytest.fixture
def weekly(acme, team, rotation, pagerduty, opsgenie):
    """What a vendor holds of ana and bo by the week from Monday 2026-11-23 09:00 on, with these nouns."""

    def make(target, at=None, rotations=None, of_team=None, **nouns):
        usual = {"weekly": rotation(people=["ana", "bo"], since="2026-11-23", turn="1 week", hand_off="Mon 09:00")}
        words = {"schedules": {"primary": {"rotations": rotations or usual}}, **(of_team or {})}
        inventory = acme(teams={"platform": team(pages_through=target, **words)}, **nouns)
        ask = {"pagerduty": pagerduty, "opsgenie": opsgenie}[target]
        return ask(inventory, at) if at else ask(inventory)

    return make


def spans(found, target):
    """Each override as its key below the schedule, and its times."""
    for key in found.keys(OVERRIDE[target]):
        words = found.properties(OVERRIDE[target], key)
        times = [value for name, value in words.items() if name.startswith(("start", "end"))]
        yield key.removeprefix("platform/primary/"), *times


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_the_cover_of_a_leave_takes_what_lies_in_it_turn_by_turn(weekly, target):
    leave = {"person": "bo", "from": "2026-12-05", "to": "2026-12-15", "cover": "cy"}
    assert list(spans(weekly(target, leave=[leave]), target)) == [
        ("weekly/2026-12-05T0000/cy", "2026-12-04T23:00:00Z", "2026-12-07T08:00:00Z"),
        ("weekly/2026-12-14T0900/cy", "2026-12-14T08:00:00Z", "2026-12-15T23:00:00Z"),
    ]


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_two_turns_are_swapped(weekly, target):
    swap = {"schedule": "platform/primary", "people": ["ana", "bo"], "turns": ["2026-11-23", "2026-11-30"]}
    assert list(spans(weekly(target, swaps=[swap]), target)) == [
        ("weekly/2026-11-23T0900/bo", "2026-11-23T08:00:00Z", "2026-11-30T08:00:00Z"),
        ("weekly/2026-11-30T0900/ana", "2026-11-30T08:00:00Z", "2026-12-07T08:00:00Z"),
    ]


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_holidays_are_covered_up_to_the_horizon_and_only_those_to_come(weekly, rotation, target):
    people = {key: {"name": key.title(), "email": f"{key}@acme.example"} for key in PEOPLE}
    people["ana"] |= {"holidays": "SE"}
    week = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-11-23"}
    rotations = {
        "days": rotation(people=["ana"], only="09:00-17:00", **week),
        "nights": rotation(people=["dee"], only="17:00-09:00", **week),
        "spare": rotation(people=["cy"], only="Thu-Sat 09:00-17:00", **week),
    }
    found = weekly(
        target,
        datetime(2026, 12, 25, 9, tzinfo=UTC),
        rotations,
        {"on_holidays": {"cover": "primary/spare"}},
        people=people,
        horizon="2027-01-05",
    )
    days = [one for one in spans(found, target) if one[0].startswith("days")]
    assert days == [  # Christmas Eve is over; Epiphany is behind the horizon
        ("days/2026-12-25T0900/cy", "2026-12-25T08:00:00Z", "2026-12-25T16:00:00Z"),
        ("days/2026-12-26T0900/cy", "2026-12-26T08:00:00Z", "2026-12-26T16:00:00Z"),
        ("days/2027-01-01T0900/cy", "2027-01-01T08:00:00Z", "2027-01-01T16:00:00Z"),
    ]


def test_at_opsgenie_whoever_is_not_replaced_stays_on_call(weekly, rotation):
    week = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-11-23"}
    one = rotation(people=["ana"], before={"people": ["bo"], "since": "2026-10-05"}, **week)
    leave = {"person": "ana", "from": "2026-12-05", "to": "2026-12-05", "cover": "cy"}
    found = weekly("opsgenie", rotations={"one": one, "two": rotation(people=["dee"], **week)}, leave=[leave])

    (key,) = found.keys(OVERRIDE["opsgenie"])
    assert found.properties(OVERRIDE["opsgenie"], key)["rotation_ids"] == (
        Ref("opsgenie:Rotation", "platform/primary/one/2026-11-23"),
    )


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_a_running_cover_keeps_its_start_whatever_the_time_is(weekly, target):
    leave = {"person": "bo", "from": "2026-12-01", "to": "2026-12-04", "cover": "cy"}
    found = {
        tuple(spans(weekly(target, at, leave=[leave]), target))
        for at in (datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 12, 3, 12, tzinfo=UTC))
    }
    assert found == {(("weekly/2026-12-01T0000/cy", "2026-11-30T23:00:00Z", "2026-12-04T23:00:00Z"),)}


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_two_that_begin_at_one_time_of_a_repeated_hour_are_two(account, target):
    first = {"from": "2026-10-25T02:30+02:00", "to": "2026-10-25T02:45+02:00"}
    again = {"from": "2026-10-25T02:30+01:00", "to": "2026-10-25T02:45+01:00"}
    found = account(target, first, again, at=datetime(2026, 10, 20, tzinfo=UTC))
    assert list(spans(found, target)) == [
        ("2026-10-25T0230-again/cy", "2026-10-25T01:30:00Z", "2026-10-25T01:45:00Z"),
        ("2026-10-25T0230/cy", "2026-10-25T00:30:00Z", "2026-10-25T00:45:00Z"),
    ]


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_two_covers_that_begin_at_one_time_of_a_repeated_hour_are_two(weekly, target):
    rotations = {"weekly": {"people": ["ana"], "turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-19"}}
    at = datetime(2026, 10, 20, tzinfo=UTC)
    leave = [
        {"person": "ana", "from": f"2026-10-25T02:30{offset}", "to": f"2026-10-25T02:45{offset}", "cover": "cy"}
        for offset in ("+02:00", "+01:00")
    ]
    assert [one[0] for one in spans(weekly(target, at, rotations, leave=leave), target)] == [
        "weekly/2026-10-25T0230-again/cy",
        "weekly/2026-10-25T0230/cy",
    ]


@pytest.mark.parametrize("target", ["pagerduty", "opsgenie"])
def test_two_that_begin_in_one_minute_are_two(account, target):
    one = {"from": "2026-12-24 09:00", "to": "2026-12-24 09:00:30"}
    other = {"from": "2026-12-24 09:00:30", "to": "2026-12-24 10:00"}
    assert account(target, one, other).keys(OVERRIDE[target]) == [
        "platform/primary/2026-12-24T0900/cy",
        "platform/primary/2026-12-24T090030/cy",
    ]
