"""A preview as Markdown for a comment: safe to post whatever the inventory says, and never too long to be posted."""

import html
import re
from collections.abc import Sequence

from oncall.drawing.words import visible
from oncall.preview.report import Report, Section

# GitHub refuses comments of more than 65,536 characters; facts D12 draw the line below it.
LONGEST = 60_000
MARKER = "<!-- oncall-preview -->"
"""Hidden in each comment, so that the next run finds it again."""
NOTHING = "<!-- nothing changes -->"
"""Hidden in one that has nothing to say."""

# What means something within a line; no text of ours or others' begins one.
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~$])")
_MENTION = re.compile(r"@(?=\w)|#(?=\d)|:(?=//)|\b(www)\.", re.IGNORECASE)
_BREAK = "&#8203;"  # a space of no width: `@team` mentions nobody, `#12` and `https:` are no links


def markdown(report: Report, longest: int = LONGEST) -> str:
    """Return a report as Markdown of at most so many characters, cut at rows: what was cut is counted."""
    nothing = "" if report.sections else f"{NOTHING}\n"
    head = f"{MARKER}\n{nothing}### {escaped(report.verdict)}\n"
    foot = f"\n<sub>{escaped(report.about)}</sub>\n" if report.about else ""
    room = longest - len(head) - len(foot)
    parts: list[str] = []
    for place, section in enumerate(report.sections):
        # Every section that follows keeps at least the room for its title and for saying what was cut.
        reserved = sum(len(_frame(later, "")) + 80 for later in report.sections[place + 1 :])
        part = _section(section, room - reserved)
        parts.append(part)
        room -= len(part)
    return head + "".join(parts) + foot


def escaped(text: str) -> str:
    """Return text that shows as it is: no markup, no mention, no link, no hidden character."""
    plain = visible(text)
    parts = []
    at = 0
    for found in _MENTION.finditer(plain):
        parts += [_MARKDOWN.sub(r"\\\1", plain[at : found.start()]), _broken(found)]
        at = found.end()
    parts.append(_MARKDOWN.sub(r"\\\1", plain[at:]))
    return "".join(parts).replace("&", "&amp;").replace("&amp;#8203;", _BREAK)


def _broken(found: re.Match[str]) -> str:
    return f"{found[1]}{_BREAK}." if found[1] else f"{found[0]}{_BREAK}"


def _section(section: Section, room: int) -> str:
    rows = [_row(row) for row in section.rows]
    table = _head(section.columns)
    kept = 0
    length = len(_frame(section, table)) + 80
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
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |\n"
