"""Whom an escalation tells at an instant, held against the naive clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.shifts.paging import on_call
from oncall.shifts.rota import Rota

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
WEEK = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-03-02"}
InventoryOf = Callable[..., Inventory]


def people(found: Any) -> list[tuple[int, list[str]]]:
    return [(step.after // timedelta(minutes=1), [told.person for told in step.people]) for step in found.steps]


def test_steps_tell_whoever_is_on_call_and_those_they_name(inventory_of: InventoryOf) -> None:
    escalation = [{"notify": "sun"}, {"notify": ["dee", "sun"], "after": "5m"}]
    rota = Rota(
        inventory_of("UTC", {"weekly": {"people": ["ana", "bo"], **WEEK}}, {"team": {"escalation": escalation}})
    )

    found = on_call(rota, "edge", NOON)

    assert people(found) == [(0, ["ana"]), (5, ["dee", "ana"])]
    named, by_turn = found.steps[1].people
    assert (named.schedule, named.shift) == (None, None)
    assert (by_turn.schedule, by_turn.shift.rotation, by_turn.shift.why) == (
        ScheduleRef("edge", "sun"),
        "weekly",
        "turn",
    )


def test_somebody_whom_several_ways_lead_to_is_told_once(inventory_of: InventoryOf) -> None:
    escalation = [{"notify": ["sun", "ana"]}]
    rota = Rota(inventory_of("UTC", {"weekly": {"people": ["ana"], **WEEK}}, {"team": {"escalation": escalation}}))

    assert people(on_call(rota, "edge", NOON)) == [(0, ["ana"])]


def test_a_step_with_nobody_behind_it_stays_and_is_empty(inventory_of: InventoryOf) -> None:
    rota = Rota(inventory_of("UTC", {"night": {"people": ["ana"], "only": "20:00-08:00", **WEEK}}))

    assert people(on_call(rota, "edge", NOON)) == [(0, [])]


def test_why_somebody_has_a_shift_is_told(inventory_of: InventoryOf) -> None:
    leave = {"person": "ana", "from": "2026-03-04", "to": "2026-03-04", "cover": "cy"}
    rota = Rota(inventory_of("UTC", {"weekly": {"people": ["ana"], **WEEK}}, {"nouns": {"leave": [leave]}}))

    ((told,),) = (step.people for step in on_call(rota, "edge", NOON).steps)
    assert (told.person, told.shift.why, told.shift.instead_of) == ("cy", "leave", "ana")


@pytest.mark.parametrize(
    "members, expected", [(["ana", {"dee": "manager"}], [("internal", 10, ("dee",))]), (["ana"], [])]
)
def test_a_tier_in_use_adds_its_managers(inventory_of: InventoryOf, members: list[Any], expected: list[Any]) -> None:
    tiers = {"internal": {"severity": "critical", "manager_after": "10m"}, "author": {"severity": "high"}}
    more = {"team": {"members": members}, "nouns": {"tiers": tiers}}
    rota = Rota(inventory_of("UTC", {"weekly": {"people": ["ana"], **WEEK}}, more))

    found = on_call(rota, "edge", NOON).managers
    assert [(step.tier, step.after // timedelta(minutes=1), step.people) for step in found] == expected


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_on_call_is_what_a_look_at_the_clock_says(
    data: st.DataObject, inventory_of: InventoryOf, clockwatcher: SimpleNamespace
) -> None:
    zone, day = data.draw(st.sampled_from(clockwatcher.ZONES)), data.draw(st.sampled_from(clockwatcher.DAYS))
    rotations = [data.draw(clockwatcher.a_rotation(around=day)) for _ in range(data.draw(st.integers(1, 2)))]
    names = [f"r{number}" for number in range(len(rotations))]
    inventory = inventory_of(zone, {name: {"people": ["ana"], **WEEK} for name in names})
    sun = (
        inventory.teams["edge"]
        .schedules["sun"]
        .model_copy(update={"rotations": dict(zip(names, rotations, strict=True))})
    )
    edge = inventory.teams["edge"].model_copy(update={"schedules": {"sun": sun}})
    rota = Rota(inventory.model_copy(update={"teams": {"edge": edge}}))
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    held = [clockwatcher.holder_by_minute(one, zone, start, start + timedelta(hours=30)) for one in rotations]

    for minute in range(0, 30 * 60, 7):
        expected = list(dict.fromkeys(one[minute] for one in held if one[minute] is not None))
        assert people(on_call(rota, "edge", start + timedelta(minutes=minute))) == [(0, expected)]
