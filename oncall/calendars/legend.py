"""What the marks on the charts mean, and the patterns they are filled with."""

from oncall.drawing.markup import Markup, element


def legend() -> Markup:
    """Return the list of marks with their meaning."""
    marks = [
        (_bar("p0 bar", element("path", class_="hand", d="M0 0h7l-7 7z")), "hand-off"),
        (_bar("p0 bar override"), "override"),
        (_bar("p0 bar swap"), "swap"),
        (_bar("p0 bar leave"), "cover for leave"),
        (_bar("p0 bar holiday"), "cover for a public holiday"),
        (
            _bar("p0 bar", element("line", class_="feast", x1="3", x2="24", y1="11", y2="11")),
            "public holiday of who is on call",
        ),
        (_bar("gap"), "nobody"),
        (_bar("gap fine"), "nobody, as intended"),
        (_line("clock"), "clocks change"),
        (_line("now"), "now"),
    ]
    return element("ul", *(element("li", mark, text) for mark, text in marks), class_="legend", aria_label="Legend")


def patterns() -> Markup:
    """Return the definitions of the patterns; on the page once, where nothing hides them."""
    return element(
        "svg",
        element(
            "defs",
            _hatch("gap", "var(--red-bg)", "var(--red)"),
            _hatch("fine", "var(--panel)", "var(--line)"),
        ),
        class_="patterns",
        aria_hidden="true",
    )


def _hatch(name: str, ground: str, stripe: str) -> Markup:
    return element(
        "pattern",
        element("rect", width="7", height="7", fill=ground),
        element("rect", width="2", height="7", fill=stripe),
        id=name,
        width="7",
        height="7",
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def _bar(kind: str, *marks: Markup) -> Markup:
    box = element("rect", width="100%", height="100%", rx="4")
    return element("svg", box, *marks, class_=kind, width="26", height="15", aria_hidden="true")


def _line(kind: str) -> Markup:
    line = element("line", class_=kind, x1="8", x2="8", y1="0", y2="15")
    return element("svg", line, width="16", height="15", aria_hidden="true")
