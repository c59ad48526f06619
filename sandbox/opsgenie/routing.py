"""A team's routing rules: the first that matches an alert, from the top, decides whom it goes to.

The default rule is always last, matches everything and can't be deleted. At most 100 rules a team.
Source: support.atlassian.com configure-a-team-dashboard; docs.opsgenie.com/docs/team-routing-rule-api.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.opsgenie.criteria import EVERYTHING, Criteria, Facts, read_criteria
from sandbox.opsgenie.errors import ApiError, invalid, not_found
from sandbox.opsgenie.fields import Fields
from sandbox.opsgenie.recipients import NONE, Recipient, read_recipient, recipient_wire
from sandbox.opsgenie.restrictions import Restriction, read_restriction
from sandbox.opsgenie.users import read_zone

if TYPE_CHECKING:
    from sandbox.opsgenie.models import Account
    from sandbox.opsgenie.teams import Team

MAX_RULES = 100
NAME_LIMIT = 100
DEFAULT_NAME = "Default Routing Rule"
TARGETS = ("escalation", "schedule", NONE)


@dataclass
class RoutingRule:
    """One rule of a team; its place in the team's list is its order."""

    id: str
    name: str
    notify: Recipient
    timezone: str
    criteria: Criteria = EVERYTHING
    restriction: Restriction | None = None
    is_default: bool = False


class Routing:
    """The routing rules of all teams."""

    def __init__(self, account: "Account") -> None:
        self._account = account

    def find(self, team: "Team", identifier: str) -> RoutingRule:
        """Return a team's rule by id; 404 if there is none."""
        for rule in team.rules:
            if rule.id == identifier:
                return rule
        raise not_found("routing rule", identifier)

    def first_match(self, team: "Team", facts: Facts, at: datetime) -> RoutingRule | None:
        """Return the rule that decides about an alert."""
        for rule in team.rules:
            zone = self._account.zone(rule.timezone)
            in_hours = rule.restriction is None or rule.restriction.covers(at, zone)
            if in_hours and rule.criteria.match(facts):
                return rule
        return None

    def create(self, team: "Team", fields: Fields) -> RoutingRule:
        """Add a rule at `order`, by default below the others; never below the default rule."""
        if len(team.rules) >= MAX_RULES:
            raise ApiError(422, f"Team [{team.name}] has {MAX_RULES} routing rules, the most there can be")
        notify = fields.inner("notify")
        if notify is None:
            raise invalid("notify", "is required")
        order = fields.number("order", len(team.rules) - 1)
        rule = RoutingRule(
            id=self._account.ids.uuid(),
            name=fields.text("name", f"Routing Rule {len(team.rules)}", limit=NAME_LIMIT, cut=False),
            notify=read_recipient(self._account, notify, TARGETS),
            timezone=read_zone(fields, "timezone", self._account.time_zone),
            criteria=read_criteria(fields.inner("criteria")),
            restriction=read_restriction(fields.inner("timeRestriction")),
        )
        team.rules.insert(min(order, len(team.rules) - 1), rule)
        return rule

    def update(self, rule: RoutingRule, fields: Fields) -> None:
        """Change the fields given; the default rule keeps matching everything at any time."""
        notify = fields.inner("notify")
        criteria = read_criteria(fields.inner("criteria")) if fields.inner("criteria") else rule.criteria
        restriction = read_restriction(fields.inner("timeRestriction")) or rule.restriction
        if rule.is_default and (criteria.conditions or restriction):
            raise ApiError(422, "The default routing rule can have neither conditions nor a time restriction")
        name = fields.text("name", limit=NAME_LIMIT, cut=False) or rule.name
        timezone = read_zone(fields, "timezone", rule.timezone)
        if notify is not None:
            rule.notify = read_recipient(self._account, notify, TARGETS)
        rule.name, rule.timezone, rule.criteria = name, timezone, criteria
        rule.restriction = None if fields.cleared("timeRestriction") else restriction

    def move(self, team: "Team", rule: RoutingRule, order: int) -> None:
        """Give a rule another place above the default rule."""
        if rule.is_default:
            raise ApiError(422, "The default routing rule cannot be moved")
        team.rules.remove(rule)
        team.rules.insert(min(order, len(team.rules) - 1), rule)

    def delete(self, team: "Team", rule: RoutingRule) -> None:
        """Remove a rule; the default one stays."""
        if rule.is_default:
            raise ApiError(422, "The default routing rule cannot be deleted")
        team.rules.remove(rule)

    def wire(self, team: "Team", rule: RoutingRule) -> dict[str, Any]:
        """Return a rule as the API writes it."""
        wire: dict[str, Any] = {
            "id": rule.id,
            "name": rule.name,
            "isDefault": rule.is_default,
            "order": team.rules.index(rule),
            "criteria": rule.criteria.wire(),
            "timezone": rule.timezone,
            "notify": recipient_wire(self._account, rule.notify),
        }
        return wire | ({"timeRestriction": rule.restriction.wire()} if rule.restriction else {})
