"""Names on charts: as much of them as there is room for, and never one that could be somebody else's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from unicodedata import east_asian_width

from oncall.calendars.book import ScheduleBook
from oncall.calendars.markup import Markup, element, percent, pixels
from oncall.calendars.words import Reason

_ROOMY = 60  # where a name that is cut off says more than two letters
_SIGHT = 200  # what a phone shows of a chart, a little less
# Widths of letters in pixels, on the wide side: what is still too long is cut off by its bar.
_LETTER, _NARROW, _WIDE = 6.9, 4.2, 12.0
_SMALL = 0.92  # the width of small text to that


def short_names(schedule: ScheduleBook, people: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the names of a schedule's people, the best first: shorter ones only where they are one person's."""
    forms = {person: _forms(people[person], person) for person in {shift.person for shift in schedule.shifts}}
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


def bar_label(
    names: Sequence[str], reason: Reason | None, room: float, begins: str | None, baseline: float
) -> Markup | None:
    """Return the first of the names, with whom it is for and from when, for which there is room; None for none."""
    name, *shorter = names
    other = reason.other if reason else None
    for said, small in (
        *([(name, f"for {other}, from {begins}")] if other and begins else []),
        *([(name, f"for {other}")] if other else []),
        *([(name, f"from {begins}")] if begins and not other else []),
        (name, None),
        *((short, None) for short in shorter if room < _ROOMY or len(short) > 2),
        *([(fitted(name, room), None)] if room >= _ROOMY else []),
    ):
        if text_width(said) + (text_width(small) * _SMALL + 8 if small else 0) <= room:
            tail = element("tspan", small, class_="small", dx="6") if small else None
            return element("text", said, tail, x="6", y=pixels(baseline))
    return None


def repeated_names(name: str, room: float, baseline: float) -> list[Markup]:
    """Return the name again along a long bar, for screens on which only a part of the chart is in sight."""
    times = int(room / _SIGHT)
    return [
        element("text", fitted(name, _SIGHT - 20), class_="again", x=percent(100 * number / times), y=pixels(baseline))
        for number in range(1, times)
    ]


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
