"""`desired` and `audit` answer for every inventory whose references resolve, however odd, and always the same."""

from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.model import Inventory
from oncall.resource import Ref
from oncall.targets import TARGETS

PEOPLE = ("ana", "bo", "cy")
NOWS = (
    datetime(2020, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    datetime(2190, 1, 1, tzinfo=UTC),
)

moments = st.sampled_from(
    ("2026-03-29", "2026-03-29 02:30", "2026-10-25 02:30", "2026-11-30T09:07", "2026-12-07 09:00Z")
)
turns = st.sampled_from(("1 hour", "5 hours", "8 hours", "48 hours", "1 day", "3 weeks", "1 month", "999 weeks"))
clocks = st.sampled_from(("00:00", "02:30", "09:07"))
lineups = st.fixed_dictionaries(
    {"people": st.lists(st.sampled_from((*PEOPLE, "nobody")), max_size=4), "since": moments}
)
rotations = st.builds(
    lambda lineup, rest, before: lineup | rest | ({"before": before} if before else {}),
    lineups,
    st.fixed_dictionaries(
        {"turn": turns, "hand_off": clocks},
        optional={
            "until": moments,
            "only": st.sampled_from(("22:00-06:00", "Mon-Fri 00:00-24:00", ["00:00-12:00", "12:00-24:00"])),
            "time_zone": st.sampled_from(("Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu")),
        },
    ),
    st.none() | lineups,
)
schedules = st.fixed_dictionaries(
    {"rotations": st.dictionaries(st.sampled_from("abc"), rotations, max_size=3)},
    optional={"overlap": st.just("last_wins"), "name": st.sampled_from(("On-call", "A/B"))},
)
durations = st.sampled_from(("0m", "30s", "5m", "90s", "1d"))
recipients = st.sampled_from(("one", "two", "ana", "bo"))
steps = st.fixed_dictionaries({"notify": st.lists(recipients, min_size=1, max_size=3)}, optional={"after": durations})
teams = st.fixed_dictionaries(
    {
        "name": st.sampled_from(("Team", "Zürich & co", "x" * 200)),
        "pages_through": st.sampled_from(("pagerduty", "opsgenie", ["pagerduty", "opsgenie"])),
        "members": st.just(["ana", "bo", {"cy": "manager"}]),
        "schedules": st.fixed_dictionaries({"one": schedules, "two": schedules}),
        "escalation": st.lists(steps, max_size=3),
    },
    optional={
        "parent": st.sampled_from(("x", "y")),
        "pagerduty": st.just({"schedules": "shifts"}),
        "tags": st.just(["a", "b", "a"]),
        "repeat": st.fixed_dictionaries({"times": st.integers(0, 9)}, optional={"after": durations}),
    },
)
tiers = st.fixed_dictionaries(
    {"severity": st.sampled_from(("critical", "high", "medium", "low"))},
    optional={
        "manager_after": durations,
        "hold_outside": st.sampled_from(("Mon-Fri 09:00-18:00", "Fri 18:00 - Mon 09:00", "00:00-24:00")),
        "ticket": st.just("jira"),
    },
)
inventories = st.builds(
    lambda teams, tiers, beat, until: Inventory.model_validate(
        {
            "organization": "Acme",
            "people": {
                "ana": {
                    "name": "Ana",
                    "email": "ana@acme.example",
                    "manage": "all",
                    "device": "Phone",
                    "phone": "+49 (0)1",
                },
                "bo": {"name": "Bo", "email": "bo@acme.example", "until": until},
                "cy": {"name": "Cy", "email": "cy@acme.example", "manage": "rules", "phone": "+49 30 5550101"},
            },
            "pages": {"critical": ["call"], "high": ["push"], "medium": ["sms", "sms after 30s", "sms after 1m"]},
            "tiers": tiers,
            "teams": teams,
            "servers": {
                "s": {
                    "name": "S",
                    "url": "https://s.example",
                    "team": "x",
                    "tier": "t",
                    "own_service": True,
                    "heartbeat": {"ping_every": "1m", "alert_after": beat},
                }
            },
            "maintenance": [{"servers": ["s"], "from": until, "to": until, "vendor_window": True}] * 2,
            "groups": {"g": {"name": "G", "servers": ["s"], "team": "y"}},
            "overrides": [
                {"schedule": f"x/{one}", "person": "bo", "from": until, "to": until} for one in ("one", "two")
            ],
            "bridge": {
                "fallback": "y",
                "watch": {"name": "w", "ping_every": "1m", "alert_after": beat, "team": "y"},
            },
        }
    ),
    st.fixed_dictionaries({"x": teams, "y": teams}),
    st.fixed_dictionaries({"t": tiers, "u": tiers}),
    durations,
    st.sampled_from(("2026-01-01", "2026-11-21", "2027-01-01")),
)


def refs_in(value):
    if isinstance(value, Ref):
        return [value]
    if isinstance(value, Mapping):
        value = tuple(value.values())
    return [ref for inner in value for ref in refs_in(inner)] if isinstance(value, tuple) else []


@settings(max_examples=60, deadline=None)
@given(inventories, st.sampled_from(NOWS))
def test_every_target_answers_the_same_twice(inventory, now):
    first = [(target.desired(inventory, now), target.audit(inventory, now)) for target in TARGETS]
    second = [(target.desired(inventory, now), target.audit(inventory, now)) for target in TARGETS]
    assert first == second


@settings(max_examples=60, deadline=None)
@given(inventories, st.sampled_from(NOWS))
def test_every_finding_has_a_rule_of_its_target(inventory, now):
    unknown = {(target.name, one.rule) for target in TARGETS for one in target.audit(inventory, now)} - {
        (target.name, rule) for target in TARGETS for rule in target.rules
    }
    assert unknown == set()


@settings(max_examples=60, deadline=None)
@given(inventories, st.sampled_from(NOWS))
def test_no_object_is_there_twice_and_all_refer_to_earlier_ones(inventory, now):
    for target in TARGETS:
        seen = set()
        for resource in target.desired(inventory, now):
            assert (resource.kind, resource.key) not in seen
            assert {(ref.kind, ref.key) for ref in (*resource.after, *refs_in(resource.properties))} <= seen
            seen.add((resource.kind, resource.key))
