"""A harbour where everything happens that calendars show, in the weeks in which clocks are changed."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from oncall.calendars.book import Book, Period, make_book
from oncall.calendars.ics import calendars
from oncall.calendars.names import FileNames
from oncall.calendars.page import pages
from oncall.model import Inventory
from oncall.shifts.rota import Rota

NOW = datetime(2027, 3, 17, 10, 30, tzinfo=UTC)
SPRING = Period(date(2027, 3, 8), date(2027, 4, 18))
WEEK = {"turn": "1 week", "hand_off": "Mon 09:00", "since": "2027-02-01"}
PEOPLE = {
    "ana": {"name": "Ana Petrova", "holidays": "DE-BE"},
    "bo": {"name": "Bo Lind", "holidays": "SE", "time_zone": "Europe/Stockholm"},
    "cy": {"name": "Cy Okafor"},
    "hana": {"name": "Hana Tan", "time_zone": "Asia/Singapore"},
    "jo": {"name": "Jo Miller", "time_zone": "America/New_York"},
    "dee": {"name": "Dee Ruiz"},
}
HARBOUR: dict[str, Any] = {
    "organization": "Harbour",
    "time_zone": "Europe/Berlin",
    "people": {key: {"email": f"{key}@acme.example", **words} for key, words in PEOPLE.items()},
    "pages": {"critical": ["push"]},
    "tiers": {"internal": {"severity": "critical"}},
    "teams": {
        "quay": {
            "name": "Quay",
            "pages_through": "pagerduty",
            "members": ["ana", "bo", "cy"],
            "schedules": {"deck": {"rotations": {"weekly": {"people": ["ana", "bo", "cy"], **WEEK}}}},
            "escalation": [{"notify": "deck"}],
        },
        "tide": {
            "name": "Tide",
            "pages_through": "pagerduty",
            "time_zone": "UTC",
            "members": ["hana", "ana", "jo"],
            "schedules": {
                "sun": {
                    "rotations": {
                        "apac": {"people": ["hana"], "only": "08:00-16:00", "time_zone": "Asia/Singapore", **WEEK},
                        "emea": {"people": ["ana"], "only": "09:00-17:00", "time_zone": "Europe/Berlin", **WEEK},
                        "americas": {"people": ["jo"], "only": "11:00-19:00", "time_zone": "America/New_York", **WEEK},
                    }
                },
                "desk": {"rotations": {"office": {"people": ["cy"], "only": "Mon-Fri 09:00-17:00", **WEEK}}},
            },
            "escalation": [{"notify": "sun"}, {"notify": "desk", "after": "5m"}],
            "coverage": {"accept": [{"rule": "coverage-gap", "schedule": "desk", "why": "only for questions"}]},
        },
        "mole": {
            "name": "Mole",
            "pages_through": "pagerduty",
            "members": ["dee"],
            "escalation": [{"notify": "dee"}],
        },
    },
    "leave": [{"person": "bo", "from": "2027-03-31", "to": "2027-04-02", "cover": "cy", "why": "at sea"}],
    "swaps": [{"schedule": "quay/deck", "people": ["bo", "cy"], "turns": ["2027-03-22", "2027-03-29"]}],
    "overrides": [
        {"schedule": "quay/deck", "person": "dee", "from": "2027-03-11 12:00", "to": "2027-03-11 18:00", "why": "drill"}
    ],
    "servers": {
        key: {"name": key, "url": f"https://{key}.example", "team": key, "tier": "internal"}
        for key in ("quay", "tide", "mole")
    },
    "bridge": {"fallback": "quay"},
}


def build(
    data: dict[str, Any], period: Period = SPRING, now: datetime = NOW, with_pages: bool = True
) -> SimpleNamespace:
    """All that calendars make of an inventory: the book, the iCalendar files and the pages."""
    rota = Rota(Inventory.model_validate(data))
    book: Book = make_book(rota, period, now)
    names = FileNames(rota.schedules())
    drawn = pages(book, names, now, linked=True) if with_pages else {}
    return SimpleNamespace(data=data, rota=rota, book=book, names=names, ics=calendars(book, names), pages=drawn)


@pytest.fixture(scope="session")
def made() -> Callable[..., SimpleNamespace]:
    """Build calendars of an inventory given as data."""
    return build


@pytest.fixture
def harbour() -> dict[str, Any]:
    """The harbour's inventory as data, to change at will."""
    return deepcopy(HARBOUR)


@pytest.fixture(scope="session")
def spring() -> SimpleNamespace:
    """The harbour's calendars, as they are."""
    return build(HARBOUR)
