"""Edits of the sample inventory, and the comments that reviewers get for them.

After a wanted change: `UPDATE_GOLDEN=1 pytest tests/preview/test_golden.py`, and read the difference as reviewers do.
"""

import os
import re
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from oncall.cli.load import check_document
from oncall.errors import InventoryError
from oncall.preview.compute import preview
from oncall.preview.markdown import markdown
from oncall.preview.model import Preview, Side
from oncall.preview.page import page, strip_files
from oncall.preview.pictures import pictures
from oncall.preview.report import report
from oncall.source import read
from oncall.validate.reshuffle import reshuffles

HERE = Path(__file__).parent
SAMPLE = (HERE.parents[1] / "inventory.yaml").read_text(encoding="utf-8")
NOW = datetime.fromisoformat("2026-11-21T12:00:00+00:00")

Pieces = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Edit:
    """Each piece of text stands in the sample exactly once. `now` is when the preview is made."""

    pieces: Pieces
    now: str = NOW.isoformat()
    days: int = 28


def edit(*pieces: tuple[str, str], **more: object) -> Edit:
    return Edit(pieces, **more)  # type: ignore[arg-type]


def _gone(*lines: str) -> Pieces:
    return tuple((line, "") for line in lines)


_TESS = (
    '  tess: {name: Tess Vermeer,  email: tess@acme.example, phone: "+31 20 555 0120", time_zone: Europe/Amsterdam}\n'
)
_RECIPES = """\
  recipes:                          # a solo author: no schedule, just a person
    name: Recipes
    pages_through: pagerduty
    time_zone: Europe/Amsterdam
    members: [tess]
    escalation:
      - notify: tess
"""
_RECIPES_MCP = (
    "  recipes-mcp:   {name: Recipes,           url: https://recipes.acme.example/mcp,   "
    "team: recipes,  tier: author}\n"
)
_MENUS_MCP = (
    "  menus-mcp:     {name: Menus,             url: https://menus.acme.example/mcp,     team: recipes,  tier: author, "
    "tags: [claimed]}\n"
)
_LEAVE = "leave:\n"
_MAPS = "https://mcp.maps.example/mcp,       team: data,     tier: thirdparty"
_WEATHER = "https://weather.acme.example/mcp,   team: platform, tier: internal"
_PLATFORM_PRIMARY = """\
            people: [ana, bo, cy]
            turn: 1 week
            hand_off: Mon 09:00
            since: 2026-12-07       # ana's first turn in this line-up
            before:                 # who takes turns until then
              people: [ana, bo]
              since: 2026-09-28
"""
_DATA_PRIMARY = """\
            people: [pia, olu]
            turn: 1 week
            hand_off: Wed 10:00
            since: 2026-12-02
            before: {people: [olu, quin], since: 2026-09-30}
"""
_PAYMENTS_PRIMARY = """\
            people: [lea, max]
            turn: 1 week
            hand_off: Tue 10:00
            since: 2026-10-06
"""
_BACKUP = """\
            people: [fay, hana, jo]
            turn: 1 week
            hand_off: Mon 09:00
            since: 2026-10-05
"""


def _then(text: str, people: str, since: str, before: str, began: str) -> str:
    """A rotation's text with another line-up from a day on, and the one until then."""
    text = text.replace(f"people: {before}", f"people: {people}").replace(f"since: {began}", f"since: {since}")
    return f"{text}            before: {{people: {before}, since: {began}}}\n"


EDITS: dict[str, Edit] = {
    "nothing-a-comment": edit(("organization: Acme\n", "# Who we are.\norganization: Acme # GmbH\n")),
    "nothing-another-order": edit(
        (_TESS, ""),
        ("people:\n  ana:", f"people:\n{_TESS}  ana:"),
        (_RECIPES_MCP + _MENUS_MCP, _MENUS_MCP + _RECIPES_MCP),
        ("tier: author, tags: [claimed]}\n  checkout", "tags: [claimed], tier: author}\n  checkout"),
    ),
    "join": edit(
        (_TESS, _TESS + '  zoe:  {name: Zoe Adler, email: zoe@acme.example, phone: "+49 30 5550122"}\n'),
        ("members: [lea, max, {nia: manager}]", "members: [lea, max, zoe, {nia: manager}]"),
        (
            _PAYMENTS_PRIMARY,
            """\
            people: [lea, max, zoe]
            turn: 1 week
            hand_off: Tue 10:00
            since: 2026-12-01
            before: {people: [lea, max], since: 2026-10-06}
""",
        ),
    ),
    "leave": edit((_LEAVE, _LEAVE + "  - {person: pia, from: 2026-12-07, to: 2026-12-11, cover: olu}\n")),
    "leave-without-cover": edit((_LEAVE, _LEAVE + "  - {person: lea, from: 2026-12-07, to: 2026-12-11}\n")),
    "swap": edit(
        (
            "servers:   ",
            "swaps:\n  - {schedule: payments/primary, people: [lea, max], turns: [2026-12-01, 2026-12-08]}\n\n"
            "servers:   ",
        )
    ),
    "override": edit(
        (
            "overrides:\n",
            "overrides:\n  - {schedule: search/desk, person: rui, from: 2026-11-25 18:00, to: 2026-11-26 09:00, "
            "why: sam is at a wedding}\n",
        )
    ),
    "public-holidays": edit(
        (
            "jo, {kim: manager}]\n",
            "jo, {kim: manager}]\n    on_holidays: {cover: backup/weekly}\n"
            "    accept: [{rule: holiday-uncovered, why: few of us have any}]\n",
        ),
    ),
    "new-team": edit(
        (
            _RECIPES,
            _RECIPES
            + """\
  mail:
    name: Mail
    pages_through: pagerduty
    members: [gus, fay, {dee: manager}]
    schedules:
      primary:
        rotations:
          weekly: {people: [gus, fay], turn: 1 week, hand_off: Mon 09:00, since: 2026-11-16}
    escalation:
      - notify: primary
      - {notify: [gus, fay], after: 10m}
""",
        ),
        (
            _MENUS_MCP,
            _MENUS_MCP
            + "  smtp-mcp:      {name: SMTP, url: https://smtp.acme.example/mcp, team: mail, tier: internal}\n",
        ),
    ),
    "team-deleted": edit(*_gone(_TESS, _RECIPES, _RECIPES_MCP, _MENUS_MCP)),
    "team-cuts-over": edit(("pages_through: [opsgenie, pagerduty]", "pages_through: [pagerduty, opsgenie]")),
    "team-leaves-a-vendor": edit(("pages_through: [opsgenie, pagerduty]", "pages_through: pagerduty")),
    "server-changes-hands": edit((_MAPS, "https://mcp.maps.example/mcp,       team: platform, tier: internal")),
    "server-new": edit(
        (
            _MENUS_MCP,
            _MENUS_MCP
            + "  cart-mcp: {name: Cart, url: https://cart.acme.example/mcp, team: payments, tier: internal}\n",
        )
    ),
    "server-gone": edit((_MENUS_MCP, "")),
    "server-of-another-tier": edit((_WEATHER, "https://weather.acme.example/mcp,   team: platform, tier: author")),
    "tier-deserves-less": edit(("    manager_after: 10m  ", "    manager_after: 15m  ")),
    "tier-less-severe": edit(("  author:\n    severity: high\n", "  author:\n    severity: medium\n")),
    "tier-raised-later": edit(("raise_after: 30m ", "raise_after: 45m ")),
    "escalation-retimed": edit(
        (
            "      - notify: primary\n      - {notify: secondary, after: 5m}",
            "      - notify: primary\n      - {notify: secondary, after: 8m}",
        )
    ),
    "rotation-retimed": edit(
        (
            _PAYMENTS_PRIMARY,
            """\
            people: [max, lea]
            turn: 1 week
            hand_off: Thu 14:00
            since: 2026-12-03
            before: {people: [lea, max], since: 2026-10-06, hand_off: Tue 10:00}
""",
        )
    ),
    "zone": edit(
        (
            "            people: [lea, max]\n",
            "            time_zone: America/New_York\n            people: [lea, max]\n",
        )
    ),
    "a-week-with-a-clock-change": edit(
        (
            "  - {person: jo, from",
            "  - {person: fay, from: 2027-03-26, to: 2027-03-29, cover: gus}\n  - {person: jo, from",
        ),
        now="2027-03-20T12:00:00+00:00",
        days=14,
    ),
    "person-renamed": edit(("name: Lea Moreau,  ", "name: Lea Moreau-Roy,")),
    "team-renamed": edit(("    name: Search\n", "    name: Search and index\n")),
    "team-key-renamed": edit(
        ("  search:                           #", "  finding:                           #"),
        ("    name: Search\n", "    name: Search\n    formerly: [search]\n"),
        ("https://query.acme.example/mcp,     team: search,", "https://query.acme.example/mcp,     team: finding,"),
        ("https://index.acme.example/mcp,     team: search,", "https://index.acme.example/mcp,     team: finding,"),
        ("https://suggest.acme.example/mcp,   team: search,", "https://suggest.acme.example/mcp,   team: finding,"),
        ("https://synonyms.acme.example/mcp,  team: search,", "https://synonyms.acme.example/mcp,  team: finding,"),
    ),
    "key-rotated": edit(("team: payments, tier: internal, own_service: true}", "team: payments, tier: internal}")),
    "key-rotated-at-pagerduty": edit(
        ("team: platform, tier: internal, own_service: true}", "team: platform, tier: internal}")
    ),
    "heartbeat": edit(
        ("heartbeat: {ping_every: 1m, alert_after: 3m}", "heartbeat: {ping_every: 1m, alert_after: 10m}")
    ),
    "maintenance": edit(
        (
            "maintenance:\n",
            "maintenance:\n  - {servers: [gateway-mcp, cache-mcp], from: 2026-12-03 20:00, to: 2026-12-03 22:00, "
            "why: new certificates}\n",
        )
    ),
    "how-a-person-is-told": edit(
        ('phone: "+1 212 555 0116", time_zone', 'phone: "+1 212 555 0116", pages: {critical: [call]}, time_zone')
    ),
    "how-everybody-is-told": edit(("  high: [push, call after 5m]", "  high: [push, call after 10m]")),
    "somebody-leaves": edit(
        ("name: Hana Tan,      ", "name: Hana Tan, until: 2026-12-13, "),
        (_BACKUP, _then(_BACKUP, "[jo, fay]", "2026-12-14", "[fay, hana, jo]", "2026-10-05")),
        ("            people: [hana, ivo]\n", "            people: [ivo]\n"),
        (
            "            since: 2026-10-05\n            only: 08:00",
            "            since: 2026-12-14\n            before: {people: [hana, ivo], since: 2026-10-05}\n"
            "            only: 08:00",
        ),
    ),
    "somebody-leaves-who-takes-turns": edit(("name: Max Dubois,    ", "name: Max Dubois, until: 2026-12-10, ")),
    "roster-now": edit(
        (
            _DATA_PRIMARY,
            """\
            people: [pia, olu]
            turn: 1 week
            hand_off: Wed 10:00
            since: 2026-11-18
            takes_over: 2026-11-23 10:00
            rollout: now
            before: {people: [olu, quin], since: 2026-09-30}
""",
        )
    ),
    "roster-reshuffled-by-hand": edit(
        (
            _BACKUP,
            """\
            people: [jo, hana, fay]
            turn: 1 week
            hand_off: Mon 09:00
            since: 2026-10-05
""",
        )
    ),
    "roster-far-away": edit(
        (
            "            since: 2027-04-05       # eli has left by then\n",
            "            since: 2027-03-29       # eli has left by then\n",
        )
    ),
    "coverage-lost": edit(
        ("      - notify: sun\n      - {notify: backup, after: 5m}\n", "      - notify: sun\n"),
        now="2027-06-01T12:00:00+00:00",
    ),
    "invalid": edit(
        ("{notify: ana, after: 10m}", "{notify: anna, after: 10m}"),
        ("team: search,   tier: author, tags", "team: serch,    tier: author, tags"),
    ),
    "unreadable": edit(("organization: Acme\n", "organization: [Acme\n")),
    "renamed-and-moved": edit(
        ("name: Lea Moreau,  ", "name: Lea Moreau-Roy,"),
        (_MAPS, "https://mcp.maps.example/mcp,       team: platform, tier: internal"),
        ("people: [pia, olu]", "people: [olu, pia]"),
    ),
}


def edited(made: Edit) -> str:
    text = SAMPLE
    for old, new in made.pieces:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def side(now: datetime, base: Side | None, *files: tuple[str, str]) -> Side:
    try:
        document = read([(name, text.encode()) for name, text in files])
        checked = check_document(document, now)
    except InventoryError as fault:
        return Side(None, fault.problems)
    moved = reshuffles(base.inventory, checked.inventory, now) if base is not None and base.inventory else []
    return Side(checked.inventory, checked.problems, tuple(document.problem(each, key=True) for each in moved))


def sides(edit: Edit) -> tuple[Side, Side]:
    now = datetime.fromisoformat(edit.now)
    base = side(now, None, ("inventory.yaml", SAMPLE))
    return base, side(now, base, ("inventory.yaml", edited(edit)))


def made(edit: Edit) -> Preview:
    return preview(*sides(edit), datetime.fromisoformat(edit.now), edit.days)


def compared(name: str, found: Preview) -> None:
    text = f"<!-- exit code {found.exit_code} -->\n{markdown(report(found))}"
    golden = HERE / "golden" / f"{name}.md"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_reads_as_it_should(name: str) -> None:
    compared(name, made(EDITS[name]))


@pytest.mark.parametrize("name", EDITS)
def test_every_schedule_that_changes_is_drawn_as_it_is_told(name: str) -> None:
    found = made(EDITS[name])
    base, head = (each.inventory for each in sides(EDITS[name]))
    drawn = pictures(found, base, head) if found.usable and head is not None else ()
    strips = strip_files(found, drawn)

    assert strips == strip_files(found, drawn)
    assert [one.ref for one in drawn] == list(dict.fromkeys(one.ref for one in (*found.shifts, *found.later)))
    assert len(strips) == len(drawn)
    for picture, text in zip(drawn, strips.values(), strict=True):
        root = ET.fromstring(text)
        ids = {node.get("id") for node in root.iter() if node.get("id")}
        wanted = [*re.findall(r"url\(#([^)]*)\)", text), *(root.get("aria-labelledby") or "").split()]
        assert set(wanted) <= ids
        assert len(re.findall(r' id="', text)) == len(ids)
        told = next(one for one in (*found.shifts, *found.later) if one.ref == picture.ref)
        assert (picture.first, picture.start <= picture.first < picture.end) == (told.start, True)
        first = picture.changes[0]
        assert (first.start, set(first.before), set(first.after)) == (told.start, set(told.before), set(told.after))
        desc = root.findtext("{http://www.w3.org/2000/svg}desc") or ""
        assert all(found.names[person] in desc for person in {*first.before, *first.after})
    Reader(page(found, report(found), drawn))


class Reader(HTMLParser):
    """Fails where a page's elements are not closed in order, or an id is there twice."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link"):
            self.open.append(tag)
        name = dict(attrs).get("id")
        assert name is None or name not in self.ids
        self.ids.add(name or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", [name for name in EDITS if name.startswith("nothing-")])
def test_what_changes_nothing_says_so(name: str) -> None:
    assert (made(EDITS[name]).verdict, made(EDITS[name]).exit_code) == ("nothing changes", 0)


def test_a_split_into_files_is_nothing() -> None:
    base = side(NOW, None, ("inventory.yaml", SAMPLE))
    at = SAMPLE.index("\nleave:\n")
    head = side(NOW, base, ("inventory/people-and-teams.yaml", SAMPLE[:at]), ("inventory/rest.yaml", SAMPLE[at:]))
    compared("nothing-a-split", preview(base, head, NOW))


def test_without_a_base_everything_is_new() -> None:
    compared("no-base", preview(Side(None), side(NOW, None, ("inventory.yaml", SAMPLE)), NOW))


def test_a_base_that_was_wrong_is_told_with_what_is_fixed() -> None:
    wrong = SAMPLE.replace("{notify: quin, after: 10m}", "{notify: quinn, after: 10m}")
    base = side(NOW, None, ("inventory.yaml", wrong))
    compared("a-base-that-was-wrong", preview(base, side(NOW, base, ("inventory.yaml", SAMPLE)), NOW))


def test_an_accepted_stop_says_why() -> None:
    base = side(NOW, None, ("inventory.yaml", SAMPLE))
    head = side(NOW, base, ("inventory.yaml", edited(EDITS["server-gone"])))
    compared("an-accepted-stop", preview(base, head, NOW, accepted={"nobody-answers": "menus moved to the vendor"}))


def test_no_golden_file_is_left_over() -> None:
    others = {"nothing-a-split", "no-base", "a-base-that-was-wrong", "an-accepted-stop"}
    assert {path.stem for path in (HERE / "golden").glob("*.md")} == {*EDITS, *others}
