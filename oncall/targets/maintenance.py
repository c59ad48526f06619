"""Maintenance that the vendor is asked to know of: windows that silence whole services or integrations.

Only what nothing but the servers in maintenance uses may be silent: at both vendors a window drops what comes in.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from oncall.errors import Finding, Path
from oncall.model import Inventory, TargetName
from oncall.shifts.clock import moment_end, moment_instant, moment_wall
from oncall.shifts.lineups import moment_text
from oncall.targets.checks import TITLES
from oncall.targets.common import MANAGED

Carried = Mapping[str, frozenset[str]]
"""The servers whose alerts come through each of the vendor's entries (services, integrations), by the entry's key."""
ANYBODY = "servers nobody knows"


@dataclass(frozen=True, slots=True)
class Window:
    """Entries of a vendor that are silent from `start` to `end` (UTC); `place` is the maintenance's in the list."""

    key: str
    place: int
    start: datetime
    end: datetime
    entries: tuple[str, ...]
    description: str


def windows(inventory: Inventory, carried: Carried, now: datetime) -> list[Window]:
    """Return the windows that are not over, in the order they are written; none without an entry.

    A key says when the window begins and the first of its entries, so that it stays what it is when others go.
    """
    found: dict[str, Window] = {}
    for place, _, entries in _asked(inventory, carried, now):
        maintenance = inventory.maintenance[place]
        zone = inventory.time_zone
        whole = tuple(sorted(key for key, rest in entries.items() if not rest))
        if not whole:
            continue
        key = f"{moment_text(maintenance.start, moment_wall(maintenance.start, zone))}/{whole[0]}"
        description = f"{maintenance.why} - {MANAGED}" if maintenance.why else MANAGED
        start, end = moment_instant(maintenance.start, zone), moment_end(maintenance.end, zone)
        found.setdefault(key, Window(key, place, start, end, whole, description))
    return list(found.values())


def window_findings(inventory: Inventory, target: TargetName, carried: Carried, now: datetime) -> Iterator[Finding]:
    """Give the entries that stay loud because other servers use them too."""
    for _, path, entries in _asked(inventory, carried, now):
        for key, rest in sorted(entries.items()):
            if rest:
                shown = ", ".join(sorted(rest)[:3]) + (" and others" if len(rest) > 3 else "")
                yield Finding(
                    f"{target}-window-partial",
                    f"no window is made for {key} at {TITLES[target]}: alerts of {shown} come through it too",
                    path,
                    "reason",
                    "name these servers too, or leave `vendor_window` out",
                )


def carried_by(entries: Iterable[tuple[str, str]], open_to_all: Iterable[str]) -> Carried:
    """Return which servers use which entry, from pairs of both; `open_to_all` get alerts of unknown servers too."""
    found: dict[str, set[str]] = {}
    for entry, slug in entries:
        found.setdefault(entry, set()).add(slug)
    for entry in open_to_all:
        found.setdefault(entry, set()).add(ANYBODY)
    return {entry: frozenset(slugs) for entry, slugs in found.items()}


def _asked(
    inventory: Inventory, carried: Carried, now: datetime
) -> Iterator[tuple[int, Path, dict[str, frozenset[str]]]]:
    """Give the windows asked for that are not over: with each entry that is touched, who else uses it."""
    for place, maintenance in enumerate(inventory.maintenance):
        if not maintenance.vendor_window or moment_end(maintenance.end, inventory.time_zone) <= now:
            continue
        servers = frozenset(maintenance.servers)
        entries = {key: slugs - servers for key, slugs in carried.items() if slugs & servers}
        yield place, ("maintenance", place, "vendor_window"), entries
