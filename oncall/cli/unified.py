"""What an edit changes, as a unified diff."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from rich.text import Text

from oncall.source.writer import Files

_CONTEXT = 3  # lines around a change, as diff has them
_STYLES = {"@": "cyan", "+": "green", "-": "red"}


def unified(before: Files, after: Files) -> str:
    """Return the differences of files of the same names; "" where there are none."""
    return "".join(
        line
        for (name, old), (_, new) in zip(before, after, strict=True)
        if old != new
        for line in _lines(name, old.splitlines(keepends=True), new.splitlines(keepends=True))
    )


def coloured(diff: str) -> Text:
    """Return a diff for people: without the CR of a file from Windows, other control characters visible."""
    text = Text()
    for line in diff.replace("\r\n", "\n").splitlines(keepends=True):
        style = "bold" if line.startswith(("---", "+++")) else _STYLES.get(line[:1], "")
        safe = "".join(char if char.isprintable() or char in "\n\t" else f"\\x{ord(char):02x}" for char in line)
        text.append(safe, style=style)
    return text


def _lines(name: str, old: list[str], new: list[str]) -> Iterator[str]:
    yield f"--- {name}\n"
    yield f"+++ {name}\n"
    # difflib's own unified_diff takes lines that are frequent, as in any YAML, for noise and repeats them.
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT):
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n"
        for tag, i, j, k, n in group:
            if tag == "equal":
                yield from map(_ended, (f" {line}" for line in old[i:j]))
            else:
                yield from map(_ended, (f"-{line}" for line in old[i:j]))
                yield from map(_ended, (f"+{line}" for line in new[k:n]))


def _range(start: int, end: int) -> str:
    count = end - start
    return f"{start + 1 if count else start},{count}" if count != 1 else f"{start + 1}"


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
