"""What an unquoted word means: the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema).

Only null, true, false, integers and floats are anything but text: `NO` is Norway and `10:00` a time.
"""

from __future__ import annotations

import re

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_NUMBER = re.compile(
    r"""(?P<decimal>[-+]?[0-9]+)
      | 0o(?P<octal>[0-7]+)
      | 0x(?P<hexadecimal>[0-9a-fA-F]+)
      | (?P<real>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)
    """,
    re.VERBOSE | re.ASCII,
)
_STARTS_A_NUMBER = frozenset("0123456789+-.")
_BASES = {"decimal": 10, "octal": 8, "hexadecimal": 16}

MAX_DIGITS = 300
"""A longer row of digits stays text: no count is that long, and converting it costs quadratic time."""


def resolve(text: str) -> Scalar:
    """The value of a plain (unquoted, untagged) scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_A_NUMBER or len(text) > MAX_DIGITS:
        return text
    number = _NUMBER.fullmatch(text)
    if number is None:
        return text
    kind = str(number.lastgroup)
    return float(text) if kind == "real" else int(number[kind], _BASES[kind])
