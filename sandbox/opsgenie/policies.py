"""Alert and notification policies: lists from the top, of the account and of each team.

Of a scope's policies of one type the first that meets an alert is applied, and further alert policies only while
`continue` says so. The account's alert policies come first, then the team's alert policies, then one notification
policy of the team. A team's policies are for alerts of its own integrations, and for those of account-wide ones that
go to this team only (docs.opsgenie.com/v1.0/docs/team-policies). Shapes: opsgenie-oas `Policy`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.alert import Alert, AlertContent, facts_of
from sandbox.opsgenie.alert_changes import AlertChanges, read_changes
from sandbox.opsgenie.criteria import Criteria, Facts, read_criteria
from sandbox.opsgenie.errors import ApiError, invalid, not_found
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.integrations import Integration
from sandbox.opsgenie.maintenance import POLICY
from sandbox.opsgenie.notification_actions import NotificationActions, read_actions
from sandbox.opsgenie.recipients import Recipient
from sandbox.opsgenie.restrictions import Restriction, read_restriction

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account

ALERT, NOTIFICATION = "alert", "notification"
NAME_LIMIT = DESCRIPTION_LIMIT = 512
MOST_OF_TEAM = 1_000  # docs.opsgenie.com/v1.0/docs/team-policies
# Plans with policies (the same page).
PLANS = ("Standard", "Enterprise")


@dataclass
class Policy:
    """One policy: its head, and by its type either `changes` or `actions`."""

    id: str
    type: str
    team_id: str | None
    name: str
    description: str
    enabled: bool
    criteria: Criteria
    restriction: Restriction | None
    changes: AlertChanges | None = None
    goes_on: bool = False
    actions: NotificationActions | None = None


class Policies:
    """All policies of the account, in order."""

    def __init__(self, account: "Account") -> None:
        self._account = account
        self.all: list[Policy] = []

    def scope(self, kind: str, team_id: str | None) -> list[Policy]:
        """Return the policies of a type and a team (None: the account's), in order."""
        return [each for each in self.all if (each.type, each.team_id) == (kind, team_id)]

    def find(self, identifier: str, team_id: str | None) -> Policy:
        """Return a policy by id; 404 also where the team is not named, or not the right one (inferred)."""
        for policy in self.all:
            if policy.id == identifier and policy.team_id == team_id:
                return policy
        raise not_found("policy", identifier)

    def create(self, fields: Fields, team_id: str | None) -> Policy:
        """Add a policy below the others of its scope."""
        if self._account.switches.plan not in PLANS:
            raise ApiError(402, f"Policies are not part of the plan [{self._account.switches.plan}]")
        policy = self._read(fields, self._account.ids.uuid(), team_id)
        if len([each for each in self.all if each.team_id == team_id]) >= MOST_OF_TEAM:
            raise ApiError(422, f"There are {MOST_OF_TEAM} policies, the most there can be")
        self.all.append(policy)
        return policy

    def replace(self, policy: Policy, fields: Fields) -> Policy:
        """Give a policy new content (PUT): a field left out takes its default; type, team and place stay."""
        changed = self._read(fields, policy.id, policy.team_id)
        if changed.type != policy.type:
            raise invalid("type", f"cannot be changed, it is {policy.type}")
        self.all[self.all.index(policy)] = changed
        return changed

    def move(self, policy: Policy, index: int) -> None:
        """Give a policy another place in its scope; a large number means the last."""
        self.all.remove(policy)
        kin = self.scope(policy.type, policy.team_id)
        self.all.insert(self.all.index(kin[index]) if index < len(kin) else len(self.all), policy)

    def meta(self, policy: Policy) -> dict[str, Any]:
        """Return the short form of lists and of the answers to writes."""
        order = self.scope(policy.type, policy.team_id).index(policy)
        names = {"id": policy.id, "name": policy.name, "type": policy.type}
        return names | {"order": order, "enabled": policy.enabled}

    def wire(self, policy: Policy) -> dict[str, Any]:
        """Return a policy as the API writes it; without `type` the Go SDK fails."""
        wire: dict[str, Any] = {
            "id": policy.id,
            "type": policy.type,
            "name": policy.name,
            "policyDescription": policy.description,
            "enabled": policy.enabled,
            "filter": policy.criteria.wire(),
        }
        if policy.team_id:
            wire["teamId"] = policy.team_id
        if policy.restriction:
            wire["timeRestrictions"] = policy.restriction.wire()
        if policy.changes:
            wire |= policy.changes.wire(self._account) | {"continue": policy.goes_on}
        return wire | (policy.actions.wire() if policy.actions else {})

    # --- effects --------------------------------------------------------------------------------------------------

    def enrich(
        self, content: AlertContent, responders: list[Recipient], integration: Integration | None
    ) -> tuple[AlertContent, list[Recipient], list[str]]:
        """Return what alert policies make of a new alert, and the names of those applied."""
        content, responders, applied = self._enrich(self.scope(ALERT, None), content, responders)
        team_id = _team_of(integration, responders)
        if team_id is not None:
            content, responders, more = self._enrich(self.scope(ALERT, team_id), content, responders)
            applied += more
        return content, responders, applied

    def _enrich(
        self, policies: list[Policy], content: AlertContent, responders: list[Recipient]
    ) -> tuple[AlertContent, list[Recipient], list[str]]:
        applied = []
        for policy in policies:
            facts = facts_of(self._account, content, content.alias, responders)
            if policy.changes is None or not self._meets(policy, facts):
                continue
            content, responders = policy.changes.apply(content, responders)
            applied.append(policy.name)
            if not policy.goes_on:
                break
        return content, responders, applied

    def notification_policy(self, alert: Alert) -> Policy | None:
        """Return the notification policy an alert comes under, None for none."""
        team_id, facts = _team_of(alert.integration, alert.responders), alert.facts(self._account)
        policies = self.scope(NOTIFICATION, team_id) if team_id else []
        return next((each for each in policies if self._meets(each, facts)), None)

    def _meets(self, policy: Policy, facts: Facts) -> bool:
        """Tell whether a policy is for an alert now; its hours are in the account's zone."""
        at, zone = self._account.now(), self._account.zone(self._account.time_zone)
        in_hours = policy.restriction is None or policy.restriction.covers(at, zone)
        forced = self._account.maintenances.forced(POLICY, policy.id)
        enabled = policy.enabled if forced is None else forced
        return enabled and in_hours and policy.criteria.match(facts)

    def _read(self, fields: Fields, identifier: str, team_id: str | None) -> Policy:
        kind = fields.choice("type", (ALERT, NOTIFICATION))
        if kind == NOTIFICATION and team_id is None:
            raise invalid("teamId", "is required for a notification policy")
        return Policy(
            id=identifier,
            type=kind,
            team_id=team_id,
            name=fields.text("name", required=True, limit=NAME_LIMIT, cut=False),
            description=fields.text("policyDescription", limit=DESCRIPTION_LIMIT, cut=False),
            enabled=fields.flag("enabled", default=True),
            criteria=read_criteria(fields.inner("filter")),
            restriction=read_restriction(fields.inner("timeRestrictions")),
            changes=read_changes(self._account, fields) if kind == ALERT else None,
            goes_on=fields.flag("continue", default=False),
            actions=read_actions(fields) if kind == NOTIFICATION else None,
        )


def _team_of(integration: Integration | None, responders: list[Recipient]) -> str | None:
    """Return whose policies an alert comes under."""
    if integration and integration.team_id:
        return integration.team_id
    teams = [each.id for each in responders if each.type == "team"]
    return teams[0] if len(teams) == 1 else None
