"""A strip: the next weeks of a schedule that changes, before above after, as SVG.

Nothing is said by colour alone: people are named on their bars, what is given away is hatched, what is taken over has
an outline, hours of nobody a pattern. The same picture gives the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from oncall.drawing.colours import FILLS
from oncall.drawing.document import asset
from oncall.drawing.labels import fitted, short_names, text_width
from oncall.drawing.markup import Markup, element, join, text, trusted
from oncall.drawing.words import day_text, span_text, visible
from oncall.preview.bars import slots
from oncall.preview.hand_bars import placed
from oncall.preview.pictures import Picture
from oncall.preview.strip_rows import AFTER, LABELS, NOTE, WIDE, Frame, row, rows
from oncall.targets.checks import TITLES

_MARGIN = 16  # around a strip that stands alone
_TOLD = 12  # changes that are read out


def strip(
    picture: Picture, names: Mapping[str, str], colours: Mapping[str, int], width: int = WIDE, prefix: str = "strip"
) -> Markup:
    """Return a strip for a page that has `strip_style`; `prefix` begins its ids, which must be the page's own."""
    drawn, height = _body(picture, names, colours, width, prefix)
    return _svg(picture, names, prefix, drawn, (0, 0, width, height))


def strip_file(picture: Picture, names: Mapping[str, str], colours: Mapping[str, int]) -> str:
    """Return a strip as a file of its own, with a ground to stand on in light and dark."""
    drawn, height = _body(picture, names, colours, WIDE, "strip")
    box = (-_MARGIN, -_MARGIN, WIDE + 2 * _MARGIN, height + 2 * _MARGIN + AFTER)
    ground = element("rect", class_="ground", x=box[0], y=box[1], width=box[2], height=box[3], rx="10")
    style = element("style", trusted(strip_style()))
    legend = _legend(height + 8, picture)
    return (
        f"{_svg(picture, names, 'strip', [style, ground, *drawn, legend], box, xmlns='http://www.w3.org/2000/svg')}\n"
    )


@cache
def strip_style() -> str:
    """Return the style sheet of strips."""
    light, dark = (
        "".join(f".strip .p{number} {{ fill: {fill[scheme]}; }}\n" for number, fill in enumerate(FILLS))
        for scheme in (0, 1)
    )
    sheet, _, night = asset("preview", "strip.css").partition("/* dark */\n")
    return f"{sheet}{light}@media screen and (prefers-color-scheme: dark) {{\n{night}{dark}}}\n"


def _svg(
    picture: Picture,
    names: Mapping[str, str],
    prefix: str,
    drawn: Sequence[Markup | None],
    box: tuple[int, int, int, int],
    **more: str,
) -> Markup:
    what = "before and after" if picture.first is not None else "with what was made by hand"
    title = element("title", f"{visible(picture.name)}, {what}", id=f"{prefix}-title")
    desc = element("desc", _told(picture, names), id=f"{prefix}-desc")
    return element(
        "svg",
        title,
        desc,
        *drawn,
        class_="strip",
        role="img",
        aria_labelledby=f"{prefix}-title {prefix}-desc",
        viewBox=" ".join(map(str, box)),
        width=box[2],
        height=box[3],
        **more,
    )


def _told(picture: Picture, names: Mapping[str, str]) -> str:
    """Return what the picture shows, for those who don't see it."""

    def said(people: Sequence[str]) -> str:
        return ", ".join(visible(names.get(key, key)) for key in people) or "nobody"

    parts = [
        f"{span_text(one.start, one.end, picture.zone)}: {said(one.before)} before, {said(one.after)} after."
        for one in picture.changes[:_TOLD]
    ]
    left = len(picture.changes) - len(parts)
    if left > 0:
        parts.append(f"And {left} more.")
    by_hand = [
        f"{span_text(one.start, one.end, picture.zone)}: {visible(one.who)} by hand at {TITLES[one.vendor]}."
        for one in picture.by_hand[:_TOLD]
    ]
    if len(picture.by_hand) > len(by_hand):
        by_hand.append(f"And {len(picture.by_hand) - len(by_hand)} more by hand.")
    return " ".join([f"Times in {picture.zone}.", *parts, *by_hand])


def _body(
    picture: Picture, names: Mapping[str, str], colours: Mapping[str, int], width: int, prefix: str
) -> tuple[list[Markup], int]:
    people = {key: visible(names.get(key, key)) for key in sorted(picture.people)}
    frame = Frame(picture, width, _names(people), colours, slots(picture), prefix, placed(picture.by_hand))
    zone = f"times in {picture.zone}"
    title = fitted(visible(picture.name), (width - text_width(zone) - 20 if width == WIDE else width) / 1.2)
    drawn = [patterns(prefix), element("text", title, class_="title", x="0", y="15")]
    top = 30
    if width == WIDE:
        drawn.append(element("text", zone, class_="soft", x=width, y="15", text_anchor="end"))
    else:
        drawn.append(element("text", zone, class_="soft", x="0", y="32"))
        top = 44
    for grids, said in rows(frame):
        if said is None:
            part, top = row(frame, grids[0], top)
            drawn.append(part)
        else:
            line = f"{day_text(grids[0].days[0])} to {day_text(grids[-1].days[-1])}: {said}"
            drawn.append(element("text", line, class_="soft", x=frame.left, y=top + 10))
            top += 26
    lines = _initials(frame, join(drawn))
    drawn += [
        element("text", line, class_="soft", x=frame.left, y=top + number * NOTE) for number, line in enumerate(lines)
    ]
    return drawn, top - 10 + len(lines) * NOTE + (4 if lines else 0)


def _initials(frame: Frame, drawn: str) -> list[str]:
    """Return who is meant by the initials that are drawn, in as many lines as that takes."""
    said = [
        f"{form} {visible(name)}"
        for name, *forms in frame.names.values()
        for form in forms
        if len(form) < 3 and not name.startswith(form) and f">{text(form)}<" in drawn
    ]
    lines: list[str] = []
    for each in said:
        longer = f"{lines[-1]}, {each}" if lines else each
        if lines and text_width(longer) <= frame.width - frame.left:
            lines[-1] = longer
        else:
            lines.append(fitted(each, frame.width - frame.left))
    return lines


def _names(people: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return people's names and shorter ones: given names, else initials. Family names read like somebody else's."""
    found = {}
    for key, (name, *forms) in short_names(people).items():
        shorter = [form for form in forms if form not in (key, name.split()[-1])]
        found[key] = (name, *(shorter or forms))
    return found


def patterns(prefix: str) -> Markup:
    """Return the hatches: of what is given away, of nobody, wanted or not, and the dots of what was made by hand."""

    def hatch(name: str, ground: str, stripe: str, turn: int) -> Markup:
        return element(
            "pattern",
            element("rect", class_=ground, width="7", height="7"),
            element("rect", class_=stripe, width="2.5", height="7"),
            id=f"{prefix}-{name}",
            width="7",
            height="7",
            patternUnits="userSpaceOnUse",
            patternTransform=f"rotate({turn})",
        )

    return element(
        "defs",
        hatch("gone", "clear", "given", 135),
        hatch("gap", "red-ground", "red", 45),
        hatch("fine", "clear", "grey", 45),
        element(
            "pattern",
            *(element("circle", class_="dot", cx=at, cy=at, r="1.1") for at in ("1.75", "5.25")),
            id=f"{prefix}-hand",
            width="7",
            height="7",
            patternUnits="userSpaceOnUse",
        ),
    )


def marks(some: Iterable[Picture]) -> list[tuple[str, str]]:
    """Return what the marks on pictures mean, each with its name."""
    drawn = list(some)
    found = [("gone", "given away"), ("new", "taken over")] if any(one.first is not None for one in drawn) else []
    found.append(("gap", "nobody"))
    return [*found, ("hand", "made by hand at a vendor")] if any(one.by_hand for one in drawn) else found


def _legend(top: int, picture: Picture) -> Markup:
    """Return what the marks mean, for a strip that stands alone."""
    found = []
    x = LABELS[WIDE]
    for kind, said in marks((picture,)):
        found.append(
            element("rect", class_="p0" if kind != "gap" else "clear", x=x, y=top, width="26", height="14", rx="3")
        )
        if kind == "new":
            found.append(element("rect", class_="new", x=x + 1, y=top + 1, width="24", height="12", rx="3"))
        else:
            fill = f"url(#strip-{kind})"
            found.append(element("rect", class_=kind, x=x, y=top, width="26", height="14", rx="3", fill=fill))
        found.append(element("text", said, class_="soft", x=x + 33, y=top + 11))
        x += 60 + int(text_width(said))
    return join(found)
