"""The webhook's answers, and what goes out for a plain outage."""

import pytest

pytestmark = pytest.mark.worker


def test_a_trigger_pages_through_pagerduty_once_and_a_resolve_closes_it(bridge, vendors, slug, key):
    assert bridge.trigger(slug) == "opened"
    assert vendors.open_keys(slug) == [(key("pagerduty/platform/internal"), f"alivemcp-{slug}")]
    assert bridge.resolve(slug) == "closed"
    assert vendors.open_keys(slug) == []
    assert [call.action for call in vendors.about(slug)] == ["trigger", "resolve"]
