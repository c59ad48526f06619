"""Values of the engine and points in time."""

from datetime import UTC, datetime

import pytest
from google.protobuf import struct_pb2

from sandbox.plugin.instants import go_form, parse_instant
from sandbox.plugin.values import UNKNOWN, from_struct, to_struct

SIGNATURE = "4dabf18193072939515e22adb298388d"


def struct(**values):
    result = struct_pb2.Struct()
    result.update(values)
    return result


def test_whole_numbers_arrive_as_integers():
    assert from_struct(struct(turn=604800.0, flag=True)) == {"turn": 604800, "flag": True}


def test_secrets_are_unwrapped():
    secret = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": "tok"}
    assert from_struct(struct(token=secret)) == {"token": "tok"}


def test_an_output_without_a_value_is_unknown():
    output = {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "secret": True}
    assert from_struct(struct(id=output)) == {"id": UNKNOWN}


def test_values_that_are_none_are_left_out():
    assert from_struct(to_struct({"a": None, "b": {"c": None, "d": 1}})) == {"b": {"d": 1}}


def test_a_time_is_printed_as_go_prints_it():
    assert go_form(datetime(2026, 11, 23, 8, tzinfo=UTC)) == "2026-11-23 08:00:00 +0000 UTC"


def test_gos_print_form_is_no_rfc_3339_time():
    with pytest.raises(ValueError, match="not an RFC 3339 time"):
        parse_instant("2026-11-23 08:00:00 +0000 UTC")


def test_offsets_are_resolved():
    assert parse_instant("2026-11-23T09:00:00+01:00") == datetime(2026, 11, 23, 8, tzinfo=UTC)
