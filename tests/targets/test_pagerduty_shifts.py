"""PagerDuty's schedules of shifts as resources: which there are, how line-ups follow each other, what never moves."""

from datetime import UTC, datetime

import pytest

from oncall.resource import Ref

KIND = "pagerduty:Schedulev2"
NEXT = {"people": ["bo", "cy"], "since": "2026-12-07", "before": {"people": ["ana", "bo"], "since": "2026-10-05"}}


@pytest.fixture
def account(acme, team, pagerduty):
    """What the account holds for a schedule of these rotations, kept as shifts."""

    def make(rotations, at=None, **words):
        words = {"time_zone": "UTC", "schedules": {"primary": {"rotations": rotations}}} | words
        inventory = acme(teams={"platform": team(pagerduty={"schedules": "shifts"}, **words)})
        return pagerduty(inventory, at) if at else pagerduty(inventory)

    return make


@pytest.fixture
def events(account):
    """The only event of each rotation of the schedule."""

    def ask(rotations, key="platform/primary", **words):
        found = [rotation["events"] for rotation in account(rotations, **words).properties(KIND, key)["rotations"]]
        assert {len(each) for each in found} == {1}
        return [event for (event,) in found]

    return ask


def names(found):
    return [event["name"] for event in found]


def test_a_rotation_is_one_event_with_one_rule(events, rotation):
    (event,) = events({"weekly": rotation(people=["ana", "nobody", "bo"])})
    assert event == {
        "name": "weekly from 2026-10-05",
        "start_time": "2026-10-05T09:00:00Z",
        "end_time": "2026-10-12T09:00:00Z",
        "effective_since": "2000-01-01T00:00:00Z",
        "recurrences": ("RRULE:FREQ=WEEKLY",),
        "assignment_strategies": (
            {
                "type": "rotating_member_assignment_strategy",
                "shifts_per_member": 1,
                "members": (
                    {"type": "user_member", "user_id": Ref("pagerduty:User", "ana")},
                    {"type": "empty_member"},
                    {"type": "user_member", "user_id": Ref("pagerduty:User", "bo")},
                ),
            },
        ),
    }


@pytest.mark.parametrize(
    ("turn", "rule"),
    [
        ("8 hours", "FREQ=HOURLY;INTERVAL=8"),
        ("1 hour", "FREQ=HOURLY"),
        ("3 days", "FREQ=DAILY;INTERVAL=3"),
        ("2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
    ],
)
def test_a_turn_is_the_interval_of_the_rule(events, rotation, turn, rule):
    hand_off = {"hand_off": "Mon 09:00" if "week" in turn else "09:00"}
    (event,) = events({"a": rotation(turn=turn, **hand_off)})
    assert event["recurrences"] == (f"RRULE:{rule}",)


def test_a_line_up_that_follows_comes_first_and_the_one_before_gets_an_end(events, rotation):
    found = events({"weekly": rotation(**NEXT), "other": rotation(people=["dee"])})
    assert names(found) == [
        "weekly from 2026-12-07",
        "other from 2026-10-05",
        "weekly from 2026-10-05 to 2026-12-07 09:00",
    ]
    assert [event["recurrences"][0].partition("UNTIL=")[2] for event in found] == ["", "", "20261130T090000Z"]


def test_what_is_over_falls_off_the_end(events, rotation):
    rotations = {"weekly": rotation(**NEXT), "other": rotation(people=["dee"], until="2027-01-31")}
    before = events(rotations)
    after = events(rotations, at=datetime(2026, 12, 8, tzinfo=UTC))
    assert after == before[:-1]


def test_a_day_that_passes_changes_nothing(account, rotation):
    rotations = {"weekly": rotation(**NEXT), "office": rotation(only="Mon-Fri 09:00-18:00")}
    one, other = (account(rotations, datetime(2026, 11, day, 12, tzinfo=UTC)).resources for day in (21, 22))
    assert one == other


def test_a_line_up_that_ends_within_a_turn_keeps_what_is_left_of_it(events, rotation):
    found = events({"weekly": rotation(until="2026-12-02 15:00")})
    last = found[-1]
    assert (last["start_time"], last["end_time"]) == ("2026-11-30T09:00:00Z", "2026-12-02T15:00:00Z")
    assert last["recurrences"] == ("RRULE:FREQ=DAILY;COUNT=1",)


def test_rotations_that_overlap_share_a_schedule_and_each_zone_has_its_own(account, rotation):
    found = account(
        {"one": rotation(), "two": rotation(people=["dee"]), "far": rotation(people=["cy"], time_zone="Asia/Tokyo")}
    )
    assert found.keys(KIND) == ["platform/primary", "platform/primary/far"]
    (rule,) = found.properties("pagerduty:EscalationPolicy", "platform/internal")["rules"]
    assert rule["targets"] == tuple(
        {"type": "schedule_reference", "id": Ref(KIND, key)} for key in ("platform/primary", "platform/primary/far")
    )


def test_a_rotation_of_nobody_at_all_is_no_part_of_it(account, events, rotation):
    assert names(events({"one": rotation(), "none": rotation(people=["nobody"])})) == ["one from 2026-10-05"]
    assert account({"none": rotation(people=["nobody"])}).keys(KIND) == []


def test_hours_alike_on_several_days_share_an_event(events, rotation):
    (event,) = events({"office": rotation(only="Mon-Fri 09:00-18:00")})
    (strategy,) = event["assignment_strategies"]
    assert (event["recurrences"], strategy["shifts_per_member"]) == (("RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",), 5)


def test_days_that_are_others_in_utc_are_told_without_their_names(events, rotation):
    # It is not published whether BYDAY means the zone's days: 01:00 in Tokyo is the day before in UTC.
    found = events(
        {"night": rotation(only="Mon-Tue 01:00-05:00", time_zone="Asia/Tokyo")}, key="platform/primary/night"
    )
    assert [event["recurrences"] for event in found] == [("RRULE:FREQ=WEEKLY",)] * 2


def test_utc_has_the_name_that_the_plugin_keeps(account, rotation):
    assert (
        account({"weekly": rotation()}, time_zone="Etc/UTC").properties(KIND, "platform/primary")["time_zone"] == "UTC"
    )


def test_layers_are_the_default(acme, team, pagerduty):
    found = pagerduty(acme(teams={"platform": team(pagerduty={})}))
    assert (found.keys(KIND), found.keys("pagerduty:Schedule")) == ([], ["platform/primary"])
