"""Changes so big that somebody should look twice: the guard, in the words of on-call."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from oncall.model import Inventory
from oncall.preview.model import CoverageChange, Preview, Stop
from oncall.preview.objects import keyed
from oncall.preview.paging import length
from oncall.preview.pairs import team_pairs
from oncall.preview.words import duration_text, named
from oncall.targets.checks import TITLES

RULES: Mapping[str, str] = {
    "many-changed": "Of the schedules or services at a vendor no more than the guard's share is changed or deleted.",
    "coverage-lost": "Nobody goes missing from critical or high pages within the guard's days.",
    "nobody-answers": "Every server has a route, and every critical and high escalation somebody who can answer it.",
    "key-replaced": "Routing keys stay: the bridge must be rebuilt before a new one is used.",
    "leaves-vendor": "No team leaves a vendor.",
}
# Where there are fewer, a share says little: one of three is a third (octoDNS draws the line at ten too).
FEWEST = 10
# Kinds that come one by one with schedules and services, and kinds whose key the bridge holds.
_COUNTED = {"Schedule": "schedules", "Service": "services"}
_KEYED = frozenset({"pagerduty:ServiceIntegration", "opsgenie:ApiIntegration"})


def stops(
    preview: Preview,
    base: Inventory,
    head: Inventory,
    counts: Mapping[tuple[str, str], int],
    accepted: Mapping[str, str],
) -> tuple[Stop, ...]:
    """Return what the guard stops. `counts` has how many objects of a kind (vendor, noun) the base has; `accepted` the
    rules let through, with the reason for each.
    """
    found = (
        *(("many-changed", text) for text in _many(preview, head, counts)),
        *(("coverage-lost", text) for text in _lost(preview.coverage, preview.start, head)),
        *(("nobody-answers", text) for text in _unanswered(preview, head)),
        *(("key-replaced", text) for text in _keys(preview)),
        *(("leaves-vendor", text) for text in _leaving(base, head)),
    )
    return tuple(Stop(rule, text, accepted.get(rule)) for rule, text in found)


def _many(preview: Preview, head: Inventory, counts: Mapping[tuple[str, str], int]) -> Iterator[str]:
    for vendor, changes in preview.objects.items():
        for noun, plural in _COUNTED.items():
            there = counts.get((vendor, noun), 0)
            touched = [
                each
                for each in changes
                if each.action in ("update", "delete") and each.resource.kind.partition(":")[2] == noun
            ]
            share = len(touched) / there if there else 0
            if there >= FEWEST and share > head.guard.max_changed:
                gone = sum(each.action == "delete" for each in touched)
                how_many = f"{len(touched)} of {there}, {gone} deleted"
                most = f"{head.guard.max_changed:.0%} is the most"
                yield f"{share:.0%} of the {plural} at {TITLES[vendor]} change ({how_many}); {most}"


def _lost(changes: Iterable[CoverageChange], start: datetime, head: Inventory) -> Iterator[str]:
    end = start + timedelta(days=head.guard.coverage_days)
    for one in changes:
        soon = tuple((begin, min(last, end)) for begin, last in one.lost if begin < end)
        if soon and one.severity in ("critical", "high"):
            yield (
                f"{one.team_name} {one.tier}: nobody answers for {duration_text(length(soon))} "
                f"of the next {head.guard.coverage_days} days"
            )


def _unanswered(preview: Preview, head: Inventory) -> Iterator[str]:
    gone = [route.server for route in preview.routes if route.after is None]
    if gone:
        fallback = head.teams[head.bridge.fallback].name
        pages = f"the team that AliveMCP names as its owner, else {fallback}"
        yield f"no team answers for {named(gone)} any more; an outage there pages {pages}"
    for one in preview.coverage:
        if one.severity in ("critical", "high") and _all_time(one, preview):
            yield f"{one.team_name} {one.tier}: nobody can answer it at any time"


def _all_time(one: CoverageChange, preview: Preview) -> bool:
    return length(one.lost) == preview.end - preview.start


def _keys(preview: Preview) -> Iterator[str]:
    for vendor, changes in preview.objects.items():
        gone = [keyed(each.resource) for each in changes if each.action == "delete" and each.resource.kind in _KEYED]
        if gone:
            keys = "key ends" if len(gone) == 1 else "keys end"
            yield f"{len(gone)} {keys} at {TITLES[vendor]} ({named(gone)}): rebuild the bridge first"


def _leaving(base: Inventory, head: Inventory) -> Iterator[str]:
    for key, was in team_pairs(base, head).items():
        left = [vendor for vendor in base.teams[was].pages_through if vendor not in head.teams[key].pages_through]
        if left:
            vendors = ", ".join(TITLES[vendor] for vendor in left)
            yield f"{head.teams[key].name} leaves {vendors}: incidents that are open there are closed by nobody"
