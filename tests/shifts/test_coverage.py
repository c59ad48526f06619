"""When somebody is there, when nobody is, and which rotations overlap."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.model import Inventory, Tier
from oncall.shifts.coverage import covered, ever_overlap, gaps

START, END = datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)
WEEK = {"people": ["ana"], "turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-03-02"}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def of_two(inventory_of: Callable[..., Inventory], first: dict[str, Any], second: dict[str, Any]) -> Inventory:
    return inventory_of("Europe/Berlin", {"first": WEEK | first, "second": WEEK | second})


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_coverage_is_what_a_watcher_of_the_clock_sees(
    data: st.DataObject, clockwatcher: SimpleNamespace, inventory_of: Callable[..., Inventory]
) -> None:
    day, zone = data.draw(st.sampled_from(clockwatcher.DAYS)), data.draw(st.sampled_from(clockwatcher.ZONES))
    rotations = [data.draw(clockwatcher.a_rotation(around=day)) for _ in range(data.draw(st.integers(1, 3)))]
    inventory = inventory_of(zone, {f"r{n}": found for n, found in enumerate(rotations)})
    start = utc(day) - timedelta(hours=data.draw(st.integers(0, 40)))
    end = start + timedelta(hours=data.draw(st.integers(1, 60)))
    watched = zip(*(clockwatcher.holder_by_minute(found, zone, start, end) for found in rotations), strict=True)
    somebody = [any(holders) for holders in watched]

    there, away = covered(inventory, "edge", "sun", start, end), gaps(inventory, "edge", "internal", start, end)

    ticks = [start + timedelta(minutes=n) for n in range(len(somebody))]
    assert [any(first <= at < last for first, last in there) for at in ticks] == somebody
    assert [not any(first <= at < last for first, last in away) for at in ticks] == somebody


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_rotations_overlap_when_a_watcher_of_the_clock_ever_sees_both(
    data: st.DataObject, clockwatcher: SimpleNamespace, inventory_of: Callable[..., Inventory]
) -> None:
    day, zone = data.draw(st.sampled_from(clockwatcher.DAYS)), data.draw(st.sampled_from(clockwatcher.ZONES))
    pair = [data.draw(clockwatcher.a_rotation(around=day, back=6, until=True)) for _ in range(2)]
    zones = [zone, data.draw(st.sampled_from(clockwatcher.ZONES))]
    somebody = [found.model_copy(update={"people": ("ana",)}) for found in pair]
    somebody = [
        found.model_copy(update={"before": found.before and _everybody(found.before), "time_zone": own})
        for found, own in zip(somebody, zones, strict=True)
    ]
    inventory = inventory_of("UTC", dict(zip("ab", somebody, strict=True)))
    start, end = utc(day) - timedelta(days=10), utc(day) + timedelta(days=6)
    first, second = (
        clockwatcher.holder_by_minute(found, own, start, end) for found, own in zip(somebody, zones, strict=True)
    )

    assert ever_overlap(inventory, "edge", "sun", "a", "b") == any(map(_both, first, second))


def _both(one: str | None, two: str | None) -> bool:
    return one is not None and two is not None


def _everybody(lineup: Any) -> Any:
    before = lineup.before and _everybody(lineup.before)
    return lineup.model_copy(update={"people": ("ana",), "before": before})


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ({}, {}, True),
        ({"until": "2026-03-08"}, {"since": "2026-03-09"}, False),
        ({"until": "2026-03-09"}, {"since": "2026-03-09"}, True),
        ({"only": "09:00-17:00"}, {"only": "17:00-09:00"}, False),
        ({"only": "09:00-17:00"}, {}, True),
        ({"only": "09:00-17:00"}, {"only": "09:00-16:00", "time_zone": "Asia/Tokyo"}, False),
        ({"only": "09:00-17:00"}, {"only": "09:00-17:00", "time_zone": "Asia/Tokyo"}, True),  # in summer
        # for the weeks in which only New York's clocks have changed
        ({"only": "12:00-18:00"}, {"only": "12:00-13:00", "time_zone": "America/New_York"}, True),
        ({"only": "12:00-17:00"}, {"only": "12:00-13:00", "time_zone": "America/New_York"}, False),
    ],
)
def test_rotations_overlap(
    inventory_of: Callable[..., Inventory], first: dict[str, Any], second: dict[str, Any], overlap: bool
) -> None:
    assert ever_overlap(of_two(inventory_of, first, second), "edge", "sun", "first", "second") == overlap


def test_three_regions_whose_clocks_differ_leave_a_gap(inventory_of: Callable[..., Inventory]) -> None:
    inventory = of_two(inventory_of, {"only": "00:00-18:00"}, {"only": "12:00-18:00", "time_zone": "America/New_York"})

    assert gaps(inventory, "edge", "internal", START, utc("2026-03-29T12:00")) == (
        (utc("2026-03-28T22:00"), utc("2026-03-28T23:00")),
    )


def test_nobody_slots_are_gaps(inventory_of: Callable[..., Inventory]) -> None:
    day = {"people": ["ana", "nobody"], "turn": "1 day", "hand_off": "09:00", "since": "2026-03-28"}

    assert gaps(inventory_of("UTC", {"a": day}), "edge", "internal", utc("2026-03-28T09:00"), END) == (
        (utc("2026-03-29T09:00"), utc("2026-03-30T09:00")),
    )


def test_a_rotation_that_ends_leaves_a_gap_after_it(inventory_of: Callable[..., Inventory]) -> None:
    inventory = inventory_of("UTC", {"a": WEEK | {"until": "2026-03-29 12:00"}})

    assert gaps(inventory, "edge", "internal", START, END) == ((utc("2026-03-29T12:00"), END),)


def test_a_manager_step_leaves_no_gap(inventory_of: Callable[..., Inventory]) -> None:
    inventory = inventory_of("UTC", {"a": WEEK | {"until": "2026-03-29 12:00"}})
    edge = inventory.teams["edge"]
    boss = edge.members[0].model_copy(update={"role": "manager"})
    managed = inventory.model_copy(
        update={
            "tiers": {"internal": Tier.model_validate({"severity": "critical", "manager_after": "10m"})},
            "teams": {"edge": edge.model_copy(update={"members": (boss,)})},
        }
    )

    assert gaps(managed, "edge", "internal", START, END) == ()
