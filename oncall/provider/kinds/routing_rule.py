"""oncall:opsgenie:RoutingRule: which escalation or schedule of a team an alert goes to."""

from __future__ import annotations

from collections.abc import Iterator

from oncall.provider.convert import UNKNOWN
from oncall.provider.diff import Change
from oncall.provider.faults import ProviderError
from oncall.provider.fields import Field, Flag, Problem, Text, Whole
from oncall.provider.kinds.base import Held, Values
from oncall.provider.kinds.conditions import CRITERIA, MATCH_ALL, criteria_body, criteria_of, criteria_problems
from oncall.provider.kinds.named import ChildKind
from oncall.provider.kinds.places import Siblings, arrange
from oncall.provider.kinds.recipients import recipient, recipient_of, recipient_problems
from oncall.provider.kinds.team import DEFAULT_ESCALATION, DEFAULT_RULE, DEFAULT_SCHEDULE
from oncall.provider.session import MARK, Call

NOBODY = {"type": "none"}


class RoutingRule(ChildKind):
    """A team always has a default rule, the last: it can be pointed elsewhere, not made, moved or deleted."""

    token = "oncall:opsgenie:RoutingRule"  # noqa: S105 - a type token
    noun = "routing rule"
    owner = ("/v2/teams", "teamId")
    parent = "teamId"
    doc = 'A routing rule of a team; the first that matches an alert decides. Its id is "teamId/ruleId".'
    inputs = (
        Field("teamId", Text(), "The team it belongs to.", required=True, replace=True),
        Field("name", Text(), "Its name within the team.", required=True),
        Field("order", Whole(0), "Its place among the team's rules, from 0.", default=0),
        Field("isDefault", Flag(), "Take over the team's default rule.", default=False, replace=True),
        Field("criteria", CRITERIA, "Which alerts it is for.", default=MATCH_ALL),
        Field(
            "notify",
            recipient("RoutingTarget", ("escalation", "schedule", "none"), "Where the alert goes."),
            "Where the alert goes.",
            required=True,
        ),
        Field("removeScheduleId", Text(empty=True), "The team's vendor-made schedule, to be deleted.", absent=""),
        Field("removeEscalationId", Text(empty=True), "The team's vendor-made escalation, to be deleted.", absent=""),
    )

    def under(self, parent_id: str) -> str:
        """A team's rules."""
        return f"/v2/teams/{parent_id}/routing-rules"

    def query(self) -> dict[str, str]:
        """Teams by id, not by name."""
        return {"teamIdentifierType": "id"}

    def cross_check(self, values: Values) -> Iterator[Problem]:
        """Conditions only where the criteria use them; the default rule has none."""
        yield from recipient_problems(values["notify"], "notify")
        yield from criteria_problems(values["criteria"], "criteria")
        chosen = values["criteria"].get("type") if isinstance(values["criteria"], dict) else UNKNOWN
        if values["isDefault"] is True and chosen not in (UNKNOWN, MATCH_ALL["type"]):
            yield Problem("criteria", "the default rule matches every alert: leave the criteria out")

    def diff(self, state: Values, inputs: Values) -> list[Change]:
        """Of the default rule only its target can be changed."""
        found = super().diff(state, inputs)
        if not (state.get("isDefault") and inputs["isDefault"]):
            return found
        return [change for change in found if change.top not in ("name", "order", "criteria")]

    def body(self, inputs: Values) -> Values:
        """https://docs.opsgenie.com/docs/team-routing-rule-api#create-team-routing-rule."""
        return {
            "name": inputs["name"],
            "order": inputs["order"],
            "criteria": criteria_body(inputs["criteria"]),
            "notify": inputs["notify"],
        }

    def inputs_of(self, found: Values, inputs: Values) -> Values:
        """Of the default rule only its target is ours to say."""
        own: Values = {"isDefault": bool(found.get("isDefault")), "notify": recipient_of(found.get("notify") or {})}
        if own["isDefault"]:
            return own | {name: inputs.get(name, found.get(name)) for name in ("name", "order", "criteria")}
        return own | {
            "name": found.get("name"),
            "order": found.get("order"),
            "criteria": criteria_of(found.get("criteria")),
        }

    def unread(self) -> tuple[str, ...]:
        """Places shift while the team's other rules are still being made; the vendor knows nothing of the rest."""
        return ("order", "removeScheduleId", "removeEscalationId")

    def find(self, call: Call, inputs: Values, *, fresh: bool) -> Values | None:
        """The default rule is always there; others by name."""
        if not inputs["isDefault"]:
            return super().find(call, inputs, fresh=fresh)
        if known := call.ledger.made_with(inputs["teamId"]).get(DEFAULT_RULE):
            return {"id": known}
        rows = call.opsgenie.rows(self.under(inputs["teamId"]), **self.query())
        found = next((each for each in rows if each.get("isDefault")), None)
        if found is None:
            raise ProviderError("its team has no default rule; look at the team's routing rules in OpsGenie")
        return found

    def create(self, call: Call, inputs: Values) -> Held:
        """The rules of a team are made one at a time, so that each finds its place."""
        with call.ledger.busy(inputs["teamId"]):
            return super().create(call, inputs)

    def after_create(
        self,
        call: Call,
        resource_id: str,
        inputs: Values,
        answer: Values,  # noqa: ARG002
        *,
        adopted: bool,
    ) -> Values | None:
        """A found rule is written; a made one only needs its place, and the list that shows that shows all of it."""
        if adopted:
            self.write(call, resource_id, inputs)
            return None
        own = self.split(resource_id)[1]
        return next((row for row in self._arrange(call, resource_id, inputs) if row.get("id") == own), None)

    def write(self, call: Call, resource_id: str, inputs: Values) -> None:
        """Point it, move it, and, for the default rule, delete what it pointed at before."""
        path = self.path(resource_id)
        if inputs["isDefault"]:
            call.opsgenie.patch(path, {"notify": inputs["notify"]}, **self.query())
            self._remove_default_objects(call, inputs)
            return
        with call.ledger.busy(inputs["teamId"]):
            body = self.body(inputs)
            order = body.pop("order")
            call.opsgenie.patch(path, body, **self.query())
            call.opsgenie.act(f"{path}/change-order", {"order": order}, **self.query())
            self._arrange(call, resource_id, inputs)

    def remove(self, call: Call, resource_id: str, state: Values) -> None:
        """The default rule stays, pointing at nobody, so that what it pointed at can go."""
        if not state.get("isDefault"):
            super().remove(call, resource_id, state)
        elif self.fetch(call, resource_id) is not None:
            call.opsgenie.patch(self.path(resource_id), {"notify": NOBODY}, **self.query())

    def _arrange(self, call: Call, resource_id: str, inputs: Values) -> list[Values]:
        """Bring it to its place. The team's default rule is always the last, so ours need not be moved before it.

        Returns the team's rules as they were listed.
        """
        listing = self.under(inputs["teamId"])

        def rows() -> list[Values]:
            return call.opsgenie.rows(listing, **self.query())

        def move(rule: str, order: int) -> None:
            call.opsgenie.act(f"{listing}/{rule}/change-order", {"order": order}, **self.query())

        siblings = Siblings(inputs["teamId"], rows, move, among_others=False)
        return arrange(call, siblings, self.split(resource_id)[1], inputs["order"])

    def _remove_default_objects(self, call: Call, inputs: Values) -> None:
        """Delete the escalation first, for it points at the schedule. Only objects of this team that OpsGenie made:
        https://support.atlassian.com/opsgenie/docs/configure-a-team-dashboard/
        """
        made_with = call.ledger.made_with(inputs["teamId"])
        for name, output, collection in (
            ("removeEscalationId", DEFAULT_ESCALATION, "/v2/escalations"),
            ("removeScheduleId", DEFAULT_SCHEDULE, "/v2/schedules"),
        ):
            object_id = inputs.get(name)
            if not object_id:
                continue
            path = f"{collection}/{object_id}"
            # What this run saw OpsGenie make with a team of ours needs no second look.
            if object_id != made_with.get(output):
                found = call.opsgenie.find(path, identifierType="id")
                if found is None:
                    continue
                owner = (found.get("ownerTeam") or {}).get("id")
                if owner != inputs["teamId"] or MARK in str(found.get("description") or ""):
                    raise ProviderError(f"{name} {object_id} is not an object that OpsGenie made with this team")
            call.opsgenie.delete(path, identifierType="id")
