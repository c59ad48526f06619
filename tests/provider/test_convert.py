"""Values between the wire and plain Python."""

import pulumi
import pytest
from pulumi.provider.experimental.property_value import PropertyValue
from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_AT_THE_WIRE

from oncall.provider.convert import UNKNOWN, from_wire, has_unknown, to_wire
from oncall.provider.faults import ProviderError

PLAIN = {"text": "x", "number": 3, "half": 0.5, "flag": False, "list": [1, {"a": "b"}], "map": {"k": []}}


def there_and_back(values, secret=()):
    return from_wire(PropertyValue.unmarshal_map(PropertyValue.marshal_map(to_wire(values, secret))))


def test_values_survive_the_wire_and_whole_numbers_come_back_whole():
    back = there_and_back(PLAIN).values

    assert back == PLAIN
    assert [type(back[name]) for name in ("number", "half", "flag")] == [int, float, bool]


def test_an_unknown_survives_at_any_depth():
    assert there_and_back({"a": UNKNOWN, "b": [{"c": UNKNOWN}]}).values == {"a": UNKNOWN, "b": [{"c": UNKNOWN}]}


def test_an_unknown_is_written_as_the_engine_writes_it():
    assert to_wire({"a": UNKNOWN})["a"].value == UNKNOWN_AT_THE_WIRE


def test_secrets_are_unwrapped_and_remembered_by_name():
    inner = PropertyValue({"key": PropertyValue("planted", is_secret=True)})

    found = from_wire({"outer": inner, "plain": PropertyValue("x")})

    assert (found.values, found.secret) == ({"outer": {"key": "planted"}, "plain": "x"}, frozenset({"outer"}))


def test_named_properties_are_written_as_secrets():
    assert there_and_back({"key": "planted", "name": "x"}, ("key",)).secret == frozenset({"key"})


def test_nothing_is_left_out():
    assert there_and_back({"a": None, "b": {"c": None, "d": 1}}).values == {"b": {"d": 1}}


@pytest.mark.parametrize("asset", [pulumi.StringAsset("x"), pulumi.FileArchive("x")])
def test_assets_are_refused_with_their_place(asset):
    values = {"files": PropertyValue([PropertyValue({"text": PropertyValue(asset)})])}

    with pytest.raises(ProviderError, match=r"files\[0\]\.text: give the text or id itself"):
        from_wire(values)


@pytest.mark.parametrize("value, expected", [(UNKNOWN, True), ([{"a": UNKNOWN}], True), ([{"a": 1}], False)])
def test_unknowns_are_found_at_any_depth(value, expected):
    assert has_unknown(value) is expected
