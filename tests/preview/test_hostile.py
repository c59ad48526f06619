"""Whatever an inventory calls its people and things, a preview shows as text: no markup, no link, nobody mentioned."""

import html
import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from oncall.cli.tables import shown, table
from oncall.errors import Mark, Problem
from oncall.model import Inventory
from oncall.preview.compute import preview
from oncall.preview.data import as_data
from oncall.preview.markdown import LONGEST, MARKER, markdown
from oncall.preview.model import Preview, Side
from oncall.preview.report import Report, Section, report

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NASTY = (
    "<img src=x onerror=alert(1)>",
    "</details></td></table><script>alert(1)</script>",
    "&lt;b&gt; &#64;channel &commat;here",
    "@channel and @here, @acme/platform",
    "`code` ``and`` ```more```",
    "a | pipe | of | cells",
    "two\nlines\r\n\n# and a heading",
    "\u202eright to left\u202c and \u200bzero\u200dwidth\ufeff",
    "[x](javascript:alert(1)) ![y](https://evil.example/p.png) [z]: https://evil.example",
    "#12, GH-12, !12, $12, %12, &12, ~bug, acme/repo#12, deadbeefcafe, 0123456789abcdef0",
    "https://evil.example www.evil.example ftp://evil.example mail@evil.example mailto:mail@evil.example",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x07 \x9b31m",
    ":tada: :100: :+1:",
    "**bold** __bold__ *it* _it_ ~~gone~~ $x$ $$y$$",
    "\\ backslash \\| and end \\",
    "<!-- oncall-preview --> <!-- comment",
    "- list\n+ list\n1. list\n> quote\n---\n***",
    "| --- | --- |",
    "\u3164\u2800 blank",
    "[vulnerability:1] [[wiki]] [^note]",
    "{{ template }} {% raw %} ${{ secrets.TOKEN }}",
)
# GitHub's autolinks and what both sites make of plain text after it is rendered, each as strict as it can be put.
LINKED = re.compile(
    r"@\w|#\d|\bGH-\d|[!%$&]\d|~\w|(https?|ftp):/|\bwww\.|\b[0-9a-f]{7,40}\b|:(tada|100|\+1):|\[\w+:\d|\w@\w", re.I
)
GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {"h3", "h4", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "sub", "p", "em"}


class Page(HTMLParser):
    """The elements, attributes and texts of a page, and whether all that opens closes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.cells: list[str] = []
        self.comments: list[str] = []
        self.widths: list[list[int]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        self.open.append(tag)
        if tag == "table":
            self.widths.append([])
        elif tag == "tr":
            self.widths[-1].append(0)
        elif tag in ("td", "th"):
            self.widths[-1][-1] += 1
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self.open:
            self.cells[-1] += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def rendered(text: str) -> Page:
    page = Page(GFM.render(text))
    assert page.open == []
    assert page.tags <= OURS
    assert page.attributes == []
    assert all(len(set(widths)) == 1 for widths in page.widths), "a table with a row of another width"
    assert not LINKED.search(visible(text)), LINKED.search(visible(text))
    return page


def visible(text: str) -> str:
    """What a site looks for links in: the text of the page, with our breaks still in it."""
    return html.unescape(re.sub(r"<[^>]*>", "", GFM.render(text)))


def named(name: str) -> Inventory:
    people = {key: {"name": f"{key} {name}", "email": f"{key}@acme.example"} for key in ("ana", "bo")}
    sun = {"rotations": {"weekly": {"people": ["ana", "bo"], "turn": "1 week", "since": "2026-11-16"}}, "name": name}
    edge = {
        "name": name,
        "pages_through": "pagerduty",
        "members": ["ana", "bo"],
        "schedules": {"sun": sun},
        "escalation": [{"notify": "sun"}, {"notify": "ana", "after": "5m"}],
    }
    return Inventory.model_validate(
        {
            "organization": name,
            "people": people,
            "tiers": {"internal": {"severity": "critical"}},
            "teams": {"edge": edge},
            "servers": {"a-mcp": {"name": name, "url": "https://a.example", "team": "edge", "tier": "internal"}},
            "groups": {"one": {"name": name, "servers": ["a-mcp"], "team": "edge", "description": name}},
            "leave": [],
            "bridge": {"fallback": "edge"},
        }
    )


def previewed(name: str) -> Preview:
    """An edit that shows the name in as many places as there are."""
    problem = Problem(Mark(name, 1, 1), "rule", name, "notice")
    base = named("plain")
    head = named(name)
    edge = head.teams["edge"]
    sun = edge.schedules["sun"]
    weekly = sun.rotations["weekly"].model_copy(update={"people": ("bo", "ana")})
    sun = sun.model_copy(update={"rotations": {"weekly": weekly}})
    edge = edge.model_copy(update={"schedules": {"sun": sun}, "escalation": edge.escalation[:1]})
    head = head.model_copy(update={"teams": {"edge": edge}})
    found = preview(Side(base, (replace(problem, message=f"{name} before"),)), Side(head, (problem,)), NOW)
    assert found.shifts
    assert found.settings
    assert found.escalations
    return found


@pytest.mark.parametrize("name", NASTY)
def test_markdown_shows_it_as_text(name: str) -> None:
    text = markdown(report(previewed(name)))
    page = rendered(text)

    assert text.count(MARKER) == 1
    assert page.comments == [MARKER.removeprefix("<!--").removesuffix("-->")]
    assert all(char.isprintable() or char in "\n\u200b" for char in visible(text)), "something hidden is left"


@settings(max_examples=300)
@given(st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=30)), min_size=1, max_size=3).map("".join))
def test_any_text_is_one_cell_and_reads_as_it_was_written(name: str) -> None:
    page = rendered(markdown(Report("a verdict", "about", (Section("T", ("a", "b"), ((name, "end"),)),))))

    shown_text, end = page.cells[2:]
    assert end == "end"
    plain = re.sub(r"\[U\+[0-9A-F]+\]", "", shown_text.replace("\u200b", ""))
    wanted = "".join(char for char in name if not hidden(char))
    assert plain.split() == re.sub(r"\[U\+[0-9A-F]+\]", "", wanted).split()


def hidden(char: str) -> bool:
    return char not in "\r\n\t" and re.search(r"\[U", html.unescape(markdown(Report(char, "", ())).replace("\\", "")))


@pytest.mark.parametrize("name", NASTY)
def test_a_terminal_gets_no_control_characters(name: str) -> None:
    out = StringIO()
    screen = Console(file=out, width=200, force_terminal=True, color_system=None, legacy_windows=False)
    found = report(previewed(name))
    for section in found.sections:
        screen.print(shown(section.title))
        screen.print(table(section.columns, section.rows))
    screen.print(shown(found.about))

    assert all(char.isprintable() or char == "\n" for char in out.getvalue())


@pytest.mark.parametrize("name", NASTY)
def test_json_holds_exactly_the_name(name: str) -> None:
    data = json.loads(json.dumps(as_data(previewed(name))))

    assert (data["organization"], data["shifts"][0]["name"]) == (name, name)


def test_nothing_of_the_environment_is_in_any_form(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = {
        "PAGERDUTY_TOKEN": "u+PlantedPagerDutyTok",
        "OPSGENIE_API_KEY": "11111111-2222-4333-8444-555555555555",
        "GITHUB_TOKEN": "ghp_PlantedPlantedPlantedPlanted",
        "PULUMI_CONFIG_PASSPHRASE": "planted passphrase",
    }
    for word, value in planted.items():
        monkeypatch.setenv(word, value)
    found = previewed("Edge")
    texts = [markdown(report(found)), json.dumps(as_data(found)), repr(report(found)), repr(found)]

    assert not [value for value in planted.values() for text in texts if value in text]
    assert os.environ["PAGERDUTY_TOKEN"] == planted["PAGERDUTY_TOKEN"]


LONG = st.text(st.characters(codec="utf-8"), max_size=80)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 3000), LONG, st.booleans(), st.booleans()), min_size=1, max_size=17
    )
)
def test_a_comment_is_never_too_long_and_always_whole(shapes: list[tuple[int, int, str, bool, bool]]) -> None:
    sections = tuple(
        Section(f"Section {place}", ("column",) * columns, ((text or "x",) * columns,) * rows, folded, alarming)
        for place, (columns, rows, text, folded, alarming) in enumerate(shapes)
    )
    text = markdown(Report("a verdict", "about", sections))

    assert len(text) <= LONGEST
    rows = [row for section in sections for row in section.rows]
    kept = sum(len(widths) - 1 for widths in Page(GFM.render(text)).widths)
    cut = sum(int(found) for found in re.findall(r"^_(\d+) more rows? cut", text, re.MULTILINE))
    assert kept + cut == len(rows)
    assert text.count("<details>") == text.count("</details>") == sum(section.folded for section in sections)
    assert [line for line in text.splitlines() if line.startswith(("####", "<details>"))].__len__() == len(sections)


def test_of_a_huge_preview_the_urgent_is_kept_whole() -> None:
    urgent = Section("Stopped by the guard", ("rule",), (("coverage-lost",),) * 20, alarming=True)
    shifts = Section("Who changes", ("who",), (("Ana Petrova → Bo Lind " * 5,),) * 2000)
    objects = Section("At PagerDuty", ("object",), (("schedule " * 5,),) * 5000, folded=True)
    text = markdown(Report("many", "about", (urgent, shifts, objects)))

    assert text.count("coverage-lost") == 20
    assert text.count("Ana Petrova") > text.count("schedule schedule") / 4 > 20
    assert LONGEST - 500 < len(text) <= LONGEST
