"""Names on bars: as much of them as there is room for, with whom they stand in for."""

from collections.abc import Sequence

from oncall.calendars.words import Reason
from oncall.drawing.labels import fitted, text_width
from oncall.drawing.markup import Markup, element, percent, pixels

_ROOMY = 60  # where a name that is cut off says more than two letters
_SIGHT = 200  # what a phone shows of a chart, a little less
_SMALL = 0.92  # the width of small text to that


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
