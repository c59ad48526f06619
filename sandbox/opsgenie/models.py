"""One OpsGenie account in memory: its objects by noun, and what they ask of each other."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.core import Ids, Timers
from sandbox.opsgenie.alerts import Alerts
from sandbox.opsgenie.contacts import Contacts
from sandbox.opsgenie.courier import Courier
from sandbox.opsgenie.errors import ApiError
from sandbox.opsgenie.escalations import Escalations
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.forwarding_rules import ForwardingRules
from sandbox.opsgenie.heartbeats import Heartbeats
from sandbox.opsgenie.incident_settings import IncidentTemplates
from sandbox.opsgenie.integrations import API, Integration, Integrations
from sandbox.opsgenie.maintenance import Maintenances
from sandbox.opsgenie.notification_rules import NotificationRules
from sandbox.opsgenie.notifying import Notifier
from sandbox.opsgenie.paging import Pager
from sandbox.opsgenie.policies import Policies
from sandbox.opsgenie.processing import Processing
from sandbox.opsgenie.recipients import Recipient
from sandbox.opsgenie.roles import Roles
from sandbox.opsgenie.routing import Routing
from sandbox.opsgenie.saved_searches import SavedSearches
from sandbox.opsgenie.schedules import Schedules
from sandbox.opsgenie.services import Services
from sandbox.opsgenie.switches import Switches
from sandbox.opsgenie.teams import Teams
from sandbox.opsgenie.users import Users
from sandbox.opsgenie.webhooks import Webhooks

DEFAULT_INTEGRATION = "Default API"


class Account:
    """The account; a new one holds nothing but its default API integration, whose key may do everything."""

    def __init__(
        self,
        now: Callable[[], datetime],
        ids: Ids,
        timers: Timers,
        switches: Switches,
        key: str,
        courier: Courier,
    ) -> None:
        self.now, self.ids, self.timers, self.switches = now, ids, timers, switches
        self.webhooks = Webhooks(self, courier)
        self.contacts = Contacts(self)
        self.notification_rules = NotificationRules(self)
        self.users = Users(self)
        self.teams = Teams(self)
        self.routing = Routing(self)
        self.schedules = Schedules(self)
        self.escalations = Escalations(self)
        self.integrations = Integrations(self)
        self.heartbeats = Heartbeats(self)
        self.policies = Policies(self)
        self.maintenances = Maintenances(self)
        self.services = Services(self)
        self.incident_templates = IncidentTemplates(self)
        self.forwarding_rules = ForwardingRules(self)
        self.roles = Roles(self)
        self.saved_searches = SavedSearches(self)
        self.alerts = Alerts(self)
        self.notifier = Notifier(self)
        self.pager = Pager(self)
        self.processing = Processing(self)
        default = Integration(ids.uuid(), DEFAULT_INTEGRATION, API, key, allow_configuration=True)
        self.integrations.by_id[default.id] = default

    @property
    def time_zone(self) -> str:
        """The account's own zone."""
        return self.switches.account_time_zone

    def zone(self, name: str) -> ZoneInfo:
        """Return a time zone by a name that was checked when it was stored."""
        return _zone(name)

    def fields(self, raw: Any) -> Fields:
        """Return a request's body to be read by this account's switches."""
        return Fields(raw, cut=self.switches.cut_long_text, null_clears=self.switches.patch_null_clears)

    def duplicate(self, noun: str, name: str) -> ApiError:
        """Return the refusal of a second object of one name."""
        return ApiError(self.switches.duplicate_status, f"There is already a {noun} with name [{name}]")

    def name_of(self, recipient: Recipient) -> str:
        """Return the name of a recipient (of a user the username); "" where it is not there any more."""
        match recipient.type:
            case "user":
                user = self.users.by_id.get(recipient.id)
                return user.username if user else ""
            case "team":
                team = self.teams.by_id.get(recipient.id)
                return team.name if team else ""
            case "schedule":
                schedule = self.schedules.by_id.get(recipient.id)
                return schedule.name if schedule else ""
            case _:
                escalation = self.escalations.by_id.get(recipient.id)
                return escalation.name if escalation else ""

    def id_of(self, kind: str, name: str) -> str:
        """Return the id of the user, team, schedule or escalation of a name; "" if there is none."""
        books: dict[str, Mapping[str, Any]] = {
            "user": self.users.by_id,
            "team": self.teams.by_id,
            "schedule": self.schedules.by_id,
            "escalation": self.escalations.by_id,
        }
        return next((key for key in books[kind] if self.name_of(Recipient(kind, key)) == name), "")

    def uses_of(self, kind: str, identifier: str) -> list[str]:
        """Return what points at an object, as texts: routing rules, escalations, rotations."""
        wanted = Recipient(kind, identifier)
        uses = [
            f"routing rule [{rule.name}] of team [{team.name}]"
            for team in self.teams.by_id.values()
            for rule in team.rules
            if rule.notify == wanted
        ]
        uses += [
            f"escalation [{escalation.name}]"
            for escalation in self.escalations.by_id.values()
            if any(rule.recipient == wanted for rule in escalation.rules)
        ]
        uses += [
            f"rotation [{rotation.name}] of schedule [{schedule.name}]"
            for schedule in self.schedules.by_id.values()
            for rotation in schedule.rotations
            if wanted in rotation.participants
        ]
        return uses


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
