"""What may be typed for an instant, and what is said of anything else."""

from datetime import UTC, datetime

import pytest
import typer

from oncall.cli.instants import parse_instant, read_instant

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("2026-12-07", "2026-12-06T23:00Z"),
        ("2026-12-07 09:00", "2026-12-07T08:00Z"),
        ("2026-12-07T09:00:30", "2026-12-07T08:00:30Z"),
        ("2026-12-07 09:00Z", "2026-12-07T09:00Z"),
        ("2026-12-07T09:00:00.250000+05:45", "2026-12-07T03:15:00.250000Z"),
        ("2026-10-25 02:30+01:00", "2026-10-25T01:30Z"),
        (" 2026-12-07 ", "2026-12-06T23:00Z"),
    ],
)
def test_an_instant_is_by_the_clock_of_the_zone(text: str, expected: str) -> None:
    assert read_instant(text, BERLIN) == datetime.fromisoformat(expected)


def test_without_a_zone_to_go_by_it_is_utc() -> None:
    assert parse_instant("2026-11-21T09:00") == datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_a_day_without_a_midnight_begins_when_the_clocks_do() -> None:
    assert read_instant("2026-09-06", "America/Santiago") == datetime(2026, 9, 6, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text, said",
    [
        (
            "2026-03-29 02:30",
            "does not exist in Europe/Berlin, the clocks jump over it; the next .* '2026-03-29 03:00'",
        ),
        ("2026-10-25 02:30", r"comes twice .* '2026-10-25 02:30\+02:00' or '2026-10-25 02:30\+01:00'"),
        ("tomorrow", "'tomorrow' is no instant; write it like"),
        ("", "is no instant"),
        ("2026-13-01", "is no instant"),
        ("2026-12-07 25:00", "is no instant"),
        ("20261207", "is no instant"),
        ("2026-W50-1", "is no instant"),
        ("٢٠٢٦-12-07", "is no instant"),
        ("0001-01-01", "the year 1 is out of range: 2000 to 2099"),
        ("9999-12-31T23:59-12:00", "the year 9999 is out of range"),
        ("2026-12-07 09:00+99:99", "is no instant"),
    ],
)
def test_anything_else_is_one_sentence_with_the_way_out(text: str, said: str) -> None:
    with pytest.raises(typer.BadParameter, match=said):
        read_instant(text, BERLIN)
