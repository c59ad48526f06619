"""What commands print is safe to print, and programs are told the offset."""

from datetime import UTC, datetime

from oncall.cli.tables import shown, stamp


def test_programs_get_the_offset() -> None:
    assert stamp(datetime(2026, 12, 7, 8, tzinfo=UTC), "Europe/Berlin") == "2026-12-07T09:00:00+01:00"


def test_text_that_steers_a_terminal_is_shown_as_text() -> None:
    assert shown("[red]a\x1b[2J\u202eb\n[/]").plain == "[red]a\\x1b[2J\\x202eb\\x0a[/]"
