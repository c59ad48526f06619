"""An instant given on the command line, or the clock's."""

from datetime import UTC, datetime
from typing import Annotated

import typer


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant; one without a zone is in UTC."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as fault:
        raise typer.BadParameter(f"{text!r} is no instant; write it like 2026-11-21T09:00Z") from fault
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


Now = Annotated[
    datetime | None,
    typer.Option("--now", parser=parse_instant, metavar="INSTANT", help="Take this for the present, not the clock."),
]


def the_clock() -> datetime:
    """The present; the commands read it once, at their start."""
    return datetime.now(UTC)
