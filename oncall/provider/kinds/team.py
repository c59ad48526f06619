"""oncall:opsgenie:Team: a team, and the objects OpsGenie makes with it."""

from __future__ import annotations

from oncall.provider.fields import Field, Text
from oncall.provider.kinds.base import Values
from oncall.provider.kinds.escalation import Escalation
from oncall.provider.kinds.named import NamedKind
from oncall.provider.kinds.schedule import Schedule
from oncall.provider.session import MARK, Call

# https://docs.opsgenie.com/docs/team-api-deprecated#create-team-request: "can not exceed 100 characters"
NAME_LENGTH = 100
NAME_SHAPE = r"[A-Za-z0-9 _.\-]+"
# The outputs that say what OpsGenie has made with a team.
DEFAULT_SCHEDULE = "defaultScheduleId"
DEFAULT_ESCALATION = "defaultEscalationId"
DEFAULT_RULE = "defaultRoutingRuleId"

ESCALATION, SCHEDULE = Escalation(), Schedule()


class Team(NamedKind):
    """The default objects are recorded right after the create. Members are resources of their own."""

    token = "oncall:opsgenie:Team"  # noqa: S105 - a type token
    noun = "team"
    collection = "/v2/teams"
    marked = True
    doc = "A team; its members are resources of their own. Imported by id or name."
    inputs = (
        Field(
            "name",
            Text(NAME_LENGTH, NAME_SHAPE, "made of letters, digits, spaces, _ . and - only"),
            "Unique in the account.",
            required=True,
        ),
        Field("description", Text(empty=True), "Says that it is managed, unless given.", default=MARK, absent=""),
    )
    outputs = (
        Field(DEFAULT_SCHEDULE, Text(), 'The schedule made with the team; "" when not known.', required=True),
        Field(DEFAULT_ESCALATION, Text(), 'The escalation made with the team; "" when not known.', required=True),
        Field(DEFAULT_RULE, Text(), 'The team\'s last routing rule; "" when not known.', required=True),
    )

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/team-api#create-team. Members that are not given stay as they are."""
        return {"name": inputs["name"], "description": inputs["description"]}

    def inputs_of(self, found: Values, inputs: Values) -> Values:  # noqa: ARG002
        """Both in the inputs' own words."""
        return {"name": found.get("name"), "description": found.get("description")}

    def owner_differs(self, found: Values, inputs: Values) -> bool:  # noqa: ARG002
        """A team belongs to no team."""
        return False

    def outputs_of(self, call: Call, resource_id: str, answer: Values, state: Values) -> Values:
        """After a create the default objects are looked up; an import leaves them unknown, for they may be in use."""
        recorded = {item.name: state.get(item.name) for item in self.outputs}
        if answer or (state and None in recorded.values()):
            name = str(answer.get("name") or state.get("name"))
            return self._default_objects(call, resource_id, name)
        return {name: value or "" for name, value in recorded.items()}

    def _default_objects(self, call: Call, team_id: str, name: str) -> Values:
        """Follow the default rule to its escalation and on to its schedule: what a new team is made with.

        https://support.atlassian.com/opsgenie/docs/configure-a-team-dashboard/
        """
        rules = call.opsgenie.rows(f"{self.collection}/{team_id}/routing-rules", teamIdentifierType="id")
        rule = next((each for each in rules if each.get("isDefault")), {})
        target = rule.get("notify") or {}
        escalation = self._vendor_made(call, ESCALATION, target, f"{name}_escalation")
        targets = [each.get("recipient") or {} for each in escalation.get("rules") or []]
        schedule = next((each for each in targets if each.get("type") == "schedule"), target)
        new = call.ledger.made(team_id)
        if not (new and schedule.get("type") == "schedule" and schedule.get("name") == f"{name}_schedule"):
            schedule = self._vendor_made(call, SCHEDULE, schedule, f"{name}_schedule")
        found: Values = {
            DEFAULT_SCHEDULE: schedule.get("id", ""),
            DEFAULT_ESCALATION: escalation.get("id", ""),
            DEFAULT_RULE: rule.get("id", ""),
        }
        if new:
            call.ledger.made_with(team_id).update(found)
        return found

    def _vendor_made(self, call: Call, kind: NamedKind, target: Values, name: str) -> Values:
        """What the target points at, or, where an earlier run has re-pointed it to ours, the object of the name that
        OpsGenie gives; empty if that is gone or ours.
        """
        found = None
        if target.get("type") == kind.noun:
            found, listed = kind.read_again(call, target["id"])
            if found is None and listed:
                found = kind.fetch(call, target["id"])
        if found is None or MARK in self.mark_in(found):
            rows = call.opsgenie.rows(kind.collection)
            found = next((each for each in rows if each.get("name") == name), None)
        return found if found is not None and MARK not in self.mark_in(found) else {}
