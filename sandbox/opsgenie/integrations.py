"""Integrations and their keys: what a key may do, and what an integration adds to its alerts.

A key is shown once, in the answer to the create. PUT replaces the whole object minus the fields that `_readOnly`
names. Sources: opsgenie-oas `ApiIntegration`; opsgenie-go-sdk-v2 integration `ForceUpdateAllFields`;
docs.opsgenie.com/docs/api-access-management.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.errors import not_found
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.integration_actions import Actions, default_actions
from sandbox.opsgenie.maintenance import INTEGRATION
from sandbox.opsgenie.outgoing import WEBHOOK, Outgoing, read_outgoing
from sandbox.opsgenie.recipients import KINDS, Recipient, read_recipient, recipient_wire

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

NAME_LIMIT = 250
API, EMAIL = "API", "Email"
EMAIL_HOST = "sandbox.opsgenie.net"
EMAIL_PATTERN, EMAIL_LIMIT = r"[A-Za-z0-9_.+\-]+", 100
READ_ONLY = ("isGlobal", "isAdvanced", "feature-type", "assignedTeam")


@dataclass
class Integration:
    """One integration; `rights` are what its key allows, `team_id` None is account-wide."""

    id: str
    name: str
    type: str
    key: str = field(repr=False)
    enabled: bool = True
    team_id: str | None = None
    allow_read: bool = True
    allow_write: bool = True
    allow_delete: bool = True
    allow_configuration: bool = False
    ignore_responders: bool = False
    ignore_tags: bool = False
    ignore_details: bool = False
    suppress_notifications: bool = False
    responders: tuple[Recipient, ...] = ()
    outgoing: Outgoing | None = None
    email_username: str = ""
    actions: Actions = field(default_factory=default_actions)

    def meta(self) -> dict[str, Any]:
        """Return the short form of lists and of the answers to writes; the key is not in it."""
        meta: dict[str, Any] = {"id": self.id, "name": self.name, "enabled": self.enabled, "type": self.type}
        return meta | ({"teamId": self.team_id} if self.team_id else {})

    def reached(self) -> dict[str, Any]:
        """Return how the world reaches an integration, told when it is made: by its key, or by e-mail."""
        if self.type == EMAIL:
            return {"emailAddress": f"{self.email_username}@{EMAIL_HOST}"}
        return {"apiKey": self.key}


class Integrations:
    """All integrations of the account, its own default one included."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.by_id: dict[str, Integration] = {}

    def find(self, identifier: str) -> Integration:
        """Return an integration by id; 404 if there is none."""
        if identifier not in self.by_id:
            raise not_found("integration", identifier)
        return self.by_id[identifier]

    def by_key(self, key: str) -> Integration | None:
        """Return the enabled integration a key belongs to."""
        found = next((each for each in self.by_id.values() if each.key == key and each.enabled), None)
        if found and self._account.switches.maintenance_refuses_key and self.in_maintenance(found):
            return None
        return found

    def in_maintenance(self, integration: Integration) -> bool:
        """Tell whether an active maintenance disables an integration."""
        return self._account.maintenances.forced(INTEGRATION, integration.id) is False

    def create(self, fields: Fields, team_id: str | None) -> Integration:
        """Add an integration with a new key."""
        integration = Integration(
            id=self._account.ids.uuid(),
            name="",
            type=fields.text("type", required=True),
            key=self._account.ids.uuid(),
            team_id=team_id,
        )
        self._fill(integration, fields, enabled=self._account.switches.new_integrations_enabled)
        self.by_id[integration.id] = integration
        return integration

    def replace(self, integration: Integration, fields: Fields, team_id: str | None) -> None:
        """Give an integration new content (PUT): a field left out takes its default, id, type and key stay."""
        fields.text("type", required=True)
        self._fill(integration, fields, enabled=True)
        integration.team_id = team_id

    def delete(self, integration: Integration) -> None:
        """Remove an integration; its key is dead at once."""
        del self.by_id[integration.id]

    def wire(self, integration: Integration) -> dict[str, Any]:
        """Return the whole integration as the API writes it: everything but the key."""
        owner = self._account.teams.reference(integration.team_id)
        wire: dict[str, Any] = {
            "_readOnly": list(READ_ONLY),
            "id": integration.id,
            "name": integration.name,
            "type": integration.type,
            "enabled": integration.enabled,
            "isGlobal": owner is None,
            "isAdvanced": False,
            "feature-type": "token-based",
            "allowReadAccess": integration.allow_read,
            "allowWriteAccess": integration.allow_write,
            "allowDeleteAccess": integration.allow_delete,
            "allowConfigurationAccess": integration.allow_configuration,
            "ignoreRespondersFromPayload": integration.ignore_responders,
            "ignoreTagsFromPayload": integration.ignore_tags,
            "ignoreExtraPropertiesFromPayload": integration.ignore_details,
            "suppressNotifications": integration.suppress_notifications,
            "responders": [recipient_wire(self._account, each) for each in integration.responders],
        }
        if integration.outgoing:
            wire |= integration.outgoing.wire()
        if integration.type == EMAIL:
            wire |= {"feature-type": "email-based", "emailUsername": integration.email_username} | integration.reached()
        return wire | ({"ownerTeam": owner, "assignedTeam": owner} if owner else {})

    def _fill(self, integration: Integration, fields: Fields, *, enabled: bool) -> None:
        name = fields.text("name", required=True, limit=NAME_LIMIT, cut=False)
        if any(each.name == name and each is not integration for each in self.by_id.values()):
            raise self._account.duplicate("integration", name)
        responders = tuple(read_recipient(self._account, each, KINDS) for each in fields.items("responders"))
        outgoing = read_outgoing(fields) if integration.type == WEBHOOK else None
        flags = {
            "enabled": fields.flag("enabled", enabled),
            "allow_read": fields.flag("allowReadAccess", default=True),
            "allow_write": fields.flag("allowWriteAccess", default=True),
            "allow_delete": fields.flag("allowDeleteAccess", default=True),
            "allow_configuration": fields.flag("allowConfigurationAccess", default=False),
            "ignore_responders": fields.flag("ignoreRespondersFromPayload", default=False),
            "ignore_tags": fields.flag("ignoreTagsFromPayload", default=False),
            "ignore_details": fields.flag("ignoreExtraPropertiesFromPayload", default=False),
            "suppress_notifications": fields.flag("suppressNotifications", default=False),
        }
        mailbox = self._read_mailbox(integration, fields) if integration.type == EMAIL else ""
        integration.name, integration.responders, integration.outgoing = name, responders, outgoing
        integration.email_username = mailbox
        for flag, value in flags.items():
            setattr(integration, flag, value)

    def _read_mailbox(self, integration: Integration, fields: Fields) -> str:
        """Return the user part of an e-mail integration's address; no two have the same."""
        name = fields.text("emailUsername", required=True, limit=EMAIL_LIMIT, pattern=EMAIL_PATTERN, cut=False)
        if any(each.email_username == name and each is not integration for each in self.by_id.values()):
            raise self._account.duplicate("email integration", name)
        return name
