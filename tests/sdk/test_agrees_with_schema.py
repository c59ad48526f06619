"""The program-side classes and the package schema say the same."""

import inspect

import pytest

from oncall import sdk
from oncall.provider.schema import package_schema

SCHEMA = package_schema()
CLASSES = [getattr(sdk, name) for name in sdk.__all__ if name != "Provider"]
every_class = pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)

PYTHON_TYPES = {"string": "str", "integer": "int", "boolean": "bool", "array": "Sequence", "object": "Mapping"}


def arguments(cls):
    return {
        name: each
        for name, each in inspect.signature(cls.__init__).parameters.items()
        if name not in ("self", "resource_name", "opts")
    }


def wire(cls, name):
    return cls.wire_names.get(name, name)


def test_there_is_one_class_for_each_kind():
    assert {cls.token for cls in CLASSES} == set(SCHEMA["resources"])
    assert all(cls.token.endswith(f":{cls.__name__}") for cls in CLASSES)


@every_class
def test_its_arguments_are_the_inputs(cls):
    thing = SCHEMA["resources"][cls.token]

    assert {wire(cls, name) for name in arguments(cls)} == set(thing["inputProperties"])


@every_class
def test_required_arguments_are_required_inputs(cls):
    required = {wire(cls, name) for name, each in arguments(cls).items() if each.default is inspect.Parameter.empty}

    assert required == set(SCHEMA["resources"][cls.token]["requiredInputs"])


@every_class
def test_its_attributes_are_the_properties_with_their_types(cls):
    thing = SCHEMA["resources"][cls.token]

    assert {wire(cls, name) for name in cls.__annotations__} == set(thing["properties"])
    for name, annotation in cls.__annotations__.items():
        entry = thing["properties"][wire(cls, name)]
        expected = "Nested" if "$ref" in entry else PYTHON_TYPES[entry["type"]]
        optional = " | None" if wire(cls, name) not in thing["required"] else ""
        assert annotation.startswith(f"Output[{expected}"), name
        assert (" | None" in annotation) == bool(optional), name


@every_class
def test_its_secrets_are_the_schemas(cls):
    entries = SCHEMA["resources"][cls.token]["properties"]

    assert {wire(cls, name) for name in cls.secret} == {name for name, entry in entries.items() if entry.get("secret")}


@every_class
def test_every_name_goes_to_the_wire_and_back(cls):
    made = cls.__new__(cls)

    for name in cls.__annotations__:
        assert made.translate_output_property(made.translate_input_property(name)) == name


def test_the_provider_takes_the_schemas_settings():
    names = set(inspect.signature(sdk.Provider.__init__).parameters) - {"self", "resource_name", "opts"}

    assert names == {"opsgenie_api_key", "opsgenie_api_url", "pagerduty_token", "pagerduty_api_url"}
    assert set(SCHEMA["provider"]["inputProperties"]) == {
        "opsgenieApiKey",
        "opsgenieApiUrl",
        "pagerdutyToken",
        "pagerdutyApiUrl",
    }
