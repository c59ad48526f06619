"""Pages that wait at OpsGenie do so until their hours begin, as the sandbox reads policies."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.model import Inventory
from oncall.model.words import parse_windows
from oncall.shifts.windows import window_intervals
from oncall.targets import OPSGENIE
from sandbox.opsgenie.notification_actions import Delay
from sandbox.opsgenie.restrictions import DAYS, Restriction, Window

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
POLICY = "opsgenie:NotificationPolicy"
HOURS = (
    "Mon-Fri 09:00-18:00",
    "09:00-17:00",
    "Mon 09:00-10:00",
    ["Mon-Thu 08:00-17:00", "Fri 08:00-12:00"],
    ["Mon-Fri 09:00-12:00", "Mon-Fri 13:00-18:00", "Sat 10:00-14:00"],
    "Sun 22:00 - Fri 22:00",
    "Tue-Thu 00:00-24:00",
    "22:00-06:00",
    "Wed 14:30-15:00",
)


def inventory_of(hours, team_zone="Europe/Berlin", zone="Europe/Berlin"):
    team = {
        "name": "Data",
        "pages_through": "opsgenie",
        "time_zone": team_zone,
        "members": ["ana"],
        "escalation": [{"notify": "ana"}],
    }
    return Inventory.model_validate(
        {
            "organization": "Acme",
            "time_zone": zone,
            "people": {"ana": {"name": "Ana", "email": "ana@acme.example"}},
            "tiers": {"third": {"severity": "medium", "hold_outside": hours}, "vital": {"severity": "critical"}},
            "teams": {"data": team},
            "servers": {},
            "bridge": {"fallback": "data"},
        }
    )


def policies(inventory):
    return [one.properties for one in OPSGENIE.desired(inventory, NOW) if one.kind == POLICY]


def stored(words):
    period = 1440 if words["type"] == "time-of-day" else 7 * 1440
    found = [words["restriction"]] if words["type"] == "time-of-day" else words["restrictions"]
    windows = [
        Window(
            *(
                (DAYS.index(one[f"{end}Day"]) * 1440 if f"{end}Day" in one else 0)
                + one[f"{end}Hour"] * 60
                + one[f"{end}Min"]
                for end in ("start", "end")
            ),
            period,
        )
        for one in found
    ]
    return Restriction(words["type"], tuple(windows))


def held_until(inventory, at, account_zone, *, may_end_today):
    """Until when the account's policies hold an alert that opens at an instant, each policy that acts."""
    zone = ZoneInfo(account_zone)
    return [
        Delay(
            policy["delay_action"]["delayOption"],
            hour=policy["delay_action"]["untilHour"],
            minute=policy["delay_action"]["untilMinute"],
        ).until(at, zone, may_end_today=may_end_today)
        for policy in policies(inventory)
        if stored(policy["time_restriction"]).covers(at, zone)
    ]


def opening(hours, zone, at):
    """When the hours next begin; None within them."""
    windows = parse_windows(hours)
    openings = window_intervals(windows, zone, at, at + timedelta(days=15))
    return None if openings[0][0] == at else openings[0][0]


# Weeks without a change of the clocks: what a zone does in the missing hour is looked at elsewhere.
instants = st.integers(0, 14 * 24 * 12 - 1).map(lambda n: datetime(2026, 11, 2, tzinfo=UTC) + n * timedelta(minutes=5))


@given(st.sampled_from(HOURS), instants, st.booleans())
def test_pages_wait_until_the_hours_begin_however_weekdays_are_counted(hours, at, may_end_today):
    expected = opening(hours, "Europe/Berlin", at)
    found = held_until(inventory_of(hours), at, "Europe/Berlin", may_end_today=may_end_today)
    assert found == ([] if expected is None else [expected])


@given(st.sampled_from(HOURS), instants, st.sampled_from(("America/New_York", "Europe/London", "Europe/Stockholm")))
def test_hours_are_those_of_the_teams_zone_by_the_accounts_clock(hours, at, zone):
    expected = opening(hours, zone, at)
    found = held_until(inventory_of(hours, team_zone=zone), at, "Europe/Berlin", may_end_today=True)
    assert found == ([] if expected is None else [expected])


def test_a_policy_is_for_the_priority_of_its_tier():
    (first, *_) = policies(inventory_of("Mon-Fri 09:00-18:00"))
    condition = {"field": "priority", "operation": "equals", "expectedValue": "P3"}
    assert first["filter"] == {"type": "match-all-conditions", "conditions": (condition,)}


def test_business_hours_take_two_policies():
    names = [policy["name"] for policy in policies(inventory_of("Mon-Fri 09:00-18:00"))]
    assert names == ["third waits until Monday 09:00", "third waits until 09:00"]


def test_hours_of_every_day_are_told_once():
    (policy,) = policies(inventory_of("09:00-17:00"))
    restriction = {"startHour": 17, "startMin": 0, "endHour": 9, "endMin": 0}
    assert policy["time_restriction"] == {"type": "time-of-day", "restriction": restriction}


def test_hours_that_are_all_the_time_hold_nothing():
    assert policies(inventory_of("00:00-24:00")) == []


@pytest.mark.parametrize(
    ("zone", "found"),
    [("Europe/Paris", []), ("America/New_York", ["opsgenie-hold-zone"]), ("UTC", ["opsgenie-hold-zone"])],
)
def test_a_zone_that_changes_its_clocks_at_other_times_is_a_reason(zone, found):
    assert [one.rule for one in OPSGENIE.audit(inventory_of("Mon-Fri 09:00-18:00", team_zone=zone), NOW)] == found
