from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.answers.hours import KINDS, from_minute, to_minute
from oncall.answers.pay import Pay, Piece, pay
from oncall.model import Inventory
from oncall.shifts.rota import Rota

Abroad = Callable[..., Inventory]
Kinds = Callable[[str, datetime, datetime], Iterator[str]]
WEEKLY = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))
MINUTE = timedelta(minutes=1)


def pieces_of(found: Pay, person: str) -> tuple[Piece, ...]:
    return next(one.pieces for one in found.people if one.person == person)


def told(pieces: tuple[Piece, ...], zone: str) -> list[str]:
    place = ZoneInfo(zone)
    return [
        f"{from_minute(one.stretch.start).astimezone(place):%a %d %H:%M} {one.minutes} {one.stretch.kind} "
        f"{one.stretch.holiday or '-'} {one.duty.why} for {one.duty.instead_of} also {','.join(one.duty.also) or '-'}"
        for one in pieces
    ]


def test_a_piece_is_of_one_day_and_one_kind(abroad: Abroad) -> None:
    only = ["Thu 18:00 - Fri 09:00"]
    rota = Rota(abroad({"edge": {"nights": {"all": {"people": ["ana"], "only": only, **WEEKLY}}}}))
    found = pay(rota, date(2026, 12, 24), date(2027, 1, 1))
    assert told(pieces_of(found, "ana"), "Europe/Berlin") == [
        "Thu 24 18:00 300 weekday - turn for None also -",
        "Thu 24 23:00 60 night - turn for None also -",
        "Fri 25 00:00 540 holiday Christmas Day turn for None also -",
        "Thu 31 18:00 300 weekday - turn for None also -",
        "Thu 31 23:00 60 night - turn for None also -",
        "Fri 01 00:00 540 holiday New Year's Day turn for None also -",
    ]
    assert [(one.hours.weekday, one.hours.night, one.hours.holiday) for one in found.people] == [(600, 120, 1080)]


def test_it_says_why_and_instead_of_whom(abroad: Abroad) -> None:
    rota = Rota(
        abroad(
            {"edge": {"primary": {"weekly": {"people": ["ana", "bo"], **WEEKLY}}}},
            leave=[{"person": "ana", "from": "2026-10-06", "to": "2026-10-06", "cover": "cy"}],
            overrides=[
                {"schedule": "edge/primary", "person": "lee", "from": "2026-10-07 12:00", "to": "2026-10-07 14:00"}
            ],
            swaps=[{"schedule": "edge/primary", "people": ["ana", "bo"], "turns": ["2026-10-19", "2026-10-26"]}],
        )
    )
    found = pay(rota, date(2026, 10, 5), date(2026, 11, 1))
    seen = {one.person: sorted({(p.duty.why, p.duty.instead_of) for p in one.pieces}, key=str) for one in found.people}
    assert seen == {
        "ana": [("swap", "bo"), ("turn", None)],
        "bo": [("swap", "ana"), ("turn", None)],
        "cy": [("leave", "ana")],
        "lee": [("override", None)],
    }


def test_a_minute_on_two_schedules_is_paid_once(abroad: Abroad) -> None:
    teams = {
        "edge": {"primary": {"weekly": {"people": ["ana"], **WEEKLY}}},
        "sre": {"desk": {"daily": {"people": ["ana"], "only": "Mon-Fri 09:00-17:00", **WEEKLY}}},
    }
    found = pay(Rota(abroad(teams)), date(2026, 10, 6), date(2026, 10, 6))
    assert told(pieces_of(found, "ana"), "Europe/Berlin") == [
        "Tue 06 00:00 360 night - turn for None also -",
        "Tue 06 06:00 180 weekday - turn for None also -",
        "Tue 06 09:00 480 weekday - turn for None also sre/desk",
        "Tue 06 17:00 360 weekday - turn for None also -",
        "Tue 06 23:00 60 night - turn for None also -",
    ]
    alone = pay(Rota(abroad(teams)), date(2026, 10, 6), date(2026, 10, 6), ["sre"])
    assert [(one.duty.schedule.schedule, one.minutes) for one in pieces_of(alone, "ana")] == [("desk", 480)]


def test_a_day_of_25_hours_is_paid_with_25_hours(abroad: Abroad) -> None:
    rota = Rota(abroad({"edge": {"primary": {"weekly": {"people": ["ana"], **WEEKLY}}}}))
    (autumn,) = pieces_of(pay(rota, date(2026, 10, 25), date(2026, 10, 25)), "ana")
    (spring,) = pieces_of(pay(rota, date(2027, 3, 28), date(2027, 3, 28)), "ana")
    assert (autumn.minutes, spring.minutes) == (25 * 60, 23 * 60)


def test_months_are_those_of_the_person_and_leave_nothing_between(abroad: Abroad) -> None:
    teams = {key: {"primary": {"weekly": {"people": [key], **WEEKLY}}} for key in ("ana", "jo", "lee")}
    rota = Rota(abroad(teams))
    november, december = pay(rota, date(2026, 11, 1), date(2026, 11, 30)), pay(rota, *DECEMBER)
    for person, zone in (("ana", "Europe/Berlin"), ("jo", "America/New_York"), ("lee", "Australia/Lord_Howe")):
        first, last = pieces_of(december, person)[0], pieces_of(november, person)[-1]
        assert last.stretch.end == first.stretch.start
        assert f"{from_minute(first.stretch.start).astimezone(ZoneInfo(zone)):%d %H:%M}" == "01 00:00"
    assert november.minutes == 3 * 30 * 1440 + 60  # New York's clocks go back on 1 November


def test_nobody_without_time_is_listed(abroad: Abroad) -> None:
    rota = Rota(abroad({"edge": {"primary": {"weekly": {"people": ["ana", "bo"], **WEEKLY}}}}))
    assert [one.person for one in pay(rota, date(2026, 10, 6), date(2026, 10, 7)).people] == ["ana"]
    assert pay(rota, date(2026, 9, 1), date(2026, 9, 30)).people == ()


rotation = st.fixed_dictionaries(
    {
        "people": st.lists(st.sampled_from(("ana", "bo", "cy", "jo", "lee", "nobody")), min_size=1, max_size=4),
        "turn": st.sampled_from(("1 day", "12 hours", "5 hours", "2 days")),
        "hand_off": st.sampled_from(("00:00", "02:30", "09:00")),
        "since": st.just("2026-10-01"),
    },
    optional={
        "only": st.sampled_from(("20:00-08:00", "Mon-Fri 09:00-18:00")),
        "time_zone": st.just("America/New_York"),
    },
)
override = st.fixed_dictionaries(
    {
        "schedule": st.sampled_from(("edge/primary", "edge/second")),
        "person": st.sampled_from(("bo", "lee")),
        "from": st.just("2026-10-24 08:00:30"),
        "to": st.sampled_from(("2026-10-25 02:15", "2026-10-26")),
    },
    optional={"instead_of": st.just("ana")},
)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from(("a", "b")), rotation, min_size=1), rotation, st.lists(override, max_size=2))
def test_every_covered_minute_is_paid_once(
    abroad: Abroad, kinds: Kinds, first: dict[str, Any], second: dict[str, Any], overrides: list[dict[str, Any]]
) -> None:
    """Held against somebody with the list of shifts and a clock, who goes through it minute by minute."""
    rota = Rota(abroad({"edge": {"primary": first, "second": {"a": second}}}, overrides=overrides))
    days = date(2026, 10, 23), date(2026, 10, 27)
    found = pay(rota, *days)

    on_call: dict[str, set[datetime]] = defaultdict(set)
    for ref in rota.schedules():
        for shift in rota.timeline(ref, datetime(2026, 10, 21, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC)).shifts:
            place = ZoneInfo(rota.inventory.people[shift.person].time_zone or "")
            for n in range(to_minute(shift.start), to_minute(shift.end)):
                at = datetime.fromtimestamp(60 * n, UTC)
                if days[0] <= at.astimezone(place).date() <= days[1]:
                    on_call[shift.person].add(at)
    assert [one.person for one in found.people] == sorted(on_call)
    for one in found.people:
        paid = {from_minute(n): piece.stretch.kind for piece in one.pieces for n in range(*_span(piece))}
        assert paid.keys() == on_call[one.person]
        assert all(kind == next(kinds(one.person, at, at + MINUTE)) for at, kind in paid.items())
        counted = Counter(paid.values())
        assert {kind: getattr(one.hours, kind) for kind in KINDS} == {kind: counted[kind] for kind in KINDS}
        assert all(_span(before)[1] <= _span(after)[0] for before, after in pairwise(one.pieces))
    assert found.minutes == sum(map(len, on_call.values()))


def _span(piece: Piece) -> tuple[int, int]:
    return piece.stretch.start, piece.stretch.end
