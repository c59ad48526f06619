"""The key of an API integration: told once, kept as a secret, made anew when it is lost."""

import pytest
from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key

INPUTS = {"name": "AliveMCP"}


@pytest.fixture
def inputs(team):
    return INPUTS | {"ownerTeamId": team.id}


def test_the_key_works_and_is_a_secret_at_the_wire(plugin, inputs):
    answer = plugin.raw_create("opsgenie:ApiIntegration", inputs)

    key = answer.properties.fields["apiKey"].struct_value.fields
    assert key[_special_sig_key].string_value == _special_secret_sig
    assert len(key["value"].string_value) == 36


def test_the_key_survives_updates_and_refreshes(plugin, inputs):
    held = plugin.create("opsgenie:ApiIntegration", inputs)

    later = plugin.refresh(plugin.update(held, inputs | {"name": "AliveMCP two"}))

    assert later.state["apiKey"] == held.state["apiKey"]


def test_after_a_lost_answer_the_integration_is_made_anew_with_a_known_key(plugin, vendor, inputs):
    plugin.line.lose("POST", "/v2/integrations")

    held = plugin.create("opsgenie:ApiIntegration", inputs)

    assert held.state["needsNewKey"] is False
    assert len(held.state["apiKey"]) == 36
    assert plugin.warnings == ['API integration "AliveMCP" was found without its key and is made anew']


def test_one_of_a_killed_run_is_made_anew(start, plugin, inputs):
    old = plugin.create("opsgenie:ApiIntegration", inputs)

    new = start().create("opsgenie:ApiIntegration", inputs)

    assert new.id != old.id
    assert new.state["apiKey"] not in ("", old.state["apiKey"])


def test_an_import_says_that_the_key_is_not_known_and_the_next_update_replaces(start, plugin, inputs):
    held = plugin.create("opsgenie:ApiIntegration", inputs)
    run = start()

    imported = run.imported("opsgenie:ApiIntegration", held.id)

    assert (imported.state["apiKey"], imported.state["needsNewKey"]) == ("", True)
    assert "the next `pulumi up` deletes the integration and makes it anew" in run.warnings[0]
    assert list(run.diff(imported, inputs).replaces) == ["apiKey"]


def test_a_preview_of_a_new_one_does_not_know_the_key_yet(plugin, inputs):
    shown = plugin.preview("opsgenie:ApiIntegration", inputs)

    assert repr(shown["apiKey"]) == "<known after the update>"
    assert shown["needsNewKey"] is False


def test_a_preview_of_an_update_knows_the_key(plugin, inputs):
    held = plugin.create("opsgenie:ApiIntegration", inputs)

    shown = plugin.update(held, inputs | {"enabled": False}, preview=True)

    assert shown.state["apiKey"] == held.state["apiKey"]


def test_another_owner_is_another_integration(plugin, inputs):
    held = plugin.create("opsgenie:ApiIntegration", inputs)
    other = plugin.create("opsgenie:Team", {"name": "Other"}, "other")

    assert plugin.changes(held, inputs | {"ownerTeamId": other.id}) == {"ownerTeamId": "update_replace"}


def test_one_that_is_made_disabled_is_disabled(plugin, vendor, inputs):
    held = plugin.create("opsgenie:ApiIntegration", inputs | {"enabled": False})

    assert vendor.get(f"/v2/integrations/{held.id}")["enabled"] is False


def test_settings_that_are_not_ours_survive_an_update(plugin, vendor, inputs):
    held = plugin.create("opsgenie:ApiIntegration", inputs)
    whole = vendor.get(f"/v2/integrations/{held.id}")
    kept = {name: value for name, value in whole.items() if name not in (*whole["_readOnly"], "_readOnly")}
    vendor._http.put(f"/v2/integrations/{held.id}", json=kept | {"ignoreTagsFromPayload": True})

    plugin.update(held, inputs | {"suppressNotifications": True})

    assert vendor.get(f"/v2/integrations/{held.id}")["ignoreTagsFromPayload"] is True


def test_an_answer_without_a_key_is_recorded_and_said(plugin, vendor, inputs):
    plugin.create("opsgenie:ApiIntegration", inputs | {"name": "first"}, "first")
    body = {"type": "API", "name": "AliveMCP", "ownerTeam": {"id": inputs["ownerTeamId"]}}
    keyless = vendor.post("/v2/integrations", body) | {"apiKey": None}
    plugin.line.answer("POST", "/v2/integrations", 201, json={"data": keyless})

    with pytest.raises(Exception, match="OpsGenie's answer to the create holds no key") as failure:
        plugin.create("opsgenie:ApiIntegration", inputs)

    assert failure.value.recorded[0] == keyless["id"]
    assert failure.value.recorded[1]["needsNewKey"] is True
