"""What happens without an event: raises, repeats, the end of a day, and test alerts that close themselves."""

import pytest

pytestmark = pytest.mark.worker


@pytest.fixture
def quick(new_bridge, config_of):
    """A bridge whose raise comes after 1 s, repeats after 0.3 s, and whose day lasts as told."""

    def start(stop_ms=60_000, repeat_ms=300):
        config = config_of()
        routes = {
            name: route.model_copy(update={"raised": route.raised.model_copy(update={"after_seconds": 1})})
            if route.raised
            else route
            for name, route in config.routes.items()
        }
        limits = config.limits.model_copy(update={"stop_ms": stop_ms, "repeat_ms": repeat_ms})
        return new_bridge(config_of(routes=routes, limits=limits))

    return start


def test_a_server_still_down_after_its_time_pages_again_through_the_raised_route(quick, vendors, slug, key):
    bridge = quick(repeat_ms=60_000)
    bridge.trigger(slug, server_tier="thirdparty")
    assert vendors.open_keys(slug) == [(key("pagerduty/platform/thirdparty"), f"alivemcp-{slug}")]
    raised = (key("pagerduty/platform/internal"), f"alivemcp-{slug}-raised")
    vendors.wait(lambda: raised in vendors.open_keys(slug))
    assert vendors.about(slug)[-1].body["payload"]["severity"] == "critical"
    assert vendors.about(slug)[-1].body["payload"]["summary"].startswith("MCP server still down: ")


def test_the_recovery_closes_both(quick, vendors, slug):
    bridge = quick(repeat_ms=60_000)
    bridge.trigger(slug, server_tier="thirdparty", server_owner_team="edge")
    vendors.wait(lambda: bridge.history(slug) == ["opened", "sent", "raised", "sent"])
    assert len(vendors.open_keys(slug)) == 2
    bridge.resolve(slug)
    bridge.settle(slug)
    assert vendors.open_keys(slug) == []


def test_a_recovery_in_time_means_no_raise(quick, vendors, slug):
    bridge = quick(repeat_ms=60_000)
    bridge.trigger(slug, server_tier="thirdparty")
    bridge.resolve(slug)
    vendors.wait(lambda: True)
    bridge.trigger(f"{slug}-other", server_tier="thirdparty")
    vendors.wait(lambda: vendors.opens(f"{slug}-other") == 2)
    assert vendors.opens(slug) == 1


def test_the_raise_counts_from_when_the_server_went_down(call):
    limits = {"stop_ms": 86_400_000, "test_resolve_ms": 60_000}
    now = 1795255200_000
    event = {"slug": "maps-mcp", "test": False, "at": now - 60_000, "started_at": now - 600_000}
    assert call("incident", "openIncident", event, now, 1800, limits)["raise_at"] == now + 1_200_000
    late = event | {"started_at": now - 7_200_000}
    assert call("incident", "openIncident", late, now, 1800, limits)["raise_at"] == now
    unknown = event | {"at": None, "started_at": None}
    assert call("incident", "openIncident", unknown, now, 1800, limits)["raise_at"] == now + 1_800_000


def test_a_page_is_repeated_while_no_recovery_comes(quick, vendors, slug):
    bridge = quick()
    bridge.trigger(slug)
    vendors.wait(lambda: len(vendors.about(slug, "trigger")) >= 3)
    assert vendors.opens(slug) == 1


def test_a_repeat_opens_again_what_was_closed_by_mistake(quick, vendors, slug, key):
    bridge = quick()
    bridge.trigger(slug)
    del vendors.open[key("pagerduty/platform/internal"), f"alivemcp-{slug}"]
    vendors.wait(lambda: vendors.opens(slug) == 2)


def test_once_raised_only_the_raised_page_is_repeated(quick, vendors, slug):
    bridge = quick()
    bridge.trigger(slug, server_tier="thirdparty")
    vendors.wait(lambda: sum(call.dedup.endswith("-raised") for call in vendors.about(slug, "trigger")) >= 3)
    words = [call.dedup.endswith("-raised") for call in vendors.about(slug, "trigger")]
    assert words == sorted(words)


def test_repeats_end_with_the_recovery(quick, vendors, slug):
    bridge = quick()
    bridge.trigger(slug)
    bridge.resolve(slug)
    bridge.trigger(f"{slug}-other")
    vendors.wait(lambda: len(vendors.about(f"{slug}-other", "trigger")) >= 3)
    assert [call.action for call in vendors.about(slug)] == ["trigger", "resolve"]


def test_after_a_day_without_recovery_a_quiet_notice_replaces_the_repeats(quick, vendors, slug, key):
    bridge = quick(stop_ms=800)
    bridge.trigger(slug)
    notice = (key("pagerduty/platform/thirdparty"), f"alivemcp-{slug}-unrecovered")
    vendors.wait(lambda: notice in vendors.open_keys(slug))
    body = vendors.about(slug)[-1].body
    assert (body["payload"]["severity"], body["payload"]["summary"]) == (
        "info",
        f"No recovery seen for 24 h: {slug.title()}",
    )
    count = len(vendors.about(slug))
    bridge.trigger(f"{slug}-other")
    vendors.wait(lambda: len(vendors.about(f"{slug}-other")) >= 3)
    assert len(vendors.about(slug)) == count
    assert bridge.resolve(slug) == "closed"
    bridge.settle(slug)
    assert vendors.open_keys(slug) == []


def test_a_repeat_that_fails_is_tried_again_and_pages_nobody_else(quick, vendors, slug):
    bridge = quick()
    bridge.trigger(slug, server_owner_team="mover", server_tier="author")
    vendors.script(slug, 500, 401)
    vendors.wait(lambda: len(vendors.about(slug, "trigger")) >= 4)
    assert vendors.opens(slug) == 1


def test_what_is_old_is_forgotten(new_bridge, config_of, vendors, slug):
    limits = config_of().limits.model_copy(update={"seen_ms": 100, "history_ms": 100, "test_resolve_ms": 200})
    bridge = new_bridge(config_of(limits=limits))
    bridge.trigger(slug, id="evt-1")
    bridge.resolve(slug, id="evt-2")
    assert len(bridge.query(slug, "SELECT 1 FROM seen WHERE lane = ?")) == 2
    bridge.trigger(slug, test=True)  # its timer comes after all that
    vendors.wait(lambda: vendors.open_keys(slug) == [])
    for rows in ("seen", "incident", "delivery"):
        assert bridge.query(slug, f"SELECT 1 FROM {rows} WHERE lane = ?") == []
    # A fresh bridge: the shard's first incident is the one that is forgotten.
    assert bridge.query(slug, "SELECT 1 FROM transition WHERE seq = 1 AND ? != ''") == []


# ---------------------------------------------------------------- test alerts


def test_a_test_alert_takes_the_whole_way_at_the_lowest_severity_and_closes_itself(bridge, vendors, slug, key):
    assert bridge.trigger(slug, test=True) == "opened"
    dedup = f"alivemcp-test-{slug}"
    assert vendors.open_keys(slug) == [(key("pagerduty/platform/internal"), dedup)]
    payload = vendors.about(slug)[0].body["payload"]
    assert (payload["severity"], payload["summary"]) == ("info", f"[TEST] MCP server down: {slug.title()}")
    vendors.wait(lambda: vendors.open_keys(slug) == [])
    bridge.settle(f"test/{slug}")
    assert bridge.history(f"test/{slug}") == ["opened", "sent", "resolved", "closed"]


def test_a_test_and_an_outage_do_not_touch_each_other(bridge, vendors, slug):
    assert bridge.trigger(slug) == "opened"
    assert bridge.trigger(slug, test=True) == "opened"
    assert bridge.resolve(slug, test=True) == "closed"
    bridge.settle(f"test/{slug}")
    assert [dedup for _, dedup in vendors.open_keys(slug)] == [f"alivemcp-{slug}"]


@pytest.mark.parametrize("value", ["true", 1, "false", None, {}])
def test_only_true_is_a_test(bridge, vendors, slug, value):
    bridge.trigger(slug, test=value)
    assert [dedup for _, dedup in vendors.open_keys(slug)] == [f"alivemcp-{slug}"]
