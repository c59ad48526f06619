from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.answers.hours import KINDS, calendar, count, from_minute, join, to_minute, touched

Kinds = Callable[[str, datetime, datetime], Iterator[str]]
FIRST, LAST = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)
PLACES = {
    "ana": ("Europe/Berlin", "DE-BE"),
    "bo": ("Europe/Stockholm", "SE"),
    "cy": ("America/Santiago", None),
    "jo": ("America/New_York", "US"),
    "lee": ("Australia/Lord_Howe", None),
}


def minute(text: str) -> int:
    return to_minute(datetime.fromisoformat(text))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(PLACES)),
    st.integers(0, 95 * 1440),
    st.one_of(st.integers(1, 90), st.integers(1, 9 * 1440)),
)
def test_every_minute_is_of_the_kind_the_clock_says(kinds: Kinds, person: str, start: int, length: int) -> None:
    begin = FIRST + timedelta(minutes=start)
    end = min(begin + timedelta(minutes=length), LAST)
    days = calendar(*PLACES[person], FIRST, LAST)
    seen = list(kinds(person, begin, end))

    hours = days.hours([(to_minute(begin), to_minute(end))])
    assert {kind: getattr(hours, kind) for kind in KINDS} == {kind: seen.count(kind) for kind in KINDS}
    pieces = list(days.pieces(to_minute(begin), to_minute(end)))
    assert [piece.kind for piece in pieces for _ in range(piece.end - piece.start)] == seen
    assert all(one.end == other.start for one, other in pairwise(pieces))


def test_a_holiday_beats_the_weekend_beats_the_night() -> None:
    days = calendar("Europe/Berlin", "DE-BE", FIRST, LAST)
    # 2026-12-25 is a Friday, 26 a Saturday, 27 a plain Sunday.
    pieces = days.pieces(minute("2026-12-24T20:00+01:00"), minute("2026-12-28T07:00+01:00"))
    assert [(piece.day.day, piece.kind, piece.end - piece.start, piece.holiday) for piece in pieces] == [
        (24, "weekday", 180, ""),
        (24, "night", 60, ""),
        (25, "holiday", 1440, "Christmas Day"),
        (26, "holiday", 1440, "Second Day of Christmas"),
        (27, "weekend", 1440, ""),
        (28, "night", 360, ""),
        (28, "weekday", 60, ""),
    ]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-10-25", 25),
        ("Europe/Berlin", "2027-03-28", 23),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2027-04-04", 24.5),
        ("America/Santiago", "2026-09-06", 23),
        ("Asia/Kathmandu", "2026-10-25", 24),
    ],
)
def test_a_day_has_the_hours_its_clock_gives_it(zone: str, day: str, hours: float) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00Z")
    days = calendar(zone, None, noon - timedelta(days=2), noon + timedelta(days=2))
    assert sum(one.end - one.start for one in days.stretches if one.day == noon.date()) == hours * 60


def test_a_day_that_a_zone_skipped_is_no_day() -> None:
    days = calendar("Pacific/Apia", None, datetime(2011, 12, 28, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC))
    assert date(2011, 12, 30) not in {stretch.day for stretch in days.stretches}
    assert all(one.end == other.start for one, other in pairwise(days.stretches))
    assert len(days.days) == len({stretch.day for stretch in days.stretches})


def test_nights_and_weekends_are_counted_by_the_clock_of_the_person() -> None:
    days = calendar("Europe/Berlin", "DE-BE", FIRST, LAST)
    friday = minute("2026-11-20T22:00+01:00")

    def counted(until: str) -> tuple[int, int]:
        span = (friday, minute(until))
        return count(touched(days.nights, [span])), count(touched(days.weekends, [span]))

    assert counted("2026-11-20T23:00+01:00") == (0, 0)
    assert counted("2026-11-21T00:00+01:00") == (1, 0)
    assert counted("2026-11-21T02:00+01:00") == (1, 1)
    assert counted("2026-11-28T23:01+01:00") == (9, 2)


def test_spans_join_where_they_touch() -> None:
    assert join([(5, 7), (1, 3), (3, 4), (6, 9), (2, 2), (20, 20)]) == [(1, 4), (5, 9)]


def test_an_instant_with_seconds_counts_from_its_minute() -> None:
    assert from_minute(to_minute(datetime(2026, 12, 1, 9, 0, 59, tzinfo=UTC))) == datetime(2026, 12, 1, 9, tzinfo=UTC)
