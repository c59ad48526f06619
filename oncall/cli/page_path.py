"""A page path for people and for programs: `oncall simulate` and `oncall who SERVER` share it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.text import Text

from oncall.answers.names import nearest
from oncall.answers.page_path import Incident, PagePath
from oncall.answers.route import Leg
from oncall.answers.story import MISMATCHES, Line, duration_text, recipient_name, whence_text
from oncall.cli.tables import shown, stamp, table
from oncall.model import Inventory
from oncall.shifts.clock import instant_text, to_wall
from oncall.targets.checks import TITLES
from oncall.targets.paging import Page, PagedPerson

STYLES: Mapping[str, str] = {"down": "bold", "nobody": "red", "raised": "bold red", "quiet": "yellow", "end": "dim"}
REASONS = {
    "server": "the inventory's entry",
    "team": "not in the inventory: the team and tier its webhook names",
    "fallback": "nobody's: the fallback team",
}


def print_head(console: Console, inventory: Inventory, path: PagePath) -> None:
    """Print whose the server is and what is odd about that."""
    name = f" ({path.name})" if path.name else ""
    console.print(shown(f"{path.server}{name} down at {instant_text(path.at, path.zone)} {path.zone}", "bold"))
    team, leg = inventory.teams[path.route.team], path.route.legs[0] if path.route.legs else None
    vendor = f", {leg_text(leg)}" if leg is not None else ""
    whose = f"  {team.name} ({path.route.team}), tier {path.route.tier} ({path.route.severity}){vendor}"
    console.print(shown(f"{whose} - {REASONS[path.route.reason]}", "red" if path.route.reason == "fallback" else ""))
    for word in path.route.mismatch:
        near = nearest(path.server, inventory.servers, 0.75) if word == "unknown-server" else None
        console.print(shown(f"  {MISMATCHES[word]}{f'; did you mean `{near}`?' if near else ''}", "yellow"))
    if len(path.route.legs) > 1:
        others = ", then ".join(f"{leg_text(one)} of {one.team}" for one in path.route.legs[1:])
        console.print(shown(f"  should that refuse for good: {others}", "dim"))


def leg_text(leg: Leg) -> str:
    """Return `PagerDuty`, or `PagerDuty, a service of its own`."""
    return f"{TITLES[leg.vendor]}{', a service of its own' if leg.own_service else ''}"


def print_story(console: Console, path: PagePath, lines: tuple[Line, ...]) -> None:
    """Print what happens line by line, by the clock of the team."""
    rows = []
    day = to_wall(path.at, path.zone).date()
    for line in lines:
        wall = to_wall(line.at, path.zone)
        clock = instant_text(line.at, path.zone, seconds=True)
        since = duration_text(line.at - path.at) if line.at > path.at else ""
        rows.append((clock if wall.date() != day else clock[15:], since, shown(line.text, STYLES.get(line.kind, ""))))
        day = wall.date()
    console.print(table(("time", "after", "what happens"), rows))


def print_in_short(console: Console, inventory: Inventory, path: PagePath) -> None:
    """Print the first pass of each incident: one line a step."""
    rows = []
    for incident in path.incidents:
        which = f"{TITLES[incident.leg.vendor]}, {incident.paged.level}"
        which += " (raised)" if incident is path.raised else ""
        pages = [page for page in incident.paged.pages if page.turn == 0]
        if incident.paged.problem:
            rows.append((which, duration_text(incident.at - path.at), shown(incident.paged.problem, "red")))
        for page in pages:
            rows.append((which, duration_text(page.at - path.at), _people(inventory, incident, page)))
            which = ""
    console.print(table(("vendor", "after", "pages"), rows))
    turns = max((page.turn for one in path.incidents for page in one.paged.pages), default=0)
    if turns:
        console.print(shown(f"and from the start again, {turns} time{'s' if turns > 1 else ''}", "dim"))


def _people(inventory: Inventory, incident: Incident, page: Page) -> Text:
    if not page.people:
        names = ", ".join(recipient_name(inventory, who) for who in page.recipients)
        return shown(f"nobody ({names})", "red")
    return shown(
        ", ".join(
            f"{inventory.people[each.told.person].name} ({each.told.person}; "
            f"{whence_text(inventory, incident.leg.team, each.told)})"
            for each in page.people
        )
    )


def as_data(inventory: Inventory, path: PagePath, lines: tuple[Line, ...] = ()) -> dict[str, Any]:
    """Return a page path as JSON: instants with the offset of the team's zone, durations in seconds."""
    zone = path.zone
    incidents = [("raised" if one is path.raised else "page", one) for one in path.incidents]
    maintenance = path.maintenance
    return {
        "server": path.server,
        "name": path.name,
        "at": stamp(path.at, zone),
        "time_zone": zone,
        "route": {
            "reason": path.route.reason,
            "team": path.route.team,
            "tier": path.route.tier,
            "severity": path.route.severity,
            "mismatch": list(path.route.mismatch),
            "vendors": [
                {"vendor": leg.vendor, "team": leg.team, "tier": leg.tier, "own_service": leg.own_service}
                for leg in path.route.legs
            ],
        },
        "maintenance": {"until": stamp(maintenance.until, zone), "why": maintenance.why} if maintenance else None,
        "ticket": path.ticket,
        "ticket_after_ack": seconds(path.ticket_after_ack),
        "digest": path.digest,
        "incidents": [_incident(inventory, path, kind, one) for kind, one in incidents],
        "story": [{"at": stamp(line.at, zone), "kind": line.kind, "text": line.text} for line in lines],
    }


def seconds(span: timedelta | None) -> int | None:
    """Return a duration in whole seconds."""
    return None if span is None else int(span.total_seconds())


def _incident(inventory: Inventory, path: PagePath, kind: str, incident: Incident) -> dict[str, Any]:
    paged = incident.paged
    return {
        "kind": kind,
        "at": stamp(incident.at, path.zone),
        "after": seconds(incident.at - path.at),
        "vendor": incident.leg.vendor,
        "team": incident.leg.team,
        "tier": incident.leg.tier,
        "severity": incident.severity,
        "level": paged.level,
        "held_until": stamp(paged.held_until, path.zone) if paged.held_until else None,
        "problem": paged.problem or None,
        "pages": [
            {
                "at": stamp(page.at, path.zone),
                "after": seconds(page.at - path.at),
                "pass": page.turn,
                "level": page.level,
                "again": page.again,
                "one_of": page.one_of,
                "recipients": [recipient_name(inventory, who) for who in page.recipients],
                "passed_over": [recipient_name(inventory, who) for who in page.passed_over],
                "people": [_person(inventory, each) for each in page.people],
            }
            for page in paged.pages
        ],
    }


def _person(inventory: Inventory, paged: PagedPerson) -> dict[str, Any]:
    told, shift = paged.told, paged.told.shift
    return {
        "person": told.person,
        "name": inventory.people[told.person].name,
        "schedule": str(told.schedule) if told.schedule else None,
        "rotation": (shift.rotation or None) if shift else None,
        "why": shift.why if shift else None,
        "instead_of": shift.instead_of if shift else None,
        "ways": [{"method": way.method, "after": seconds(way.after)} for way in paged.ways],
        "ways_from": "profile" if paged.by_profile else "inventory",
    }
