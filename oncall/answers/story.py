"""A page path as a story: what happens at which instant, one sentence a line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from oncall.answers.page_path import GIVE_UP, Incident, PagePath
from oncall.model import Inventory, PageStep
from oncall.model.escalation import PersonRef, Recipient, managers
from oncall.shifts.paging import Told
from oncall.shifts.timeline import Shift
from oncall.targets.checks import TITLES
from oncall.targets.paging import Page, PagedPerson

Kind = Literal["down", "quiet", "opened", "page", "nobody", "raised", "ticket", "acknowledged", "end"]

WHY = {"swap": "swapped with", "leave": "covers for", "holiday": "has the public holiday of", "override": "instead of"}
MISMATCHES = {
    "unknown-server": "the inventory has no such server, and nothing says whose it is",
    "unknown-team": "the inventory has no such server, and no such team pages anybody",
    "unknown-tier": "there is no such tier",
    "tier-not-in-use": "the team has no such tier in use: the next more severe one is taken",
    "team-differs-from-inventory": "the webhook names another team than the inventory, which wins",
    "tier-differs-from-inventory": "the webhook names another tier than the inventory, which wins",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What happens at an instant (UTC)."""

    at: datetime
    kind: Kind
    text: str


def story(inventory: Inventory, path: PagePath, acknowledged: timedelta | None = None) -> tuple[Line, ...]:
    """Return a page path as lines in order of time, until nothing more happens.

    `acknowledged` is how long after the alert somebody takes each incident that is there then; None: nobody ever does.
    """
    taken = path.at + acknowledged if acknowledged is not None else None
    lines = [Line(path.at, "down", f"AliveMCP reports {path.server} down")]
    if path.maintenance is not None:
        why = f" ({path.maintenance.why})" if path.maintenance.why else ""
        lines.append(Line(path.at, "quiet", f"in maintenance{why}: nobody is paged"))
        lines.append(Line(path.begins, "down", "the maintenance is over; if it is still down:"))
    if path.ticket:
        instead = " instead of a page" if path.incident is None else ""
        lines.append(Line(path.begins, "ticket", f"a Jira ticket is opened{instead}"))
    if path.digest is not None:
        lines.append(Line(path.begins, "ticket", f"it is in the team's summary of {path.digest}"))
    for incident in path.incidents:
        lines += _incident(inventory, path, incident, taken)
    if path.notice is not None:
        text = "still down after a day: one quiet notice, and nothing more"
        lines.append(Line(path.begins + GIVE_UP, "end", text))
    return tuple(sorted(lines, key=lambda line: line.at))


def _incident(inventory: Inventory, path: PagePath, incident: Incident, taken: datetime | None) -> Iterator[Line]:
    paged, raised = incident.paged, incident is path.raised
    vendor = TITLES[incident.leg.vendor]
    told = f"{vendor} is told, {paged.level}"
    yield Line(incident.at, "raised" if raised else "opened", f"still down: a second time {told}" if raised else told)
    vendor = f"{vendor} (raised)" if raised else vendor
    if paged.problem:
        yield Line(incident.at, "nobody", paged.problem)
        return
    if paged.held_until is not None and paged.pages[0].at > incident.at:
        yield Line(incident.at, "quiet", "held: nobody is told outside the tier's hours")
    answered = taken if taken is not None and taken >= incident.at else None
    for number, page in enumerate(paged.pages):
        if answered is not None and page.at >= answered:
            break
        if number and page.turn > paged.pages[number - 1].turn:
            times = f"{page.turn} of {paged.pages[-1].turn}"
            yield Line(page.at, "opened", f"nobody has answered: {vendor} starts over, {times}")
        yield from _page(inventory, incident.leg.team, vendor, page)
    if answered is not None:
        yield Line(answered, "acknowledged", f"somebody acknowledges it at {vendor}: it pages nobody any more")
        if path.ticket_after_ack is not None:
            yield Line(answered + path.ticket_after_ack, "ticket", "still down: a Jira ticket is opened")
    else:
        stays = "it stays with the last" if incident.leg.vendor == "pagerduty" else "it stays open"
        last = paged.pages[-1].at
        yield Line(last, "end", f"{vendor} pages nobody after this; {stays}")


def _page(inventory: Inventory, team: str, vendor: str, page: Page) -> Iterator[Line]:
    if page.passed_over:
        names = ", ".join(recipient_name(inventory, who) for who in page.passed_over)
        yield Line(page.at, "nobody", f"nobody is on call in {names}: {vendor} goes on at once")
    if not page.people:
        names = ", ".join(recipient_name(inventory, who) for who in page.recipients)
        yield Line(page.at, "nobody", f"nobody is on call in {names}: nobody is paged")
        return
    if page.again:
        yield Line(page.at, "opened", f"the hours begin: now {page.level}")
    told = "; ".join(person_told(inventory, team, each) for each in page.people)
    turns = "one of these, whose turn it is: " if page.one_of else ""
    yield Line(page.at, "page", f"{vendor} pages {turns}{told}")


def person_told(inventory: Inventory, team: str, paged: PagedPerson) -> str:
    """Return `Ana Petrova (ana) by push, call (platform/primary)`."""
    told = paged.told
    name = f"{inventory.people[told.person].name} ({told.person})"
    ways = ", ".join(way_text(way) for way in paged.ways) or "no way at all"
    return f"{name} by {ways} ({whence_text(inventory, team, told)})"


def whence_text(inventory: Inventory, team: str, told: Told) -> str:
    """Return how a step leads to somebody: `platform/primary, covers for bo`, `manager` or `named by the step`."""
    if told.schedule is None or told.shift is None:
        named = {name for step in inventory.teams[team].escalation for name in step.notify}
        boss = told.person in managers(inventory.teams[team]) and told.person not in named
        return "manager" if boss else "named by the step"
    why = why_text(inventory, told.shift)
    return f"{told.schedule}{f', {why}' if why else ''}"


def way_text(way: PageStep) -> str:
    """Return `push`, or `call after 5 min`."""
    return way.method if not way.after else f"{way.method} after {duration_text(way.after)}"


def why_text(inventory: Inventory, shift: Shift) -> str:
    """Return why somebody has a shift that isn't theirs by turn: `covers for bo: parental leave`; "" for a turn."""
    if shift.why == "turn":
        return ""
    text = f"{WHY[shift.why]} {shift.instead_of}" if shift.instead_of else shift.why
    match shift.place:
        case ("leave" | "swaps" | "overrides" as kind, int(number)):
            own = getattr(inventory, kind)[number].why
            return f"{text}: {own}" if own else text
    return text


def recipient_name(inventory: Inventory, who: Recipient) -> str:
    """Return `team/schedule`, or a person's name and key."""
    if isinstance(who, PersonRef):
        return f"{inventory.people[who.person].name} ({who.person})"
    return str(who)


def duration_text(span: timedelta) -> str:
    """Return `5 min`, `1 h 30 min`, `2 d` or `45 s`."""
    seconds = int(span.total_seconds())
    parts = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"
