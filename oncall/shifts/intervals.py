"""Arithmetic on stretches of time: sorted, disjoint, half-open pairs of UTC instants."""

from collections.abc import Iterable
from datetime import datetime

Interval = tuple[datetime, datetime]
Intervals = tuple[Interval, ...]


def merge(parts: Iterable[Interval]) -> Intervals:
    """Return the union of intervals in any order; empty ones vanish, touching ones become one."""
    merged: list[Interval] = []
    for start, end in sorted(parts):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def intersect(left: Intervals, right: Intervals) -> Intervals:
    """Return what is in both."""
    found: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            found.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def subtract(whole: Intervals, parts: Intervals) -> Intervals:
    """Return what of `whole` is in none of `parts`."""
    if not parts:
        return whole
    left: list[Interval] = []
    j = 0
    for start, end in whole:
        while j < len(parts) and parts[j][1] <= start:
            j += 1
        at, k = start, j
        while k < len(parts) and parts[k][0] < end:
            if at < parts[k][0]:
                left.append((at, parts[k][0]))
            at = parts[k][1]
            k += 1
        if at < end:
            left.append((at, end))
    return tuple(left)
