import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import holidays as library
import pytest

from oncall.model import Person
from oncall.shifts import holiday_codes
from oncall.shifts.holidays import countries, known, public_holidays, regions

HEAD = '''"""Countries and their regions whose holidays the `holidays` library knows. Written by `make golden`."""

# The codes that `holidays:` of a person can spell; a table, so that checking a code needs no library.
CODES = """
'''


def spelt() -> list[str]:
    (pattern,) = (rule.pattern for rule in Person.model_fields["holidays"].metadata if getattr(rule, "pattern", None))
    lines = []
    for country, subdivisions in sorted(library.list_supported_countries(include_aliases=True).items()):
        if re.match(pattern, country):
            codes = sorted(code for code in subdivisions if re.match(pattern, f"{country}-{code}"))
            lines.append(" ".join((country, *codes)))
    return lines


def test_the_codes_are_those_of_the_library() -> None:
    text = HEAD + "\n".join(spelt()) + '\n"""  # noqa: E501\n'
    place = Path(holiday_codes.__file__)
    if os.environ.get("UPDATE_GOLDEN"):
        place.write_text(text, encoding="utf-8")
    assert place.read_text(encoding="utf-8") == text


def test_days_of_a_region_and_of_its_country() -> None:
    berlin = public_holidays("DE-BE", date(2026, 3, 1), date(2026, 5, 1))
    assert berlin == (
        (date(2026, 3, 8), "Women's Day"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 5, 1), "Labor Day"),
    )
    assert date(2026, 3, 8) not in dict(public_holidays("DE", date(2026, 1, 1), date(2026, 12, 31)))


def test_both_ends_are_included_and_years_join() -> None:
    assert public_holidays("SE", date(2026, 12, 26), date(2027, 1, 1)) == (
        (date(2026, 12, 26), "Second Day of Christmas"),
        (date(2027, 1, 1), "New Year's Day"),
    )
    assert public_holidays("SE", date(2027, 1, 1), date(2026, 12, 26)) == ()


def test_the_day_and_the_day_it_is_observed_on_both_count() -> None:
    assert public_holidays("US", date(2026, 7, 1), date(2026, 7, 31)) == (
        (date(2026, 7, 3), "Independence Day (observed)"),
        (date(2026, 7, 4), "Independence Day"),
    )
    # New Year 2028 is a Saturday: it is observed in the year before.
    assert public_holidays("US", date(2027, 12, 27), date(2027, 12, 31)) == (
        (date(2027, 12, 31), "New Year's Day (observed)"),
    )


def test_names_are_english_wherever_the_machine_stands() -> None:
    program = (
        "from datetime import date; from oncall.shifts.holidays import public_holidays;"
        "print(public_holidays('DE-BE', date(2026, 12, 25), date(2026, 12, 25))[0][1])"
    )
    german = {**os.environ, "LANG": "de_DE.UTF-8", "LANGUAGE": "de", "LC_ALL": "de_DE.UTF-8"}
    told = subprocess.run([sys.executable, "-c", program], env=german, capture_output=True, text=True, check=True)
    assert told.stdout == "Christmas Day\n"


def test_the_library_is_imported_only_when_a_holiday_is_asked_for() -> None:
    program = (
        "import sys; from oncall.shifts.holidays import known, regions; assert known('DE-BE') and regions('US');"
        "print('holidays' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


@pytest.mark.parametrize("code", ["DE", "DE-BE", "US", "US-CA", "SE", "GB-ENG", "UK", "IN-KA", "AU-NSW", "FR-57"])
def test_codes_that_are_known(code: str) -> None:
    assert known(code)


@pytest.mark.parametrize("code", ["", "XX", "de", "DE-", "DE-XX", "-BE", "DEU", "DE-BE-BE", "DE BE"])
def test_codes_that_are_not(code: str) -> None:
    assert not known(code)
    assert public_holidays(code, date(2026, 1, 1), date(2026, 12, 31)) == ()


def test_regions_of_a_country() -> None:
    assert "DE-BE" in regions("DE")
    assert regions("SE") == ()
    assert regions("XX") == ()
    assert {"DE", "SE", "US"} <= set(countries())


def test_every_code_has_days_that_can_be_read() -> None:
    every = [code for country in countries() for code in (country, *regions(country))]
    assert len(every) > 800
    without = [code for code in every if not public_holidays(code, date(2026, 1, 1), date(2026, 12, 31))]
    assert without == ["BV", "HM", "IO", "UA"]  # three without people, and a country that suspended its holidays
