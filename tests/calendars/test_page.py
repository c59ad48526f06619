"""The page as text: everything escaped, nothing from elsewhere, and what happens in these weeks is on it."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest

from oncall.calendars.book import Period
from oncall.calendars.page import MOST_SCHEDULES
from oncall.drawing.colours import INK
from oncall.drawing.days import Grid

Made = Callable[..., SimpleNamespace]
VOID = {"meta", "link", "input", "br"}
NASTY = "<img src=x onerror=\"document.title='owned'\"> & 'quoted' \u202egnp.exe </script><script>alert(1)</script>"


class Reader(HTMLParser):
    """Notes every element with its attributes, all ids, and whether tags are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def texts(self, tag: str) -> list[str]:
        return [text for inside, text in self.said if inside == tag]


@pytest.fixture(scope="module")
def page(spring: SimpleNamespace) -> str:
    assert list(spring.pages) == ["index.html"]
    return spring.pages["index.html"]


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    return Reader(page)


def test_every_element_is_closed_and_every_id_is_there_once(read: Reader) -> None:
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]

    assert read.open == []
    assert len(ids) == len(set(ids))
    for _, attributes in read.elements:
        assert set((attributes.get("aria-labelledby") or "").split()) <= set(ids)


def test_nothing_comes_from_elsewhere_and_only_our_own_script_and_style_run(page: str, read: Reader) -> None:
    (policy,) = [meta["content"] or "" for meta in read.all("meta") if meta.get("http-equiv")]
    for tag in ("style", "script"):
        (inner,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    addresses = [attributes.get(name) or "" for _, attributes in read.elements for name in ("href", "src")]
    assert [address for address in addresses if ":" in address and not address.startswith("data:image/svg")] == []
    assert not any("style" in attributes for _, attributes in read.elements)
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)


def test_links_lead_to_files_that_are_written(spring: SimpleNamespace, read: Reader) -> None:
    ids = {attributes.get("id") for _, attributes in read.elements}
    for link in read.all("a"):
        address = link["href"] or ""
        assert address[1:] in ids if address.startswith("#") else address in spring.ics


def test_hostile_names_are_text(made: Made, harbour: dict[str, Any]) -> None:
    harbour["organization"] = harbour["teams"]["quay"]["name"] = harbour["people"]["ana"]["name"] = NASTY
    harbour["teams"]["quay"]["schedules"]["deck"]["name"] = NASTY
    harbour["leave"][0]["why"] = harbour["overrides"][0]["why"] = NASTY
    harbour["teams"]["tide"]["coverage"]["accept"][0]["why"] = NASTY
    read = Reader(made(harbour).pages["index.html"])

    assert read.open == []
    assert len(read.all("img")) == 0
    assert len(read.all("script")) == 1
    assert not any(name.startswith("on") for _, attributes in read.elements for name in attributes)
    assert NASTY in read.texts("bdi")
    assert f"On call: {NASTY}" in read.texts("title")


def test_a_schedule_says_its_zone_and_who_is_on_call_now_and_then(read: Reader) -> None:
    assert "times in Europe/Berlin" in read.texts("span")
    assert "times in UTC; apac by Asia/Singapore; emea by Europe/Berlin; americas by America/New_York" in read.texts(
        "span"
    )
    row = [text for inside, text in read.said if inside in ("bdi", "td", "b")]
    at = row.index("Ana Petrova")
    assert row[at : at + 3] == ["Ana Petrova", "Mon 22 Mar 09:00", "Cy Okafor"]


def test_somebody_who_is_on_call_alone_is_so_until_after_the_period(made: Made, harbour: dict[str, Any]) -> None:
    harbour["teams"]["quay"]["schedules"]["deck"]["rotations"]["weekly"]["people"] = ["ana"]
    harbour.update(swaps=[], leave=[], overrides=[])

    assert "after Sun 18 Apr" in Reader(made(harbour).pages["index.html"]).texts("td")


def test_there_is_a_week_view_and_a_month_view_of_every_schedule(spring: SimpleNamespace, read: Reader) -> None:
    charts = {attributes["aria-labelledby"] for attributes in read.all("svg") if attributes.get("role") == "img"}
    assert len(charts) == 2 * len(spring.book.schedules)
    assert {"Mar 2027", "Apr 2027"} <= set(read.texts("text"))
    assert {f"Week {number}" for number in range(10, 16)} <= set(read.texts("text"))


def test_clock_changes_are_marked_with_what_happens(read: Reader) -> None:
    said = set(read.texts("text"))
    assert "clocks go forward 02:00→03:00" in said
    assert "America/New_York: clocks go forward 02:00→03:00" in said


def test_clocks_that_go_back_say_so(made: Made, harbour: dict[str, Any]) -> None:
    autumn = made(harbour, Period(date(2027, 10, 25), date(2027, 11, 7))).pages["index.html"]
    assert "clocks go back 03:00→02:00" in autumn
    assert "On call now" not in autumn


def test_gaps_are_marked_and_those_that_are_accepted_say_why(read: Reader) -> None:
    kinds = [attributes["class"] for attributes in read.all("svg") if (attributes.get("class") or "").startswith("gap")]
    titles = read.texts("title")
    assert {"gap", "gap fine"} == set(kinds)
    assert "nobody is on call, Sun 14 Mar 23:00 to Mon 15 Mar 00:00" in titles
    assert any(title.startswith("nobody is on call (accepted: only for questions), ") for title in titles)


def test_bars_say_who_when_and_why(read: Reader) -> None:
    titles = read.texts("title")
    assert "Dee Ruiz, Thu 11 Mar 12:00 to 18:00, override: drill" in titles
    assert "Cy Okafor, Wed 31 Mar 00:00 to Sat 3 Apr 00:00, cover for Bo Lind, who is away: at sea" in titles
    assert "Cy Okafor, Mon 22 Mar 09:00 to Mon 29 Mar 09:00, swapped with Bo Lind" in titles
    assert "Good Friday: public holiday for Ana Petrova" in titles


def test_a_short_name_on_a_bar_is_one_persons(made: Made, harbour: dict[str, Any]) -> None:
    harbour["people"]["jo"]["name"] = "Hana Berg"
    harbour["people"]["ana"]["name"] = "Al Tan"
    rotations = harbour["teams"]["tide"]["schedules"]["sun"]["rotations"]
    rotations["apac"]["hand_off"] = "Mon 08:00"
    said = set(Reader(made(harbour).pages["index.html"]).texts("text"))

    assert {"Tan", "Berg", "Al"} & said == {"Berg", "Al"}
    assert "hana" in said
    assert "Hana" not in said


def test_a_table_says_the_same_in_words(spring: SimpleNamespace, read: Reader) -> None:
    assert {f"{one.title}, times in {one.zone}" for one in spring.book.schedules} <= set(read.texts("caption"))
    assert "cover for Bo Lind, who is away: at sea" in read.texts("td")
    rows = sum(len(one.shifts) + len(one.gaps) for one in spring.book.schedules)
    assert len(read.all("tr")) == rows + len(spring.book.schedules) + 1 + len(spring.book.schedules)


def test_a_team_without_a_schedule_says_whom_it_pages(read: Reader) -> None:
    assert "No schedule: its pages go to " in read.texts("p")
    assert "Dee Ruiz" in read.texts("bdi")


def test_a_day_that_a_zone_left_out_has_no_width(made: Made, harbour: dict[str, Any]) -> None:
    harbour["teams"]["quay"]["time_zone"] = "Pacific/Apia"
    harbour["teams"]["quay"]["schedules"]["deck"]["rotations"]["weekly"]["since"] = "2011-12-05"
    found = made(harbour, Period(date(2011, 12, 26), date(2012, 1, 8))).pages["index.html"]

    assert "clocks go forward 00:00→00:00" in found
    assert Reader(found).open == []
    row = Grid((date(2011, 12, 29), date(2011, 12, 30)), "Pacific/Apia")
    assert [row.place(edge) for edge in (row.start, row.end)] == [0, 50]


def test_many_schedules_are_told_on_a_page_for_each_team(made: Made, harbour: dict[str, Any]) -> None:
    for number in range(MOST_SCHEDULES):
        harbour["teams"][f"t{number}"] = harbour["teams"]["quay"]
    found = made(harbour)

    assert set(found.pages) == {"index.html", *(f"teams/{key}.html" for key in harbour["teams"] if key != "mole")}
    first, own = Reader(found.pages["index.html"]), Reader(found.pages["teams/t7.html"])
    assert "teams/t7.html#t7-deck" in {link["href"] for link in first.all("a")}
    assert [attributes for attributes in first.all("svg") if attributes.get("role") == "img"] == []
    assert {"../index.html", "../schedules/t7-deck.ics", "../teams/t7.ics", "#t7-deck"} == {
        link["href"] for link in own.all("a")
    }


def test_schedules_whose_names_would_be_one_have_different_files(made: Made, harbour: dict[str, Any]) -> None:
    quay = harbour["teams"]["quay"]
    harbour["teams"]["quay-x"] = {
        **quay,
        "schedules": {"y": quay["schedules"]["deck"]},
        "escalation": [{"notify": "y"}],
    }
    quay["schedules"]["x-y"] = quay["schedules"]["deck"]
    found = made(harbour)

    assert {"schedules/quay-x.y.ics", "schedules/quay.x-y.ics", "schedules/quay-deck.ics"} <= set(found.ics)


def test_the_same_input_gives_the_same_bytes(made: Made, harbour: dict[str, Any], spring: SimpleNamespace) -> None:
    again = made(harbour)
    assert (again.pages, again.ics) == (spring.pages, spring.ics)


def test_the_ink_of_the_style_sheet_is_the_one_held_to_that(spring: SimpleNamespace) -> None:
    style = spring.pages["index.html"]
    assert [f"--on-fill: {ink};" in style for ink in INK] == [True, True]
