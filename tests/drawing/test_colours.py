"""Colours of people: text on them can be read, and they differ, for eyes without one kind of cone too."""

import math
from itertools import combinations

import pytest

from oncall.drawing.colours import FILLS, INK, colours

# What is left of linear RGB without the cones for long, middle and short waves (Machado, Oliveira, Fernandes 2009).
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "no blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
Rgb = tuple[float, ...]


def linear(code: str) -> Rgb:
    parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def luminance(colour: Rgb) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def seen(colour: Rgb, eyes: str) -> Rgb:
    """The colour in OKLab, as these eyes see it."""
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, colour, strict=True)))) for row in EYES[eyes])
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_on_every_colour_has_contrast(scheme: int) -> None:
    for fill in FILLS:
        low, high = sorted((luminance(linear(fill[scheme])), luminance(linear(INK[scheme]))))
        assert (high + 0.05) / (low + 0.05) >= 4.5, fill


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_any_two_colours_differ(scheme: int, eyes: str) -> None:
    for one, other in combinations(FILLS, 2):
        distance = math.dist(seen(linear(one[scheme]), eyes), seen(linear(other[scheme]), eyes))
        assert distance >= 0.065, (one[scheme], other[scheme])  # 0.02 can just be told apart side by side


def test_people_who_are_seen_together_have_different_colours() -> None:
    people = [f"p{number}" for number in range(12)]
    groups = [set(people[start : start + 5]) for start in range(0, 12, 3)]
    chosen = colours(people, groups)

    assert [len({chosen[person] for person in group}) for group in groups] == [len(group) for group in groups]
    assert colours([*people, "alone"], groups) == chosen
