"""Whose an override in a vendor's answer is, and what becomes of answers that are none."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from oncall.answers.by_hand import (
    UnreadableError,
    by_hand_at_opsgenie,
    by_hand_at_pagerduty,
    known_schedules,
    ours_before_too,
)
from oncall.shifts.rota import Rota

Acme = Callable[..., Rota]
At = Callable[[str], datetime]
OVERRIDE = {"schedule": "platform/primary", "person": "cy", "from": "2026-12-24 09:00", "to": "2026-12-26 09:00"}
EMAILS = {"PCY": "cy@acme.example", "PBO": "bo@acme.example"}


def row(
    user: str = "PCY", start: str = "2026-12-24T10:00:00+01:00", end: str = "2026-12-26T09:00:00Z"
) -> dict[str, Any]:
    return {"id": "O1", "start": start, "end": end, "user": {"id": user, "summary": "Somebody"}}


@pytest.mark.parametrize(
    "found, by_hand",
    [
        (row(), False),
        (row(start="2026-12-25T03:00:00Z"), False),  # made by an `up` after it had begun
        (row(user="PBO"), True),
        (row(user="P-nobody-knows"), True),
        (row(start="2026-12-24T08:00:00Z"), True),
        (row(end="2026-12-26T08:00:00Z"), True),
    ],
)
def test_an_override_at_pagerduty_is_ours_by_person_and_time(acme: Acme, at: At, found: Any, by_hand: bool) -> None:
    rota = acme(overrides=[OVERRIDE])
    (known,) = known_schedules(rota.inventory, "pagerduty", rota.schedules(), at("2026-12-20 00:00"))

    assert (known.name, known.alone) == ("Platform primary", True)
    assert bool(list(by_hand_at_pagerduty(rota.inventory, known, [found], EMAILS))) is by_hand


def test_an_override_of_some_rotations_is_not_of_the_whole_schedule(acme: Acme, at: At) -> None:
    rota = acme({"pages_through": "opsgenie"}, overrides=[OVERRIDE])
    (known,) = known_schedules(rota.inventory, "opsgenie", rota.schedules(), at("2026-12-20 00:00"))
    times = {
        "startDate": "2026-12-22T10:00:00Z",
        "endDate": "2026-12-22T11:00:00Z",
        "user": {"username": "BO@acme.example"},
    }
    ours = {**times, "alias": "platform primary 2026-12-24T0900 cy"}
    odd = {**times, "alias": [1], "user": {"username": 5}}

    rows = [ours, times, {**times, "rotations": [{"id": "r"}]}, odd]
    found = list(by_hand_at_opsgenie(rota.inventory, known, rows))
    assert [(one.person, one.whole) for one in found] == [("bo", True), ("bo", False), (None, True)]


@pytest.mark.parametrize(
    "found",
    [
        {},
        row(start="soon"),
        row(end="9999-12-31T23:59:59-12:00"),
        row(end="2026-12-26T09:00:00"),
        {"start": None, "user": "cy"},
    ],
)
def test_an_answer_without_readable_times_is_a_fault_in_one_line(acme: Acme, at: At, found: Any) -> None:
    rota = acme()
    (known,) = known_schedules(rota.inventory, "pagerduty", rota.schedules(), at("2026-12-20 00:00"))
    with pytest.raises(
        UnreadableError, match="PagerDuty answered an override of 'Platform primary' without a readable"
    ):
        list(by_hand_at_pagerduty(rota.inventory, known, [found], EMAILS))


def test_an_override_of_a_shift_based_schedule_is_told_by_its_members(acme: Acme, at: At) -> None:
    override = {**OVERRIDE, "instead_of": "bo", "from": "2026-12-24 09:00", "to": "2026-12-25 09:00"}
    rota = acme({"pagerduty": {"schedules": "shifts"}}, overrides=[override])
    (known,) = known_schedules(rota.inventory, "pagerduty", rota.schedules(), at("2026-12-20 00:00"))
    times = {"start_time": "2026-12-24T09:00:00Z", "end_time": "2026-12-25T09:00:00Z"}
    ours, other, nobody = (
        {**times, "overriding_member": member}
        for member in ({"user_id": "PCY"}, {"user_id": "PBO"}, {"type": "empty_member"})
    )

    assert (known.shifts, known.alone) == (True, False)
    found = list(by_hand_at_pagerduty(rota.inventory, known, [ours, other, nobody], EMAILS))
    assert [(one.person, one.who, one.whole) for one in found] == [
        ("bo", "bo@acme.example", False), (None, "nobody", False)
    ]  # fmt: skip


def test_an_override_of_ours_that_an_edit_takes_away_is_not_made_by_hand(acme: Acme, at: At) -> None:
    with_it, without = acme(overrides=[OVERRIDE]), acme()
    before, after = (
        known_schedules(rota.inventory, "pagerduty", rota.schedules(), at("2026-12-20 00:00"))
        for rota in (with_it, without)
    )

    for keys, by_hand in ({}, False), ({"cy": "cyrus"}, True):
        (known,) = ours_before_too(after, before, keys)
        assert bool(list(by_hand_at_pagerduty(without.inventory, known, [row()], EMAILS))) is by_hand
    (known,) = after
    assert list(by_hand_at_pagerduty(without.inventory, known, [row()], EMAILS))
