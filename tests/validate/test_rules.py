"""Each rule finds its fault, in its place, and nothing else is said; a right inventory is silent."""

from collections.abc import Callable
from typing import Any

import pytest

from oncall.errors import Finding

Find = Callable[[dict[str, Any]], list[Finding]]
ROTATION = "teams/platform/schedules/primary/rotations/weekly"
WEEKLY = {"people": ["ana", "bo"], "turn": "1 week", "hand_off": "Mon 09:00", "since": "2026-10-05"}
JIRA = {"site": "acme.atlassian.net", "project": "OPS", "email": "bot@acme.example"}
NO_SEASON = {"rotations": {"weekly": {"people": ["nobody"], "turn": "1 day", "since": "2026-10-05"}}}

# rule, what is spoiled, where the finding stands
SPOILED: list[tuple[str, dict[str, Any], str]] = [
    (
        "unknown-person",
        {"teams/platform/members": ["ana", "bo", {"dee": "manager"}, "anna"]},
        "teams/platform/members/3",
    ),
    ("unknown-person", {f"{ROTATION}/people": ["ana", "bob"]}, f"{ROTATION}/people/1"),
    (
        "unknown-person",
        {f"{ROTATION}/before": {"people": ["boo"], "since": "2026-09-28"}},
        f"{ROTATION}/before/people/0",
    ),
    ("unknown-person", {"leave": [{"person": "al", "from": "2026-12-01", "to": "2026-12-02"}]}, "leave/0/person"),
    (
        "unknown-person",
        {"leave": [{"person": "ana", "from": "2026-12-01", "to": "2026-12-02", "cover": "x"}]},
        "leave/0/cover",
    ),
    (
        "unknown-person",
        {"overrides": [{"schedule": "edge/days", "person": "x", "from": "2026-12-01", "to": "2026-12-02"}]},
        "overrides/0/person",
    ),
    (
        "unknown-schedule",
        {"overrides": [{"schedule": "edge/day", "person": "cy", "from": "2026-12-01", "to": "2026-12-02"}]},
        "overrides/0/schedule",
    ),
    (
        "unknown-team",
        {"overrides": [{"schedule": "egde/days", "person": "cy", "from": "2026-12-01", "to": "2026-12-02"}]},
        "overrides/0/schedule",
    ),
    ("unknown-schedule", {"teams/platform/escalation/0/notify": "edge/day"}, "teams/platform/escalation/0/notify/0"),
    ("unknown-team", {"teams/platform/escalation/0/notify": "egde/days"}, "teams/platform/escalation/0/notify/0"),
    ("unknown-team", {"servers/maps-mcp/team": "egde"}, "servers/maps-mcp/team"),
    ("unknown-team", {"bridge/fallback": "platfrom"}, "bridge/fallback"),
    (
        "unknown-team",
        {"bridge/watch": {"name": "w", "ping_every": "5m", "alert_after": "12m", "team": "x"}},
        "bridge/watch/team",
    ),
    ("unknown-tier", {"servers/maps-mcp/tier": "autor"}, "servers/maps-mcp/tier"),
    (
        "unknown-server",
        {"maintenance": [{"servers": ["map-mcp"], "from": "2026-12-01", "to": "2026-12-02"}]},
        "maintenance/0/servers/0",
    ),
    ("unknown-recipient", {"teams/platform/escalation/0/notify": "primry"}, "teams/platform/escalation/0/notify/0"),
    (
        "ambiguous-recipient",
        {
            "teams/platform/schedules/ana": {"rotations": {"weekly": WEEKLY}},
            "teams/platform/escalation/0/notify": "ana",
        },
        "teams/platform/escalation/0/notify/0",
    ),
    ("unknown-holidays", {"people/ana/holidays": "DE-XX"}, "people/ana/holidays"),
    ("unknown-holidays", {"people/ana/holidays": "XX"}, "people/ana/holidays"),
    ("unknown-holidays", {"people/ana/holidays": "SE-AB"}, "people/ana/holidays"),
    ("reserved-person", {"people/nobody": {"name": "N", "email": "n@acme.example"}}, "people/nobody"),
    ("duplicate-email", {"people/bo/email": "Ana@acme.example"}, "people/bo/email"),
    ("duplicate-member", {"teams/edge/members": ["cy", "eli", "cy"]}, "teams/edge/members/2"),
    ("not-a-member", {f"{ROTATION}/people": ["ana", "cy"]}, f"{ROTATION}/people/1"),
    ("not-a-member", {"teams/edge/escalation/0/notify": ["ana"]}, "teams/edge/escalation/0/notify/0"),
    (
        "not-a-member",
        {"leave": [{"person": "ana", "from": "2026-12-01", "to": "2026-12-02", "cover": "eli"}]},
        "leave/0/cover",
    ),
    (
        "not-a-member",
        {"overrides": [{"schedule": "edge/days", "person": "bo", "from": "2026-12-01", "to": "2026-12-02"}]},
        "overrides/0/person",
    ),
    ("call-without-phone", {"people/ana/phone": None}, "people/ana"),
    (
        "overrides-overlap",
        {
            "overrides": [
                {"schedule": "edge/days", "person": "cy", "from": "2026-12-03", "to": "2026-12-05"},
                {"schedule": "edge/days", "person": "eli", "from": "2026-12-01", "to": "2026-12-03 01:00"},
            ]
        },
        "overrides/0/from",
    ),
    ("extra-without-service", {"servers/maps-mcp/pagerduty": {"auto_pause": "5m"}}, "servers/maps-mcp/pagerduty"),
    ("extra-unused", {"teams/edge/pagerduty": {"round_robin": True}}, "teams/edge/pagerduty"),
    ("extra-unused", {"teams/edge/opsgenie": {"reset_states": True}}, "teams/edge/opsgenie/reset_states"),
    ("extra-unused", {"tiers/thirdparty/opsgenie": {"tags": ["slow"]}}, "tiers/thirdparty/opsgenie"),
    (
        "extra-unused",
        {"groups/all": {"name": "All", "servers": ["maps-mcp"], "team": "platform", "opsgenie": {"tags": ["x"]}}},
        "groups/all/opsgenie",
    ),
    ("extra-unused", {"people/ana/opsgenie": {"role": "Admin"}}, "people/ana/opsgenie"),
    ("unknown-server", {"groups": {"g": {"name": "G", "servers": ["x"], "team": "edge"}}}, "groups/g/servers/0"),
    ("unknown-team", {"groups": {"g": {"name": "G", "servers": ["maps-mcp"], "team": "x"}}}, "groups/g/team"),
    ("unknown-team", {"teams/edge/parent": "core"}, "teams/edge/parent"),
    ("former-key", {"teams/edge/formerly": ["rim", "edge"]}, "teams/edge/formerly/1"),
    ("former-key", {"teams/edge/formerly": ["platform"]}, "teams/edge/formerly/0"),
    ("former-key", {"teams/edge/formerly": ["rim", "rim"]}, "teams/edge/formerly/1"),
    (
        "former-key",
        {"teams/edge/formerly": ["rim"], "teams/platform/formerly": ["rim"]},
        "teams/edge/formerly/0",
    ),
    (
        "former-key",
        {"teams/platform/schedules/primary/formerly": ["primary"]},
        "teams/platform/schedules/primary/formerly/0",
    ),
    ("parent-circle", {"teams/edge/parent": "edge"}, "teams/edge/parent"),
    ("parent-circle", {"teams/edge/parent": "platform", "teams/platform/parent": "edge"}, "teams/platform/parent"),
    ("phone-not-split", {"people/ana/phone": "+49 (0)30 5550101", "people/ana/manage": "rules"}, "people/ana/phone"),
    ("call-without-phone", {"people/ana/phone": None, "people/ana/manage": "rules"}, "people/ana"),
    ("never-told", {"manage": "rules", "people/ana/pages": {"critical": []}}, "people/ana"),
    ("empty-schedule", {"teams/edge/schedules/spare": {"rotations": {}}}, "teams/edge/schedules/spare"),
    ("empty-rotation", {f"{ROTATION}/before": {"people": [], "since": "2026-09-28"}}, f"{ROTATION}/before/people"),
    (
        "duplicate-rotation",
        {"teams/platform/schedules/primary/rotations/other": WEEKLY},
        "teams/platform/schedules/primary/rotations/other",
    ),
    ("hand-off-missing", {f"{ROTATION}/hand_off": "09:00"}, f"{ROTATION}/hand_off"),
    ("hand-off-missing", {f"{ROTATION}/hand_off": None}, ROTATION),
    ("hand-off-weekday", {f"{ROTATION}/turn": "1 day"}, f"{ROTATION}/hand_off"),
    (
        "month-turn-day",
        {f"{ROTATION}/turn": "1 month", f"{ROTATION}/hand_off": "09:00", f"{ROTATION}/since": "2026-08-31"},
        f"{ROTATION}/since",
    ),
    ("since-off-hand-off", {f"{ROTATION}/since": "2026-10-06"}, f"{ROTATION}/since"),
    ("since-off-hand-off", {f"{ROTATION}/since": "2026-10-05 10:00"}, f"{ROTATION}/since"),
    (
        "since-off-hand-off",
        {f"{ROTATION}/turn": "8 hours", f"{ROTATION}/hand_off": "09:00", f"{ROTATION}/since": "2026-10-05 02:00"},
        f"{ROTATION}/since",
    ),
    ("date-out-of-range", {"horizon": "2726-12-31"}, "horizon"),
    ("date-out-of-range", {"people/ana/until": "9999-12-31"}, "people/ana/until"),
    (
        "missing-time",
        {"overrides": [{"schedule": "edge/days", "person": "cy", "from": "2027-03-28 02:30", "to": "2027-03-29"}]},
        "overrides/0/from",
    ),
    (
        "ambiguous-time",
        {"maintenance": [{"servers": ["maps-mcp"], "from": "2026-10-24", "to": "2026-10-25 02:30"}]},
        "maintenance/0/to",
    ),
    ("missing-time", {f"{ROTATION}/until": "2028-03-26 02:00"}, f"{ROTATION}/until"),
    ("ends-before-start", {"leave": [{"person": "ana", "from": "2026-12-02", "to": "2026-12-01"}]}, "leave/0/to"),
    (
        "ends-before-start",
        {"maintenance": [{"servers": ["maps-mcp"], "from": "2026-12-01 10:00", "to": "2026-12-01 10:00"}]},
        "maintenance/0/to",
    ),
    ("since-order", {f"{ROTATION}/before": {"people": ["ana"], "since": "2026-10-05"}}, f"{ROTATION}/before/since"),
    (
        "until-before-since",
        {"teams/platform/schedules/spare/rotations/weekly": {**WEEKLY, "until": "2026-10-04"}},
        "teams/platform/schedules/spare/rotations/weekly/until",
    ),
    ("horizon-near", {"horizon": "2027-01-20"}, "horizon"),
    (
        "long-maintenance",
        {"maintenance": [{"servers": ["maps-mcp"], "from": "2026-12-01", "to": "2026-12-08"}]},
        "maintenance/0",
    ),
    ("target-unavailable", {"teams/edge/pages_through": ["opsgenie", "jsm"]}, "teams/edge/pages_through/1"),
    (
        "empty-step",
        {"teams/platform/schedules/off": NO_SEASON, "teams/platform/escalation/1/notify": ["off", "dee"]},
        "teams/platform/escalation/1/notify/0",
    ),
    (
        "empty-policy",
        {
            "bridge/watch": {"name": "w", "ping_every": "5m", "alert_after": "12m", "team": "edge"},
            "servers/maps-mcp/team": "platform",
            "teams/edge/escalation": [],
            "tiers/internal/manager_after": None,
        },
        "teams/edge/escalation",
    ),
    ("manager-missing", {"teams/platform/members": ["ana", "bo", "dee"]}, "teams/platform/members"),
    ("repeat-too-early", {"teams/platform/repeat": {"times": 1, "after": "5m"}}, "teams/platform/repeat/after"),
    ("repeat-too-early", {"teams/platform/repeat": {"times": 1, "after": "10m"}}, "teams/platform/repeat/after"),
    ("hold-without-page", {"tiers/thirdparty/ticket": "jira", "bridge/jira": JIRA}, "tiers/thirdparty/hold_outside"),
    ("hold-too-severe", {"tiers/author/hold_outside": "09:00-17:00"}, "tiers/author/hold_outside"),
    ("raise-incomplete", {"tiers/thirdparty/raise_after": None}, "tiers/thirdparty/raise_to"),
    ("raise-incomplete", {"tiers/author/raise_after": "5m"}, "tiers/author/raise_after"),
    ("raise-not-higher", {"tiers/thirdparty/raise_to": "medium"}, "tiers/thirdparty/raise_to"),
    (
        "raise-without-tier",
        {"tiers/thirdparty/raise_to": "high", "tiers/author/severity": "low"},
        "tiers/thirdparty/raise_to",
    ),
    (
        "raise-cannot-page",
        {"tiers/thirdparty/raise_to": "high", "tiers/author/ticket": "jira", "bridge/jira": JIRA},
        "tiers/thirdparty/raise_to",
    ),
    ("ticket-without-jira", {"tiers/author/ticket_after_ack": "15m"}, "tiers/author/ticket_after_ack"),
    (
        "hold-calls",
        {"manage": "rules", "pages/medium": ["email", "sms"], "servers/weather-mcp/tier": "thirdparty"},
        "pages/medium/1",
    ),
    ("hold-calls", {"manage": "rules", "people/bo/pages": {"medium": ["call"]}}, "people/bo/pages/medium/0"),
    (
        "server-without-route",
        {"servers/maps-mcp/tier": "rest", "tiers/rest": {"severity": "low"}, "teams/edge/escalation": []},
        "servers/maps-mcp",
    ),
    (
        "heartbeat-too-eager",
        {"servers/maps-mcp/heartbeat": {"ping_every": "5m", "alert_after": "5m"}},
        "servers/maps-mcp/heartbeat/alert_after",
    ),
    (
        "heartbeat-too-eager",
        {"bridge/watch": {"name": "w", "ping_every": "5m", "alert_after": "4m", "team": "platform"}},
        "bridge/watch/alert_after",
    ),
    ("duplicate-team-name", {"teams/edge/name": "platform"}, "teams/edge/name"),
    (
        "duplicate-schedule-name",
        {"teams/edge/schedules/days/name": "On call", "teams/platform/schedules/primary/name": "On Call"},
        "teams/edge/schedules/days/name",
    ),
    ("duplicate-server-name", {"servers/maps-mcp/name": "weather"}, "servers/maps-mcp/name"),
    ("on-call-after-leaving", {"people/ana/until": "2026-12-31"}, f"{ROTATION}/people/0"),
    (
        "on-call-after-leaving",
        {"people/dee/until": "2026-12-31", "teams/platform/escalation": [{"notify": "primary"}]},
        "teams/platform/members/2",
    ),
    (
        "on-call-after-leaving",
        {
            "people/eli/until": "2026-12-31",
            "teams/edge/members": ["cy", "eli", "bo"],
            "teams/edge/schedules/days/rotations/daily/people": ["bo", "cy"],
            "teams/edge/escalation/0/notify": ["days", "eli"],
        },
        "teams/edge/escalation/0/notify/1",
    ),
    (
        "raise-gap",
        {
            "servers/maps-mcp/tier": "thirdparty",
            "tiers/internal": {"severity": "critical"},
            "teams/edge/schedules/days/rotations/daily/only": "09:00-17:00",
        },
        "teams/edge/escalation",
    ),
    ("coverage-gap", {"teams/edge/schedules/days/rotations/daily/only": "09:00-17:00"}, "teams/edge/escalation"),
    ("coverage-gap", {f"{ROTATION}/only": "09:00-17:00"}, "teams/platform/schedules/primary"),
    ("single-person", {f"{ROTATION}/people": ["ana"]}, f"{ROTATION}/people"),
    ("single-person", {f"{ROTATION}/people": ["ana", "ana"]}, f"{ROTATION}/people"),
    (
        "schedule-ends",
        {f"{ROTATION}/until": "2027-11-14", "teams/platform/accept": [{"rule": "coverage-gap", "why": "y"}]},
        f"{ROTATION}/until",
    ),
    ("never-woken", {"people/ana/pages": {"critical": ["email"]}}, "people/ana"),
    ("never-woken", {"people/ana/phone": None, "people/ana/pages": {"critical": ["push"]}}, "people/ana"),
    (
        "required-unused",
        {"teams/edge/coverage/required": {"internal": "always"}},
        "teams/edge/coverage/required/internal",
    ),
    ("accept-unused", {"accept": [{"rule": "coverage-gap", "why": "y"}]}, "accept/0"),
    (
        "accept-scope",
        {"accept": [{"rule": "opsgenie-turn", "why": "y", "schedule": "primary"}]},
        "accept/0/schedule",
    ),
]


def places(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.rule, "/".join(map(str, finding.path))) for finding in findings]


def test_a_right_inventory_is_silent(findings_with: Find) -> None:
    assert findings_with({}) == []


@pytest.mark.parametrize(("rule", "edits", "path"), SPOILED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_rule_finds_its_fault_and_no_other_speaks(
    findings_with: Find, rule: str, edits: dict[str, Any], path: str
) -> None:
    assert places(findings_with(edits)) == [(rule, path)]
