"""What people hold over all schedules, and who is proposed to stand in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.shifts.held import Held
from oncall.shifts.proposals import proposals
from oncall.shifts.rota import Rota

PRIMARY, SECONDARY, DAYS = ScheduleRef("core", "primary"), ScheduleRef("core", "secondary"), ScheduleRef("edge", "days")
START, END = datetime(2026, 12, 21, 8, tzinfo=UTC), datetime(2026, 12, 28, 8, tzinfo=UTC)  # bo's week
HOUR = timedelta(hours=1)


def weekly(*people: str) -> dict[str, Any]:
    return {"people": people, "turn": "1 week", "hand_off": "Mon 08:00", "since": "2026-11-30"}


def held(people: dict[str, Any] | None = None, **more: Any) -> Held:
    keys = ("ana", "bo", "cy", "dee", "eli", "fay")
    nouns = {key: {"name": key, "email": f"{key}@acme.example"} | (people or {}).get(key, {}) for key in keys}
    core = {
        "name": "Core",
        "pages_through": "pagerduty",
        "members": ["ana", "bo", "cy", {"dee": "manager"}, {"fay": "observer"}],
        "schedules": {
            "primary": {"rotations": {"weekly": weekly("ana", "cy", "ana", "bo")}},
            "secondary": {"rotations": {"weekly": weekly("bo", "dee")}},
        },
        "escalation": [{"notify": "primary"}],
    }
    edge = {**core, "name": "Edge", "members": ["eli", "cy"], "escalation": [{"notify": "days"}]}
    edge["schedules"] = {"days": {"rotations": {"weekly": weekly("eli")}}}
    data = {
        "organization": "Acme",
        "people": nouns,
        "tiers": {"internal": {"severity": "critical"}},
        "teams": {"core": core, "edge": edge},
        "servers": {},
        "bridge": {"fallback": "core"},
    }
    return Held(Rota(Inventory.model_validate(data | more)))


def named(found: Held, absent: frozenset[str] = frozenset({"bo"})) -> list[tuple[str, float, bool, str | None]]:
    return [
        (one.person, one.carried / HOUR, one.takes_turns, one.holiday)
        for one in proposals(found, PRIMARY, START, END, absent)
    ]


def test_whoever_takes_turns_comes_first_and_of_those_who_carried_least() -> None:
    # dee is on call in secondary that week, fay only watches
    assert named(held()) == [("cy", 168, True, None), ("ana", 336, True, None)]


def test_whoever_is_away_is_not_proposed() -> None:
    leave = [{"person": "cy", "from": "2026-12-27", "to": "2026-12-30"}]
    assert named(held(leave=leave)) == [("ana", 336, True, None)]


def test_whoever_leaves_before_is_not_proposed() -> None:
    assert named(held({"cy": {"until": "2026-12-27"}})) == [("ana", 336, True, None)]
    assert [one[0] for one in named(held({"cy": {"until": "2026-12-28"}}))] == ["cy", "ana"]


def test_whoever_is_on_call_elsewhere_is_not_proposed_by_override_either() -> None:
    override = {"schedule": "edge/days", "person": "cy", "from": "2026-12-24", "to": "2026-12-24"}
    assert named(held(overrides=[override])) == [("ana", 336, True, None)]


def test_a_public_holiday_puts_people_last_and_is_named() -> None:
    assert named(held({"cy": {"holidays": "DE"}})) == [
        ("ana", 336, True, None),
        ("cy", 168, True, "Christmas Day"),
    ]


def test_other_members_come_after_those_who_take_turns() -> None:
    found = held(overrides=[{"schedule": "core/secondary", "person": "bo", "from": "2026-12-20", "to": "2026-12-31"}])
    assert [(one[0], one[2]) for one in named(found)] == [("cy", True), ("ana", True), ("dee", False)]


def test_what_is_held_counts_swaps_covers_and_overrides_over_all_schedules() -> None:
    found = held(
        swaps=[{"schedule": "core/primary", "people": ["bo", "cy"], "turns": ["2026-12-21", "2026-12-07"]}],
        leave=[{"person": "dee", "from": "2026-12-21", "to": "2026-12-22", "cover": "cy"}],
    )
    assert found.schedules_of("cy") == (PRIMARY, SECONDARY)
    assert [(one.ref.schedule, one.shift.why) for one in found.shifts("cy", START, END)] == [
        ("secondary", "leave"),
        ("primary", "swap"),
    ]
    assert found.shifts("bo", START, END) == ()
    assert found.hours("cy", START, END) == timedelta(days=7)


@pytest.mark.parametrize("person", ["fay", "nobody"])
def test_who_takes_no_turns_holds_nothing(person: str) -> None:
    assert held().shifts(person, START, END) == ()
