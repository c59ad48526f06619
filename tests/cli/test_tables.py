"""What commands print is safe to print, and says which hour it means."""

from datetime import UTC, datetime

import pytest

from oncall.cli.tables import shown, stamp, when


@pytest.mark.parametrize(
    "instant, expected",
    [
        ("2026-12-07T08:00", "Mon 2026-12-07 09:00"),
        ("2026-10-25T00:30", "Sun 2026-10-25 02:30 +0200"),
        ("2026-10-25T01:30", "Sun 2026-10-25 02:30 +0100"),
    ],
)
def test_an_hour_the_clock_shows_twice_says_which(instant: str, expected: str) -> None:
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert when(at, "Europe/Berlin") == expected


def test_programs_get_the_offset() -> None:
    assert stamp(datetime(2026, 12, 7, 8, tzinfo=UTC), "Europe/Berlin") == "2026-12-07T09:00:00+01:00"


def test_text_that_steers_a_terminal_is_shown_as_text() -> None:
    assert shown("[red]a\x1b[2J\u202eb\n[/]").plain == "[red]a\\x1b[2J\\x202eb\\x0a[/]"
