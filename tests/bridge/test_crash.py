"""SIGKILL at the worst moment and a start on the same disk: nothing recorded is lost, nobody is paged twice."""

import pytest

pytestmark = pytest.mark.worker


def test_a_page_in_flight_when_the_bridge_dies_still_goes_out(new_bridge, vendors, slug):
    bridge = new_bridge()
    vendors.script(slug, "drop", "hang", "drop-after")
    assert bridge.trigger(slug) == "opened"
    bridge.crash()
    vendors.wait(lambda: vendors.opens(slug) == 1)
    bridge.settle(slug)
    assert vendors.opens(slug) == 1


def test_a_recovery_in_flight_when_the_bridge_dies_still_goes_out(new_bridge, vendors, slug):
    bridge = new_bridge()
    bridge.trigger(slug)
    vendors.script(slug, "drop", "hang", 500)
    assert bridge.resolve(slug) == "closed"
    bridge.crash()
    vendors.wait(lambda: vendors.open_keys(slug) == [])


def test_what_is_open_and_what_was_seen_survives(new_bridge, vendors, slug):
    bridge = new_bridge()
    assert bridge.trigger(slug, id="evt-1") == "opened"
    bridge.crash()
    assert bridge.trigger(slug, id="evt-1") == "duplicate"
    assert bridge.trigger(slug, id="evt-2") == "absorbed"
    assert bridge.resolve(slug) == "closed"
    assert (vendors.opens(slug), vendors.open_keys(slug)) == (1, [])


def test_timers_survive(new_bridge, vendors, slug):
    bridge = new_bridge()
    bridge.trigger(slug, test=True)
    bridge.crash()
    vendors.wait(lambda: vendors.open_keys(slug) == [] and vendors.opens(slug) == 1)


def test_many_servers_through_faults_and_crashes(new_bridge, vendors, slug):
    bridge = new_bridge()
    servers = [f"{slug}-{number}" for number in range(24)]
    for number, server in enumerate(servers):
        vendors.script(server, *[[500, "drop-after"], [429], ["drop"], [], ["hang"]][number % 5])
        assert bridge.trigger(server, server_owner_team=["platform", "edge", "mover"][number % 3]) == "opened"
        if number in (7, 15):
            bridge.crash()
    recovered = servers[::2]
    for server in recovered:
        assert bridge.resolve(server) == "closed"
    bridge.crash()
    for server in servers:
        bridge.settle(server)
    assert [server for server in servers if vendors.open_keys(server)] == servers[1::2]
    assert [server for server in servers[1::2] if vendors.opens(server) != 1] == []
