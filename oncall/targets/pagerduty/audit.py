"""What of an inventory PagerDuty refuses or means differently (vendors.md, sections 1 and 2)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from oncall.errors import Finding, Path
from oncall.model import NOBODY, Inventory
from oncall.model.escalation import ScheduleRef, policy, tiers_in_use
from oncall.targets.checks import (
    RunningLineup,
    broken_minutes,
    empty_policies,
    monthly_turns,
    running_lineups,
    schedules_elsewhere,
    shared_rules,
)
from oncall.targets.common import has_left, teams_at
from oncall.targets.hours import hours_of
from oncall.targets.maintenance import window_findings
from oncall.targets.pagerduty.audit_names import NAME_RULES, name_findings
from oncall.targets.pagerduty.audit_pages import PAGES_RULES, pages_findings
from oncall.targets.pagerduty.audit_shifts import SHIFT_RULES, shift_findings
from oncall.targets.pagerduty.kinds import STAKEHOLDER_ROLES
from oncall.targets.pagerduty.layers import DAY_SECONDS, TURN_SECONDS
from oncall.targets.pagerduty.maintenance import carried_services
from oncall.targets.pagerduty.policies import told
from oncall.targets.pagerduty.schedules import model_of, vendor_schedules
from oncall.targets.pagerduty.services import URGENCY, support_hours
from oncall.targets.vendor_schedules import Schedules, VendorSchedule

# https://developer.pagerduty.com/api-reference/ - EscalationRule.targets, maxItems
MAX_TARGETS = 10
# The provider's bound on rotation_turn_length_seconds (terraform-provider-pagerduty, resource_pagerduty_schedule.go)
MAX_TURN_SECONDS = 365 * DAY_SECONDS

RULES: Mapping[str, str] = {
    **shared_rules("pagerduty"),
    **NAME_RULES,
    **PAGES_RULES,
    "pagerduty-too-many-targets": "No more than 10 schedules and people are told at one moment.",
    "low-urgency-never-escalates": "A medium or low tier that isn't held has one step: low urgency doesn't escalate.",
    "pagerduty-first-step-at-once": "The first step is at the moment the alert begins.",
    "pagerduty-last-wins-zones": "A schedule in which the later rotation wins has one zone.",
    "pagerduty-nobody-slot": "No turn is left empty on purpose.",
    "pagerduty-turn-length": "Turns are 365 days at most.",
    "pagerduty-hour-turn-by-clock": "Turns of several days are told in days where the clocks change.",
    "pagerduty-window-partial": "A vendor's window covers all servers of a service.",
    "pagerduty-stakeholder": "Nobody who belongs to a team is a stakeholder.",
    "pagerduty-parent-elsewhere": "A team is a part of one that is at PagerDuty too.",
    **SHIFT_RULES,
    "pagerduty-hold-hours": "Pages are held outside the same hours of some days, ending before midnight.",
}


def audit(inventory: Inventory, now: datetime) -> list[Finding]:
    """Return what PagerDuty refuses (errors) and what it means differently (Reasons); see `Target`."""
    keys = teams_at(inventory, "pagerduty")
    used = tiers_in_use(inventory)
    tiers = {key: used[key] for key in keys}
    vendor = vendor_schedules(inventory, keys, now)
    return [
        *name_findings(inventory, tiers, vendor),
        *schedules_elsewhere(inventory, "pagerduty", keys),
        *broken_minutes(inventory, "pagerduty", tiers),
        *(finding for key in keys for finding in _escalations(inventory, key, tiers[key], vendor)),
        *(finding for ref, parts in vendor.items() for finding in _schedule(inventory, ref, parts, now)),
        *_holds(inventory, tiers),
        *_parents(inventory, keys),
        *_stakeholders(inventory, keys, now),
        *window_findings(inventory, "pagerduty", carried_services(inventory, tiers), now),
        *pages_findings(inventory, tiers, now),
    ]


def _escalations(inventory: Inventory, key: str, tiers: Sequence[str], vendor: Schedules) -> Iterator[Finding]:
    path: Path = ("teams", key, "escalation")
    missing: list[str] = []
    late: timedelta | None = None
    for tier_key in tiers:
        tier, wanted = inventory.tiers[tier_key], policy(inventory, key, tier_key)
        found = told(wanted, vendor)
        if not found:
            missing.append(tier_key)
            continue
        late = late or wanted.levels[0].after
        most = max(len(targets) for _, targets in found)
        if most > MAX_TARGETS:
            message = f"tier {tier_key} tells {most} schedules and people at one moment; PagerDuty takes {MAX_TARGETS}"
            yield Finding("pagerduty-too-many-targets", message, path)
        # With a ticket instead of a page nothing is sent to this service at all.
        quiet = URGENCY[tier.severity] == "low" and tier.hold_outside is None and tier.ticket != "instead"
        if quiet and len(found) > 1:
            yield Finding(
                "low-urgency-never-escalates",
                f"tier {tier_key} ({tier.severity}) is low urgency at PagerDuty: only the first step of team {key} "
                "is ever told",
                path,
                "reason",
                "with hold_outside it escalates in those hours",
            )
    if late:
        yield Finding(
            "pagerduty-first-step-at-once",
            f"PagerDuty tells the first step of team {key} at once, not after {late.total_seconds() / 60:g} min",
            path,
            "reason",
        )
    yield from empty_policies(inventory, "pagerduty", key, missing)


def _schedule(
    inventory: Inventory, ref: ScheduleRef, parts: Sequence[VendorSchedule], now: datetime
) -> Iterator[Finding]:
    team = inventory.teams[ref.team]
    schedule = team.schedules[ref.schedule]
    lineups = list(running_lineups(inventory, ref, now))
    if model_of(inventory, ref.team) == "shifts":
        yield from shift_findings(inventory, ref, parts, lineups, now)
        return
    yield from monthly_turns("pagerduty", lineups)
    zones = sorted({lineup.span.zone for lineup in lineups})
    if schedule.overlap == "last_wins" and len(zones) > 1:
        path: Path = ("teams", ref.team, "schedules", ref.schedule, "overlap")
        message = (
            f"the later rotation can win only within one zone at PagerDuty, and this schedule has {', '.join(zones)}"
        )
        yield Finding("pagerduty-last-wins-zones", message, path)
    for lineup in lineups:
        if NOBODY in lineup.span.people:
            yield Finding(
                "pagerduty-nobody-slot",
                "PagerDuty has no empty turns; the next person would take this one",
                (*lineup.path, "people", lineup.span.people.index(NOBODY)),
                "reason",
            )
        yield from _turn(lineup, now)


def _turn(lineup: RunningLineup, now: datetime) -> Iterator[Finding]:
    turn, zone = lineup.span.turn, lineup.span.zone
    if TURN_SECONDS[turn.unit] * turn.count > MAX_TURN_SECONDS:
        message = f"PagerDuty's turns are 365 days at most; this one is {turn.count} {turn.unit}s"
        yield Finding("pagerduty-turn-length", message, lineup.place_of("turn"))
    elif turn.unit == "hour" and turn.count > 24 and turn.count % 24 == 0 and _clocks_change(zone, now):
        yield Finding(
            "pagerduty-hour-turn-by-clock",
            f"{turn.count} hours of elapsed time are {turn.count // 24} days to PagerDuty, which keep the clock time "
            f"when the clocks of {zone} change",
            lineup.place_of("turn"),
            "reason",
            f"`{turn.count // 24} days` means the same at both",
        )


def _clocks_change(zone: str, now: datetime) -> bool:
    """Whether the zone's offset differs between any two weeks of the coming year."""
    place = ZoneInfo(zone)
    return len({(now + timedelta(weeks=week)).astimezone(place).utcoffset() for week in range(53)}) > 1


def _parents(inventory: Inventory, keys: Sequence[str]) -> Iterator[Finding]:
    for key in keys:
        parent = inventory.teams[key].parent
        if parent is not None and parent not in keys:
            message = f"team {parent} is not at PagerDuty: {key} would be a part of no team there"
            yield Finding("pagerduty-parent-elsewhere", message, ("teams", key, "parent"), "reason")


def _holds(inventory: Inventory, tiers: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    for key in sorted({tier for used in tiers.values() for tier in used}):
        windows = inventory.tiers[key].hold_outside
        if windows is not None and hours_of(windows) is not None and support_hours(windows) is None:
            yield Finding(
                "pagerduty-hold-hours",
                f"PagerDuty holds pages outside the same hours of some days, ending before midnight; tier {key} has "
                "other hours, so its pages would not be held",
                ("tiers", key, "hold_outside"),
                "reason",
            )


def _stakeholders(inventory: Inventory, keys: Sequence[str], now: datetime) -> Iterator[Finding]:
    """Give those who are on call with a role that we would give them and that PagerDuty keeps off call."""
    members = {member.person for key in keys for member in inventory.teams[key].members}
    for key in sorted(members & inventory.people.keys()):
        person = inventory.people[key]
        role = person.pagerduty.role if person.pagerduty is not None else None
        if role in STAKEHOLDER_ROLES and inventory.manage_of(person) == "all" and not has_left(inventory, key, now):
            message = f"`{key}` belongs to a team, and PagerDuty takes nobody with the role {role} into one"
            path: Path = ("people", key, "pagerduty", "role")
            yield Finding("pagerduty-stakeholder", message, path, hint="say `limited_user`")
