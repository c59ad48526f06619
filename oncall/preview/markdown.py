"""A preview as Markdown for a comment: safe to post whatever the inventory says, and never too long to be posted."""

import html
import re
from collections.abc import Sequence

from oncall.drawing.words import visible
from oncall.preview.report import Report, Section
from oncall.preview.verdict import NOTHING_CHANGES

# GitHub refuses comments of more than 65,536 characters; facts D12 draw the line below it.
LONGEST = 60_000
MARKER = "<!-- oncall-preview -->"
"""Hidden in each comment, so that the next run finds it again."""
NOTHING = "<!-- nothing changes -->"
"""Hidden in one that has nothing to say."""

# What means something within a line; no text of ours or others' begins one.
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~$])")
# What GitHub and GitLab make links, mentions or pictures of in plain text, up to where a break stops them: people,
# issues, merge requests, labels, addresses, emoji (not `09:00-17:00`).
_LINKED = re.compile(
    r"@(?=\w)|#(?=\d)|[!%~$&](?=[\w\"])|\[(?=\w+:)|\bGH(?=-\d)|:(?=//)|\bwww(?=\.)"
    r"|:(?=(?!\d[\d-]*:)[\w+-]+:|100:|1234:)",
    re.IGNORECASE,
)
_COMMIT = re.compile(r"\b[0-9a-f]{7,}\b", re.IGNORECASE)
_SHORT_OF_A_COMMIT = re.compile(r".{1,6}")
_BREAK = "&#8203;"  # a space of no width
_LONGEST_CELL = 600
_CUT_LINE = 80


def markdown(report: Report, longest: int = LONGEST) -> str:
    """Return a report as Markdown of at most so many characters, cut at rows: what was cut is counted.

    Every section keeps some room; what is left goes to those that come first, which are the most urgent.
    """
    nothing = f"{NOTHING}\n" if report.verdict == NOTHING_CHANGES else ""
    head = f"{MARKER}\n{nothing}### {escaped(report.verdict)}\n"
    foot = f"\n<sub>{escaped(report.about)}</sub>\n" if report.about else ""
    whole = [_section(section, longest) for section in report.sections]
    rooms = _rooms([len(text) for text in whole], longest - len(head) - len(foot))
    parts = [
        text if len(text) <= room else _section(section, room)
        for section, text, room in zip(report.sections, whole, rooms, strict=True)
    ]
    return head + "".join(parts) + foot


def _rooms(needs: Sequence[int], room: int) -> list[int]:
    share = room // (2 * len(needs)) if needs else 0
    rooms = [min(need, share) for need in needs]
    left = room - sum(rooms)
    for place, need in enumerate(needs):
        more = min(need - rooms[place], left)
        rooms[place] += more
        left -= more
    return rooms


def escaped(text: str) -> str:
    """Return text that shows as it is: no markup, no mention, no link, no hidden character."""
    plain = visible(text)  # no \0 is left in it
    broken = _COMMIT.sub(lambda found: "\0".join(_SHORT_OF_A_COMMIT.findall(found[0])), plain)
    broken = _LINKED.sub(lambda found: f"{found[0]}\0", broken)
    return _MARKDOWN.sub(r"\\\1", broken).replace("&", "&amp;").replace("\0", _BREAK)


def _section(section: Section, room: int) -> str:
    rows = [_row(row) for row in section.rows]
    table = _head(section.columns)
    kept = 0
    length = len(_frame(section, table)) + _CUT_LINE
    while kept < len(rows) and length + len(rows[kept]) <= room:
        length += len(rows[kept])
        kept += 1
    cut = len(rows) - kept
    body = table + "".join(rows[:kept]) if kept else ""
    if cut:
        body += f"\n_{cut} more {'row' if cut == 1 else 'rows'} cut: the whole is in the run's artefact_\n"
    return _frame(section, body)


def _frame(section: Section, body: str) -> str:
    if section.folded:
        return f"\n<details><summary>{html.escape(section.title)}</summary>\n\n{body}\n</details>\n"
    return f"\n#### {'⚠️ ' if section.alarming else ''}{escaped(section.title)}\n\n{body}"


def _head(columns: Sequence[str]) -> str:
    return _row(columns) + "|" + "---|" * len(columns) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escaped(_short(cell)) for cell in cells) + " |\n"


def _short(cell: str) -> str:
    return cell if len(cell) <= _LONGEST_CELL else f"{cell[: _LONGEST_CELL - 1]}…"
