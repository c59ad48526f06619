"""How evenly time on call is shared out, in the percent that Grafana OnCall shows for a schedule.

Its formula: for every two people, the hours of the one with less over those of the one with more; the mean of all
pairs, rounded to whole percent. From 95 % on a schedule is balanced; below, whoever has more than the mean is
overloaded, by so many percent (`quality_report` in engine/apps/schedules/models/on_call_schedule.py of grafana/oncall,
https://github.com/grafana/oncall/issues/118). Whoever has no time at all does not count: they may have left.
"""

from collections.abc import Mapping
from dataclasses import dataclass

BALANCED = 95
"""Percent."""


@dataclass(frozen=True, slots=True)
class Balance:
    """`percent` is 100 where all have the same; `overloaded` are people, and how many percent above the mean."""

    percent: int
    overloaded: tuple[tuple[str, int], ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether the differences are too small to speak of."""
        return self.percent >= BALANCED


def balance(minutes: Mapping[str, int]) -> Balance | None:
    """Return how evenly minutes are shared by people; None where there are none at all."""
    shares = sorted(share for share in minutes.values() if share > 0)
    if not shares:
        return None
    # Sorted, every share is the larger one of its pairs with those before it.
    ratios, smaller = 0.0, 0
    for share in shares:
        ratios += smaller / share
        smaller += share
    pairs = len(shares) * (len(shares) - 1) // 2
    percent = round(100 * ratios / pairs) if pairs else 100
    if percent >= BALANCED:
        return Balance(percent)
    mean = sum(shares) / len(shares)
    above = ((person, round(100 * share / mean) - 100) for person, share in minutes.items())
    return Balance(percent, tuple(sorted((one for one in above if one[1] > 0), key=lambda one: (-one[1], one[0]))))
