"""HTML and SVG as text: elements whose text and attributes are escaped unless they are markup made here.

A template engine would read files and know nothing of SVG; a page that is mostly charts is better built from values.
"""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"br", "input", "link", "meta"})


class Markup(str):
    """Text that is markup already; only `element`, `join` and `trusted` make it."""

    __slots__ = ()


def element(tag: str, *children: "Markup | str | None", **attributes: str | int | bool | None) -> Markup:
    """Return an element. `class_` is `class`, other `_` are `-`; None and False leave an attribute out."""
    parts = []
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        name = name.rstrip("_").replace("_", "-")
        parts.append(f" {name}" if value is True else f' {name}="{text(str(value))}"')
    start = f"<{tag}{''.join(parts)}>"
    if tag in _VOID:
        return Markup(start)
    return Markup(f"{start}{join(children)}</{tag}>")


def join(children: "Iterable[Markup | str | None]", between: str = "") -> Markup:
    """Return children one after the other; what is no markup is escaped."""
    return Markup(between.join(child if isinstance(child, Markup) else text(child) for child in children if child))


def text(value: str) -> Markup:
    """Return a text as markup. NUL, which no document may hold, is dropped."""
    return Markup(escape(value.replace("\0", ""), quote=True))


def trusted(value: str) -> Markup:
    """Return a text of this program's own as it is: style sheets and scripts."""
    return Markup(value)


def percent(value: float) -> str:
    """`12.5%`, as short as two decimals allow."""
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def pixels(value: float) -> str:
    """`12.5`, as short as one decimal allows."""
    return f"{value:.1f}".rstrip("0").rstrip(".")
