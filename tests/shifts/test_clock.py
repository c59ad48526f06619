"""Wall clocks that jump, repeat or skip a day."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from oncall.shifts.clock import (
    LAST,
    LAST_WALL,
    instant_text,
    is_ambiguous,
    is_missing,
    moment_end,
    moment_instant,
    to_instant,
    to_wall,
)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "typed", "instant"),
    [
        ("UTC", "2026-12-07T09:00", "2026-12-07T09:00"),
        ("Europe/Berlin", "2026-12-07T09:00", "2026-12-07T08:00"),
        ("Asia/Kathmandu", "2026-12-07T09:00", "2026-12-07T03:15"),
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00"),  # missing: first existing minute
        ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),  # ambiguous: first occurrence
        ("America/New_York", "2026-03-08T02:59", "2026-03-08T07:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),  # clocks jump by half an hour
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),
        ("America/Santiago", "2026-09-06T00:30", "2026-09-06T04:00"),  # midnight itself is missing
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00"),  # the whole day is missing
        ("Africa/Casablanca", "2026-02-15T02:30", "2026-02-15T01:30"),
    ],
)
def test_a_wall_clock_time_has_one_instant(zone: str, typed: str, instant: str) -> None:
    assert to_instant(wall(typed), zone) == utc(instant)


def test_a_jumped_hour_is_missing_and_its_edges_are_not() -> None:
    found = [is_missing(wall(f"2026-03-29T{clock}"), "Europe/Berlin") for clock in ("01:59", "02:00", "02:59", "03:00")]

    assert found == [False, True, True, False]


def test_a_repeated_hour_is_ambiguous_and_its_edges_are_not() -> None:
    clocks = ("01:59", "02:00", "02:59", "03:00")

    assert [is_ambiguous(wall(f"2026-10-25T{clock}"), "Europe/Berlin") for clock in clocks] == [
        False,
        True,
        True,
        False,
    ]


def test_a_skipped_day_is_missing_and_not_ambiguous() -> None:
    noon = wall("2011-12-30T12:00")

    assert (is_missing(noon, "Pacific/Apia"), is_ambiguous(noon, "Pacific/Apia")) == (True, False)


def test_every_minute_of_a_year_comes_back_from_its_wall_clock_or_was_shown_before() -> None:
    start = utc("2026-01-01")
    strange = [
        at
        for at in (start + timedelta(minutes=15 * n) for n in range(4 * 24 * 365))
        if to_instant(to_wall(at, "Australia/Lord_Howe"), "Australia/Lord_Howe") != at
    ]

    assert strange == [utc("2026-04-04T15:00"), utc("2026-04-04T15:15")]


def test_a_date_is_read_at_the_given_time_of_day() -> None:
    assert moment_instant(date(2026, 12, 7), "Europe/Berlin", time(9)) == utc("2026-12-07T08:00")


def test_a_typed_offset_wins_over_the_zone() -> None:
    typed = datetime(2026, 12, 7, 9, tzinfo=timezone(timedelta(hours=-5)))

    assert moment_instant(typed, "Europe/Berlin", time(9)) == utc("2026-12-07T14:00")


def test_an_end_date_includes_its_day_and_an_end_time_does_not() -> None:
    ends = (moment_end(date(2027, 1, 10), "Europe/Berlin"), moment_end(wall("2027-01-10T09:00"), "Europe/Berlin"))

    assert ends == (utc("2027-01-10T23:00"), utc("2027-01-10T08:00"))


def test_years_at_the_rim_of_the_calendar_do_not_overflow() -> None:
    assert (moment_instant(date.min, "Asia/Tokyo"), moment_end(date.max, "America/New_York")) == (
        utc("1970-01-01T15:00"),
        utc("2199-12-30"),
    )


def test_a_typed_offset_at_the_rim_of_the_calendar_does_not_overflow() -> None:
    typed = datetime.fromisoformat("0001-01-01T00:00+14:00")

    assert moment_instant(typed, "Asia/Tokyo") == utc("1970-01-02T00:00")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Europe/Berlin", "UTC", "Pacific/Niue"])
def test_the_last_instant_comes_before_the_last_wall_in_every_zone(zone: str) -> None:
    # else a turn that begins there would never come, and whoever counts turns would never end
    assert to_instant(LAST_WALL, zone) > LAST


@pytest.mark.parametrize(
    "instant, expected",
    [
        ("2026-12-07T08:00", "Mon 2026-12-07 09:00"),
        ("2026-12-07T08:00:05", "Mon 2026-12-07 09:00:05"),
        ("2026-10-25T00:30", "Sun 2026-10-25 02:30 +0200"),
        ("2026-10-25T01:30", "Sun 2026-10-25 02:30 +0100"),
    ],
)
def test_an_hour_the_clock_shows_twice_says_which(instant: str, expected: str) -> None:
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert instant_text(at, "Europe/Berlin") == expected
