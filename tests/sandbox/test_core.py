"""The clock, the timers, ids and journal that both vendors stand on."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.core import Clock, Ids, Journal, Timers, parse_instant

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Real:
    """A machine's clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_the_clock_starts_where_it_is_told_and_runs_with_real_time() -> None:
    real = Real()
    clock = Clock(T0, real)
    real.now += HOUR
    assert clock.now() == T0 + HOUR


def test_without_a_start_the_clock_is_the_machines() -> None:
    real = Real()
    assert Clock(real=real).now() == real.now


def test_the_clock_can_be_set_advanced_and_given_back() -> None:
    clock = Clock(T0, Real())
    clock.advance(3600)
    assert clock.now() == T0 + HOUR
    clock.set(T0 + 5 * HOUR)
    assert clock.now() == T0 + 5 * HOUR
    clock.reset()
    assert clock.now() == T0


def test_timers_run_in_order_of_time_and_each_sees_its_own_instant() -> None:
    clock = Clock(T0, Real())
    timers, seen = Timers(clock), []
    timers.at(T0 + 2 * HOUR, lambda: seen.append(("second", clock.now())))
    timers.at(T0 + HOUR, lambda: seen.append(("first", clock.now())))
    timers.run(T0 + 3 * HOUR)
    assert seen == [("first", T0 + HOUR), ("second", T0 + 2 * HOUR)]


def test_what_a_timer_sets_runs_in_the_same_move_of_the_clock() -> None:
    clock = Clock(T0, Real())
    timers, seen = Timers(clock), []

    def again() -> None:
        seen.append(clock.now())
        timers.at(clock.now() + HOUR, again)

    timers.at(T0, again)
    timers.run(T0 + 2 * HOUR)
    assert seen == [T0, T0 + HOUR, T0 + 2 * HOUR]


def test_a_cancelled_timer_does_not_run() -> None:
    timers, seen = Timers(Clock(T0, Real())), []
    timers.at(T0, lambda: seen.append("a"), "a")
    timers.at(T0, lambda: seen.append("b"), "b")
    timers.cancel("a")
    timers.run(T0)
    assert seen == ["b"]


def test_due_tells_the_next_instant_of_a_key() -> None:
    timers = Timers(Clock(T0, Real()))
    timers.at(T0 + HOUR, lambda: None, "a")
    assert (timers.due("a"), timers.due("b")) == (T0 + HOUR, None)


def test_ids_have_the_vendors_shapes() -> None:
    ids = Ids(random.Random(1))
    assert (len(ids.capitals()), ids.capitals("Q", 14)[0], len(ids.key()), ids.uuid().count("-")) == (7, "Q", 32, 4)


def test_ids_are_never_given_twice() -> None:
    ids = Ids(random.Random(1))
    assert len({ids.capitals("P", 3) for _ in range(500)}) == 500


def test_the_journal_redacts_every_key_and_token() -> None:
    journal = Journal()
    body = {"routing_key": "K", "a": [{"apiKey": "K", "integration-key": "K", "token": None}], "dedup_key": "d"}
    journal.record(at=T0, vendor="v", method="POST", path="/", query="apiKey=K&x=1", status=202, body=body)
    (entry,) = journal.since()["entries"]
    assert entry["body"] == {
        "routing_key": "***",
        "a": [{"apiKey": "***", "integration-key": "***", "token": None}],
        "dedup_key": "d",
    }
    assert entry["query"] == "apiKey=***&x=1"


def test_the_journal_is_read_on_from_where_one_stopped() -> None:
    journal = Journal()
    for path in ("/a", "/b"):
        journal.record(at=T0, vendor="v", method="GET", path=path, query="", status=200, body=None)
    first = journal.since(1)
    assert [entry["path"] for entry in first["entries"]] == ["/b"]
    assert journal.since(first["next"]) == {"entries": [], "next": 2}


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        parse_instant("2026-11-23T09:00:00")
