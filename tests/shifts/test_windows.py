"""Hours of the week in real time."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.model.words import parse_windows
from oncall.shifts.windows import is_open, window_intervals


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_windows_are_open_when_a_watcher_of_the_clock_says_so(
    data: st.DataObject, clockwatcher: SimpleNamespace
) -> None:
    day, zone = data.draw(st.sampled_from(clockwatcher.DAYS)), data.draw(st.sampled_from(clockwatcher.ZONES))
    windows = parse_windows(data.draw(st.lists(clockwatcher.a_window(), min_size=1, max_size=3)))
    start = utc(day) - timedelta(hours=data.draw(st.integers(0, 40)))
    end = start + timedelta(hours=data.draw(st.integers(1, 90)))
    watched = [clockwatcher.in_windows(windows, shown) for _, shown in clockwatcher.minutes(start, end, zone)]

    found = window_intervals(windows, zone, start, end)

    ticks = [start + timedelta(minutes=n) for n in range(len(watched))]
    assert [any(first <= at < last for first, last in found) for at in ticks] == watched


def test_a_window_keeps_clock_time_over_a_clock_change() -> None:
    found = window_intervals(parse_windows("09:00-17:00"), "Europe/Berlin", utc("2026-03-28"), utc("2026-03-30"))

    assert found == (
        (utc("2026-03-28T08:00"), utc("2026-03-28T16:00")),
        (utc("2026-03-29T07:00"), utc("2026-03-29T15:00")),
    )


def test_a_window_inside_a_jumped_hour_is_empty_that_day() -> None:
    found = window_intervals(parse_windows("02:15-02:45"), "Europe/Berlin", utc("2026-03-28T12:00"), utc("2026-03-30"))

    assert found == ()


def test_a_weekend_window_that_runs_over_midnight_is_cut_to_the_period() -> None:
    found = window_intervals(parse_windows("Fri 18:00 - Mon 09:00"), "UTC", utc("2026-06-06"), utc("2026-06-13"))

    assert found == ((utc("2026-06-06"), utc("2026-06-08T09:00")), (utc("2026-06-12T18:00"), utc("2026-06-13")))


def test_a_window_is_open_from_its_first_instant_to_before_its_last() -> None:
    hours = parse_windows("22:00-06:00")
    instants = ("2026-06-10T21:59:59", "2026-06-10T22:00", "2026-06-11T05:59:59", "2026-06-11T06:00")

    assert [is_open(hours, "UTC", utc(at)) for at in instants] == [False, True, True, False]
