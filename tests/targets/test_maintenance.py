"""Maintenance that the vendor is asked to know of: only what all comes from the servers in it is silent."""

import pytest

from oncall.resource import Ref

WINDOW, MAINTENANCE = "pagerduty:MaintenanceWindow", "opsgenie:Maintenance"
SERVER = {"url": "https://s.example", "team": "shop", "tier": "internal"}
SERVERS = {
    "cart": {"name": "Cart", **SERVER},
    "pay": {"name": "Pay", **SERVER},
    "ledger": {"name": "Ledger", **SERVER, "own_service": True},
}
NIGHT = {"from": "2026-12-01 22:00", "to": "2026-12-01 23:30", "vendor_window": True, "why": "database upgrade"}
EVENING = {"start_time": "2026-12-01T21:00:00Z", "end_time": "2026-12-01T22:30:00Z"}


@pytest.fixture
def inventory(acme, team):
    """A team of three servers, one with a service of its own, next to the fallback team; one maintenance."""

    def make(target, servers, *, tiers=None, more=None, **words):
        teams = {"platform": team(), "shop": team(name="Shop", pages_through=target)}
        return acme(
            teams=teams,
            servers=SERVERS | (more or {}),
            tiers=tiers or {"internal": {"severity": "critical"}},
            maintenance=[{**NIGHT, "servers": servers, **words}],
        )

    return make


def test_a_service_all_of_whose_servers_are_in_it_is_silent(inventory, pagerduty):
    account = pagerduty(inventory("pagerduty", ["cart", "pay"]))
    assert account.properties(WINDOW, "2026-12-01T2200/shop/internal") == {
        **EVENING,
        "description": "database upgrade - Managed from the inventory",
        "services": (Ref("pagerduty:Service", "shop/internal"),),
    }


def test_a_service_of_one_server_is_silent_alone(inventory, pagerduty):
    account = pagerduty(inventory("pagerduty", ["ledger"]))
    assert account.keys(WINDOW) == ["2026-12-01T2200/server/ledger"]


@pytest.mark.parametrize("words", [{"vendor_window": False}, {"from": "2026-11-01", "to": "2026-11-20"}])
def test_nothing_is_silent_unasked_or_afterwards(inventory, pagerduty, pagerduty_audit, words):
    wanted = inventory("pagerduty", ["cart", "pay"], **words)
    assert (pagerduty(wanted).keys(WINDOW), pagerduty_audit(wanted)) == ([], {})


def test_a_service_that_another_server_uses_stays_loud(inventory, pagerduty, pagerduty_audit):
    wanted = inventory("pagerduty", ["cart", "ledger"])
    assert pagerduty(wanted).keys(WINDOW) == ["2026-12-01T2200/server/ledger"]
    assert pagerduty_audit(wanted) == {("pagerduty-window-partial", "reason"): ["maintenance.0.vendor_window"]}


def test_a_service_that_another_servers_raise_pages_through_stays_loud(inventory, pagerduty, pagerduty_audit):
    tiers = {
        "internal": {"severity": "critical"},
        "third": {"severity": "medium", "raise_after": "30m", "raise_to": "critical"},
    }
    maps = {"maps": {"name": "Maps", **SERVER, "tier": "third"}}
    wanted = inventory("pagerduty", ["cart", "pay"], tiers=tiers, more=maps)
    assert pagerduty(wanted).keys(WINDOW) == []
    assert ("pagerduty-window-partial", "reason") in pagerduty_audit(wanted)


def test_a_service_that_unknown_servers_use_stays_loud(acme, pagerduty, pagerduty_audit):
    wanted = acme(maintenance=[{**NIGHT, "servers": ["weather"]}])
    assert pagerduty(wanted).keys(WINDOW) == []
    assert pagerduty_audit(wanted) == {("pagerduty-window-partial", "reason"): ["maintenance.0.vendor_window"]}


def test_a_teams_integration_is_switched_off_where_all_its_servers_are_in_it(inventory, opsgenie):
    account = opsgenie(inventory("opsgenie", ["cart", "pay", "ledger"]))
    integration = {"id": Ref("opsgenie:ApiIntegration", "opsgenie/shop"), "type": "integration"}
    assert account.properties(MAINTENANCE, "2026-12-01T2200/opsgenie/shop") == {
        "description": "database upgrade - Managed from the inventory",
        "time": {"type": "schedule", "startDate": EVENING["start_time"], "endDate": EVENING["end_time"]},
        "rules": ({"state": "disabled", "entity": integration},),
    }


def test_a_teams_integration_that_another_server_uses_stays_on(inventory, opsgenie, opsgenie_audit):
    wanted = inventory("opsgenie", ["cart", "pay"])
    assert opsgenie(wanted).keys(MAINTENANCE) == []
    found = opsgenie_audit(wanted)
    assert found["opsgenie-window-partial", "reason"] == ["maintenance.0.vendor_window"]
