"""Whom a preview names, held against two timelines that somebody made who looks at the clock minute by minute."""

import importlib.util
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.model import Inventory
from oncall.preview.compute import preview
from oncall.preview.model import Preview, Side
from oncall.preview.report import report


def _clockwatcher() -> ModuleType:
    """The naive idea of time that the timelines themselves are tested with."""
    path = Path(__file__).parents[1] / "shifts" / "conftest.py"
    spec = importlib.util.spec_from_file_location("clockwatcher", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CLOCK = _clockwatcher()
PEOPLE = ("ana", "bo", "cy", "dee")
DAYS = 2
Exceptions = list[dict[str, Any]]


def inventory(zone: str, rotations: dict[str, Any], leave: Exceptions, overrides: Exceptions, swaps: Exceptions = ()):
    people = {key: {"name": f"{key} of Edge", "email": f"{key}@acme.example"} for key in PEOPLE}
    edge = {
        "name": "Edge",
        "pages_through": "pagerduty",
        "members": list(people),
        "schedules": {"sun": {"rotations": rotations}},
        "escalation": [{"notify": "sun"}],
    }
    return Inventory.model_validate(
        {
            "organization": "Acme",
            "time_zone": zone,
            "people": people,
            "tiers": {"internal": {"severity": "critical"}},
            "teams": {"edge": edge},
            "servers": {},
            "bridge": {"fallback": "edge"},
            "leave": leave,
            "overrides": overrides,
            "swaps": list(swaps),
        }
    )


def dates(draw: st.DrawFn, around: datetime) -> dict[str, str]:
    first, last = sorted(draw(st.lists(st.integers(-3, 5), min_size=2, max_size=2)))
    return {"from": f"{around + timedelta(days=first):%Y-%m-%d}", "to": f"{around + timedelta(days=last):%Y-%m-%d}"}


@st.composite
def a_side(draw: st.DrawFn, around: datetime) -> dict[str, Any]:
    person = st.sampled_from(PEOPLE)
    instead: list[dict[str, str]] = [{}, *({"instead_of": each} for each in PEOPLE)]
    day = f"{around:%Y-%m-%d}"
    return {
        "zone": draw(st.sampled_from(CLOCK.ZONES)),
        "rotations": {key: draw(CLOCK.a_rotation(around=day)) for key in ("a", "b")},
        "leave": [
            {"person": draw(person), "cover": draw(person), **dates(draw, around)}
            for _ in range(draw(st.integers(0, 2)))
        ],
        "overrides": [
            {"schedule": "edge/sun", "person": draw(person), **draw(st.sampled_from(instead)), **dates(draw, around)}
            for _ in range(draw(st.integers(0, 2)))
        ],
    }


@st.composite
def an_edit(draw: st.DrawFn) -> tuple[datetime, dict[str, Any], dict[str, Any]]:
    """A moment, and a side with some of its words changed: all others stay."""
    around = datetime.fromisoformat(draw(st.sampled_from(CLOCK.DAYS))).replace(tzinfo=UTC)
    base, other = draw(a_side(around)), draw(a_side(around))
    words = draw(st.sets(st.sampled_from(("zone", "a", "order", "leave", "overrides")), min_size=1, max_size=2))
    head = dict(base)
    for word in sorted(words):
        rotations = head["rotations"]
        if word == "a":
            head["rotations"] = {**rotations, "a": other["rotations"]["a"]}
        elif word == "order":
            people = tuple(draw(st.permutations(rotations["b"].people)))
            head["rotations"] = {**rotations, "b": rotations["b"].model_copy(update={"people": people})}
        else:
            head[word] = other[word]
    return around + timedelta(hours=draw(st.integers(-24, 24))), base, head


def seen(side: dict[str, Any], start: datetime, end: datetime) -> list[set[str]]:
    """Who is on call in each minute: looked up by turn, then one exception after the other."""
    zone = side["zone"]
    turns = [CLOCK.holder_by_minute(rotation, zone, start, end) for rotation in side["rotations"].values()]
    parts = [one for one in side["overrides"] if "instead_of" in one]
    found = []
    for minute, (_, shown) in enumerate(CLOCK.minutes(start, end, zone)):
        today = f"{shown:%Y-%m-%d}"
        whole = {o["person"] for o in side["overrides"] if "instead_of" not in o and o["from"] <= today <= o["to"]}
        holders = [covering(side["leave"], holders[minute], today) for holders in turns if holders[minute]]
        found.append(whole or {covering(parts, person, today) for person in holders})
    return found


def covering(exceptions: Exceptions, person: str, today: str) -> str:
    """Who takes a person's shift today: by the exception that began first."""
    for one in sorted(exceptions, key=lambda found: found["from"]):
        takes, by = (one["instead_of"], one["person"]) if "instead_of" in one else (one["person"], one["cover"])
        if takes == person and one["from"] <= today <= one["to"] and by != person:
            return str(by)
    return person


def differing(before: list[set[str]], after: list[set[str]]) -> tuple[Counter[str], Counter[str]]:
    """How many minutes each person loses, and wins."""
    lost, won = Counter[str](), Counter[str]()
    for held, holds in zip(before, after, strict=True):
        lost.update(held - holds)
        won.update(holds - held)
    return lost, won


def held_against(found: Preview, lost: Counter[str], won: Counter[str]) -> None:
    minute = timedelta(minutes=1)
    assert {one.person: one.lost // minute for one in found.hours if one.lost} == dict(lost)
    assert {one.person: one.won // minute for one in found.hours if one.won} == dict(won)
    sections = {section.title: section for section in report(found).sections}
    told = sections.get(f"Hours on call in these {DAYS} days")
    assert {row[0] for row in (told.rows if told else ())} == {f"{key} of Edge" for key in {*lost, *won}}
    assert ("shifts change;" in found.verdict or "shifts change (" in found.verdict) == bool(lost or won)


@settings(max_examples=60)
@given(made=an_edit())
def test_a_preview_names_every_person_whose_minutes_differ_and_nobody_else(made: tuple[datetime, Any, Any]) -> None:
    now, base, head = made
    end = now + timedelta(days=DAYS)
    found = preview(Side(inventory(**base)), Side(inventory(**head)), now, DAYS)

    held_against(found, *differing(seen(base, now, end), seen(head, now, end)))


@settings(max_examples=40)
@given(data=st.data())
def test_a_swap_names_the_two_who_swap_in_the_turns_that_they_swap(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(CLOCK.ZONES))
    first = datetime.fromisoformat(data.draw(st.sampled_from(CLOCK.DAYS)))
    people = data.draw(st.permutations(PEOPLE))[: data.draw(st.integers(2, 4))]
    days = data.draw(st.sampled_from((1, 7)))
    one, other = data.draw(st.lists(st.integers(0, 5), min_size=2, max_size=2, unique=True))
    two = (people[one % len(people)], people[other % len(people)])
    hour = data.draw(st.integers(0, 23))
    rotation = {"people": people, "turn": f"{days} days", "since": f"{first:%Y-%m-%d}", "hand_off": f"{hour:02}:00"}
    turns = [f"{first + timedelta(days=days * number):%Y-%m-%d}" for number in (one, other)]
    if two[0] == two[1]:
        return
    swap = {"schedule": "edge/sun", "people": list(two), "turns": turns}
    base = inventory(zone, {"a": rotation}, [], [])
    head = inventory(zone, {"a": rotation}, [], [], [swap])
    now = (first + timedelta(days=data.draw(st.integers(0, 6 * days)))).replace(tzinfo=UTC)
    end = now + timedelta(days=DAYS)

    begins = first.replace(hour=hour)
    before: list[set[str]] = []
    after: list[set[str]] = []
    for _, shown in CLOCK.minutes(now, end, zone):
        number = (shown - begins) // timedelta(days=days)
        holder = {people[number % len(people)]} if number >= 0 else set()
        before.append(holder)
        after.append({two[1]} if number == one else {two[0]} if number == other else holder)
    held_against(preview(Side(base), Side(head), now, DAYS), *differing(before, after))


@settings(max_examples=40)
@given(made=an_edit())
def test_what_is_the_same_is_nothing(made: tuple[datetime, Any, Any]) -> None:
    now, base, _ = made
    found = preview(Side(inventory(**base)), Side(inventory(**base)), now)

    assert (found.empty, found.exit_code, found.verdict, report(found).sections) == (True, 0, "nothing changes", ())
