"""What a PagerDuty account holds."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.pagerduty.render import Layer


@dataclass
class ContactMethod:
    """One way to reach a user; `kind` is PagerDuty's type without `_contact_method`."""

    id: str
    kind: str
    address: str
    label: str
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class NotificationRule:
    """Tell the user by one contact method so many minutes after an assignment of that urgency."""

    id: str
    urgency: str
    delay_minutes: int
    contact_method: str
    created_at: datetime


@dataclass
class HandoffRule:
    """Tell the user by one contact method so many minutes before their turn begins, ends, or both."""

    id: str
    kind: str
    advance_minutes: int
    contact_method: str


@dataclass
class User:
    """A person in the account."""

    id: str
    name: str
    email: str
    role: str = "user"
    time_zone: str = "UTC"
    description: str | None = None
    job_title: str | None = None
    color: str = "green"
    license: str | None = None
    invitation_sent: bool = False
    contact_methods: dict[str, ContactMethod] = field(default_factory=dict)
    rules: dict[str, NotificationRule] = field(default_factory=dict)
    handoffs: dict[str, HandoffRule] = field(default_factory=dict)
    created_at: datetime | None = None


@dataclass(frozen=True)
class Offboarded:
    """Somebody who was deleted while on schedules or policies, on which they stay as a stub."""

    id: str
    name: str
    at: datetime


@dataclass
class Team:
    """A team; `members` maps user ids to their roles in it."""

    id: str
    name: str
    description: str | None = None
    parent: str | None = None
    default_role: str = "manager"
    members: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Version:
    """The layers of a schedule, in the order submitted, as they were from an instant on."""

    since: datetime
    layers: tuple[Layer, ...]
    time_zone: str


@dataclass(frozen=True)
class Holder:
    """Who holds a schedule (None: nobody) from `since` to before `known_until`.

    `until` is the end of the shift, None where nobody has it or it lies further off than was looked.
    """

    since: datetime
    known_until: datetime
    user: str | None
    until: datetime | None


@dataclass
class Override:
    """One user in place of whoever the layers name."""

    id: str
    start: datetime
    end: datetime
    user: str


@dataclass
class Schedule:
    """A layered schedule. Each edit adds a version, so that what has been is never rewritten."""

    id: str
    name: str
    time_zone: str
    description: str | None
    teams: list[str]
    versions: list[Version]
    overrides: list[Override] = field(default_factory=list)
    # Kept until it is over or something changes: the page asks every second.
    present: Holder | None = None

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers of today, in the order submitted, ended ones included."""
        return self.versions[-1].layers


@dataclass(frozen=True)
class Rule:
    """One level of an escalation policy; a target is (kind, id) with the kind "user" or "schedule"."""

    id: str
    delay_minutes: int
    targets: tuple[tuple[str, str], ...]
    strategy: str = "assign_to_everyone"


@dataclass(frozen=True)
class Policy:
    """An escalation policy. Frozen, because an incident keeps the one it was triggered under."""

    id: str
    name: str
    description: str | None
    num_loops: int
    teams: tuple[str, ...]
    rules: tuple[Rule, ...]
    handoff_notifications: str = "if_has_services"


@dataclass
class Integration:
    """A way for events into a service; `key` is the routing key."""

    id: str
    name: str
    type: str
    service: str
    key: str
    created_at: datetime
    vendor: str | None = None
    email: str | None = None


@dataclass
class Service:
    """A service; the rules' objects are kept in PagerDuty's own form."""

    id: str
    name: str
    description: str | None
    policy: str
    created_at: datetime
    acknowledgement_timeout: int | None
    auto_resolve_timeout: int | None
    urgency_rule: dict[str, Any]
    support_hours: dict[str, Any] | None
    scheduled_actions: list[dict[str, Any]]
    alert_creation: str = "create_alerts_and_incidents"
    alert_grouping_parameters: dict[str, Any] | None = None
    auto_pause: dict[str, Any] | None = None
    response_play: Any = None
    disabled: bool = False
    integrations: dict[str, Integration] = field(default_factory=dict)


@dataclass
class Alert:
    """What one de-duplication key of one integration opened."""

    id: str
    key: str
    integration: str
    summary: str
    severity: str
    created_at: datetime
    body: dict[str, Any]
    resolved: bool = False
    count: int = 1


@dataclass
class LogEntry:
    """One line of an incident's history; `type` without `_log_entry`."""

    id: str
    type: str
    at: datetime
    summary: str
    agent: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Note:
    """What a user wrote on an incident."""

    id: str
    user: str
    content: str
    created_at: datetime
    updated_at: datetime


@dataclass
class Window:
    """A maintenance window; `number` counts them in the order they were made."""

    id: str
    number: int
    start: datetime
    end: datetime
    description: str | None
    services: tuple[str, ...]
    created_by: str | None


@dataclass
class Notification:
    """A message that was sent to a person."""

    at: datetime
    user: str
    how: str
    to: str


@dataclass
class Incident:
    """An incident, with the policy as it was at the trigger.

    `position` counts the levels passed, all loops in one sequence: 0 is the first level of the first loop.
    """

    id: str
    number: int
    title: str
    service: str
    service_name: str
    policy: Policy
    urgency: str
    key: str
    created_at: datetime
    changed_at: datetime
    status: str = "triggered"
    position: int = 0
    assigned: dict[str, datetime] = field(default_factory=dict)
    acknowledged_by: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    changed_by: dict[str, Any] = field(default_factory=dict)
    resolved_at: datetime | None = None
    alerts: list[Alert] = field(default_factory=list)
    log: list[LogEntry] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    assigned_via: str = "escalation_policy"
    priority: str | None = None
    body: dict[str, Any] | None = None
    conference_bridge: dict[str, Any] | None = None
    resolve_reason: dict[str, Any] | None = None

    @property
    def open(self) -> bool:
        """Whether the incident is not resolved."""
        return self.status != "resolved"

    @property
    def level(self) -> int:
        """The level of the policy it has reached, from 1."""
        return self.position % len(self.policy.rules) + 1
