from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall.answers.balance import Balance, balance


def test_the_mean_of_all_pairs() -> None:
    # By hand: 60/120, 90/120 and 60/90 make 64 % in the mean; the mean share is 90.
    assert balance({"ana": 120, "bo": 60, "cy": 90}) == Balance(64, (("ana", 33),))


def test_small_differences_are_not_spoken_of() -> None:
    almost, less = balance({"ana": 100, "bo": 95}), balance({"ana": 100, "bo": 94})
    assert (almost, less) == (Balance(95), Balance(94, (("ana", 3),)))
    assert almost is not None
    assert less is not None
    assert (almost.balanced, less.balanced) == (True, False)


@pytest.mark.parametrize("minutes", [{"ana": 60}, {"ana": 60, "bo": 0}, {"ana": 5, "bo": 5, "cy": 5}])
def test_who_is_alone_or_equal_is_in_balance(minutes: dict[str, int]) -> None:
    assert balance(minutes) == Balance(100)


@pytest.mark.parametrize("minutes", [{}, {"ana": 0}])
def test_of_no_time_there_is_none(minutes: dict[str, int]) -> None:
    assert balance(minutes) is None


def test_the_most_overloaded_come_first() -> None:
    found = balance({"ana": 100, "bo": 300, "cy": 100, "eve": 200, "dee": 300})
    assert found is not None
    assert found.overloaded == (("bo", 50), ("dee", 50))


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 600_000), min_size=2))
def test_it_is_the_published_formula(minutes: dict[str, int]) -> None:
    pairs = [Fraction(min(pair), max(pair)) for pair in combinations(minutes.values(), 2)]
    found = balance(minutes)
    assert found is not None
    assert abs(found.percent - 100 * sum(pairs) / len(pairs)) <= Fraction(500_001, 1_000_000)
