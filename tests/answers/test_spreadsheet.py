import csv
import io

import pytest

from oncall.answers.spreadsheet import csv_text


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+49",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "  =1",
        "\r=1",
        "\N{FULLWIDTH EQUALS SIGN}1",
        '=HYPERLINK("http://x","y")',
    ],
)
def test_a_name_is_never_a_formula(name: str) -> None:
    (_, row) = csv.reader(io.StringIO(csv_text(["name", "minutes"], [[name, -1]]), newline=""))
    assert row == [f"'{name}", "-1"]


def test_other_text_stays_as_it_is() -> None:
    text = csv_text(["name", "why"], [["Zoë 'Z' O'Neil, \"Z\"", "a\r\nb"], ["", "2026-12-01T00:00+01:00"]])
    assert text == 'name,why\r\n"Zoë \'Z\' O\'Neil, ""Z""","a\r\nb"\r\n,2026-12-01T00:00+01:00\r\n'
