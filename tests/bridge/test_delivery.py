"""Vendors that fail: what is tried again, what goes elsewhere, and that one outage pages once."""

import json

import httpx
import pytest

from oncall.bridge.config import Delivery, Route

pytestmark = pytest.mark.worker

LIMITS = {"retry_first_ms": 1000, "retry_cap_ms": 60000, "retry_after_cap_ms": 300000}


@pytest.mark.parametrize(
    "fault", [408, 425, 429, 500, 502, 503, 504, 307, "hang", "drop", "drop-after"], ids=lambda fault: str(fault)
)
def test_a_passing_fault_delays_a_page_and_never_doubles_it(bridge, vendors, slug, fault):
    vendors.script(slug, fault, fault)
    assert bridge.trigger(slug) == "opened"
    vendors.wait(lambda: len(vendors.about(slug)) == 3)
    bridge.settle(slug)
    assert vendors.opens(slug) == 1


@pytest.mark.parametrize("fault", [500, 429, "hang", "drop", "drop-after"])
@pytest.mark.parametrize("team", ["platform", "edge"])
def test_a_passing_fault_delays_a_recovery_and_never_loses_it(bridge, vendors, slug, team, fault):
    bridge.trigger(slug, server_owner_team=team)
    bridge.settle(slug)
    vendors.script(slug, fault, fault)
    assert bridge.resolve(slug) == "closed"
    bridge.settle(slug)
    assert vendors.open_keys(slug) == []


def test_the_webhook_is_answered_while_the_vendor_hangs(new_bridge, vendors, config_of, slug):
    limits = config_of().limits.model_copy(update={"call_timeout_ms": 3000})
    bridge = new_bridge(config_of(limits=limits))
    vendors.script(slug, *["hang"] * 3)
    assert bridge.trigger(slug) == "opened"
    assert vendors.opens(slug) == 0  # answered while the vendor has not
    vendors.wait(lambda: vendors.opens(slug) == 1)


def test_a_sender_that_hangs_up_does_not_stop_the_page(bridge, vendors, slug):
    vendors.script(slug, "hang", 500)
    body = {"type": "alert.triggered", "server_slug": slug, "server_owner_team": "platform"}
    bridge.client.timeout = httpx.Timeout(0.1)
    try:
        with pytest.raises(httpx.TimeoutException):
            bridge.post(body)
    finally:
        bridge.client.timeout = httpx.Timeout(10)
    vendors.wait(lambda: vendors.opens(slug) == 1)
    bridge.settle(slug)
    assert vendors.opens(slug) == 1


def test_a_redirect_is_not_followed_with_the_key(bridge, vendors, slug):
    vendors.script(slug, (307, {"location": "https://elsewhere.example/v2/enqueue"}))
    bridge.trigger(slug)
    vendors.wait(lambda: vendors.opens(slug) == 1)
    assert {call.host for call in vendors.about(slug)} == {"events.pagerduty.com"}


def test_retry_after_is_honoured(bridge, vendors, slug):
    vendors.script(slug, (429, {"retry-after": "1"}))
    bridge.trigger(slug)
    vendors.wait(lambda: vendors.opens(slug) == 1)
    first, second = (call.at for call in vendors.about(slug))
    assert second - first >= 1.0


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 410, 422])
def test_a_target_that_refuses_for_good_is_followed_by_the_next(bridge, vendors, slug, key, status):
    vendors.script(slug, status)
    bridge.trigger(slug, server_owner_team="mover", server_tier="author")
    assert vendors.open_keys(slug) == [(key("opsgenie/mover"), f"alivemcp-{slug}")]
    bridge.settle(slug)
    assert bridge.history(slug)[:3] == ["opened", "refused", "sent"]


def test_after_the_last_target_the_fallback_team_is_paged(bridge, vendors, slug, key):
    vendors.script(slug, 401, 403)
    bridge.trigger(slug, server_owner_team="mover", server_tier="author")
    assert vendors.open_keys(slug) == [(key("pagerduty/platform/author"), f"alivemcp-{slug}")]
    details = vendors.about(slug)[-1].body["payload"]["custom_details"]
    assert details["routing"] == "fallback-after-refusal"
    assert bridge.resolve(slug) == "closed"
    assert vendors.about(slug)[-1].key == key("pagerduty/platform/author")
    assert vendors.open_keys(slug) == []


def test_where_everybody_refuses_it_is_said_loudly_and_tried_again(bridge, vendors, slug):
    vendors.script(slug, 401, 401, 401)
    bridge.trigger(slug)
    vendors.wait(lambda: vendors.opens(slug) == 1)
    assert '"level":"error","event":"undeliverable","incident":"' + slug in bridge.log()


def test_a_missing_key_goes_to_the_fallback(new_bridge, vendors, config_of, slug, key):
    config = config_of()
    deliveries = (Delivery(target="opsgenie", key="opsgenie/lost", responder="Lost"),)
    lost = Route(team="lost", tier="internal", severity="critical", deliveries=deliveries)
    changed = config_of(
        routes=config.routes | {"lost/internal": lost}, teams=config.teams | {"lost": {"internal": "lost/internal"}}
    )
    bridge = new_bridge(changed, new_secrets(config, key))
    bridge.trigger(slug, server_owner_team="lost")
    assert vendors.open_keys(slug) == [(key("pagerduty/platform/internal"), f"alivemcp-{slug}")]


def new_secrets(config, key):
    keys = {key_id: key(key_id) for key_id in config.key_ids}
    return {"WEBHOOK_SECRET": "3f9a1c5e7b2d4f6081a3c5e7092b4d6f", "KEYS_0": json.dumps(keys)}


def test_what_a_refusing_target_may_hold_after_all_is_closed_too(bridge, vendors, slug, key):
    # The first attempt was applied but its answer lost; the second is refused: the incident may be open at both.
    vendors.script(slug, "drop-after", 403)
    bridge.trigger(slug, server_owner_team="mover", server_tier="author")
    vendors.wait(lambda: len(vendors.open_keys(slug)) == 2)
    bridge.resolve(slug)
    bridge.settle(slug)
    assert vendors.open_keys(slug) == []


def test_a_refused_close_is_tried_again_until_it_works(bridge, vendors, slug):
    bridge.trigger(slug)
    vendors.script(slug, 403, 403)
    bridge.resolve(slug)
    bridge.settle(slug)
    assert vendors.open_keys(slug) == []


def test_a_refused_close_does_not_hold_up_the_next_page_nor_close_it(bridge, vendors, slug):
    bridge.trigger(slug)
    vendors.script(slug, *[403] * 2)
    bridge.resolve(slug)
    assert bridge.trigger(slug) == "opened"
    bridge.settle(slug)
    assert len(vendors.open_keys(slug)) == 1
    assert vendors.about(slug)[-1].action == "trigger"


# ---------------------------------------------------------------- OpsGenie: accepted is not done


def test_an_accepted_alert_is_asked_after(bridge, vendors, slug):
    bridge.trigger(slug, server_owner_team="edge")
    bridge.settle(slug)
    assert [call.action for call in vendors.about(slug)] == ["trigger", "confirm"]


def test_an_alert_that_fails_after_its_202_goes_to_the_next_place(bridge, vendors, slug, key):
    vendors.failing_requests.add(f"alivemcp-{slug}")
    bridge.trigger(slug, server_owner_team="edge")
    vendors.wait(lambda: vendors.opens(slug) == 1)
    assert vendors.open_keys(slug) == [(key("pagerduty/platform/internal"), f"alivemcp-{slug}")]


def test_a_request_nobody_can_tell_about_is_believed_after_a_while(bridge, vendors, slug):
    vendors.silent_requests.add(f"alivemcp-{slug}")
    bridge.trigger(slug, server_owner_team="edge")
    bridge.settle(slug)
    assert len(vendors.about(slug, "trigger")) == 1
    assert bridge.resolve(slug) == "closed"
    bridge.settle(slug)
    assert vendors.open_keys(slug) == []


def test_an_alert_that_is_gone_needs_no_closing(bridge, vendors, slug):
    bridge.trigger(slug, server_owner_team="edge")
    bridge.settle(slug)
    vendors.script(slug, 404)
    bridge.resolve(slug)
    bridge.settle(slug)
    assert len(vendors.about(slug, "resolve")) == 1


def test_an_alert_closed_by_hand_does_not_keep_the_bridge_busy(bridge, vendors, slug, key):
    bridge.trigger(slug, server_owner_team="edge")
    bridge.settle(slug)
    del vendors.open[key("opsgenie/edge"), f"alivemcp-{slug}"]
    bridge.resolve(slug)
    bridge.settle(slug)
    assert len(vendors.about(slug, "resolve")) <= 3


# ---------------------------------------------------------------- the pure rules


def test_every_status_has_its_meaning(call):
    def expected(status):
        if 200 <= status < 300:
            return "ok"
        return "refused" if 400 <= status < 500 and status not in (408, 425, 429) else "retry"

    statuses = range(100, 600)
    assert [call("delivery", "classifyStatus", status) for status in statuses] == [*map(expected, statuses)]


def test_no_answer_is_tried_again(call):
    assert call("delivery", "classifyStatus", 0) == "retry"


@pytest.mark.parametrize(
    "header, expected",
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("0", 0),
        ("30", 30_000),
        ("1.5", 1500),
        ("Sat, 21 Nov 2026 10:00:30 GMT", 30_000),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(call, header, expected):
    now = 1795255200_000  # 2026-11-21T10:00:00Z
    assert call("delivery", "retryAfterMs", header, now) == expected


@pytest.mark.parametrize(
    "tries, asked, expected", [(1, None, 1000), (2, None, 2000), (6, None, 32000), (7, None, 60000)]
)
def test_waits_double_up_to_a_minute(call, tries, asked, expected):
    assert call("delivery", "backoffMs", tries, asked, LIMITS) == expected
    assert call("delivery", "backoffMs", 5000, None, LIMITS) == 60000


@pytest.mark.parametrize("asked, expected", [(500, 1000), (30_000, 30_000), (3_600_000, 300_000)])
def test_a_vendor_may_ask_for_a_longer_wait_but_not_for_ever(call, asked, expected):
    assert call("delivery", "backoffMs", 1, asked, LIMITS) == expected


def test_a_202_without_pagerdutys_word_is_no_page(call):
    assert call("pagerduty", "verdict", "trigger", {"status": 200, "text": "<html>"}) == {"outcome": "retry"}
    assert call("pagerduty", "verdict", "trigger", {"status": 202, "text": '{"status":"success"}'}) == {"outcome": "ok"}
