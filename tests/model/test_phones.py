"""Telephone numbers are split where that is clear, and only there."""

import pytest

from oncall.model.phones import split_phone


@pytest.mark.parametrize(
    ("phone", "parts"),
    [
        ("+49 30 5550101", (49, "305550101")),
        ("+1 212 555 0110", (1, "2125550110")),
        ("+7 495 123-45-67", (7, "4951234567")),
        ("+351 21 555 0114", (351, "215550114")),
        ("+234 (1) 555 0103", (234, "15550103")),
        ("+52 55 1234 5678", (52, "5512345678")),
    ],
)
def test_the_calling_code_is_told_from_the_number(phone, parts):
    assert split_phone(phone) == parts


@pytest.mark.parametrize(
    ("phone", "parts"), [("+39 06 555 0101", (39, "065550101")), ("+225 07 12 34 56 78", (225, "0712345678"))]
)
def test_a_zero_that_is_dialled_from_abroad_stays(phone, parts):
    assert split_phone(phone) == parts


@pytest.mark.parametrize("phone", ["+49 (0)30 5550101", "+44 020 7946 0000", "+1 1 212 555 0110", "+52 1 55 1234 5678"])
def test_a_prefix_for_calls_inside_the_country_is_refused(phone):
    assert split_phone(phone) is None


@pytest.mark.parametrize("phone", ["+210 5550101", "+800 1234 5678", "+999 5550101"])
def test_a_code_that_no_country_has_is_refused(phone):
    assert split_phone(phone) is None


@pytest.mark.parametrize("phone", ["+49 123", "+49 123456789012345"])
def test_too_few_or_too_many_digits_are_refused(phone):
    assert split_phone(phone) is None
