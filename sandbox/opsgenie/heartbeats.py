"""Heartbeats: no ping for longer than the interval opens an alert for the owner team.

Sources: opsgenie-oas `Heartbeat`; docs.opsgenie.com/docs/heartbeats, heartbeat-monitoring. When the time starts and
whether a later ping closes the alert is not confirmed: switches.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.alert import AlertContent
from sandbox.opsgenie.durations import MOST_UNITS
from sandbox.opsgenie.errors import not_found
from sandbox.opsgenie.fields import Fields, date_text
from sandbox.opsgenie.recipients import Recipient

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

NAME_PATTERN = r"[A-Za-z0-9._\-]+"
NAME_LIMIT = 200
DESCRIPTION_LIMIT = 10_000
MESSAGE_LIMIT = 130
TAG_LIMIT, TAG_COUNT = 50, 20
UNITS = ("minutes", "hours", "days")
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")


@dataclass
class Heartbeat:
    """One heartbeat; `expired` means that its alert was opened and no ping came since."""

    name: str
    interval: int
    unit: str
    description: str = ""
    enabled: bool = True
    team_id: str | None = None
    message: str = ""
    tags: list[str] = field(default_factory=list)
    priority: str = "P3"
    expired: bool = False
    last_ping: datetime | None = None
    counts_from: datetime | None = None

    def alias(self) -> str:
        """Return the alias of its alerts."""
        return f"heartbeat-{self.name}"

    def timer_key(self) -> str:
        """Return the key of its timer."""
        return f"heartbeat {self.name}"


class Heartbeats:
    """All heartbeats of the account."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_name: dict[str, Heartbeat] = {}

    def find(self, name: str) -> Heartbeat:
        """Return a heartbeat by name; 404 if there is none."""
        if name not in self.by_name:
            raise not_found("heartbeat", name)
        return self.by_name[name]

    def create(self, fields: Fields, team_id: str | None) -> Heartbeat:
        """Add a heartbeat."""
        name = fields.text("name", required=True, limit=NAME_LIMIT, pattern=NAME_PATTERN, cut=False)
        if name in self.by_name:
            raise self._account.duplicate("heartbeat", name)
        heartbeat = Heartbeat(
            name, fields.number("interval", low=1, high=MOST_UNITS), fields.choice("intervalUnit", UNITS)
        )
        self._fill(heartbeat, fields, team_id)
        if self._account.switches.heartbeat_starts_at_creation:
            heartbeat.counts_from = self._account.now()
        self.by_name[name] = heartbeat
        self._arm(heartbeat)
        return heartbeat

    def update(self, heartbeat: Heartbeat, fields: Fields, team_id: str | None) -> None:
        """Change the fields given."""
        interval = fields.number("interval", heartbeat.interval, low=1, high=MOST_UNITS)
        unit = fields.choice("intervalUnit", UNITS, heartbeat.unit)
        self._fill(heartbeat, fields, team_id)
        heartbeat.interval, heartbeat.unit = interval, unit
        self._arm(heartbeat)

    def switch(self, heartbeat: Heartbeat, *, enabled: bool) -> None:
        """Enable or disable a heartbeat; enabled again, it counts from now if it ever was pinged."""
        if enabled and not heartbeat.enabled and heartbeat.counts_from is not None:
            heartbeat.counts_from = self._account.now()
        heartbeat.enabled = enabled
        self._arm(heartbeat)

    def delete(self, heartbeat: Heartbeat) -> None:
        """Remove a heartbeat; its alert stays."""
        self._account.timers.cancel(heartbeat.timer_key())
        del self.by_name[heartbeat.name]

    def ping(self, name: str) -> None:
        """Take a ping; one for an unknown name is lost without a word."""
        heartbeat = self.by_name.get(name)
        if heartbeat is None:
            return
        heartbeat.last_ping = heartbeat.counts_from = self._account.now()
        if heartbeat.expired and self._account.switches.ping_closes_alert:
            self._account.alerts.close_by_system(heartbeat.alias(), "Heartbeat is active again")
        heartbeat.expired = False
        self._arm(heartbeat)

    def wire(self, heartbeat: Heartbeat) -> dict[str, Any]:
        """Return a heartbeat as the API writes it."""
        wire: dict[str, Any] = {
            "name": heartbeat.name,
            "description": heartbeat.description,
            "interval": heartbeat.interval,
            "enabled": heartbeat.enabled,
            "intervalUnit": heartbeat.unit,
            "expired": heartbeat.expired,
            "alertMessage": heartbeat.message,
            "alertTags": heartbeat.tags,
            "alertPriority": heartbeat.priority,
        }
        if owner := self._account.teams.reference(heartbeat.team_id):
            wire["ownerTeam"] = owner
        return wire | ({"lastPingTime": date_text(heartbeat.last_ping)} if heartbeat.last_ping else {})

    def _fill(self, heartbeat: Heartbeat, fields: Fields, team_id: str | None) -> None:
        description = fields.text("description", heartbeat.description, limit=DESCRIPTION_LIMIT, cut=False)
        message = fields.text("alertMessage", heartbeat.message, limit=MESSAGE_LIMIT)
        tags = (
            fields.texts("alertTags", limit=TAG_LIMIT, count=TAG_COUNT) if fields.has("alertTags") else heartbeat.tags
        )
        priority = fields.choice("alertPriority", PRIORITIES, heartbeat.priority)
        heartbeat.enabled, heartbeat.priority = fields.flag("enabled", heartbeat.enabled), priority
        heartbeat.message = message or f"{heartbeat.name} is expired"
        heartbeat.description, heartbeat.tags, heartbeat.team_id = description, tags, team_id

    def _arm(self, heartbeat: Heartbeat) -> None:
        timers = self._account.timers
        timers.cancel(heartbeat.timer_key())
        if heartbeat.enabled and heartbeat.counts_from is not None and not heartbeat.expired:
            due = heartbeat.counts_from + timedelta(**{heartbeat.unit: heartbeat.interval})
            timers.at(max(due, self._account.now()), lambda: self._expire(heartbeat), heartbeat.timer_key())

    def _expire(self, heartbeat: Heartbeat) -> None:
        heartbeat.expired = True
        responders = [Recipient("team", heartbeat.team_id)] if heartbeat.team_id else []
        self._account.alerts.open(
            AlertContent(
                message=heartbeat.message,
                alias=heartbeat.alias(),
                priority=heartbeat.priority,
                tags=list(heartbeat.tags),
                source="Heartbeat",
                responders=responders,
            ),
            None,
        )
