"""What the vendors make of our schedules is what the inventory says: the sandbox's renderings against `oncall.shifts`.

The sandbox reads stored layers and rotations by rules of its own, written from the vendors' documents.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.model import Inventory
from oncall.model.escalation import ScheduleRef
from oncall.shifts.rota import Rota
from oncall.targets import OPSGENIE, PAGERDUTY
from sandbox.opsgenie.rendering import Plan
from sandbox.pagerduty.render import layer_spans, overlay

PEOPLE = ("ana", "bo", "cy", "dee", "eve")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC")
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
# Around the changes of the clocks in Berlin and New York, and across the line-ups below.
PERIODS = tuple(
    (datetime.fromisoformat(start).replace(tzinfo=UTC), datetime.fromisoformat(end).replace(tzinfo=UTC))
    for start, end in (
        ("2026-03-27", "2026-03-31"),
        ("2026-10-23", "2026-11-03"),
        ("2026-12-05", "2026-12-09"),
        ("2027-03-12", "2027-03-16"),
        ("2027-03-26", "2027-03-30"),
    )
)

people = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=5, unique=True)
windows = st.sampled_from(
    (
        None,
        "08:00-20:00",
        "20:00-08:00",
        "22:30-06:15",
        "Mon-Fri 09:00-18:00",
        ["Mon-Thu 18:00-09:00", "Fri 18:00 - Mon 09:00"],
        "Sat-Sun 00:00-24:00",
        ["00:00-03:00", "12:00-15:00"],
    )
)
WALL_CLOCK_TURNS = ("1 week", "2 weeks", "1 day", "3 days")
HOUR_TURNS = ("1 hour", "6 hours", "8 hours", "12 hours", "24 hours", "5 hours", "36 hours")


def _hand_off(turn: str, clock: str) -> str:
    return f"Mon {clock}" if "week" in turn else clock


@st.composite
def rotations(draw, turns, zones):
    turn = draw(st.sampled_from(turns))
    clock = draw(st.sampled_from(("09:00", "00:00", "21:30", "02:30")))
    words = {
        "people": draw(people),
        "turn": turn,
        "hand_off": _hand_off(turn, clock),
        "since": draw(st.sampled_from(("2026-03-23", "2026-10-05", "2026-10-19"))),
        "time_zone": draw(st.sampled_from(zones)),
    }
    if (only := draw(windows)) is not None:
        words["only"] = only
    if draw(st.booleans()):
        later = {"since": "2026-12-07", "people": draw(people)}
        if draw(st.booleans()):  # within a turn, and on a quarter that no hand-off is at
            later |= {"takes_over": draw(st.sampled_from(("2026-12-07 15:30", "2026-12-09 04:00"))), "rollout": "now"}
        words = words | later | {"before": {"people": words["people"], "since": words["since"]}}
    if draw(st.integers(0, 3)) == 0:
        words["until"] = "2027-03-14"
    return words


def inventory_of(target: str, words: dict, overlap: str = "all") -> Inventory:
    team = {
        "name": "Platform",
        "pages_through": target,
        "members": list(PEOPLE),
        "schedules": {"primary": {"rotations": words, "overlap": overlap}},
        "escalation": [{"notify": "primary"}],
    }
    return Inventory.model_validate(
        {
            "organization": "Acme",
            "people": {key: {"name": key, "email": f"{key}@acme.example"} for key in PEOPLE},
            "tiers": {"internal": {"severity": "critical"}},
            "teams": {"platform": team},
            "servers": {},
            "bridge": {"fallback": "platform"},
        }
    )


def instants(periods=PERIODS, every=timedelta(minutes=95)):
    for start, end in periods:
        at = start
        while at < end:
            yield at
            at += every


def paged_by_pagerduty(stored, inventory, now):
    """A function that says whom all the vendor's schedules together have on call at an instant."""
    spans = []
    for resource in PAGERDUTY.desired(inventory, now):
        if resource.kind != "pagerduty:Schedule":
            continue
        zone, layers = resource.properties["time_zone"], map(stored.layer, resource.properties["layers"])
        rendered = []
        for layer in layers:
            for start, end in PERIODS:
                rendered = overlay(rendered, layer_spans(layer, zone, start, end))
        spans += rendered
    return lambda at: {span.user for span in spans if span.start <= at < span.end}


def paged_by_opsgenie(stored, inventory, now):
    """A function that says whom all the vendor's schedules together have on call at an instant."""
    resources = OPSGENIE.desired(inventory, now)
    zones = {one.key: one.properties["timezone"] for one in resources if one.kind == "opsgenie:Schedule"}
    plans = []
    for resource in resources:
        if resource.kind != "opsgenie:Rotation":
            continue
        zone = ZoneInfo(zones[resource.properties["schedule_id"].key])
        plans.append(Plan(zone, (stored.rotation(resource),)))
    return lambda at: {who.name for plan in plans if (who := plan.holder(plan.rotations[0], at))}


def said_by_inventory(inventory, at):
    return {shift.person for shift in Rota(inventory).on_call(ScheduleRef("platform", "primary"), at)}


ASKED = tuple(instants())


def differences(inventory, paged, since=BEFORE, asked=ASKED):
    return [
        (at.isoformat(), said, got)
        for at in asked
        if at >= since and (said := said_by_inventory(inventory, at)) != (got := paged(at))
    ]


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(("a", "b", "c")), rotations(WALL_CLOCK_TURNS + HOUR_TURNS, ZONES), min_size=1))
def test_pagerduty_pages_whom_the_inventory_says(stored, words):
    inventory = inventory_of("pagerduty", words)
    assert differences(inventory, paged_by_pagerduty(stored, inventory, BEFORE)) == []


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(("a", "b", "c")), rotations(WALL_CLOCK_TURNS + HOUR_TURNS, ("Europe/Berlin",)), min_size=2
    )
)
def test_pagerduty_lets_the_later_written_rotation_win(stored, words):
    inventory = inventory_of("pagerduty", words, "last_wins")
    assert differences(inventory, paged_by_pagerduty(stored, inventory, BEFORE)) == []


@settings(max_examples=10, deadline=None)
@given(st.dictionaries(st.sampled_from(("a", "b")), rotations(WALL_CLOCK_TURNS, ZONES), min_size=1))
def test_what_is_over_has_no_say_in_what_follows(stored, words):
    inventory = inventory_of("pagerduty", words)
    now = datetime(2026, 12, 8, tzinfo=UTC)
    assert differences(inventory, paged_by_pagerduty(stored, inventory, now), now) == []


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(("a", "b", "c")), rotations(WALL_CLOCK_TURNS, ZONES), min_size=1))
def test_opsgenie_pages_whom_the_inventory_says(stored, words):
    inventory = inventory_of("opsgenie", words)
    assert differences(inventory, paged_by_opsgenie(stored, inventory, BEFORE)) == []


@settings(max_examples=20, deadline=None)
@given(rotations(HOUR_TURNS, ("UTC",)))
def test_opsgenie_keeps_turns_of_hours_where_the_clocks_never_change(stored, words):
    inventory = inventory_of("opsgenie", {"a": words})
    assert differences(inventory, paged_by_opsgenie(stored, inventory, BEFORE)) == []


@pytest.mark.parametrize("turn", ["1 hour", "2 hours"])
def test_a_first_turn_in_the_missing_hour_does_not_move_those_of_later_days(stored, turn):
    words = {
        "people": list(PEOPLE),
        "turn": turn,
        "hand_off": "00:30",
        "since": "2026-03-29",
        "time_zone": "Europe/Berlin",
    }
    inventory = inventory_of("pagerduty", {"a": words})
    asked = tuple(instants(PERIODS[:1], timedelta(minutes=15)))
    assert differences(inventory, paged_by_pagerduty(stored, inventory, BEFORE), asked=asked) == []
