"""Instants as PagerDuty takes and gives them, and local clock time."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# The provider's older half prints rotation_virtual_start, and the `end` of a layer that is being removed, with Go's
# time.String(): "2026-11-23 08:00:00 +0000 UTC".
_GO_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)\d* ([+-]\d{4}) \S+")


def parse_time(text: object) -> datetime:
    """Return the instant (aware, UTC) of RFC 3339 or of Go's printed form; ValueError for anything else."""
    if not isinstance(text, str):
        raise ValueError("not a time")
    match = _GO_TIME.fullmatch(text)
    moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3]}" if match else text)
    if moment.tzinfo is None:
        raise ValueError("a time needs a zone")
    return moment.astimezone(UTC)


def zoned_text(moment: datetime, zone: str) -> str:
    """Return RFC 3339 with the zone's offset, as schedules answer: 2026-11-23T09:00:00+01:00."""
    return moment.astimezone(zone_of(zone)).isoformat(timespec="seconds")


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return the IANA zone; KeyError (ZoneInfoNotFoundError) or ValueError for a name there is none of."""
    return ZoneInfo(name)


def local(moment: datetime, zone: str) -> datetime:
    """Return the clock time (naive) that a clock in the zone shows at an instant."""
    return moment.astimezone(zone_of(zone)).replace(tzinfo=None)


@lru_cache(maxsize=65536)
def instant(clock: datetime, zone: str) -> datetime:
    """Return when a clock in the zone shows a naive time: the first time it does, or the first minute after a gap."""
    while True:
        moment = clock.replace(tzinfo=zone_of(zone), fold=0).astimezone(UTC)
        if local(moment, zone) == clock.replace(fold=0):
            return moment
        clock = clock.replace(second=0, microsecond=0) + timedelta(minutes=1)
