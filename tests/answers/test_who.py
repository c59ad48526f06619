"""Who is on call, until when and who is next; shifts as rows, whole and with their gaps."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.answers.shift_rows import Foreign, ShiftRow, shift_rows
from oncall.answers.who import OnDuty, on_duty
from oncall.model.escalation import ScheduleRef
from oncall.shifts.rota import Rota

Acme = Callable[..., Rota]
At = Callable[[str], datetime]
PRIMARY = ScheduleRef("platform", "primary")
WEEK = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}


def team(**rotations: Any) -> dict[str, Any]:
    return {"schedules": {"primary": {"rotations": rotations}}}


def said(duty: OnDuty) -> tuple[list[str], str | None, list[str]]:
    until = f"{duty.until:%m-%d %H:%M}" if duty.until is not None else None
    return [shift.person for shift in duty.now], until, [shift.person for shift in duty.next]


def lines(rows: tuple[ShiftRow, ...]) -> list[str]:
    return [
        f"{row.start:%m-%d %H} {row.end:%m-%d %H} "
        + (row.shift.person if row.shift else f"{row.foreign.who} by hand" if row.foreign else "-")
        for row in rows
    ]


def test_the_next_change_is_that_of_people_not_of_shifts(acme: Acme, at: At) -> None:
    # Ana has the hours of both rotations: the change of rotation at 20:00 is none.
    rota = acme(
        team(
            day={"people": ["ana"], "only": "08:00-20:00", **WEEK},
            night={"people": ["ana", "bo"], "only": "20:00-08:00", **WEEK},
        )
    )
    assert said(on_duty(rota, [PRIMARY], at("2026-12-01 12:00"))[0]) == (["ana"], "12-07 20:00", ["bo"])


def test_nobody_is_next_where_a_rotation_ends(acme: Acme, at: At) -> None:
    rota = acme(team(weekly={"people": ["ana"], "until": "2027-06-30", **WEEK}))

    assert said(on_duty(rota, [PRIMARY], at("2026-12-01 12:00"))[0]) == (["ana"], "07-01 00:00", [])
    assert said(on_duty(rota, [PRIMARY], at("2027-12-01 12:00"))[0]) == ([], None, [])


def test_somebody_alone_for_ever_has_no_next(acme: Acme, at: At) -> None:
    rota = acme(team(weekly={"people": ["ana"], **WEEK}))
    assert said(on_duty(rota, [PRIMARY], at("2026-12-01 12:00"))[0]) == (["ana"], None, [])


@settings(max_examples=60, deadline=None)
@given(minute=st.integers(0, 500 * 24 * 60))
def test_until_the_next_change_the_same_people_are_on_call(sample: Rota, minute: int) -> None:
    instant = datetime(2026, 10, 6, tzinfo=UTC) + timedelta(minutes=minute)
    for duty in on_duty(sample, sample.schedules(), instant):
        people = {shift.person for shift in duty.now}
        assert people == {shift.person for shift in sample.on_call(duty.schedule, instant)}
        assert duty.until is not None
        assert instant < duty.until
        for part in (0.3, 0.7, 0.999):
            between = instant + (duty.until - instant) * part
            assert people == {shift.person for shift in sample.on_call(duty.schedule, between)}
        after = {shift.person for shift in sample.on_call(duty.schedule, duty.until)}
        assert after == {shift.person for shift in duty.next} != people


def test_shifts_are_shown_whole_and_gaps_within_the_time_asked_for(acme: Acme, at: At) -> None:
    rota = acme(team(day={"people": ["ana", "bo"], "only": "09:00-17:00", **WEEK}))

    rows = shift_rows(rota, [PRIMARY], at("2026-12-06 12:00"), at("2026-12-07 12:00"))
    assert lines(rows) == ["12-06 09 12-06 17 ana", "12-06 17 12-07 09 -", "12-07 09 12-07 17 bo"]


def test_of_one_person_only_their_shifts_of_all_schedules_by_time(acme: Acme, at: At) -> None:
    schedules = {
        name: {"rotations": {"weekly": {"people": people, **WEEK}}}
        for name, people in {"primary": ["ana", "bo"], "second": ["cy", "ana"]}.items()
    }
    leave = {"person": "bo", "from": "2026-12-09", "to": "2026-12-09", "cover": "ana"}
    rota = acme({"schedules": schedules}, leave=[leave])

    rows = shift_rows(rota, rota.schedules(), at("2026-12-08 00:00"), at("2026-12-15 00:00"), "ana")
    assert lines(rows) == ["12-07 09 12-14 09 ana", "12-09 00 12-10 00 ana", "12-14 09 12-21 09 ana"]
    assert [row.schedule.schedule for row in rows] == ["second", "primary", "primary"]


def test_an_override_made_by_hand_cuts_what_lies_under_it(acme: Acme, at: At) -> None:
    rota = acme(team(weekly={"people": ["ana", "bo"], **WEEK}))
    by_hand = Foreign(PRIMARY, at("2026-12-09 09:00"), at("2026-12-10 09:00"), None, "Zed", "pagerduty")

    rows = shift_rows(rota, [PRIMARY], at("2026-12-08 00:00"), at("2026-12-11 00:00"), foreign=[by_hand])
    assert lines(rows) == ["12-07 09 12-09 09 bo", "12-09 09 12-10 09 Zed by hand", "12-10 09 12-14 09 bo"]
