"""Duplicates, late retries and swapped events: what is open in the end is what the events, in order, say."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.worker

NOW = datetime.now(UTC).replace(microsecond=0)


def at(seconds):
    """An instant some seconds after ten minutes ago, as a sender writes it."""
    return (NOW - timedelta(minutes=10) + timedelta(seconds=seconds)).isoformat()


def test_an_event_id_counts_once(bridge, vendors, slug):
    assert bridge.trigger(slug, id="evt-1") == "opened"
    assert bridge.resolve(slug, id="evt-2") == "closed"
    assert bridge.trigger(slug, id="evt-1") == "duplicate"
    assert bridge.resolve(slug, id="evt-2") == "duplicate"
    assert (vendors.opens(slug), vendors.open_keys(slug)) == (1, [])


def test_an_id_that_names_the_outage_serves_its_trigger_and_its_recovery(bridge, vendors, slug):
    assert bridge.trigger(slug, id="outage-1") == "opened"
    assert bridge.resolve(slug, id="outage-1") == "closed"
    assert vendors.open_keys(slug) == []


def test_an_id_that_is_always_the_same_does_not_lose_a_later_outage(bridge, vendors, slug):
    assert bridge.trigger(slug, id="account-7", occurred_at=at(0)) == "opened"
    assert bridge.resolve(slug, id="account-7", occurred_at=at(60)) == "closed"
    assert bridge.trigger(slug, id="account-7", occurred_at=at(0)) == "duplicate"
    assert bridge.trigger(slug, id="account-7", occurred_at=at(120)) == "opened"
    assert vendors.opens(slug) == 2


def test_two_outages_told_in_the_same_bytes_page_twice(bridge, vendors, slug):
    for _ in range(2):
        assert bridge.trigger(slug) == "opened"
        assert bridge.resolve(slug) == "closed"
    assert vendors.opens(slug) == 2


def test_triggers_repeated_while_open_are_absorbed(bridge, vendors, slug):
    assert bridge.trigger(slug) == "opened"
    assert [bridge.trigger(slug) for _ in range(30)] == ["absorbed"] * 30
    assert len(vendors.about(slug)) == 1


def test_a_late_trigger_does_not_reopen_what_has_recovered(bridge, vendors, slug):
    assert bridge.trigger(slug, occurred_at=at(0)) == "opened"
    assert bridge.resolve(slug, occurred_at=at(60)) == "closed"
    assert bridge.trigger(slug, occurred_at=at(30)) == "stale"
    assert vendors.open_keys(slug) == []


def test_a_recovery_that_overtakes_its_trigger_wins(bridge, vendors, slug):
    assert bridge.resolve(slug, occurred_at=at(60)) == "nothing-open"
    assert bridge.trigger(slug, occurred_at=at(0)) == "stale"
    assert vendors.about(slug) == []


def test_a_late_recovery_of_an_earlier_outage_leaves_the_new_one_open(bridge, vendors, slug):
    assert bridge.trigger(slug, timestamp=at(60)) == "opened"
    assert bridge.resolve(slug, timestamp=at(30)) == "stale"
    assert len(vendors.open_keys(slug)) == 1


def test_an_event_without_a_time_does_not_make_late_ones_young(bridge, slug):
    assert bridge.trigger(slug, occurred_at=at(60)) == "opened"
    assert bridge.resolve(slug) == "closed"
    assert bridge.trigger(slug, occurred_at=at(0)) == "stale"


def test_at_the_same_instant_the_recovery_wins(bridge, slug):
    assert bridge.trigger(slug, occurred_at=at(0)) == "opened"
    assert bridge.resolve(slug, occurred_at=at(0)) == "closed"
    assert bridge.trigger(slug, occurred_at=at(0)) == "stale"


@pytest.mark.parametrize("value", ["2099-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 0, -1, 1e300, "soon", {}, True])
def test_an_absurd_time_does_not_lose_later_events(bridge, slug, value):
    assert bridge.trigger(slug, occurred_at=value) == "opened"
    assert bridge.resolve(slug, occurred_at=at(0)) == "closed"
    assert bridge.trigger(slug, occurred_at=at(1)) == "opened"


@pytest.mark.parametrize("unit", [1, 1000])
def test_times_may_be_epoch_seconds_or_milliseconds(bridge, slug, unit):
    base = (time.time() - 600) * unit
    assert bridge.trigger(slug, timestamp=base) == "opened"
    assert bridge.resolve(slug, timestamp=base - unit) == "stale"


def test_a_recovery_cancels_a_page_that_was_never_taken(bridge, vendors, slug):
    # 429 says that the event was not taken: there is nothing to close.
    vendors.script(slug, (429, {"retry-after": "1"}))
    bridge.trigger(slug)
    bridge.resolve(slug)
    bridge.settle(slug)
    assert [call.action for call in vendors.about(slug)] == ["trigger"]


def test_a_new_outage_waits_until_the_old_one_is_closed(bridge, vendors, slug):
    bridge.trigger(slug)
    vendors.script(slug, 500, 500)
    bridge.resolve(slug)
    assert bridge.trigger(slug) == "opened"
    bridge.settle(slug)
    assert [call.action for call in vendors.about(slug)] == ["trigger", "resolve", "resolve", "resolve", "trigger"]
    assert (vendors.opens(slug), len(vendors.open_keys(slug))) == (2, 1)


def test_an_incident_is_named_by_its_server_and_opening_and_keeps_its_log(bridge, slug):
    bridge.trigger(slug, occurred_at=at(0))
    bridge.resolve(slug)
    opening = (NOW - timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    found = bridge.query(slug, "SELECT id, team, tier, severity, reason FROM incident WHERE lane = ?")
    assert found == [(f"{slug}@{opening}", "platform", "internal", "critical", "team")]
    assert bridge.history(slug) == ["opened", "sent", "resolved", "closed"]


def test_a_slug_keeps_its_shard_for_ever(call):
    # FNV-1a, 32 bits: "foobar" is 0xbf9cf968 in its authors' test vectors.
    shards = {"foobar": 40, "a": 44, "weather-mcp": 54, "payments-mcp": 31}
    assert {slug: call("core", "shardOf", slug) for slug in shards} == shards
    assert call("core", "shardName", "a") == "shard-44"


@pytest.mark.parametrize("seed", range(3))
def test_random_histories_end_as_a_simple_model_says(bridge, vendors, slug, seed):
    """Faults at the vendor, duplicates and swaps from the sender: open is what the latest event by time says."""
    dice = random.Random(seed)
    servers = [f"{slug}-{number}" for number in range(10)]
    events = []
    for server in servers:
        count = dice.randint(1, 6)
        history = [("resolved" if turn % 2 else "triggered", server, turn, f"{server}/{turn}") for turn in range(count)]
        history += dice.choices(history, k=2)  # retried although they arrived
        for _ in range(2):
            place = dice.randrange(len(history) - 1)
            history[place : place + 2] = history[place : place + 2][::-1]
        events += [(place + dice.random() / 2, event) for place, event in enumerate(history)]
        faults = dice.choices([500, 429, "drop", "drop-after", 503, None], k=6)
        vendors.script(server, *faults)
    expected = dict.fromkeys(servers, False)
    latest = dict.fromkeys(servers, -1)
    for _, (kind, server, turn, _) in sorted(events):
        if turn > latest[server]:
            latest[server], expected[server] = turn, kind == "triggered"
    for _, (kind, server, turn, event_id) in sorted(events):
        send = bridge.trigger if kind == "triggered" else bridge.resolve
        team = {"server_owner_team": dice.choice(["platform", "edge"])} if kind == "triggered" else {}
        send(server, occurred_at=at(turn), id=event_id, **team)
    for server in servers:
        bridge.settle(server)
    assert {server: bool(vendors.open_keys(server)) for server in servers} == expected
