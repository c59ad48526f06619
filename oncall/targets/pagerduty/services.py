"""PagerDuty services and their Events API v2 integrations: one per team x tier, and one per server that asks for it."""

from collections.abc import Iterable, Mapping, Sequence

from oncall.model import Inventory, Severity, Tier, Window
from oncall.model.extras import AlertGrouping, PagerDutyService
from oncall.model.words import DAY_MINUTES
from oncall.resource import Ref, Resource, Value
from oncall.targets.common import MANAGED
from oncall.targets.hours import hours_of
from oncall.targets.pagerduty.kinds import INTEGRATION, POLICY, SERVICE
from oncall.targets.pagerduty.names import INTEGRATION_NAME, tier_name

URGENCY: Mapping[Severity, str] = {"critical": "high", "high": "high", "medium": "low", "low": "low"}
NEVER = "null"  # the provider's word for a timeout that is switched off


def services(inventory: Inventory, tiers: Mapping[str, Sequence[str]], policies: Iterable[str]) -> list[Resource]:
    """Return the services whose policy exists (`policies` has their keys)."""
    known = frozenset(policies)
    found = [
        _service(inventory, f"{team}/{tier}", tier_name(inventory, team, tier), team, tier)
        for team, used in tiers.items()
        for tier in used
        if f"{team}/{tier}" in known
    ]
    found += [
        _service(inventory, f"server/{slug}", server.name, server.team, server.tier, server.pagerduty)
        for slug, server in inventory.servers.items()
        if server.own_service and f"{server.team}/{server.tier}" in known
    ]
    return sorted(found, key=lambda resource: resource.key)


def integrations(made: Iterable[Resource]) -> list[Resource]:
    """Return the integration of each service; its key is the id under which the bridge knows the routing key."""
    return [
        Resource(
            INTEGRATION,
            f"pagerduty/{service.key}",
            {
                "name": INTEGRATION_NAME,
                "type": "events_api_v2_inbound_integration",
                "service": Ref(SERVICE, service.key),
            },
            service.team,
        )
        for service in made
    ]


def _service(
    inventory: Inventory, key: str, name: str, team: str, tier_key: str, own: PagerDutyService | None = None
) -> Resource:
    properties: dict[str, Value] = {
        "name": name,
        "description": MANAGED,
        "escalation_policy": Ref(POLICY, f"{team}/{tier_key}"),
        "alert_creation": "create_alerts_and_incidents",
        # An outage lasts until its recovery is told (vendors.md, section 1), not until a timeout.
        "auto_resolve_timeout": NEVER,
        "acknowledgement_timeout": NEVER,
    }
    for words in (inventory.teams[team].pagerduty, own):
        properties.update(_extras(words))
    properties.update(_urgency(inventory.tiers[tier_key], inventory.team_zone(inventory.teams[team])))
    return Resource(SERVICE, key, properties, team)


def _extras(words: PagerDutyService | None) -> dict[str, Value]:
    """Return the settings that only PagerDuty has, of those given."""
    found: dict[str, Value] = {}
    if words is None:
        return found
    if words.acknowledgement_timeout is not None:
        found["acknowledgement_timeout"] = str(int(words.acknowledgement_timeout.total_seconds()))
    if words.auto_pause is not None:
        timeout = int(words.auto_pause.total_seconds())
        pause: Value = {"enabled": True, "timeout": timeout} if timeout else {"enabled": False}
        found["auto_pause_notifications_parameters"] = pause
    if words.alert_grouping is not None:
        found["alert_grouping_parameters"] = _grouping(words.alert_grouping)
    return found


def _grouping(words: AlertGrouping) -> Value:
    config: dict[str, Value] = {}
    if words.window is not None and words.type == "time":
        config["timeout"] = int(words.window.total_seconds()) // 60  # minutes, for this type only
    elif words.window is not None:
        config["time_window"] = int(words.window.total_seconds())
    if words.type == "content_based":
        config |= {"fields": words.fields, "aggregate": words.aggregate}
    return {"type": words.type, **({"config": config} if config else {})}


def _urgency(tier: Tier, zone: str) -> dict[str, Value]:
    if tier.hold_outside is None:
        return {"incident_urgency_rule": _constant(URGENCY[tier.severity])}
    hours = support_hours(tier.hold_outside)
    if hours is None:
        # The Reason `pagerduty-hold-hours`: rather page at once than leave a server down for a weekend.
        return {"incident_urgency_rule": _constant("high")}
    return {
        "incident_urgency_rule": {
            "type": "use_support_hours",
            "during_support_hours": _constant("high"),
            "outside_support_hours": _constant("low"),
        },
        "support_hours": {"type": "fixed_time_per_day", "time_zone": zone, **hours},
        # What came in at night is raised when the hours begin.
        "scheduled_actions": (
            {
                "type": "urgency_change",
                "to_urgency": "high",
                "ats": ({"type": "named_time", "name": "support_hours_start"},),
            },
        ),
    }


def _constant(urgency: str) -> dict[str, Value]:
    return {"type": "constant", "urgency": urgency}


def support_hours(windows: tuple[Window, ...]) -> dict[str, Value] | None:
    """Return windows as PagerDuty's support hours: the same hours on some days; None where they are something else.

    Hours that reach midnight are something else too: `fixed_time_per_day` has an end within the day.
    """
    hours = hours_of(windows)
    if hours is None:
        return None
    spans = hours.weekly()
    clocks = {(span.start % DAY_MINUTES, span.start % DAY_MINUTES + span.minutes) for span in spans}
    if len(clocks) != 1:
        return None
    ((start, end),) = clocks
    if end >= DAY_MINUTES:
        return None
    return {
        "start_time": _clock(start),
        "end_time": _clock(end),
        "days_of_weeks": tuple(sorted(span.start // DAY_MINUTES + 1 for span in spans)),  # 1 is Monday
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}:00"
