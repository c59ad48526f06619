"""The faults of the hand-written bridges people copy from guides, one by one: each loses or doubles pages there.

Named by what the copied bridge does; each test shows what this one does instead.
"""

import json

import pytest

pytestmark = pytest.mark.worker

OUTAGE = {"type": "alert.triggered", "server_owner_team": "platform", "server_tier": "internal"}


def test_01_it_is_no_worker(bridge):
    assert bridge.client.get(bridge.url + "/healthz").json()["status"] == "ok"


@pytest.mark.parametrize("status", [500, 429, 400, 401])
@pytest.mark.parametrize("team", ["platform", "edge"])
def test_02_it_answers_200_while_the_vendor_took_nothing(bridge, vendors, slug, team, status):
    vendors.script(slug, status)
    bridge.trigger(slug, server_owner_team=team)
    vendors.wait(lambda: vendors.opens(slug) == 1)


def test_03_anyone_with_the_address_can_page(bridge, vendors, slug):
    for header in (None, "", "00" * 32):
        answer = bridge.post({**OUTAGE, "server_slug": slug}, headers={"x-alivemcp-signature": header})
        assert answer.status_code == 401
    assert vendors.about(slug) == []


@pytest.mark.parametrize("header", [None, "ab", "sha256=" + "00" * 32])
def test_04_a_strange_signature_is_an_exception_and_retried_for_a_day(bridge, slug, header):
    answer = bridge.post({**OUTAGE, "server_slug": slug}, headers={"x-alivemcp-signature": header})
    assert answer.status_code == 401


def test_05_a_missing_address_makes_an_empty_link_and_no_page(bridge, vendors, slug):
    bridge.post({**OUTAGE, "server_slug": slug})
    assert vendors.opens(slug) == 1


@pytest.mark.parametrize("team", ["platform", "edge"])
def test_06_a_long_name_is_refused_by_the_vendor_and_no_page(bridge, vendors, slug, team):
    bridge.trigger(slug, server_name="n" * 2000, server_owner_team=team)
    assert vendors.opens(slug) == 1
    assert bridge.post({**OUTAGE, "server_slug": "s" * 300}).status_code == 422


def test_07_servers_without_a_slug_share_one_incident(bridge, vendors):
    assert bridge.post(OUTAGE).status_code == 422
    assert vendors.about("undefined") == []


def test_08_a_late_trigger_opens_what_nobody_will_close(bridge, vendors, slug):
    bridge.trigger(slug, id="a")
    bridge.resolve(slug, id="b")
    bridge.trigger(slug, id="a")
    assert vendors.open_keys(slug) == []


def test_09_any_size_is_taken_and_bad_json_is_retried_for_a_day(bridge):
    assert bridge.post(b"x" * 1_000_000).status_code == 413
    assert bridge.post(b"{not json").status_code == 400


def test_10_an_event_envelope_is_ignored_without_a_word(bridge, vendors, slug):
    bridge.post({"event": "alert.triggered", "server_slug": slug})
    assert vendors.opens(slug) == 1


def test_11_a_misspelt_tier_is_the_quietest(bridge, vendors, slug, key):
    bridge.trigger(slug, server_tier="internl")
    assert vendors.open_keys(slug)[0][0] == key("pagerduty/platform/internal")


def test_12_every_server_is_critical(bridge, vendors, slug):
    bridge.trigger(slug, server_tier="thirdparty")
    assert vendors.about(slug)[0].body["payload"]["severity"] == "warning"


def test_13_the_key_is_spelt_in_two_ways(bridge, vendors, slug):
    bridge.trigger(slug)
    bridge.resolve(slug)
    assert {call.dedup for call in vendors.about(slug)} == {f"alivemcp-{slug}"}


def test_14_the_close_is_described_as_a_delete(bridge, vendors, slug):
    bridge.trigger(slug, server_owner_team="edge")
    bridge.resolve(slug)
    bridge.settle(slug)
    assert vendors.about(slug, "resolve")[0].path.endswith("/close?identifierType=alias")
    assert vendors.open_keys(slug) == []


def test_15_the_address_goes_out_with_its_token(bridge, vendors, slug):
    bridge.trigger(slug, check_url="https://a:planted@mcp.example/mcp?t=planted", server_owner_team="edge")
    assert "planted" not in json.dumps(vendors.about(slug)[0].body)


def test_16_a_hanging_vendor_hangs_the_bridge(bridge, vendors, slug):
    vendors.script(slug, "hang")
    bridge.trigger(slug)
    vendors.wait(lambda: vendors.opens(slug) == 1)


def test_19_a_bridge_that_waits_for_a_second_event_never_pages(bridge, vendors, slug):
    bridge.trigger(slug)
    assert vendors.opens(slug) == 1
    bridge.trigger(slug)
    assert vendors.opens(slug) == 1


def test_20_a_test_alert_stays_open_for_ever(bridge, vendors, slug):
    bridge.trigger(slug, test=True)
    vendors.wait(lambda: vendors.open_keys(slug) == [])
