"""The core schema of YAML 1.2."""

import math

import pytest

from oncall.source.scalars import resolve


@pytest.mark.parametrize(
    "text",
    [
        *("NO", "yes", "on", "Off", "y", "10:00", "190:20:30", "2026-12-07", "2026-12-24 09:00", "1_000", "30%", "="),
        *("nULL", "0b11", "-0x1F", "0x", ".", "+", "-", "e1", "1e", "+49 30 5550101", "4.3.2", "1m", "١٢"),
    ],
)
def test_a_word_that_only_other_yaml_versions_convert_stays_text(text: str) -> None:
    assert resolve(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("", None), ("~", None), ("Null", None), ("true", True), ("FALSE", False), ("0", 0), ("-7", -7), ("+49", 49)),
        *(("017", 17), ("0o17", 15), ("0x1F", 31), ("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0)),
        *((".inf", math.inf), ("-.INF", -math.inf), ("99999999999999999999", 99999999999999999999)),
    ],
)
def test_null_booleans_and_numbers_are_converted(text: str, value: object) -> None:
    assert (resolve(text), type(resolve(text))) == (value, type(value))


def test_not_a_number_is_a_float() -> None:
    assert str(resolve(".NaN")) == "nan"


def test_an_absurdly_long_row_of_digits_stays_text() -> None:
    assert resolve("9" * 5000) == "9" * 5000
