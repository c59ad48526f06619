"""Swaps, leave, holidays and overrides on top of the turns."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.shifts.intervals import merge, subtract
from oncall.shifts.rota import Rota

SUN = ScheduleRef("edge", "sun")
WEEK = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-03-02"}
MARCH = (datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 4, 6, 9, tzinfo=UTC))
InventoryOf = Callable[..., Inventory]


def told(rota: Rota, start: datetime = MARCH[0], end: datetime = MARCH[1]) -> list[str]:
    """The shifts of the schedule, short: from the day and hour on, who, and why where not by turn."""
    return [
        f"{shift.start:%d %H} {shift.person}"
        + (f" {shift.why} for {shift.instead_of or 'all'}" if shift.why != "turn" else "")
        for shift in rota.timeline(SUN, start, end).shifts
    ]


def weekly(inventory_of: InventoryOf, people: list[str], more: dict[str, Any] | None = None, **words: Any) -> Rota:
    return Rota(inventory_of("UTC", {"weekly": {"people": people, **WEEK, **words}}, more))


def test_people_of_rotations_that_add_up_are_all_on_call(inventory_of: InventoryOf) -> None:
    rotations = {name: {"people": some, **WEEK} for name, some in {"a": ["bo"], "b": ["ana"], "c": ["bo"]}.items()}

    found = Rota(inventory_of("UTC", rotations)).on_call(SUN, MARCH[0])
    assert [(shift.person, shift.rotation) for shift in found] == [("bo", "a"), ("ana", "b")]


def test_of_rotations_where_the_last_wins_the_last_with_somebody_counts(inventory_of: InventoryOf) -> None:
    rotations = {
        "all": {"people": ["bo"], **WEEK},
        "day": {"people": ["ana"], "only": "09:00-17:00", **WEEK},
        "off": {"people": ["nobody"], **WEEK},
    }
    rota = Rota(inventory_of("UTC", rotations, overlap="last_wins"))

    assert told(rota, MARCH[0], MARCH[0] + timedelta(days=2)) == [
        "02 09 ana", "02 17 bo", "03 09 ana", "03 17 bo"
    ]  # fmt: skip
    assert [shift.person for shift in rota.on_call(SUN, MARCH[0] - timedelta(minutes=1))] == []
    assert [shift.person for shift in rota.on_call(SUN, MARCH[0] + timedelta(hours=10))] == ["bo"]


def test_whoever_covers_a_leave_takes_the_shifts_in_it(inventory_of: InventoryOf) -> None:
    leave = {"person": "bo", "from": "2026-03-11", "to": "2026-03-13", "cover": "cy"}
    rota = weekly(inventory_of, ["ana", "bo"], {"nouns": {"leave": [leave]}})

    assert told(rota)[:5] == ["02 09 ana", "09 09 bo", "11 00 cy leave for bo", "14 00 bo", "16 09 ana"]
    (away,) = rota.away("bo", *MARCH)
    assert (away.start, away.end) == (datetime(2026, 3, 11, tzinfo=UTC), datetime(2026, 3, 14, tzinfo=UTC))
    assert away.place == ("leave", 0)


def test_a_leave_without_cover_changes_nothing_and_one_for_another_schedule_neither(inventory_of: InventoryOf) -> None:
    leave = {"person": "bo", "from": "2026-03-11", "to": "2026-03-13"}
    other = {**leave, "cover": "cy", "schedule": "edge/moon"}
    rota = weekly(inventory_of, ["ana", "bo"], {"nouns": {"leave": [leave, other]}})

    assert told(rota) == ["02 09 ana", "09 09 bo", "16 09 ana", "23 09 bo", "30 09 ana"]


@pytest.mark.parametrize("turns", [["2026-03-02", "2026-03-09"], ["2026-03-05 12:00", "2026-03-15"]])
def test_a_swap_trades_whole_turns(inventory_of: InventoryOf, turns: list[str]) -> None:
    swap = {"schedule": "edge/sun", "people": ["ana", "bo"], "turns": turns}
    rota = weekly(inventory_of, ["ana", "bo"], {"nouns": {"swaps": [swap]}})

    assert told(rota) == ["02 09 bo swap for ana", "09 09 ana swap for bo", "16 09 ana", "23 09 bo", "30 09 ana"]


def test_a_swap_of_a_turn_that_is_not_theirs_leaves_it_alone(inventory_of: InventoryOf) -> None:
    swap = {"schedule": "edge/sun", "people": ["ana", "bo"], "turns": ["2026-03-10", "2026-03-09"]}
    rota = weekly(inventory_of, ["ana", "bo"], {"nouns": {"swaps": [swap]}})

    assert told(rota)[:2] == ["02 09 ana", "09 09 ana swap for bo"]


def test_a_date_names_the_turn_that_begins_that_day_before_the_one_that_runs(inventory_of: InventoryOf) -> None:
    swap = {"schedule": "edge/sun", "people": ["ana", "bo"], "turns": ["2026-03-03", "2026-03-03"]}
    rota = weekly(inventory_of, ["ana", "bo"], {"nouns": {"swaps": [swap]}}, turn="12 hours", hand_off="09:00")

    assert told(rota, MARCH[0], MARCH[0] + timedelta(days=2)) == [
        "02 09 ana", "02 21 bo", "03 09 bo swap for ana", "03 21 ana swap for bo"
    ]  # fmt: skip


def test_a_swap_into_a_leave_is_covered_by_whoever_covers_that_leave(inventory_of: InventoryOf) -> None:
    swap = {"schedule": "edge/sun", "people": ["ana", "bo"], "turns": ["2026-03-02", "2026-03-09"]}
    leave = {"person": "bo", "from": "2026-03-02", "to": "2026-03-03", "cover": "cy"}
    rota = weekly(inventory_of, ["ana", "bo"], {"nouns": {"swaps": [swap], "leave": [leave]}})

    assert told(rota)[:3] == ["02 09 cy leave for ana", "04 00 bo swap for ana", "09 09 ana swap for bo"]


def test_an_override_takes_the_schedule_hours_of_nobody_too_and_beats_everything(inventory_of: InventoryOf) -> None:
    leave = {"person": "ana", "from": "2026-03-02", "to": "2026-03-08", "cover": "cy"}
    override = {"schedule": "edge/sun", "person": "dee", "from": "2026-03-03 12:00", "to": "2026-03-04 12:00"}
    more = {"nouns": {"leave": [leave], "overrides": [override]}}
    rota = weekly(inventory_of, ["ana"], more, only="09:00-17:00")
    timeline = rota.timeline(SUN, MARCH[0], MARCH[0] + timedelta(days=3))

    assert told(rota, MARCH[0], MARCH[0] + timedelta(days=3)) == [
        "02 09 cy leave for ana", "03 09 cy leave for ana", "03 12 dee override for all", "04 12 cy leave for ana"
    ]  # fmt: skip
    assert [(start.day, start.hour, end.hour) for start, end in timeline.gaps] == [(2, 17, 9), (4, 17, 9)]


def test_an_override_instead_of_somebody_leaves_the_others_on_call(inventory_of: InventoryOf) -> None:
    rotations = {"a": {"people": ["ana"], **WEEK}, "b": {"people": ["bo"], **WEEK}}
    override = {"schedule": "edge/sun", "person": "cy", "instead_of": "bo", "from": "2026-03-03", "to": "2026-03-03"}
    rota = Rota(inventory_of("UTC", rotations, {"nouns": {"overrides": [override]}}))

    found = rota.on_call(SUN, datetime(2026, 3, 3, 12, tzinfo=UTC))
    assert [(shift.person, shift.rotation, shift.instead_of) for shift in found] == [
        ("ana", "a", None),
        ("cy", "b", "bo"),
    ]


def holidays(**team: Any) -> dict[str, Any]:
    """Ana has the public holidays of Ireland (17 March), bo those of Sweden (none in March but Good Friday later)."""
    people = {
        "ana": {"name": "Ana", "email": "ana@acme.example", "holidays": "IE"},
        "bo": {"name": "Bo", "email": "bo@acme.example", "holidays": "SE"},
    }
    return {"people": people, "team": team, "nouns": {"horizon": "2027-01-01"}}


def test_a_public_holiday_is_covered_by_the_named_rotation(inventory_of: InventoryOf) -> None:
    rotations = {"main": {"people": ["ana"], **WEEK}, "spare": {"people": ["bo"], **WEEK}}
    rota = Rota(inventory_of("UTC", rotations, holidays(on_holidays={"cover": "sun/spare"})))
    start = datetime(2026, 3, 16, 9, tzinfo=UTC)
    found = [shift for shift in rota.timeline(SUN, start, start + timedelta(days=3)).shifts if shift.rotation == "main"]

    assert [(f"{shift.start:%d %H}", shift.person, shift.why) for shift in found] == [
        ("16 09", "ana", "turn"),
        ("17 00", "bo", "holiday"),
        ("18 00", "ana", "turn"),
    ]


@pytest.mark.parametrize("nouns", [{"horizon": "2026-03-16"}, {}])
def test_holidays_are_covered_up_to_the_horizon_only(inventory_of: InventoryOf, nouns: dict[str, Any]) -> None:
    rotations = {"main": {"people": ["ana"], **WEEK}, "spare": {"people": ["bo"], **WEEK}}
    more = holidays(on_holidays={"cover": "sun/spare"}) | {"nouns": nouns}
    rota = Rota(inventory_of("UTC", rotations, more))

    assert {shift.why for shift in rota.timeline(SUN, *MARCH).shifts} == {"turn"}


def test_a_holiday_stays_with_them_where_the_cover_has_it_too_or_they_agreed_on_it(inventory_of: InventoryOf) -> None:
    more = holidays(on_holidays={"cover": "sun/spare"})
    more["people"]["bo"]["holidays"] = "IE"
    rotations = {"main": {"people": ["ana"], **WEEK}, "spare": {"people": ["bo"], **WEEK}}
    assert {shift.why for shift in Rota(inventory_of("UTC", rotations, more)).timeline(SUN, *MARCH).shifts} == {"turn"}

    more = holidays(on_holidays={"cover": "sun/spare"})
    more["nouns"]["swaps"] = [{"schedule": "edge/sun", "people": ["cy", "ana"], "turns": ["2026-03-16", "2026-03-09"]}]
    rotations["main"] = {"people": ["bo", "ana", "cy"], **WEEK}
    found = Rota(inventory_of("UTC", rotations, more)).timeline(SUN, *MARCH).shifts
    assert {(shift.person, shift.why) for shift in found if shift.start.day == 16} == {("ana", "swap"), ("bo", "turn")}


def test_the_shift_around_an_instant_is_whole(inventory_of: InventoryOf) -> None:
    rota = weekly(inventory_of, ["ana", "bo"], turn="60 days", hand_off="09:00")

    (shift,) = rota.shift_at(SUN, datetime(2026, 5, 20, tzinfo=UTC))
    assert (shift.person, shift.start, shift.end) == (
        "bo",
        datetime(2026, 5, 1, 9, tzinfo=UTC),
        datetime(2026, 6, 30, 9, tzinfo=UTC),
    )


@st.composite
def exceptions(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    day = st.integers(1, 28).map(lambda n: f"2026-03-{n:02}")
    person = st.sampled_from(("ana", "bo", "cy", "dee"))

    def span() -> dict[str, Any]:
        first, last = sorted((draw(day), draw(day)))
        return {"from": first, "to": last}

    leave = [{"person": draw(person), "cover": draw(person), **span()} for _ in range(draw(st.integers(0, 3)))]
    instead = [{}, *({"instead_of": each} for each in ("ana", "bo", "cy"))]
    overrides = [
        {"schedule": "edge/sun", "person": draw(person), **draw(st.sampled_from(instead)), **span()}
        for _ in range(draw(st.integers(0, 2)))
    ]
    return {"leave": leave, "overrides": overrides}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_exceptions_are_what_somebody_sees_who_asks_for_each_hour(
    data: st.DataObject, clockwatcher: SimpleNamespace, inventory_of: InventoryOf
) -> None:
    zone = data.draw(st.sampled_from(clockwatcher.ZONES))
    rotations = {key: data.draw(clockwatcher.a_rotation(around="2026-03-08")) for key in ("a", "b")}
    nouns = data.draw(exceptions())
    rota = Rota(inventory_of(zone, rotations, {"nouns": nouns}))
    start = datetime(2026, 3, data.draw(st.integers(1, 24)), tzinfo=UTC)
    end = start + timedelta(hours=60)
    timeline = rota.timeline(SUN, start, end)

    assert timeline.gaps == subtract(((start, end),), merge((shift.start, shift.end) for shift in timeline.shifts))
    turns = {key: clockwatcher.holder_by_minute(found, zone, start, end) for key, found in rotations.items()}
    shown = [wall for _, wall in clockwatcher.minutes(start, end, zone)]
    for minute in range(0, 60 * 60, 20):
        at, today = start + timedelta(minutes=minute), f"{shown[minute]:%Y-%m-%d}"
        seen = [holders[minute] for holders in turns.values() if holders[minute] is not None]
        seen = [covering(nouns["leave"], person, today) for person in seen]
        seen = [covering([o for o in nouns["overrides"] if "instead_of" in o], person, today) for person in seen]
        whole = [o["person"] for o in nouns["overrides"] if "instead_of" not in o and o["from"] <= today <= o["to"]]
        on_call = {shift.person for shift in timeline.shifts if shift.start <= at < shift.end}
        assert on_call == set(whole or seen), at
        assert {shift.person for shift in rota.on_call(SUN, at)} == on_call


def covering(exceptions: list[dict[str, Any]], person: str, today: str) -> str:
    """Who takes a person's shift today: by the exception that began first."""
    for one in sorted(exceptions, key=lambda found: found["from"]):
        takes, by = (one["instead_of"], one["person"]) if "instead_of" in one else (one["person"], one["cover"])
        if takes == person and one["from"] <= today <= one["to"] and by != person:
            return str(by)
    return person
