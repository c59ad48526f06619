"""Which entries of a changed list or mapping are the old ones: those keep their text and their comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, slots=True)
class Slot:
    """An entry of the new collection: the old one it comes from, if any, and its key (None in a list) and value."""

    old: int | None
    key: str | None
    value: Any


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of the same types: 1 is neither 1.0 nor true."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return len(one) == len(other) and all(key in other and same(each, other[key]) for key, each in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) or (one != one and other != other)  # .nan is not equal to itself


def slots_of(old: Any, new: Any) -> Iterator[Slot]:
    """Give the entries of a changed mapping or list, in the order they are to be written.

    Keys that stay keep their order, new ones come after the key before them in `new`. An item of a list is the old one
    that equals it, else one that is changed in place, else new.
    """
    if isinstance(old, dict):
        places = {key: number for number, key in enumerate(old)}
        order = [key for key in old if key in new]
        for above, key in pairwise([None, *new]):
            if key not in places:
                order.insert(order.index(above) + 1 if above is not None else 0, key)
        yield from (Slot(places.get(key), key, new[key]) for key in order)
        return
    left = list(range(len(old)))
    found: list[int | None] = []
    alike_long = len(old) == len(new)
    for at, value in enumerate(new):
        here = alike_long and at in left and same(old[at], value)
        equal = at if here else next((number for number in left if same(old[number], value)), None)
        if equal is not None:
            left.remove(equal)
        found.append(equal)
    for number, (value, equal) in enumerate(zip(new, found, strict=True)):
        place = equal
        if place is None:  # changed in place: what was at its place, or something that has a part in common
            stays = alike_long and number in left and type(old[number]) is type(value)
            place = number if stays else next((each for each in left if _alike(old[each], value)), None)
            if place is not None:
                left.remove(place)
        yield Slot(place, None, value)


def _alike(old: Any, new: Any) -> bool:
    """Whether two collections are of one kind and have a part in common."""
    if isinstance(old, dict) and isinstance(new, dict):
        return any(key in new and same(each, new[key]) for key, each in old.items())
    return isinstance(old, list) and isinstance(new, list) and any(same(*pair) for pair in zip(old, new, strict=False))
