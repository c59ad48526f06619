"""What PagerDuty makes of shift-based schedules is what the inventory says, to the second, for 200 days.

The sandbox expands the stored events by rules of its own, in UTC and by the clock of the event's zone: it is not
published which of the two BYDAY and BYMONTHDAY mean, so nothing may hang on it.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.model.escalation import ScheduleRef
from oncall.shifts.intervals import merge
from oncall.shifts.rota import Rota
from oncall.targets import PAGERDUTY
from sandbox.pagerduty.shift_models import Member, Rotation, ShiftEvent, ShiftOverride, ShiftSchedule
from sandbox.pagerduty.shift_render import assignments

SINCE, UNTIL = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=200)
BEFORE = datetime(2026, 9, 1, tzinfo=UTC)
PEOPLE = ("ana", "bo", "cy", "dee")
ZONES = ("UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/Bogota", "Pacific/Kiritimati")
WINDOWS = (
    "08:00-20:00",
    "20:00-08:00",
    "22:30-06:15",
    "Mon-Fri 09:00-18:00",
    ["Mon-Thu 18:00-09:00", "Fri 18:00 - Mon 09:00"],
    "Sat-Sun 00:00-24:00",
    ["00:00-03:00", "12:00-15:00"],
)
TURNS = ("1 hour", "5 hours", "8 hours", "12 hours", "36 hours", "1 day", "2 days", "3 days", "1 week", "2 weeks")
MONTHS = ("1 month", "2 months", "3 months")

line_ups = st.lists(st.sampled_from((*PEOPLE, "nobody")), min_size=1, max_size=5)
clocks = st.sampled_from(("09:00", "00:00", "21:30", "02:30"))


@st.composite
def rotations(draw):
    turn = draw(st.sampled_from(TURNS))
    clock = draw(clocks)
    words = {
        "people": draw(line_ups),
        "turn": turn,
        "hand_off": f"Mon {clock}" if "week" in turn else clock,
        "since": draw(st.sampled_from(("2026-03-23", "2026-10-05", "2026-10-19"))),
        "time_zone": draw(st.sampled_from(ZONES)),
    }
    if (only := draw(st.none() | st.sampled_from(WINDOWS))) is not None:
        words["only"] = only
    if draw(st.booleans()):
        later = {"since": "2026-12-07", "people": draw(line_ups)}
        if draw(st.booleans()):
            later["takes_over"] = draw(st.sampled_from(("2026-12-08 13:00", "2026-12-07 22:45", "2026-12-20 09:00")))
        words = words | later | {"before": {"people": words["people"], "since": words["since"]}}
    if draw(st.integers(0, 3)) == 0:
        words["until"] = draw(st.sampled_from(("2027-03-14", "2027-01-01 11:11")))
    return words


@st.composite
def monthly(draw):
    zone = draw(st.sampled_from(ZONES))
    morning = {"Asia/Kolkata": "05:30", "Asia/Kathmandu": "06:00", "Pacific/Kiritimati": "14:00"}.get(zone, "00:30")
    return {
        "people": draw(st.lists(st.sampled_from((*PEOPLE, "nobody")), min_size=1, max_size=3)),
        "turn": draw(st.sampled_from(MONTHS)),
        "hand_off": draw(st.sampled_from((morning, "18:00"))),
        "since": draw(st.sampled_from(("2025-10-01", "2026-09-28", "2026-11-15", "2026-12-02"))),
        "time_zone": zone,
        **draw(st.sampled_from(({}, {"until": "2027-02-10"}, {"until": "2027-02-28 12:00"}))),
    }


def stored_event(words, zone, now):
    (strategy,) = words["assignment_strategies"]
    instants = {name: datetime.fromisoformat(words[name]) for name in ("start_time", "end_time", "effective_since")}
    return ShiftEvent(
        id=words["name"],
        name=words["name"],
        start=instants["start_time"],
        end=instants["end_time"],
        start_zone=zone,
        end_zone=zone,
        since=max(now, instants["effective_since"]),
        until=None,
        recurrence=words["recurrences"],
        turns=strategy["shifts_per_member"],
        members=tuple(Member(one["user_id"].key if "user_id" in one else None) for one in strategy["members"]),
    )


def stored_schedules(resources, now):
    """The schedules the account would hold, by key, with the overrides of the resources."""
    found = {}
    for resource in resources:
        if resource.kind == "pagerduty:Schedulev2":
            zone = resource.properties["time_zone"]
            schedule = ShiftSchedule(resource.key, resource.properties["name"], zone, None, [])
            for place, rotation in enumerate(resource.properties["rotations"]):
                (event,) = (stored_event(words, zone, now) for words in rotation["events"])
                schedule.rotations[str(place)] = Rotation(f"rotations[{place}].id", {event.id: event})
            found[resource.key] = schedule
        elif resource.kind == "pagerduty:ShiftOverride":
            words = resource.properties
            found[words["schedule_id"].key].overrides[resource.key] = ShiftOverride(
                resource.key,
                words["rotation_id"].field,
                None,
                datetime.fromisoformat(words["start"]),
                datetime.fromisoformat(words["end"]),
                Member(words["overridden_user_id"].key),
                Member(words["user_id"].key),
            )
    return found


def rendered(resources, now=BEFORE, wall_clock=False):
    """When the account has each person on call, over all schedules."""
    held = {}
    for schedule in stored_schedules(resources, now).values():
        for one in assignments(schedule, max(SINCE, now), UNTIL, wall_clock=wall_clock):
            if one.member.user:
                held.setdefault(one.member.user, []).append((one.start, one.end))
    for resource in resources:
        if resource.kind == "pagerduty:CustomShift":
            words = resource.properties
            held.setdefault(words["user_id"].key, []).append(
                (datetime.fromisoformat(words["start"]), datetime.fromisoformat(words["end"]))
            )
    return {person: merge(parts) for person, parts in held.items()}


def said(inventory, now=BEFORE):
    """When the inventory has each person on call."""
    held = {}
    for shift in Rota(inventory).timeline(ScheduleRef("platform", "primary"), max(SINCE, now), UNTIL).shifts:
        held.setdefault(shift.person, []).append((shift.start, shift.end))
    return {person: merge(parts) for person, parts in held.items()}


@pytest.fixture(scope="session")
def shifting(acme, team):
    """An organisation of one team whose schedule of these rotations is kept as shifts."""

    def make(rotations, **nouns):
        words = {"pagerduty": {"schedules": "shifts"}, "schedules": {"primary": {"rotations": rotations}}}
        return acme(teams={"platform": team(**words)}, **nouns)

    return make


@pytest.mark.parametrize("wall_clock", [False, True], ids=["in UTC", "by the zone's clock"])
@settings(max_examples=60, deadline=None)
@given(words=st.dictionaries(st.sampled_from(("a", "b", "c")), rotations(), min_size=1))
def test_shifts_are_those_of_the_inventory(shifting, wall_clock, words):
    inventory = shifting(words)
    assert rendered(PAGERDUTY.desired(inventory, BEFORE), wall_clock=wall_clock) == said(inventory)


@pytest.mark.parametrize("wall_clock", [False, True], ids=["in UTC", "by the zone's clock"])
@settings(max_examples=40, deadline=None)
@given(words=monthly())
def test_turns_of_months_are_those_of_the_inventory(shifting, wall_clock, words):
    inventory = shifting({"a": words})
    assert rendered(PAGERDUTY.desired(inventory, BEFORE), wall_clock=wall_clock) == said(inventory)


@settings(max_examples=30, deadline=None)
@given(words=st.dictionaries(st.sampled_from(("a", "b")), rotations(), min_size=1))
def test_what_is_over_has_no_say_in_what_follows(shifting, words):
    inventory = shifting(words)
    now = datetime(2026, 12, 21, 12, 34, tzinfo=UTC)
    assert rendered(PAGERDUTY.desired(inventory, now), now) == said(inventory, now)


@settings(max_examples=60, deadline=None)
@given(
    words=st.dictionaries(st.sampled_from(("a", "b")), rotations(), min_size=1),
    times=st.sampled_from(
        (
            ("2026-12-06 20:00", "2026-12-08 20:00"),
            ("2026-11-14 00:00", "2026-11-29 00:00"),
            ("2027-01-01 00:00", "2027-01-01 00:30"),
        )
    ),
)
def test_an_override_puts_its_person_alone_on_call(shifting, words, times):
    override = {"schedule": "platform/primary", "person": "dee", "from": times[0], "to": times[1]}
    inventory = shifting(words, overrides=[override], time_zone="UTC")
    resources = PAGERDUTY.desired(inventory, BEFORE)
    there = any(resource.kind == "pagerduty:Schedulev2" for resource in resources)
    assert rendered(resources) == (said(inventory) if there else {})


@settings(max_examples=60, deadline=None)
@given(words=st.dictionaries(st.sampled_from(("a", "b")), rotations(), min_size=1), data=st.data())
def test_leave_swaps_and_overrides_put_each_other_aside_as_they_do_in_the_inventory(shifting, words, data):
    away = [
        {"person": "ana", "from": "2026-11-10", "to": "2026-12-09", "cover": "dee"},
        {"person": "bo", "from": "2026-12-01 10:30", "to": "2026-12-12 17:00", "cover": "cy"},
    ]
    override = {"schedule": "platform/primary", "person": "dee", "from": "2026-12-08 03:00", "to": "2026-12-09 15:00"}
    instead = override | {"instead_of": "ana", "person": "bo"}
    inventory = shifting(
        words,
        leave=data.draw(st.sampled_from(([], away[:1], away))),
        overrides=data.draw(st.sampled_from(([], [override], [instead]))),
        time_zone="UTC",
    )
    resources = PAGERDUTY.desired(inventory, BEFORE)
    there = any(resource.kind == "pagerduty:Schedulev2" for resource in resources)
    assert rendered(resources) == (said(inventory) if there else {})
