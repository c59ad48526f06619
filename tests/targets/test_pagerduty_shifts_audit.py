"""What PagerDuty's schedules of shifts can't hold is told, with its place, before anybody is paged at a wrong time."""

from datetime import UTC, datetime

import pytest

from oncall.targets import PAGERDUTY

AT = "teams.platform.schedules.primary"


@pytest.fixture
def audit(acme, team, pagerduty_audit):
    """PagerDuty's findings about shifts, for a schedule of these rotations."""

    def ask(rotations, zone="UTC", at=datetime(2026, 11, 21, 12, tzinfo=UTC), people=(), **schedule):
        words = {"schedules": {"primary": {"rotations": rotations, **schedule}}, "time_zone": zone}
        given = {"people": {key: {"name": key, "email": f"{key}@acme.example"} for key in people}} if people else {}
        if people:
            words["members"] = list(people)
        inventory = acme(teams={"platform": team(pagerduty={"schedules": "shifts"}, **words)}, **given)
        return pagerduty_audit(inventory, at)

    return ask


CLOCKS = ("pagerduty-shifts-clock-changes", "reason")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe"])
def test_a_zone_whose_clocks_will_change_is_refused(audit, rotation, zone):
    assert audit({"weekly": rotation()}, zone) == {CLOCKS: [f"{AT}.rotations.weekly"]}


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Apia"])
def test_a_zone_whose_clocks_stand_still_is_fine(audit, rotation, zone):
    assert audit({"weekly": rotation()}, zone) == {}


def test_a_line_up_from_before_the_last_change_of_clocks_is_refused(audit, rotation):
    # Jordan put its clocks forward in February 2022 and never back.
    assert audit({"weekly": rotation(since="2022-01-03")}, "Asia/Amman") == {CLOCKS: [f"{AT}.rotations.weekly"]}
    assert audit({"weekly": rotation(since="2023-01-02")}, "Asia/Amman") == {}


def test_each_zone_of_a_schedule_is_told_once(audit, rotation):
    rotations = {
        "one": rotation(time_zone="Europe/Berlin"),
        "two": rotation(time_zone="Europe/Berlin"),
        "three": rotation(time_zone="America/New_York"),
        "four": rotation(),
    }
    assert audit(rotations) == {CLOCKS: [f"{AT}.rotations.one", f"{AT}.rotations.three"]}


def test_the_finding_names_the_day_and_the_way_out(acme, team):
    inventory = acme(teams={"platform": team(pagerduty={"schedules": "shifts"})})
    (finding,) = PAGERDUTY.audit(inventory, datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert "the clocks of Europe/Berlin change on 2027-03-28" in finding.message
    assert "schedules: layers" in finding.hint


def test_a_later_rotation_does_not_win_where_they_overlap(audit, rotation):
    rotations = {"day": rotation(only="08:00-20:00"), "noon": rotation(only="12:00-13:00")}
    assert audit(rotations, overlap="last_wins") == {("pagerduty-shifts-last-wins", "reason"): [f"{AT}.overlap"]}
    apart = {"day": rotation(only="08:00-12:00"), "noon": rotation(only="12:00-13:00")}
    assert audit(apart, overlap="last_wins") == {}


@pytest.mark.parametrize(
    "words",
    [
        {"since": "2026-10-29", "hand_off": "09:00"},
        {"since": "2026-10-05", "hand_off": "09:00", "only": "08:00-20:00"},
        {"since": "2026-10-05", "hand_off": "02:00", "time_zone": "Asia/Kolkata"},
    ],
    ids=["on a day some months lack", "with hours", "on another day in UTC"],
)
def test_months_that_shifts_cannot_tell_are_told(audit, rotation, words):
    expected = {("pagerduty-monthly-turn", "reason"): [f"{AT}.rotations.monthly.turn"]}
    assert audit({"monthly": rotation(turn="1 month", **words)}) == expected


def test_turns_of_months_from_the_first_to_the_28th_are_fine(audit, rotation):
    assert audit({"monthly": rotation(turn="1 month", since="2026-10-28", hand_off="09:00")}) == {}


def test_twenty_people_are_the_most(audit, rotation):
    people = tuple(f"p{number}" for number in range(21))
    fine = audit({"weekly": rotation(people=list(people[:20]))}, people=people)
    assert fine == {}
    found = audit({"weekly": rotation(people=list(people))}, people=people)
    assert found == {("pagerduty-shifts-members", "error"): [f"{AT}.rotations.weekly.people"]}


def test_an_order_that_comes_back_too_late_is_split_by_days_and_told_where_that_does_not_help(audit, rotation):
    people = tuple(f"p{number}" for number in range(12))
    daily = {"turn": "1 day", "hand_off": "09:00", "only": "Mon-Fri 09:00-18:00"}
    # Five days a week of twelve people: an order of sixty, but twelve for each weekday.
    assert audit({"daily": rotation(people=list(people), **daily)}, people=people) == {}
    found = audit({"daily": rotation(people=list(people), **daily | {"turn": "5 days"})}, people=people)
    assert found == {("pagerduty-shifts-members", "error"): [f"{AT}.rotations.daily.people"]}


def test_ten_rotations_are_the_most(audit, rotation):
    monthly = {"turn": "1 month", "since": "2026-10-05", "hand_off": "09:00"}
    people = ["ana", "bo", "cy", "dee", "ana"]
    assert audit({"monthly": rotation(people=people, **monthly)}) == {}
    found = audit({"monthly": rotation(people=[*people, "bo"], **monthly)})
    assert found == {("pagerduty-shifts-rotations", "error"): [AT]}


def test_what_only_layers_cannot_hold_is_no_finding(audit, rotation):
    assert audit({"weekly": rotation(people=["ana", "nobody"]), "long": rotation(turn="100 weeks")}) == {}
