"""Names that must lead somewhere: people, teams, schedules, tiers, servers."""

from collections.abc import Iterator

from oncall.errors import Path
from oncall.model import NOBODY, HolidayCover
from oncall.shifts import holidays
from oncall.validate.base import Context, Fault, Rule


def unknown_person(context: Context) -> Iterator[Fault]:
    """Find people who are named and not described."""
    known = context.inventory.people
    for name, path in _people(context):
        if name not in known:
            yield Fault(f"no person `{name}`", path, context.hint(name, known))


def unknown_team(context: Context) -> Iterator[Fault]:
    """Find teams that are named and not described."""
    known = context.inventory.teams
    renamed = {former: key for key, team in known.items() for former in team.formerly}
    for name, path in _teams(context):
        if name not in known:
            hint = f"it is `{renamed[name]}` now" if name in renamed else context.hint(name, known)
            yield Fault(f"no team `{name}`", path, hint)


def unknown_schedule(context: Context) -> Iterator[Fault]:
    """Find schedules that a team does not have."""
    teams = context.inventory.teams
    for team, name, path in _schedules(context):
        if team in teams and name not in teams[team].schedules:
            yield Fault(f"team `{team}` has no schedule `{name}`", path, context.hint(name, teams[team].schedules))


def unknown_recipient(context: Context) -> Iterator[Fault]:
    """Find words on steps that are neither a schedule of the team nor a person."""
    inventory = context.inventory
    for team, name, path in context.steps():
        schedules = inventory.teams[team].schedules
        if "/" not in name and name not in schedules and name not in inventory.people:
            message = f"`{name}` is neither a schedule of team `{team}` nor a person"
            yield Fault(message, path, context.hint(name, [*schedules, *inventory.people]))


def ambiguous_recipient(context: Context) -> Iterator[Fault]:
    """Find words on steps that could mean a schedule or a person."""
    inventory = context.inventory
    for team, name, path in context.steps():
        if name in inventory.teams[team].schedules and name in inventory.people:
            message = f"`{name}` is a schedule of team `{team}` and a person"
            yield Fault(message, path, f"write `{team}/{name}` for the schedule, or rename one of the two")


def unknown_tier(context: Context) -> Iterator[Fault]:
    """Find tiers that are named and not described."""
    known = context.inventory.tiers
    for slug, server in context.inventory.servers.items():
        if server.tier not in known:
            yield Fault(f"no tier `{server.tier}`", ("servers", slug, "tier"), context.hint(server.tier, known))
    for key, team in context.inventory.teams.items():
        for tier in team.coverage.required:
            if tier not in known:
                path = ("teams", key, "coverage", "required", tier)
                yield Fault(f"no tier `{tier}`", path, context.hint(tier, known))


def unknown_rotation(context: Context) -> Iterator[Fault]:
    """Find rotations that are to cover holidays and don't exist."""
    for key, team in context.inventory.teams.items():
        cover = team.on_holidays
        if isinstance(cover, HolidayCover) and cover.schedule in team.schedules:
            known = team.schedules[cover.schedule].rotations
            if cover.rotation not in known:
                message = f"schedule `{cover.schedule}` has no rotation `{cover.rotation}`"
                yield Fault(message, ("teams", key, "on_holidays", "cover"), context.hint(cover.rotation, known))


def unknown_server(context: Context) -> Iterator[Fault]:
    """Find servers that are named and not described."""
    known = context.inventory.servers
    named: list[tuple[Path, tuple[str, ...]]] = [
        (("maintenance", number), maintenance.servers)
        for number, maintenance in enumerate(context.inventory.maintenance)
    ]
    named += [(("groups", key), group.servers) for key, group in context.inventory.groups.items()]
    for path, slugs in named:
        for place, slug in enumerate(slugs):
            if slug not in known:
                yield Fault(f"no server `{slug}`", (*path, "servers", place), context.hint(slug, known))


def unknown_holidays(context: Context) -> Iterator[Fault]:
    """Find countries and regions whose public holidays nobody knows."""
    for key, person in context.inventory.people.items():
        code = person.holidays
        if code is None or holidays.known(code):
            continue
        country = code.partition("-")[0]
        path = ("people", key, "holidays")
        if not holidays.known(country):
            yield Fault(f"no country `{country}`", path, context.hint(country, holidays.countries()))
        elif here := holidays.regions(country):
            yield Fault(f"no holidays of a region `{code}`", path, context.hint(code, here))
        else:
            yield Fault(f"no holidays of a region `{code}`", path, f"write `{country}`: all of it has the same ones")


def reserved_person(context: Context) -> Iterator[Fault]:
    """Find a person whose key is the word for an empty slot."""
    if NOBODY in context.inventory.people:
        yield Fault(f"`{NOBODY}` stands for an empty slot of a rotation and can't be a person", ("people", NOBODY))


def parent_circle(context: Context) -> Iterator[Fault]:
    """Find teams that are, over some steps, a part of themselves; each circle is told at its first team."""
    teams = context.inventory.teams
    told: set[str] = set()
    for key in teams:
        way: list[str] = [key]
        while (parent := teams[way[-1]].parent) in teams and parent not in way and parent not in told:
            way.append(parent)
        if parent == key:
            yield Fault(f"team `{key}` is a part of itself: {' in '.join([*way, key])}", ("teams", key, "parent"))
            told.update(way)


def _people(context: Context) -> Iterator[tuple[str, Path]]:
    inventory = context.inventory
    for key, team in inventory.teams.items():
        for place, member in enumerate(team.members):
            yield member.person, ("teams", key, "members", place)
    for at in context.lineups:
        for place, person in enumerate(at.lineup.people):
            if person != NOBODY:
                yield person, (*at.path, "people", place)
    for number, leave in enumerate(inventory.leave):
        yield leave.person, ("leave", number, "person")
        if leave.cover is not None:
            yield leave.cover, ("leave", number, "cover")
    for number, override in enumerate(inventory.overrides):
        yield override.person, ("overrides", number, "person")
        if override.instead_of is not None:
            yield override.instead_of, ("overrides", number, "instead_of")
    for number, swap in enumerate(inventory.swaps):
        yield from ((person, ("swaps", number, "people", n)) for n, person in enumerate(swap.people))


def _teams(context: Context) -> Iterator[tuple[str, Path]]:
    inventory = context.inventory
    for slug, server in inventory.servers.items():
        yield server.team, ("servers", slug, "team")
    for key, group in inventory.groups.items():
        yield group.team, ("groups", key, "team")
    for key, team in inventory.teams.items():
        if team.parent is not None:
            yield team.parent, ("teams", key, "parent")
    for _, name, path in context.steps():
        if "/" in name:
            yield name.partition("/")[0], path
    for number, override in enumerate(inventory.overrides):
        yield override.schedule.partition("/")[0], ("overrides", number, "schedule")
    for number, swap in enumerate(inventory.swaps):
        yield swap.schedule.partition("/")[0], ("swaps", number, "schedule")
    for number, leave in enumerate(inventory.leave):
        if leave.schedule is not None:
            yield leave.schedule.partition("/")[0], ("leave", number, "schedule")
    yield inventory.bridge.fallback, ("bridge", "fallback")
    if inventory.bridge.watch is not None:
        yield inventory.bridge.watch.team, ("bridge", "watch", "team")


def _schedules(context: Context) -> Iterator[tuple[str, str, Path]]:
    inventory = context.inventory
    for _, name, path in context.steps():
        if "/" in name:
            team, _, schedule = name.partition("/")
            yield team, schedule, path
    for number, override in enumerate(inventory.overrides):
        team, _, schedule = override.schedule.partition("/")
        yield team, schedule, ("overrides", number, "schedule")
    for number, swap in enumerate(inventory.swaps):
        team, _, schedule = swap.schedule.partition("/")
        yield team, schedule, ("swaps", number, "schedule")
    for number, leave in enumerate(inventory.leave):
        if leave.schedule is not None:
            team, _, schedule = leave.schedule.partition("/")
            yield team, schedule, ("leave", number, "schedule")
    for key, found in inventory.teams.items():
        if isinstance(found.on_holidays, HolidayCover):
            yield key, found.on_holidays.schedule, ("teams", key, "on_holidays", "cover")
        for place, accept in enumerate(found.accept):
            if accept.schedule is not None:
                yield key, accept.schedule, ("teams", key, "accept", place, "schedule")
        for place, accept in enumerate(found.coverage.accept):
            if accept.schedule is not None:
                yield key, accept.schedule, ("teams", key, "coverage", "accept", place, "schedule")


RULES = (
    Rule("unknown-person", "error", "A person who is named is described under `people`.", unknown_person),
    Rule("unknown-team", "error", "A team that is named is described under `teams`.", unknown_team),
    Rule("unknown-schedule", "error", "A schedule that is named is one of that team's.", unknown_schedule),
    Rule("unknown-rotation", "error", "Holidays are covered by a rotation that exists.", unknown_rotation),
    Rule("unknown-recipient", "error", "A step names a schedule of the team or a person.", unknown_recipient),
    Rule("ambiguous-recipient", "error", "A step's word means one thing.", ambiguous_recipient),
    Rule("parent-circle", "error", "No team is a part of itself.", parent_circle),
    Rule("unknown-tier", "error", "A tier that is named is described under `tiers`.", unknown_tier),
    Rule("unknown-server", "error", "Maintenance and groups name servers described under `servers`.", unknown_server),
    Rule("unknown-holidays", "error", "Public holidays are those of a known country or region.", unknown_holidays),
    Rule("reserved-person", "error", "No person is called `nobody`.", reserved_person),
)
