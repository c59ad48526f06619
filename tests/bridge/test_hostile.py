"""Whatever is sent: never a 5xx, and never a call to a vendor unless signed and well-formed."""

import json
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.worker

# One bridge serves all examples: they are kept apart by what they assert, not by the fixture.
PROFILE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)

HEADER = st.text(alphabet=string.printable.strip() + " ", max_size=200).map(str.strip)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["type", "event", "server_slug", "server_name", "server_tier", "server_tags", "server_owner_team"]
FIELDS += ["failure_reason", "check_url", "test", "id", "occurred_at", "timestamp", "started_at", "last_failures"]
KNOWN = st.sampled_from(["alert.triggered", "alert.resolved", "platform", "edge", "internal", "__proto__", "a" * 250])


def encoded(value):
    return json.dumps(value).encode("utf-8", "surrogatepass")


@PROFILE
@given(body=st.binary(max_size=300), signature=st.none() | HEADER)
def test_unsigned_bytes_reach_nobody(bridge, vendors, body, signature):
    before = len(vendors.calls)
    answer = bridge.post(body, headers={"x-alivemcp-signature": signature})
    assert answer.status_code == 401
    assert len(vendors.calls) == before


@PROFILE
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]),
    path=st.text(alphabet=string.ascii_letters + string.digits + "/%.?&=-_", max_size=60),
    headers=st.dictionaries(
        st.sampled_from(
            ["x-alivemcp-signature", "webhook-id", "webhook-timestamp", "webhook-signature", "content-type"]
        ),
        HEADER,
    ),
    body=st.binary(max_size=100),
)
def test_unsigned_requests_are_never_our_fault(bridge, vendors, method, path, headers, body):
    before = len(vendors.calls)
    answer = bridge.client.request(method, f"{bridge.url}/{path}", content=body, headers=headers)
    assert 200 <= answer.status_code < 500
    assert len(vendors.calls) == before


@PROFILE
@given(body=st.binary(max_size=300) | JSON.map(encoded))
def test_signed_nonsense_is_refused_for_good(bridge, vendors, body):
    before = len(vendors.calls)
    answer = bridge.post(body)
    assert answer.status_code in {400, 422}
    assert len(vendors.calls) == before


@PROFILE
@given(fields=st.dictionaries(st.sampled_from(FIELDS), JSON | KNOWN), resolved=st.booleans())
def test_signed_events_with_strange_fields_are_answered(bridge, fields, resolved):
    # The bridge hears the recovery too, so that no page of this test stays open.
    assert bridge.post(encoded({"type": "alert.triggered", "server_slug": "strange-mcp"} | fields)).status_code < 500
    assert bridge.post(encoded({"type": "alert.resolved", "server_slug": "strange-mcp"})).status_code < 500


@settings(PROFILE, max_examples=60)
@given(fields=st.dictionaries(st.sampled_from(FIELDS[3:]), JSON | KNOWN))
def test_no_strange_field_loses_the_page(bridge, vendors, fields):
    slug = "odd-mcp"
    ordered = {name: value for name, value in fields.items() if name not in {"id", "occurred_at", "timestamp", "test"}}
    opens = vendors.opens(slug)
    body = encoded({"type": "alert.triggered", "server_slug": slug} | ordered)
    assert bridge.post(body).json() == {"status": "opened"}
    vendors.wait(lambda: vendors.opens(slug) == opens + 1)
    assert bridge.resolve(slug) == "closed"
    bridge.settle(slug)
