"""Names PagerDuty would refuse: too long, with characters it forbids, or taken twice."""

from collections.abc import Iterator, Mapping, Sequence

from oncall.errors import Finding, Path
from oncall.model import Inventory
from oncall.targets.checks import Named, long_names, taken_names
from oncall.targets.common import described
from oncall.targets.pagerduty.names import schedule_name, tier_name
from oncall.targets.vendor_schedules import Schedules

# https://developer.pagerduty.com/api-reference/ - Team.name and Team.description, maxLength
TEAM_NAME_LENGTH = 100
DESCRIPTION_LENGTH = 1024
# https://support.pagerduty.com/main/docs/schedule-basics; for services and policies nothing else is published
NAME_LENGTH = 255
# terraform-provider-pagerduty, util.ReValidateIsAllowedString: for policies, schedules and users
FORBIDDEN = "\\/&<>"
LENGTHS: Mapping[str, int] = {
    "team": TEAM_NAME_LENGTH,
    "escalation policy": NAME_LENGTH,
    "service": NAME_LENGTH,
    "schedule": NAME_LENGTH,
    "business service": NAME_LENGTH,
}
# The bridge's key id "pagerduty/server/<slug>" would clash with "pagerduty/<team>/<tier>".
RESERVED_TEAM = "server"

NAME_RULES: Mapping[str, str] = {
    "pagerduty-description-length": "Descriptions are as short as PagerDuty wants them.",
    "pagerduty-team-key": "No team has the key `server`.",
}


def name_findings(inventory: Inventory, tiers: Mapping[str, Sequence[str]], vendor: Schedules) -> Iterator[Finding]:
    """Give the faults of the names that the teams with these tiers in use bring to PagerDuty."""
    named = list(_named(inventory, tiers, vendor))
    yield from taken_names("pagerduty", named)
    yield from long_names("pagerduty", named, LENGTHS)
    for key in tiers:
        team = inventory.teams[key]
        yield from _characters(team.name, ("teams", key, "name"), FORBIDDEN)
        for schedule_key, schedule in team.schedules.items():
            yield from _characters(schedule.name or "", ("teams", key, "schedules", schedule_key, "name"), FORBIDDEN)
        if len(described(team.description)) > DESCRIPTION_LENGTH:
            message = f"the description of team {key} would be longer than PagerDuty's {DESCRIPTION_LENGTH} characters"
            yield Finding("pagerduty-description-length", message, ("teams", key, "description"))
        if key == RESERVED_TEAM:
            message = "a team at PagerDuty can't have the key `server`: servers' own routing keys go by that word"
            yield Finding("pagerduty-team-key", message, ("teams", key))
    for slug, server in inventory.servers.items():
        if server.own_service and server.team in tiers:
            yield from _characters(server.name, ("servers", slug, "name"), "")
    for key, group in inventory.groups.items():
        if any(inventory.servers[slug].team in tiers for slug in group.servers):
            yield from _characters(group.name, ("groups", key, "name"), "")
    people = {member.person for key in tiers for member in inventory.teams[key].members}
    for person in sorted(people & inventory.people.keys()):
        if inventory.manage_of(inventory.people[person]) == "all":
            yield from _characters(inventory.people[person].name, ("people", person, "name"), FORBIDDEN)


def _named(inventory: Inventory, tiers: Mapping[str, Sequence[str]], vendor: Schedules) -> Iterator[Named]:
    for key, used in tiers.items():
        path: Path = ("teams", key, "name")
        yield Named("team", inventory.teams[key].name, path)
        for tier in used:
            yield Named("escalation policy", tier_name(inventory, key, tier), path)
            yield Named("service", tier_name(inventory, key, tier), path)
    for ref, parts in vendor.items():
        schedule = inventory.teams[ref.team].schedules[ref.schedule]
        place: Path = ("teams", ref.team, "schedules", ref.schedule)
        for part in parts:
            name = schedule_name(inventory, part)
            yield Named("schedule", name, (*place, "name") if schedule.name else place)
    for group_key, group in inventory.groups.items():
        if any(inventory.servers[slug].team in tiers for slug in group.servers):
            yield Named("business service", group.name, ("groups", group_key, "name"))
    for slug, server in inventory.servers.items():
        if server.own_service and server.team in tiers:
            yield Named("service", server.name, ("servers", slug, "name"))


def _characters(name: str, path: Path, forbidden: str) -> Iterator[Finding]:
    wrong = sorted({character for character in name if character in forbidden or not character.isprintable()})
    if wrong:
        shown = " ".join(repr(character) for character in wrong)
        yield Finding("pagerduty-name-characters", f"PagerDuty takes no {shown} in the name {name!r}", path)
    if name != name.rstrip():
        yield Finding("pagerduty-name-characters", f"PagerDuty takes no blank at the end of the name {name!r}", path)
