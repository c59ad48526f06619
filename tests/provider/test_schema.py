"""The package schema: whole, and the same as what the kinds declare."""

import json
import re

from pulumi.runtime.proto import provider_pb2

from oncall.provider.kinds import KINDS
from oncall.provider.schema import package_schema, package_schema_text

SCHEMA = package_schema()


def references(value):
    return set(re.findall(r'"\$ref": "#/types/([^"]+)"', json.dumps(value)))


def test_it_is_json():
    assert json.loads(package_schema_text()) == SCHEMA


def test_every_kind_is_in_it():
    assert list(SCHEMA["resources"]) == [kind.token for kind in KINDS]


def test_every_type_it_refers_to_is_in_it_and_none_is_idle():
    assert references(SCHEMA) == set(SCHEMA["types"])


def test_everything_is_described():
    described = [
        entry
        for thing in (*SCHEMA["resources"].values(), *SCHEMA["types"].values())
        for entry in (thing, *thing["properties"].values())
    ]

    assert [entry for entry in described if not entry.get("description")] == []


def test_secrets_are_marked():
    secret = {
        f"{token}.{name}"
        for token, thing in SCHEMA["resources"].items()
        for name, entry in thing["properties"].items()
        if entry.get("secret")
    }

    assert secret == {
        "oncall:opsgenie:ApiIntegration.apiKey",
        "oncall:pagerduty:WebhookSubscription.signingSecret",
        "oncall:bridge:Bundle.keys",
        "oncall:bridge:Bundle.webhookSecret",
    }
    settings = SCHEMA["config"]["variables"]
    assert {name for name in settings if settings[name].get("secret")} == {"opsgenieApiKey", "pagerdutyToken"}


def test_required_properties_exist():
    for thing in SCHEMA["resources"].values():
        assert set(thing["required"]) <= set(thing["properties"])
        assert set(thing["requiredInputs"]) <= set(thing["inputProperties"])


def test_the_plugin_gives_it_to_the_engine(plugin):
    assert plugin._ask("GetSchema", provider_pb2.GetSchemaRequest()).schema == package_schema_text()
