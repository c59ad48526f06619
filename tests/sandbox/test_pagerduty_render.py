"""PagerDuty's rotation arithmetic, on values."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.pagerduty.render import Layer, Restriction, Span, coverage, layer_spans, merged, overlay
from sandbox.pagerduty.times import instant, parse_time

BERLIN = "Europe/Berlin"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def layer(turn: timedelta, *users: str, start: str = "2026-03-23T08:00:00+01:00", **more: object) -> Layer:
    fields = {"id": "L", "name": "l", "start": at(start), "end": None, "virtual_start": at(start)}
    return Layer(**(fields | {"turn": turn, "users": users} | more))  # type: ignore[arg-type]


def held(one: Layer, since: str, until: str, zone: str = BERLIN, **more: bool) -> list[tuple[str, str]]:
    """Who holds a layer from when, times as MM-DD HH:MM in UTC."""
    spans = layer_spans(one, zone, at(since), at(until), **more)
    return [(f"{span.start:%m-%d %H:%M}", span.user) for span in spans]


def test_the_turn_number_counts_from_the_virtual_start() -> None:
    one = layer(DAY, "a", "b", "c", start="2026-03-01T08:00:00+01:00")
    assert held(one, "2026-03-03T07:00:00Z", "2026-03-05T07:00:00Z") == [("03-03 07:00", "c"), ("03-04 07:00", "a")]


def test_a_layer_that_starts_after_its_virtual_start_begins_in_the_turn_it_would_be_in() -> None:
    one = layer(7 * DAY, "a", "b", start="2026-03-02T09:00:00Z", virtual_start=at("2026-02-23T09:00:00Z"))
    assert held(one, "2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z") == [("03-02 09:00", "b")]


def test_turns_before_the_virtual_start_count_backwards() -> None:
    one = layer(DAY, "a", "b", start="2026-03-01T00:00:00Z", virtual_start=at("2026-03-04T00:00:00Z"))
    assert held(one, "2026-03-03T00:00:00Z", "2026-03-05T00:00:00Z", "UTC") == [
        ("03-03 00:00", "b"),
        ("03-04 00:00", "a"),
    ]


def test_day_turns_keep_local_clock_time_over_the_change_to_summer() -> None:
    one = layer(DAY, "a", "b")
    assert held(one, "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z") == [
        ("03-28 00:00", "a"),
        ("03-28 07:00", "b"),
        ("03-29 06:00", "a"),
        ("03-30 06:00", "b"),
    ]


def test_day_turns_keep_local_clock_time_over_the_change_to_winter() -> None:
    one = layer(7 * DAY, "a", "b", start="2026-10-19T08:00:00+02:00")
    assert held(one, "2026-10-20T00:00:00Z", "2026-10-27T00:00:00Z") == [("10-20 00:00", "a"), ("10-26 07:00", "b")]


def test_with_the_switch_off_day_turns_are_elapsed_time() -> None:
    one = layer(DAY, "a", "b")
    spans = held(one, "2026-03-29T00:00:00Z", "2026-03-31T00:00:00Z", wall_clock=False)
    assert spans == [("03-29 00:00", "b"), ("03-29 07:00", "a"), ("03-30 07:00", "b")]


def test_turns_of_hours_are_elapsed_time() -> None:
    one = layer(12 * HOUR, "a", "b", start="2026-03-28T08:00:00+01:00")
    assert held(one, "2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z") == [
        ("03-29 00:00", "b"),
        ("03-29 07:00", "a"),
        ("03-29 19:00", "b"),
    ]


def test_a_hand_off_in_the_missing_hour_falls_on_the_first_minute_that_exists() -> None:
    one = layer(DAY, "a", "b", start="2026-03-28T02:30:00+01:00")
    assert held(one, "2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z") == [("03-29 00:00", "a"), ("03-29 01:00", "b")]


def test_a_clock_time_that_comes_twice_is_its_first() -> None:
    assert instant(datetime.fromisoformat("2026-10-25T02:30"), BERLIN) == at("2026-10-25T02:30:00+02:00")


def test_a_daily_restriction_cuts_each_day_and_does_not_stop_the_turns() -> None:
    office = Restriction(None, 9 * HOUR, 8 * HOUR)
    one = layer(DAY, "a", "b", start="2026-03-23T00:00:00+01:00", restrictions=(office,))
    assert held(one, "2026-03-23T00:00:00Z", "2026-03-25T00:00:00Z") == [("03-23 08:00", "a"), ("03-24 08:00", "b")]


def test_a_daily_restriction_over_midnight_belongs_to_the_day_it_begins() -> None:
    night = Restriction(None, 22 * HOUR, 8 * HOUR)
    one = layer(7 * DAY, "a", start="2026-03-16T00:00:00+01:00", restrictions=(night,))
    spans = layer_spans(one, BERLIN, at("2026-03-17T00:00:00+01:00"), at("2026-03-18T00:00:00+01:00"))
    assert [(span.start, span.end) for span in spans] == [
        (at("2026-03-17T00:00:00+01:00"), at("2026-03-17T06:00:00+01:00")),
        (at("2026-03-17T22:00:00+01:00"), at("2026-03-18T00:00:00+01:00")),
    ]


def test_a_restriction_keeps_local_clock_time_over_daylight_changes() -> None:
    office = Restriction(None, 9 * HOUR, 8 * HOUR)
    one = layer(7 * DAY, "a", start="2026-03-23T00:00:00+01:00", restrictions=(office,))
    assert held(one, "2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z") == [("03-28 08:00", "a"), ("03-29 07:00", "a")]


def test_a_weekly_restriction_shows_from_its_weekday_on() -> None:
    weekend = Restriction(6, timedelta(0), 2 * DAY)
    one = layer(7 * DAY, "a", start="2026-03-02T00:00:00+01:00", restrictions=(weekend,))
    spans = layer_spans(one, BERLIN, at("2026-03-02T00:00:00+01:00"), at("2026-03-16T00:00:00+01:00"))
    assert [(span.start, span.end) for span in spans] == [
        (at("2026-03-07T00:00:00+01:00"), at("2026-03-09T00:00:00+01:00")),
        (at("2026-03-14T00:00:00+01:00"), at("2026-03-16T00:00:00+01:00")),
    ]


def test_restrictions_of_one_layer_add_up() -> None:
    parts = (Restriction(1, 9 * HOUR, HOUR), Restriction(1, 10 * HOUR, HOUR), Restriction(1, 15 * HOUR, HOUR))
    one = layer(7 * DAY, "a", start="2026-03-02T00:00:00Z", restrictions=parts)
    spans = layer_spans(one, "UTC", at("2026-03-02T00:00:00Z"), at("2026-03-03T00:00:00Z"))
    assert [(span.start.hour, span.end.hour) for span in spans] == [(9, 11), (15, 16)]


@pytest.mark.parametrize("end", ["2026-03-23T08:00:00+01:00", "2026-03-01T08:00:00+01:00"])
def test_an_end_at_or_before_the_start_renders_nothing(end: str) -> None:
    assert held(layer(DAY, "a", end=at(end)), "2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z") == []


def test_overlay_gives_the_upper_spans_their_time_and_keeps_the_rest() -> None:
    t = [at(f"2026-03-02T{hour:02}:00:00Z") for hour in range(10)]
    under = [Span(t[0], t[4], "a"), Span(t[4], t[8], "b")]
    over = [Span(t[1], t[2], "x"), Span(t[3], t[5], "y")]
    assert overlay(under, over) == [
        Span(t[0], t[1], "a"),
        Span(t[1], t[2], "x"),
        Span(t[2], t[3], "a"),
        Span(t[3], t[5], "y"),
        Span(t[5], t[8], "b"),
    ]


def test_neighbouring_spans_of_one_user_are_one() -> None:
    t = [at(f"2026-03-02T{hour:02}:00:00Z") for hour in range(4)]
    spans = [Span(t[0], t[1], "a"), Span(t[1], t[2], "a"), Span(t[3], t[3] + HOUR, "a")]
    assert merged(spans) == [Span(t[0], t[2], "a"), Span(t[3], t[3] + HOUR, "a")]


def test_coverage_is_the_held_part_of_the_window() -> None:
    start = at("2026-03-02T00:00:00Z")
    assert coverage([Span(start, start + 9 * HOUR, "a")], start, start + DAY) == 37.5


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23 08:00:00 +0000 UTC",
        "2026-11-23T08:00:00Z",
        "2026-11-23 09:00:00 +0100 CET",
        "2026-11-23T09:00:00+01:00",
    ],
)
def test_times_are_read_as_rfc_3339_and_as_go_prints_them(text: str) -> None:
    assert parse_time(text) == datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-23T08:00:00", "tomorrow", "", None, 5])
def test_a_time_without_a_zone_or_sense_is_refused(text: object) -> None:
    with pytest.raises(ValueError):
        parse_time(text)
