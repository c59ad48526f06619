"""A preview as a page: one file that needs no network and no script, for a browser or a run's artefacts."""

from collections.abc import Iterable, Mapping, Sequence

from oncall.drawing.colours import colours
from oncall.drawing.document import asset, document
from oncall.drawing.markup import Markup, element, join
from oncall.drawing.words import visible
from oncall.preview.model import Preview
from oncall.preview.pictures import Picture
from oncall.preview.report import NOBODY, Report, Section, Swap
from oncall.preview.strip import marks, patterns, strip, strip_file, strip_style
from oncall.preview.strip_rows import NARROW, WIDE

MOST_STRIPS = 24
"""So many strips a page holds, the soonest; files there are of all."""
_STATES = {0: "calm", 1: "wrong", 2: "changes", 3: "stopped"}
_BADGES = {0: "no change", 1: "can't be applied", 2: "changes", 3: "stopped by the guard"}


def page(preview: Preview, report: Report, pictures: Sequence[Picture]) -> str:
    """Return a preview as HTML; `report` is its text, `pictures` what of it is drawn."""
    style = strip_style() + asset("preview", "page.css")
    title = f"On-call preview: {visible(preview.organization)}" if preview.organization else "On-call preview"
    urgent = [section for section in report.sections if section.alarming]
    others = [section for section in report.sections if not section.alarming]
    main = element(
        "main",
        *map(_section, urgent),
        _strips(pictures, preview.names),
        *map(_section, others),
    )
    return document(title, style, _top(preview, report, title), main)


def strip_files(preview: Preview, pictures: Sequence[Picture]) -> dict[str, str]:
    """Return path -> SVG of every picture; no key has a dot, so that no two names are one."""
    chosen = _colours(pictures, preview.names)
    return {
        f"strips/{picture.ref.team}.{picture.ref.schedule}.svg": strip_file(picture, preview.names, chosen)
        for picture in pictures
    }


def _colours(pictures: Iterable[Picture], names: Mapping[str, str]) -> dict[str, int]:
    return colours(names, [picture.people for picture in pictures])


def _top(preview: Preview, report: Report, title: str) -> Markup:
    code = preview.exit_code
    return element(
        "header",
        element(
            "div",
            element("p", title, class_="of"),
            element("p", _BADGES[code], class_="badge"),
            element("h1", visible(report.verdict)),
            element("p", visible(report.about), class_="about") if report.about else None,
        ),
        class_=f"verdict {_STATES[code]}",
    )


def _strips(pictures: Sequence[Picture], names: Mapping[str, str]) -> Markup | None:
    if not pictures:
        return None
    chosen = _colours(pictures, names)
    drawn = [
        element(
            "figure",
            element("div", strip(picture, names, chosen, WIDE, f"wide-{number}"), class_="wide"),
            element("div", strip(picture, names, chosen, NARROW, f"narrow-{number}"), class_="narrow"),
            class_="panel",
        )
        for number, picture in enumerate(pictures[:MOST_STRIPS])
    ]
    left = len(pictures) - len(drawn)
    more = element("p", f"{left} more schedules: see the tables.", class_="more") if left > 0 else None
    return element("section", _legend(pictures), *drawn, more, class_="strips", aria_label="Before and after")


def _legend(pictures: Sequence[Picture]) -> Markup:
    def mark(kind: str) -> Markup:
        box = {"x": "1.25", "y": "1.25", "width": "23.5", "height": "12.5", "rx": "3"}
        parts = [element("rect", class_="clear" if kind in ("gap", "stretch") else "p0", **box)]
        if kind == "new":
            parts.append(element("rect", class_="new", **box))
        elif kind == "stretch":
            parts.append(element("rect", class_="stretch", **box))
        else:
            parts.append(element("rect", class_=kind, fill=f"url(#legend-{kind})", **box))
        return element("svg", *parts, class_="strip", width="26", height="15", aria_hidden="true")

    words = marks(pictures)
    if any(picture.first is not None for picture in pictures):
        words.append(("stretch", "what differs"))
    # In a drawing of their own: what is hidden on narrow screens could not lend its patterns.
    shared = element("svg", patterns("legend"), class_="strip patterns", aria_hidden="true")
    return join([shared, element("ul", *(element("li", mark(kind), text) for kind, text in words), class_="legend")])


def _section(section: Section) -> Markup:
    title = visible(section.title)
    heading = element("h2", title, element("small", f" {len(section.rows)}") if len(section.rows) > 5 else None)
    if section.folded:
        folded = element("details", element("summary", heading), _table(section))
        return element("section", folded, class_="panel folded")
    return element("section", heading, _table(section), class_="panel alarm" if section.alarming else "panel")


def _table(section: Section) -> Markup:
    heads = element("thead", element("tr", *(element("th", name, scope="col") for name in section.columns)))
    rows = (
        element("tr", *(_cell(name, cell) for name, cell in zip(section.columns, row, strict=True)))
        for row in section.rows
    )
    return element("table", heads, element("tbody", *rows), class_=f"of-{len(section.columns)}")


def _cell(column: str, cell: str) -> Markup:
    kind = {"was": "was", "will be": "will", "when": "when", "UTC": "when", "first change": "when"}.get(column)
    return element("td", _said(cell), class_=kind, data_label=column or None)


def _said(cell: str) -> Markup:
    if not isinstance(cell, Swap):
        return join([visible(cell)])
    parts = (
        element("span", visible(cell.before), class_="was"),
        " → ",
        element("span", visible(cell.after), class_="will nobody" if cell.after == NOBODY else "will"),
        visible(cell.rest),
    )
    return join(parts)
