"""Servers, and the names vendors tell things apart by."""

from collections.abc import Iterator

from oncall.errors import Path
from oncall.model import Heartbeat, Watch
from oncall.validate.base import Context, Fault, Rule
from oncall.validate.escalation import AVAILABLE, reaches_nobody
from oncall.validate.words import duration_text


def server_without_route(context: Context) -> Iterator[Fault]:
    """Find servers whose outage would page nobody."""
    inventory = context.inventory
    silent: dict[tuple[str, str], str] = {}
    for slug, server in inventory.servers.items():
        team = inventory.teams.get(server.team)
        if team is None or server.tier not in inventory.tiers:
            continue
        key = (server.team, server.tier)
        if key not in silent:
            no_target = not any(target in AVAILABLE for target in team.pages_through)
            silent[key] = (
                f"team `{server.team}` pages through no available target"
                if no_target
                else f"nobody of team `{server.team}` is told"
                if reaches_nobody(context, *key)
                else ""
            )
        if silent[key]:
            yield Fault(f"an outage has nowhere to go: {silent[key]}", ("servers", slug))


def heartbeat_too_eager(context: Context) -> Iterator[Fault]:
    """Find heartbeats that would alert before the next ping is due."""
    beats: list[tuple[Heartbeat | Watch, Path]] = [
        (server.heartbeat, ("servers", slug, "heartbeat"))
        for slug, server in context.inventory.servers.items()
        if server.heartbeat is not None
    ]
    if context.inventory.bridge.watch is not None:
        beats.append((context.inventory.bridge.watch, ("bridge", "watch")))
    for beat, path in beats:
        if beat.alert_after <= beat.ping_every:
            message = f"`alert_after` {duration_text(beat.alert_after)} is not longer than `ping_every`"
            yield Fault(message, (*path, "alert_after"), f"more than {duration_text(beat.ping_every)}")


def duplicate_team_name(context: Context) -> Iterator[Fault]:
    """Find teams that would have one name at a vendor."""
    names = ((team.name, key, ("teams", key, "name")) for key, team in context.inventory.teams.items())
    for name, key, other, path in _twice(names):
        yield Fault(f"`{key}` has the name of team `{other}`: {name}", path)


def duplicate_schedule_name(context: Context) -> Iterator[Fault]:
    """Find schedules that were given one name."""
    names = (
        (schedule.name, f"{team}/{key}", ("teams", team, "schedules", key, "name"))
        for team, found in context.inventory.teams.items()
        for key, schedule in found.schedules.items()
        if schedule.name is not None
    )
    for name, key, other, path in _twice(names):
        yield Fault(f"`{key}` has the name of schedule `{other}`: {name}", path)


def duplicate_server_name(context: Context) -> Iterator[Fault]:
    """Find servers with one name; an error where both have a service of their own, which is named after them."""
    servers = context.inventory.servers
    names = ((server.name, slug, ("servers", slug, "name")) for slug, server in servers.items())
    for name, slug, other, path in _twice(names):
        both = servers[slug].own_service and servers[other].own_service
        yield Fault(f"`{slug}` has the name of server `{other}`: {name}", path, severity="error" if both else "notice")


def _twice(names: Iterator[tuple[str, str, Path]]) -> Iterator[tuple[str, str, str, Path]]:
    """Give what has a name that was taken: the name, whose it is, who had it first; vendors ignore case."""
    first: dict[str, str] = {}
    for name, key, path in names:
        other = first.setdefault(name.casefold(), key)
        if other != key:
            yield name, key, other, path


RULES = (
    Rule("server-without-route", "error", "An outage of every server pages someone.", server_without_route),
    Rule("heartbeat-too-eager", "error", "A heartbeat alerts after more than one ping.", heartbeat_too_eager),
    Rule("duplicate-team-name", "error", "Teams have names of their own.", duplicate_team_name),
    Rule(
        "duplicate-schedule-name", "error", "Schedules that are named have names of their own.", duplicate_schedule_name
    ),
    Rule(
        "duplicate-server-name",
        "error",
        "Servers have names of their own; a notice where no service is named after both.",
        duplicate_server_name,
    ),
)
