"""Recurrence rules of shift events: when an event begins anew."""

from datetime import UTC, datetime

import pytest

from sandbox.pagerduty.recurrence import parsed, starts

# A Monday.
FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATE = datetime(2027, 6, 1, tzinfo=UTC)


def days(*texts: str, zone: str = "UTC", until: datetime = LATE, first: datetime = FIRST) -> list[str]:
    return [f"{moment:%m-%d %H:%M}" for moment in starts(texts, first, zone, until)][:5]


def test_daily_and_every_other_day() -> None:
    assert days("RRULE:FREQ=DAILY")[:3] == ["03-02 09:00", "03-03 09:00", "03-04 09:00"]
    assert days("RRULE:FREQ=DAILY;INTERVAL=2")[:3] == ["03-02 09:00", "03-04 09:00", "03-06 09:00"]


def test_weekly_takes_the_weekday_of_the_first_or_those_named() -> None:
    assert days("RRULE:FREQ=WEEKLY")[:3] == ["03-02 09:00", "03-09 09:00", "03-16 09:00"]
    assert days("RRULE:FREQ=WEEKLY;BYDAY=MO,FR")[:3] == ["03-02 09:00", "03-06 09:00", "03-09 09:00"]


def test_the_first_day_of_the_week_decides_which_weeks_are_left_out() -> None:
    # RFC 5545's own example, moved: every other week on Tuesday and Sunday.
    first = datetime(1997, 8, 5, 9, tzinfo=UTC)
    late = datetime(1997, 10, 1, tzinfo=UTC)
    rule = "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU"
    assert days(f"{rule};WKST=MO", first=first, until=late) == [
        "08-05 09:00",
        "08-10 09:00",
        "08-19 09:00",
        "08-24 09:00",
    ]
    assert days(f"{rule};WKST=SU", first=first, until=late) == [
        "08-05 09:00",
        "08-17 09:00",
        "08-19 09:00",
        "08-31 09:00",
    ]


def test_monthly_by_day_of_the_month_by_weekday_and_by_position() -> None:
    assert days("RRULE:FREQ=MONTHLY")[:2] == ["03-02 09:00", "04-02 09:00"]
    assert days("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1")[:2] == ["03-31 09:00", "04-30 09:00"]
    assert days("RRULE:FREQ=MONTHLY;BYDAY=1MO")[:2] == ["03-02 09:00", "04-06 09:00"]
    assert days("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")[:2] == ["03-31 09:00", "04-30 09:00"]


def test_a_month_without_the_day_is_left_out() -> None:
    first = datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert days("RRULE:FREQ=MONTHLY", first=first)[:3] == ["01-31 09:00", "03-31 09:00", "05-31 09:00"]


def test_yearly_in_named_months() -> None:
    assert days("RRULE:FREQ=YEARLY;BYMONTH=3,12")[:3] == ["03-02 09:00", "12-02 09:00", "03-02 09:00"]


def test_hours_are_counted_as_they_pass() -> None:
    assert days("RRULE:FREQ=HOURLY;INTERVAL=12")[:3] == ["03-02 09:00", "03-02 21:00", "03-03 09:00"]


def test_count_and_until_end_a_rule() -> None:
    assert days("RRULE:FREQ=DAILY;COUNT=2") == ["03-02 09:00", "03-03 09:00"]
    assert days("RRULE:FREQ=DAILY;UNTIL=20260303T090000Z") == ["03-02 09:00", "03-03 09:00"]


def test_dates_can_be_left_out_and_added() -> None:
    texts = ("RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260303T090000Z", "RDATE:20260310T120000Z")
    assert days(*texts) == ["03-02 09:00", "03-04 09:00", "03-10 12:00"]


def test_by_a_zone_s_clock_the_hour_stays_over_daylight_changes() -> None:
    first = datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert days("RRULE:FREQ=DAILY", first=first, zone="Europe/Berlin")[:2] == ["03-28 08:00", "03-29 07:00"]
    assert days("RRULE:FREQ=DAILY", first=first)[:2] == ["03-28 08:00", "03-29 08:00"]


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"),
        ("FREQ=DAILY",),
        ("RRULE:INTERVAL=2",),
        ("RRULE:FREQ=SECONDLY",),
        ("RRULE:FREQ=DAILY;BYHOUR=9",),
        ("RRULE:FREQ=DAILY;COUNT=2;UNTIL=20260303T090000Z",),
        ("RRULE:FREQ=DAILY;INTERVAL=0",),
        ("RRULE:FREQ=DAILY;FREQ=WEEKLY",),
        ("RRULE:FREQ=WEEKLY;BYDAY=1MO",),
        ("RRULE:FREQ=WEEKLY;BYDAY=XX",),
        ("RRULE:FREQ=YEARLY;BYDAY=1MO",),
        ("RRULE:FREQ=DAILY", "EXDATE:tomorrow"),
    ],
)
def test_what_is_no_single_understood_rule_is_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):
        parsed(texts)
