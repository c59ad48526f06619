"""Names on pictures: how wide they are, shorter forms of them, and never one that could be somebody else's."""

from collections import Counter
from collections.abc import Mapping
from unicodedata import east_asian_width

# Widths of letters in pixels, on the wide side: what is still too long is cut off by its bar.
_LETTER, _NARROW, _WIDE = 6.9, 4.2, 12.0


def short_names(people: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the names of people seen together, the best first: shorter ones only where they are one person's."""
    forms = {person: _forms(name, person) for person, name in people.items()}
    counts = Counter(form for some in forms.values() for form in dict.fromkeys(some))
    return {
        person: (people[person], *(form for form in dict.fromkeys(some) if counts[form] == 1))
        for person, some in forms.items()
    }


def _forms(name: str, key: str) -> tuple[str, ...]:
    """Return shorter forms of a name, in the order of liking: `Ana`, `Ana P.`, `Petrova`, `ana-p`, `AP`."""
    words = name.split()
    if len(words) < 2:
        return (key,)
    return words[0], f"{words[0]} {words[-1][0]}.", words[-1], key, words[0][0] + words[-1][0]


def fitted(text: str, room: float) -> str:
    """Return a text cut to so many pixels, with an ellipsis where something is cut."""
    if text_width(text) <= room:
        return text
    kept = text
    while kept and text_width(kept + "…") > room:
        kept = kept[:-1]
    return kept.rstrip() + "…" if kept else ""


def text_width(text: str) -> float:
    """Return how wide a text is in pixels, rather more than less."""
    return sum(_letter_width(char) for char in text)


def _letter_width(char: str) -> float:
    if char in " .,'ijlfrtI":
        return _NARROW
    if char in "mwMW@" or east_asian_width(char) in "WF":
        return _WIDE
    return _LETTER
