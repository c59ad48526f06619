"""What a user reads when something goes wrong: one line, the object, the field, the vendor's words, the way out."""

import httpx
import pulumi
import pytest
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.proto import provider_pb2

from oncall.clients.base import ApiClient, Credentials

SCHEDULE = {"name": "Edge sun", "timezone": "Europe/Berlin"}


@pytest.fixture
def schedule(team):
    return SCHEDULE | {"ownerTeamId": team.id}


def said(action, *args):
    with pytest.raises(Exception) as failure:
        action(*args)
    text = str(failure.value)
    assert "\n" not in text
    assert "Traceback" not in text
    return text


def test_a_key_that_is_not_accepted(start):
    text = said(start(key="planted-wrong-key-0001").create, "opsgenie:Team", {"name": "Maps"})

    assert text == (
        'team "Maps": OpsGenie answered 401: Key is not valid or its integration is disabled; '
        "check the API key, and that it belongs to this region"
    )


def test_no_key_at_all(start, monkeypatch):
    monkeypatch.delenv("OPSGENIE_API_KEY", raising=False)

    text = said(start(key="").create, "opsgenie:Team", {"name": "Maps"})

    assert "no OpsGenie API key: `pulumi config set --secret oncall:opsgenieApiKey`" in text


def test_a_host_that_can_not_be_reached(start):
    text = said(start(url="http://127.0.0.1:1").create, "opsgenie:Team", {"name": "Maps"})

    assert text.startswith('team "Maps": OpsGenie can\'t be reached at 127.0.0.1:1 (')
    assert text.endswith("check the address, the network and the proxy settings")


def test_content_that_is_refused_with_the_vendors_words_on_the_field(plugin, schedule):
    text = said(plugin.create, "opsgenie:Schedule", schedule | {"timezone": "Europe/Berlinn"})

    assert 'schedule "Edge sun": OpsGenie answered 422:' in text
    assert "timezone" in text


def test_a_missing_right(plugin, schedule):
    plugin.line.answer("POST", "/v2/schedules", 403, json={"message": "You are not authorized", "took": 0.1})

    text = said(plugin.create, "opsgenie:Schedule", schedule)

    assert text == (
        'schedule "Edge sun": OpsGenie answered 403: You are not authorized; '
        "the API key needs the configuration access right and the right to create and update"
    )


def test_a_key_echoed_by_the_vendor_is_starred(plugin, schedule):
    key = "11111111-2222-3333-4444-555555555555"
    plugin.line.answer("POST", "/v2/schedules", 400, json={"message": f"no such thing for {key}", "took": 0.1})

    text = said(plugin.create, "opsgenie:Schedule", schedule)

    assert key not in text
    assert "no such thing for ***" in text


def test_a_value_the_vendor_changed_is_named_and_the_object_recorded(plugin, schedule):
    held = plugin.create("opsgenie:Schedule", schedule | {"name": "other"}, "other")
    changed = {"id": held.id, "name": "Edge sun", "timezone": "UTC", "enabled": True}
    changed |= {"description": "Managed from the inventory", "ownerTeam": {"id": schedule["ownerTeamId"]}}
    plugin.line.answer("GET", "/v2/schedules/[0-9a-f-]{36}", 200, json={"data": changed})

    with pytest.raises(Exception, match="OpsGenie changed or ignored timezone") as failure:
        plugin.create("opsgenie:Schedule", schedule)

    assert "timezone (asked for 'Europe/Berlin', it holds 'UTC')" in str(failure.value)
    assert failure.value.recorded[1]["timezone"] == "UTC"


def test_an_update_that_was_ignored_is_named_and_recorded(plugin, schedule):
    held = plugin.create("opsgenie:Schedule", schedule)
    plugin.line.answer("PATCH", "/v2/schedules/.*", 200, json={"result": "Updated", "took": 0.1})

    with pytest.raises(Exception, match="ignored enabled \\(asked for False, it holds True\\)") as failure:
        plugin.update(held, schedule | {"enabled": False})

    assert failure.value.recorded == (held.id, held.state)


def test_an_update_of_something_gone_says_to_refresh(plugin, vendor, schedule):
    held = plugin.create("opsgenie:Schedule", schedule)
    vendor.delete(f"/v2/schedules/{held.id}")

    assert "it is gone at the vendor" in said(plugin.update, held, schedule | {"enabled": False})


def test_a_read_back_that_fails_leaves_the_object_recorded(plugin, schedule):
    for _ in range(3):
        plugin.line.answer("GET", "/v2/schedules/.*", 502)

    with pytest.raises(Exception, match="OpsGenie answered 502") as failure:
        plugin.create("opsgenie:Schedule", schedule)

    assert failure.value.recorded[1]["name"] == "Edge sun"


def test_an_id_of_the_wrong_form(plugin):
    text = said(plugin.imported, "opsgenie:Rotation", "no-slash")

    assert '"no-slash" is no id of a rotation: it must be scheduleId/rotation id' in text


def test_an_unknown_kind(plugin):
    assert "this plugin has no kind oncall:opsgenie:Nothing" in said(plugin.check, "opsgenie:Nothing", {})


def test_a_fault_of_our_own_tells_its_place_and_nothing_else(start, monkeypatch):
    def broken(self, *args, **kwargs):
        raise KeyError("planted-secret-value")

    monkeypatch.setattr(ApiClient, "send", broken)

    text = said(start().create, "opsgenie:Team", {"name": "Maps"})

    assert text.startswith("the oncall plugin failed: KeyError at test_errors.py:")
    assert "planted" not in text


def test_an_asset_where_a_text_is_wanted(plugin):
    news = PropertyValue.marshal_map({"name": PropertyValue(pulumi.StringAsset("x"))})
    request = provider_pb2.CheckRequest(urn="urn:pulumi:dev::trial::oncall:opsgenie:Team::x", news=news)

    assert "name: give the text or id itself" in said(plugin._ask, "Check", request)


def test_a_limit_waited_out_is_no_error(plugin, schedule):
    plugin.line.answer("POST", "/v2/schedules", 429, headers={"Retry-After": "1"}, json={"message": "slow down"})

    assert plugin.create("opsgenie:Schedule", schedule).state["enabled"] is True


def test_a_wrong_address_is_said_before_anything_is_asked(plugin):
    news = PropertyValue.marshal_map({"opsgenieApiUrl": PropertyValue("api.opsgenie.com")})
    answer = plugin._ask("CheckConfig", provider_pb2.CheckRequest(urn="urn:x", news=news))

    assert [(each.property, each.reason) for each in answer.failures] == [
        ("opsgenieApiUrl", "must begin with https:// (or http:// for a sandbox)")
    ]


def test_a_tls_fault_is_not_retried():
    def refuse(request):
        raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")

    client = ApiClient("OpsGenie", "https://api.example", transport=httpx.MockTransport(refuse))
    with pytest.raises(Exception, match="certificate verify failed") as failure:
        client.send("GET", "/v2/teams", Credentials("GenieKey", "k"))

    assert failure.value.retryable is False
