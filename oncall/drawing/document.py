"""A page that is one file: it needs no network, and only the style and script written into it may run."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from oncall.drawing.colours import FILLS
from oncall.drawing.markup import Markup, element, trusted

_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect x='1' y='2' width='14'"
    " height='13' rx='3' fill='%232f6b4c'/%3E%3Crect x='3' y='6' width='10' height='3' fill='%23fff'/%3E%3C/svg%3E"
)


def document(title: str, style: str, *content: Markup | str | None, script: str = "") -> str:
    """Return a page of a title, a style sheet on top of the common one, and content; a script if there is one."""
    whole = theme() + style
    policy = [
        "default-src 'none'",
        f"style-src '{_hash(whole)}'",
        *([f"script-src '{_hash(script)}'"] if script else []),
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content="; ".join(policy)),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("link", rel="icon", href=_ICON),
        element("style", trusted(whole)),
    )
    body = element("body", *content, element("script", trusted(script)) if script else None)
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


@cache
def theme() -> str:
    """Return what all pages look like, with the people's colours as `--fill` of `.p0`, `.p1`, ..."""
    light, dark = (
        "".join(f".p{number} {{ --fill: {fill[scheme]}; }}\n" for number, fill in enumerate(FILLS)) for scheme in (0, 1)
    )
    return f"{asset('drawing', 'theme.css')}{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


@cache
def asset(part: str, name: str) -> str:
    """Return a style sheet or script of a part of this package.

    They are part of the program, like a module; `</` ends neither a style nor a script in what we wrote ourselves.
    """
    return files(f"oncall.{part}").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
