"""iCalendar files: valid by RFC 5545, true to the timeline, the same events after edits that leave them alone."""

import copy
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from oncall.calendars.book import Period
from oncall.calendars.ics import uid

NASTY = 'Ana, "the; one"\\n <img src=x onerror=alert(1)> \u202eevitceffe\u202c 名前 🚨, ' + "long " * 30
Made = Callable[..., SimpleNamespace]


def events(text: str) -> list[Any]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def keyed(made: SimpleNamespace) -> dict[tuple[str, datetime, datetime, str], str]:
    """The UIDs of all shifts by (schedule's file, start, end, who)."""
    return {
        (path, event.decoded("dtstart"), event.decoded("dtend"), str(event["summary"])): str(event["uid"])
        for path, text in made.ics.items()
        if path.startswith("schedules/")
        for event in events(text)
    }


def test_there_is_a_file_for_everybody_on_a_rotation_every_team_and_every_schedule(spring: SimpleNamespace) -> None:
    assert sorted(spring.ics) == [
        *(f"people/{key}.ics" for key in ("ana", "bo", "cy", "dee", "hana", "jo")),
        *(f"schedules/{name}.ics" for name in ("quay-deck", "tide-desk", "tide-sun")),
        *(f"teams/{key}.ics" for key in ("mole", "quay", "tide")),
    ]


def test_every_file_can_be_read_back_and_keeps_to_the_form(spring: SimpleNamespace) -> None:
    for text in spring.ics.values():
        assert text.endswith("END:VCALENDAR\r\n")
        assert "\n" not in text.replace("\r\n", "")
        assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
        calendar = Calendar.from_ical(text)
        assert calendar["METHOD"] == "PUBLISH"
        assert calendar["VERSION"] == "2.0"
        assert calendar["X-WR-CALNAME"] == calendar["NAME"]
        assert calendar.decoded("refresh-interval") == timedelta(hours=1)
        assert len(calendar.subcomponents) > 0
        for event in calendar.walk("VEVENT"):
            assert event.decoded("dtstart") < event.decoded("dtend")
            assert event.decoded("dtstart").tzinfo is not None
            assert event["transp"] == "TRANSPARENT"
            assert event.errors == []


def test_a_calendar_without_shifts_still_has_a_component(spring: SimpleNamespace) -> None:
    calendar = Calendar.from_ical(spring.ics["teams/mole.ics"])
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]


def test_events_are_the_whole_shifts_of_the_timeline(spring: SimpleNamespace) -> None:
    for schedule in spring.book.schedules:
        start, end = spring.book.period.instants(schedule.zone)
        wide = spring.rota.timeline(schedule.ref, start - timedelta(days=20), end + timedelta(days=20)).shifts
        expected = {
            (shift.start, shift.end, spring.book.people[shift.person])
            for shift in wide
            if shift.start < end and start < shift.end
        }
        found = events(spring.ics[spring.names.schedule_calendar(schedule.ref)])
        assert {(e.decoded("dtstart"), e.decoded("dtend"), str(e["summary"])) for e in found} == expected
        assert len(found) == len(expected)


def test_summaries_say_what_the_reader_of_that_calendar_does_not_know(spring: SimpleNamespace) -> None:
    assert {str(event["summary"]) for event in events(spring.ics["people/cy.ics"])} == {
        "On call: Quay deck",
        "On call: Tide desk",
    }
    assert {str(event["summary"]) for event in events(spring.ics["teams/quay.ics"])} == {
        "Ana Petrova — deck",
        "Bo Lind — deck",
        "Cy Okafor — deck",
        "Dee Ruiz — deck",
    }


def test_descriptions_say_why_somebody_has_a_shift(spring: SimpleNamespace) -> None:
    said = {str(event["description"]) for event in events(spring.ics["schedules/quay-deck.ics"])}
    assert {text.partition(" (Europe/Berlin)")[2].strip() for text in said} == {
        "",
        "Override: drill",
        "Swapped with Bo Lind",
        "Swapped with Cy Okafor",
        "Swapped with Cy Okafor\nPublic holiday: Easter Monday",
        "Cover for Bo Lind, who is away: at sea",
    }
    assert (
        "Dee Ruiz: Quay deck\nThu 11 Mar 2027 12:00 to Thu 11 Mar 2027 18:00 (Europe/Berlin)\nOverride: drill" in said
    )
    assert any(
        str(event["description"]).endswith("\nPublic holiday: Good Friday")
        for event in events(spring.ics["schedules/tide-sun.ics"])
    )


def test_hostile_names_come_back_as_they_are_on_one_line(made: Made, harbour: dict[str, Any]) -> None:
    harbour["people"]["ana"]["name"] = NASTY
    harbour["teams"]["quay"]["name"] = "A,B;C\nD"
    harbour["overrides"][0]["why"] = "one\r\nBEGIN:VEVENT\nUID:x\tthree"
    found = made(harbour)

    calendar = Calendar.from_ical(found.ics["people/ana.ics"])
    assert str(calendar["NAME"]) == "On call: " + " ".join(NASTY.split())
    assert {str(event["summary"]) for event in calendar.walk("VEVENT")} >= {"On call: A,B;C D deck"}
    raw = found.ics["schedules/quay-deck.ics"]
    assert max(len(line.encode()) for line in raw.split("\r\n")) <= 75
    count = len({(s.start, s.end, s.person) for s in found.book.schedules[0].shifts})
    assert raw.count("\r\nBEGIN:VEVENT\r\n") == count
    assert any("Override: one BEGIN:VEVENT UID:x three" in str(event["description"]) for event in events(raw))


def test_one_person_on_two_rotations_at_once_has_one_event(made: Made, harbour: dict[str, Any]) -> None:
    rotations = harbour["teams"]["quay"]["schedules"]["deck"]["rotations"]
    rotations["second"] = dict(rotations["weekly"])
    found = events(made(harbour).ics["schedules/quay-deck.ics"])

    assert len({str(event["uid"]) for event in found}) == len(found)


def test_the_present_changes_no_calendar(made: Made, harbour: dict[str, Any], spring: SimpleNamespace) -> None:
    later = made(harbour, now=datetime(2027, 3, 20, 3, 4, 5, 6, tzinfo=UTC))

    assert later.ics == spring.ics


def test_a_shift_at_the_edge_of_the_period_is_the_same_event_a_week_later(
    made: Made, harbour: dict[str, Any], spring: SimpleNamespace
) -> None:
    later = made(harbour, Period(date(2027, 3, 17), date(2027, 4, 28)))
    before, after = keyed(spring), keyed(later)
    both = before.keys() & after.keys()

    running = ("schedules/quay-deck.ics", datetime(2027, 3, 15, 8, tzinfo=UTC), datetime(2027, 3, 22, 8, tzinfo=UTC))
    assert (*running, "Ana Petrova") in both
    assert {before[key] for key in both} == {after[key] for key in both}


PEOPLE = ("ana", "bo", "cy", "dee")
DAYS = st.dates(date(2027, 2, 22), date(2027, 4, 25)).map(str)


@st.composite
def edits(draw: st.DrawFn) -> Callable[[dict[str, Any]], None]:
    """An edit of the roster, as people make them by hand."""
    kind = draw(st.sampled_from(["line-up", "new line-up", "override", "leave", "team's name", "another team", "swap"]))
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4, unique=True))
    day, later = sorted([draw(DAYS), draw(DAYS)])
    monday = draw(st.sampled_from(["2027-03-01", "2027-03-22", "2027-04-05"]))

    def edit(data: dict[str, Any]) -> None:
        weekly = data["teams"]["quay"]["schedules"]["deck"]["rotations"]["weekly"]
        match kind:
            case "line-up":
                weekly["people"] = people
            case "new line-up":
                weekly["before"] = {"people": weekly["people"], "since": weekly["since"]}
                weekly.update(people=people, since=monday)
            case "override":
                data["overrides"].append({"schedule": "quay/deck", "person": people[0], "from": day, "to": later})
            case "leave":
                cover = next(person for person in PEOPLE if person != people[0])
                data["leave"].append({"person": people[0], "from": day, "to": later, "cover": cover})
            case "team's name":
                data["teams"]["quay"]["name"] = "Wharf"
            case "another team":
                data["teams"]["tide"]["schedules"]["sun"]["rotations"]["apac"]["people"] = ["jo"]
            case _:
                data["swaps"] = []

    return edit


@settings(max_examples=60)
@given(edit=st.lists(edits(), min_size=1, max_size=3))
def test_a_shift_that_an_edit_leaves_alone_keeps_its_uid(
    made: Made, spring: SimpleNamespace, edit: list[Callable[[dict[str, Any]], None]]
) -> None:
    data = copy.deepcopy(spring.data)
    for one in edit:
        one(data)
    after = made(data, with_pages=False)

    old, new = keyed(spring), keyed(after)
    assert {key: old[key] for key in old.keys() & new.keys()} == {key: new[key] for key in old.keys() & new.keys()}
    assert not {old[key] for key in old.keys() - new.keys()} & {new[key] for key in new.keys() - old.keys()}
    for text in after.ics.values():
        uids = re.findall(r"\r\nUID:(.*?)\r\n", text)
        assert len(uids) == len(set(uids))


def test_an_edit_of_other_weeks_leaves_these_weeks_events(made: Made, harbour: dict[str, Any]) -> None:
    before = keyed(made(harbour))
    weekly = harbour["teams"]["quay"]["schedules"]["deck"]["rotations"]["weekly"]
    weekly["before"] = {"people": weekly["people"], "since": weekly["since"]}
    weekly.update(people=["dee", "bo"], since="2027-04-05")
    after = keyed(made(harbour))
    hand_off = datetime(2027, 4, 5, 7, tzinfo=UTC)

    early = {key: uid for key, uid in before.items() if key[2] <= hand_off and key[0] == "schedules/quay-deck.ics"}
    assert len(early) >= 5
    assert early == {
        key: uid for key, uid in after.items() if key[2] <= hand_off and key[0] == "schedules/quay-deck.ics"
    }


@pytest.mark.parametrize("field", ["start", "end", "person", "schedule", "team"])
def test_another_shift_is_another_event(field: str) -> None:
    shift = {
        "team": "a",
        "schedule": "b",
        "start": datetime(2027, 1, 1, tzinfo=UTC),
        "end": datetime(2027, 1, 2, tzinfo=UTC),
        "person": "ana",
    }
    other = shift[field] + timedelta(hours=1) if isinstance(shift[field], datetime) else "c"
    assert uid(**shift) != uid(**{**shift, field: other})
