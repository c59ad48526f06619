from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.answers.hours import KINDS, to_minute
from oncall.answers.load import Load, PersonLoad, load
from oncall.model import Inventory
from oncall.shifts.rota import Rota

Abroad = Callable[..., Inventory]
Kinds = Callable[[str, datetime, datetime], Iterator[str]]
WEEKLY = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}
FIRST = datetime(2026, 10, 5, 7, tzinfo=UTC)  # the first hand-off
MINUTE = timedelta(minutes=1)


def of(found: Load) -> dict[str, PersonLoad]:
    return {one.person: one for one in found.people}


def test_a_person_on_two_schedules_is_counted_once_and_the_rest_is_double(abroad: Abroad) -> None:
    teams = {
        "edge": {"primary": {"weekly": {"people": ["ana", "bo"], **WEEKLY}}},
        "sre": {"desk": {"daily": {"people": ["ana"], "only": "Mon-Fri 09:00-17:00", **WEEKLY}}},
    }
    found = load(Rota(abroad(teams)), FIRST, FIRST + timedelta(weeks=2))
    # A week of hers, and the desk on ten weekdays, five of which fall into it.
    assert of(found)["ana"].double == 5 * 8 * 60
    assert of(found)["ana"].hours.total == 168 * 60 + 5 * 8 * 60
    assert found.person_minutes + found.double == sum(sum(dict(share.minutes).values()) for share in found.schedules)


def test_shifts_hand_offs_nights_and_streaks(abroad: Abroad) -> None:
    teams = {"edge": {"primary": {"weekly": {"people": ["ana", "bo"], **WEEKLY}}}}
    override = {"schedule": "edge/primary", "person": "cy", "from": "2026-10-07 12:00", "to": "2026-10-07 13:00"}
    found = of(load(Rota(abroad(teams, overrides=[override])), FIRST, FIRST + timedelta(weeks=2)))

    assert (found["ana"].shifts, found["ana"].hand_offs) == (2, 1)  # before Cy, where nobody gave it to her, and after
    assert (found["cy"].shifts, found["cy"].hand_offs, found["cy"].hours.total) == (1, 1, 60)
    assert (found["bo"].shifts, found["bo"].hand_offs) == (1, 1)
    assert (found["bo"].nights, found["bo"].weekends, found["bo"].days_in_a_row) == (7, 1, 8)
    assert (found["bo"].longest, found["ana"].longest) == (7 * 1440, 5 * 1440 - 4 * 60)


def test_a_shift_after_a_break_is_no_hand_off(abroad: Abroad) -> None:
    teams = {"edge": {"desk": {"daily": {"people": ["ana", "bo"], "only": "Mon-Fri 09:00-17:00", **WEEKLY}}}}
    found = of(load(Rota(abroad(teams)), FIRST, FIRST + timedelta(weeks=4)))
    assert (found["ana"].shifts, found["ana"].hand_offs, found["ana"].days_in_a_row) == (10, 0, 5)


def test_rests_are_held_against_the_longest_that_a_team_asks_for(abroad: Abroad) -> None:
    daily = {"turn": "1 day", "hand_off": "08:00", "since": "2026-10-05"}
    teams = {
        "edge": {"desk": {"days": {"people": ["ana", "bo"], "only": "08:00-20:00", **daily}}},
        "sre": {"desk": {"nights": {"people": ["bo", "ana"], "only": "22:00-23:00", **daily}}},
        "web": {"desk": {"days": {"people": ["cy"], "only": "08:00-20:00", **daily}}},
    }
    inventory = abroad(teams)
    limits = {"edge": {"rest": "2h"}, "sre": {"rest": "11h"}}
    assert {one.short_rests for one in load(Rota(inventory), FIRST, FIRST + timedelta(days=4)).people} == {None}
    found = of(load(Rota(abroad(teams, limits=limits)), FIRST, FIRST + timedelta(days=4)))
    # After an evening from 22 to 23, which edge alone would not mind, there are 9 hours up to the next day's shift.
    assert {key: one.short_rests for key, one in found.items()} == {"ana": 2, "bo": 2, "cy": None}


def test_teams_can_be_asked_for_alone(abroad: Abroad) -> None:
    weekly = {"weekly": {"people": ["ana", "bo"], **WEEKLY}}
    rota = Rota(abroad({"edge": {"primary": weekly}, "sre": {"primary": {"weekly": {"people": ["cy"], **WEEKLY}}}}))
    found = load(rota, FIRST, FIRST + timedelta(weeks=2), ["sre"])
    assert [one.person for one in found.people] == ["cy"]
    assert [(one.team, one.schedule) for one in (*found.schedules, *found.teams)] == [("sre", "primary"), ("sre", None)]


def test_a_schedule_without_anybody_has_no_balance(abroad: Abroad) -> None:
    teams = {"edge": {"primary": {"weekly": {"people": ["nobody"], **WEEKLY}}}}
    found = load(Rota(abroad(teams)), FIRST, FIRST + timedelta(weeks=2))
    assert (found.people, [share.balance for share in found.schedules]) == ((), [None])


def test_most_hours_come_first_and_equal_ones_by_name(abroad: Abroad) -> None:
    weeks = {"a": ["lee", "ana"], "b": ["lee", "bo"], "c": ["cy"]}
    teams = {"edge": {key: {"weekly": {"people": people, **WEEKLY}} for key, people in weeks.items()}}
    found = load(Rota(abroad(teams)), FIRST, FIRST + timedelta(weeks=2))
    assert [one.person for one in found.people] == ["cy", "ana", "bo", "lee"]
    assert [share.balance.percent for share in found.teams if share.balance] == [
        75
    ]  # three pairs of equals, three of one and two


def test_of_no_time_nobody_carries_anything(abroad: Abroad) -> None:
    teams = {"edge": {"primary": {"weekly": {"people": ["ana"], **WEEKLY}}}}
    assert load(Rota(abroad(teams)), FIRST, FIRST).people == ()


exceptions = st.fixed_dictionaries(
    {
        "leave": st.lists(
            st.fixed_dictionaries(
                {
                    "person": st.just("ana"),
                    "from": st.just("2026-10-23"),
                    "to": st.sampled_from(("2026-10-24", "2026-10-30 13:30:20")),
                    "cover": st.just("jo"),
                }
            ),
            max_size=1,
        ),
        "overrides": st.lists(
            st.fixed_dictionaries(
                {
                    "schedule": st.sampled_from(("edge/primary", "edge/second")),
                    "person": st.sampled_from(("bo", "lee", "cy")),
                    "from": st.sampled_from(("2026-10-12 08:00:30", "2026-10-25")),
                    "to": st.sampled_from(("2026-10-26 02:15", "2026-10-31")),
                },
                optional={"instead_of": st.just("ana")},
            ),
            max_size=2,
        ),
    }
)
rotation = st.fixed_dictionaries(
    {
        "people": st.lists(st.sampled_from(("ana", "bo", "cy", "jo", "lee", "nobody")), min_size=1, max_size=4),
        "turn": st.sampled_from(("1 day", "12 hours", "5 hours")),
        "hand_off": st.sampled_from(("00:00", "02:30", "09:00")),
        "since": st.just("2026-10-01"),
    },
    optional={
        "only": st.sampled_from(("20:00-08:00", "Mon-Fri 09:00-18:00", "Fri 18:00 - Mon 09:00")),
        "time_zone": st.sampled_from(("UTC", "America/New_York", "Australia/Lord_Howe")),
    },
)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from(("a", "b")), rotation, min_size=1), rotation, exceptions)
def test_it_adds_up_to_the_minute(
    abroad: Abroad, kinds: Kinds, first: dict[str, Any], second: dict[str, Any], nouns: dict[str, Any]
) -> None:
    """Held against somebody with the list of shifts and a clock, who goes through it minute by minute."""
    rota = Rota(abroad({"edge": {"primary": first, "second": {"a": second}}}, **nouns))
    start, end = datetime(2026, 10, 22, tzinfo=UTC), datetime(2026, 11, 2, 12, tzinfo=UTC)
    found = load(rota, start, end)

    held: dict[str, Counter[datetime]] = defaultdict(Counter)
    in_schedule: dict[str, Counter[str]] = {}
    for ref in rota.schedules():
        seen = set()
        for shift in rota.timeline(ref, start, end).shifts:
            for n in range(to_minute(shift.start), to_minute(shift.end)):
                at = datetime.fromtimestamp(60 * n, UTC)
                held[shift.person][at] += 1
                seen.add((shift.person, at))
        in_schedule[ref.schedule] = Counter(person for person, _ in seen)
    assert {one.person for one in found.people} == set(held)
    for one in found.people:
        minutes = held[one.person]
        counted = Counter(next(kinds(one.person, at, at + MINUTE)) for at in minutes)
        assert {kind: getattr(one.hours, kind) for kind in KINDS} == {kind: counted[kind] for kind in KINDS}
        assert one.double == minutes.total() - len(minutes)
    for share in found.schedules:
        assert dict(share.minutes) == in_schedule[share.schedule or ""]
    assert found.person_minutes == sum(map(len, held.values()))
