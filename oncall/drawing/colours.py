"""A colour for each person: people who share a schedule differ, as far as there are colours.

The colours differ in lightness too, so that they are told apart by eyes that see no red, no green or no blue; a test
holds them to it. Nothing is said by colour alone: bars carry names.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Set

# fill in light, fill in dark; red is kept for gaps
FILLS = (
    ("#86a2f9", "#7257b9"),
    ("#e2d6a6", "#8e6706"),
    ("#bff0e8", "#277b6b"),
    ("#ecabb0", "#802d4a"),
    ("#b5d25f", "#665401"),
    ("#91dcf2", "#2e5777"),
    ("#9bbcf1", "#2b357f"),
    ("#bcad72", "#543a0e"),
)
INK = ("#1d2320", "#f2f5f3")  # text on them


def colours(people: Iterable[str], together: Iterable[Set[str]]) -> dict[str, int]:
    """Return the number of each person's colour, for all who are in one of the groups that are seen together."""
    beside: dict[str, set[str]] = defaultdict(set)
    for group in together:
        for person in group:
            beside[person] |= group - {person}
    chosen: dict[str, int] = {}
    used: Counter[int] = Counter()
    for person in (key for key in people if key in beside):
        near = Counter(chosen[other] for other in beside[person] if other in chosen)
        chosen[person] = min(range(len(FILLS)), key=lambda number: (near[number], used[number], number))
        used[chosen[person]] += 1
    return chosen
