"""Swaps, leave, holidays and overrides at the vendors: what the sandbox renders of all a target makes is what the
inventory says, at every instant of 200 days in which clocks are put back and forward.

Both sides change only at edges they know of: they are compared at all edges of either, and in between as well, so that
an edge that one of them does not know of shows.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.model import Inventory
from oncall.shifts.rota import Rota
from oncall.targets import OPSGENIE, PAGERDUTY
from sandbox.opsgenie.rendering import Override as StoredOverride
from sandbox.opsgenie.rendering import Plan
from sandbox.pagerduty.render import layer_spans, overlay
from sandbox.pagerduty.rota import override_spans

START = datetime(2026, 9, 20, tzinfo=UTC)
END = START + timedelta(days=200)
BETWEEN = timedelta(minutes=97)
BEFORE, MIDWAY = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 11, 15, 12, tzinfo=UTC)
PEOPLE = {
    "ana": {"holidays": "DE-BE", "time_zone": "Europe/Berlin"},
    "bo": {"holidays": "SE", "time_zone": "Europe/Stockholm"},
    "cy": {"holidays": "US", "time_zone": "America/New_York"},
    "dee": {"time_zone": "Asia/Kathmandu"},
    "eve": {},
}
HELD = ("ana", "bo", "cy", "dee")  # eve only stands in

turns = st.sampled_from(("1 week", "2 weeks", "1 day", "3 days"))
hours_turns = st.sampled_from(("12 hours", "8 hours", "1 week"))
windows = st.sampled_from(
    (None, None, "08:00-20:00", "20:00-08:00", "Mon-Fri 09:00-18:00", ["Mon-Thu 18:00-09:00", "Fri 18:00 - Mon 09:00"])
)
days = st.integers(-5, 205).map(lambda n: (START + timedelta(days=n)).date())
clocks = st.sampled_from((None, "00:00", "03:30", "09:00", "17:45"))


@st.composite
def moments(draw, least=1, most=20):
    """A beginning and a later end; each a date, or a date and a time."""
    first = draw(days)
    last = first + timedelta(days=draw(st.integers(least, most)))
    return {
        key: day.isoformat() + (f" {clock}" if (clock := draw(clocks)) else "")
        for key, day in (("from", first), ("to", last))
    }


@st.composite
def rotations(draw, zones, kinds=turns):
    turn, clock = draw(kinds), draw(st.sampled_from(("09:00", "00:00", "02:30")))
    words = {
        "people": draw(st.lists(st.sampled_from(HELD), min_size=1, max_size=4, unique=True)),
        "turn": turn,
        "hand_off": f"Mon {clock}" if "week" in turn else clock,
        "since": draw(st.sampled_from(("2026-08-31", "2026-10-19"))),
        "time_zone": draw(st.sampled_from(zones)),
    }
    if (only := draw(windows)) is not None:
        words["only"] = only
    if draw(st.booleans()):
        later = {"since": "2026-12-07", "people": draw(st.permutations(words["people"]))}
        if draw(st.booleans()):
            later["takes_over"] = "2026-12-07 21:30"
        words = words | later | {"before": {"people": words["people"], "since": words["since"]}}
    return words


@st.composite
def leave(draw):
    person, cover = draw(st.sampled_from(HELD)), draw(st.sampled_from(("eve", *HELD)))
    words = {"person": person, "cover": cover, **draw(moments())}
    return words | ({"schedule": "platform/primary"} if draw(st.booleans()) else {})


@st.composite
def swaps(draw):
    people = draw(st.lists(st.sampled_from(HELD), min_size=2, max_size=2, unique=True))
    return {"schedule": "platform/primary", "people": people, "turns": [draw(days).isoformat(), draw(days).isoformat()]}


@st.composite
def overrides(draw):
    """Overrides of which no two run at the same time (that would be a fault of the inventory)."""
    found, at = [], START
    for _ in range(draw(st.integers(0, 3))):
        begins = at + timedelta(hours=draw(st.integers(1, 900)))
        at = begins + timedelta(minutes=15 * draw(st.integers(1, 12) | st.integers(1, 1200)))  # some within a gap
        words = {
            "schedule": draw(st.sampled_from(("platform/primary", "platform/spare"))),
            "person": draw(st.sampled_from(("eve", *HELD))),
            "from": begins.isoformat(),
            "to": at.isoformat(),
        }
        others = [person for person in HELD if person != words["person"]]
        if draw(st.booleans()):
            words["instead_of"] = draw(st.sampled_from(others))
        found.append(words)
    return found


exceptions = st.fixed_dictionaries(
    {
        "leave": st.lists(leave().filter(lambda one: one["person"] != one["cover"]), max_size=3),
        "swaps": st.lists(swaps(), max_size=2),
        "overrides": overrides(),
    }
)
holidays = st.sampled_from(("ignore", {"cover": "spare/all"}, {"cover": "primary/a"}))


def inventory_of(target, primary, nouns, on_holidays, overlap="all"):
    spare = {"people": ["dee", "ana"], "turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-08-31"}
    team = {
        "name": "Platform",
        "pages_through": target,
        "members": list(PEOPLE),
        "schedules": {
            "primary": {"rotations": primary, "overlap": overlap},
            "spare": {"rotations": {"all": spare}, "time_zone": "America/New_York"},
        },
        "escalation": [{"notify": ["primary", "spare"]}],
        "on_holidays": on_holidays,
    }
    return Inventory.model_validate(
        {
            "organization": "Acme",
            "time_zone": "Europe/Berlin",
            "people": {key: {"name": key, "email": f"{key}@acme.example", **words} for key, words in PEOPLE.items()},
            "tiers": {"internal": {"severity": "critical"}},
            "teams": {"platform": team},
            "servers": {},
            "bridge": {"fallback": "platform"},
            "horizon": "2027-02-15",
            **nouns,
        }
    )


def instant(text):
    return datetime.fromisoformat(text)


class AtPagerDuty:
    """The schedules and overrides a PagerDuty account would hold, each schedule rendered as a whole."""

    def __init__(self, resources, stored, since):
        self.steps = {}
        for schedule in (one for one in resources if one.kind == "pagerduty:Schedule"):
            zone, held = schedule.properties["time_zone"], []
            for layer in map(stored.layer, schedule.properties["layers"]):
                held = overlay(held, layer_spans(layer, zone, since, END))
            made = [
                SimpleNamespace(
                    start=instant(one.properties["start"]),
                    end=instant(one.properties["end"]),
                    user=one.properties["user_id"].key,
                )
                for one in resources
                if one.kind == "pagerduty:ScheduleOverride" and one.properties["schedule_id"].key == schedule.key
            ]
            no_two_at_once(made)
            spans = overlay(held, override_spans(SimpleNamespace(overrides=made), since, END))
            self.steps.setdefault(ours(schedule.key), []).append(spans)

    def edges(self, schedule):
        return {edge for spans in self.steps[schedule] for span in spans for edge in (span.start, span.end)}

    def people(self, schedule, at):
        return {span.user for spans in self.steps[schedule] for span in spans if span.start <= at < span.end}


class AtOpsGenie:
    """The schedules, rotations and overrides an OpsGenie account would hold."""

    def __init__(self, resources, stored, since):
        self.since = since
        self.plans = {}
        for schedule in (one for one in resources if one.kind == "opsgenie:Schedule"):
            rotations_here = tuple(
                stored.rotation(one)
                for one in resources
                if one.kind == "opsgenie:Rotation" and one.properties["schedule_id"].key == schedule.key
            )
            made = tuple(
                StoredOverride(
                    one.properties["alias"],
                    SimpleNamespace(type="user", name=one.properties["username"].partition("@")[0]),
                    instant(one.properties["start_date"]),
                    instant(one.properties["end_date"]),
                    frozenset(ref.key for ref in one.properties.get("rotation_ids", ())),
                )
                for one in resources
                if one.kind == "opsgenie:ScheduleOverride" and one.properties["schedule_id"].key == schedule.key
            )
            for rotation in rotations_here:
                no_two_at_once([one for one in made if one.covers(rotation.id)])
            plan = Plan(ZoneInfo(schedule.properties["timezone"]), rotations_here, made)
            self.plans.setdefault(ours(schedule.key), []).append(plan)

    def edges(self, schedule):
        return {edge for plan in self.plans[schedule] for edge in plan.edges(self.since, END)}

    def people(self, schedule, at):
        return {duty.who.name for plan in self.plans[schedule] for duty in plan.duties(at)}


def no_two_at_once(made):
    """The engine makes overrides in no order, and which of two the vendor takes hangs on that."""
    in_order = sorted(made, key=lambda one: one.start)
    for one, other in pairwise(in_order):
        assert one.end <= other.start, (one, other)


def ours(key):
    """The schedule of the inventory that a vendor's belongs to."""
    return key.split("/")[1].partition("@")[0]


def differences(inventory, vendor, since):
    rota, found = Rota(inventory), []
    for ref in rota.schedules():
        shifts = rota.timeline(ref, since, END).shifts
        edges = {edge for shift in shifts for edge in (shift.start, shift.end)} | vendor.edges(ref.schedule)
        regular = {since + n * BETWEEN for n in range((END - since) // BETWEEN)}
        for at in sorted(edge for edge in edges | regular if since <= edge < END):
            said = {shift.person for shift in shifts if shift.start <= at < shift.end}
            if said != (got := vendor.people(ref.schedule, at)):
                found.append((ref.schedule, at.isoformat(), said, got))
    return found


ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC")
nows = st.sampled_from((BEFORE, MIDWAY))


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abc"), rotations(ZONES, turns | hours_turns), min_size=1),
    exceptions,
    holidays,
    nows,
)
def test_pagerduty_pages_whom_the_inventory_says(stored, primary, nouns, on_holidays, now):
    compare(
        PAGERDUTY, AtPagerDuty, stored, inventory_of("pagerduty", primary, nouns, with_a(on_holidays, primary)), now
    )


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.sampled_from("abc"), rotations(("Europe/Berlin",)), min_size=2), exceptions, holidays, nows)
def test_where_the_last_rotation_wins(stored, primary, nouns, on_holidays, now):
    inventory = inventory_of("pagerduty", primary, nouns, with_a(on_holidays, primary), "last_wins")
    compare(PAGERDUTY, AtPagerDuty, stored, inventory, now)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from("abc"), rotations(ZONES), min_size=1), exceptions, holidays, nows)
def test_opsgenie_pages_whom_the_inventory_says(stored, primary, nouns, on_holidays, now):
    compare(OPSGENIE, AtOpsGenie, stored, inventory_of("opsgenie", primary, nouns, with_a(on_holidays, primary)), now)


def with_a(on_holidays, primary):
    return "ignore" if on_holidays == {"cover": "primary/a"} and "a" not in primary else on_holidays


def compare(target, account, stored, inventory, now):
    since = max(now, START)
    assert differences(inventory, account(target.desired(inventory, now), stored, since), since) == []
