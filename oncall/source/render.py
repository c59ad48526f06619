"""Plain data as YAML text: what an edit adds to a file. Strings are quoted only where a reader needs it."""

from __future__ import annotations

import json
import re
from typing import Any

from oncall.source import fast

WIDTH = 120
"""A `{...}` or `[...]` that would make its line longer than this is written as a block."""

# What YAML 1.1 takes for something else than text, though we do not; and phone numbers, which look as if it did.
_OLD_YAML = re.compile(
    r"(?i:yes|no|on|off)|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|[-+]?[0-9][0-9_]*_[0-9_]*|[+].*"
)
_SIMPLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[-/.][A-Za-z0-9_]+)+|[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?")
# JSON's escapes are YAML's, but JSON leaves these as they are.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def inline(value: Any, quote: str = "", *, flow: bool = True) -> str:
    """A value on one line. `quote` is the quote to prefer for a string; `flow` that it stands within `{}` or `[]`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inline(key)}: {inline(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(each) for each in value) + "]"
    if isinstance(value, str):
        return _string(value, quote, flow=flow)
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}[str(value)]
    return json.dumps(value)


def block(value: Any, column: int, step: int, dash: int, line_break: str) -> str:
    """A value whose first line begins at a column; other lines are indented.

    `step` is how far mappings within mappings are indented, `dash` how far lists within mappings are.
    """
    indent = line_break + " " * column
    if isinstance(value, dict) and value:
        return indent.join(
            inline(key, flow=False) + ":" + after_head(each, column, len(inline(key)) + 1, step, dash, line_break)
            for key, each in value.items()
        )
    if isinstance(value, list) and value:
        return indent.join("- " + _item(each, column + 2, step, dash, line_break) for each in value)
    return inline(value, flow=False)


def after_head(value: Any, column: int, head: int, step: int, dash: int, line_break: str) -> str:
    """What follows the colon of a key at a column, `head` characters wide: on its line, or a block below."""
    if goes_inline(value, column + head + 1):
        return " " + inline(value, flow=False)
    inner = column + (dash if isinstance(value, list) else step)
    return line_break + " " * inner + block(value, inner, step, dash, line_break)


def goes_inline(value: Any, used: int) -> bool:
    """Whether a value is simple and short enough for the rest of a line of which `used` characters are taken."""
    if isinstance(value, dict):
        simple = all(_simple(each) or (isinstance(each, list) and all(map(_simple, each))) for each in value.values())
    elif isinstance(value, list):
        simple = all(map(_simple, value))
    else:
        return True
    return not value or (simple and used + len(inline(value)) <= WIDTH)


def _item(value: Any, column: int, step: int, dash: int, line_break: str) -> str:
    if goes_inline(value, column):
        return inline(value, flow=False)
    return block(value, column, step, dash, line_break)


def _simple(value: Any) -> bool:
    if isinstance(value, dict):  # like {dee: manager}
        return len(value) <= 1 and not any(isinstance(each, dict | list) for each in value.values())
    return not value if isinstance(value, list) else True


def _string(value: str, quote: str, *, flow: bool) -> str:
    if quote == "'" and _reads_as(text := "'" + value.replace("'", "''") + "'", value):
        return text
    if quote != '"' and "\n" not in value and not _OLD_YAML.fullmatch(value):
        if _SIMPLE.fullmatch(value):
            return value
        if _reads_as(f"[{value}, x]" if flow else value, [value, "x"] if flow else value):
            return value
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _reads_as(text: str, value: Any) -> bool:
    # `{}: x` is no key and `# x` no value: as a key and as a value it must be what it is.
    read = fast.load(f"k: {text}\n")
    return read is not None and read.get("k") == value and type(read["k"]) is type(value) and len(read) == 1
