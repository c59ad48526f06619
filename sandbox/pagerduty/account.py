"""The whole PagerDuty account: its objects, its switches, and the look-ups that many calls share."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sandbox.core import Core, Timers
from sandbox.core.clock import real_now
from sandbox.pagerduty.access import Access
from sandbox.pagerduty.courier import Courier, HttpCourier
from sandbox.pagerduty.directory_models import BusinessService, Dependency, Extension, Tag
from sandbox.pagerduty.errors import invalid, not_found
from sandbox.pagerduty.models import (
    ContactMethod,
    Incident,
    Integration,
    NotificationRule,
    Offboarded,
    Policy,
    Schedule,
    Service,
    Team,
    User,
    Window,
)
from sandbox.pagerduty.shift_models import ShiftSchedule
from sandbox.pagerduty.webhook_models import Delivery, Subscription

T = TypeVar("T")

DEFAULT_TOKEN = "sandbox-token-pdpdpd"  # noqa: S105 - of the sandbox, and no secret
# https://support.pagerduty.com/main/docs/user-roles; a stakeholder cannot be put on call or in a team.
STAKEHOLDER_ROLES = frozenset({"read_only_user", "read_only_limited_user"})
# https://github.com/PagerDuty/terraform-provider-pagerduty/issues/759
NO_STAKEHOLDERS = "Stakeholders cannot be added to schedules"
ROLES = frozenset({"admin", "user", "observer", "limited_user", "owner", "restricted_access"}) | STAKEHOLDER_ROLES


@dataclass
class Switches:
    """What nothing published settles about the service; each can be turned over by the seed's `switches`."""

    # A stored layer that a PUT leaves out is ended now. False: it is left as it was.
    absent_layer_ends: bool = True
    # Turns of whole days keep local clock time over daylight changes. False: every turn is elapsed time.
    wall_clock_turns: bool = True
    # The answer to a well-formed routing key that nobody has: 400, or 202 and the event dropped.
    unknown_routing_key_status: int = 400
    # A user made through the API starts with an e-mail method and rules for it. False: with nothing.
    created_users_have_rules: bool = True
    # The account offboards people: who is deleted while on call stays on schedules and policies as a stub that is
    # told nothing. False: deleting them is refused.
    offboarding: bool = False
    # Shifts (v3) recur by a clock in their event's zone. False: in UTC, in which the service keeps their times.
    shifts_by_wall_clock: bool = False
    # Two events of a rotation overlap where their times in force do. False: only where their shifts do.
    events_overlap_by_window: bool = True
    # Calls of /v3 without the early-access header that the provider's client sends are refused.
    early_access_needed: bool = False
    # Webhooks go out to loopback addresses only; True sends them wherever a subscription points.
    webhooks_leave_loopback: bool = False

    def turn(self, changes: dict[str, Any]) -> None:
        """Set switches by name; ValueError for an unknown one or a value of another type."""
        for name, value in changes.items():
            known = {field.name for field in fields(self)}
            if name not in known:
                raise ValueError(f"pagerduty: no switch {name!r}; there are: {', '.join(sorted(known))}")
            if type(value) is not type(getattr(self, name)):
                raise ValueError(f"pagerduty: switch {name} can't be {value!r}")
            setattr(self, name, value)


@dataclass
class Dropped:
    """An event that was answered with 202 and opened nothing."""

    at: datetime
    service: str
    key: str
    why: str


@dataclass
class Account:
    """One account, all of it in memory."""

    core: Core
    timers: Timers
    access: Access
    switches: Switches = field(default_factory=Switches)
    users: dict[str, User] = field(default_factory=dict)
    offboarded: dict[str, Offboarded] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    shift_schedules: dict[str, ShiftSchedule] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)
    next_incident: int = 1
    windows: dict[str, Window] = field(default_factory=dict)
    next_window: int = 1
    tags: dict[str, Tag] = field(default_factory=dict)
    business_services: dict[str, BusinessService] = field(default_factory=dict)
    dependencies: dict[str, Dependency] = field(default_factory=dict)
    extensions: dict[str, Extension] = field(default_factory=dict)
    # Of the type orchestrations.Orchestration, and the audit's of audit.Record: both stand above this module.
    orchestrations: dict[str, Any] = field(default_factory=dict)
    service_paths: dict[str, dict[str, Any]] = field(default_factory=dict)
    active_paths: set[str] = field(default_factory=set)
    audit: list[Any] = field(default_factory=list)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    courier: Courier = field(default_factory=HttpCourier)
    round_robin: dict[str, int] = field(default_factory=dict)

    def now(self) -> datetime:
        """Return the account's present instant, to the second as all of PagerDuty's times."""
        return self.core.clock.now().replace(microsecond=0)

    def stamp(self) -> datetime:
        """Return the instant written where PagerDuty moves a layer's start or end to "now".

        The earlier of the sandbox's time and the machine's: clients judge by the machine's clock whether such a time
        is past, and a sandbox that was moved ahead must not give them one that still lies before them.
        """
        return min(self.now(), real_now().astimezone(UTC).replace(microsecond=0))

    def new_id(self, prefix: str = "P") -> str:
        """Return an id: 7 characters beginning P, or 14 beginning Q as newer objects have."""
        return self.core.ids.capitals(prefix, 14 if prefix == "Q" else 7)

    def user(self, key: str) -> User:
        """Return a user or raise the 404; likewise the next four."""
        return self._found(self.users, key, "User")

    def team(self, key: str) -> Team:
        """Return a team or raise the 404."""
        return self._found(self.teams, key, "Team")

    def schedule(self, key: str) -> Schedule:
        """Return a schedule of layers, or raise: the 404, or a 400 for one of shifts, which has calls of its own."""
        if key in self.shift_schedules:
            raise invalid("Schedule is shift-based: use /v3/schedules")
        return self._found(self.schedules, key, "Schedule")

    def shift_schedule(self, key: str) -> ShiftSchedule:
        """Return a shift-based schedule or raise the 404."""
        return self._found(self.shift_schedules, key, "Schedule")

    def policy(self, key: str) -> Policy:
        """Return an escalation policy or raise the 404."""
        return self._found(self.policies, key, "Escalation Policy")

    def service(self, key: str) -> Service:
        """Return a service or raise the 404."""
        return self._found(self.services, key, "Service")

    def incident(self, key: str) -> Incident:
        """Return an incident, by id or number, or raise the 404."""
        for incident in self.incidents.values():
            if str(incident.number) == key:
                return incident
        return self._found(self.incidents, key, "Incident")

    @staticmethod
    def _found(objects: dict[str, T], key: str, what: str) -> T:
        if key not in objects:
            raise not_found(what)
        return objects[key]

    def integration_by_key(self, key: str) -> Integration | None:
        """Return the integration with this routing key, or None."""
        for service in self.services.values():
            for integration in service.integrations.values():
                if integration.key == key:
                    return integration
        return None

    def stakeholder(self, key: object) -> bool:
        """Return whether this is the id of a user whose role keeps them off call."""
        user = self.users.get(key) if isinstance(key, str) else None
        return user is not None and user.role in STAKEHOLDER_ROLES

    def teams_of(self, user: str) -> list[Team]:
        """Return the teams a user is a member of."""
        return [team for team in self.teams.values() if user in team.members]

    def policies_using(self, kind: str, key: str) -> list[Policy]:
        """Return the escalation policies with this ("user" or "schedule") among their targets."""
        return [policy for policy in self.policies.values() if has_target(policy, kind, key)]

    def services_of(self, policy: str) -> list[Service]:
        """Return the services that use a policy."""
        return [service for service in self.services.values() if service.policy == policy]

    def open_incidents(self) -> list[Incident]:
        """Return the incidents that are not resolved, oldest first."""
        return [incident for incident in self.incidents.values() if incident.open]

    def in_maintenance(self, service: str) -> bool:
        """Return whether a maintenance window of a service runs now."""
        now = self.now()
        return any(service in window.services and window.start <= now < window.end for window in self.windows.values())

    def status_of(self, service: Service) -> str:
        """Return a service's status: disabled, maintenance, critical (triggered), warning (acknowledged) or active."""
        if service.disabled:
            return "disabled"
        if self.in_maintenance(service.id):
            return "maintenance"
        statuses = {one.status for one in self.open_incidents() if one.service == service.id}
        return "critical" if "triggered" in statuses else "warning" if statuses else "active"

    def schedules_with(self, user: str) -> list[Schedule | ShiftSchedule]:
        """Return the schedules with the user on a layer or event that is still to show."""
        now = self.now()
        by_shifts = [schedule for schedule in self.shift_schedules.values() if user in schedule.members(now)]
        # A layer that ends as it starts never shows.
        by_layers = [
            schedule
            for schedule in self.schedules.values()
            if any(
                user in layer.users and (layer.end is None or layer.end > max(now, layer.start))
                for layer in schedule.layers
            )
        ]
        return [*by_layers, *by_shifts]

    def add_user(self, fields: dict[str, Any], *, push: bool, rules: bool) -> User:
        """Add a user with an e-mail contact method and, if wished, the default rules: at 0 minutes, both urgencies."""
        user = User(id=self.new_id(), created_at=self.now(), **fields)
        self.users[user.id] = user
        if rules:
            methods = [ContactMethod(self.new_id(), "email", user.email, "Default", {"send_short_email": False})]
            if push:
                device = {"device_type": "android"}
                methods.append(
                    ContactMethod(self.new_id(), "push_notification", f"device-{user.id}", "Phone's app", device)
                )
            for method in methods:
                user.contact_methods[method.id] = method
                for urgency in ("high", "low"):
                    rule = NotificationRule(self.new_id(), urgency, 0, method.id, self.now())
                    user.rules[rule.id] = rule
        return user


def has_target(policy: Policy, kind: str, key: str) -> bool:
    """Return whether a policy targets this user or schedule on any level."""
    return any((kind, key) in rule.targets for rule in policy.rules)


def taken(name: str, objects: Iterable[Any], but: str | None = None) -> bool:
    """Return whether another object (its id not `but`) has this name, in any case of letters."""
    return any(one.name.casefold() == name.casefold() and one.id != but for one in objects)


def minutes(count: int) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=count)
