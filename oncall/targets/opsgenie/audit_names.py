"""Names OpsGenie would refuse: too long, with characters it forbids, or taken twice."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from oncall.errors import Finding, Path
from oncall.model import Inventory
from oncall.targets.checks import Named, long_names, taken_names
from oncall.targets.opsgenie.names import escalation_name, integration_name, schedule_name
from oncall.targets.vendor_schedules import Schedules

# https://docs.opsgenie.com/docs/team-api, and terraform-provider-opsgenie: "under 100" for teams, schedules, heartbeats
NAME_LENGTH = 99
TEAM_CHARACTERS = re.compile(r"[A-Za-z0-9 _.-]*")
LENGTHS: Mapping[str, int] = {"team": NAME_LENGTH, "schedule": NAME_LENGTH, "heartbeat": NAME_LENGTH}


def name_findings(inventory: Inventory, tiers: Mapping[str, Sequence[str]], vendor: Schedules) -> Iterator[Finding]:
    """Give the faults of the names that the teams with these tiers in use bring to OpsGenie."""
    named = list(_named(inventory, tiers, vendor))
    yield from taken_names("opsgenie", named)
    yield from long_names("opsgenie", named, LENGTHS)
    yield from _like_teams(named)
    for key in tiers:
        name = inventory.teams[key].name
        if not TEAM_CHARACTERS.fullmatch(name):
            message = f"a team at OpsGenie is called by letters A-Z, digits, blanks, _ . and -; not {name!r}"
            yield Finding("opsgenie-name-characters", message, ("teams", key, "name"))


def _like_teams(named: Iterable[Named]) -> Iterator[Finding]:
    """Find schedules with a team's name or that of the schedule each new team has: OpsGenie answers 409."""
    taken = {
        name.casefold(): one.name for one in named if one.kind == "team" for name in (one.name, f"{one.name}_schedule")
    }
    for one in named:
        if one.kind == "schedule" and one.name.casefold() in taken:
            message = (
                f"OpsGenie keeps the name {one.name!r} for team {taken[one.name.casefold()]!r}, not for a schedule"
            )
            yield Finding("opsgenie-schedule-like-team", message, one.path, hint="give it another `name`")


def _named(inventory: Inventory, tiers: Mapping[str, Sequence[str]], vendor: Schedules) -> Iterator[Named]:
    for key, used in tiers.items():
        path: Path = ("teams", key, "name")
        yield Named("team", inventory.teams[key].name, path)
        yield Named("integration", integration_name(inventory, key), path)
        for tier in used:
            yield Named("escalation", escalation_name(inventory, key, tier), path)
    for ref, parts in vendor.items():
        schedule = inventory.teams[ref.team].schedules[ref.schedule]
        place: Path = ("teams", ref.team, "schedules", ref.schedule)
        for part in parts:
            name = schedule_name(inventory, part)
            yield Named("schedule", name, (*place, "name") if schedule.name else place)
    for group_key, group in inventory.groups.items():
        if group.team in tiers:
            yield Named("service", group.name, ("groups", group_key, "name"))
    for slug, server in inventory.servers.items():
        if server.heartbeat is not None and server.team in tiers:
            yield Named("heartbeat", slug, ("servers", slug))
    watch = inventory.bridge.watch
    if watch is not None and watch.team in tiers:
        yield Named("heartbeat", watch.name, ("bridge", "watch", "name"))
