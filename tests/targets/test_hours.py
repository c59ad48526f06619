from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from oncall.model import Window
from oncall.model.words import DAY_MINUTES, WEEK_MINUTES, parse_windows
from oncall.targets.hours import Hours, Span, hours_of


def test_no_windows_are_all_the_time():
    assert hours_of(None) is None


def test_hours_of_every_day_are_daily():
    assert hours_of(parse_windows("09:00-17:00")) == Hours(True, (Span(540, 480),))


def test_hours_over_midnight_stay_one_stretch():
    assert hours_of(parse_windows("22:00-06:00")) == Hours(True, (Span(22 * 60, 8 * 60),))


def test_a_whole_day_every_day_is_all_the_time():
    assert hours_of(parse_windows("00:00-24:00")) is None


def test_hours_of_some_days_are_one_stretch_a_day():
    expected = Hours(False, tuple(Span(day * DAY_MINUTES + 540, 540) for day in range(5)))
    assert hours_of(parse_windows("Mon-Fri 09:00-18:00")) == expected


def test_days_round_the_clock_are_one_long_stretch():
    assert hours_of(parse_windows("Mon-Fri 00:00-24:00")) == Hours(False, (Span(0, 5 * DAY_MINUTES),))


def test_a_weekend_that_runs_into_monday_is_one_stretch():
    expected = Hours(False, (Span(4 * DAY_MINUTES + 18 * 60, 63 * 60),))
    assert hours_of(parse_windows("Fri 18:00 - Mon 09:00")) == expected


def test_windows_that_touch_are_one():
    assert hours_of(parse_windows(["08:00-12:00", "12:00-18:00"])) == Hours(True, (Span(480, 600),))


def test_hours_within_a_part_of_the_day_are_cut_to_it():
    expected = Hours(False, tuple(Span(day * DAY_MINUTES + 540, 180) for day in range(5)))
    assert hours_of(parse_windows("Mon-Fri 09:00-18:00"), Span(480, 240)) == expected


def test_hours_apart_from_the_part_of_the_day_are_never():
    assert hours_of(parse_windows("09:00-12:00"), Span(13 * 60, 60)) == Hours(True, ())


windows = st.builds(
    Window,
    st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(lambda days: tuple(sorted(days))),
    st.integers(0, 47).map(lambda half_hours: half_hours * 30),
    st.integers(1, 7 * 48).map(lambda half_hours: half_hours * 30),
)


def minutes_of(spans, period):
    return {(span.start + minute) % period for span in spans for minute in range(0, span.minutes, 30)}


@given(st.lists(windows, min_size=1, max_size=3))
def test_hours_cover_exactly_the_minutes_of_their_windows(given_windows):
    wanted = {
        (day * DAY_MINUTES + window.start + minute) % WEEK_MINUTES
        for window in given_windows
        for day in window.days
        for minute in range(0, window.minutes, 30)
    }
    hours = hours_of(given_windows)
    covered = set(range(0, WEEK_MINUTES, 30)) if hours is None else minutes_of(hours.weekly(), WEEK_MINUTES)
    assert covered == wanted


@given(st.lists(windows, min_size=1, max_size=3))
def test_stretches_neither_overlap_nor_touch(given_windows):
    hours = hours_of(given_windows)
    spans = hours.spans if hours else ()
    ends = sorted((span.start, span.start + span.minutes) for span in spans)
    assert all(end < start for (_, end), (start, _) in pairwise(ends))
