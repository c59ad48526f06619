"""What of an inventory OpsGenie refuses or means differently (vendors.md, sections 1 and 2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from oncall.errors import Finding, Path
from oncall.model import Inventory
from oncall.model.escalation import PersonRef, ScheduleRef, policy, tiers_in_use
from oncall.shifts.clock import next_change
from oncall.shifts.coverage import ever_overlap
from oncall.shifts.timeline import keeps_wall_clock
from oncall.targets.checks import (
    RunningLineup,
    broken_minutes,
    empty_policies,
    monthly_turns,
    running_lineups,
    schedules_elsewhere,
    shared_rules,
)
from oncall.targets.common import MINUTE, teams_at
from oncall.targets.hours import hours_of
from oncall.targets.maintenance import window_findings
from oncall.targets.opsgenie.audit_names import name_findings
from oncall.targets.opsgenie.holds import zone_difference
from oncall.targets.opsgenie.kinds import PRIORITY
from oncall.targets.opsgenie.maintenance import carried_integrations
from oncall.targets.opsgenie.schedules import vendor_schedules
from oncall.targets.telling import MUST_REACH, heard, managed, members, telling_findings, telling_rules
from oncall.targets.vendor_schedules import Schedules, running_rotations

# opsgenie-oas, CreateScheduleRotationPayload: other minutes are rounded to the nearest of these
HAND_OFF_MINUTES = frozenset({0, 30})
DAY_HOURS = 24
_A_YEAR = timedelta(weeks=53)
# opsgenie-oas, WeekdayTimeRestrictionInterval.restrictions, maxItems
MAX_RESTRICTIONS = 15

RULES: Mapping[str, str] = {
    **shared_rules("opsgenie"),
    **telling_rules("opsgenie"),
    "opsgenie-tiers-of-one-severity": "The tiers a team has in use differ in severity: priority tells them apart.",
    "opsgenie-hold-zone": "Teams that hold pages are in a zone that changes its clocks with the organisation's.",
    "opsgenie-hand-off-minutes": "Line-ups begin and end at minute 0 or 30.",
    "opsgenie-hour-turn-by-clock": "Turns of parts of a day are in a zone that keeps its clocks.",
    "opsgenie-too-many-hours": "A rotation has 15 stretches of hours a week at most.",
    "opsgenie-last-wins": "Rotations of which the later wins never overlap.",
    "opsgenie-schedule-like-team": "No schedule is called like a team, or like the one a new team brings.",
    "opsgenie-window-partial": "A vendor's window covers all servers of a team's integration.",
    "opsgenie-suppressed": "Teams with critical or high tiers in use don't suppress their notifications.",
    "opsgenie-team-tags": "Teams have no tags, which OpsGenie doesn't have.",
    "opsgenie-group-team": "A group with servers at OpsGenie belongs to a team there.",
    "opsgenie-parent-team": "No team is a part of another, which OpsGenie doesn't have.",
    "opsgenie-heartbeat-seconds": "Heartbeats are whole minutes.",
    "opsgenie-own-service": "Servers of teams at OpsGenie alone have no service of their own.",
}


def audit(inventory: Inventory, now: datetime) -> list[Finding]:
    """Return what OpsGenie refuses (errors) and what it means differently (Reasons); see `Target`."""
    keys = teams_at(inventory, "opsgenie")
    used = tiers_in_use(inventory)
    tiers = {key: used[key] for key in keys}
    vendor = vendor_schedules(inventory, keys, now)
    return [
        *name_findings(inventory, tiers, vendor),
        *schedules_elsewhere(inventory, "opsgenie", keys),
        *broken_minutes(inventory, "opsgenie", tiers),
        *_tiers(inventory, tiers),
        *(
            finding
            for key in keys
            for finding in empty_policies(inventory, "opsgenie", key, _silent(inventory, key, tiers[key], vendor))
        ),
        *(finding for ref in vendor for finding in _schedule(inventory, ref, now)),
        *_heartbeats(inventory, keys),
        *_own_services(inventory, keys),
        *_parents(inventory, keys),
        *_tags_and_groups(inventory, keys),
        *_suppressed(inventory, tiers),
        *window_findings(inventory, "opsgenie", carried_integrations(inventory, keys), now),
        *_telling(inventory, tiers, now),
    ]


def _tiers(inventory: Inventory, tiers: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    for key, used in tiers.items():
        by_priority: dict[str, str] = {}
        for tier in used:
            priority = PRIORITY[inventory.tiers[tier].severity]
            first = by_priority.setdefault(priority, tier)
            if first != tier:
                yield Finding(
                    "opsgenie-tiers-of-one-severity",
                    f"team {key} has the tiers {first} and {tier} in use, both {priority} at OpsGenie, which can't "
                    f"tell them apart: alerts of {tier} would page as {first}",
                    ("teams", key),
                    "reason",
                )
            zone = inventory.team_zone(inventory.teams[key])
            if inventory.tiers[tier].hold_outside is not None and not zone_difference(zone, inventory.time_zone)[1]:
                yield Finding(
                    "opsgenie-hold-zone",
                    f"OpsGenie holds tier {tier} by the account's clock, {inventory.time_zone}: hours of team {key} "
                    f"({zone}) are shifted, and an hour off while only one of the two has changed its clocks",
                    ("teams", key),
                    "reason",
                )


def _telling(inventory: Inventory, tiers: Mapping[str, Sequence[str]], now: datetime) -> Iterator[Finding]:
    if inventory.manage == "none" and all(person.manage in (None, "none") for person in inventory.people.values()):
        return
    hears = heard(inventory, tiers, now)
    ours = managed(inventory, {*members(inventory, tiers), *hears}, now)
    yield from telling_findings(inventory, "opsgenie", ours, hears)


def _silent(inventory: Inventory, key: str, tiers: Sequence[str], vendor: Schedules) -> list[str]:
    """Return the tiers of a team whose escalation has no recipient."""
    return [
        tier
        for tier in tiers
        if not any(
            isinstance(who, PersonRef) or vendor.get(who)
            for level in policy(inventory, key, tier).levels
            for who in level.recipients
        )
    ]


def _schedule(inventory: Inventory, ref: ScheduleRef, now: datetime) -> Iterator[Finding]:
    path: Path = ("teams", ref.team, "schedules", ref.schedule)
    lineups = list(running_lineups(inventory, ref, now))
    yield from monthly_turns("opsgenie", lineups)
    yield from _hand_offs(lineups)
    yield from _hour_turns(lineups, now)
    rotations = running_rotations(inventory, ref, now)
    for rotation in rotations:
        hours = hours_of(rotation.rotation.only)
        if hours is not None and len(hours.weekly()) > MAX_RESTRICTIONS:
            message = f"{len(hours.weekly())} stretches of hours a week; OpsGenie takes {MAX_RESTRICTIONS} a rotation"
            yield Finding("opsgenie-too-many-hours", message, (*path, "rotations", rotation.key, "only"))
    if inventory.teams[ref.team].schedules[ref.schedule].overlap == "last_wins" and any(
        ever_overlap(inventory, ref.team, ref.schedule, one.key, other.key) for one, other in combinations(rotations, 2)
    ):
        message = "OpsGenie's rotations add up: where these overlap, everybody would be paged, not only the later one's"
        yield Finding("opsgenie-last-wins", message, (*path, "overlap"), "reason")


def _hand_offs(lineups: Iterable[RunningLineup]) -> Iterator[Finding]:
    places: dict[Path, datetime] = {}
    for one in lineups:
        if one.span.first.minute not in HAND_OFF_MINUTES:
            places[_hand_off_place(one)] = one.span.first
        if one.span.start != one.span.first and one.span.start.minute not in HAND_OFF_MINUTES:
            places[*one.path, "takes_over"] = one.span.start
        # The end of a line-up is the start of the next one, which was looked at, or the rotation's end.
        end, until = one.span.end, one.rotation.until
        if end is not None and until is not None and one.lineup is one.rotation and end.minute not in HAND_OFF_MINUTES:
            places[*one.rotation_path, "until"] = end
    for path, instant in places.items():
        message = f"OpsGenie rounds to minute 0 or 30; {instant:%H:%M} UTC would move"
        yield Finding("opsgenie-hand-off-minutes", message, path)


def _hour_turns(lineups: Iterable[RunningLineup], now: datetime) -> Iterator[Finding]:
    """Find turns that keep clock time here, and are elapsed time from their first hand-off on there."""
    for one in lineups:
        span = one.span
        if span.turn.unit != "hour" or span.turn.count >= DAY_HOURS or not keeps_wall_clock(span.turn):
            continue
        place, at = ZoneInfo(span.zone), max(now, span.first)
        end = min(span.end or now + _A_YEAR, now + _A_YEAR)
        wandered = span.first.astimezone(place).utcoffset() != at.astimezone(place).utcoffset()
        if wandered or next_change(span.zone, at, end) is not None:
            yield Finding(
                "opsgenie-hour-turn-by-clock",
                f"turns of {span.turn.count} hours keep clock times here; OpsGenie counts elapsed hours, "
                f"an hour off where the clocks of {span.zone} change",
                one.place_of("turn"),
                "reason",
                "turns of days, in rotations with hours of their own (`only`), keep them",
            )


def _hand_off_place(one: RunningLineup) -> Path:
    if isinstance(one.lineup.since, datetime) or one.span.hand_off is None:
        return (*one.path, "since")
    return one.place_of("hand_off")


def _parents(inventory: Inventory, keys: Iterable[str]) -> Iterator[Finding]:
    for key in keys:
        parent = inventory.teams[key].parent
        if parent is not None:
            message = f"teams at OpsGenie are not parts of others: {key} and {parent} would stand side by side"
            yield Finding("opsgenie-parent-team", message, ("teams", key, "parent"), "reason")


def _suppressed(inventory: Inventory, tiers: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    for key, used in tiers.items():
        team = inventory.teams[key]
        if team.opsgenie is None or not team.opsgenie.suppress_notifications or team.pages_through[0] != "opsgenie":
            continue
        loud = [tier for tier in used if inventory.tiers[tier].severity in MUST_REACH]
        if loud:
            message = f"alerts of tier {loud[0]} must reach somebody, and team {key} would be told of none"
            yield Finding("opsgenie-suppressed", message, ("teams", key, "opsgenie", "suppress_notifications"))


def _tags_and_groups(inventory: Inventory, keys: Sequence[str]) -> Iterator[Finding]:
    for key in keys:
        if inventory.teams[key].tags:
            message = f"teams at OpsGenie have no tags: those of {key} would not be there"
            yield Finding("opsgenie-team-tags", message, ("teams", key, "tags"), "reason")
    for key, group in inventory.groups.items():
        here = [slug for slug in group.servers if inventory.servers[slug].team in keys]
        if here and group.team not in keys:
            message = (
                f"a service at OpsGenie belongs to a team there, and {group.team} is none: {key} would not be there"
            )
            yield Finding("opsgenie-group-team", message, ("groups", key, "team"), "reason")


def _own_services(inventory: Inventory, keys: Iterable[str]) -> Iterator[Finding]:
    alone = {key for key in keys if inventory.teams[key].pages_through == ("opsgenie",)}
    for slug, server in inventory.servers.items():
        if server.own_service and server.team in alone:
            message = "OpsGenie has no services that page: its alerts go the way of the team's others"
            yield Finding("opsgenie-own-service", message, ("servers", slug, "own_service"), "reason")


def _heartbeats(inventory: Inventory, keys: Iterable[str]) -> Iterator[Finding]:
    known = frozenset(keys)
    spans: dict[Path, timedelta] = {
        ("servers", slug, "heartbeat", "alert_after"): server.heartbeat.alert_after
        for slug, server in inventory.servers.items()
        if server.heartbeat is not None and server.team in known
    }
    watch = inventory.bridge.watch
    if watch is not None and watch.team in known:
        spans["bridge", "watch", "alert_after"] = watch.alert_after
    for path, after in spans.items():
        if after % MINUTE:
            message = f"OpsGenie counts whole minutes: {after.total_seconds():.0f} s become {-(-after // MINUTE)} min"
            yield Finding("opsgenie-heartbeat-seconds", message, path, "reason")
