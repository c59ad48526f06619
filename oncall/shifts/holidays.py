"""Public holidays by country and region: the one place that knows the `holidays` library.

The library is imported where a holiday is first asked for: that costs 60 ms, which most commands need not pay.
Whether a code exists is answered from `holiday_codes`. What counts as a public holiday is what the library says: a day
on which one is made up for ("Christmas Day (observed)") counts, and so does the holiday itself.

Names are the library's American English ones. Left to itself it would name the days in the language of the machine.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from oncall.shifts.holiday_codes import CODES

_LANGUAGE = "en_US"


@lru_cache(maxsize=1)
def _regions() -> dict[str, tuple[str, ...]]:
    lines = (line.split() for line in CODES.strip().splitlines())
    return {country: tuple(regions) for country, *regions in lines}


def countries() -> tuple[str, ...]:
    """Return the codes of all countries whose holidays are known: `DE`, `SE`."""
    return tuple(_regions())


def regions(country: str) -> tuple[str, ...]:
    """Return the codes of a country's regions that have holidays of their own: `DE-BE`; none where it is unknown."""
    return tuple(f"{country}-{region}" for region in _regions().get(country, ()))


def known(code: str) -> bool:
    """Whether the holidays of a country (`SE`) or of a region (`DE-BE`) are known."""
    country = code.partition("-")[0]
    return code in regions(country) or (code == country and country in _regions())


def public_holidays(code: str, first: date, last: date) -> tuple[tuple[date, str], ...]:
    """Return the public holidays of a country or region from one day to another, both included, with their names.

    Several on one day are named together. An unknown code has none: the rule `unknown-holidays` speaks of it.
    """
    if not known(code):
        return ()
    return tuple(found for found in _between(code, first.year, last.year) if first <= found[0] <= last)


def _between(code: str, first: int, last: int) -> Iterator[tuple[date, str]]:
    for year in range(first, last + 1):
        yield from _of_year(code, year)


@lru_cache(maxsize=4096)  # a few dozen regions over the years that are looked at
def _of_year(code: str, year: int) -> tuple[tuple[date, str], ...]:
    from holidays import country_holidays

    country, _, region = code.partition("-")
    found = country_holidays(country, subdiv=region or None, years=year, expand=False, language=_LANGUAGE)
    return tuple(sorted((day, name) for day, name in found.items() if day.year == year))
