"""Bytes of a file to text that is safe to tokenize, or the one fault that prevents it."""

from __future__ import annotations

import codecs
import re

from oncall.errors import Mark, Problem

_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# The printable characters of YAML 1.2 (https://yaml.org/spec/1.2.2/#51-character-set) without the three that
# libyaml, which follows 1.1, still takes for line ends (U+0085, U+2028, U+2029) and without a BOM in mid-text.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ESCAPED_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINE_END = re.compile("\r\n|\r|\n")


def decode(name: str, content: bytes) -> str | Problem:
    """The text of a file, without its byte order mark, or why it can't be read as YAML."""
    start = Mark(name)
    if content.startswith(_UTF32) or content[:4].count(0) == 3:
        return Problem(start, "encoding", "the file is UTF-32; save it as UTF-8")
    if content.startswith(_UTF16) or content[:4:2] == b"\0\0" or content[1:4:2] == b"\0\0":
        return Problem(start, "encoding", "the file is UTF-16; save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        body = content.removeprefix(codecs.BOM_UTF8)
        mark = place(name, body[: error.start].decode("utf-8"))
        byte = body[error.start]
        return Problem(mark, "encoding", f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8, not Latin-1")
    if found := _FORBIDDEN.search(text):
        mark = place(name, text[: found.start()])
        return Problem(mark, "control-character", _refusal(found[0]))
    return text


def hidden_control(value: str) -> str | None:
    """What is wrong with a quoted value whose escapes make a control character, or None."""
    found = _ESCAPED_FORBIDDEN.search(value)
    return _refusal(found[0]) if found else None


def place(name: str, before: str) -> Mark:
    """The mark right after the text `before`, which starts at the first character of the file."""
    line, start = 1, 0
    for end in _LINE_END.finditer(before):
        line, start = line + 1, end.end()
    return Mark(name, line, len(before) - start + 1)


def _refusal(character: str) -> str:
    name = "NUL byte" if character == "\0" else f"character U+{ord(character):04X}"
    return f"{name} is not allowed in an inventory; remove it"
