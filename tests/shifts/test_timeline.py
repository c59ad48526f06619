"""Shifts and holders, held against somebody who watches the wall clock minute by minute."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.model import Rotation
from oncall.shifts.lineups import rotation_spans
from oncall.shifts.timeline import Shift, shifts, turn_number, turn_start


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rotation(**fields: Any) -> Rotation:
    given: dict[str, Any] = {"people": ["ana", "bo"], "turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-03-02"}
    return Rotation.model_validate(given | fields)


def by_minute(found: list[Shift], start: datetime, end: datetime) -> list[str | None]:
    holders: list[str | None] = [None] * ((end - start) // timedelta(minutes=1))
    for shift in found:
        for minute in range((shift.start - start) // timedelta(minutes=1), (shift.end - start) // timedelta(minutes=1)):
            assert holders[minute] is None, "two shifts of one rotation at once"
            holders[minute] = shift.person
    return holders


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_shifts_are_what_a_watcher_of_the_clock_sees(data: st.DataObject, clockwatcher: SimpleNamespace) -> None:
    day, zone = data.draw(st.sampled_from(clockwatcher.DAYS)), data.draw(st.sampled_from(clockwatcher.ZONES))
    found = data.draw(clockwatcher.a_rotation(around=day))
    start = utc(day) - timedelta(hours=data.draw(st.integers(0, 60)))
    end = start + timedelta(hours=data.draw(st.integers(1, 100)))

    drawn = list(shifts(rotation_spans(found, zone), found.only, start, end))

    assert by_minute(drawn, start, end) == clockwatcher.holder_by_minute(found, zone, start, end)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_holder_is_what_a_watcher_of_the_clock_sees(data: st.DataObject, clockwatcher: SimpleNamespace) -> None:
    day, zone = data.draw(st.sampled_from(clockwatcher.DAYS)), data.draw(st.sampled_from(clockwatcher.ZONES))
    found = data.draw(clockwatcher.a_rotation(around=day))
    at = utc(day) + timedelta(minutes=data.draw(st.integers(-2000, 4000)))

    (watched,) = clockwatcher.holder_by_minute(found, zone, at, at + timedelta(minutes=1))

    drawn = shifts(rotation_spans(found, zone), found.only, at, at + timedelta(microseconds=1))
    assert next((shift.person for shift in drawn), None) == watched


@pytest.mark.parametrize(
    ("turn", "hand_off", "lengths"),
    [
        ("1 day", "09:00", [24, 23, 24]),
        ("12 hours", "08:00", [12, 12, 12, 11, 12, 12]),
        ("5 hours", "08:00", [5] * 14),
    ],
)
def test_turns_over_a_clock_change(turn: str, hand_off: str, lengths: list[int]) -> None:
    found = rotation(turn=turn, hand_off=hand_off, since="2026-03-27")
    (span,) = rotation_spans(found, "Europe/Berlin")
    starts = [turn_start(span, number) for number in range(len(lengths) + 1)]

    assert [(b - a) / timedelta(hours=1) for a, b in pairwise(starts)] == lengths


def test_a_turn_inside_a_jumped_hour_is_nobodys() -> None:
    found = rotation(people=["ana", "bo", "cy"], turn="1 hour", hand_off="00:00", since="2026-03-29")
    spans = rotation_spans(found, "Europe/Berlin")
    drawn = shifts(spans, None, utc("2026-03-28T23:00"), utc("2026-03-29T02:00"))

    assert [(f"{shift.start:%H:%M}", shift.person) for shift in drawn] == [
        ("23:00", "ana"),
        ("00:00", "bo"),
        ("01:00", "ana"),
    ]


def test_a_skipped_day_shortens_the_turns_around_it() -> None:
    found = rotation(people=["ana", "bo", "cy"], turn="1 day", hand_off="09:00", since="2011-12-28")
    spans = rotation_spans(found, "Pacific/Apia")
    drawn = list(shifts(spans, None, utc("2011-12-28T19:00"), utc("2011-12-31T19:00")))

    assert [((shift.end - shift.start) / timedelta(hours=1), shift.person) for shift in drawn] == [
        (24, "ana"),
        (15, "bo"),
        (9, "cy"),
        (24, "ana"),
    ]


def test_monthly_turns_change_on_the_same_day_of_the_month() -> None:
    (span,) = rotation_spans(rotation(turn="1 month", hand_off="09:00", since="2026-01-05"), "UTC")

    assert [turn_start(span, n) for n in (0, 1, 12)] == [
        utc(f"{day}T09:00") for day in ("2026-01-05", "2026-02-05", "2027-01-05")
    ]


@settings(max_examples=100, deadline=None)
@given(
    turn=st.sampled_from(("1 hour", "7 hours", "1 day", "3 weeks", "1 month", "5 months")),
    zone=st.sampled_from(("Europe/Berlin", "Australia/Lord_Howe", "America/Santiago")),
    days=st.integers(0, 4000),
)
def test_a_turns_number_and_start_agree_over_ten_years(turn: str, zone: str, days: int) -> None:
    hand_off = "Mon 09:00" if "week" in turn else "02:30"
    (span,) = rotation_spans(rotation(turn=turn, hand_off=hand_off, since="2026-03-02"), zone)
    at = span.start + timedelta(days=days, minutes=17 * days)
    number = turn_number(span, at)

    assert turn_start(span, number) <= at < turn_start(span, number + 1)


def test_where_the_clocks_end_there_are_no_more_shifts() -> None:
    found = rotation(until="9999-12-31")
    spans = rotation_spans(found, "Europe/Berlin")

    assert list(shifts(spans, None, utc("2300-01-01"), utc("2301-01-01"))) == []
